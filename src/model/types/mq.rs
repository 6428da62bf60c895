//! Amazon MQ.

use super::{STR, STRINGS, TIME, api, derived};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// A broker.
pub static BROKER: ResourceType = ResourceType {
    name: "AWS::AmazonMQ::Broker",
    title: ("Amazon MQブローカー", "Amazon MQ broker"),
    service: "mq",
    listed_by: Some(operation::LIST_BROKERS),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::LIST_BROKER_TAGS, "The tags."),
        api("state", STR, operation::LIST_BROKERS, "The state."),
        api("created", TIME, operation::LIST_BROKERS, "When the broker was created."),
        api(
            "engine_type",
            Type::Enum(&["ACTIVEMQ", "RABBITMQ"]),
            operation::LIST_BROKERS,
            "The engine: ActiveMQ or RabbitMQ.",
        ),
        api(
            "deployment_mode",
            Type::Enum(&["SINGLE_INSTANCE", "ACTIVE_STANDBY_MULTI_AZ", "CLUSTER_MULTI_AZ"]),
            operation::LIST_BROKERS,
            "Whether it is a single instance, a pair in two zones or a cluster over zones.",
        ),
        derived(
            "live_copy_regions",
            STRINGS,
            &["AWS::AmazonMQ::Broker.state"],
            "Always unknown: replication to another Region and federation are not looked at.",
        ),
    ],
};
