//! DR test scenarios: for each store, how to bring failures about, what must be so before, and what should happen.

use super::markdown::{Document, Md};
use super::stores::{self, Holds};
use super::template::{self, Values};
use super::texts::{Precondition, Scenario};
use super::{Paper, title};
use crate::assess::model::StoreReport;

/// A test of a store.
pub(in crate::report) struct Row<'r> {
    /// The store.
    pub(in crate::report) store: &'r StoreReport,
    /// What fails.
    pub(in crate::report) kind: String,
    /// The scope whose objectives it is held to.
    pub(in crate::report) scope: String,
    /// What is tested.
    pub(in crate::report) title: &'static str,
    /// What must be so before: a line each, with what the scan saw of it.
    pub(in crate::report) preconditions: Vec<String>,
    /// What to do.
    pub(in crate::report) action: String,
    /// The command; empty for none.
    pub(in crate::report) cli: String,
    /// What should happen.
    pub(in crate::report) expect: String,
    /// What to know; empty for nothing.
    pub(in crate::report) note: String,
}

/// The tests of all stores.
pub(in crate::report) fn rows<'r>(paper: &Paper<'r>) -> Vec<Row<'r>> {
    let language = paper.report.language;
    let mut rows = Vec::new();
    for store in known(paper) {
        let values = stores::values(paper, store);
        for scenario in scenarios(paper, store, &values) {
            rows.push(Row {
                store,
                kind: paper.words.get("failure", scenario.kind.as_str()).to_owned(),
                scope: paper.words.get("scope", &scenario.scope).to_owned(),
                title: scenario.title.get(language),
                preconditions: scenario
                    .preconditions
                    .iter()
                    .map(|precondition| {
                        let (mark, text) = precondition_line(paper, precondition, &values);
                        format!("{} {text}", if mark { "☑" } else { "□" })
                    })
                    .collect(),
                action: template::plain(scenario.action.get(language), &values),
                cli: template::shell(&scenario.cli, &values),
                expect: template::plain(scenario.expect.get(language), &values),
                note: note(paper, scenario, &values),
            });
        }
    }
    rows
}

fn known<'r>(paper: &Paper<'r>) -> impl Iterator<Item = &'r StoreReport> {
    paper.report.stores.iter().filter(|store| store.resource != "*")
}

/// The tests that make sense for a store; also those of which that could not be read.
fn scenarios(paper: &Paper<'_>, store: &StoreReport, values: &Values) -> Vec<&'static Scenario> {
    let all = paper.texts.scenarios(&store.resource_type).iter();
    all.filter(|scenario| !matches!(stores::holds(values, &scenario.only, &scenario.needs), Holds::No(_))).collect()
}

/// A precondition, whether the scan saw that it is met, and else what it saw.
fn precondition_line(paper: &Paper<'_>, precondition: &Precondition, values: &Values) -> (bool, String) {
    let text = precondition.text.get(paper.report.language);
    if precondition.only.is_empty() && precondition.needs.is_empty() {
        return (false, text.to_owned());
    }
    match stores::holds(values, &precondition.only, &precondition.needs) {
        Holds::Yes => (true, text.to_owned()),
        Holds::No(seen) => (false, paper.say("not_met", &[("text", text), ("seen", &seen)])),
        Holds::Unknown(reason) => (false, paper.say("not_known", &[("text", text), ("reason", &reason)])),
    }
}

fn note(paper: &Paper<'_>, scenario: &Scenario, values: &Values) -> String {
    scenario.note.as_ref().map(|note| template::plain(note.get(paper.report.language), values)).unwrap_or_default()
}

pub(super) fn document(paper: &Paper<'_>) -> String {
    let mut document = paper.document(paper.word("scenarios_title"));
    document.paragraph(&paper.md("scenarios_lead"));
    let mut workload: Option<&str> = None;
    let mut any = false;
    for store in known(paper) {
        let values = stores::values(paper, store);
        let scenarios = scenarios(paper, store, &values);
        if scenarios.is_empty() {
            continue;
        }
        any = true;
        if workload != Some(&store.workload) {
            workload = Some(&store.workload);
            let known = paper.workload(&store.workload).map(title);
            let heading = known.unwrap_or_else(|| paper.words.get("workbook", "unassigned").to_owned());
            document.heading(2, &Md::text(&heading));
        }
        document.heading(3, &Md::text(&format!("{} ({}, {})", store.name, store.type_title, store.region)));
        for scenario in scenarios {
            one(paper, scenario, &values, &mut document);
        }
    }
    if !any {
        document.paragraph(&paper.md("nothing"));
    }
    document.finish()
}

fn one(paper: &Paper<'_>, scenario: &Scenario, values: &Values, document: &mut Document) {
    let language = paper.report.language;
    let kind = paper.words.get("failure", scenario.kind.as_str());
    let title = scenario.title.get(language);
    document.heading(4, &Md::text(&if title == kind { kind.to_owned() } else { format!("{kind}: {title}") }));
    for precondition in &scenario.preconditions {
        let (met, text) = precondition_line(paper, precondition, values);
        document.list(if met { "- [x]" } else { "- [ ]" }, [&Md::text(&text)]);
    }
    let label = |key: &str| Md::text(&format!("{}: ", paper.word(key))).bold().then(&Md::piece(" "));
    let scope = paper.words.get("scope", &scenario.scope);
    document.paragraph(&label("held_to").then(&Md::text(scope)));
    document.paragraph(&label("action").then(&template::md(scenario.action.get(language), values)));
    let cli = template::shell(&scenario.cli, values);
    if !cli.is_empty() {
        document.shell(&cli);
    }
    document.paragraph(&label("expected").then(&template::md(scenario.expect.get(language), values)));
    let note = note(paper, scenario, values);
    if !note.is_empty() {
        document.paragraph(&label("note").then(&Md::text(&note)));
    }
    let sources: Vec<Md> = scenario.sources.iter().map(|source| Md::address(source)).collect();
    document.paragraph(&label("sources").then(&Md::join(&sources, ", ")));
}
