//! The failures that somebody accepted, why, and until when; below them, rows in which people write new ones.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::table::{Cell, Column, Table};
use super::{Book, input, layout, marker};
use crate::assess::model::Status;

/// Rows for new waivers.
const BLANK: usize = 20;
/// The places of columns.
const RULE: u16 = 1;
const WORKLOAD: u16 = 4;
const EXPIRES: u16 = 11;

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    let columns = vec![
        Column::new(book.column("status"), 14, 20),
        Column::new(book.column("rule"), 18, 30).input(),
        Column::new(book.column("item"), 24, 36),
        Column::new(book.column("resource"), 14, 30).input(),
        Column::new(book.column("workload"), 10, 14).input(),
        Column::new(book.column("account"), 13, 13).input(),
        Column::new(book.column("region"), 12, 15).input(),
        Column::new(book.word("waiver_tags"), 14, 26).input(),
        Column::new(book.word("waiver_reason"), 26, 44).input(),
        Column::new(book.column("owner"), 10, 18).input(),
        Column::new(book.word("approver"), 10, 18).input(),
        Column::new(book.word("expires"), 12, 12).input(),
        Column::new(book.word("covered"), 8, 10),
        Column::new(book.column("waiver_id"), 10, 14),
    ];
    let styles = &book.styles;
    let mut table = Table::begin(book, sheet, 0, columns)?;
    let waivers = &book.report.waivers;
    let ids = layout::waiver_ids(waivers.iter().map(|waiver| (waiver.rule.as_str(), &waiver.covers)));
    for (waiver, id) in waivers.iter().zip(&ids) {
        let state = match waiver.state.as_str() {
            "expired" => styles.status(Status::Fail),
            "expires_soon" => styles.status(Status::Unknown),
            "unused" | "not_needed" => styles.status(Status::NotApplicable),
            _ => styles.status(Status::Waived),
        };
        let part = |part: &Option<String>| Cell::text(part.clone().unwrap_or_default());
        let scope = &waiver.covers;
        table.row([
            Cell::styled(book.words.get("waiver_state", &waiver.state), state),
            Cell::text(&waiver.rule),
            Cell::text(book.report.rules.get(&waiver.rule).map_or("", |rule| rule.title.as_str())),
            part(&scope.resource),
            part(&scope.workload),
            part(&scope.account),
            part(&scope.region),
            Cell::text(layout::tags_text(scope)),
            Cell::styled(&waiver.reason, &styles.input),
            Cell::styled(&waiver.owner, &styles.input),
            Cell::styled(&waiver.approver, &styles.input),
            Cell::Date(waiver.expires.as_str().into(), &styles.input_date),
            Cell::count(waiver.findings),
            Cell::styled(id, &styles.code),
        ])?;
    }
    let first = table.len() + 1;
    for _ in 0..BLANK {
        table.row(
            [Cell::styled(book.word("waiver_new"), &styles.faint)]
                .into_iter()
                .chain((RULE..=EXPIRES).map(|column| match column {
                    2 => Cell::text(""),
                    EXPIRES => Cell::Date("".into(), &styles.input_date),
                    _ => Cell::styled("", &styles.input),
                }))
                .chain([Cell::text(""), Cell::styled("", &styles.code)]),
        )?;
    }
    let last = table.len();
    table.finish(2)?;
    input::days(book, sheet, EXPIRES, (1, last))?;
    input::listed(book, sheet, RULE, (first, last), (marker::RULES, book.report.rules.len()))?;
    input::listed(book, sheet, WORKLOAD, (first, last), (marker::WORKLOADS, book.report.workloads.len()))?;
    input::protect(sheet);
    Ok(())
}
