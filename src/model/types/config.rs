//! AWS Config.

use super::{BOOL, STR, api, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// The configuration recorder of a Region.
pub static CONFIGURATION_RECORDER: ResourceType = ResourceType {
    name: "AWS::Config::ConfigurationRecorder",
    title: ("Configレコーダー", "Configuration recorder"),
    service: "config",
    listed_by: Some(operation::DESCRIBE_CONFIGURATION_RECORDERS),
    listed_within: None,
    stateful: false,
    fields: &[
        api(
            "all_supported",
            BOOL,
            operation::DESCRIBE_CONFIGURATION_RECORDERS,
            "Whether it records every supported type.",
        ),
        api("recording", BOOL, operation::DESCRIBE_CONFIGURATION_RECORDER_STATUS, "Whether it is recording."),
        api(
            "last_status",
            STR,
            operation::DESCRIBE_CONFIGURATION_RECORDER_STATUS,
            "The result of its last delivery; null before the first.",
        ),
    ],
};

/// The evaluation of one resource by a Config rule.
pub static EVALUATION: RecordType = RecordType {
    name: "Config evaluation",
    fields: &[
        part("resource_type", STR, "The CloudFormation type."),
        part("resource_id", STR, "Config's id of the resource."),
        part("compliance", Type::Enum(COMPLIANCE), "The result."),
    ],
};

/// The results that AWS Config knows.
pub const COMPLIANCE: &[&str] = &["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE", "INSUFFICIENT_DATA"];

/// A Config rule.
pub static CONFIG_RULE: ResourceType = ResourceType {
    name: "AWS::Config::ConfigRule",
    title: ("Configルール", "Config rule"),
    service: "config",
    listed_by: Some(operation::DESCRIBE_CONFIG_RULES),
    listed_within: None,
    stateful: false,
    fields: &[
        api(
            "source_identifier",
            STR,
            operation::DESCRIBE_CONFIG_RULES,
            "The managed rule, such as S3_BUCKET_VERSIONING_ENABLED.",
        ),
        api(
            "compliance",
            Type::Enum(COMPLIANCE),
            operation::DESCRIBE_COMPLIANCE_BY_CONFIG_RULE,
            "The result over all resources; null before the first evaluation.",
        ),
        api(
            "evaluations",
            Type::List(&Type::Record(&EVALUATION)),
            operation::GET_COMPLIANCE_DETAILS_BY_CONFIG_RULE,
            "The result of each resource; only of rules that a selected rule maps to.",
        ),
    ],
};
