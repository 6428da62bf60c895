//! The drill form and the deliverables tracker: what people fill in there answers the questions about it.

use indexmap::IndexMap;

use super::said::{Cell, Reader, Row};
use super::table::{Spec, Table};
use super::value::{self, Form};
use super::workbook::Place;
use crate::model::{AnswerStatus, Language};
use crate::report::documents::deliverables::{self, DELIVERABLES, QUESTION, STATED, STATUSES};
use crate::report::documents::drill::{RESULTS, SCOPES};
use crate::report::messages::Messages;
use crate::report::xlsx::layout::{FACT, Title, WORKLOAD};
use crate::rules::raw::ParamType;

/// The key of a line of the form, or the id of a deliverable.
const ID: Title = ("document", "id");
/// What people fill in.
const CONTENT: Title = ("document", "content");
/// The measurements.
const RTO: Title = ("document", "rto_measured");
const RPO: Title = ("document", "rpo_measured");
/// The status of a deliverable, and what it was when the sheet was written.
const STATUS: Title = ("document", "status");
const RECORDED: Title = ("document", "recorded");

pub(super) const FORM: Spec = Spec { key: "drill", needed: &[WORKLOAD, ID, CONTENT], any: &[RTO, RPO] };
pub(super) const TRACKER: Spec = Spec { key: "deliverables", needed: &[WORKLOAD, ID, STATUS], any: &[RECORDED] };

/// The questions that a report of a drill answers.
const PERFORMED: &str = "ftr-dr-007-dr-test-performed";
const SCOPE: &str = "ftr-dr-008-dr-test-scope-period";
const DATE: &str = "ftr-dr-009-dr-test-date-recorded";
const BCP: &str = "ops-annual-bcp-drill";
const COMPLETE: &str = "ops-bcp-drill-report-complete";
const MEETS: &str = "ops-drill-meets-objectives";

/// The form of a workload.
struct Filled {
    place: Place,
    /// What the lines say, by their keys.
    lines: IndexMap<String, Cell>,
    /// What was measured: `rto_az` and the like.
    measured: IndexMap<String, Cell>,
    /// The scopes that were rehearsed.
    scopes: Vec<(&'static str, Place)>,
}

/// Reads the forms. One without a date and a result is a plan, and answers nothing yet.
pub(super) fn read(table: &Table<'_>, reader: &mut Reader<'_>) {
    let mut forms: IndexMap<String, Filled> = IndexMap::new();
    for number in table.rows() {
        let (workload, key) = (table.text(number, WORKLOAD), table.text(number, ID));
        if workload.is_empty() || key.is_empty() {
            continue;
        }
        let form = forms.entry(workload).or_insert_with(|| Filled {
            place: table.place(number, WORKLOAD),
            lines: IndexMap::new(),
            measured: IndexMap::new(),
            scopes: Vec::new(),
        });
        match key.strip_prefix("scope.") {
            Some(scope) => form.scope(scope, table, number, reader),
            None => form.line(&key, table, number, reader),
        }
    }
    for (workload, form) in forms {
        form.answers(&workload, reader);
    }
}

impl Filled {
    fn line(&mut self, key: &str, table: &Table<'_>, number: u32, reader: &mut Reader<'_>) {
        let form = if matches!(key, "date" | "written" | "planned") { Form::Day } else { Form::Text };
        let label = reader.words.get("drill_field", key).to_owned();
        let at = (table.place(number, CONTENT), label.as_str());
        let Some(mut cell) = reader.cell(table.cell(number, CONTENT), form, None, at) else { return };
        if cell.value.is_empty() {
            return;
        }
        let chosen = match key {
            "result" => Some(choice(&cell.value, "drill_result", &RESULTS)),
            "whole" => Some(choice(&cell.value, "drill_choice", &["yes", "no"])),
            _ => None,
        };
        match chosen {
            Some(Some(word)) => word.clone_into(&mut cell.value),
            Some(None) => {
                reader.outcome.refuse(cell.place, "not_a_choice", &cell.value);
                return;
            }
            None => {}
        }
        self.lines.insert(key.to_owned(), cell);
    }

    fn scope(&mut self, scope: &str, table: &Table<'_>, number: u32, reader: &mut Reader<'_>) {
        let Some((scope, _)) = SCOPES.into_iter().find(|(known, _)| *known == scope) else { return };
        let label = reader.words.get("drill_scope", scope).to_owned();
        for (kind, title) in [("rto", RTO), ("rpo", RPO)] {
            let at = (table.place(number, title), label.as_str());
            let form = Form::Fact(ParamType::Duration);
            if let Some(cell) = reader.cell(table.cell(number, title), form, None, at)
                && !cell.value.is_empty()
            {
                self.measured.insert(format!("{kind}_{scope}"), cell);
            }
        }
        let place = table.place(number, CONTENT);
        let Some(cell) = reader.cell(table.cell(number, CONTENT), Form::Text, None, (place, &label)) else { return };
        if cell.value.is_empty() {
            return;
        }
        match choice(&cell.value, "drill_choice", &["yes", "no"]) {
            Some("yes") => self.scopes.push((scope, cell.place)),
            Some(_) => {}
            None => reader.outcome.refuse(cell.place, "not_a_choice", &cell.value),
        }
    }

    /// Answers the questions.
    fn answers(mut self, workload: &str, reader: &mut Reader<'_>) {
        // What was measured was rehearsed, whether somebody chose so or not.
        for (scope, _) in SCOPES {
            let measured = |kind: &str| self.measured.get(&format!("{kind}_{scope}"));
            if let Some(cell) = measured("rto").or_else(|| measured("rpo"))
                && !self.scopes.iter().any(|(known, _)| *known == scope)
            {
                self.scopes.push((scope, cell.place.clone()));
            }
        }
        let of_report = ["date", "people", "whole", "result", "problems", "improvements", "report"];
        let began = of_report.iter().any(|key| self.lines.contains_key(*key)) || !self.scopes.is_empty();
        if !began {
            return;
        }
        let (Some(date), Some(result)) = (self.lines.get("date").cloned(), self.lines.get("result").cloned()) else {
            let missing = if self.lines.contains_key("date") { "result" } else { "date" };
            let label = reader.words.get("drill_field", missing).to_owned();
            reader.outcome.refuse(self.place.clone(), "drill_incomplete", &format!("{workload}: {label}"));
            return;
        };
        let summary = self.summary(reader.words, &date, &result);
        let fact = |name: &str| format!("{FACT}{name}");
        self.answer(
            PERFORMED,
            workload,
            [(fact("last_test"), date.clone()), (fact("result"), result)],
            &summary,
            reader,
        );
        let scopes: Vec<&str> = self.scopes.iter().map(|(scope, _)| *scope).collect();
        let mut facts = vec![(fact("last_test"), date.clone())];
        if let Some((_, place)) = self.scopes.first() {
            let title = reader.words.get("document", "drill_scope").to_owned();
            let cell = Cell { place: place.clone(), value: scopes.join(", "), title };
            facts.push((fact("scope"), cell));
        }
        self.answer(SCOPE, workload, facts, &summary, reader);
        self.answer(DATE, workload, [(fact("last_test"), date.clone())], &summary, reader);
        // Decision and messages are part of a BCP drill; a switch by technicians alone is none.
        if self.lines.get("whole").is_some_and(|cell| cell.value == "yes") {
            self.answer(BCP, workload, [(fact("last_drill"), date.clone())], &summary, reader);
        }
        let items = Cell { place: date.place.clone(), value: self.items().join(", "), title: date.title.clone() };
        self.answer(COMPLETE, workload, [(fact("items"), items)], &summary, reader);
        // The question knows no scope of a single instance; its figures stand in the text.
        let measured = self.measured.clone();
        let measured: Vec<(String, Cell)> = measured
            .into_iter()
            .filter(|(name, _)| !name.ends_with("_instance"))
            .map(|(name, cell)| (fact(&name), cell))
            .collect();
        if !measured.is_empty() {
            self.answer(MEETS, workload, measured, &summary, reader);
        }
    }

    /// What the report holds, in the words of the question.
    fn items(&self) -> Vec<&'static str> {
        let filled = |key: &str| self.lines.contains_key(key);
        let all = [
            ("purpose", filled("purpose")),
            ("plan", filled("plan")),
            // The objectives stand in the plan, which the form fills in.
            ("objectives", filled("plan")),
            ("date", filled("date")),
            ("people", filled("people")),
            ("result", filled("result")),
            ("problems", filled("problems")),
            ("improvements", filled("improvements")),
        ];
        all.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect()
    }

    /// The report in a few lines: the text of the answers.
    fn summary(&self, words: &Messages, date: &Cell, result: &Cell) -> String {
        let mut lines = vec![format!("{} {}", date.value, words.get("drill_result", &result.value))];
        for (scope, _) in &self.scopes {
            let measured = |kind: &str, word: &str| {
                let cell = self.measured.get(&format!("{kind}_{scope}"))?;
                Some(format!("{} {}", words.get("document", word), cell.value))
            };
            let figures: Vec<String> =
                [measured("rto", "rto_measured"), measured("rpo", "rpo_measured")].into_iter().flatten().collect();
            let name = words.get("drill_scope", scope);
            lines.push(if figures.is_empty() { name.to_owned() } else { format!("{name}: {}", figures.join(", ")) });
        }
        for key in ["people", "problems", "improvements", "supplement"] {
            if let Some(cell) = self.lines.get(key) {
                lines.push(format!("{}: {}", words.get("drill_field", key), cell.value));
            }
        }
        lines.join("\n")
    }

    fn answer(
        &self,
        rule: &str,
        workload: &str,
        facts: impl IntoIterator<Item = (String, Cell)>,
        summary: &str,
        reader: &mut Reader<'_>,
    ) {
        let mut row = Row::at(self.place.clone(), self.place.clone());
        row.cells.extend(facts);
        let cell = |key: &str, value: &str| Cell {
            place: self.place.clone(),
            value: value.to_owned(),
            title: reader.words.get("column", key).to_owned(),
        };
        row.cells.insert("status".to_owned(), cell("answer_status", deliverables::word(AnswerStatus::Done)));
        row.cells.insert("text".to_owned(), cell("answer", summary));
        for (field, keys) in [
            ("evidence", &["report"][..]),
            ("answered_by", &["author", "people"]),
            ("answered_at", &["written", "date"]),
        ] {
            if let Some(said) = keys.iter().find_map(|key| self.lines.get(*key)) {
                row.cells.insert(field.to_owned(), Cell { title: cell(field, "").title, ..said.clone() });
            }
        }
        reader.add(rule, workload, row);
    }
}

/// Reads the tracker. A status that people chose, now or before, is theirs; what was only shown is not.
pub(super) fn read_tracker(table: &Table<'_>, reader: &mut Reader<'_>) {
    let mut workloads: IndexMap<String, Stated> = IndexMap::new();
    for number in table.rows() {
        let (workload, id) = (table.text(number, WORKLOAD), table.text(number, ID));
        if workload.is_empty() || id.is_empty() {
            continue;
        }
        let place = table.place(number, STATUS);
        let Some(gate) = deliverables::gate(&id) else {
            reader.outcome.refuse(place, "not_a_choice", &id);
            continue;
        };
        let recorded = table.text(number, RECORDED);
        let (before, was_stated) = match recorded.strip_suffix(STATED) {
            Some(before) => (before, true),
            None => (recorded.as_str(), false),
        };
        let title = reader.title(STATUS);
        let Some(cell) = reader.cell(table.cell(number, STATUS), Form::Status, None, (place.clone(), title)) else {
            continue;
        };
        // An emptied cell takes a statement back.
        let changed = cell.value != before && (was_stated || !cell.value.is_empty());
        let stated = workloads.entry(workload).or_insert_with(|| Stated {
            place,
            changed: false,
            statuses: Vec::new(),
            gates: Vec::new(),
        });
        stated.changed |= changed;
        if !cell.value.is_empty() && (changed || was_stated) {
            stated.statuses.push(format!("{id}={}", cell.value));
            if !stated.gates.contains(&gate) {
                stated.gates.push(gate);
            }
        }
    }
    for (workload, stated) in workloads.into_iter().filter(|(_, stated)| stated.changed) {
        let mut row = Row::at(stated.place.clone(), stated.place.clone());
        let cell = |value: String| Cell {
            place: stated.place.clone(),
            value,
            title: reader.words.get("sheet", "deliverables").to_owned(),
        };
        row.cells.insert("status".to_owned(), cell(deliverables::word(AnswerStatus::Done).to_owned()));
        row.cells.insert(format!("{FACT}{DELIVERABLES}"), cell(stated.gates.join(", ")));
        row.cells.insert(format!("{FACT}{STATUSES}"), cell(stated.statuses.join(", ")));
        reader.add(QUESTION, &workload, row);
    }
}

/// What people stated for a workload.
struct Stated {
    place: Place,
    changed: bool,
    statuses: Vec<String>,
    gates: Vec<&'static str>,
}

/// The key of a word that people chose, in either language.
fn choice<'k>(text: &str, group: &str, keys: &[&'k str]) -> Option<&'k str> {
    let text = value::ascii(text).trim().to_lowercase();
    keys.iter().copied().find(|key| {
        *key == text
            || [Language::Ja, Language::En]
                .into_iter()
                .any(|language| Messages::of(language).get(group, key).to_lowercase() == text)
    })
}

#[cfg(test)]
mod tests;
