//! What an import did, and what it left.

use std::fmt::Write as _;

use super::value::Reason;
use super::workbook::Place;
use crate::report::messages::Messages;
use crate::report::visible;

/// A value that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The rule and the workload, or the waiver.
    pub subject: String,
    /// The title of the field.
    pub field: String,
    /// The value in the file; empty for none.
    pub before: String,
    /// The value from the workbook; empty for none.
    pub after: String,
}

/// A value that both sides changed; the file's stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The rule and the workload, or the waiver.
    pub subject: String,
    /// The title of the field.
    pub field: String,
    /// The cell.
    pub place: Place,
    /// The value in the workbook.
    pub workbook: String,
    /// The value in the file.
    pub file: String,
    /// Who wrote it, and when, as far as the file says so.
    pub by: String,
    /// Whether the file is known to have changed since the export.
    pub newer: bool,
}

/// A cell that is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The cell.
    pub place: Place,
    /// Why, and what to write instead.
    pub reason: String,
}

/// What an import did.
#[derive(Debug)]
pub struct Outcome {
    /// The name of the workbook.
    pub workbook: String,
    /// What is taken, in the order of the workbook.
    pub changes: Vec<Change>,
    /// What both sides changed.
    pub conflicts: Vec<Conflict>,
    /// What is not taken.
    pub rejections: Vec<Rejection>,
    /// What is odd about the workbook as a whole.
    pub notes: Vec<String>,
    /// The new text of the answers file; none when it stays as it is.
    pub answers: Option<String>,
    /// The new text of the waivers file; none when it stays as it is.
    pub waivers: Option<String>,
    pub(super) words: &'static Messages,
}

impl Outcome {
    pub(super) fn new(workbook: &str, words: &'static Messages) -> Self {
        Self {
            workbook: workbook.to_owned(),
            changes: Vec::new(),
            conflicts: Vec::new(),
            rejections: Vec::new(),
            notes: Vec::new(),
            answers: None,
            waivers: None,
            words,
        }
    }

    /// Whether everything that people wrote is in the files now.
    pub fn complete(&self) -> bool {
        self.conflicts.is_empty() && self.rejections.is_empty()
    }

    pub(super) fn reject(&mut self, place: Place, reason: &Reason) {
        let value = visible::cut(&visible::line(&reason.value), 60).into_owned();
        let reason = self.words.format("import", reason.key, &[("value", &value), ("instead", &reason.instead)]);
        self.rejections.push(Rejection { place, reason });
    }

    pub(super) fn refuse(&mut self, place: Place, key: &'static str, value: &str) {
        self.reject(place, &Reason { key, value: value.to_owned(), instead: String::new() });
    }

    /// Refuses a rule that there is not.
    pub(super) fn no_rule(&mut self, place: Place, rule: &str, like: Option<&str>) {
        let key = if like.is_some() { "unknown_rule_like" } else { "unknown_rule" };
        self.reject(place, &Reason { key, value: rule.to_owned(), instead: like.unwrap_or_default().to_owned() });
    }

    pub(super) fn note(&mut self, key: &str, value: &str) {
        self.note_with(key, value, "");
    }

    pub(super) fn note_with(&mut self, key: &str, value: &str, instead: &str) {
        let values = [("value", &*visible::line(value)), ("instead", &*visible::line(instead))];
        self.notes.push(self.words.format("import", key, &values));
    }

    /// What changed, entry by entry, and the sum.
    pub fn summary(&self, dry_run: bool) -> String {
        let mut text = String::new();
        let mut subject = "";
        for change in &self.changes {
            if change.subject != subject {
                subject = &change.subject;
                let _ = writeln!(text, "{}", visible::line(subject));
            }
            let (before, after) = (self.shown(&change.before), self.shown(&change.after));
            let _ = writeln!(text, "  {}: {before} → {after}", change.field);
        }
        if !text.is_empty() {
            text.push('\n');
        }
        let entries = {
            let mut subjects: Vec<&str> = self.changes.iter().map(|change| change.subject.as_str()).collect();
            subjects.sort_unstable();
            subjects.dedup();
            subjects.len()
        };
        let key = match (dry_run, self.changes.is_empty()) {
            (_, true) => "nothing",
            (true, false) => "would_change",
            (false, false) => "changed",
        };
        let numbers = [self.changes.len(), entries, self.conflicts.len(), self.rejections.len()].map(|n| n.to_string());
        let [values, entries, conflicts, rejected] = &numbers;
        let _ = writeln!(text, "{}", self.words.format("import", key, &[("values", values), ("entries", entries)]));
        if !self.complete() {
            let left = [("conflicts", conflicts.as_str()), ("rejected", rejected.as_str())];
            let _ = writeln!(text, "{}", self.words.format("import", "left", &left));
        }
        text
    }

    /// What is not taken, a line each.
    pub fn problems(&self) -> String {
        let mut text = String::new();
        let workbook = visible::line(&self.workbook);
        for note in &self.notes {
            let _ = writeln!(text, "{workbook}: {note}");
        }
        for rejection in &self.rejections {
            let _ = writeln!(text, "{workbook}: {}: {}", rejection.place, rejection.reason);
        }
        for conflict in &self.conflicts {
            let (ours, theirs) = (self.shown(&conflict.workbook), self.shown(&conflict.file));
            let place = conflict.place.to_string();
            let key = if conflict.newer { "conflict" } else { "conflict_unknown" };
            let by = if conflict.by.is_empty() { String::new() } else { format!(" ({})", visible::line(&conflict.by)) };
            let values = [
                ("subject", &*visible::line(&conflict.subject)),
                ("field", conflict.field.as_str()),
                ("workbook", ours.as_str()),
                ("file", theirs.as_str()),
                ("by", by.as_str()),
            ];
            let _ = writeln!(text, "{workbook}: {place}: {}", self.words.format("import", key, &values));
        }
        text
    }

    /// What to add to a manifest that does not name a file yet.
    pub fn line_to_add(&self, manifest: &std::path::Path, line: &str) -> String {
        let manifest = manifest.display().to_string();
        format!("{}\n", self.words.format("import", "add_line", &[("manifest", &manifest), ("line", line)]))
    }

    /// A value in one line, cut to what fits.
    fn shown(&self, value: &str) -> String {
        if value.is_empty() {
            return self.words.get("import", "empty").to_owned();
        }
        let line = visible::prose(&value.replace('\n', " / "));
        format!("\"{}\"", visible::cut(&line, 60))
    }
}
