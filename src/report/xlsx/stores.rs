//! The data stores by who acts, with what brings each of them back.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::table::{Cell, Column, Table};
use super::{Book, cell};
use crate::assess::model::{Status, StoreReport, StoreScope};
use crate::report::words;

/// Who has work in a disaster comes first.
const ORDER: [&str; 4] = ["needs_hands", "automatic", "managed", ""];

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    let word = |key| book.words.get("recovery", key);
    let lead = if book.report.stores.is_empty() { word("no_stores") } else { word("stores_lead") };
    cell::write_text(book, sheet, (0, 0), lead, &book.styles.text_plain)?;
    let scopes: Vec<&str> = book.report.stores.first().map_or_else(Vec::new, |store| {
        store.scopes.iter().map(|scope| book.words.get("scope", &scope.scope)).collect()
    });
    let mut columns = vec![
        Column::new(word("who"), 14, 22),
        Column::new(book.column("workload"), 10, 18),
        Column::new(book.column("resource_type"), 14, 22),
        Column::new(book.column("name"), 18, 32),
        Column::new(book.column("account"), 13, 14),
        Column::new(book.column("region"), 13, 16),
        Column::new(word("why"), 24, 44),
    ];
    columns.extend(scopes.into_iter().map(|scope| Column::new(scope, 18, 32)));
    let mut table = Table::begin(book, sheet, 2, columns)?;
    for who in ORDER {
        for store in book.report.stores.iter().filter(|store| store.responsibility == who) {
            table.row(row(book, store))?;
        }
    }
    table.finish(4)
}

fn row<'a>(book: &'a Book<'_>, store: &'a StoreReport) -> Vec<Cell<'a>> {
    let who = if store.responsibility.is_empty() { "unknown" } else { &store.responsibility };
    let mut cells = vec![
        Cell::styled(book.words.get("responsibility", who), &book.styles.label),
        Cell::text(&store.workload),
        Cell::text(&store.type_title),
        Cell::text(&store.name),
        Cell::text(&store.account),
        Cell::text(&store.region),
        Cell::text(&store.responsibility_reason),
    ];
    cells.extend(store.scopes.iter().map(|scope| {
        let text = reach(book, scope);
        // The worse of the two verdicts colours the cell; without an objective none does.
        match [Status::Fail, Status::Unknown, Status::Pass]
            .into_iter()
            .find(|status| [scope.rpo_status, scope.rto_status].contains(status))
        {
            Some(Status::Fail) => Cell::styled(text, book.styles.status(Status::Fail)),
            _ => Cell::text(text),
        }
    }));
    cells
}

/// What is in place for a scope, the best first.
fn reach(book: &Book<'_>, scope: &StoreScope) -> String {
    let word = |key| book.words.get("recovery", key);
    let figure = |iso: &Option<String>| match iso {
        Some(iso) => words::duration(book.words, iso),
        None => word("unknown").to_owned(),
    };
    let mut lines: Vec<String> = scope
        .ways
        .iter()
        .map(|way| format!("{}: RPO {}, RTO {}", way.title, figure(&way.rpo.figure), figure(&way.rto.figure)))
        .collect();
    if !scope.open.is_empty() {
        lines.push(word("open").to_owned());
    } else if lines.is_empty() {
        lines.push(word("none").to_owned());
    }
    lines.join("\n")
}
