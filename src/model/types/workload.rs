//! What the manifest declares: workloads and their recovery objectives.

use super::{BOOL, DURATION, STR, declared, part};
use crate::model::schema::{RecordType, ResourceType, Type};

/// Recovery strategies, coldest first, as in "Disaster recovery options in the cloud" (AWS whitepaper).
pub const STRATEGIES: &[&str] = &["backup_restore", "pilot_light", "warm_standby", "active_active"];

/// How much a workload matters. Anything below critical lowers the severity of its findings by one step.
pub const TIERS: &[&str] = &["critical", "important", "non_critical"];

/// One duration for each scope of disruption.
pub static BY_SCOPE: RecordType = RecordType {
    name: "durations by scope",
    fields: &[
        part("data", DURATION, "Logical data loss: deletion, corruption, ransomware."),
        part("infrastructure", DURATION, "Loss of an instance or of a disk."),
        part("az", DURATION, "Loss of an Availability Zone."),
        part("region", DURATION, "Loss of a Region."),
    ],
};

/// `objectives` in rules.
pub static OBJECTIVES: RecordType = RecordType {
    name: "objectives",
    fields: &[
        part("slo", Type::Double, "Service level objective in percent of the month; null when not declared."),
        part("slo_month_budget", DURATION, "Downtime that the SLO leaves in a month of 30 days; null without an SLO."),
        part("rpo", Type::Record(&BY_SCOPE), "Recovery point objective by scope; null where not declared."),
        part("rto", Type::Record(&BY_SCOPE), "Recovery time objective by scope; null where not declared."),
        part("rlo", STR, "Recovery level objective in words; null when not declared."),
        part("retention", DURATION, "How far back a restore must reach; null when not declared."),
    ],
};

/// Conditions of a failover.
pub static FAILOVER: RecordType = RecordType {
    name: "failover",
    fields: &[
        part("build_after", DURATION, "Time after the start of a disaster when building in the DR Region starts."),
        part("switch_after", DURATION, "Time after the start of a disaster when the service moves to the DR Region."),
        part("confirm_with_support", BOOL, "Whether the outage is confirmed with AWS Support first."),
    ],
};

/// `workload` in rules, and the fields of [`WORKLOAD`].
pub static WORKLOAD_RECORD: RecordType = RecordType { name: "workload", fields: FIELDS };

/// A workload that the manifest declares.
pub static WORKLOAD: ResourceType = ResourceType {
    name: "Sonae::Workload",
    title: ("ワークロード", "Workload"),
    service: "sonae",
    listed_by: None,
    listed_within: None,
    stateful: false,
    fields: FIELDS,
};

const FIELDS: &[crate::model::schema::Field] = &[
    declared("title", STR, "What people call it, in the language of the report."),
    declared("tier", Type::Enum(TIERS), "How much it matters; null when not declared."),
    declared("primary_region", STR, "The Region it runs in; null when not declared."),
    declared("dr_region", STR, "The Region it moves to; null when recovery stays in the primary Region."),
    declared("strategy", Type::Enum(STRATEGIES), "The declared recovery strategy; null when not declared."),
    declared("objectives", Type::Record(&OBJECTIVES), "What recovery must reach."),
    declared("failover", Type::Record(&FAILOVER), "When to fail over; null where not declared."),
    declared("is_default", BOOL, "Whether this is the default that resources without a workload are held to."),
];
