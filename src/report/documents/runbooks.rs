//! Runbooks: for each store that needs hands, how to bring it back, with its identifiers and figures.

use std::collections::BTreeMap;

use super::markdown::{Document, Md};
use super::stores::{self, Holds};
use super::template::{self, UNKNOWN, Values};
use super::texts::{Part, Runbook, Step};
use super::{Paper, names, title};
use crate::assess::model::{StoreReport, WayFigure};

/// A step of a runbook.
pub(in crate::report) struct Row<'r> {
    /// The store.
    pub(in crate::report) store: &'r StoreReport,
    /// The part of the runbook.
    pub(in crate::report) part: String,
    /// The number of the step within the runbook.
    pub(in crate::report) number: usize,
    /// What to do.
    pub(in crate::report) text: String,
    /// The command; empty for none.
    pub(in crate::report) cli: String,
    /// What to know; empty for nothing.
    pub(in crate::report) note: String,
}

/// The steps of all runbooks.
pub(in crate::report) fn rows<'r>(paper: &Paper<'r>) -> Vec<Row<'r>> {
    let mut rows = Vec::new();
    for store in stores_in_hand(paper) {
        let Some(runbook) = paper.texts.runbook(&store.resource_type) else { continue };
        let values = stores::values(paper, store);
        for (step, number) in steps(runbook, &values).into_iter().zip(1..) {
            let language = paper.report.language;
            rows.push(Row {
                store,
                part: paper.words.get("runbook_part", step.part.as_str()).to_owned(),
                number,
                text: template::plain(step.text.get(language), &values),
                cli: template::shell(&step.cli, &values),
                note: note(paper, step, &values),
            });
        }
    }
    rows
}

/// The stores that people bring back.
fn stores_in_hand<'r>(paper: &Paper<'r>) -> impl Iterator<Item = &'r StoreReport> {
    paper.report.stores.iter().filter(|store| store.responsibility == "needs_hands" && store.resource != "*")
}

/// The steps that concern a store, part by part. Where it could not be read whether one does, it is there: leaving it
/// out would be the worse mistake.
fn steps<'t>(runbook: &'t Runbook, values: &Values) -> Vec<&'t Step> {
    let concerns = |step: &&Step| {
        !matches!(stores::holds(values, &step.only, &step.needs), Holds::No(_))
            && (step.without.is_empty() || !step.without.iter().any(|name| values.has(name)))
    };
    let mut steps: Vec<&Step> = runbook.steps.iter().filter(concerns).collect();
    steps.sort_by_key(|step| step.part);
    steps
}

/// What to know before a step, and why it may not concern the store.
fn note(paper: &Paper<'_>, step: &Step, values: &Values) -> String {
    let language = paper.report.language;
    let own = step.note.as_ref().map(|note| template::plain(note.get(language), values));
    let doubt = match stores::holds(values, &step.only, &step.needs) {
        Holds::Unknown(reason) => Some(paper.say("step_unknown", &[("reason", &reason)])),
        Holds::Yes | Holds::No(_) => None,
    };
    own.into_iter().chain(doubt).collect::<Vec<_>>().join("\n")
}

/// The files, relative to the documents.
pub(super) fn documents(paper: &Paper<'_>) -> BTreeMap<String, String> {
    let stores: Vec<(String, &StoreReport)> = stores_in_hand(paper).map(|store| (key(store), store)).collect();
    let mut files = BTreeMap::new();
    let mut workloads: Vec<&str> = stores.iter().map(|(_, store)| store.workload.as_str()).collect();
    workloads.sort_unstable();
    workloads.dedup();
    for workload in workloads {
        let own = || stores.iter().filter(|(_, store)| store.workload == workload);
        let names = names::unique(own().map(|(key, store)| (key.as_str(), store.resource.as_str())));
        for (key, store) in own() {
            let Some(name) = names.get(key.as_str()) else { continue };
            files.insert(format!("runbooks/{}/{name}.md", paper.file_part(workload)), document(paper, store));
        }
    }
    files
}

/// What tells a store from all others.
fn key(store: &StoreReport) -> String {
    [&*store.account, &store.region, &store.resource_type, &store.resource].join("/")
}

fn document(paper: &Paper<'_>, store: &StoreReport) -> String {
    let values = stores::values(paper, store);
    let mut document = paper.document(&paper.say("runbook_of", &[("name", &store.name), ("type", &store.type_title)]));
    document.paragraph(&paper.md("runbook_lead"));
    let runbook = paper.texts.runbook(&store.resource_type);
    facts(paper, store, runbook, &values, &mut document);
    figures(paper, store, &mut document);
    let Some(runbook) = runbook else {
        document.heading(2, &paper.md("steps"));
        document.paragraph(&Md::text(&paper.say("no_template", &[("type", &store.type_title)])));
        return document.finish();
    };
    let mut part: Option<Part> = None;
    for (step, number) in steps(runbook, &values).into_iter().zip(1..) {
        if part != Some(step.part) {
            part = Some(step.part);
            document.heading(2, &Md::text(paper.words.get("runbook_part", step.part.as_str())));
        }
        let text = template::md(step.text.get(paper.report.language), &values);
        document.list("- [ ]", [&Md::text(&format!("{number}:")).bold().then(&Md::piece(" ")).then(&text)]);
        let cli = template::shell(&step.cli, &values);
        if !cli.is_empty() {
            document.shell(&cli);
        }
        let note = note(paper, step, &values);
        if !note.is_empty() {
            document.remark(&Md::text(&note));
        }
    }
    document.heading(2, &paper.md("sources"));
    let sources: Vec<Md> = runbook.sources.iter().map(|source| Md::address(source)).collect();
    document.list("-", &sources);
    document.finish()
}

/// The store at the head of its runbook.
fn facts(paper: &Paper<'_>, store: &StoreReport, runbook: Option<&Runbook>, values: &Values, document: &mut Document) {
    document.heading(2, &paper.md("store"));
    let workload = paper.workload(&store.workload).map_or_else(|| store.workload.clone(), title);
    let mut rows: Vec<Vec<Md>> = [
        ("workload", Md::text(&workload)),
        ("account", Md::code(&store.account)),
        ("region", Md::code(&store.region)),
        ("resource", Md::code(&store.resource)),
        ("arn", Md::code(&store.arn)),
    ]
    .into_iter()
    .map(|(name, value)| vec![Md::text(paper.words.get("column", name)), value])
    .collect();
    rows.push(vec![paper.md("responsibility"), Md::text(&store.responsibility_reason)]);
    for name in runbook.into_iter().flat_map(|runbook| &runbook.facts) {
        rows.push(vec![Md::text(name), Md::text(&stores::fact(values, name))]);
    }
    for name in ["recovery_point_time", "dr_recovery_point_time"] {
        if values.has(name) {
            rows.push(vec![paper.md(name), Md::text(&stores::fact(values, name))]);
        }
    }
    document.table(&paper.head(["condition", "value"]), &rows);
}

/// What recovery is held to, and what it can reach.
fn figures(paper: &Paper<'_>, store: &StoreReport, document: &mut Document) {
    document.heading(2, &paper.md("figures"));
    let objective = |iso8601: &Option<String>| match iso8601 {
        Some(iso8601) => Md::text(&paper.duration(iso8601)),
        None => paper.md("undeclared"),
    };
    let estimate = |figure: Option<&WayFigure>| match figure {
        Some(WayFigure { figure: Some(iso8601), .. }) => Md::text(&paper.duration(iso8601)),
        Some(figure) => Md::text(&format!("{UNKNOWN} ({})", figure.why)),
        None => Md::text("–"),
    };
    let rows: Vec<Vec<Md>> = store
        .scopes
        .iter()
        .map(|scope| {
            let best = scope.ways.first();
            let mechanism = match best {
                Some(way) => Md::text(&way.title),
                None if scope.open.is_empty() => paper.md("no_mechanism"),
                None => Md::text(&format!("{UNKNOWN} ({})", scope.open)),
            };
            vec![
                Md::text(paper.words.get("scope", &scope.scope)),
                mechanism,
                objective(&scope.rpo_objective),
                estimate(best.map(|way| &way.rpo)),
                objective(&scope.rto_objective),
                estimate(best.map(|way| &way.rto)),
            ]
        })
        .collect();
    let keys = ["drill_scope", "mechanism", "rpo_objective", "rpo_estimate", "rto_objective", "rto_estimate"];
    document.table(&paper.head(keys), &rows);
}
