//! Objective against estimate: a line for each workload and scope.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::table::{Cell, Column, Table};
use super::{Book, cell};
use crate::assess::model::Status;
use crate::report::words;

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    let word = |key| book.words.get("recovery", key);
    let estimated = book.report.workloads.iter().any(|workload| !workload.recovery.is_empty());
    let lead = if estimated { word("lead") } else { word("absent") };
    cell::write_text(book, sheet, (0, 0), lead, &book.styles.text_plain)?;
    let mut columns = vec![Column::new(book.column("workload"), 12, 24), Column::new(book.word("scope"), 14, 22)];
    for [objective, estimate, verdict] in
        [["rpo_objective", "rpo_estimate", "rpo_verdict"], ["rto_objective", "rto_estimate", "rto_verdict"]]
    {
        columns.extend([
            Column::new(word(objective), 8, 12),
            Column::new(word(estimate), 10, 16),
            Column::new(word(verdict), 9, 12),
            Column::new(word("limited_by"), 18, 30),
            Column::new(word("mechanism"), 16, 26),
            Column::new(word("basis"), 10, 16),
            Column::new(word("why"), 24, 44),
            Column::new(word("source"), 16, 30),
        ]);
    }
    let mut table = Table::begin(book, sheet, 2, columns)?;
    let declared = |iso: &Option<String>| match iso {
        Some(iso) => words::duration(book.words, iso),
        None => "–".to_owned(),
    };
    for workload in &book.report.workloads {
        for line in &workload.recovery {
            let verdict = |status: Status, missed: usize| {
                let numbers = [("missed", missed.to_string()), ("stores", line.stores.to_string())];
                let numbers: Vec<(&str, &str)> =
                    numbers.iter().map(|(name, number)| (*name, number.as_str())).collect();
                let text = match missed {
                    0 => words::status(book.words, status).to_owned(),
                    _ => {
                        let missed = book.words.format("recovery", "missed", &numbers);
                        format!("{}\n{missed}", words::status(book.words, status))
                    }
                };
                Cell::styled(text, book.styles.status(status))
            };
            let basis = |key| book.words.get("basis", key);
            table.row([
                Cell::styled(&workload.name, &book.styles.label),
                Cell::text(book.words.get("scope", &line.scope)),
                Cell::text(declared(&line.rpo_objective)),
                Cell::text(estimate(book, line.rpo_estimate.as_deref(), &line.mechanism, line.stores)),
                verdict(line.rpo_status, line.rpo_missed),
                Cell::text(&line.limiting_resource),
                Cell::text(&line.mechanism),
                Cell::text(basis(&line.basis)),
                Cell::text(&line.why),
                source(book, &line.source),
                Cell::text(declared(&line.rto_objective)),
                Cell::text(estimate(book, line.rto_estimate.as_deref(), &line.rto_mechanism, line.stores)),
                verdict(line.rto_status, line.rto_missed),
                Cell::text(&line.rto_limiting_resource),
                Cell::text(&line.rto_mechanism),
                Cell::text(basis(&line.rto_basis)),
                Cell::text(&line.rto_why),
                source(book, &line.rto_source),
            ])?;
        }
    }
    table.finish(2)
}

/// A figure, or why there is none.
pub(super) fn estimate(book: &Book<'_>, iso: Option<&str>, mechanism: &str, stores: usize) -> String {
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
