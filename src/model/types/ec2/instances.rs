//! Instances of Amazon EC2 and what they are launched from.

use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};
use crate::model::types::{BOOL, INT, STR, STRINGS, TIME, api, part};

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
    ],
};
