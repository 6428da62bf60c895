//! The deliverables tracker. People choose the status; nobody who did not leaves what answers and verdicts say.

use rust_xlsxwriter::{DataValidation, Worksheet, XlsxError};

use super::table::{Cell, Column, Table};
use super::{Book, input};
use crate::assess::model::AnswerStatus;
use crate::report::documents::{deliverables, title};
use crate::report::words;

/// The place of the status among the columns.
const STATUS: u16 = 4;
/// The place of the status as it was written.
const RECORDED: u16 = 9;

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    let word = |key| book.paper.word(key);
    let columns = vec![
        Column::new(book.words.get("workbook", "workloads_column"), 18, 28),
        Column::new(word("phase"), 10, 12),
        Column::new(word("deliverable"), 24, 34),
        Column::new(word("content"), 30, 46),
        Column::new(word("status"), 12, 15).input(),
        Column::new(word("basis"), 30, 56),
        Column::new(word("document"), 16, 30),
        Column::new(book.column("workload"), 8, 12),
        Column::new(word("id"), 12, 18),
        Column::new(word("recorded"), 12, 18),
    ];
    let mut table = Table::begin(book, sheet, 0, columns)?;
    for row in deliverables::rows(&book.paper) {
        let mut recorded = deliverables::word(row.status).to_owned();
        if row.stated {
            recorded.push_str(deliverables::STATED);
        }
        let basis = if row.stated { word("stated").to_owned() } else { row.proofs.join("\n") };
        table.row([
            Cell::styled(title(row.workload), &book.styles.label),
            Cell::text(row.phase),
            Cell::text(row.title),
            Cell::text(row.about),
            Cell::styled(words::answer_status(book.words, row.status), &book.styles.input_choice),
            Cell::text(basis),
            Cell::text(row.document),
            Cell::styled(&row.workload.name, &book.styles.code),
            Cell::styled(row.id, &book.styles.code),
            Cell::styled(recorded, &book.styles.code),
        ])?;
    }
    let last = table.len();
    table.finish(3)?;
    // By what an import tells a status that people chose from one that was shown.
    sheet.set_column_hidden(RECORDED)?;
    if last > 0 {
        let choices = AnswerStatus::ALL.map(|status| words::answer_status(book.words, status));
        let choice = DataValidation::new()
            .allow_list_strings(&choices)?
            .set_input_message(word("status_hint"))?
            .set_error_message(word("status_error"))?;
        sheet.add_data_validation(1, STATUS, last, STATUS, &choice)?;
    }
    input::protect(sheet);
    Ok(())
}
