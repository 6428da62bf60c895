//! The shape of `sonae.yaml`, as people write it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use crate::model::{Language, Text};

/// `sonae.yaml`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of this file's format: 1.
    #[schemars(with = "u32")]
    pub version: Option<Spanned<u32>>,
    /// The name on the reports.
    #[serde(default)]
    pub organization: String,
    /// The language of reports: `ja` or `en`.
    pub language: Option<Language>,
    /// Which accounts to read.
    #[serde(default)]
    #[schemars(with = "serde_json::Value")]
    pub accounts: Option<Accounts>,
    /// Which Regions to read: a list, or `enabled`.
    #[serde(default)]
    #[schemars(with = "serde_json::Value")]
    pub regions: Option<Spanned<Names>>,
    /// What a resource that no workload selects is held to.
    #[serde(default)]
    pub defaults: Option<Workload>,
    /// The workloads; the first whose select matches owns the resource.
    #[serde(default)]
    #[schemars(with = "Vec<Workload>")]
    pub workloads: Vec<Spanned<Workload>>,
    /// The answers file.
    pub answers: Option<PathBuf>,
    /// The waivers file.
    pub waivers: Option<PathBuf>,
    /// Own rules and changes to ours.
    #[serde(default)]
    pub rules: Rules,
    /// Infrastructure as code that CloudFormation does not know of.
    #[serde(default)]
    pub iac: Iac,
    /// Earlier reports for the trend: `report.json` files, packs, or directories of them.
    #[serde(default)]
    pub history: Vec<PathBuf>,
}

/// Infrastructure as code.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Iac {
    /// Terraform state files (JSON, version 4). Types, names, ids and ARNs are read from them and nothing else.
    #[serde(default)]
    pub terraform_states: Vec<PathBuf>,
}

/// The accounts: `{discover: organizations, ...}` or a list of ids.
#[derive(Debug)]
pub enum Accounts {
    /// Account ids.
    List(Vec<Spanned<String>>),
    /// The long form.
    Settings(Box<AccountSettings>),
}

/// The long form of `accounts`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSettings {
    pub discover: Option<Spanned<String>>,
    #[serde(default)]
    pub list: Vec<Spanned<String>>,
    pub role: Option<Spanned<String>>,
    pub external_id: Option<String>,
    #[serde(default)]
    pub exclude: Vec<Spanned<String>>,
    #[serde(default)]
    pub ous: OrganizationalUnits,
}

/// Organisational units, by id.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationalUnits {
    #[serde(default)]
    pub include: Vec<String>,
    #[serde(default)]
    pub exclude: Vec<String>,
}

/// One word or a list of words.
#[derive(Debug)]
pub enum Names {
    One(String),
    Many(Vec<Spanned<String>>),
}

/// A workload.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// The short name.
    #[schemars(with = "String")]
    pub name: Option<Spanned<String>>,
    /// What people call it.
    pub title: Option<Text>,
    /// Which resources it owns.
    #[serde(default)]
    pub select: Select,
    /// `critical`, `important` or `non_critical`.
    #[schemars(with = "String")]
    pub tier: Option<Spanned<String>>,
    /// The Region it runs in.
    #[schemars(with = "String")]
    pub primary_region: Option<Spanned<String>>,
    /// The Region it moves to.
    #[schemars(with = "String")]
    pub dr_region: Option<Spanned<String>>,
    /// `backup_restore`, `pilot_light`, `warm_standby` or `active_active`.
    #[schemars(with = "String")]
    pub strategy: Option<Spanned<String>>,
    /// What recovery must reach.
    #[serde(default)]
    pub objectives: Objectives,
    /// When to fail over.
    #[serde(default)]
    pub failover: Failover,
    /// What recovery was measured to reach.
    #[serde(default)]
    pub recovery: Recovery,
}

/// What recovery was measured to reach.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// Measurements, which win over what AWS documents.
    #[serde(default)]
    pub measured: Vec<Measurement>,
}

/// A measurement of a drill or a restore test.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// The id of the mechanism, such as `rds-pitr`.
    #[schemars(with = "String")]
    pub mechanism: Spanned<String>,
    /// The stores by name, id or ARN, `*` as a wildcard; left out for every store of the workload.
    pub store: Option<String>,
    /// How much data was lost.
    #[schemars(with = "String")]
    pub rpo: Option<Spanned<String>>,
    /// How long it took.
    #[schemars(with = "String")]
    pub rto: Option<Spanned<String>>,
    /// The day of the measurement, such as 2026-06-19.
    #[schemars(with = "String")]
    pub on: Spanned<String>,
    /// The report: a link or a title.
    pub source: String,
}

/// Which resources a workload owns.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Select {
    /// Account ids.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub accounts: Vec<Spanned<String>>,
    /// Tags that all must hold, `*` as a wildcard in the value.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// ARNs, `*` as a wildcard.
    #[serde(default)]
    pub arns: Vec<String>,
}

/// Recovery objectives.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Objectives {
    /// Such as `99.9%`.
    #[schemars(with = "String")]
    pub slo: Option<Spanned<String>>,
    /// A duration for all scopes, or one for each.
    #[schemars(with = "serde_json::Value")]
    pub rpo: Option<Spanned<ByScope>>,
    /// A duration for all scopes, or one for each.
    #[schemars(with = "serde_json::Value")]
    pub rto: Option<Spanned<ByScope>>,
    /// In words.
    pub rlo: Option<String>,
    /// How far back a restore must reach.
    #[schemars(with = "String")]
    pub retention: Option<Spanned<String>>,
}

/// `1h`, or `{ data: 1h, infrastructure: 5m, az: 5m, region: 24h }`.
#[derive(Debug)]
pub enum ByScope {
    All(String),
    Each(Box<EachScope>),
}

/// A duration for each scope.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EachScope {
    pub data: Option<Spanned<String>>,
    pub infrastructure: Option<Spanned<String>>,
    pub az: Option<Spanned<String>>,
    pub region: Option<Spanned<String>>,
}

/// Conditions of a failover.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Failover {
    /// When building in the DR Region starts.
    #[schemars(with = "String")]
    pub build_after: Option<Spanned<String>>,
    /// When the service moves to the DR Region.
    #[schemars(with = "String")]
    pub switch_after: Option<Spanned<String>>,
    /// Whether the outage is confirmed with AWS Support first.
    pub confirm_with_support: Option<bool>,
}

/// What the manifest says about rules.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Directories with own rules.
    #[serde(default)]
    pub dirs: Vec<PathBuf>,
    /// Rule ids that are not judged.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub disable: Vec<Spanned<String>>,
    /// Values of rule parameters.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, BTreeMap<String, serde_json::Value>>")]
    pub params: BTreeMap<String, BTreeMap<String, Spanned<serde_json::Value>>>,
}

/// Reads a value that is written in a short form (a word or a list) or a long one (a map). Done by hand, since serde's
/// untagged enums lose the place of values and name neither form in their errors.
macro_rules! short_or_long {
    ($ty:ident, $expecting:literal, $($visit:tt)*) => {
        impl<'de> Deserialize<'de> for $ty {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Shape;
                impl<'de> Visitor<'de> for Shape {
                    type Value = $ty;
                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        formatter.write_str($expecting)
                    }
                    $($visit)*
                }
                deserializer.deserialize_any(Shape)
            }
        }
    };
}

fn rest<'de, A: SeqAccess<'de>>(mut sequence: A) -> Result<Vec<Spanned<String>>, A::Error> {
    let mut items = Vec::new();
    while let Some(item) = sequence.next_element()? {
        items.push(item);
    }
    Ok(items)
}

short_or_long! { Accounts, "a list of account ids, or a map with `discover` and `role`",
    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<Accounts, A::Error> {
        rest(sequence).map(Accounts::List)
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Accounts, A::Error> {
        Deserialize::deserialize(de::value::MapAccessDeserializer::new(map)).map(Accounts::Settings)
    }
}

short_or_long! { Names, "one word or a list of words",
    fn visit_str<E: de::Error>(self, word: &str) -> Result<Names, E> {
        Ok(Names::One(word.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<Names, A::Error> {
        rest(sequence).map(Names::Many)
    }
}

short_or_long! { ByScope, "one duration such as 24h, or a map with data, infrastructure, az and region",
    fn visit_str<E: de::Error>(self, duration: &str) -> Result<ByScope, E> {
        Ok(ByScope::All(duration.to_owned()))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ByScope, A::Error> {
        Deserialize::deserialize(de::value::MapAccessDeserializer::new(map)).map(ByScope::Each)
    }
}
