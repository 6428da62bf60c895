//! Rules: YAML files with CEL expressions, checked against the model when they are loaded.

pub mod expression;
mod framework;
mod load;
pub mod raw;
pub mod recovery;

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use expression::Expression;
pub use framework::{Framework, Item, Key};
pub use load::{Overrides, RuleSet, declared_value, read_directory};
pub use recovery::Recovery;

use crate::diagnostic::SourceFile;
use crate::model::schema::ResourceType;
use crate::model::{AnswerStatus, Language, Resource, Seconds, Severity, Status, Text, Value};

/// The categories of the checklist, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// What was promised.
    Objectives,
    /// Living on without a zone or an instance.
    Redundancy,
    /// Going back in time.
    Backup,
    /// Living on without a Region.
    DrRegion,
    /// Keeping data and copies from being deleted.
    Protection,
    /// People, runbooks and drills.
    Operations,
}

impl Category {
    /// All, in the order of the checklist.
    pub const ALL: [Category; 6] = [
        Category::Objectives,
        Category::Redundancy,
        Category::Backup,
        Category::DrRegion,
        Category::Protection,
        Category::Operations,
    ];

    /// The word of rule files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Category::Objectives => "objectives",
            Category::Redundancy => "redundancy",
            Category::Backup => "backup",
            Category::DrRegion => "dr_region",
            Category::Protection => "protection",
            Category::Operations => "operations",
        }
    }

    /// What people call it.
    pub const fn title(self, language: Language) -> &'static str {
        match (self, language) {
            (Category::Objectives, Language::Ja) => "目標設定",
            (Category::Objectives, Language::En) => "Objectives",
            (Category::Redundancy, Language::Ja) => "冗長化",
            (Category::Redundancy, Language::En) => "Redundancy",
            (Category::Backup, Language::Ja) => "バックアップ",
            (Category::Backup, Language::En) => "Backup",
            (Category::DrRegion, Language::Ja) => "DRリージョン",
            (Category::DrRegion, Language::En) => "DR Region",
            (Category::Protection, Language::Ja) => "削除・改ざん対策",
            (Category::Protection, Language::En) => "Protection",
            (Category::Operations, Language::Ja) => "運用・訓練",
            (Category::Operations, Language::En) => "Operations",
        }
    }
}

/// What the viewpoint table says of every resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Viewpoint {
    /// Whether it lives on without a zone.
    Redundancy,
    /// How often there is a point to go back to.
    BackupFrequency,
    /// How far back the points reach.
    Retention,
}

impl Viewpoint {
    /// The word of rule files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Viewpoint::Redundancy => "redundancy",
            Viewpoint::BackupFrequency => "backup_frequency",
            Viewpoint::Retention => "retention",
        }
    }
}

/// A checked rule.
#[derive(Debug)]
pub struct Rule {
    /// The id.
    pub id: Arc<str>,
    /// The category.
    pub category: Category,
    /// The severity for a critical workload.
    pub severity: Severity,
    /// The title.
    pub title: Text,
    /// Why it matters.
    pub why: Text,
    /// The viewpoint that it serves.
    pub viewpoint: Option<Viewpoint>,
    /// The rule for each type that it judges.
    pub targets: Vec<Target>,
    /// The question, if it asks one.
    pub question: Option<Question>,
    /// How to mend a failure.
    pub remediation: raw::Remediation,
    /// Ids in other frameworks.
    pub maps: raw::Maps,
    /// AWS documentation pages.
    pub sources: Vec<String>,
    /// Its parameters.
    pub params: IndexMap<String, raw::Param>,
    /// Its tests.
    pub examples: Vec<Example>,
    /// The file it comes from.
    pub file: SourceFile,
}

/// A rule for one type.
#[derive(Debug)]
pub struct Target {
    /// The type.
    pub ty: &'static ResourceType,
    /// When the rule applies.
    pub when: Option<Expression>,
    /// What must hold. Beside a question: what answers it without people.
    pub pass: Option<Expression>,
    /// What the facts of an answer must satisfy.
    pub accept: Option<Expression>,
    /// What contradicts an answer.
    pub contradicted_by: Option<Expression>,
    /// The fingerprint of the workload's stores, for a question whose answer they can make stale.
    pub architecture: Option<Expression>,
    /// Named values that prove the verdict.
    pub evidence: IndexMap<String, Expression>,
    /// Sentences of the report.
    pub says: Says,
}

/// Sentences of the report, each kind in the order in which they are tried.
#[derive(Debug, Default)]
pub struct Says {
    /// When the rule passes.
    pub pass: Vec<Sentence>,
    /// When it fails.
    pub fail: Vec<Sentence>,
    /// When it does not apply.
    pub not_applicable: Vec<Sentence>,
    /// When an answer is contradicted.
    pub contradicted: Vec<Sentence>,
}

/// A sentence of the report.
#[derive(Debug)]
pub struct Sentence {
    /// When it is the one to say; none for always.
    pub when: Option<Expression>,
    /// What it says.
    pub text: Text,
}

impl Says {
    /// All sentences.
    pub fn all(&self) -> impl Iterator<Item = &Sentence> {
        [&self.pass, &self.fail, &self.not_applicable, &self.contradicted].into_iter().flatten()
    }
}

/// A question for people.
#[derive(Debug)]
pub struct Question {
    /// The question.
    pub text: Text,
    /// What counts as evidence.
    pub evidence: Text,
    /// Whether an answer needs evidence.
    pub evidence_required: bool,
    /// For how long an answer stays fresh.
    pub fresh_for: Seconds,
    /// The facts of an answer: name and type, in order.
    pub fields: Vec<(String, raw::ParamType, Text)>,
}

/// A checked example.
#[derive(Debug)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// The place of the type in [`Rule::targets`].
    pub target: usize,
    /// The rule with the example's own parameters, if it has any.
    pub own_target: Option<Target>,
    /// The resource.
    pub resource: Resource,
    /// The value of `workload`.
    pub workload: Value,
    /// The answer.
    pub answer: Option<Answer>,
    /// The verdict.
    pub expect: Status,
    /// What it states, as it is written: `resource`, `workload`, `objectives`, `params`, `answer`.
    pub given: serde_json::Map<String, serde_json::Value>,
    /// Its name's place in the file.
    pub span: std::ops::Range<usize>,
}

/// An answer, as far as a rule sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// How far people are.
    pub status: AnswerStatus,
    /// When it was given.
    pub answered_at: jiff::Timestamp,
    /// When it is to be looked at again, before it goes stale.
    pub next_review: Option<jiff::Timestamp>,
    /// Whether it has a text.
    pub has_text: bool,
    /// Whether it names a link or a file.
    pub has_evidence: bool,
    /// The first file among its evidence that is not what it was.
    pub defect: Option<EvidenceProblem>,
    /// The fingerprint of the workload's stores when it was given.
    pub architecture: Option<String>,
    /// The facts, in the order of [`Question::fields`], null where not stated; then the word of the status.
    pub fields: Vec<Value>,
}

/// What is wrong with a file that is to prove an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceProblem {
    /// Its path, as the answers write it.
    pub file: Arc<str>,
    /// What is wrong.
    pub defect: EvidenceDefect,
}

/// What can be wrong with such a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceDefect {
    /// It is not there.
    Missing,
    /// It cannot be read.
    Unreadable,
    /// Its digest is not the one that was stated.
    Changed,
}

impl Rule {
    /// The rule for that type.
    pub fn target(&self, ty: &ResourceType) -> Option<&Target> {
        self.targets.iter().find(|target| target.ty == ty)
    }

    /// The services whose resources it judges.
    pub fn services(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.targets.iter().map(|target| target.ty.service)
    }

    /// The named values of its evidence that speak of nothing but that: `params.` or `objectives.`.
    pub fn evidence_of(&self, root: &str) -> Vec<String> {
        let only =
            |(_, value): &(&String, &Expression)| value.text.starts_with(root) && !value.text.contains("resource.");
        let evidence = self.targets.first().map(|target| &target.evidence);
        evidence.into_iter().flatten().filter(only).map(|(name, _)| name.clone()).collect()
    }

    /// Ids in other frameworks, by framework, without empty ones.
    pub fn mappings(&self) -> BTreeMap<String, Vec<String>> {
        [
            ("trusted_advisor", &self.maps.trusted_advisor),
            ("config", &self.maps.config),
            ("security_hub", &self.maps.security_hub),
            ("ftr", &self.maps.ftr),
            ("well_architected", &self.maps.well_architected),
        ]
        .into_iter()
        .filter(|(_, ids)| !ids.is_empty())
        .map(|(framework, ids)| (framework.to_owned(), ids.clone()))
        .collect()
    }
}

impl Answer {
    /// The day on which it is to be given again: its own next review, or when it goes stale. None for an answer that is
    /// still open.
    pub fn review(&self, fresh_for: Seconds) -> Option<jiff::civil::Date> {
        if !matches!(self.status, AnswerStatus::Done | AnswerStatus::NotApplicable) {
            return None;
        }
        let stale = self.answered_at.checked_add(jiff::SignedDuration::from_secs(fresh_for.0)).ok()?;
        let review = self.next_review.map_or(stale, |next| next.min(stale));
        Some(review.to_zoned(jiff::tz::TimeZone::UTC).date())
    }
}

impl Target {
    /// All expressions.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let conditions = [&self.when, &self.pass, &self.accept, &self.contradicted_by, &self.architecture];
        let sentences = self.says.all().filter_map(|sentence| sentence.when.as_ref());
        conditions.into_iter().flatten().chain(self.evidence.values()).chain(sentences)
    }
}
