//! Region switch of Amazon Application Recovery Controller.

use super::{INT, STR, STRINGS, api};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// A Region switch plan.
pub static PLAN: ResourceType = ResourceType {
    name: "AWS::ARCRegionSwitch::Plan",
    title: ("リージョン切り替えプラン", "Region switch plan"),
    service: "arc-region-switch",
    listed_by: Some(operation::LIST_REGION_SWITCH_PLANS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("regions", STRINGS, operation::LIST_REGION_SWITCH_PLANS, "The Regions that it switches between."),
        api(
            "primary_region",
            STR,
            operation::LIST_REGION_SWITCH_PLANS,
            "The primary Region; null for an active/active plan.",
        ),
        api(
            "recovery_approach",
            Type::Enum(&["activeActive", "activePassive"]),
            operation::LIST_REGION_SWITCH_PLANS,
            "Whether both Regions serve at all times.",
        ),
        api(
            "recovery_time_objective_minutes",
            INT,
            operation::LIST_REGION_SWITCH_PLANS,
            "The RTO that the plan states; null when it states none.",
        ),
    ],
};
