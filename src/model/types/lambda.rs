//! AWS Lambda.

use super::{STR, STRINGS, api, derived};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// A function.
pub static FUNCTION: ResourceType = ResourceType {
    name: "AWS::Lambda::Function",
    title: ("Lambda関数", "Lambda function"),
    service: "lambda",
    listed_by: Some(operation::LIST_FUNCTIONS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::LIST_FUNCTION_TAGS, "The tags."),
        api("vpc_id", STR, operation::LIST_FUNCTIONS, "The VPC; null outside of one."),
        api("subnets", STRINGS, operation::LIST_FUNCTIONS, "The subnets; empty outside of a VPC."),
        api(
            "dead_letter_target",
            STR,
            operation::LIST_FUNCTIONS,
            "The queue or topic for events that could not be processed; null without.",
        ),
        api(
            "async_configurations",
            STRINGS,
            operation::LIST_FUNCTION_EVENT_INVOKE_CONFIGS,
            "The versions and aliases that have settings for asynchronous invocation.",
        ),
        api(
            "on_failure_destinations",
            STRINGS,
            operation::LIST_FUNCTION_EVENT_INVOKE_CONFIGS,
            "Where records of failed asynchronous invocations go.",
        ),
        api(
            "async_sources",
            STRINGS,
            operation::GET_FUNCTION_POLICY,
            "The AWS services that its resource-based policy allows and that invoke functions asynchronously.",
        ),
        derived(
            "zone_ids",
            STRINGS,
            &["AWS::Lambda::Function.subnets", "AWS::EC2::Subnet.availability_zone_id"],
            "The zone ids of its subnets, each once.",
        ),
    ],
};
