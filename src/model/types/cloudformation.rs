//! AWS CloudFormation.

use super::{BOOL, STR, TIME, api, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// A resource of a stack.
pub static STACK_RESOURCE: RecordType = RecordType {
    name: "stack resource",
    fields: &[
        part("type", STR, "The resource's type."),
        part("physical_id", STR, "The name, id or ARN that identifies it within its type."),
    ],
};

/// Something in a template that ties it to a place.
pub static HARD_CODED: RecordType = RecordType {
    name: "hard-coded place",
    fields: &[
        part("path", STR, "Where in the template."),
        part("kind", Type::Enum(&["region", "zone", "image"]), "What it names."),
        part("value", STR, "The Region, Availability Zone or AMI."),
    ],
};

/// A stack.
pub static STACK: ResourceType = ResourceType {
    name: "AWS::CloudFormation::Stack",
    title: ("CloudFormationスタック", "CloudFormation stack"),
    service: "cloudformation",
    listed_by: Some(operation::DESCRIBE_STACKS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_STACKS, "The tags."),
        api("status", STR, operation::DESCRIBE_STACKS, "The stack's state."),
        api("parent_id", STR, operation::DESCRIBE_STACKS, "The stack that it is nested in; null for a root stack."),
        api(
            "termination_protection",
            BOOL,
            operation::DESCRIBE_STACKS,
            "Whether termination protection is on; nested stacks follow their root stack.",
        ),
        api(
            "drift_status",
            Type::Enum(&["DRIFTED", "IN_SYNC", "UNKNOWN", "NOT_CHECKED"]),
            operation::DESCRIBE_STACKS,
            "What the last drift detection found.",
        ),
        api("drift_checked", TIME, operation::DESCRIBE_STACKS, "When drift was last detected; null for never."),
        api(
            "resources",
            Type::List(&Type::Record(&STACK_RESOURCE)),
            operation::LIST_STACK_RESOURCES,
            "The resources that it owns.",
        ),
        api(
            "hard_coded",
            Type::List(&Type::Record(&HARD_CODED)),
            operation::GET_TEMPLATE,
            "Regions, Availability Zones and AMIs that its template's resources name literally.",
        ),
    ],
};
