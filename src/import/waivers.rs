//! The waivers sheet: what changed in those that are there, and new ones.
//!
//! A waiver is one statement: reason, owner, approver and end are taken together or not at all. A row that is gone takes
//! no waiver away; a waiver ends by its day, and stays on record.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::document::{Document, Entry};
use super::merge::scalar;
use super::outcome::{Change, Conflict};
use super::said::{Cell, Reader};
use super::table::{Spec, Table};
use super::value::{self, Form};
use super::workbook::{Content, Place};
use crate::assess::model::Scope;
use crate::report::xlsx::layout::{self, RULE, SCOPE_INPUTS, WAIVER_ID, WAIVER_INPUTS};

pub(super) const SPEC: Spec = Spec {
    key: "waivers",
    needed: &[RULE, ("workbook", "approver"), ("workbook", "expires")],
    any: &[("workbook", "waiver_reason")],
};

/// The keys of a waiver, in the order in which new ones are written.
pub(super) const ORDER: &[&str] = &["rule", "scope", "reason", "owner", "approver", "expires"];

pub(super) fn merge(table: &Table<'_>, reader: &mut Reader<'_>, document: &mut Document) {
    for number in table.rows() {
        let id = table.text(number, WAIVER_ID);
        if id.is_empty() {
            new(table, number, reader, document);
        } else {
            existing(table, number, &id, reader, document);
        }
    }
}

/// The ids of the waivers in the file.
fn ids(document: &Document) -> Vec<String> {
    let known: Vec<(String, Scope)> = document
        .entries()
        .iter()
        .map(|entry| {
            let scope = entry.get("scope").cloned().unwrap_or_else(|| Json::Object(Map::new()));
            let rule = entry.get("rule").map(scalar).unwrap_or_default();
            (rule, serde_json::from_value(scope).unwrap_or_default())
        })
        .collect();
    layout::waiver_ids(known.iter().map(|(rule, scope)| (rule.as_str(), scope)))
}

fn held(entry: &Entry, field: &str, reader: &Reader<'_>) -> String {
    let text = entry.get(field).map(scalar).unwrap_or_default();
    value::normal(&layout::cell_text(reader.words, &text))
}

/// What the row says about the waiver itself; none when any of it cannot be read.
fn inputs(
    table: &Table<'_>,
    number: u32,
    id: Option<&str>,
    reader: &mut Reader<'_>,
) -> Option<Vec<(&'static str, Cell)>> {
    let before = id.and_then(|id| reader.base.waiver(id));
    let mut cells = Vec::new();
    let mut readable = true;
    for (field, title) in WAIVER_INPUTS.iter().filter(|(_, title)| table.column(*title).is_some()) {
        let before = before.map(|fields| fields.get(*field).map_or("", String::as_str));
        let at = (table.place(number, *title), reader.title(*title));
        match reader.cell(table.cell(number, *title), value::form(field), before, at) {
            Some(cell) => cells.push((*field, cell)),
            None => readable = false,
        }
    }
    readable.then_some(cells)
}

fn existing(table: &Table<'_>, number: u32, id: &str, reader: &mut Reader<'_>, document: &mut Document) {
    let Some(cells) = inputs(table, number, Some(id), reader) else { return };
    let base = reader.base.waiver(id);
    let was = |field: &str| base.and_then(|fields| fields.get(field)).map_or(String::new(), |text| value::normal(text));
    let place = table.place(number, WAIVER_ID);
    let Some(at) = ids(document).iter().position(|known| known == id) else {
        let changed = cells.iter().any(|(field, cell)| value::normal(&cell.value) != was(field));
        if changed {
            reader.outcome.refuse(place, "waiver_gone", id);
        }
        return;
    };
    let entry = document.entries()[at].clone();
    let scope: Scope =
        entry.get("scope").and_then(|scope| serde_json::from_value(scope.clone()).ok()).unwrap_or_default();
    // Who unlocks the sheet can write over what the waiver is for, but that is another waiver then.
    let rule = entry.get("rule").map(scalar).unwrap_or_default();
    let kept =
        [(RULE, rule.clone())].into_iter().chain(SCOPE_INPUTS.iter().map(|(key, title)| (*title, part(&scope, key))));
    for (title, held) in kept {
        if table.column(title).is_some() && value::normal(&table.text(number, title)) != value::normal(&held) {
            reader.outcome.refuse(table.place(number, title), "waiver_identity", &table.text(number, title));
            return;
        }
    }
    let changed: Vec<&(&str, Cell)> =
        cells.iter().filter(|(field, cell)| value::normal(&cell.value) != held(&entry, field, reader)).collect();
    let ours = |(field, cell): &&&(&str, Cell)| base.is_none() || value::normal(&cell.value) != was(field);
    let ours: Vec<&(&str, Cell)> = changed.iter().filter(ours).copied().collect();
    if ours.is_empty() {
        return;
    }
    let subject = subject(&rule, &scope);
    let differs = |(field, cell): &(&str, Cell)| {
        let here = held(&entry, field, reader);
        here != was(field) && here != value::normal(&cell.value)
    };
    let known = base.is_some();
    if !known || cells.iter().any(differs) {
        for (field, cell) in ours {
            let file = held(&entry, field, reader);
            conflict(reader, &subject, cell, file, &entry, known);
        }
        return;
    }
    for (_, cell) in &ours {
        if cell.value.is_empty() {
            reader.outcome.refuse(cell.place.clone(), "waiver_empty", &cell.title);
            return;
        }
    }
    if !document.simple(at) {
        let line = document.line(at).map(|line| line.to_string()).unwrap_or_default();
        reader.outcome.refuse(place, "anchored", &line);
        return;
    }
    for (field, cell) in ours {
        let before = held(&entry, field, reader);
        document.set(at, field, Json::from(cell.value.as_str()));
        changed_value(reader, &subject, cell, before);
    }
}

/// A row that somebody wrote.
fn new(table: &Table<'_>, number: u32, reader: &mut Reader<'_>, document: &mut Document) {
    let columns = [RULE].into_iter().chain(SCOPE_INPUTS.iter().map(|(_, title)| *title));
    let columns = columns.chain(WAIVER_INPUTS.iter().map(|(_, title)| *title));
    if columns.clone().all(|title| matches!(table.cell(number, title), None | Some(Content::Merged))) {
        return;
    }
    let rule = table.text(number, RULE);
    let Some(cells) = inputs(table, number, None, reader) else { return };
    if rule.is_empty() && cells.iter().all(|(_, cell)| cell.value.is_empty()) {
        // A remark below the table.
        return;
    }
    if rule.is_empty() {
        reader.outcome.refuse(table.place(number, RULE), "no_rule", "");
        return;
    }
    if reader.rules.get(&rule).is_none() {
        reader.outcome.no_rule(table.place(number, RULE), &rule, reader.rules.suggest(&rule));
        return;
    }
    let Some(scope) = scope(table, number, reader) else { return };
    let missing: Vec<Place> = WAIVER_INPUTS
        .iter()
        .filter(|(field, _)| cells.iter().all(|(known, cell)| known != field || cell.value.is_empty()))
        .map(|(_, title)| table.place(number, *title))
        .collect();
    for (place, (_, title)) in missing.iter().zip(
        WAIVER_INPUTS
            .iter()
            .filter(|(field, _)| cells.iter().all(|(known, cell)| known != field || cell.value.is_empty())),
    ) {
        let title = reader.title(*title);
        reader.outcome.refuse(place.clone(), "waiver_empty", title);
    }
    if !missing.is_empty() {
        return;
    }
    let subject = subject(&rule, &scope);
    let id = layout::waiver_id(&rule, &scope, 0);
    if let Some(at) = ids(document).iter().position(|known| *known == id) {
        // Imported before, or written into the file too.
        let entry = document.entries()[at].clone();
        for (field, cell) in &cells {
            let file = held(&entry, field, reader);
            if file != value::normal(&cell.value) {
                conflict(reader, &subject, cell, file, &entry, false);
            }
        }
        return;
    }
    let mut entry = Entry::new();
    entry.insert("rule".to_owned(), Json::from(rule.as_str()));
    entry.insert("scope".to_owned(), scope_value(&scope));
    for (field, cell) in &cells {
        entry.insert((*field).to_owned(), Json::from(cell.value.as_str()));
        changed_value(reader, &subject, cell, String::new());
    }
    document.push(entry);
}

/// What a new waiver covers; none when a part of it is wrong.
fn scope(table: &Table<'_>, number: u32, reader: &mut Reader<'_>) -> Option<Scope> {
    let mut scope = Scope::default();
    let mut right = true;
    for (key, title) in SCOPE_INPUTS {
        let content = table.cell(number, title);
        let place = table.place(number, title);
        let Some(cell) = reader.cell(content, Form::Text, None, (place.clone(), reader.title(title))) else {
            right = false;
            continue;
        };
        if cell.value.is_empty() {
            continue;
        }
        match key {
            "resource" => scope.resource = Some(cell.value),
            "workload" if reader.manifest.workload(&cell.value).is_none() => {
                reader.outcome.refuse(place, "unknown_workload", &cell.value);
                right = false;
            }
            "workload" => scope.workload = Some(cell.value),
            "account" => {
                // A number has lost the zeros at its beginning.
                let id = if matches!(content, Some(Content::Number(_))) {
                    format!("{:0>12}", cell.value)
                } else {
                    cell.value
                };
                if id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit()) {
                    scope.account = Some(id);
                } else {
                    reader.outcome.refuse(place, "not_an_account", &id);
                    right = false;
                }
            }
            "region" => scope.region = Some(cell.value),
            _ => match tags(&cell.value) {
                Ok(tags) => scope.tags = tags,
                Err(wrong) => {
                    reader.outcome.refuse(place, "not_a_tag", &wrong);
                    right = false;
                }
            },
        }
    }
    if right && scope == Scope::default() {
        reader.outcome.refuse(table.place(number, SCOPE_INPUTS[0].1), "no_scope", "");
        right = false;
    }
    right.then_some(scope)
}

/// `key=value`, a line each.
fn tags(text: &str) -> Result<BTreeMap<String, String>, String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| match line.split_once(['=', '＝']) {
            Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.trim().to_owned())),
            _ => Err(line.to_owned()),
        })
        .collect()
}

/// A part of a scope, as its cell holds it.
fn part(scope: &Scope, key: &str) -> String {
    let part = match key {
        "resource" => &scope.resource,
        "workload" => &scope.workload,
        "account" => &scope.account,
        "region" => &scope.region,
        _ => return layout::tags_text(scope),
    };
    part.clone().unwrap_or_default()
}

/// A scope as the waivers file has it: only what it states.
fn scope_value(scope: &Scope) -> Json {
    let mut value = Map::new();
    for (key, _) in SCOPE_INPUTS.iter().filter(|(key, _)| *key != "tags") {
        let part = part(scope, key);
        if !part.is_empty() {
            value.insert((*key).to_owned(), Json::from(part));
        }
    }
    if !scope.tags.is_empty() {
        let tags = scope.tags.iter().map(|(key, value)| (key.clone(), Json::from(value.as_str()))).collect();
        value.insert("tags".to_owned(), Json::Object(tags));
    }
    Json::Object(value)
}

fn subject(rule: &str, scope: &Scope) -> String {
    format!("{rule} [{}]", scope.describe())
}

fn changed_value(reader: &mut Reader<'_>, subject: &str, cell: &Cell, before: String) {
    reader.outcome.changes.push(Change {
        subject: subject.to_owned(),
        field: cell.title.clone(),
        before,
        after: cell.value.clone(),
    });
}

fn conflict(reader: &mut Reader<'_>, subject: &str, cell: &Cell, file: String, entry: &Entry, newer: bool) {
    reader.outcome.conflicts.push(Conflict {
        subject: subject.to_owned(),
        field: cell.title.clone(),
        place: cell.place.clone(),
        workbook: cell.value.clone(),
        file,
        by: entry.get("approver").map(scalar).unwrap_or_default(),
        newer,
    });
}
