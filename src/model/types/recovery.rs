//! What recovery can reach: data stores with who acts on them, and estimates by scope. Nobody lists these; they follow
//! from the stateful resources, the mechanisms in `rules/recovery/` and the objectives of the workload that owns them.

use super::{DURATION, RECOVERY, STR, derived};
use crate::model::schema::{ResourceType, Type};

/// Who brings a store back: AWS, the design, or people with a runbook.
pub const RESPONSIBILITIES: &[&str] = &["managed", "automatic", "needs_hands"];

/// What is lost.
pub const SCOPES: &[&str] = &["data", "infrastructure", "az", "region"];

/// Where a figure comes from: the configuration and what AWS documents of it, what was seen at the time of the scan, or a
/// real recovery.
pub const BASES: &[&str] = &["configured", "observed", "measured"];

/// What all of this follows from.
const ESTIMATED: &[&str] = &[RECOVERY];

/// A stateful resource, as recovery sees it.
pub static STORE: ResourceType = ResourceType {
    name: "Sonae::Store",
    title: ("データストア", "Data store"),
    service: "sonae",
    listed_by: None,
    listed_within: None,
    stateful: false,
    fields: &[
        derived("store_type", STR, ESTIMATED, "The CloudFormation type of the resource."),
        derived(
            "responsibility",
            Type::Enum(RESPONSIBILITIES),
            ESTIMATED,
            "Who acts in a disaster: the service (managed), the design (automatic) or people (needs_hands).",
        ),
        derived("responsibility_reason", STR, ESTIMATED, "Why, in the language of the report."),
    ],
};

/// What recovery of a store can reach for one scope.
pub static RECOVERY_ESTIMATE: ResourceType = ResourceType {
    name: "Sonae::RecoveryEstimate",
    title: ("復旧見込み", "Recovery estimate"),
    service: "sonae",
    listed_by: None,
    listed_within: None,
    stateful: false,
    fields: &[
        derived("store_type", STR, ESTIMATED, "The CloudFormation type of the store."),
        derived("scope", Type::Enum(SCOPES), ESTIMATED, "What is lost: data, an instance or a disk, a zone, a Region."),
        derived("scope_title", STR, ESTIMATED, "The same, in the language of the report."),
        derived("rpo_objective", DURATION, ESTIMATED, "The workload's RPO for that scope; null when not declared."),
        derived(
            "mechanism",
            STR,
            ESTIMATED,
            "The id of the mechanism that would bring it back; null when there is none.",
        ),
        derived("mechanism_title", STR, ESTIMATED, "What people call it; null when there is none."),
        derived(
            "rpo",
            DURATION,
            ESTIMATED,
            "The RPO that it can reach; null when nothing brings the store back, unknown when AWS documents none.",
        ),
        derived("rpo_basis", Type::Enum(BASES), ESTIMATED, "Where the RPO comes from; null without one."),
        derived("reaches", STR, ESTIMATED, "The RPO with its mechanism in one phrase, in the language of the report."),
        derived("why", STR, ESTIMATED, "Why it is that RPO, in the language of the report."),
    ],
};
