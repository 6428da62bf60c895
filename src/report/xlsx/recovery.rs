//! Objective against estimate: a line for each workload and scope.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::table::{Cell, Column, Table};
use super::{Book, cell};
use crate::assess::model::{Goal, RecoveryLine, WorkloadReport};
use crate::report::words;

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    let word = |key| book.words.get("recovery", key);
    let estimated = book.report.workloads.iter().any(|workload| !workload.recovery.is_empty());
    let lead = if estimated { word("lead") } else { word("absent") };
    cell::write_text(book, sheet, (0, 0), lead, &book.styles.text_plain)?;
    let columns = vec![
        Column::new(book.column("workload"), 12, 20),
        Column::new(book.word("scope"), 14, 22),
        Column::new("", 5, 6),
        Column::new(word("objective"), 8, 12),
        Column::new(word("estimate"), 12, 18),
        Column::new(book.column("verdict"), 11, 17),
        Column::new(word("limited_by"), 20, 40),
        Column::new(word("mechanism"), 18, 30),
        Column::new(word("basis"), 12, 18),
        Column::new(word("why"), 28, 50),
        Column::new(word("source"), 18, 36),
    ];
    let mut table = Table::begin(book, sheet, 2, columns)?;
    for workload in &book.report.workloads {
        for line in &workload.recovery {
            for goal in line.goals() {
                table.row(row(book, workload, line, &goal))?;
            }
        }
    }
    table.finish(2)
}

fn row<'a>(
    book: &'a Book<'_>,
    workload: &'a WorkloadReport,
    line: &'a RecoveryLine,
    goal: &Goal<'a>,
) -> [Cell<'a>; 11] {
    let objective = goal.objective.map_or_else(|| "–".to_owned(), |iso| words::duration(book.words, iso));
    let mut verdict = words::status(book.words, goal.status).to_owned();
    if goal.missed > 0 {
        let numbers = [("missed", goal.missed.to_string()), ("stores", line.stores.to_string())];
        let numbers: Vec<(&str, &str)> = numbers.iter().map(|(name, number)| (*name, number.as_str())).collect();
        verdict = format!("{verdict}\n{}", book.words.format("recovery", "missed", &numbers));
    }
    [
        Cell::styled(&workload.name, &book.styles.label),
        Cell::text(book.words.get("scope", &line.scope)),
        Cell::text(goal.name),
        Cell::text(objective),
        Cell::text(estimate(book, goal.estimate, goal.mechanism, line.stores)),
        Cell::styled(verdict, book.styles.status(goal.status)),
        Cell::text(goal.store),
        Cell::text(goal.mechanism),
        Cell::text(book.words.get("basis", goal.basis)),
        Cell::text(goal.why),
        source(book, goal.source),
    ]
}

/// A figure, or why there is none.
fn estimate(book: &Book<'_>, iso: Option<&str>, mechanism: &str, stores: usize) -> String {
    match iso {
        Some(iso) => words::duration(book.words, iso),
        None if stores == 0 => "–".to_owned(),
        None if mechanism.is_empty() => book.words.get("recovery", "none").to_owned(),
        None => book.words.get("recovery", "unknown").to_owned(),
    }
}

fn source<'a>(book: &'a Book<'_>, address: &'a str) -> Cell<'a> {
    match cell::web_address(address) {
        Some(url) => Cell::Link(url, address.into(), &book.styles.link),
        None => Cell::text(address),
    }
}
