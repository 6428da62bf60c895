//! Instances of Amazon EC2 and what they are launched from.

use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};
use crate::model::types::backup::{COVERING_RULE, POINT};
use crate::model::types::{BOOL, INT, STR, STRINGS, TIME, api, derived, part};

/// A volume of an instance, as the instance shows it.
pub static INSTANCE_VOLUME: RecordType = RecordType {
    name: "instance volume",
    fields: &[
        part("volume_id", STR, "The volume."),
        part("device", STR, "The device name."),
        part("delete_on_termination", BOOL, "Whether the volume goes with the instance."),
    ],
};

/// An instance. Terminated ones, which stay listed for a while, are left out.
pub static INSTANCE: ResourceType = ResourceType {
    name: "AWS::EC2::Instance",
    title: ("EC2インスタンス", "EC2 instance"),
    service: "ec2",
    listed_by: Some(operation::DESCRIBE_INSTANCES),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_INSTANCES, "The tags."),
        api(
            "state",
            Type::Enum(&["pending", "running", "stopping", "stopped"]),
            operation::DESCRIBE_INSTANCES,
            "The state.",
        ),
        api("image_id", STR, operation::DESCRIBE_INSTANCES, "The AMI it was launched from."),
        api("launched", TIME, operation::DESCRIBE_INSTANCES, "When it was last started."),
        api("vpc_id", STR, operation::DESCRIBE_INSTANCES, "The VPC."),
        api("subnet_id", STR, operation::DESCRIBE_INSTANCES, "The subnet."),
        api(
            "availability_zone",
            STR,
            operation::DESCRIBE_INSTANCES,
            "The zone's name, which differs between accounts.",
        ),
        api(
            "auto_scaling_group",
            STR,
            operation::DESCRIBE_INSTANCES,
            "The Auto Scaling group that launched it; null for none.",
        ),
        api(
            "lifecycle",
            Type::Enum(&["spot", "scheduled", "capacity-block", "interruptible-capacity-reservation"]),
            operation::DESCRIBE_INSTANCES,
            "Null for an On-Demand Instance.",
        ),
        api(
            "volumes",
            Type::List(&Type::Record(&INSTANCE_VOLUME)),
            operation::DESCRIBE_INSTANCES,
            "Its EBS volumes, the root volume included.",
        ),
        api("root_device", STR, operation::DESCRIBE_INSTANCES, "The device name of the root volume."),
        derived(
            "dlm_policies",
            STRINGS,
            &["AWS::EC2::Instance.tags", "AWS::DLM::LifecyclePolicy.state", "AWS::DLM::LifecyclePolicy.target_tags"],
            "The enabled policies of Data Lifecycle Manager that cover it as a whole.",
        ),
        derived(
            "unprotected_volumes",
            STRINGS,
            &[
                "AWS::EC2::Instance.volumes",
                "AWS::EC2::Volume.tags",
                "AWS::EC2::Volume.dlm_policies",
                "AWS::DLM::LifecyclePolicy.state",
                "AWS::DLM::LifecyclePolicy.target_tags",
                "AWS::Backup::BackupPlan.rules",
                "AWS::Backup::BackupSelection.resources",
                "Sonae::Backup::RegionSettings.opt_in",
            ],
            "Its volumes that outlive it and that neither AWS Backup nor Data Lifecycle Manager covers by themselves.",
        ),
        derived(
            "role",
            STR,
            &["AWS::EC2::Instance.tags", "AWS::EC2::Instance.state", "AWS::EC2::Instance.auto_scaling_group"],
            "What running instances of one VPC have in common: their Role tag, else their Name tag; null without either and in an Auto Scaling group.",
        ),
        derived("role_instances", INT, ROLE, "How many running instances of the VPC have that role."),
        derived("role_zones", STRINGS, ROLE, "The zones in which they run."),
        derived(
            "role_imbalance",
            INT,
            ROLE,
            "By how many percent of them the fullest of these zones exceeds the emptiest; zero when they differ by one instance at most.",
        ),
        derived(
            "held_by",
            STR,
            &["AWS::EC2::Instance.auto_scaling_group", "AWS::EC2::Instance.volumes"],
            "The Auto Scaling group that replaces it, when all its volumes go with it; null when it stands for itself.",
        ),
        derived(
            "live_copy_regions",
            STRINGS,
            &["Sonae::DRS::SourceServer.origin_instance_id", "Sonae::DRS::SourceServer.replication_state"],
            "The Regions to which Elastic Disaster Recovery replicates it.",
        ),
        derived(
            "native_backup",
            BOOL,
            &["AWS::EC2::Instance.dlm_policies"],
            "Whether Data Lifecycle Manager takes snapshots or AMIs of it.",
        ),
        derived(
            "backup_rules",
            Type::List(&Type::Record(&COVERING_RULE)),
            &[
                "AWS::EC2::Instance.tags",
                "AWS::Backup::BackupPlan.rules",
                "AWS::Backup::BackupSelection.resources",
                "Sonae::Backup::RegionSettings.opt_in",
            ],
            "The AWS Backup rules that cover the instance as a whole.",
        ),
        derived(
            "recovery_points",
            Type::List(&Type::Record(&POINT)),
            &["AWS::EC2::Instance.backup_rules", "Sonae::Backup::RecoveryPoint.resource_arn"],
            "Its recovery points in all vaults of the scan, newest first.",
        ),
    ],
};

const ROLE: &[&str] = &["AWS::EC2::Instance.role", "AWS::EC2::Instance.vpc_id", "AWS::EC2::Instance.availability_zone"];

/// A copy of an AMI in another Region.
pub static IMAGE_COPY: RecordType = RecordType {
    name: "AMI copy",
    fields: &[
        part("region", STR, "The Region that the copy is in."),
        part("image_id", STR, "The copy's id."),
        part("state", STR, "available when instances can be launched from it."),
    ],
};

/// An AMI: the account's own, and those of others that its instances and launch templates name.
pub static IMAGE: ResourceType = ResourceType {
    name: "AWS::EC2::Image",
    title: ("AMI", "AMI"),
    service: "ec2",
    listed_by: Some(operation::DESCRIBE_IMAGES),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_IMAGES, "The tags."),
        api(
            "state",
            Type::Enum(&[
                "available",
                "pending",
                "failed",
                "error",
                "invalid",
                "deregistered",
                "transient",
                "disabled",
            ]),
            operation::DESCRIBE_IMAGES,
            "available when instances can be launched from it.",
        ),
        api("owner_id", STR, operation::DESCRIBE_IMAGES, "The account that owns it."),
        api(
            "owner_alias",
            STR,
            operation::DESCRIBE_IMAGES,
            "amazon, aws-marketplace or aws-backup-vault; null for the image of an account.",
        ),
        api("created", TIME, operation::DESCRIBE_IMAGES, "When it was made."),
        api("public", BOOL, operation::DESCRIBE_IMAGES, "Whether everybody may launch it."),
        api(
            "snapshot_ids",
            STRINGS,
            operation::DESCRIBE_IMAGES,
            "The EBS snapshots it is made of; those of others are not told.",
        ),
        api(
            "source_instance_id",
            STR,
            operation::DESCRIBE_IMAGES,
            "The instance it was made of by CreateImage; null for other images.",
        ),
        api(
            "source_image_id",
            STR,
            operation::DESCRIBE_IMAGES,
            "The AMI it was made of, such as by CopyImage; null where AWS does not know.",
        ),
        api("source_image_region", STR, operation::DESCRIBE_IMAGES, "The Region of that AMI."),
    ],
};

/// A launch template.
pub static LAUNCH_TEMPLATE: ResourceType = ResourceType {
    name: "AWS::EC2::LaunchTemplate",
    title: ("起動テンプレート", "Launch template"),
    service: "ec2",
    listed_by: Some(operation::DESCRIBE_LAUNCH_TEMPLATES),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_LAUNCH_TEMPLATES, "The tags."),
        api("default_version", INT, operation::DESCRIBE_LAUNCH_TEMPLATES, "The number of the default version."),
        api("latest_version", INT, operation::DESCRIBE_LAUNCH_TEMPLATES, "The number of the latest version."),
        api(
            "default_image_id",
            STR,
            operation::DESCRIBE_LAUNCH_TEMPLATE_VERSIONS,
            "The AMI of the default version, or `resolve:ssm:` and a parameter; null when it names none.",
        ),
        api(
            "latest_image_id",
            STR,
            operation::DESCRIBE_LAUNCH_TEMPLATE_VERSIONS,
            "The AMI of the latest version, or `resolve:ssm:` and a parameter; null when it names none.",
        ),
        derived(
            "image_owner",
            STR,
            &[
                "AWS::EC2::LaunchTemplate.latest_image_id",
                "AWS::EC2::Image.owner_id",
                "AWS::EC2::Image.owner_alias",
                "AWS::EC2::Image.public",
            ],
            "Who owns the AMI of the latest version: an account, or amazon, aws-marketplace or public; null when there is no such AMI.",
        ),
        derived(
            "image_copies",
            Type::List(&Type::Record(&IMAGE_COPY)),
            &[
                "AWS::EC2::LaunchTemplate.latest_image_id",
                "AWS::EC2::LaunchTemplate.image_owner",
                "AWS::EC2::Image.state",
                "AWS::EC2::Image.source_image_id",
            ],
            "The copies of that AMI in other Regions of the scan: AMIs of the same owner that name it as their source, or that have its name.",
        ),
    ],
};
