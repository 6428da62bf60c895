//! The viewpoint table: each resource from each viewpoint, against what the objectives ask for.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Book;
use super::table::{Cell, Column, Table};
use crate::report::documents::viewpoints;
use crate::report::words;

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    let word = |key| book.paper.word(key);
    let columns = vec![
        Column::new(book.column("workload"), 10, 14),
        Column::new(book.column("account"), 14, 14),
        Column::new(book.column("region"), 14, 16),
        Column::new(book.column("resource_type"), 16, 28),
        Column::new(word("resource"), 18, 30),
        Column::new(word("viewpoint"), 12, 16),
        Column::new(word("setting"), 24, 44),
        Column::new(word("required"), 18, 26),
        Column::new(word("verdict"), 11, 17),
        Column::new(word("note"), 26, 50),
    ];
    let mut table = Table::begin(book, sheet, 0, columns)?;
    for row in viewpoints::rows(&book.paper) {
        let settings: Vec<String> = row.settings.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        table.row([
            Cell::styled(&row.finding.workload, &book.styles.code),
            Cell::text(&row.finding.account),
            Cell::text(&row.finding.region),
            Cell::styled(&row.finding.resource_type, &book.styles.code),
            Cell::text(&row.finding.name),
            Cell::text(book.words.get("viewpoint", row.viewpoint)),
            Cell::text(settings.join("\n")),
            Cell::text(row.required.join("\n")),
            Cell::styled(words::status(book.words, row.verdict), book.styles.status(row.verdict)),
            Cell::text(row.note),
        ])?;
    }
    table.finish(5)
}
