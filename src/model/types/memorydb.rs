//! Amazon `MemoryDB`.

use super::{DURATION, INT, STR, STRINGS, api, derived};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// A cluster.
pub static CLUSTER: ResourceType = ResourceType {
    name: "AWS::MemoryDB::Cluster",
    title: ("MemoryDBクラスター", "MemoryDB cluster"),
    service: "memorydb",
    listed_by: Some(operation::DESCRIBE_MEMORYDB_CLUSTERS),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::LIST_MEMORYDB_TAGS, "The tags."),
        api("engine", STR, operation::DESCRIBE_MEMORYDB_CLUSTERS, "The engine: valkey or redis."),
        api("status", STR, operation::DESCRIBE_MEMORYDB_CLUSTERS, "The state."),
        api(
            "availability_mode",
            Type::Enum(&["singleaz", "multiaz"]),
            operation::DESCRIBE_MEMORYDB_CLUSTERS,
            "Whether its nodes are in one zone or in several.",
        ),
        api("number_of_shards", INT, operation::DESCRIBE_MEMORYDB_CLUSTERS, "How many shards it has."),
        api(
            "snapshot_retention_limit",
            DURATION,
            operation::DESCRIBE_MEMORYDB_CLUSTERS,
            "How long automatic snapshots are kept, in days of 24 hours; zero when they are off.",
        ),
        api(
            "multi_region_cluster_name",
            STR,
            operation::DESCRIBE_MEMORYDB_CLUSTERS,
            "The multi-Region cluster that it belongs to; null for none.",
        ),
        derived(
            "multi_region_regions",
            STRINGS,
            &["AWS::MemoryDB::Cluster.multi_region_cluster_name"],
            "The other Regions of the scan with a member of its multi-Region cluster; unknown where none of them is in the scan.",
        ),
    ],
};
