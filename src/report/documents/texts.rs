//! The texts of the documents: what `rules/` holds beside the rules, read with the place of every problem.

use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::diagnostic::{Diagnostics, SourceFile};
use crate::model::Text;
use crate::yaml;

static RUNBOOKS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/runbooks.rs"));
static SCENARIOS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/scenarios.rs"));
static DELIVERABLES: &str = include_str!("../../../rules/deliverables.yaml");
static GUIDE: &str = include_str!("../../../rules/emergency-guide.yaml");

/// All texts.
#[derive(Debug)]
pub(in crate::report) struct Texts {
    /// Runbooks by resource type.
    pub(super) runbooks: Vec<Runbook>,
    /// Test scenarios by resource type.
    pub(super) scenarios: Vec<Scenarios>,
    /// The deliverables by phase.
    pub(super) deliverables: Deliverables,
    /// The emergency guide.
    pub(super) guide: Guide,
}

/// What has to be true of a resource: values by field, each as the beginnings of words that it may have.
pub(super) type Only = IndexMap<String, Vec<String>>;

/// How resources of a type are brought back by hand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Runbook {
    /// The CloudFormation type.
    #[serde(rename = "type")]
    pub(super) ty: String,
    /// The fields of the resource that are shown at its head.
    pub(super) facts: Vec<String>,
    /// What to do, in order.
    pub(super) steps: Vec<Step>,
    /// AWS documentation pages.
    pub(super) sources: Vec<String>,
}

/// A step of a runbook.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    /// The part of the runbook that it belongs to.
    pub(super) part: Part,
    /// What to do.
    pub(super) text: Text,
    /// The command, if there is one.
    #[serde(default)]
    pub(super) cli: String,
    /// What to know before doing it.
    pub(super) note: Option<Text>,
    /// For which resources.
    #[serde(default)]
    pub(super) only: Only,
    /// The values that must be known.
    #[serde(default)]
    pub(super) needs: Vec<String>,
    /// The values that must not be known.
    #[serde(default)]
    pub(super) without: Vec<String>,
}

/// The parts of a runbook, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Part {
    /// Stop the damage and pick the point in time.
    Prepare,
    /// Bring the data back in the Region.
    Restore,
    /// Bring the data back in the DR Region.
    Region,
    /// Let applications use it.
    Switch,
    /// See that it is right.
    Verify,
    /// Bring back what the restore cannot.
    Fill,
}

impl Part {
    /// The key of its words.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Part::Prepare => "prepare",
            Part::Restore => "restore",
            Part::Region => "region",
            Part::Switch => "switch",
            Part::Verify => "verify",
            Part::Fill => "fill",
        }
    }
}

/// How to test that resources of a type come back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenarios {
    /// The CloudFormation type.
    #[serde(rename = "type")]
    pub(super) ty: String,
    /// One test each.
    pub(super) scenarios: Vec<Scenario>,
}

/// A test.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenario {
    /// What fails.
    pub(super) kind: Failure,
    /// The scope whose objectives it is held to: `data`, `infrastructure`, `az` or `region`.
    pub(super) scope: String,
    /// What is tested.
    pub(super) title: Text,
    /// What must be so before it makes sense.
    #[serde(default)]
    pub(super) preconditions: Vec<Precondition>,
    /// How the failure is brought about.
    pub(super) action: Text,
    /// The command, if there is one.
    #[serde(default)]
    pub(super) cli: String,
    /// What should happen.
    pub(super) expect: Text,
    /// What to know before doing it.
    pub(super) note: Option<Text>,
    /// For which resources.
    #[serde(default)]
    pub(super) only: Only,
    /// The values that must be known.
    #[serde(default)]
    pub(super) needs: Vec<String>,
    /// AWS documentation pages.
    pub(super) sources: Vec<String>,
}

/// What fails in a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Failure {
    /// The primary gives way to its standby.
    Failover,
    /// The instance stops.
    Instance,
    /// A replica stops.
    Replica,
    /// The disk fails.
    Disk,
    /// Data is lost and comes back from a backup.
    Restore,
    /// The Region is lost.
    Region,
}

impl Failure {
    /// The key of its words.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Failure::Failover => "failover",
            Failure::Instance => "instance",
            Failure::Replica => "replica",
            Failure::Disk => "disk",
            Failure::Restore => "restore",
            Failure::Region => "region",
        }
    }
}

/// What must be so before a test.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Precondition {
    /// In words.
    pub(super) text: Text,
    /// What shows it, where the scan reads it.
    #[serde(default)]
    pub(super) only: Only,
    /// The values that must be known.
    #[serde(default)]
    pub(super) needs: Vec<String>,
}

/// The deliverables by phase.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Deliverables {
    /// The phases in their order.
    pub(super) phases: Vec<Phase>,
}

/// A phase of the work.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phase {
    /// What people call it.
    pub(super) title: Text,
    /// What it yields.
    pub(super) deliverables: Vec<Deliverable>,
}

/// A deliverable.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Deliverable {
    /// Its id.
    pub(super) id: String,
    /// What people call it.
    pub(super) title: Text,
    /// What it holds.
    pub(super) about: Text,
    /// The document of ours that helps with it: a file, or the beginning of its name.
    #[serde(default)]
    pub(super) document: String,
    /// The rules whose state is its state.
    #[serde(default)]
    pub(super) proved_by: Vec<String>,
    /// The deliverable of `ops-dev-process-gate` that it counts for: `design`, `runbook` or `test`.
    pub(super) gate: String,
}

/// The emergency guide.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Guide {
    /// The books.
    pub(super) books: Vec<Book>,
    /// Who acts, by id.
    pub(super) roles: IndexMap<String, Text>,
    /// The steps in their order.
    pub(super) steps: Vec<GuideStep>,
    /// AWS documentation pages.
    pub(super) sources: Vec<String>,
}

/// A book of the guide.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Book {
    /// The scope: `region` or `az`.
    pub(super) id: String,
    /// Its title.
    pub(super) title: Text,
    /// When to take it.
    pub(super) about: Text,
}

/// A step of the guide.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GuideStep {
    /// The id, as in the question `ops-emergency-guide-steps`.
    #[cfg_attr(not(test), expect(dead_code, reason = "a test holds it against the question"))]
    pub(super) id: String,
    /// What people call it.
    pub(super) title: Text,
    /// What to do.
    pub(super) actions: Vec<Action>,
}

/// Something to do in an emergency.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Action {
    /// Who does it.
    pub(super) who: String,
    /// In which book; none for all.
    pub(super) book: Option<String>,
    /// What to do.
    pub(super) text: Text,
    /// The command, if there is one.
    #[serde(default)]
    pub(super) cli: String,
    /// What to know before doing it.
    pub(super) note: Option<Text>,
    /// The values that must be known.
    #[serde(default)]
    pub(super) needs: Vec<String>,
    /// The values that must not be known.
    #[serde(default)]
    pub(super) without: Vec<String>,
}

impl Texts {
    /// The texts that come with the program, read once.
    ///
    /// # Errors
    /// A defect of our own files, which the tests rule out.
    pub(in crate::report) fn get() -> Result<&'static Self, Diagnostics> {
        static TEXTS: LazyLock<Result<Texts, Diagnostics>> = LazyLock::new(load);
        TEXTS.as_ref().map_err(Clone::clone)
    }

    /// The runbook for a type.
    pub(super) fn runbook(&self, ty: &str) -> Option<&Runbook> {
        self.runbooks.iter().find(|runbook| runbook.ty == ty)
    }

    /// The test scenarios for a type.
    pub(super) fn scenarios(&self, ty: &str) -> &[Scenario] {
        self.scenarios.iter().find(|of| of.ty == ty).map_or(&[], |of| &of.scenarios)
    }
}

fn load() -> Result<Texts, Diagnostics> {
    let mut problems = Vec::new();
    let texts = (
        all(RUNBOOKS, &mut problems),
        all(SCENARIOS, &mut problems),
        one("rules/deliverables.yaml", DELIVERABLES, &mut problems),
        one("rules/emergency-guide.yaml", GUIDE, &mut problems),
    );
    match texts {
        (runbooks, scenarios, Some(deliverables), Some(guide)) if problems.is_empty() => {
            Ok(Texts { runbooks, scenarios, deliverables, guide })
        }
        _ => Err(Diagnostics(problems)),
    }
}

fn all<T: DeserializeOwned>(files: &[(&str, &str)], problems: &mut Vec<crate::diagnostic::Diagnostic>) -> Vec<T> {
    files.iter().filter_map(|(path, text)| one(path, text, problems)).collect()
}

fn one<T: DeserializeOwned>(path: &str, text: &str, problems: &mut Vec<crate::diagnostic::Diagnostic>) -> Option<T> {
    yaml::parse(&SourceFile::new(path, text)).map_err(|problem| problems.push(*problem)).ok()
}

#[cfg(test)]
mod tests;
