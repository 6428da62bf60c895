//! Who was asked what, and what answered.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Book;
use super::table::{Cell, Column, Table};
use crate::assess::model::Status;

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    let columns = vec![
        Column::new(book.column("account"), 14, 15),
        Column::new(book.column("region"), 14, 17),
        Column::new(book.column("operation"), 30, 50),
        Column::new(book.column("status"), 12, 14),
        Column::new(book.column("calls"), 10, 12),
        Column::new(book.column("throttles"), 10, 14),
        Column::new(book.column("error"), 30, 70),
    ];
    let mut table = Table::begin(book, sheet, 0, columns)?;
    for line in &book.report.coverage {
        let (gap, state) = match line.status.as_str() {
            "denied" | "error" => (true, book.styles.status(Status::Fail)),
            "skipped" => (false, book.styles.status(Status::NotApplicable)),
            _ => (false, book.styles.status(Status::Pass)),
        };
        // The whole line of a gap is coloured, so that it is seen beside pages of what was read.
        let text = if gap { &book.styles.gap } else { &book.styles.text };
        table.row([
            Cell::styled(&line.account, text),
            Cell::styled(&line.region, text),
            Cell::styled(&line.operation, text),
            Cell::styled(book.words.get("coverage_status", &line.status), state),
            Cell::Number(line.calls),
            Cell::Number(line.throttles),
            Cell::styled(line.error.as_deref().unwrap_or_default(), text),
        ])?;
    }
    table.finish(0)
}
