//! The emergency guide, action by action.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Book;
use super::table::{Cell, Column, Table};
use crate::report::documents::{guide, title};

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    let word = |key| book.paper.word(key);
    let columns = vec![
        Column::new(book.words.get("workbook", "workloads_column"), 18, 28),
        Column::new(word("book"), 16, 26),
        Column::new(word("step"), 20, 30),
        Column::new(word("who"), 8, 12),
        Column::new(word("action"), 40, 70),
        Column::new(word("command"), 30, 50),
        Column::new(word("note"), 18, 36),
        Column::new(word("checked"), 12, 14).input(),
    ];
    let mut table = Table::begin(book, sheet, 0, columns)?;
    for row in guide::rows(&book.paper) {
        table.row([
            Cell::styled(title(row.workload), &book.styles.label),
            Cell::text(row.book),
            Cell::text(format!("{}. {}", row.step, row.title)),
            Cell::styled(row.who, &book.styles.centre),
            Cell::text(row.text),
            Cell::styled(row.cli, &book.styles.code),
            Cell::text(row.note),
            Cell::styled("", &book.styles.input),
        ])?;
    }
    table.finish(3)
}
