//! `documents/`: what teams need on paper, as Markdown, one file of this module for each kind.
//!
//! The content of each kind is a table of its own, which the sheets of the workbook show too. Everything that comes from
//! accounts or people reaches a document through [`markdown::Md`], and a file's name through [`names`].

pub mod deliverables;
pub mod drill;
pub(super) mod guide;
mod markdown;
mod names;
pub(super) mod runbooks;
pub(super) mod scenarios;
mod stores;
pub(super) mod template;
mod texts;
pub(super) mod viewpoints;

use std::collections::BTreeMap;

use self::markdown::{Document, Md};
use self::template::Values;
pub(super) use self::texts::Texts;
use super::messages::Messages;
use super::{schedule, words};
use crate::assess::model::{Finding, Report, WorkloadReport};
use crate::diagnostic::Diagnostics;

/// The documents: path and text, in the order of their paths. The same model gives the same texts.
///
/// # Errors
/// A defect of our own texts, which the tests rule out.
pub fn render(report: &Report) -> Result<BTreeMap<String, String>, Diagnostics> {
    let paper = Paper::new(report)?;
    let mut files = BTreeMap::new();
    files.insert("viewpoints.md".to_owned(), viewpoints::document(&paper));
    files.insert("deliverables.md".to_owned(), deliverables::document(&paper));
    for workload in paper.workloads() {
        files.insert(paper.guide_file(workload), guide::document(&paper, workload));
        files.insert(paper.drill_file(workload), drill::document(&paper, workload));
    }
    files.insert("test-scenarios.md".to_owned(), scenarios::document(&paper));
    files.extend(runbooks::documents(&paper));
    files.insert("sonae.ics".to_owned(), schedule::ical(report));
    let index = index(&paper, files.keys());
    files.insert("index.md".to_owned(), index);
    Ok(files)
}

/// What every document needs.
pub(super) struct Paper<'r> {
    pub(super) report: &'r Report,
    pub(super) words: &'static Messages,
    pub(super) texts: &'static Texts,
    /// The part of file names that stands for a workload.
    files: BTreeMap<&'r str, String>,
}

impl<'r> Paper<'r> {
    /// # Errors
    /// A defect of our own texts, which the tests rule out.
    pub(super) fn new(report: &'r Report) -> Result<Self, Diagnostics> {
        let workloads = report.workloads.iter().map(|workload| (&*workload.name, &*workload.name));
        Ok(Self { report, words: Messages::of(report.language), texts: Texts::get()?, files: names::unique(workloads) })
    }

    /// The workloads that somebody declared; without any, the one that stands for everything.
    pub(super) fn workloads(&self) -> impl Iterator<Item = &'r WorkloadReport> {
        let declared = self.report.workloads.iter().any(|workload| workload.name != "default");
        self.report.workloads.iter().filter(move |workload| !declared || workload.name != "default")
    }

    /// The workload of that name.
    pub(super) fn workload(&self, name: &str) -> Option<&'r WorkloadReport> {
        self.report.workloads.iter().find(|workload| workload.name == name)
    }

    /// A word of the documents.
    pub(super) fn word<'k>(&'k self, key: &'k str) -> &'k str {
        self.words.get("document", key)
    }

    /// A sentence of the documents.
    pub(super) fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.words.format("document", key, values)
    }

    /// A word of the documents, as Markdown.
    fn md(&self, key: &str) -> Md {
        Md::text(self.word(key))
    }

    /// Words of the documents for the head of a table.
    fn head<const N: usize>(&self, keys: [&str; N]) -> [Md; N] {
        keys.map(|key| self.md(key))
    }

    /// The finding of a rule on a workload.
    pub(super) fn finding(&self, rule: &str, workload: &str) -> Option<&'r Finding> {
        self.report.findings.iter().find(|finding| finding.rule == rule && finding.workload == workload)
    }

    /// What people stated under that name in the answer to a question.
    pub(super) fn fact(&self, rule: &str, workload: &str, name: &str) -> Option<&'r serde_json::Value> {
        self.finding(rule, workload)?.evidence.0.get(name).filter(|value| !value.is_null())
    }

    /// A duration of the model as people read it.
    pub(super) fn duration(&self, iso8601: &str) -> String {
        words::duration(self.words, iso8601)
    }

    /// The file of the emergency guide, relative to the documents.
    pub(super) fn guide_file(&self, workload: &WorkloadReport) -> String {
        format!("emergency-guide-{}.md", self.file_part(&workload.name))
    }

    /// The file of the drill form, relative to the documents.
    pub(super) fn drill_file(&self, workload: &WorkloadReport) -> String {
        format!("drill-{}.md", self.file_part(&workload.name))
    }

    fn file_part(&self, workload: &str) -> &str {
        self.files.get(workload).map_or("default", String::as_str)
    }

    /// What placeholders know of a workload.
    fn values(&self, workload: &WorkloadReport) -> Values {
        let undeclared = self.word("undeclared");
        let unanswered = self.word("unanswered");
        let duration = |text: Option<&String>| text.map(|text| self.duration(text)).unwrap_or_default();
        let mut values = Values::default();
        values.set("workload", &*workload.name, undeclared);
        values.set("primary_region", &*workload.primary_region, undeclared);
        values.set("dr_region", &*workload.dr_region, undeclared);
        values.set("rlo", &*workload.rlo, undeclared);
        values.set("build_after", duration(workload.failover.build_after.as_ref()), undeclared);
        values.set("switch_after", duration(workload.failover.switch_after.as_ref()), undeclared);
        let support = workload.failover.confirm_with_support == Some(true);
        values.set("confirm_with_support", if support { "true" } else { "" }, undeclared);
        for scope in ["data", "infrastructure", "az", "region"] {
            let objective = workload.objectives.iter().find(|objective| objective.scope == scope);
            values.set(
                &format!("rpo_{scope}"),
                duration(objective.and_then(|objective| objective.rpo.as_ref())),
                undeclared,
            );
            values.set(
                &format!("rto_{scope}"),
                duration(objective.and_then(|objective| objective.rto.as_ref())),
                undeclared,
            );
        }
        let text = |rule: &str, name: &str| self.fact(rule, &workload.name, name).and_then(|value| value.as_str());
        values.set("channel", text("ops-safety-and-contact-channel", "channel").unwrap_or_default(), unanswered);
        let recovery = text("ops-failover-conditions", "recovery").map(|iso8601| self.duration(iso8601));
        values.set("recovery", recovery.unwrap_or_default(), unanswered);
        let conditions = self.fact("ops-failback-conditions", &workload.name, "conditions");
        let conditions: Vec<&str> = conditions
            .and_then(|value| value.as_array())
            .into_iter()
            .flatten()
            .filter_map(|condition| condition.as_str())
            .map(|condition| self.words.get("failback_condition", condition))
            .collect();
        values.set("failback_conditions", conditions.join(self.word("and")), unanswered);
        values
    }

    /// A document with its title and where it comes from.
    fn document(&self, title: &str) -> Document {
        let mut document = Document::new(&Md::text(title));
        let taken_at = self.report.snapshot.taken_at.strftime("%Y-%m-%d %H:%M UTC").to_string();
        let values = [("organization", &*self.report.organization), ("time", &taken_at), ("sonae", &self.report.sonae)];
        document.paragraph(&Md::text(&self.say("origin", &values)));
        document
    }
}

/// What people call a workload, and its short name.
pub(super) fn title(workload: &WorkloadReport) -> String {
    if workload.title.is_empty() || workload.title == workload.name {
        workload.name.clone()
    } else {
        format!("{} ({})", workload.title, workload.name)
    }
}

/// The first page: what there is.
fn index<'p>(paper: &Paper<'_>, paths: impl Iterator<Item = &'p String>) -> String {
    let mut document = paper.document(paper.word("index_title"));
    document.paragraph(&paper.md("index_lead"));
    let mut rows = Vec::new();
    for path in paths {
        let kind = [
            ("emergency-guide-", "guide"),
            ("drill-", "drill"),
            ("runbooks/", "runbook"),
            ("viewpoints", "viewpoints"),
            ("deliverables", "deliverables"),
            ("test-scenarios", "scenarios"),
            ("sonae.ics", "calendar"),
        ]
        .into_iter()
        .find(|(start, _)| path.starts_with(start));
        let Some((_, kind)) = kind else { continue };
        rows.push(vec![Md::link(path, path), paper.md(&format!("{kind}_title")), paper.md(&format!("{kind}_about"))]);
    }
    document.table(&paper.head(["file", "document", "about"]), &rows);
    document.finish()
}

#[cfg(test)]
mod tests;
