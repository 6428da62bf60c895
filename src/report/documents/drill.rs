//! The drill plan and report: a form, filled in as far as is known. On paper it is Markdown; its sheet in the workbook
//! reads back as answers to the questions on drills, by the keys of its lines.

use super::markdown::Md;
use super::{Paper, title};
use crate::assess::model::{WorkloadReport, display};

/// The scopes of a drill, as the questions on drills name them, and the scope whose objectives they are held to.
pub const SCOPES: [(&str, &str); 4] =
    [("data", "data"), ("instance", "infrastructure"), ("az", "az"), ("region", "region")];
/// The results of a drill, as answers state them.
pub const RESULTS: [&str; 3] = ["passed", "conditional", "failed"];

/// A line of the form.
pub(in crate::report) struct Line {
    /// Its key, the same in every language. That of a scope begins with `scope.`.
    pub(in crate::report) key: String,
    /// What people call it.
    pub(in crate::report) label: String,
    /// What is known already; people may change it unless the entry is fixed.
    pub(in crate::report) content: String,
    /// What is to be filled in.
    pub(in crate::report) entry: Entry,
    /// The RTO aimed for, for a scope.
    pub(in crate::report) rto: String,
    /// The RPO aimed for, for a scope.
    pub(in crate::report) rpo: String,
    /// What to write.
    pub(in crate::report) hint: String,
}

/// What is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Entry {
    /// Nothing.
    Fixed,
    /// A text.
    Text,
    /// A day.
    Date,
    /// One of the results.
    Result,
    /// Yes or no.
    YesNo,
    /// Yes or no, and the RTO and RPO measured.
    Scope,
}

/// The lines of a workload's form.
pub(in crate::report) fn form(paper: &Paper<'_>, workload: &WorkloadReport) -> Vec<Line> {
    let line = |key: &str, entry: Entry, content: String| Line {
        key: key.to_owned(),
        label: paper.words.get("drill_field", key).to_owned(),
        content,
        entry,
        rto: String::new(),
        rpo: String::new(),
        hint: paper.words.get("drill_hint", key).to_owned(),
    };
    let name = title(workload);
    let mut lines = vec![
        line("purpose", Entry::Text, paper.say("drill_purpose", &[("workload", &name)])),
        line("plan", Entry::Text, plan(paper, workload)),
    ];
    for (scope, objective) in SCOPES {
        let objective = workload.objectives.iter().find(|known| known.scope == objective);
        let duration = |text: Option<&String>| text.map(|text| paper.duration(text)).unwrap_or_default();
        if scope == "region" && workload.dr_region.is_empty() {
            continue;
        }
        lines.push(Line {
            key: format!("scope.{scope}"),
            label: paper.words.get("drill_scope", scope).to_owned(),
            content: String::new(),
            entry: Entry::Scope,
            rto: duration(objective.and_then(|objective| objective.rto.as_ref())),
            rpo: duration(objective.and_then(|objective| objective.rpo.as_ref())),
            hint: paper.words.get("drill_hint", "scope").to_owned(),
        });
    }
    let day = |rule: &str, name: &str| {
        let value = paper.fact(rule, &workload.name, name).and_then(|value| value.as_str());
        value.and_then(|text| text.get(..10)).unwrap_or_default().to_owned()
    };
    lines.extend([
        line("planned", Entry::Date, day("ops-test-calendar", "next_dr_test")),
        line("previous", Entry::Fixed, previous(paper, workload)),
        line("date", Entry::Date, String::new()),
        line("people", Entry::Text, String::new()),
        line("whole", Entry::YesNo, String::new()),
        line("result", Entry::Result, String::new()),
        line("problems", Entry::Text, String::new()),
        line("improvements", Entry::Text, String::new()),
        line("supplement", Entry::Text, String::new()),
        line("report", Entry::Text, String::new()),
        line("author", Entry::Text, String::new()),
        line("written", Entry::Date, String::new()),
    ]);
    lines
}

/// What to rehearse: a line for each scope that has an objective.
fn plan(paper: &Paper<'_>, workload: &WorkloadReport) -> String {
    let mut actions = Vec::new();
    for (scope, objective) in SCOPES {
        let declared = workload.objectives.iter().find(|known| known.scope == objective);
        let Some(declared) = declared.filter(|it| it.rto.is_some() || it.rpo.is_some()) else { continue };
        if scope == "region" && workload.dr_region.is_empty() {
            continue;
        }
        let undeclared = paper.word("undeclared").to_owned();
        let duration = |text: &Option<String>| text.as_deref().map_or(undeclared.clone(), |text| paper.duration(text));
        let values = [
            ("rto", duration(&declared.rto)),
            ("rpo", duration(&declared.rpo)),
            ("dr_region", workload.dr_region.clone()),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        actions.push(paper.words.format("drill_plan", scope, &values));
    }
    actions.join("\n")
}

/// How the last drill went, by the answers.
fn previous(paper: &Paper<'_>, workload: &WorkloadReport) -> String {
    let rule = "ftr-dr-007-dr-test-performed";
    let date = paper.fact(rule, &workload.name, "last_test").and_then(|value| value.as_str());
    let result = paper.fact(rule, &workload.name, "result").map(display).unwrap_or_default();
    match date.and_then(|date| date.get(..10)) {
        Some(date) => {
            let result = paper.words.get("drill_result", &result);
            paper.say("drill_previous", &[("date", date), ("result", result)])
        }
        None => paper.word("drill_never").to_owned(),
    }
}

pub(super) fn document(paper: &Paper<'_>, workload: &WorkloadReport) -> String {
    let mut document = paper.document(&paper.say("drill_of", &[("workload", &title(workload))]));
    document.paragraph(&paper.md("drill_lead"));
    let lines = form(paper, workload);
    let table = |keep: &dyn Fn(&str) -> bool| -> Vec<Vec<Md>> {
        lines
            .iter()
            .filter(|line| line.entry != Entry::Scope && keep(&line.key))
            .map(|line| vec![Md::text(&line.label).bold(), written(paper, line), Md::text(&line.hint)])
            .collect()
    };
    let head = paper.head(["field", "content", "hint"]);
    let is_plan = |key: &str| ["purpose", "plan", "planned", "previous"].contains(&key);
    document.heading(2, &paper.md("drill_plan_heading"));
    document.table(&head, &table(&is_plan));
    document.heading(2, &paper.md("drill_report_heading"));
    let scopes: Vec<Vec<Md>> = lines
        .iter()
        .filter(|line| line.entry == Entry::Scope)
        .map(|line| {
            let shown = |text: &String| if text.is_empty() { paper.md("undeclared") } else { Md::text(text) };
            let blank = Md::default();
            vec![Md::text(&line.label).bold(), blank.clone(), shown(&line.rto), blank.clone(), shown(&line.rpo), blank]
        })
        .collect();
    let keys = ["drill_scope", "rehearsed", "rto_objective", "rto_measured", "rpo_objective", "rpo_measured"];
    document.table(&paper.head(keys), &scopes);
    document.table(&head, &table(&|key| !is_plan(key)));
    document.finish()
}

/// What is known, or what to choose from.
fn written(paper: &Paper<'_>, line: &Line) -> Md {
    match line.entry {
        Entry::Result => {
            let choices: Vec<String> =
                RESULTS.iter().map(|result| format!("□ {}", paper.words.get("drill_result", result))).collect();
            Md::text(&choices.join("  "))
        }
        Entry::YesNo => {
            Md::text(&["yes", "no"].map(|choice| format!("□ {}", paper.words.get("drill_choice", choice))).join("  "))
        }
        _ => Md::text(&line.content),
    }
}
