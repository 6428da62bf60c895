//! The DR test scenarios.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Book;
use super::table::{Cell, Column, Table};
use crate::report::documents::scenarios;

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    let word = |key| book.paper.word(key);
    let columns = vec![
        Column::new(book.column("workload"), 10, 14),
        Column::new(book.column("account"), 14, 14),
        Column::new(book.column("region"), 14, 16),
        Column::new(book.column("resource_type"), 14, 22),
        Column::new(word("resource"), 18, 28),
        Column::new(word("drill_scope"), 14, 18),
        Column::new(word("held_to"), 12, 18),
        Column::new(word("test"), 18, 28),
        Column::new(word("preconditions"), 30, 46),
        Column::new(word("action"), 30, 46),
        Column::new(word("command"), 30, 50),
        Column::new(word("expected"), 28, 46),
        Column::new(word("note"), 18, 30),
    ];
    let mut table = Table::begin(book, sheet, 0, columns)?;
    for row in scenarios::rows(&book.paper) {
        table.row([
            Cell::styled(&row.store.workload, &book.styles.code),
            Cell::text(&row.store.account),
            Cell::text(&row.store.region),
            Cell::text(&row.store.type_title),
            Cell::text(&row.store.name),
            Cell::text(row.kind),
            Cell::text(row.scope),
            Cell::text(row.title),
            Cell::text(row.preconditions.join("\n")),
            Cell::text(row.action),
            Cell::styled(row.cli, &book.styles.code),
            Cell::text(row.expect),
            Cell::text(row.note),
        ])?;
    }
    table.finish(5)
}
