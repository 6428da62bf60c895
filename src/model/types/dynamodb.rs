//! Amazon DynamoDB.

use super::backup::{COVERING_RULE, POINT};
use super::{BOOL, DURATION, STR, STRINGS, TIME, api, derived, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

const REPLICA_STATUS: Type = Type::Enum(&[
    "CREATING",
    "CREATION_FAILED",
    "UPDATING",
    "DELETING",
    "ACTIVE",
    "REGION_DISABLED",
    "INACCESSIBLE_ENCRYPTION_CREDENTIALS",
    "ARCHIVING",
    "ARCHIVED",
    "REPLICATION_NOT_AUTHORIZED",
]);

/// A replica of a global table as another replica names it.
pub static REPLICA: RecordType = RecordType {
    name: "table replica",
    fields: &[
        part("region", STR, "The Region."),
        part("arn", STR, "The replica; null where AWS leaves it out."),
        part("status", REPLICA_STATUS, "The state; only an ACTIVE or UPDATING replica takes part in replication."),
    ],
};

/// A replica of a global table together with its own settings, which DynamoDB does not synchronise.
pub static REPLICA_TABLE: RecordType = RecordType {
    name: "replica table",
    fields: &[
        part("region", STR, "The Region."),
        part("status", REPLICA_STATUS, "The state; null for a global table of version 2017.11.29."),
        part("point_in_time_recovery", BOOL, "Whether its PITR is on; unknown when it lies outside the scan."),
        part("deletion_protection", BOOL, "Whether it refuses to be deleted; unknown when it lies outside the scan."),
    ],
};

/// A table, or the replica of a global table in one Region.
pub static TABLE: ResourceType = ResourceType {
    name: "AWS::DynamoDB::Table",
    title: ("DynamoDBテーブル", "DynamoDB table"),
    service: "dynamodb",
    listed_by: Some(operation::LIST_TABLES),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::LIST_TAGS_OF_RESOURCE, "The tags."),
        api("status", STR, operation::DESCRIBE_TABLE, "The state."),
        api("created", TIME, operation::DESCRIBE_TABLE, "When the table was created."),
        api(
            "replicas",
            Type::List(&Type::Record(&REPLICA)),
            operation::DESCRIBE_TABLE,
            "The other replicas of its global table (version 2019.11.21); empty for a table of one Region.",
        ),
        api(
            "multi_region_consistency",
            Type::Enum(&["EVENTUAL", "STRONG"]),
            operation::DESCRIBE_TABLE,
            "How replicas of a global table agree: EVENTUAL (MREC) or STRONG (MRSC); null where AWS says nothing.",
        ),
        api("deletion_protection", BOOL, operation::DESCRIBE_TABLE, "Whether it refuses to be deleted."),
        api(
            "kms_key_id",
            STR,
            operation::DESCRIBE_TABLE,
            "The KMS key that encrypts it; null for the key that DynamoDB owns.",
        ),
        api(
            "point_in_time_recovery",
            BOOL,
            operation::DESCRIBE_CONTINUOUS_BACKUPS,
            "Whether point-in-time recovery (PITR) is on.",
        ),
        api(
            "recovery_period",
            DURATION,
            operation::DESCRIBE_CONTINUOUS_BACKUPS,
            "How far back PITR reaches, in days of 24 hours; zero when it is off.",
        ),
        api(
            "earliest_restorable_time",
            TIME,
            operation::DESCRIBE_CONTINUOUS_BACKUPS,
            "The earliest time it can be restored to; null without PITR.",
        ),
        api(
            "latest_restorable_time",
            TIME,
            operation::DESCRIBE_CONTINUOUS_BACKUPS,
            "The latest time it can be restored to; null without PITR.",
        ),
        derived(
            "global_table_version",
            STR,
            &["AWS::DynamoDB::Table.replicas", "Sonae::DynamoDB::LegacyGlobalTable.regions"],
            "The version of the global table that it is a replica of; null for a table of one Region.",
        ),
        derived(
            "replica_tables",
            Type::List(&Type::Record(&REPLICA_TABLE)),
            &[
                "AWS::DynamoDB::Table.replicas",
                "AWS::DynamoDB::Table.point_in_time_recovery",
                "AWS::DynamoDB::Table.deletion_protection",
                "Sonae::DynamoDB::LegacyGlobalTable.regions",
            ],
            "The other replicas of its global table with their own settings.",
        ),
        derived("held_by", STR, &["AWS::DynamoDB::Table.status"], "Always null: a table stands for itself."),
        derived(
            "live_copy_regions",
            STRINGS,
            &["AWS::DynamoDB::Table.replicas", "Sonae::DynamoDB::LegacyGlobalTable.regions"],
            "The other Regions that its items are replicated to.",
        ),
        derived(
            "native_backup",
            BOOL,
            &["AWS::DynamoDB::Table.point_in_time_recovery"],
            "Whether the service itself keeps something to go back to: PITR is on.",
        ),
        derived(
            "backup_rules",
            Type::List(&Type::Record(&COVERING_RULE)),
            &[
                "AWS::DynamoDB::Table.tags",
                "AWS::Backup::BackupPlan.rules",
                "AWS::Backup::BackupSelection.resources",
                "Sonae::Backup::RegionSettings.opt_in",
            ],
            "The AWS Backup rules that cover the table.",
        ),
        derived(
            "recovery_points",
            Type::List(&Type::Record(&POINT)),
            &["AWS::DynamoDB::Table.backup_rules", "Sonae::Backup::RecoveryPoint.resource_arn"],
            "Its recovery points in all vaults of the scan, newest first.",
        ),
    ],
};

/// A global table of version 2017.11.29, which its replicas themselves do not mention.
pub static LEGACY_GLOBAL_TABLE: ResourceType = ResourceType {
    name: "Sonae::DynamoDB::LegacyGlobalTable",
    title: ("DynamoDBグローバルテーブル (2017.11.29)", "DynamoDB global table (2017.11.29)"),
    service: "dynamodb",
    listed_by: Some(operation::LIST_GLOBAL_TABLES),
    listed_within: None,
    stateful: false,
    fields: &[api("regions", STRINGS, operation::LIST_GLOBAL_TABLES, "The Regions of its replicas.")],
};
