//! What brings a store back, and who acts: one file in `rules/recovery/` for each stateful type.
//!
//! Figures are data with the AWS page that documents them. A figure that AWS does not document is left out, and the
//! estimate is unknown until somebody measures it.

use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use serde_saphyr::Spanned;

use super::expression::{Expression, Scope, Ty};
use super::load::{Checker, Params};
use super::raw::OneOrMany;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile};
use crate::model::schema::ResourceType;
use crate::model::types::recovery::{RESPONSIBILITIES, SCOPES};
use crate::model::{Resource, Seconds, Text, Value};
use crate::yaml;

/// The files that come with the program: path and text.
static EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/recovery.rs"));

/// The shape of a file, as people write it.
mod file {
    use super::{Deserialize, Json, JsonSchema, Map, OneOrMany, Spanned, Text};

    /// What brings back the stores of a type.
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Recovery {
        #[serde(rename = "type")]
        pub ty: OneOrMany,
        pub applies: Option<Spanned<String>>,
        pub responsibility: Vec<Responsibility>,
        pub mechanisms: Vec<Mechanism>,
        pub examples: Vec<Example>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Responsibility {
        pub who: Spanned<String>,
        pub when: Option<Spanned<String>>,
        pub why: Text,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Mechanism {
        pub id: Spanned<String>,
        pub kind: super::Kind,
        pub title: Text,
        pub scopes: Vec<Spanned<String>>,
        pub when: Spanned<String>,
        pub rpo: Option<Figure>,
        pub rto: Option<Figure>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Figure {
        #[serde(rename = "figure")]
        pub configured: Option<Spanned<String>>,
        pub observed: Option<Spanned<String>>,
        pub why: Text,
        pub source: Option<String>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Example {
        pub name: Spanned<String>,
        #[serde(default)]
        pub resource: Map<String, Json>,
        #[serde(default)]
        pub workload: Map<String, Json>,
        #[serde(default)]
        pub objectives: Map<String, Json>,
        pub expect: Expectation,
    }

    /// What an example expects; what is left out is not compared.
    #[derive(Debug, Clone, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    pub struct Expectation {
        /// Whether it is a store of its own.
        pub store: Option<bool>,
        /// The scope that the figures are of.
        pub scope: Option<String>,
        /// The mechanism's id, or `none`.
        pub mechanism: Option<String>,
        /// A duration, `unknown`, or `none`.
        pub rpo: Option<String>,
        /// A duration, `unknown`, or `none`.
        pub rto: Option<String>,
        /// Who acts, or `unknown`.
        pub responsibility: Option<String>,
    }
}

pub use file::Expectation;

/// How a store comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Point-in-time restore.
    Pitr,
    /// A snapshot or backup that the service itself takes.
    Snapshot,
    /// A recovery point that a plan of AWS Backup makes.
    BackupPlan,
    /// A copy of a snapshot or recovery point.
    Copy,
    /// A replica that is promoted.
    Replica,
    /// A table or database that lives in several Regions.
    GlobalTable,
    /// A standby in another zone.
    Standby,
    /// Asynchronous replication of the data.
    Replication,
    /// The service brings it back by itself.
    Managed,
    /// It is made again, from infrastructure as code or from its source.
    Recreate,
}

impl Kind {
    /// The word of rule files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Pitr => "pitr",
            Kind::Snapshot => "snapshot",
            Kind::BackupPlan => "backup_plan",
            Kind::Copy => "copy",
            Kind::Replica => "replica",
            Kind::GlobalTable => "global_table",
            Kind::Standby => "standby",
            Kind::Replication => "replication",
            Kind::Managed => "managed",
            Kind::Recreate => "recreate",
        }
    }

    /// Whether the data is already there and running when disaster strikes, and needs no restore.
    pub const fn is_live(self) -> bool {
        matches!(self, Kind::Replica | Kind::GlobalTable | Kind::Standby | Kind::Replication | Kind::Managed)
    }
}

/// What brings back the stores of a type: a checked file.
#[derive(Debug)]
pub struct Recovery {
    /// The type.
    pub ty: &'static ResourceType,
    /// Which resources of the type are stores of their own; none for all. The members of a cluster are not.
    pub applies: Option<Expression>,
    /// Who acts: the first whose condition holds.
    pub responsibility: Vec<Responsibility>,
    /// What brings it back.
    pub mechanisms: Vec<Mechanism>,
    /// Its tests.
    pub examples: Vec<Example>,
    /// The file it comes from.
    pub file: SourceFile,
}

/// Who acts in a disaster.
#[derive(Debug)]
pub struct Responsibility {
    /// `managed`, `automatic` or `needs_hands`.
    pub who: &'static str,
    /// For which resources; none for all that are left.
    pub when: Option<Expression>,
    /// Why.
    pub why: Text,
}

/// One way back.
#[derive(Debug)]
pub struct Mechanism {
    /// The id, unique among all types.
    pub id: String,
    /// How it works.
    pub kind: Kind,
    /// What people call it.
    pub title: Text,
    /// The losses that it brings the store back from, as places in [`SCOPES`].
    pub scopes: Vec<usize>,
    /// Whether it is in place.
    pub when: Expression,
    /// How much data it may lose. None when nothing is known of it.
    pub rpo: Option<Figure>,
    /// How long it takes.
    pub rto: Option<Figure>,
}

/// A figure with its source.
#[derive(Debug)]
pub struct Figure {
    /// What it reaches as configured: a duration, or a list of which the shortest counts. None when AWS documents none.
    pub configured: Option<Expression>,
    /// What was seen: for the RPO how far back the newest copy was at the time of the scan, of a list the shortest; for
    /// the RTO how long real restores took, of a list the longest.
    pub observed: Option<Expression>,
    /// Why, in a sentence.
    pub why: Text,
    /// The AWS documentation page. Required where the figure itself states a duration.
    pub source: Option<String>,
}

/// A checked example.
#[derive(Debug)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// The store.
    pub resource: Resource,
    /// The value of `workload`.
    pub workload: Value,
    /// What must come out.
    pub expect: Expectation,
    /// Its name's place in the file.
    pub span: Range<usize>,
}

impl Recovery {
    /// All types, in the order of the model.
    ///
    /// # Errors
    /// Every problem of every file, which the tests rule out.
    pub fn all() -> Result<Vec<Self>, Diagnostics> {
        let files: Vec<SourceFile> = EMBEDDED.iter().map(|(path, text)| SourceFile::new(*path, text)).collect();
        Self::parse(&files)
    }

    /// Types from texts.
    ///
    /// # Errors
    /// Every problem of every file.
    pub fn parse(files: &[SourceFile]) -> Result<Vec<Self>, Diagnostics> {
        let mut problems: Vec<Diagnostic> = Vec::new();
        let mut all: Vec<Self> = Vec::new();
        for file in files {
            match yaml::parse::<file::Recovery>(file) {
                Err(problem) => problems.push(*problem),
                Ok(raw) => all.extend(FileChecker(Checker { file, problems: &mut problems }).recovery(&raw)),
            }
        }
        if !problems.is_empty() {
            return Err(Diagnostics(problems));
        }
        let place = |ty: &ResourceType| crate::model::types::ALL.iter().position(|known| *known == ty);
        all.sort_by_key(|recovery| place(recovery.ty));
        Ok(all)
    }

    /// The mechanism of that id.
    pub fn mechanism(&self, id: &str) -> Option<&Mechanism> {
        self.mechanisms.iter().find(|mechanism| mechanism.id == id)
    }

    /// All expressions.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let figures = self.mechanisms.iter().flat_map(|mechanism| mechanism.rpo.iter().chain(&mechanism.rto));
        self.applies
            .iter()
            .chain(self.responsibility.iter().filter_map(|responsibility| responsibility.when.as_ref()))
            .chain(self.mechanisms.iter().map(|mechanism| &mechanism.when))
            .chain(figures.flat_map(|figure| figure.configured.iter().chain(&figure.observed)))
    }
}

struct FileChecker<'a>(Checker<'a>);

impl FileChecker<'_> {
    fn recovery(mut self, raw: &file::Recovery) -> Vec<Recovery> {
        let types = self.0.types(&raw.ty);
        let mut found = Vec::new();
        for ty in types {
            let before = self.0.problems.len();
            let params = Params::new();
            let scope = Scope { resource: ty, params: &params, answer: &[] };
            let applies = raw.applies.as_ref().and_then(|text| self.0.condition(text, &scope));
            let responsibility = raw.responsibility.iter().filter_map(|who| self.responsibility(who, &scope)).collect();
            if raw.responsibility.last().is_none_or(|last| last.when.is_some()) {
                let span = raw.ty.0.first().map_or(0..0, yaml::span);
                self.0.error(span, "the last responsibility has a condition", "leave `when` out of the last one");
            }
            let mechanisms = raw.mechanisms.iter().filter_map(|mechanism| self.mechanism(mechanism, &scope)).collect();
            let examples = raw.examples.iter().map(|example| self.example(example, ty)).collect();
            if self.0.problems.len() == before {
                let file = self.0.file.clone();
                found.push(Recovery { ty, applies, responsibility, mechanisms, examples, file });
            }
        }
        found
    }

    fn word(&mut self, word: &Spanned<String>, words: &'static [&'static str]) -> Option<usize> {
        let place = words.iter().position(|known| *known == word.value);
        if place.is_none() {
            let help = format!("one of {}", words.join(", "));
            self.0.error(yaml::span(word), format!("`{}` is not one of the words allowed here", word.value), help);
        }
        place
    }

    fn responsibility(&mut self, raw: &file::Responsibility, scope: &Scope<'_>) -> Option<Responsibility> {
        let who = self.word(&raw.who, RESPONSIBILITIES)?;
        let when = raw.when.as_ref().map(|text| self.0.condition(text, scope));
        Some(Responsibility {
            who: RESPONSIBILITIES[who],
            when: match when {
                Some(condition) => Some(condition?),
                None => None,
            },
            why: raw.why.clone(),
        })
    }

    fn mechanism(&mut self, raw: &file::Mechanism, scope: &Scope<'_>) -> Option<Mechanism> {
        let scopes = raw.scopes.iter().filter_map(|scope| self.word(scope, SCOPES)).collect();
        let when = self.0.condition(&raw.when, scope);
        let rpo = raw.rpo.as_ref().map(|figure| self.figure(figure, scope, &raw.id));
        let rto = raw.rto.as_ref().map(|figure| self.figure(figure, scope, &raw.id));
        Some(Mechanism {
            id: raw.id.value.clone(),
            kind: raw.kind,
            title: raw.title.clone(),
            scopes,
            when: when?,
            rpo,
            rto,
        })
    }

    fn figure(&mut self, raw: &file::Figure, scope: &Scope<'_>, id: &Spanned<String>) -> Figure {
        let configured = raw.configured.as_ref().and_then(|text| self.duration(text, scope));
        let states = raw.configured.as_ref().is_some_and(|text| text.value.contains("duration("));
        let cited = raw.source.as_deref().is_some_and(|source| source.starts_with("https://docs.aws.amazon.com/"));
        if (states || raw.source.is_some()) && !cited {
            let help = "add `source:` with the page of docs.aws.amazon.com that documents the figure";
            self.0.error(yaml::span(id), format!("a figure of `{}` has no source", id.value), help);
        }
        Figure {
            configured,
            observed: raw.observed.as_ref().and_then(|text| self.duration(text, scope)),
            why: raw.why.clone(),
            source: raw.source.clone(),
        }
    }

    fn duration(&mut self, text: &Spanned<String>, scope: &Scope<'_>) -> Option<Expression> {
        let expression = self.0.expression(text, scope)?;
        let fits = match &expression.ty {
            Ty::Duration | Ty::List(None) => true,
            Ty::List(Some(item)) => **item == Ty::Duration,
            _ => false,
        };
        if !fits {
            let message = format!("this yields {}, and a duration is needed", expression.ty.with_article());
            self.0.error(yaml::span(text), message, "write a duration, or a list of durations");
            return None;
        }
        Some(expression)
    }

    fn example(&mut self, raw: &file::Example, ty: &'static ResourceType) -> Example {
        let span = yaml::span(&raw.name);
        let (resource, workload) = self.0.example_world(ty, &raw.resource, &raw.workload, &raw.objectives, &span);
        let expect = &raw.expect;
        for (figure, text) in [("rpo", &expect.rpo), ("rto", &expect.rto)] {
            if let Some(text) = text
                && !matches!(text.as_str(), "unknown" | "none")
                && let Err(error) = Seconds::parse(text)
            {
                self.0.example_problem(format!("expect.{figure}: {error}"), &span);
            }
        }
        let known = |word: &Option<String>, words: &[&str]| word.as_deref().is_none_or(|word| words.contains(&word));
        if !known(&expect.scope, SCOPES) || !known(&expect.responsibility, &[RESPONSIBILITIES, &["unknown"]].concat()) {
            self.0.example_problem("expect: a word that is not known".to_owned(), &span);
        }
        if expect.scope.is_none() && (expect.mechanism.is_some() || expect.rpo.is_some() || expect.rto.is_some()) {
            self.0.example_problem("expect: figures need a `scope`".to_owned(), &span);
        }
        Example { name: raw.name.value.clone(), resource, workload, expect: expect.clone(), span }
    }
}
