use std::collections::BTreeSet;

use super::super::template::{Piece, pieces};
use super::super::{Paper, stores};
use super::*;
use crate::model::Language;
use crate::model::types;
use crate::report::sample::sample;

fn texts() -> &'static Texts {
    Texts::get().expect("our own texts")
}

/// The placeholders that every workload gives values to.
fn of_workloads() -> BTreeSet<String> {
    let report = sample(Language::En);
    let paper = Paper::new(&report).expect("our own texts");
    let workload = paper.workloads().next().expect("a workload");
    paper.values(workload).names().map(str::to_owned).collect()
}

fn both(text: &Text) -> [&str; 2] {
    [&text.ja, &text.en]
}

/// Stops the test unless every placeholder of the texts is known.
fn check<'t>(what: &str, known: &BTreeSet<String>, texts: impl IntoIterator<Item = &'t str>) {
    for text in texts {
        assert!(!text.trim().is_empty() || text.is_empty(), "{what}: a text of blanks");
        for piece in pieces(text) {
            if let Piece::Name(name) = piece {
                assert!(known.contains(name), "{what}: nothing gives a value to {{{name}}} in {text:?}");
            }
        }
    }
}

fn check_names<'t>(what: &str, known: &BTreeSet<String>, names: impl IntoIterator<Item = &'t String>) {
    for name in names {
        assert!(known.contains(name), "{what}: nothing gives a value to {name}");
    }
}

/// What placeholders of a type may name: its fields, what follows from them, and its workload.
fn of_type(ty: &str) -> BTreeSet<String> {
    let known = types::ALL.iter().find(|known| known.name == ty).unwrap_or_else(|| panic!("{ty} is no type"));
    assert!(known.stateful, "{ty} holds no data");
    let fields = known.fields.iter().map(|field| field.name.to_owned());
    fields.chain(stores::DERIVED.map(str::to_owned)).chain(of_workloads()).collect()
}

fn check_sources(what: &str, sources: &[String]) {
    assert!(!sources.is_empty(), "{what} names no source");
    for source in sources {
        assert!(source.starts_with("https://docs.aws.amazon.com/"), "{what}: {source}");
    }
}

#[test]
fn every_placeholder_of_a_runbook_has_a_value() {
    assert!(texts().runbooks.len() > 10, "the runbooks are there");
    for runbook in &texts().runbooks {
        let known = of_type(&runbook.ty);
        let what = &*runbook.ty;
        check_names(what, &known, &runbook.facts);
        check_sources(what, &runbook.sources);
        for step in &runbook.steps {
            check(what, &known, both(&step.text));
            check(what, &known, step.note.iter().flat_map(both));
            check(what, &known, [step.cli.as_str()]);
            check_names(what, &known, step.only.keys().chain(&step.needs).chain(&step.without));
        }
    }
}

#[test]
fn every_runbook_has_all_its_parts() {
    for runbook in &texts().runbooks {
        for part in [Part::Prepare, Part::Restore, Part::Switch, Part::Verify, Part::Fill] {
            assert!(runbook.steps.iter().any(|step| step.part == part), "{} has no {}", runbook.ty, part.as_str());
        }
    }
}

#[test]
fn every_placeholder_of_a_scenario_has_a_value() {
    assert!(texts().scenarios.len() > 10, "the scenarios are there");
    for of in &texts().scenarios {
        let known = of_type(&of.ty);
        let what = &*of.ty;
        for scenario in &of.scenarios {
            check_sources(what, &scenario.sources);
            assert!(
                ["data", "infrastructure", "az", "region"].contains(&&*scenario.scope),
                "{what}: {}",
                scenario.scope
            );
            check(what, &known, both(&scenario.title));
            check(what, &known, both(&scenario.action));
            check(what, &known, both(&scenario.expect));
            check(what, &known, scenario.note.iter().flat_map(both));
            check(what, &known, [scenario.cli.as_str()]);
            check_names(what, &known, scenario.only.keys().chain(&scenario.needs));
            for precondition in &scenario.preconditions {
                check(what, &BTreeSet::new(), both(&precondition.text));
                check_names(what, &known, precondition.only.keys().chain(&precondition.needs));
            }
        }
    }
}

#[test]
fn every_placeholder_of_the_emergency_guide_has_a_value() {
    let known = of_workloads();
    let guide = &texts().guide;
    check_sources("the guide", &guide.sources);
    let books: Vec<&str> = guide.books.iter().map(|book| book.id.as_str()).collect();
    assert_eq!(books, ["region", "az"]);
    for book in &guide.books {
        check("a book", &known, both(&book.about));
    }
    for action in guide.steps.iter().flat_map(|step| &step.actions) {
        check("the guide", &known, both(&action.text));
        check("the guide", &known, [action.cli.as_str()]);
        check("the guide", &BTreeSet::new(), action.note.iter().flat_map(both));
        check_names("the guide", &known, action.needs.iter().chain(&action.without));
        assert!(guide.roles.contains_key(&action.who), "nobody is {}", action.who);
        assert!(action.book.as_deref().is_none_or(|book| books.contains(&book)));
    }
}

#[test]
fn the_emergency_guide_has_the_seven_steps_of_the_question() {
    let steps: Vec<&str> = texts().guide.steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(steps, ["safety", "access", "team", "production", "notify", "recover", "operations"]);
}

#[test]
fn deliverables_are_known_by_ids_of_their_own() {
    let mut seen = BTreeSet::new();
    for deliverable in texts().deliverables.phases.iter().flat_map(|phase| &phase.deliverables) {
        assert!(seen.insert(&deliverable.id), "{} is there twice", deliverable.id);
        assert!(["design", "runbook", "test"].contains(&&*deliverable.gate), "{}", deliverable.gate);
        check("a deliverable", &BTreeSet::new(), both(&deliverable.title).into_iter().chain(both(&deliverable.about)));
    }
    assert_eq!(texts().deliverables.phases.len(), 4);
}

#[test]
fn a_mistake_in_a_text_is_named_with_its_place() {
    let mut problems = Vec::new();
    let text = "type: AWS::RDS::DBInstance\nfacts: []\nsteps:\n  - prat: restore\nsources: []\n";
    assert!(one::<Runbook>("rules/runbooks/x.yaml", text, &mut problems).is_none());
    let said = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(said.contains("rules/runbooks/x.yaml:4:5") && said.contains("prat"), "{said}");
}
