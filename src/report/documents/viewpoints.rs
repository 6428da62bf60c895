//! The viewpoint table: how each resource is set up for redundancy, backup frequency and retention, what is required,
//! and the verdict.

use std::collections::BTreeMap;

use super::markdown::Md;
use super::template::UNKNOWN;
use super::{Paper, title};
use crate::assess::model::{Finding, RuleInfo, Status, display};
use crate::report::words;

/// The viewpoints in the order of the table.
const VIEWPOINTS: [&str; 3] = ["redundancy", "backup_frequency", "retention"];

/// A line of the table: a resource from one viewpoint.
pub(in crate::report) struct Row<'r> {
    /// The finding that decides.
    pub(in crate::report) finding: &'r Finding,
    /// The key of the viewpoint.
    pub(in crate::report) viewpoint: &'static str,
    /// How it is set, by the names of the rules' evidence.
    pub(in crate::report) settings: Vec<(String, String)>,
    /// What the objectives and parameters ask for.
    pub(in crate::report) required: Vec<String>,
    /// The worst verdict of the rules on this viewpoint.
    pub(in crate::report) verdict: Status,
    /// Why.
    pub(in crate::report) note: String,
}

/// The lines, by workload, resource and viewpoint.
pub(in crate::report) fn rows<'r>(paper: &Paper<'r>) -> Vec<Row<'r>> {
    let places: BTreeMap<&str, usize> =
        paper.report.workloads.iter().enumerate().map(|(place, workload)| (&*workload.name, place)).collect();
    let mut found: BTreeMap<_, Vec<(&Finding, &RuleInfo)>> = BTreeMap::new();
    for finding in &paper.report.findings {
        let Some(rule) = paper.report.rules.get(&finding.rule) else { continue };
        let word = rule.viewpoint.as_deref();
        let Some(viewpoint) = word.and_then(|word| VIEWPOINTS.iter().position(|known| *known == word)) else {
            continue;
        };
        let place = places.get(finding.workload.as_str()).copied().unwrap_or(usize::MAX);
        let resource = (&finding.resource_type, &finding.account, &finding.region, &finding.resource, &finding.arn);
        found.entry((place, &finding.workload, resource, viewpoint)).or_default().push((finding, rule));
    }
    found
        .into_iter()
        .filter_map(|((.., viewpoint), findings)| row(paper, VIEWPOINTS.get(viewpoint).copied()?, &findings))
        .collect()
}

fn row<'r>(paper: &Paper<'r>, viewpoint: &'static str, all: &[(&'r Finding, &'r RuleInfo)]) -> Option<Row<'r>> {
    // What does not apply says nothing where another rule on the same viewpoint does.
    let applies = |(finding, _): &&(&Finding, &RuleInfo)| finding.status != Status::NotApplicable;
    let some: Vec<_> = all.iter().filter(applies).collect();
    let findings: Vec<_> = if some.is_empty() { all.iter().collect() } else { some };
    let rank = |status: Status| Status::ALL.iter().position(|known| *known == status);
    let (worst, _) = findings.iter().min_by_key(|(finding, _)| rank(finding.status))?;
    let (mut settings, mut required) = (Vec::new(), objectives(paper, &worst.workload, viewpoint));
    for (finding, rule) in &findings {
        for (name, value) in &finding.evidence.0 {
            let shown = match value {
                serde_json::Value::Array(items) if items.is_empty() => "–".to_owned(),
                value if value.get("$unknown").is_some() => UNKNOWN.to_owned(),
                value => display(value),
            };
            if rule.required.contains(name) {
                let line = format!("{name}: {shown}");
                if !required.contains(&line) {
                    required.push(line);
                }
            } else if !rule.objectives.contains(name) && !settings.iter().any(|(known, _)| known == name) {
                settings.push((name.clone(), shown));
            }
        }
    }
    let mut notes: Vec<&str> = Vec::new();
    for (finding, _) in &findings {
        if !finding.reason.is_empty() && !notes.contains(&finding.reason.as_str()) {
            notes.push(&finding.reason);
        }
    }
    Some(Row { finding: worst, viewpoint, settings, required, verdict: worst.status, note: notes.join("\n") })
}

/// What the workload promised that this viewpoint serves.
fn objectives(paper: &Paper<'_>, workload: &str, viewpoint: &str) -> Vec<String> {
    let Some(workload) = paper.workload(workload) else { return Vec::new() };
    let of = |scope: &str| workload.objectives.iter().find(|objective| objective.scope == scope);
    let line = |key: &str, value: &Option<String>| {
        value.as_deref().map(|value| paper.say(key, &[("value", &paper.duration(value))]))
    };
    match viewpoint {
        "redundancy" => {
            of("az").into_iter().flat_map(|it| [line("rto_az", &it.rto), line("rpo_az", &it.rpo)]).flatten().collect()
        }
        "backup_frequency" => of("data").and_then(|it| line("rpo_data", &it.rpo)).into_iter().collect(),
        _ => line("retention_objective", &workload.retention).into_iter().collect(),
    }
}

pub(super) fn document(paper: &Paper<'_>) -> String {
    let mut document = paper.document(paper.word("viewpoints_title"));
    document.paragraph(&paper.md("viewpoints_lead"));
    let rows = rows(paper);
    let head = paper.head(["resource", "place", "viewpoint", "setting", "required", "verdict", "note"]);
    let mut workload: Option<&str> = None;
    let mut lines: Vec<Vec<Md>> = Vec::new();
    for row in &rows {
        if workload != Some(&row.finding.workload) {
            document.table(&head, &std::mem::take(&mut lines));
            workload = Some(&row.finding.workload);
            let known = paper.workload(&row.finding.workload).map(title);
            let heading = known.unwrap_or_else(|| paper.words.get("workbook", "unassigned").to_owned());
            document.heading(2, &Md::text(&heading));
        }
        lines.push(line(paper, row));
    }
    document.table(&head, &lines);
    if rows.is_empty() {
        document.paragraph(&paper.md("nothing"));
    }
    document.finish()
}

fn line(paper: &Paper<'_>, row: &Row<'_>) -> Vec<Md> {
    let finding = row.finding;
    let settings: Vec<Md> = row.settings.iter().map(|(name, value)| Md::text(&format!("{name}: {value}"))).collect();
    vec![
        Md::join([&Md::code(&finding.name), &Md::text(&finding.resource_type)], "<br>"),
        Md::join([&Md::code(&finding.account), &Md::code(&finding.region)], "<br>"),
        Md::text(paper.words.get("viewpoint", row.viewpoint)),
        Md::join(&settings, "<br>"),
        Md::text(&row.required.join("\n")),
        Md::text(words::status(paper.words, row.verdict)).bold(),
        Md::text(&row.note),
    ]
}
