//! Amazon SQS.

use super::{BOOL, DURATION, STR, api, derived};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// A queue.
pub static QUEUE: ResourceType = ResourceType {
    name: "AWS::SQS::Queue",
    title: ("SQSキュー", "SQS queue"),
    service: "sqs",
    listed_by: Some(operation::LIST_QUEUES),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::LIST_QUEUE_TAGS, "The tags."),
        api("url", STR, operation::LIST_QUEUES, "The URL."),
        api(
            "message_retention_period",
            DURATION,
            operation::GET_QUEUE_ATTRIBUTES,
            "How long a message that nobody deletes stays in the queue.",
        ),
        api(
            "dead_letter_target",
            STR,
            operation::GET_QUEUE_ATTRIBUTES,
            "The ARN of its dead-letter queue; null without one.",
        ),
        derived(
            "is_dead_letter_queue",
            BOOL,
            &["AWS::SQS::Queue.dead_letter_target"],
            "Whether it is the dead-letter queue of a queue of the same account and Region.",
        ),
    ],
};
