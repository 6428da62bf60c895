//! Merging answers three ways: what the workbook held when it was exported, what it holds now, and what the answers file
//! holds now.
//!
//! Status, text, evidence, facts, who, when and the next review are one statement: when both sides changed it, the file's
//! stays as a whole. Owner, due day and comment stand for themselves.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};

use super::base::{Base, Fields};
use super::document::{Document, Entry};
use super::outcome::{Change, Conflict, Outcome};
use super::said::{Cell, Row};
use super::value;
use crate::assess::evidence::Evidence;
use crate::report::xlsx::layout::{self, FACT, RECORDED};
use crate::rules::raw::ParamType;
use crate::rules::{Rule, RuleSet};

/// The keys of an answer, in the order in which new ones are written.
pub(super) const ORDER: &[&str] = &[
    "rule",
    "workload",
    "status",
    "text",
    "answered_by",
    "answered_at",
    "next_review",
    "owner",
    "due",
    "comment",
    "evidence",
    "architecture",
    "facts",
];

/// Who and when, for answers that do not say it themselves.
#[derive(Debug, Clone, Default)]
pub(super) struct Signature {
    /// Who.
    pub(super) by: Option<String>,
    /// When.
    pub(super) on: Option<Date>,
}

/// The SHA-256 of a file beside the answers; none when there is no such file.
pub(super) type Digest<'d> = dyn Fn(&str) -> Option<String> + 'd;

/// Merges what the rows say into the answers file.
pub(super) fn merge(
    rows: &IndexMap<(String, String), Row>,
    base: &Base,
    document: &mut Document,
    rules: &RuleSet,
    signature: &Signature,
    digest: &Digest<'_>,
    outcome: &mut Outcome,
) {
    let mut unsigned = 0_usize;
    for ((rule_id, workload), row) in rows {
        let Some(rule) = rules.get(rule_id) else { continue };
        Line { rule, workload, row, base, signature, digest }.merge(document, outcome, &mut unsigned);
    }
    if unsigned > 0 {
        outcome.note("unsigned", &unsigned.to_string());
    }
}

/// A line of the checklist that is being merged.
struct Line<'a> {
    rule: &'a Rule,
    workload: &'a str,
    row: &'a Row,
    base: &'a Base,
    signature: &'a Signature,
    digest: &'a Digest<'a>,
}

/// Whether a field is part of the answer, or stands for itself.
fn of_answer(field: &str) -> bool {
    !matches!(field, "owner" | "due" | "comment")
}

/// Whether a field says something, and not just who and when.
fn of_content(field: &str) -> bool {
    of_answer(field) && !matches!(field, "answered_by" | "answered_at" | "next_review")
}

impl Line<'_> {
    fn merge(&self, document: &mut Document, outcome: &mut Outcome, unsigned: &mut usize) {
        let found = find(document.entries(), &self.rule.id, self.workload);
        let nothing = Entry::new();
        let entry = found.map_or(&nothing, |place| &document.entries()[place]);
        let known = self.base.answer(&self.rule.id, self.workload);
        let mut taken: Vec<(&String, &Cell)> = Vec::new();
        let mut conflicts: Vec<(&String, &Cell)> = Vec::new();
        for (field, cell) in &self.row.cells {
            let here = Self::held(entry, found.is_some(), field, outcome);
            let said = plain(field, &cell.value);
            if said == here {
                continue;
            }
            let (ours, theirs) = match known {
                Some(fields) => {
                    let of = |field: &str| fields.get(field).map_or(String::new(), |text| plain(field, text));
                    let recorded = if field == "status" { RECORDED } else { field };
                    (said != of(field), here != of(recorded))
                }
                // Nobody knows what was there: what the file does not say yet is new.
                None => (!cell.value.is_empty() && self.counts_without_base(field, cell), !here.is_empty()),
            };
            match (ours, theirs) {
                (true, false) => taken.push((field, cell)),
                (true, true) => conflicts.push((field, cell)),
                (false, _) => {}
            }
        }
        // The answer is one statement: a part that the file changed meanwhile keeps all of it.
        let file_changed = known.is_some_and(|fields| self.answer_changed(entry, found.is_some(), fields, outcome));
        if file_changed || conflicts.iter().any(|(field, _)| of_answer(field)) {
            let (answer, rest): (Vec<_>, Vec<_>) = taken.into_iter().partition(|(field, _)| of_answer(field));
            conflicts.extend(answer);
            taken = rest;
        }
        for (field, cell) in conflicts {
            outcome.conflicts.push(Conflict {
                subject: self.subject(),
                field: cell.title.clone(),
                place: cell.place.clone(),
                workbook: self.shown(field, cell.value.clone(), outcome),
                file: self.shown(field, Self::held(entry, found.is_some(), field, outcome), outcome),
                by: by(entry),
                newer: known.is_some(),
            });
        }
        if taken.is_empty() {
            return;
        }
        if let Some(place) = found
            && !document.simple(place)
        {
            let line = document.line(place).map(|line| line.to_string()).unwrap_or_default();
            outcome.refuse(self.row.place.clone(), "anchored", &line);
            return;
        }
        let entry = entry.clone();
        *unsigned += usize::from(self.take(&taken, found, &entry, document, outcome));
    }

    /// A status that people did not choose is none: without the hidden sheet nobody knows which were shown.
    fn counts_without_base(&self, field: &str, cell: &Cell) -> bool {
        let alone = || self.row.cells.iter().all(|(other, cell)| other == "status" || cell.value.is_empty());
        field != "status"
            || match cell.value.as_str() {
                "not_started" => false,
                "done" => !alone(),
                _ => true,
            }
    }

    /// Whether the file's answer is another one than at the export.
    fn answer_changed(&self, entry: &Entry, exists: bool, fields: &Fields, outcome: &Outcome) -> bool {
        let mut names: BTreeSet<String> =
            ORDER.iter().filter(|name| of_answer(name)).map(|name| (*name).to_owned()).collect();
        for name in ["rule", "workload", "architecture", "facts"] {
            names.remove(name);
        }
        names.extend(fields.keys().filter(|field| field.starts_with(FACT)).cloned());
        if let Some(facts) = entry.get("facts").and_then(Json::as_object) {
            names.extend(facts.keys().map(|name| format!("{FACT}{name}")));
        }
        let (mut from_here, mut other, mut signature) = (false, false, false);
        for name in &names {
            let recorded = if name == "status" { RECORDED } else { name };
            let before = fields.get(recorded).map_or(String::new(), |text| plain(name, text));
            let here = Self::held(entry, exists, name, outcome);
            if here == before {
                continue;
            }
            // What the workbook says too is no contradiction: it came from here.
            if self.row.cells.get(name).is_some_and(|cell| plain(name, &cell.value) == here) {
                from_here |= of_content(name);
            } else if matches!(name.as_str(), "answered_at" | "answered_by") {
                signature = true;
            } else {
                other = true;
            }
        }
        // An earlier import of the same workbook has signed what it took.
        other || (signature && !from_here)
    }

    /// What the file says, as a cell would hold it.
    fn held(entry: &Entry, exists: bool, field: &str, outcome: &Outcome) -> String {
        let text = match field.strip_prefix(FACT) {
            Some(name) => entry.get("facts").and_then(|facts| facts.get(name)).map(layout::fact_text),
            None => match (field, entry.get(field)) {
                ("status", None) if exists => Some("not_started".to_owned()),
                ("evidence", Some(Json::Array(items))) => {
                    Some(items.iter().map(evidence).collect::<Vec<_>>().join("\n"))
                }
                (_, other) => other.map(scalar),
            },
        };
        plain(field, &layout::cell_text(outcome.words, &text.unwrap_or_default()))
    }

    /// Takes values over. Whether they changed an answer and nobody says who gave it.
    fn take(
        &self,
        taken: &[(&String, &Cell)],
        found: Option<usize>,
        entry: &Entry,
        document: &mut Document,
        outcome: &mut Outcome,
    ) -> bool {
        let mut after = entry.clone();
        for (field, cell) in taken {
            self.put(&mut after, field, &cell.value);
        }
        let content = taken.iter().any(|(field, _)| of_content(field));
        let mut derived: Vec<(&str, String)> = Vec::new();
        if content {
            let day = if self.row.rejected.contains("answered_at") { Err("no_day") } else { Ok(()) };
            match day.and_then(|()| self.sign(taken, &mut after)) {
                Ok(signed) => derived = signed,
                Err(key) => {
                    // Without a day the answer is none; what stands for itself is taken all the same.
                    let place = self.row.cells.get("answered_at").map_or(&self.row.place, |cell| &cell.place);
                    outcome.refuse(place.clone(), key, &self.subject());
                    let rest: Vec<(&String, &Cell)> =
                        taken.iter().filter(|(field, _)| !of_answer(field)).copied().collect();
                    if !rest.is_empty() {
                        self.take(&rest, found, entry, document, outcome);
                    }
                    return false;
                }
            }
        }
        if after == *entry {
            return false;
        }
        let exact = found.filter(|_| entry.get("workload").map(scalar).unwrap_or_default() == self.workload);
        match exact {
            Some(place) => {
                for key in ORDER {
                    if after.get(*key) != entry.get(*key) {
                        document.set(place, key, after.get(*key).cloned().unwrap_or(Json::Null));
                    }
                }
            }
            None => {
                // An answer for all workloads stays: this one is for the workload of the row.
                after.insert("rule".to_owned(), Json::from(&*self.rule.id));
                if !self.workload.is_empty() {
                    after.insert("workload".to_owned(), Json::from(self.workload));
                }
                document.push(after);
            }
        }
        let exists = found.is_some();
        for (field, cell) in taken {
            let before = self.shown(field, Self::held(entry, exists, field, outcome), outcome);
            let after = self.shown(field, cell.value.clone(), outcome);
            self.changed(outcome, cell.title.clone(), before, after);
        }
        for (field, value) in derived {
            let before = Self::held(entry, exists, field, outcome);
            let title = self.row.cells.get(field).map(|cell| cell.title.clone());
            self.changed(
                outcome,
                title.unwrap_or_else(|| outcome.words.get("column", field).to_owned()),
                before,
                value,
            );
        }
        content && self.signature.by.is_none() && !taken.iter().any(|(field, _)| *field == "answered_by")
    }

    /// A value as people say it.
    fn shown(&self, field: &str, value: String, outcome: &Outcome) -> String {
        if field == "status" && !value.is_empty() {
            return outcome.words.get("answer_status", &value).to_owned();
        }
        let fields = self.rule.question.as_ref().map(|question| &question.fields);
        let name = field.strip_prefix(FACT);
        let fact = name.and_then(|name| fields?.iter().find(|(known, ..)| known == name));
        match (fact, value.as_str()) {
            (Some((_, ParamType::Bool, _)), "true") => outcome.words.get("fact_value", "yes").to_owned(),
            (Some((_, ParamType::Bool, _)), "false") => outcome.words.get("fact_value", "no").to_owned(),
            _ => value,
        }
    }

    fn changed(&self, outcome: &mut Outcome, field: String, before: String, after: String) {
        outcome.changes.push(Change { subject: self.subject(), field, before, after });
    }

    /// Who answered, when, and about which architecture. What the cells say goes first.
    fn sign<'f>(&self, taken: &[(&String, &Cell)], after: &mut Entry) -> Result<Vec<(&'f str, String)>, &'static str> {
        let said = |field: &str| taken.iter().any(|(taken, _)| *taken == field);
        let mut signed = Vec::new();
        if !said("answered_at") {
            let before = after.get("answered_at").map(scalar).and_then(|day| day.parse::<Date>().ok());
            match (self.signature.on, before) {
                // A day that was written ahead stays.
                (Some(day), before) if before.is_none_or(|before| before < day) => {
                    after.insert("answered_at".to_owned(), Json::from(day.to_string()));
                    signed.push(("answered_at", day.to_string()));
                }
                (Some(_), _) => {}
                (None, _) if self.rule.question.is_none() => {}
                (None, _) => return Err("no_day"),
            }
        }
        if !said("answered_by")
            && let Some(name) = &self.signature.by
            && after.get("answered_by").map(scalar).as_ref() != Some(name)
        {
            after.insert("answered_by".to_owned(), Json::from(name.as_str()));
            signed.push(("answered_by", name.clone()));
        }
        match self.base.architecture(self.workload) {
            Some(fingerprint) => {
                after.insert("architecture".to_owned(), Json::from(fingerprint.as_str()));
            }
            // The answer is no longer about what it was about.
            None => {
                after.shift_remove("architecture");
            }
        }
        Ok(signed)
    }

    /// Writes a field.
    fn put(&self, entry: &mut Entry, field: &str, value: &str) {
        if let Some(name) = field.strip_prefix(FACT) {
            let fields = self.rule.question.as_ref().map(|question| &question.fields);
            let Some((_, ty, _)) = fields.and_then(|fields| fields.iter().find(|(known, ..)| known == name)) else {
                return;
            };
            let mut facts = entry.get("facts").and_then(Json::as_object).cloned().unwrap_or_default();
            match value::fact(value, *ty) {
                Json::Null => {
                    facts.shift_remove(name);
                }
                fact => {
                    facts.insert(name.to_owned(), fact);
                }
            }
            if facts.is_empty() {
                entry.shift_remove("facts");
            } else {
                entry.insert("facts".to_owned(), Json::Object(facts));
            }
            return;
        }
        if field == "evidence" {
            let known: Vec<Json> = entry.get("evidence").and_then(Json::as_array).cloned().unwrap_or_default();
            let items: Vec<Json> = value
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(|line| self.piece(line, &known))
                .collect();
            set(entry, field, if items.is_empty() { Json::Null } else { Json::Array(items) });
            return;
        }
        set(entry, field, if value.is_empty() { Json::Null } else { Json::from(value) });
    }

    /// A line of evidence as the file has it: what is there already, a file with its digest, or a link.
    fn piece(&self, line: &str, known: &[Json]) -> Json {
        let (name, stated) = Evidence::file_of_line(line).map_or((line, None), |(file, digest)| (file, Some(digest)));
        if let Some(item) = known.iter().find(|item| evidence(item) == name) {
            return item.clone();
        }
        match stated.map(str::to_lowercase).or_else(|| (self.digest)(name)) {
            Some(digest) => json!({ "file": name, "sha256": digest }),
            None => Json::from(line),
        }
    }

    fn subject(&self) -> String {
        match self.workload {
            "" => self.rule.id.to_string(),
            workload => format!("{} ({workload})", self.rule.id),
        }
    }
}

fn set(entry: &mut Map<String, Json>, key: &str, value: Json) {
    if value.is_null() {
        entry.shift_remove(key);
    } else {
        entry.insert(key.to_owned(), value);
    }
}

/// The entry that counts for a line: its own, or else that for all workloads.
fn find(entries: &[Entry], rule: &str, workload: &str) -> Option<usize> {
    let of = |entry: &Entry, key: &str| entry.get(key).map(scalar).unwrap_or_default();
    let at =
        |wanted: &str| entries.iter().position(|entry| of(entry, "rule") == rule && of(entry, "workload") == wanted);
    at(workload).or_else(|| at(""))
}

/// A value of the file as a text.
pub(super) fn scalar(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A piece of evidence without its digest: a link, or the path of a file.
fn evidence(item: &Json) -> String {
    item.get("file").map_or_else(|| scalar(item), scalar)
}

/// What a text says, without what does not count: a piece of evidence is the same with and without its digest.
fn plain(field: &str, text: &str) -> String {
    let text = value::normal(text);
    if field != "evidence" {
        return text;
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| Evidence::file_of_line(line).map_or(line, |(file, _)| file)).collect::<Vec<_>>().join("\n")
}

/// Who answered and when.
fn by(entry: &Entry) -> String {
    let parts = ["answered_by", "answered_at"].map(|key| entry.get(key).map(scalar).unwrap_or_default());
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}
