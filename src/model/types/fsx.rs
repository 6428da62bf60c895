//! Amazon `FSx`.

use super::backup::{COVERING_RULE, POINT};
use super::{BOOL, DURATION, STR, STRINGS, TIME, api, derived, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// A backup of a file system, or of one of its volumes.
pub static FILE_SYSTEM_COPY: RecordType = RecordType {
    name: "file system copy",
    fields: &[
        part("region", STR, "The Region that the copy is in."),
        part("id", STR, "The backup."),
        part("created", TIME, "How old the data is: when the original backup was taken."),
    ],
};

/// A file system.
pub static FILE_SYSTEM: ResourceType = ResourceType {
    name: "AWS::FSx::FileSystem",
    title: ("FSxファイルシステム", "FSx file system"),
    service: "fsx",
    listed_by: Some(operation::FSX_DESCRIBE_FILE_SYSTEMS),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::FSX_DESCRIBE_FILE_SYSTEMS, "The tags."),
        api(
            "file_system_type",
            Type::Enum(&["WINDOWS", "LUSTRE", "ONTAP", "OPENZFS"]),
            operation::FSX_DESCRIBE_FILE_SYSTEMS,
            "The kind of file system.",
        ),
        api(
            "deployment_type",
            STR,
            operation::FSX_DESCRIBE_FILE_SYSTEMS,
            "How it is deployed: MULTI_AZ_1, SINGLE_AZ_2, PERSISTENT_2, SCRATCH_2 and the like.",
        ),
        api("subnet_ids", STRINGS, operation::FSX_DESCRIBE_FILE_SYSTEMS, "The subnets it is in."),
        api(
            "automatic_backup_retention",
            DURATION,
            operation::FSX_DESCRIBE_FILE_SYSTEMS,
            "How long the daily automatic backups are kept; zero or null when there are none.",
        ),
        api(
            "data_repository",
            BOOL,
            operation::FSX_DESCRIBE_FILE_SYSTEMS,
            "Whether it is a Lustre file system linked to a data repository in S3, which FSx cannot back up.",
        ),
        derived(
            "copies",
            Type::List(&Type::Record(&FILE_SYSTEM_COPY)),
            &[
                "AWS::FSx::FileSystem.file_system_type",
                "Sonae::FSx::Backup.file_system_id",
                "Sonae::FSx::Backup.lifecycle",
                "Sonae::FSx::Backup.created",
                "Sonae::FSx::Backup.source_backup_id",
            ],
            "Its available backups in all Regions of the scan; open for ONTAP, whose SnapMirror relations AWS does not show.",
        ),
        derived("held_by", STR, &["AWS::FSx::FileSystem.file_system_type"], "Always null: it stands for itself."),
        derived(
            "live_copy_regions",
            STRINGS,
            &["AWS::FSx::FileSystem.file_system_type"],
            "Always empty: what replicates it, AWS does not show.",
        ),
        derived(
            "native_backup",
            BOOL,
            &["AWS::FSx::FileSystem.automatic_backup_retention"],
            "Whether the service itself keeps copies to go back to: automatic backups are on.",
        ),
        derived(
            "backup_rules",
            Type::List(&Type::Record(&COVERING_RULE)),
            &[
                "AWS::FSx::FileSystem.tags",
                "AWS::FSx::FileSystem.file_system_type",
                "AWS::Backup::BackupPlan.rules",
                "AWS::Backup::BackupSelection.resources",
                "Sonae::Backup::RegionSettings.opt_in",
            ],
            "The AWS Backup rules that cover the file system; unknown for ONTAP, of which AWS Backup takes the volumes.",
        ),
        derived(
            "recovery_points",
            Type::List(&Type::Record(&POINT)),
            &["AWS::FSx::FileSystem.backup_rules", "Sonae::Backup::RecoveryPoint.resource_arn"],
            "Its recovery points in all vaults of the scan, newest first.",
        ),
    ],
};

/// A backup.
pub static BACKUP: ResourceType = ResourceType {
    name: "Sonae::FSx::Backup",
    title: ("FSxバックアップ", "FSx backup"),
    service: "fsx",
    listed_by: Some(operation::DESCRIBE_BACKUPS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("file_system_id", STR, operation::DESCRIBE_BACKUPS, "The file system, also of a volume's backup."),
        api("lifecycle", STR, operation::DESCRIBE_BACKUPS, "AVAILABLE when it can be restored."),
        api("created", TIME, operation::DESCRIBE_BACKUPS, "When it was made; for a copy, when it was copied."),
        api(
            "source_backup_id",
            STR,
            operation::DESCRIBE_BACKUPS,
            "The backup it was copied from; null for an original.",
        ),
    ],
};
