//! Amazon Redshift.

use super::backup::{COVERING_RULE, POINT};
use super::{BOOL, DURATION, INT, STR, STRINGS, TIME, api, derived};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// A provisioned cluster.
pub static CLUSTER: ResourceType = ResourceType {
    name: "AWS::Redshift::Cluster",
    title: ("Redshiftクラスター", "Redshift cluster"),
    service: "redshift",
    listed_by: Some(operation::DESCRIBE_REDSHIFT_CLUSTERS),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_REDSHIFT_CLUSTERS, "The tags."),
        api("status", STR, operation::DESCRIBE_REDSHIFT_CLUSTERS, "The state."),
        api("created", TIME, operation::DESCRIBE_REDSHIFT_CLUSTERS, "When the cluster was created."),
        api("node_type", STR, operation::DESCRIBE_REDSHIFT_CLUSTERS, "The node type."),
        api("number_of_nodes", INT, operation::DESCRIBE_REDSHIFT_CLUSTERS, "How many nodes it has."),
        api("multi_az", BOOL, operation::DESCRIBE_REDSHIFT_CLUSTERS, "Whether it runs in two zones at once."),
        api("availability_zone", STR, operation::DESCRIBE_REDSHIFT_CLUSTERS, "The zone, or the first of two."),
        api(
            "automated_snapshot_retention_period",
            DURATION,
            operation::DESCRIBE_REDSHIFT_CLUSTERS,
            "How long automated snapshots are kept, in days of 24 hours; zero when they are off.",
        ),
        api(
            "snapshot_schedule_identifier",
            STR,
            operation::DESCRIBE_REDSHIFT_CLUSTERS,
            "The schedule of its automated snapshots; null for the default one.",
        ),
        api(
            "snapshot_copy_region",
            STR,
            operation::DESCRIBE_REDSHIFT_CLUSTERS,
            "The Region that snapshots are copied to; null without cross-Region copies.",
        ),
        api(
            "snapshot_copy_retention",
            DURATION,
            operation::DESCRIBE_REDSHIFT_CLUSTERS,
            "How long copies of automated snapshots are kept; null without cross-Region copies.",
        ),
        api(
            "kms_key_id",
            STR,
            operation::DESCRIBE_REDSHIFT_CLUSTERS,
            "The key of its storage; null when not encrypted.",
        ),
        derived(
            "snapshot_interval",
            DURATION,
            &["AWS::Redshift::Cluster.snapshot_schedule_identifier", "Sonae::Redshift::SnapshotSchedule.definitions"],
            "The longest time between two automated snapshots: eight hours without a schedule of its own.",
        ),
        derived("held_by", STR, &["AWS::Redshift::Cluster.status"], "Always null: a cluster stands for itself."),
        derived(
            "live_copy_regions",
            STRINGS,
            &["AWS::Redshift::Cluster.snapshot_copy_region"],
            "The Region that the service itself copies snapshots to, if any.",
        ),
        derived(
            "native_backup",
            BOOL,
            &["AWS::Redshift::Cluster.automated_snapshot_retention_period"],
            "Whether the service itself keeps something to go back to: automated snapshots are on.",
        ),
        derived(
            "backup_rules",
            Type::List(&Type::Record(&COVERING_RULE)),
            &[
                "AWS::Redshift::Cluster.tags",
                "AWS::Backup::BackupPlan.rules",
                "AWS::Backup::BackupSelection.resources",
                "Sonae::Backup::RegionSettings.opt_in",
            ],
            "The AWS Backup rules that cover the cluster.",
        ),
        derived(
            "recovery_points",
            Type::List(&Type::Record(&POINT)),
            &["AWS::Redshift::Cluster.backup_rules", "Sonae::Backup::RecoveryPoint.resource_arn"],
            "Its recovery points in all vaults of the scan, newest first.",
        ),
    ],
};

/// A schedule of automated snapshots.
pub static SNAPSHOT_SCHEDULE: ResourceType = ResourceType {
    name: "Sonae::Redshift::SnapshotSchedule",
    title: ("Redshiftスナップショットスケジュール", "Redshift snapshot schedule"),
    service: "redshift",
    listed_by: Some(operation::DESCRIBE_SNAPSHOT_SCHEDULES),
    listed_within: None,
    stateful: false,
    fields: &[api(
        "definitions",
        STRINGS,
        operation::DESCRIBE_SNAPSHOT_SCHEDULES,
        "When snapshots are taken, such as rate(12 hours).",
    )],
};
