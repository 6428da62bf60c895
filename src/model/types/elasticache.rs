//! Amazon `ElastiCache`.

use super::{BOOL, DURATION, INT, STR, STRINGS, TIME, api, derived, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// A shard of a replication group.
pub static NODE_GROUP: RecordType = RecordType {
    name: "node group",
    fields: &[
        part("id", STR, "The shard's id."),
        part("nodes", INT, "How many nodes it has, the primary among them."),
        part("zones", STRINGS, "The zones of its nodes, each once."),
    ],
};

/// A replication group of Valkey or Redis OSS.
pub static REPLICATION_GROUP: ResourceType = ResourceType {
    name: "AWS::ElastiCache::ReplicationGroup",
    title: ("ElastiCacheレプリケーショングループ", "ElastiCache replication group"),
    service: "elasticache",
    listed_by: Some(operation::DESCRIBE_REPLICATION_GROUPS),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::LIST_CACHE_TAGS, "The tags."),
        api("engine", STR, operation::DESCRIBE_REPLICATION_GROUPS, "The engine: valkey or redis."),
        api("status", STR, operation::DESCRIBE_REPLICATION_GROUPS, "The state."),
        api("created", TIME, operation::DESCRIBE_REPLICATION_GROUPS, "When the group was created."),
        api("multi_az", BOOL, operation::DESCRIBE_REPLICATION_GROUPS, "Whether Multi-AZ is enabled."),
        api(
            "automatic_failover",
            Type::Enum(&["enabled", "disabled", "enabling", "disabling"]),
            operation::DESCRIBE_REPLICATION_GROUPS,
            "Whether a replica takes over by itself when a primary fails.",
        ),
        api(
            "node_groups",
            Type::List(&Type::Record(&NODE_GROUP)),
            operation::DESCRIBE_REPLICATION_GROUPS,
            "The shards with the zones of their nodes.",
        ),
        api(
            "snapshot_retention_limit",
            DURATION,
            operation::DESCRIBE_REPLICATION_GROUPS,
            "How long automatic backups are kept, in days of 24 hours; zero when they are off.",
        ),
        api(
            "snapshot_window",
            STR,
            operation::DESCRIBE_REPLICATION_GROUPS,
            "When the daily backup is taken, UTC; null without one.",
        ),
        api(
            "effective_durability",
            Type::Enum(&["sync", "async", "disabled"]),
            operation::DESCRIBE_REPLICATION_GROUPS,
            "Whether writes go to a Multi-AZ transactional log; null where AWS says nothing, as for older engines.",
        ),
        api(
            "global_replication_group_id",
            STR,
            operation::DESCRIBE_REPLICATION_GROUPS,
            "The Global Datastore that it belongs to; null for none.",
        ),
        derived(
            "global_datastore_regions",
            STRINGS,
            &[
                "AWS::ElastiCache::ReplicationGroup.global_replication_group_id",
                "AWS::ElastiCache::GlobalReplicationGroup.member_regions",
            ],
            "The other Regions of its Global Datastore; empty without one.",
        ),
    ],
};

/// A Global Datastore.
pub static GLOBAL_REPLICATION_GROUP: ResourceType = ResourceType {
    name: "AWS::ElastiCache::GlobalReplicationGroup",
    title: ("ElastiCache Global Datastore", "ElastiCache Global Datastore"),
    service: "elasticache",
    listed_by: Some(operation::DESCRIBE_GLOBAL_REPLICATION_GROUPS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("status", STR, operation::DESCRIBE_GLOBAL_REPLICATION_GROUPS, "The state."),
        api(
            "member_regions",
            STRINGS,
            operation::DESCRIBE_GLOBAL_REPLICATION_GROUPS,
            "The Regions of its members, the primary's first.",
        ),
    ],
};

/// A serverless cache, which spans zones by itself.
pub static SERVERLESS_CACHE: ResourceType = ResourceType {
    name: "AWS::ElastiCache::ServerlessCache",
    title: ("ElastiCacheサーバーレスキャッシュ", "ElastiCache serverless cache"),
    service: "elasticache",
    listed_by: Some(operation::DESCRIBE_SERVERLESS_CACHES),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::LIST_CACHE_TAGS, "The tags."),
        api("engine", STR, operation::DESCRIBE_SERVERLESS_CACHES, "The engine: valkey, redis or memcached."),
        api("status", STR, operation::DESCRIBE_SERVERLESS_CACHES, "The state."),
        api("created", TIME, operation::DESCRIBE_SERVERLESS_CACHES, "When the cache was created."),
        api(
            "snapshot_retention_limit",
            DURATION,
            operation::DESCRIBE_SERVERLESS_CACHES,
            "How long automatic backups are kept, in days of 24 hours; zero when they are off.",
        ),
        api(
            "snapshot_window",
            STR,
            operation::DESCRIBE_SERVERLESS_CACHES,
            "When the daily backup is taken, UTC; null without one.",
        ),
        api(
            "effective_durability",
            Type::Enum(&["sync", "async", "disabled"]),
            operation::DESCRIBE_SERVERLESS_CACHES,
            "Always null: only node-based clusters have a Multi-AZ transactional log.",
        ),
    ],
};
