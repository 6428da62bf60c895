//! Amazon EBS.

use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};
use crate::model::types::backup::{COVERING_RULE, POINT};
use crate::model::types::{BOOL, DURATION, INT, STR, STRINGS, TIME, api, derived, part};

/// What a volume is attached to.
pub static VOLUME_ATTACHMENT: RecordType = RecordType {
    name: "volume attachment",
    fields: &[
        part("instance_id", STR, "The instance."),
        part("device", STR, "The device name."),
        part("delete_on_termination", BOOL, "Whether the volume goes with the instance."),
    ],
};

/// A copy of a volume's data in another Region.
pub static VOLUME_COPY: RecordType = RecordType {
    name: "volume copy",
    fields: &[
        part("region", STR, "The Region that the copy is in."),
        part("id", STR, "The snapshot or the AMI."),
        part("created", TIME, "How old the data is: when the snapshot or AMI that was copied was taken."),
    ],
};

/// A volume.
pub static VOLUME: ResourceType = ResourceType {
    name: "AWS::EC2::Volume",
    title: ("EBSボリューム", "EBS volume"),
    service: "ec2",
    listed_by: Some(operation::DESCRIBE_VOLUMES),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_VOLUMES, "The tags."),
        api("state", STR, operation::DESCRIBE_VOLUMES, "in-use when attached, available when not."),
        api("volume_type", STR, operation::DESCRIBE_VOLUMES, "The kind of volume, such as gp3."),
        api("size", INT, operation::DESCRIBE_VOLUMES, "The size in GiB."),
        api("created", TIME, operation::DESCRIBE_VOLUMES, "When it was created."),
        api("availability_zone", STR, operation::DESCRIBE_VOLUMES, "The one zone it is in."),
        api("kms_key_id", STR, operation::DESCRIBE_VOLUMES, "The key; null when not encrypted."),
        api(
            "attachments",
            Type::List(&Type::Record(&VOLUME_ATTACHMENT)),
            operation::DESCRIBE_VOLUMES,
            "The instances it is attached to: none, one, or several with Multi-Attach.",
        ),
        derived(
            "newest_snapshot",
            TIME,
            &["Sonae::EC2::Snapshot.volume_id", "Sonae::EC2::Snapshot.state", "Sonae::EC2::Snapshot.started"],
            "When the newest completed snapshot was taken, whoever took it; null without one.",
        ),
        derived(
            "copies",
            Type::List(&Type::Record(&VOLUME_COPY)),
            &[
                "AWS::EC2::Volume.size",
                "Sonae::EC2::Snapshot.volume_id",
                "Sonae::EC2::Snapshot.state",
                "Sonae::EC2::Snapshot.started",
                "Sonae::EC2::Snapshot.size",
                "Sonae::EC2::Snapshot.copied_from",
                "AWS::EC2::Image.state",
                "AWS::EC2::Image.created",
                "AWS::EC2::Image.snapshot_ids",
                "AWS::EC2::Image.source_image_id",
            ],
            "The copies of its snapshots, and of AMIs with them, in other Regions of the scan.",
        ),
        derived(
            "dlm_policies",
            STRINGS,
            &[
                "AWS::EC2::Volume.tags",
                "AWS::EC2::Volume.volume_type",
                "AWS::EC2::Volume.attachments",
                "AWS::EC2::Instance.tags",
                "AWS::EC2::Instance.root_device",
                "AWS::DLM::LifecyclePolicy.state",
                "AWS::DLM::LifecyclePolicy.target_tags",
            ],
            "The enabled policies of Data Lifecycle Manager that cover it or its instance.",
        ),
        derived(
            "dlm_copy_regions",
            STRINGS,
            &["AWS::EC2::Volume.dlm_policies", "AWS::DLM::LifecyclePolicy.schedules"],
            "The Regions that these policies copy to.",
        ),
        derived(
            "dlm_interval",
            DURATION,
            &["AWS::EC2::Volume.dlm_policies", "AWS::DLM::LifecyclePolicy.schedules"],
            "The longest time between two snapshots of these policies; null without a policy, unknown for a schedule that cannot be read.",
        ),
        derived(
            "held_by",
            STR,
            &[
                "AWS::EC2::Volume.attachments",
                "AWS::EC2::Instance.tags",
                "AWS::EC2::Instance.auto_scaling_group",
                "AWS::Backup::BackupPlan.rules",
                "AWS::Backup::BackupSelection.resources",
                "Sonae::Backup::RegionSettings.opt_in",
                "Sonae::DRS::SourceServer.origin_instance_id",
                "Sonae::DRS::SourceServer.replication_state",
            ],
            "What else answers for its data: an Auto Scaling group that replaces it with its instance, or the instance that AWS Backup or Elastic Disaster Recovery takes as a whole; null when it stands for itself.",
        ),
        derived("live_copy_regions", STRINGS, &["AWS::EC2::Volume.state"], "Always empty: EBS does not replicate."),
        derived(
            "native_backup",
            BOOL,
            &["AWS::EC2::Volume.dlm_policies"],
            "Whether the service itself takes snapshots on a schedule: Data Lifecycle Manager.",
        ),
        derived(
            "backup_rules",
            Type::List(&Type::Record(&COVERING_RULE)),
            &[
                "AWS::EC2::Volume.tags",
                "AWS::Backup::BackupPlan.rules",
                "AWS::Backup::BackupSelection.resources",
                "Sonae::Backup::RegionSettings.opt_in",
            ],
            "The AWS Backup rules that cover the volume itself.",
        ),
        derived(
            "recovery_points",
            Type::List(&Type::Record(&POINT)),
            &["AWS::EC2::Volume.backup_rules", "Sonae::Backup::RecoveryPoint.resource_arn"],
            "Its recovery points in all vaults of the scan, newest first.",
        ),
    ],
};

/// A snapshot that the account owns.
pub static SNAPSHOT: ResourceType = ResourceType {
    name: "Sonae::EC2::Snapshot",
    title: ("EBSスナップショット", "EBS snapshot"),
    service: "ec2",
    listed_by: Some(operation::DESCRIBE_SNAPSHOTS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("volume_id", STR, operation::DESCRIBE_SNAPSHOTS, "The volume; an arbitrary id for a copy."),
        api("state", STR, operation::DESCRIBE_SNAPSHOTS, "completed when a volume can be made of it."),
        api("started", TIME, operation::DESCRIBE_SNAPSHOTS, "When it was taken; for a copy, when copying began."),
        api("size", INT, operation::DESCRIBE_SNAPSHOTS, "The size of the volume in GiB."),
        api(
            "copied_from",
            STR,
            operation::DESCRIBE_SNAPSHOTS,
            "The snapshot it was copied from, as far as its description tells; null otherwise.",
        ),
    ],
};
