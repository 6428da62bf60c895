//! Amazon RDS and Aurora.

use super::backup::{COVERING_RULE, POINT, RESTORE};
use super::cloudwatch::LAG_ALARM;
use super::{BOOL, DURATION, INT, STR, STRINGS, TIME, api, derived, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// A DB instance.
pub static DB_INSTANCE: ResourceType = ResourceType {
    name: "AWS::RDS::DBInstance",
    title: ("RDS DBインスタンス", "RDS DB instance"),
    service: "rds",
    listed_by: Some(operation::DESCRIBE_DB_INSTANCES),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_DB_INSTANCES, "The tags."),
        api("dbi_resource_id", STR, operation::DESCRIBE_DB_INSTANCES, "The id that AWS Config knows the instance by."),
        api("engine", STR, operation::DESCRIBE_DB_INSTANCES, "The database engine, such as mysql."),
        api("status", STR, operation::DESCRIBE_DB_INSTANCES, "The state; a stopped instance takes no backups."),
        api(
            "created",
            TIME,
            operation::DESCRIBE_DB_INSTANCES,
            "When the instance was created; null while it is being created.",
        ),
        api(
            "db_cluster_identifier",
            STR,
            operation::DESCRIBE_DB_INSTANCES,
            "The cluster it belongs to; null for a standalone instance.",
        ),
        api("multi_az", BOOL, operation::DESCRIBE_DB_INSTANCES, "Whether it has a standby in another zone."),
        api("availability_zone", STR, operation::DESCRIBE_DB_INSTANCES, "The zone of the primary."),
        api(
            "secondary_availability_zone",
            STR,
            operation::DESCRIBE_DB_INSTANCES,
            "The zone of the standby; null without one.",
        ),
        api(
            "backup_retention_period",
            DURATION,
            operation::DESCRIBE_DB_INSTANCES,
            "How long automated backups are kept, in days of 24 hours; zero when they are off.",
        ),
        api("preferred_backup_window", STR, operation::DESCRIBE_DB_INSTANCES, "When the daily snapshot is taken, UTC."),
        api(
            "latest_restorable_time",
            TIME,
            operation::DESCRIBE_DB_INSTANCES,
            "The latest time it can be restored to; null without automated backups.",
        ),
        api(
            "read_replica_source",
            STR,
            operation::DESCRIBE_DB_INSTANCES,
            "The instance or cluster it replicates; null unless it is a read replica.",
        ),
        api(
            "read_replicas",
            STRINGS,
            operation::DESCRIBE_DB_INSTANCES,
            "Its read replicas: names, or ARNs in other Regions.",
        ),
        api("deletion_protection", BOOL, operation::DESCRIBE_DB_INSTANCES, "Whether it refuses to be deleted."),
        api("kms_key_id", STR, operation::DESCRIBE_DB_INSTANCES, "The key of its storage; null when not encrypted."),
        api(
            "publicly_accessible",
            BOOL,
            operation::DESCRIBE_DB_INSTANCES,
            "Whether its name resolves to a public address outside its VPC.",
        ),
        derived(
            "earliest_restorable_time",
            TIME,
            &["Sonae::RDS::AutomatedBackup.earliest_restorable_time", "Sonae::RDS::AutomatedBackup.db_instance_arn"],
            "The earliest time it can be restored to; null without automated backups.",
        ),
        derived(
            "newest_automated_snapshot",
            TIME,
            &["Sonae::RDS::DBSnapshot.db_instance_identifier", "Sonae::RDS::DBSnapshot.created"],
            "When the newest automated snapshot was taken; null without one.",
        ),
        derived(
            "days_without_snapshot",
            INT,
            &[
                "AWS::RDS::DBInstance.backup_retention_period",
                "AWS::RDS::DBInstance.created",
                "Sonae::RDS::DBSnapshot.db_instance_identifier",
                "Sonae::RDS::DBSnapshot.created",
                "Sonae::RDS::DBSnapshot.snapshot_type",
                "Sonae::RDS::DBSnapshot.status",
            ],
            "How many full days (UTC) of the retention period have no automated snapshot.",
        ),
        derived(
            "held_by",
            STR,
            &["AWS::RDS::DBInstance.db_cluster_identifier", "AWS::RDS::DBInstance.read_replica_source"],
            "The cluster of a member or the source of a read replica, whose backups hold its data; null when it stands for itself.",
        ),
        derived(
            "live_copy_regions",
            STRINGS,
            &["AWS::RDS::DBInstance.read_replicas"],
            "The Regions in which it has read replicas, its own included when it has any there.",
        ),
        derived(
            "native_backup",
            BOOL,
            &["AWS::RDS::DBInstance.backup_retention_period"],
            "Whether the service itself keeps copies to go back to: automated backups are on.",
        ),
        derived(
            "backup_rules",
            Type::List(&Type::Record(&COVERING_RULE)),
            &[
                "AWS::RDS::DBInstance.tags",
                "AWS::RDS::DBInstance.db_cluster_identifier",
                "AWS::Backup::BackupPlan.rules",
                "AWS::Backup::BackupSelection.resources",
                "Sonae::Backup::RegionSettings.opt_in",
            ],
            "The AWS Backup rules that cover the instance; none for a cluster's member, which is backed up with its cluster.",
        ),
        derived(
            "recovery_points",
            Type::List(&Type::Record(&POINT)),
            &["AWS::RDS::DBInstance.backup_rules", "Sonae::Backup::RecoveryPoint.resource_arn"],
            "Its recovery points in all vaults of the scan, newest first.",
        ),
        derived(
            "restores",
            Type::List(&Type::Record(&RESTORE)),
            &["Sonae::Backup::ProtectedResource.last_restore", "Sonae::Backup::RestoreJob.resource_arn"],
            "Its newest restore by AWS Backup in each account and Region of the scan, newest first.",
        ),
        derived(
            "cross_region_copies",
            Type::List(&Type::Record(&CROSS_REGION_COPY)),
            &[
                "Sonae::RDS::AutomatedBackup.db_instance_arn",
                "Sonae::RDS::AutomatedBackup.latest_restorable_time",
                "Sonae::RDS::DBSnapshot.db_instance_identifier",
                "Sonae::RDS::DBSnapshot.source_region",
            ],
            "What Amazon RDS holds of it in other Regions of the account, newest first.",
        ),
        derived(
            "regions_searched",
            STRINGS,
            &["Sonae::Backup::RegionSettings.opt_in"],
            "The Regions of the account that were scanned; what lies in another one is unknown.",
        ),
        derived(
            "replica_lag",
            DURATION,
            &["Sonae::CloudWatch::ReplicaLag.maximum", "Sonae::CloudWatch::ReplicaLag.db_instance_identifier"],
            "How far the replica lagged behind at most in the last seven days; null without a figure.",
        ),
        derived(
            "replicated_until",
            TIME,
            &["Sonae::CloudWatch::ReplicaLag.replicated_until", "Sonae::CloudWatch::ReplicaLag.db_instance_identifier"],
            "The newest hour in which the replica replicated, by its lag; null without a figure.",
        ),
    ],
};

/// A copy in another Region that a database can be restored from.
pub static CROSS_REGION_COPY: RecordType = RecordType {
    name: "copy in another Region",
    fields: &[
        part("region", STR, "The Region of the copy."),
        part("kind", Type::Enum(&["automated_backup", "snapshot"]), "A replicated automated backup, or a snapshot."),
        part("latest", TIME, "The latest time that it restores; null before the first backup has arrived."),
    ],
};

/// A cluster in a global database.
pub static GLOBAL_MEMBER: RecordType = RecordType {
    name: "member of a global database",
    fields: &[
        part("arn", STR, "The cluster."),
        part("region", STR, "Its Region."),
        part("is_writer", BOOL, "Whether it is the primary cluster."),
        part(
            "synchronization_status",
            Type::Enum(&["connected", "pending-resync"]),
            "Whether it keeps up with the primary cluster; null where AWS does not say.",
        ),
        derived(
            "lag_alarms",
            Type::List(&Type::Record(&LAG_ALARM)),
            &[
                "AWS::RDS::DBInstance.read_replica_source",
                "AWS::CloudWatch::Alarm.metrics",
                "AWS::CloudWatch::Alarm.notifies",
            ],
            "The alarms on how far it lags behind its source; null for what is no replica of another Region.",
        ),
    ],
};

/// A member of a cluster.
pub static CLUSTER_MEMBER: RecordType = RecordType {
    name: "cluster member",
    fields: &[
        part("db_instance_identifier", STR, "The instance."),
        part("is_writer", BOOL, "Whether it is the writer."),
        part("promotion_tier", INT, "Its place in the order of promotion, lowest first."),
    ],
};

/// A DB cluster: Aurora, Multi-AZ DB cluster, DocumentDB or Neptune (AWS returns them all from one operation).
pub static DB_CLUSTER: ResourceType = ResourceType {
    name: "AWS::RDS::DBCluster",
    title: ("DBクラスター", "DB cluster"),
    service: "rds",
    listed_by: Some(operation::DESCRIBE_DB_CLUSTERS),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_DB_CLUSTERS, "The tags."),
        api(
            "engine",
            STR,
            operation::DESCRIBE_DB_CLUSTERS,
            "The engine: aurora-mysql, aurora-postgresql, docdb, neptune, or mysql and postgres for Multi-AZ DB clusters.",
        ),
        api("engine_mode", STR, operation::DESCRIBE_DB_CLUSTERS, "provisioned, serverless and the like."),
        api("status", STR, operation::DESCRIBE_DB_CLUSTERS, "The state."),
        api(
            "multi_az",
            BOOL,
            operation::DESCRIBE_DB_CLUSTERS,
            "Whether the members are spread over zones, as AWS says.",
        ),
        api(
            "members",
            Type::List(&Type::Record(&CLUSTER_MEMBER)),
            operation::DESCRIBE_DB_CLUSTERS,
            "The instances of the cluster.",
        ),
        api(
            "backup_retention_period",
            DURATION,
            operation::DESCRIBE_DB_CLUSTERS,
            "How long automated backups are kept, in days of 24 hours.",
        ),
        api(
            "earliest_restorable_time",
            TIME,
            operation::DESCRIBE_DB_CLUSTERS,
            "The earliest time it can be restored to.",
        ),
        api("latest_restorable_time", TIME, operation::DESCRIBE_DB_CLUSTERS, "The latest time it can be restored to."),
        api(
            "backtrack_window",
            DURATION,
            operation::DESCRIBE_DB_CLUSTERS,
            "How far Aurora MySQL can be rewound; null for not at all.",
        ),
        api("deletion_protection", BOOL, operation::DESCRIBE_DB_CLUSTERS, "Whether it refuses to be deleted."),
        api("kms_key_id", STR, operation::DESCRIBE_DB_CLUSTERS, "The key of its storage; null when not encrypted."),
        api(
            "global_cluster_identifier",
            STR,
            operation::DESCRIBE_DB_CLUSTERS,
            "The global database that it belongs to; null outside one.",
        ),
        api("read_replicas", STRINGS, operation::DESCRIBE_DB_CLUSTERS, "The ARNs of its read replicas."),
        derived(
            "member_zones",
            STRINGS,
            &[
                "AWS::RDS::DBCluster.members",
                "AWS::RDS::DBInstance.availability_zone",
                "AWS::RDS::DBInstance.db_cluster_identifier",
            ],
            "The zones in which the members really run, each once.",
        ),
        derived(
            "writer_zone",
            STR,
            &[
                "AWS::RDS::DBCluster.members",
                "AWS::RDS::DBInstance.availability_zone",
                "AWS::RDS::DBInstance.db_cluster_identifier",
            ],
            "The zone of the writer; null without a writer.",
        ),
        derived(
            "global_cluster_regions",
            STRINGS,
            &["AWS::RDS::GlobalCluster.members"],
            "The Regions of the global cluster that it belongs to, its own among them; empty outside a global cluster.",
        ),
        derived("held_by", STR, &["AWS::RDS::DBCluster.status"], "Always null: a cluster stands for itself."),
        derived(
            "live_copy_regions",
            STRINGS,
            &["AWS::RDS::GlobalCluster.members", "AWS::RDS::DBCluster.read_replicas"],
            "The other Regions of the global cluster that it belongs to, and those of its read replicas.",
        ),
        derived(
            "native_backup",
            BOOL,
            &["AWS::RDS::DBCluster.backup_retention_period"],
            "Whether the service itself keeps copies to go back to: always on for these engines, for at least a day.",
        ),
        derived(
            "backup_rules",
            Type::List(&Type::Record(&COVERING_RULE)),
            &[
                "AWS::RDS::DBCluster.tags",
                "AWS::RDS::DBCluster.engine",
                "AWS::Backup::BackupPlan.rules",
                "AWS::Backup::BackupSelection.resources",
                "Sonae::Backup::RegionSettings.opt_in",
            ],
            "The AWS Backup rules that cover the cluster.",
        ),
        derived(
            "recovery_points",
            Type::List(&Type::Record(&POINT)),
            &["AWS::RDS::DBCluster.backup_rules", "Sonae::Backup::RecoveryPoint.resource_arn"],
            "Its recovery points in all vaults of the scan, newest first.",
        ),
        derived(
            "restores",
            Type::List(&Type::Record(&RESTORE)),
            &["Sonae::Backup::ProtectedResource.last_restore", "Sonae::Backup::RestoreJob.resource_arn"],
            "Its newest restore by AWS Backup in each account and Region of the scan, newest first.",
        ),
        derived(
            "cross_region_copies",
            Type::List(&Type::Record(&CROSS_REGION_COPY)),
            &["Sonae::RDS::DBClusterSnapshot.db_cluster_identifier", "Sonae::RDS::DBClusterSnapshot.source_arn"],
            "Its snapshots that were copied to other Regions of the account, newest first.",
        ),
        derived(
            "regions_searched",
            STRINGS,
            &["Sonae::Backup::RegionSettings.opt_in"],
            "The Regions of the account that were scanned; what lies in another one is unknown.",
        ),
        derived(
            "global_members",
            Type::List(&Type::Record(&GLOBAL_MEMBER)),
            &["AWS::RDS::GlobalCluster.members", "AWS::RDS::DBCluster.global_cluster_identifier"],
            "The clusters of the global database that it belongs to, itself among them; none outside one.",
        ),
        derived(
            "public_members",
            STRINGS,
            &["AWS::RDS::DBCluster.members", "AWS::RDS::DBInstance.publicly_accessible"],
            "The members that are publicly accessible.",
        ),
        derived(
            "private_members",
            STRINGS,
            &["AWS::RDS::DBCluster.members", "AWS::RDS::DBInstance.publicly_accessible"],
            "The members that are not publicly accessible.",
        ),
    ],
};

/// An Aurora global database.
pub static GLOBAL_CLUSTER: ResourceType = ResourceType {
    name: "AWS::RDS::GlobalCluster",
    title: ("Auroraグローバルデータベース", "Aurora global database"),
    service: "rds",
    listed_by: Some(operation::DESCRIBE_GLOBAL_CLUSTERS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("status", STR, operation::DESCRIBE_GLOBAL_CLUSTERS, "The state."),
        api(
            "members",
            Type::List(&Type::Record(&GLOBAL_MEMBER)),
            operation::DESCRIBE_GLOBAL_CLUSTERS,
            "The clusters in it, the writer's first.",
        ),
        api("deletion_protection", BOOL, operation::DESCRIBE_GLOBAL_CLUSTERS, "Whether it refuses to be deleted."),
        derived(
            "lag_alarms",
            Type::List(&Type::Record(&LAG_ALARM)),
            &[
                "AWS::RDS::GlobalCluster.members",
                "AWS::RDS::DBCluster.status",
                "AWS::CloudWatch::Alarm.metrics",
                "AWS::CloudWatch::Alarm.notifies",
            ],
            "The alarms on how far its secondary clusters lag behind; null without any.",
        ),
    ],
};

/// A snapshot of a DB instance.
pub static DB_SNAPSHOT: ResourceType = ResourceType {
    name: "Sonae::RDS::DBSnapshot",
    title: ("DBスナップショット", "DB snapshot"),
    service: "rds",
    listed_by: Some(operation::DESCRIBE_DB_SNAPSHOTS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("db_instance_identifier", STR, operation::DESCRIBE_DB_SNAPSHOTS, "The instance it was taken of."),
        api("created", TIME, operation::DESCRIBE_DB_SNAPSHOTS, "When the data was taken, also for a copy."),
        api("status", STR, operation::DESCRIBE_DB_SNAPSHOTS, "available when it can be restored."),
        api("snapshot_type", Type::Enum(SNAPSHOT_TYPES), operation::DESCRIBE_DB_SNAPSHOTS, "Who took it."),
        api(
            "source_region",
            STR,
            operation::DESCRIBE_DB_SNAPSHOTS,
            "The Region it was copied from; null for an original.",
        ),
    ],
};

/// A snapshot of a DB cluster.
pub static DB_CLUSTER_SNAPSHOT: ResourceType = ResourceType {
    name: "Sonae::RDS::DBClusterSnapshot",
    title: ("DBクラスタースナップショット", "DB cluster snapshot"),
    service: "rds",
    listed_by: Some(operation::DESCRIBE_DB_CLUSTER_SNAPSHOTS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("db_cluster_identifier", STR, operation::DESCRIBE_DB_CLUSTER_SNAPSHOTS, "The cluster it was taken of."),
        api("created", TIME, operation::DESCRIBE_DB_CLUSTER_SNAPSHOTS, "When it was taken."),
        api("status", STR, operation::DESCRIBE_DB_CLUSTER_SNAPSHOTS, "available when it can be restored."),
        api("snapshot_type", Type::Enum(SNAPSHOT_TYPES), operation::DESCRIBE_DB_CLUSTER_SNAPSHOTS, "Who took it."),
        api(
            "source_arn",
            STR,
            operation::DESCRIBE_DB_CLUSTER_SNAPSHOTS,
            "The snapshot it was copied from; null for an original.",
        ),
    ],
};

const SNAPSHOT_TYPES: &[&str] = &["automated", "manual", "awsbackup", "shared", "public"];

/// The automated backup of a DB instance, also one replicated from another Region.
pub static AUTOMATED_BACKUP: ResourceType = ResourceType {
    name: "Sonae::RDS::AutomatedBackup",
    title: ("自動バックアップ", "Automated backup"),
    service: "rds",
    listed_by: Some(operation::DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("db_instance_arn", STR, operation::DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS, "The instance it belongs to."),
        api("source_region", STR, operation::DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS, "The Region of that instance."),
        api("status", STR, operation::DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS, "active, retained or creating."),
        api(
            "earliest_restorable_time",
            TIME,
            operation::DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS,
            "The earliest time it can restore; null before the first snapshot.",
        ),
        api(
            "latest_restorable_time",
            TIME,
            operation::DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS,
            "The latest time it can restore; null before the first snapshot.",
        ),
        api(
            "backup_retention_period",
            DURATION,
            operation::DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS,
            "How long it is kept, in days of 24 hours.",
        ),
    ],
};
