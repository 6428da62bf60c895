//! The runbooks, step by step.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Book;
use super::table::{Cell, Column, Table};
use crate::report::documents::runbooks;

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    let word = |key| book.paper.word(key);
    let columns = vec![
        Column::new(book.column("workload"), 10, 14),
        Column::new(book.column("account"), 14, 14),
        Column::new(book.column("region"), 14, 16),
        Column::new(book.column("resource_type"), 14, 22),
        Column::new(word("resource"), 18, 28),
        Column::new(word("step"), 12, 20),
        Column::new(book.column("no"), 5, 6),
        Column::new(word("action"), 36, 56),
        Column::new(word("command"), 40, 70),
        Column::new(word("note"), 20, 36),
    ];
    let mut table = Table::begin(book, sheet, 0, columns)?;
    for row in runbooks::rows(&book.paper) {
        table.row([
            Cell::styled(&row.store.workload, &book.styles.code),
            Cell::text(&row.store.account),
            Cell::text(&row.store.region),
            Cell::text(&row.store.type_title),
            Cell::text(&row.store.name),
            Cell::text(row.part),
            Cell::count(row.number),
            Cell::text(row.text),
            Cell::styled(row.cli, &book.styles.code),
            Cell::text(row.note),
        ])?;
    }
    table.finish(5)
}
