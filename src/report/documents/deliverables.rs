//! The deliverables tracker: what the work yields, phase by phase, and how far it is.

use super::markdown::Md;
use super::texts::{Deliverable, Phase};
use super::{Paper, Texts, title};
use crate::assess::model::{AnswerStatus, Status, WorkloadReport};
use crate::report::words;

/// The question whose answer holds what people state in the tracker.
pub const QUESTION: &str = "ops-dev-process-gate";
/// The fact of its answer that holds them, as `design-sheet=done`.
pub const STATUSES: &str = "statuses";

/// The fact of its answer that says of which deliverables there is a status.
pub const DELIVERABLES: &str = "deliverables";
/// What stands behind the status on the sheet as it was written, when people had stated it themselves.
pub const STATED: &str = " stated";

/// The word of [`QUESTION`] that a deliverable counts for: `design`, `runbook` or `test`. None for what is no
/// deliverable.
pub fn gate(id: &str) -> Option<&'static str> {
    let phases = &Texts::get().ok()?.deliverables.phases;
    let known = phases.iter().flat_map(|phase| &phase.deliverables).find(|deliverable| deliverable.id == id)?;
    Some(&known.gate)
}

/// A line of the tracker.
pub(in crate::report) struct Row<'r> {
    /// The workload.
    pub(in crate::report) workload: &'r WorkloadReport,
    /// The phase.
    pub(in crate::report) phase: &'static str,
    /// The id of the deliverable.
    pub(in crate::report) id: &'static str,
    /// Its title.
    pub(in crate::report) title: &'static str,
    /// What it holds.
    pub(in crate::report) about: &'static str,
    /// The document of ours that helps with it; empty for none.
    pub(in crate::report) document: String,
    /// How far it is.
    pub(in crate::report) status: AnswerStatus,
    /// Whether people stated that themselves.
    pub(in crate::report) stated: bool,
    /// The state of what proves it, one line each.
    pub(in crate::report) proofs: Vec<String>,
}

/// The lines, by workload and phase.
pub(in crate::report) fn rows<'r>(paper: &Paper<'r>) -> Vec<Row<'r>> {
    let mut rows = Vec::new();
    for workload in paper.workloads() {
        for phase in &paper.texts.deliverables.phases {
            rows.extend(phase.deliverables.iter().map(|deliverable| row(paper, workload, phase, deliverable)));
        }
    }
    rows
}

fn row<'r>(
    paper: &Paper<'r>,
    workload: &'r WorkloadReport,
    phase: &'static Phase,
    deliverable: &'static Deliverable,
) -> Row<'r> {
    let language = paper.report.language;
    let proofs: Vec<(AnswerStatus, String)> =
        deliverable.proved_by.iter().filter_map(|rule| proof(paper, rule, &workload.name)).collect();
    let stated = stated(paper, &workload.name, &deliverable.id);
    Row {
        workload,
        phase: phase.title.get(language),
        id: &deliverable.id,
        title: deliverable.title.get(language),
        about: deliverable.about.get(language),
        document: match deliverable.document.as_str() {
            "emergency-guide" => paper.guide_file(workload),
            "drill" => paper.drill_file(workload),
            other => other.to_owned(),
        },
        status: stated.unwrap_or_else(|| combined(proofs.iter().map(|(status, _)| *status))),
        stated: stated.is_some(),
        proofs: proofs.into_iter().map(|(_, line)| line).collect(),
    }
}

/// What people stated in the tracker.
fn stated(paper: &Paper<'_>, workload: &str, id: &str) -> Option<AnswerStatus> {
    let statuses = paper.fact(QUESTION, workload, STATUSES)?.as_array()?;
    let mut entries = statuses.iter().filter_map(|entry| entry.as_str()?.split_once('='));
    let (_, stated) = entries.find(|(known, _)| *known == id)?;
    AnswerStatus::ALL.into_iter().find(|status| word(*status) == stated)
}

/// The word of the answers file for a status.
pub const fn word(status: AnswerStatus) -> &'static str {
    match status {
        AnswerStatus::NotStarted => "not_started",
        AnswerStatus::InProgress => "in_progress",
        AnswerStatus::Done => "done",
        AnswerStatus::NotApplicable => "not_applicable",
    }
}

/// How far what proves it is: an answer that does not hold, or no longer, is work in progress.
fn proof(paper: &Paper<'_>, rule: &str, workload: &str) -> Option<(AnswerStatus, String)> {
    let item = paper
        .report
        .checklist
        .iter()
        .find(|item| item.rule == rule && (item.workload == workload || !item.question))?;
    let status = if item.question {
        match item.verdict {
            Status::Pass | Status::Waived => AnswerStatus::Done,
            Status::NotApplicable => AnswerStatus::NotApplicable,
            Status::Fail => AnswerStatus::InProgress,
            Status::Manual | Status::Unknown => match item.answer_status {
                AnswerStatus::NotStarted => AnswerStatus::NotStarted,
                _ => AnswerStatus::InProgress,
            },
        }
    } else {
        let findings = paper.report.findings.iter().filter(|it| it.rule == rule && it.workload == workload);
        combined(findings.map(|finding| match finding.status {
            Status::Pass | Status::Waived => AnswerStatus::Done,
            Status::NotApplicable => AnswerStatus::NotApplicable,
            Status::Fail | Status::Unknown | Status::Manual => AnswerStatus::NotStarted,
        }))
    };
    let title = paper.report.rules.get(rule).map_or(rule, |info| info.title.as_str());
    Some((status, format!("{title}: {}", words::answer_status(paper.words, status))))
}

/// All of them in one word. What does not apply does not count.
fn combined(statuses: impl Iterator<Item = AnswerStatus>) -> AnswerStatus {
    let all: Vec<AnswerStatus> = statuses.collect();
    let counting: Vec<AnswerStatus> =
        all.iter().copied().filter(|status| *status != AnswerStatus::NotApplicable).collect();
    match counting.as_slice() {
        [] if all.is_empty() => AnswerStatus::NotStarted,
        [] => AnswerStatus::NotApplicable,
        [first, rest @ ..] if rest.iter().all(|other| other == first) => *first,
        _ => AnswerStatus::InProgress,
    }
}

pub(super) fn document(paper: &Paper<'_>) -> String {
    let mut document = paper.document(paper.word("deliverables_title"));
    document.paragraph(&paper.md("deliverables_lead"));
    let rows = rows(paper);
    let head = paper.head(["phase", "deliverable", "status", "basis", "document"]);
    for workload in paper.workloads() {
        document.heading(2, &Md::text(&title(workload)));
        let lines: Vec<Vec<Md>> = rows
            .iter()
            .filter(|row| row.workload.name == workload.name)
            .map(|row| {
                let basis = if row.stated { paper.word("stated").to_owned() } else { row.proofs.join("\n") };
                vec![
                    Md::text(row.phase),
                    Md::join([&Md::text(row.title).bold(), &Md::text(row.about)], "<br>"),
                    Md::text(words::answer_status(paper.words, row.status)),
                    Md::text(&basis),
                    if row.document.is_empty() { Md::default() } else { Md::link(&row.document, &row.document) },
                ]
            })
            .collect();
        document.table(&head, &lines);
    }
    document.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use AnswerStatus::{Done, InProgress, NotApplicable, NotStarted};

    #[test]
    fn several_proofs_make_one_status() {
        for (proofs, expected) in [
            (&[][..], NotStarted),
            (&[Done, Done], Done),
            (&[Done, NotApplicable], Done),
            (&[NotApplicable], NotApplicable),
            (&[Done, NotStarted], InProgress),
            (&[NotStarted, NotStarted], NotStarted),
            (&[InProgress, NotStarted], InProgress),
        ] {
            assert_eq!(combined(proofs.iter().copied()), expected, "{proofs:?}");
        }
    }
}
