//! The shape of a rule file, as people write it. Its JSON Schema is `sonae rules schema`.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;

use super::{Category, Viewpoint};
use crate::model::{AnswerStatus, Severity, Status, Text};

/// A rule.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Sonae rule")]
pub struct Rule {
    /// The rule's id: lower-case words joined by hyphens, the same as the file's name.
    #[schemars(with = "String", regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$"))]
    pub id: Spanned<String>,
    /// The CloudFormation type that is judged, or several.
    #[serde(rename = "type")]
    #[schemars(with = "OneOrManyShape")]
    pub ty: OneOrMany,
    /// The category in the checklist.
    pub category: Category,
    /// How bad it is when the rule fails for a critical workload.
    pub severity: Severity,
    /// The item of the checklist: the state that is checked.
    pub title: Text,
    /// Why it matters, in one or two sentences.
    pub why: Text,
    /// The viewpoint of the viewpoint table that it serves, if it serves one.
    pub viewpoint: Option<Viewpoint>,
    /// When the rule applies; CEL. False means not applicable.
    #[schemars(with = "Option<String>")]
    pub when: Option<Spanned<String>>,
    /// What must hold; CEL. Beside a question: what answers it without people.
    #[schemars(with = "Option<String>")]
    pub pass: Option<Spanned<String>>,
    /// What people must answer, instead of `pass` or where it does not hold.
    pub question: Option<Question>,
    /// What contradicts an answer that would otherwise stand; CEL over `answer` and what was read. True fails the rule.
    #[schemars(with = "Option<String>")]
    pub contradicted_by: Option<Spanned<String>>,
    /// Named values that prove the verdict; CEL.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, String>")]
    pub evidence: IndexMap<String, Spanned<String>>,
    /// Parameters that a manifest may set.
    #[serde(default)]
    pub params: IndexMap<String, Param>,
    /// What the report says, with `{name}` for a named value of the evidence.
    #[serde(default)]
    pub says: Says,
    /// How to mend it.
    pub remediation: Remediation,
    /// The same requirement in other frameworks.
    #[serde(default)]
    pub maps: Maps,
    /// AWS documentation pages behind the rule and its figures.
    #[serde(default)]
    pub sources: Vec<String>,
    /// The rule's tests: at least one that passes, one that fails and one that is unknown.
    pub examples: Vec<Example>,
}

/// A question for people.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The question.
    pub text: Text,
    /// What counts as evidence.
    pub evidence: Text,
    /// Whether an answer needs a link or file as evidence.
    #[serde(default)]
    pub evidence_required: bool,
    /// For how long an answer stays fresh, such as 365d.
    #[schemars(with = "String")]
    pub fresh_for: Spanned<String>,
    /// Whether the answer speaks of the workload's data stores, so that the question is open again once one of them has
    /// come or gone since, or has another account, Region, name or engine. For `Sonae::Workload` only.
    #[serde(default)]
    pub stale_on_change: bool,
    /// Facts that an answer states besides its text. `answer.status` is there without being named.
    #[serde(default)]
    pub fields: IndexMap<String, AnswerField>,
    /// What the facts must satisfy; CEL over `answer`.
    #[schemars(with = "Option<String>")]
    pub accept: Option<Spanned<String>>,
}

/// A fact of an answer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerField {
    /// Its type.
    #[serde(rename = "type")]
    pub ty: ParamType,
    /// What people call it.
    pub title: Text,
}

/// A parameter.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// Its type.
    #[serde(rename = "type")]
    pub ty: ParamType,
    /// Its value when neither the manifest nor `from` gives one.
    #[schemars(with = "serde_json::Value")]
    pub default: Spanned<serde_json::Value>,
    /// The objective it derives from; CEL over `objectives` and `workload`. Null falls back to the default.
    #[schemars(with = "Option<String>")]
    pub from: Option<Spanned<String>>,
    /// What it is.
    pub title: Text,
}

/// The type of a parameter or fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParamType {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A text.
    String,
    /// A length of time, such as 7d.
    Duration,
    /// A date or a point in time.
    Timestamp,
    /// Several texts.
    Strings,
}

impl ParamType {
    /// The word of rule files.
    pub const fn as_str(self) -> &'static str {
        match self {
            ParamType::Bool => "bool",
            ParamType::Int => "int",
            ParamType::String => "string",
            ParamType::Duration => "duration",
            ParamType::Timestamp => "timestamp",
            ParamType::Strings => "strings",
        }
    }
}

/// Sentences of the report.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Says {
    /// When the rule passes.
    #[serde(default)]
    pub pass: Sentences,
    /// When it fails.
    #[serde(default)]
    pub fail: Sentences,
    /// When it does not apply.
    #[serde(default)]
    pub not_applicable: Sentences,
    /// When `contradicted_by` holds.
    #[serde(default)]
    pub contradicted: Sentences,
}

/// One sentence, or several of which the first is said whose `when` holds.
#[derive(Debug, Default)]
pub struct Sentences(pub Vec<Sentence>);

/// A sentence.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    /// When this is the one to say; CEL. Without it, always.
    #[schemars(with = "Option<String>")]
    pub when: Option<Spanned<String>>,
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

/// Its shape in the JSON Schema.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
enum SentencesShape {
    One(Sentence),
    Many(Vec<Sentence>),
}

impl JsonSchema for Sentences {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Sentences".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        SentencesShape::json_schema(generator)
    }
}

// By hand, since serde's untagged enums lose the place of values and name neither form in their errors.
impl<'de> Deserialize<'de> for Sentences {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Shape;
        impl<'de> Visitor<'de> for Shape {
            type Value = Sentences;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a sentence with `ja` and `en`, or a list of them with `when`")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Sentences, A::Error> {
                let one = Deserialize::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Sentences(vec![one]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Sentences, A::Error> {
                let mut many = Vec::new();
                while let Some(sentence) = sequence.next_element()? {
                    many.push(sentence);
                }
                Ok(Sentences(many))
            }
        }
        deserializer.deserialize_any(Shape)
    }
}

/// How to mend a failure.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Remediation {
    /// What to do.
    pub text: Text,
    /// An AWS CLI command.
    #[serde(default)]
    pub cli: String,
    /// Terraform.
    #[serde(default)]
    pub terraform: String,
    /// CloudFormation.
    #[serde(default)]
    pub cloudformation: String,
    /// What it costs.
    #[serde(default)]
    pub impact: Impact,
}

/// What mending costs.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Impact {
    /// Whether the service is interrupted.
    pub downtime: Option<Text>,
    /// What is charged.
    pub cost: Option<Text>,
    /// How to test it.
    pub test: Option<Text>,
}

/// Ids in other frameworks.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Maps {
    /// Trusted Advisor check ids.
    #[serde(default)]
    pub trusted_advisor: Vec<String>,
    /// AWS Config managed rules.
    #[serde(default)]
    pub config: Vec<String>,
    /// Security Hub controls.
    #[serde(default)]
    pub security_hub: Vec<String>,
    /// FTR items: DR-001 to DR-009 of the older list, BAR-* and RES-* of the current one.
    #[serde(default)]
    pub ftr: Vec<String>,
    /// Well-Architected best practices.
    #[serde(default)]
    pub well_architected: Vec<String>,
}

/// A test of the rule.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What the example shows.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// The type, for a rule on several.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// The fields of the resource; what is left out was not read.
    #[serde(default)]
    pub resource: serde_json::Map<String, serde_json::Value>,
    /// Changes to the example workload, whose objectives are those of the manifest in the documentation.
    #[serde(default)]
    pub workload: serde_json::Map<String, serde_json::Value>,
    /// Changes to its objectives.
    #[serde(default)]
    pub objectives: serde_json::Map<String, serde_json::Value>,
    /// Values of parameters.
    #[serde(default)]
    pub params: serde_json::Map<String, serde_json::Value>,
    /// The answer to a question.
    pub answer: Option<ExampleAnswer>,
    /// The verdict.
    pub expect: Status,
}

/// The answer of an example. The time of examples is 2026-01-15T00:00:00Z.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExampleAnswer {
    /// How far people are.
    pub status: AnswerStatus,
    /// When it was given.
    #[schemars(with = "String")]
    pub answered_at: jiff::Timestamp,
    /// Links or files.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// The fingerprint of the workload's stores when it was given.
    pub architecture: Option<String>,
    /// The facts.
    #[serde(default)]
    pub fields: serde_json::Map<String, serde_json::Value>,
}

/// A word or a list of words.
#[derive(Debug)]
pub struct OneOrMany(pub Vec<Spanned<String>>);

/// Its shape in the JSON Schema.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
enum OneOrManyShape {
    One(String),
    Many(Vec<String>),
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Shape;
        impl<'de> Visitor<'de> for Shape {
            type Value = Vec<Spanned<String>>;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a type name such as AWS::S3::Bucket, or a list of them")
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
                Ok(vec![Spanned::new(
                    name.to_owned(),
                    serde_saphyr::Location::UNKNOWN,
                    serde_saphyr::Location::UNKNOWN,
                )])
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = sequence.next_element()? {
                    names.push(name);
                }
                Ok(names)
            }
        }
        // The place of a single word is that of the whole value.
        struct Word(Vec<Spanned<String>>);
        impl<'de> Deserialize<'de> for Word {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Shape).map(Word)
            }
        }
        let whole: Spanned<Word> = Spanned::deserialize(deserializer)?;
        let (referenced, defined) = (whole.referenced, whole.defined);
        let mut names = whole.value.0;
        for name in &mut names {
            if name.defined == serde_saphyr::Location::UNKNOWN {
                (name.referenced, name.defined) = (referenced, defined);
            }
        }
        Ok(Self(names))
    }
}
