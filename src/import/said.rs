//! What the rows of the sheets say, by rule and workload and not by where they stand.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use indexmap::map::Entry;

use super::base::{Base, Fields};
use super::outcome::Outcome;
use super::value::{self, Form};
use super::workbook::{Content, Place};
use crate::manifest::Manifest;
use crate::model::Language;
use crate::model::types::workload::WORKLOAD;
use crate::report::messages::Messages;
use crate::report::xlsx::layout::Title;
use crate::rules::RuleSet;

/// A cell that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) place: Place,
    /// What it says, in the words of the files; empty for an empty cell.
    pub(super) value: String,
    /// The title of its column or fact.
    pub(super) title: String,
}

/// What is said of a rule for a workload.
#[derive(Debug)]
pub(super) struct Row {
    /// Where it names the rule.
    pub(super) place: Place,
    /// Where it names the workload.
    pub(super) workload: Place,
    /// By field, as the answers file calls it.
    pub(super) cells: IndexMap<String, Cell>,
    /// Fields of which two rows say different things.
    torn: BTreeSet<String>,
    /// Fields whose cells could not be taken.
    pub(super) rejected: BTreeSet<String>,
}

impl Row {
    pub(super) fn at(place: Place, workload: Place) -> Self {
        Self { place, workload, cells: IndexMap::new(), torn: BTreeSet::new(), rejected: BTreeSet::new() }
    }
}

/// What a sheet needs to be read.
pub(super) struct Reader<'a> {
    pub(super) base: &'a Base,
    pub(super) rules: &'a RuleSet,
    pub(super) manifest: &'a Manifest,
    pub(super) language: Language,
    pub(super) words: &'static Messages,
    pub(super) outcome: Outcome,
    rows: IndexMap<(String, String), Row>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        base: &'a Base,
        rules: &'a RuleSet,
        manifest: &'a Manifest,
        language: Language,
        outcome: Outcome,
    ) -> Self {
        Self { base, rules, manifest, language, words: outcome.words, outcome, rows: IndexMap::new() }
    }

    /// What all rows say.
    pub(super) fn rows(&mut self) -> IndexMap<(String, String), Row> {
        let mut rows = std::mem::take(&mut self.rows);
        for row in rows.values_mut() {
            row.cells.retain(|field, _| !row.torn.contains(field));
        }
        rows
    }

    /// The title of a column in the language of the messages.
    pub(super) fn title(&self, (group, key): Title) -> &'static str {
        self.words.get(group, key)
    }

    /// Reads a cell; what is wrong with it is kept. None for what must not be taken for an answer.
    pub(super) fn cell(
        &mut self,
        content: Option<&Content>,
        form: Form,
        before: Option<&str>,
        (place, title): (Place, &str),
    ) -> Option<Cell> {
        match value::read(content, form, before) {
            Ok(value)
                if before
                    .is_some_and(|before| value != value::normal(before) && value != before && shortened(before)) =>
            {
                self.outcome.refuse(place, "shortened", &value);
                None
            }
            Ok(value) => Some(Cell { place, value, title: title.to_owned() }),
            Err(reason) => {
                self.outcome.reject(place, &reason);
                None
            }
        }
    }

    /// Adds what a row says. Two rows of one sheet about the same line must say the same.
    pub(super) fn add(&mut self, rule: &str, workload: &str, row: Row) {
        if !self.known(rule, workload, &row) {
            return;
        }
        let named = match workload {
            "" => rule.to_owned(),
            workload => format!("{rule} ({workload})"),
        };
        match self.rows.entry((rule.to_owned(), workload.to_owned())) {
            Entry::Vacant(vacant) => {
                vacant.insert(row);
            }
            Entry::Occupied(mut first) => {
                let known = first.get_mut();
                known.rejected.extend(row.rejected);
                for (field, cell) in row.cells {
                    // Two sheets may ask for the same: what nobody touched on one gives way to the other.
                    let before = self.base.answer(rule, workload).map(|fields| fields.get(&field));
                    let untouched = |cell: &Cell| {
                        before.is_some_and(|before| {
                            value::normal(&cell.value) == before.map_or(String::new(), |text| value::normal(text))
                        })
                    };
                    match known.cells.get(&field) {
                        Some(other) if other.place.sheet != cell.place.sheet && untouched(&cell) => {}
                        Some(other) if other.place.sheet != cell.place.sheet && untouched(other) => {
                            known.cells.insert(field, cell);
                        }
                        Some(other) if other.value != cell.value => {
                            let value = format!("{named}, {}", other.place);
                            self.outcome.refuse(cell.place, "duplicate", &value);
                            known.torn.insert(field);
                        }
                        Some(_) => {}
                        None => {
                            known.cells.insert(field, cell);
                        }
                    }
                }
            }
        }
    }

    /// Whether rule and workload are known. A row that says nothing new may name what is gone.
    fn known(&mut self, rule: &str, workload: &str, row: &Row) -> bool {
        let none = Fields::new();
        let base = self.base.answer(rule, workload);
        let before = base.unwrap_or(&none);
        let says_new = row.cells.iter().any(|(field, cell)| {
            let before = before.get(field).map_or(String::new(), |text| value::normal(text));
            value::normal(&cell.value) != before
                && !(field == "status" && base.is_none() && cell.value == "not_started")
        });
        if !says_new {
            return self.rules.get(rule).is_some()
                && (workload.is_empty() || self.manifest.workload(workload).is_some());
        }
        if rule.is_empty() {
            self.outcome.refuse(row.place.clone(), "no_rule", "");
            return false;
        }
        let Some(known) = self.rules.get(rule) else {
            self.outcome.no_rule(row.place.clone(), rule, self.rules.suggest(rule));
            return false;
        };
        if !workload.is_empty() && self.manifest.workload(workload).is_none() {
            self.outcome.refuse(row.workload.clone(), "unknown_workload", workload);
            return false;
        }
        let for_workloads = known.question.is_some() || known.targets.iter().any(|target| target.ty == &WORKLOAD);
        if workload.is_empty() && for_workloads && base.is_none() {
            self.outcome.refuse(row.workload.clone(), "no_workload", rule);
            return false;
        }
        true
    }
}

/// Whether the workbook holds only the beginning of a text.
fn shortened(before: &str) -> bool {
    [Language::Ja, Language::En]
        .into_iter()
        .any(|language| before.ends_with(Messages::of(language).get("workbook", "truncated")))
}
