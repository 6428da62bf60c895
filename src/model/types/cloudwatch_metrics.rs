//! Metrics.

use super::{DURATION, STR, TIME, api};
use crate::model::operation;
use crate::model::schema::ResourceType;

/// How far a read replica of Amazon RDS lags behind its source, by the metric `ReplicaLag`.
pub static REPLICA_LAG: ResourceType = ResourceType {
    name: "Sonae::CloudWatch::ReplicaLag",
    title: ("リードレプリカの遅延", "Lag of a read replica"),
    service: "cloudwatch",
    listed_by: Some(operation::LIST_METRICS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("db_instance_identifier", STR, operation::LIST_METRICS, "The replica."),
        api(
            "maximum",
            DURATION,
            operation::GET_METRIC_DATA,
            "The longest lag in the last seven days; null when the replica never replicated in them.",
        ),
        api(
            "replicated_until",
            TIME,
            operation::GET_METRIC_DATA,
            "The newest hour with a lag; where replication has stopped, there is none (-1). Null without any.",
        ),
    ],
};
