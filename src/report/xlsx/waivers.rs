//! The failures that somebody accepted, why, and until when.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Book;
use super::table::{Cell, Column, Table};
use crate::assess::model::Status;

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    let columns = vec![
        Column::new(book.column("status"), 14, 20),
        Column::new(book.column("rule"), 18, 30),
        Column::new(book.column("item"), 24, 40),
        Column::new(book.word("waiver_scope"), 20, 40),
        Column::new(book.word("waiver_reason"), 26, 50),
        Column::new(book.column("owner"), 10, 20),
        Column::new(book.word("approver"), 10, 20),
        Column::new(book.word("expires"), 12, 12),
        Column::new(book.word("covered"), 10, 14),
    ];
    let mut table = Table::begin(book, sheet, 0, columns)?;
    for waiver in &book.report.waivers {
        let state = match waiver.state.as_str() {
            "expired" => book.styles.status(Status::Fail),
            "expires_soon" => book.styles.status(Status::Unknown),
            "unused" | "not_needed" => book.styles.status(Status::NotApplicable),
            _ => book.styles.status(Status::Waived),
        };
        table.row([
            Cell::styled(book.words.get("waiver_state", &waiver.state), state),
            Cell::text(&waiver.rule),
            Cell::text(book.report.rules.get(&waiver.rule).map_or("", |rule| rule.title.as_str())),
            Cell::text(&waiver.scope),
            Cell::text(&waiver.reason),
            Cell::text(&waiver.owner),
            Cell::text(&waiver.approver),
            Cell::Date(&waiver.expires, &book.styles.date),
            Cell::count(waiver.findings),
        ])?;
    }
    table.finish(2)
}
