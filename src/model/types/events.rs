//! Amazon EventBridge.

use super::{STR, STRINGS, api};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// A rule of the default event bus, on which the events of AWS services arrive.
pub static RULE: ResourceType = ResourceType {
    name: "AWS::Events::Rule",
    title: ("EventBridgeルール", "EventBridge rule"),
    service: "events",
    listed_by: Some(operation::LIST_RULES),
    listed_within: None,
    stateful: false,
    fields: &[
        api(
            "state",
            Type::Enum(&["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"]),
            operation::LIST_RULES,
            "Whether the rule is on.",
        ),
        api("event_pattern", STR, operation::LIST_RULES, "Which events it takes; null for a schedule."),
        api(
            "takes",
            STRINGS,
            operation::LIST_RULES,
            "Which events that our rules ask for its pattern takes: health_issue, backup_failed, copy_failed.",
        ),
        api(
            "targets",
            STRINGS,
            operation::LIST_TARGETS_BY_RULE,
            "What it calls; null when `takes` is empty, since nobody asks then.",
        ),
    ],
};
