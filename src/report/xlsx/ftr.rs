//! The FTR items that serve as a benchmark.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::table::{Cell, Column, Table};
use super::{Book, cell};
use crate::report::words;

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    cell::write_text(book, sheet, (0, 0), book.word("ftr_benchmark"), &book.styles.heading)?;
    cell::write_text(book, sheet, (1, 0), book.word("ftr_not_assessed"), &book.styles.text_plain)?;
    let columns = vec![
        Column::new(book.word("ftr_id"), 10, 12),
        Column::new(book.word("ftr_current"), 10, 14),
        Column::new(book.word("requirement"), 30, 50),
        Column::new(book.column("workload"), 12, 20),
        Column::new(book.column("verdict"), 11, 17),
        Column::new(book.column("answer_status"), 12, 15),
        Column::new(book.word("response"), 26, 50),
        Column::new(book.word("notes"), 20, 40),
        Column::new(book.column("rule"), 12, 28),
    ];
    let mut table = Table::begin(book, sheet, 3, columns)?;
    for item in &book.report.ftr {
        table.row([
            Cell::text(&item.id),
            Cell::text(&item.current),
            Cell::text(&item.title),
            Cell::text(&item.workload),
            Cell::styled(words::status(book.words, item.status), book.styles.status(item.status)),
            Cell::styled(words::answer_status(book.words, item.answer_status), &book.styles.centre),
            Cell::text(&item.response),
            Cell::text(&item.notes),
            Cell::styled(&item.rule, &book.styles.code),
        ])?;
    }
    table.finish(1)
}
