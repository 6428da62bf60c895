//! Amazon EFS.

use super::backup::{COVERING_RULE, POINT};
use super::{BOOL, INT, STR, STRINGS, TIME, api, derived, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// A file system that another one is replicated to.
pub static REPLICA: RecordType = RecordType {
    name: "file system replica",
    fields: &[
        part("file_system_id", STR, "The destination file system."),
        part("region", STR, "Its Region."),
        part("owner_id", STR, "Its account; null where AWS does not say."),
        part(
            "status",
            Type::Enum(&["ENABLED", "ENABLING", "DELETING", "ERROR", "PAUSED", "PAUSING"]),
            "ENABLED when replication works.",
        ),
        part("last_replicated", TIME, "When the last sync that succeeded was completed; null before the first one."),
    ],
};

/// A file system.
pub static FILE_SYSTEM: ResourceType = ResourceType {
    name: "AWS::EFS::FileSystem",
    title: ("EFSファイルシステム", "EFS file system"),
    service: "efs",
    listed_by: Some(operation::DESCRIBE_FILE_SYSTEMS),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_FILE_SYSTEMS, "The tags."),
        api("life_cycle_state", STR, operation::DESCRIBE_FILE_SYSTEMS, "The state; available when it can be used."),
        api(
            "availability_zone_id",
            STR,
            operation::DESCRIBE_FILE_SYSTEMS,
            "The zone of a One Zone file system; null for a Regional one.",
        ),
        api("number_of_mount_targets", INT, operation::DESCRIBE_FILE_SYSTEMS, "How many mount targets it has."),
        api(
            "replication_overwrite_protection",
            Type::Enum(&["ENABLED", "DISABLED", "REPLICATING"]),
            operation::DESCRIBE_FILE_SYSTEMS,
            "REPLICATING for the destination of a replication, which is read-only.",
        ),
        api("kms_key_id", STR, operation::DESCRIBE_FILE_SYSTEMS, "The key; null when not encrypted."),
        api(
            "mount_target_zones",
            STRINGS,
            operation::DESCRIBE_MOUNT_TARGETS,
            "The ids of the zones with a mount target that is available, each once.",
        ),
        api(
            "backup_policy",
            Type::Enum(&["ENABLED", "ENABLING", "DISABLED", "DISABLING"]),
            operation::DESCRIBE_BACKUP_POLICY,
            "Whether automatic backups are on: AWS Backup's plan for EFS.",
        ),
        api(
            "replicas",
            Type::List(&Type::Record(&REPLICA)),
            operation::DESCRIBE_REPLICATION_CONFIGURATIONS,
            "The file systems that it is replicated to.",
        ),
        derived(
            "held_by",
            STR,
            &["AWS::EFS::FileSystem.replication_overwrite_protection", "AWS::EFS::FileSystem.replicas"],
            "The file system that it is a replica of, or `EFS replication` where that is not in the scan; null when it stands for itself.",
        ),
        derived(
            "live_copy_regions",
            STRINGS,
            &["AWS::EFS::FileSystem.replicas"],
            "The Regions to which replication works.",
        ),
        derived(
            "native_backup",
            BOOL,
            &["AWS::EFS::FileSystem.life_cycle_state"],
            "Always false: the automatic backups of EFS are a plan of AWS Backup.",
        ),
        derived(
            "backup_rules",
            Type::List(&Type::Record(&COVERING_RULE)),
            &[
                "AWS::EFS::FileSystem.tags",
                "AWS::Backup::BackupPlan.rules",
                "AWS::Backup::BackupSelection.resources",
                "Sonae::Backup::RegionSettings.opt_in",
            ],
            "The AWS Backup rules that cover the file system.",
        ),
        derived(
            "recovery_points",
            Type::List(&Type::Record(&POINT)),
            &["AWS::EFS::FileSystem.backup_rules", "Sonae::Backup::RecoveryPoint.resource_arn"],
            "Its recovery points in all vaults of the scan, newest first.",
        ),
    ],
};
