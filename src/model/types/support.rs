//! AWS Trusted Advisor, through the Support API.

use super::{INT, STR, STRINGS, api, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// The colours of Trusted Advisor: green, yellow, red, no data.
pub const STATUS: &[&str] = &["ok", "warning", "error", "not_available"];

/// A resource in the result of a check.
pub static FLAGGED_RESOURCE: RecordType = RecordType {
    name: "flagged resource",
    fields: &[
        part("status", Type::Enum(STATUS), "Green, yellow or red for this resource."),
        part("region", STR, "Its Region; null for a global check."),
        part("metadata", STRINGS, "The columns of the check, such as the bucket's name."),
    ],
};

/// A check with its latest result.
pub static TRUSTED_ADVISOR_CHECK: ResourceType = ResourceType {
    name: "Sonae::Support::TrustedAdvisorCheck",
    title: ("Trusted Advisorのチェック", "Trusted Advisor check"),
    service: "support",
    listed_by: Some(operation::DESCRIBE_TRUSTED_ADVISOR_CHECKS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("category", STR, operation::DESCRIBE_TRUSTED_ADVISOR_CHECKS, "fault_tolerance and the like."),
        api(
            "status",
            Type::Enum(STATUS),
            operation::DESCRIBE_TRUSTED_ADVISOR_CHECK_RESULT,
            "The result of the whole check; ok can also mean no data.",
        ),
        api("timestamp", STR, operation::DESCRIBE_TRUSTED_ADVISOR_CHECK_RESULT, "When the check was last refreshed."),
        api(
            "resources_processed",
            INT,
            operation::DESCRIBE_TRUSTED_ADVISOR_CHECK_RESULT,
            "How many resources it looked at.",
        ),
        api("resources_flagged", INT, operation::DESCRIBE_TRUSTED_ADVISOR_CHECK_RESULT, "How many of them it flagged."),
        api(
            "flagged_resources",
            Type::List(&Type::Record(&FLAGGED_RESOURCE)),
            operation::DESCRIBE_TRUSTED_ADVISOR_CHECK_RESULT,
            "The resources of the result.",
        ),
    ],
};
