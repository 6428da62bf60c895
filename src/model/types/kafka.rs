//! Amazon MSK.

use super::{INT, STR, STRINGS, api, derived};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// A Kafka cluster, provisioned or serverless.
pub static CLUSTER: ResourceType = ResourceType {
    name: "AWS::MSK::Cluster",
    title: ("MSKクラスター", "MSK cluster"),
    service: "kafka",
    listed_by: Some(operation::LIST_CLUSTERS_V2),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::LIST_CLUSTERS_V2, "The tags."),
        api("state", STR, operation::LIST_CLUSTERS_V2, "The state."),
        api(
            "cluster_type",
            Type::Enum(&["PROVISIONED", "SERVERLESS"]),
            operation::LIST_CLUSTERS_V2,
            "Whether brokers are provisioned or MSK Serverless runs them.",
        ),
        api(
            "availability_zone_count",
            INT,
            operation::LIST_CLUSTERS_V2,
            "Over how many zones the brokers are spread; null for a serverless cluster.",
        ),
        api("brokers", INT, operation::LIST_CLUSTERS_V2, "How many brokers it has; null for a serverless cluster."),
        derived(
            "live_copy_regions",
            STRINGS,
            &["AWS::MSK::Cluster.state"],
            "Always unknown: MSK Replicator and MirrorMaker are not looked at.",
        ),
    ],
};
