//! Amazon S3.

use super::backup::{COVERING_RULE, POINT, RESTORE};
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
        part("sse_kms_objects", BOOL, "Whether it takes objects that are encrypted with a KMS key."),
        part("replica_kms_key_id", STR, "The key for the replicas of such objects; null for none."),
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
        part("all_keys", BOOL, "Whether the rule takes every object key."),
        part("replication_time_control", BOOL, "Whether S3 Replication Time Control is on (15 minutes)."),
        part("sse_kms_objects", BOOL, "Whether it takes objects that are encrypted with a KMS key."),
    ],
};

/// What the destination of an enabled replication rule keeps.
pub static DESTINATION: RecordType = RecordType {
    name: "replication destination",
    fields: &[
        part("rule", STR, "The replication rule's name."),
        part("bucket", STR, "The destination bucket."),
        part("region", STR, "Its Region; unknown when it lies outside the scan."),
        part("versioning", Type::Enum(&["Enabled", "Suspended"]), "Its versioning state; null when never enabled."),
        part("noncurrent_expiration", DURATION, "How soon its lifecycle rules expire older versions; null for never."),
    ],
};

/// A bucket that replicates into another.
pub static SOURCE: RecordType = RecordType {
    name: "replication source",
    fields: &[
        part("bucket", STR, "The bucket that the replicas come from."),
        part("region", STR, "Its Region."),
        part("replicated_to", STRINGS, "The Regions to which its own enabled rules replicate every object key."),
    ],
};

/// A way from bucket to bucket by enabled replication rules. S3 does not take replicas further by itself.
pub static RELAY: RecordType = RecordType {
    name: "relayed replication",
    fields: &[
        part("path", STRINGS, "The buckets in between, in order."),
        part("path_regions", STRINGS, "Their Regions."),
        part("bucket", STR, "The last bucket."),
        part("region", STR, "Its Region; unknown when it lies outside the scan."),
    ],
};

/// A lifecycle rule.
pub static LIFECYCLE_RULE: RecordType = RecordType {
    name: "lifecycle rule",
    fields: &[
        part("id", STR, "The rule's name."),
        part("status", Type::Enum(&["Enabled", "Disabled"]), "Whether the rule is on."),
        part("prefix", STR, "The key prefix it is limited to; null for all keys."),
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
        api(
            "sse_algorithm",
            Type::Enum(&["AES256", "aws:kms", "aws:kms:dsse"]),
            operation::GET_BUCKET_ENCRYPTION,
            "The default encryption; null when the bucket has none set.",
        ),
        api(
            "kms_key_id",
            STR,
            operation::GET_BUCKET_ENCRYPTION,
            "The key of the default encryption; null for keys of Amazon S3 and for the AWS managed key aws/s3.",
        ),
        derived(
            "replicas",
            Type::List(&Type::Record(&REPLICA)),
            &["AWS::S3::Bucket.replication_rules"],
            "The replication rules with the Region and account of their destinations.",
        ),
        derived(
            "destinations",
            Type::List(&Type::Record(&DESTINATION)),
            &["AWS::S3::Bucket.replication_rules", "AWS::S3::Bucket.versioning", "AWS::S3::Bucket.lifecycle_rules"],
            "What the destinations of enabled replication rules keep.",
        ),
        derived(
            "sources",
            Type::List(&Type::Record(&SOURCE)),
            &["AWS::S3::Bucket.replication_rules"],
            "The buckets of the scan that replicate into this one.",
        ),
        derived(
            "relays",
            Type::List(&Type::Record(&RELAY)),
            &["AWS::S3::Bucket.replication_rules"],
            "Where enabled rules lead from the buckets that this one replicates to.",
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
            "restores",
            Type::List(&Type::Record(&RESTORE)),
            &["Sonae::Backup::ProtectedResource.last_restore", "Sonae::Backup::RestoreJob.resource_arn"],
            "Its newest restore by AWS Backup in each account and Region of the scan, newest first.",
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
