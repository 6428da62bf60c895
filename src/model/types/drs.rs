//! AWS Elastic Disaster Recovery.

use super::{DURATION, STR, TIME, api};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// A server that is replicated, in the Region it is replicated to.
pub static SOURCE_SERVER: ResourceType = ResourceType {
    name: "Sonae::DRS::SourceServer",
    title: ("DRSソースサーバー", "DRS source server"),
    service: "drs",
    listed_by: Some(operation::DESCRIBE_SOURCE_SERVERS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_SOURCE_SERVERS, "The tags."),
        api(
            "replication_state",
            Type::Enum(&[
                "STOPPED",
                "INITIATING",
                "INITIAL_SYNC",
                "BACKLOG",
                "CREATING_SNAPSHOT",
                "CONTINUOUS",
                "PAUSED",
                "RESCAN",
                "STALLED",
                "DISCONNECTED",
            ]),
            operation::DESCRIBE_SOURCE_SERVERS,
            "CONTINUOUS when it is in step; null before the agent reports.",
        ),
        api("lag", DURATION, operation::DESCRIBE_SOURCE_SERVERS, "How far behind it is; null when AWS gives none."),
        api(
            "replication_direction",
            Type::Enum(&["FAILOVER", "FAILBACK"]),
            operation::DESCRIBE_SOURCE_SERVERS,
            "FAILBACK while a recovered server is replicated back.",
        ),
        api(
            "last_launch_result",
            Type::Enum(&["NOT_STARTED", "PENDING", "SUCCEEDED", "FAILED"]),
            operation::DESCRIBE_SOURCE_SERVERS,
            "How the last drill or recovery ended.",
        ),
        api(
            "last_launch_type",
            Type::Enum(&["RECOVERY", "DRILL"]),
            operation::DESCRIBE_SOURCE_SERVERS,
            "Whether that was a drill; null for never.",
        ),
        api("last_launched", TIME, operation::DESCRIBE_SOURCE_SERVERS, "When that was started; null for never."),
        api(
            "origin_account",
            STR,
            operation::DESCRIBE_SOURCE_SERVERS,
            "The account of the server; null outside of AWS.",
        ),
        api("origin_region", STR, operation::DESCRIBE_SOURCE_SERVERS, "The Region of the server; null outside of AWS."),
        api("origin_instance_id", STR, operation::DESCRIBE_SOURCE_SERVERS, "The EC2 instance; null outside of AWS."),
    ],
};
