//! Amazon Kinesis Data Streams.

use super::{DURATION, STR, api};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// A data stream.
pub static STREAM: ResourceType = ResourceType {
    name: "AWS::Kinesis::Stream",
    title: ("Kinesisデータストリーム", "Kinesis data stream"),
    service: "kinesis",
    listed_by: Some(operation::LIST_STREAMS),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::LIST_TAGS_FOR_STREAM, "The tags."),
        api("status", STR, operation::DESCRIBE_STREAM_SUMMARY, "The state."),
        api(
            "retention_period",
            DURATION,
            operation::DESCRIBE_STREAM_SUMMARY,
            "How long records can be read again after they were written.",
        ),
        api(
            "stream_mode",
            Type::Enum(&["PROVISIONED", "ON_DEMAND"]),
            operation::DESCRIBE_STREAM_SUMMARY,
            "How its capacity is managed; null where AWS says nothing.",
        ),
    ],
};
