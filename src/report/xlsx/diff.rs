//! `diff.xlsx`: what became of the findings, one row each.

use rust_xlsxwriter::{RowNum, Workbook, Worksheet, XlsxError};

use super::style::{self, Styles};
use super::table::{Cell, Column, Table};
use super::{Book, cell, time};
use crate::assess::model::{Report, Severity, Status};
use crate::compare::{Class, Comparison, Difference};
use crate::report::documents::Paper;
use crate::report::messages::Messages;
use crate::report::{ReportError, diff, words};

/// The row of the table's head, below the title and the counts.
const HEAD: RowNum = 3;

/// The workbook: one sheet. The same comparison gives the same bytes.
///
/// # Errors
/// What the file format cannot hold; all texts are cut to its limits beforehand.
pub(in crate::report) fn render(comparison: &Comparison, new: &Report) -> Result<Vec<u8>, ReportError> {
    let words = Messages::of(comparison.language);
    let styles = Styles::new(comparison.language);
    let book = Book { report: new, words, styles, paper: Paper::new(new)? };
    let title = words.get("diff", "title");
    let mut workbook = Workbook::new();
    workbook.set_default_format(&book.styles.text_plain, style::ROW_PIXELS, 64)?;
    workbook.set_properties(&book.properties()?.set_title(title));
    let sheet = workbook.add_worksheet();
    sheet.set_name(title)?;
    book.page(sheet);
    sheet.set_paper_size(8);
    write(&book, sheet, comparison)?;
    Ok(workbook.save_to_buffer()?)
}

fn write(book: &Book<'_>, sheet: &mut Worksheet, comparison: &Comparison) -> Result<(), XlsxError> {
    let words = book.words;
    let word = |key| words.get("diff", key);
    let span = words.format(
        "diff",
        "from_to",
        &[("old", &time(comparison.old.taken_at)), ("new", &time(comparison.new.taken_at))],
    );
    let organization = &comparison.organization;
    cell::write_text(book, sheet, (0, 0), word("title"), &book.styles.title)?;
    sheet.set_row_height(0, 30)?;
    cell::write_text(book, sheet, (1, 0), &format!("{organization}  {span}"), &book.styles.subtitle)?;
    sheet.set_row_height(1, 22)?;
    let columns = vec![
        Column::new(word("class"), 12, 16),
        Column::new(word("before"), 12, 17),
        Column::new(word("now"), 12, 17),
        Column::new(book.column("severity"), 9, 11),
        Column::new(book.column("workload"), 10, 24),
        Column::new(book.column("item"), 24, 40),
        Column::new(book.column("account"), 14, 14),
        Column::new(book.column("region"), 12, 16),
        Column::new(book.column("resource_type"), 14, 24),
        Column::new(book.column("name"), 14, 28),
        Column::new(word("changes"), 20, 36),
        Column::new(book.column("reason"), 30, 48),
        Column::new(book.column("rule"), 14, 30),
        Column::new(book.column("resource"), 14, 40),
        Column::new(book.column("finding"), 14, 20),
    ];
    let mut table = Table::begin(book, sheet, HEAD, columns)?;
    for found in &comparison.findings {
        table.row(row(book, comparison, found))?;
    }
    let next = HEAD + table.len().max(1) + 3;
    table.finish(4)?;
    workloads(book, sheet, comparison, next)
}

fn row<'a>(book: &'a Book<'_>, comparison: &Comparison, found: &'a Difference) -> [Cell<'a>; 15] {
    let words = book.words;
    let verdict = |status: Option<Status>| match status {
        Some(status) => Cell::styled(words::status(words, status), book.styles.status(status)),
        None => Cell::styled(words.get("diff", "absent"), &book.styles.faint),
    };
    let state = found.new.as_ref().or(found.old.as_ref());
    let severity = state.map_or(Severity::Info, |state| state.severity);
    let title = comparison.workloads.iter().find(|workload| workload.key == found.workload);
    let workload = diff::workload(words, &found.workload, title.map_or("", |workload| &workload.title));
    [
        Cell::styled(diff::class(words, found.class), tone(book, found.class)),
        verdict(found.old.as_ref().map(|state| state.status)),
        verdict(found.new.as_ref().map(|state| state.status)),
        Cell::styled(words::severity(words, severity), book.styles.severity(severity)),
        Cell::text(workload),
        Cell::text(&found.title),
        Cell::text(&found.account),
        Cell::text(&found.region),
        Cell::text(&found.resource_type),
        Cell::text(if found.name.is_empty() { &found.resource } else { &found.name }),
        Cell::text(diff::changes(words, found).join("\n")),
        Cell::text(state.map_or("", |state| state.reason.as_str())),
        Cell::text(&found.rule),
        Cell::styled(&found.resource, &book.styles.code),
        Cell::styled(&found.id, &book.styles.code),
    ]
}

/// The colours of verdicts say how good the news is.
fn tone<'b>(book: &'b Book<'_>, class: Class) -> &'b rust_xlsxwriter::Format {
    match class {
        Class::New => book.styles.status(Status::Fail),
        Class::Changed | Class::Unread => book.styles.status(Status::Unknown),
        Class::Fixed => book.styles.status(Status::Pass),
        Class::RuleAdded | Class::RuleRemoved => book.styles.status(Status::Manual),
        Class::Open | Class::Gone | Class::Settled | Class::Added => book.styles.status(Status::NotApplicable),
    }
}

/// The counts by workload, below the findings.
fn workloads(book: &Book<'_>, sheet: &mut Worksheet, comparison: &Comparison, from: RowNum) -> Result<(), XlsxError> {
    let words = book.words;
    cell::write_text(book, sheet, (from, 0), words.get("diff", "by_workload"), &book.styles.heading)?;
    let head = from + 1;
    // The classes come first, in the narrow columns; the names need the wide ones at their end.
    for (column, class) in (0..).zip(Class::ALL) {
        cell::write_text(book, sheet, (head, column), diff::class(words, class), &book.styles.header)?;
    }
    let names = 10;
    cell::write_text(book, sheet, (head, names), book.column("workload"), &book.styles.header)?;
    for (row, workload) in (head + 1..).zip(&comparison.workloads) {
        for (column, class) in (0..).zip(Class::ALL) {
            let count = workload.counts.get(&class).copied().unwrap_or(0);
            sheet.write_number_with_format(row, column, count as f64, &book.styles.number)?;
        }
        let name = diff::workload(words, &workload.key, &workload.title);
        cell::write_text(book, sheet, (row, names), &name, &book.styles.label)?;
    }
    Ok(())
}
