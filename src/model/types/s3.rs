//! Amazon S3.

use super::backup::{COVERING_RULE, POINT};
use super::cloudwatch::LAG_ALARM;
use super::{BOOL, DURATION, INT, STR, STRINGS, TIME, api, derived, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// A replication rule as the bucket has it.
pub static REPLICATION_RULE: RecordType = RecordType {
    name: "replication rule",
    fields: &[
        part("id", STR, "The rule's name."),
        part("status", Type::Enum(&["Enabled", "Disabled"]), "Whether the rule is on."),
        part("prefix", STR, "The key prefix it is limited to; null for all keys."),
        part("filtered_by_tag", BOOL, "Whether it is limited to objects with a tag."),
        part("destination_bucket", STR, "The name of the destination bucket."),
        part("destination_account", STR, "The account that is to own the replicas; null for the same account."),
        part("replication_time_control", BOOL, "Whether S3 Replication Time Control is on (15 minutes)."),
        part("delete_marker_replication", BOOL, "Whether delete markers are replicated."),
    ],
};

/// A replication rule together with where its destination is.
pub static REPLICA: RecordType = RecordType {
    name: "replica",
    fields: &[
        part("rule", STR, "The replication rule's name."),
        part("status", Type::Enum(&["Enabled", "Disabled"]), "Whether the rule is on."),
        part("bucket", STR, "The destination bucket."),
        part("region", STR, "The destination's Region; unknown when the bucket lies outside the scan."),
        part("account", STR, "The destination's account; unknown when the bucket lies outside the scan."),
        part("all_keys", BOOL, "Whether the rule takes every object."),
        part("replication_time_control", BOOL, "Whether S3 Replication Time Control is on (15 minutes)."),
    ],
};

/// A lifecycle rule.
pub static LIFECYCLE_RULE: RecordType = RecordType {
    name: "lifecycle rule",
    fields: &[
        part("id", STR, "The rule's name."),
        part("status", Type::Enum(&["Enabled", "Disabled"]), "Whether the rule is on."),
        part("expiration", DURATION, "When current objects expire; null for never."),
        part("noncurrent_expiration", DURATION, "When older versions expire; null for never."),
        part("newer_noncurrent_versions", INT, "How many older versions are kept in any case; null for none."),
    ],
};

/// An S3 bucket.
pub static BUCKET: ResourceType = ResourceType {
    name: "AWS::S3::Bucket",
    title: ("S3バケット", "S3 bucket"),
    service: "s3",
    listed_by: Some(operation::LIST_BUCKETS),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::GET_BUCKET_TAGGING, "The tags."),
        api("created", TIME, operation::LIST_BUCKETS, "When the bucket was created."),
        api(
            "versioning",
            Type::Enum(&["Enabled", "Suspended"]),
            operation::GET_BUCKET_VERSIONING,
            "The versioning state; null when versioning was never enabled.",
        ),
        api(
            "mfa_delete",
            Type::Enum(&["Enabled", "Disabled"]),
            operation::GET_BUCKET_VERSIONING,
            "Whether deleting a version needs MFA; null when it was never set.",
        ),
        api(
            "replication_rules",
            Type::List(&Type::Record(&REPLICATION_RULE)),
            operation::GET_BUCKET_REPLICATION,
            "The replication rules; empty without replication.",
        ),
        api(
            "object_lock_enabled",
            BOOL,
            operation::GET_OBJECT_LOCK_CONFIGURATION,
            "Whether Object Lock can protect objects of the bucket.",
        ),
        api(
            "object_lock_mode",
            Type::Enum(&["GOVERNANCE", "COMPLIANCE"]),
            operation::GET_OBJECT_LOCK_CONFIGURATION,
            "The mode of the default retention; null without one.",
        ),
        api(
            "object_lock_retention",
            DURATION,
            operation::GET_OBJECT_LOCK_CONFIGURATION,
            "The default retention, a year counted as 365 days; null without one.",
        ),
        api(
            "lifecycle_rules",
            Type::List(&Type::Record(&LIFECYCLE_RULE)),
            operation::GET_BUCKET_LIFECYCLE_CONFIGURATION,
            "The lifecycle rules; empty without a lifecycle configuration.",
        ),
        derived(
            "replicas",
            Type::List(&Type::Record(&REPLICA)),
            &["AWS::S3::Bucket.replication_rules"],
            "The replication rules with the Region and account of their destinations.",
        ),
        derived("held_by", STR, &["AWS::S3::Bucket.created"], "Always null: a bucket stands for itself."),
        derived(
            "live_copy_regions",
            STRINGS,
            &["AWS::S3::Bucket.replication_rules"],
            "The Regions to which an enabled rule replicates the bucket.",
        ),
        derived(
            "native_backup",
            BOOL,
            &["AWS::S3::Bucket.versioning"],
            "Whether the service itself keeps copies to go back to: versioning is on.",
        ),
        derived(
            "backup_rules",
            Type::List(&Type::Record(&COVERING_RULE)),
            COVERED_BY,
            "The AWS Backup rules that cover the bucket.",
        ),
        derived(
            "recovery_points",
            Type::List(&Type::Record(&POINT)),
            &["AWS::S3::Bucket.backup_rules", "Sonae::Backup::RecoveryPoint.resource_arn"],
            "Its recovery points in all vaults of the scan, newest first.",
        ),
        derived(
            "lag_alarms",
            Type::List(&Type::Record(&LAG_ALARM)),
            &["AWS::S3::Bucket.replication_rules", "AWS::CloudWatch::Alarm.metrics", "AWS::CloudWatch::Alarm.notifies"],
            "The alarms on the replication lag and failures of the bucket; null without replication to another Region.",
        ),
    ],
};

const COVERED_BY: &[&str] = &[
    "AWS::S3::Bucket.tags",
    "AWS::S3::Bucket.versioning",
    "AWS::Backup::BackupPlan.rules",
    "AWS::Backup::BackupSelection.resources",
    "Sonae::Backup::RegionSettings.opt_in",
];
