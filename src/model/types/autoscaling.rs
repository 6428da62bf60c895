//! Amazon EC2 Auto Scaling.

use super::{BOOL, DURATION, INT, STR, STRINGS, api, derived, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// A launch template as a group names it.
pub static LAUNCH_TEMPLATE_SPECIFICATION: RecordType = RecordType {
    name: "launch template specification",
    fields: &[
        part("id", STR, "The id of the template; null when the group gives its name."),
        part("name", STR, "The name of the template; null when the group gives its id."),
        part("version", STR, "The number of the version, $Latest or $Default; null for the default version."),
        part("image_id", STR, "The AMI that the group launches instead of the template's; null for the template's."),
    ],
};

/// An instance of a group.
pub static GROUP_INSTANCE: RecordType = RecordType {
    name: "group instance",
    fields: &[
        part("instance_id", STR, "The instance."),
        part("availability_zone", STR, "The zone's name."),
        part("lifecycle_state", STR, "InService, or on the way there or away."),
        part("health_status", STR, "Healthy or Unhealthy."),
    ],
};

/// What a group launches with or registers with.
pub static DEPENDENCY: RecordType = RecordType {
    name: "group dependency",
    fields: &[
        part(
            "kind",
            Type::Enum(&["launch_template", "launch_configuration", "image", "target_group", "load_balancer"]),
            "What it is.",
        ),
        part("id", STR, "Its id, name or ARN, as the group gives it."),
        part("usable", BOOL, "Whether it exists and a launch can use it."),
    ],
};

/// What is left of a group when a zone is lost.
pub static ZONE_LOSS: RecordType = RecordType {
    name: "loss of a zone",
    fields: &[
        part("availability_zone", STR, "The name of the zone that is lost."),
        part("instances_left", INT, "The instances in the other zones."),
        part("free_addresses_left", INT, "The free IPv4 addresses of the subnets in the other zones."),
    ],
};

/// An Auto Scaling group.
pub static AUTO_SCALING_GROUP: ResourceType = ResourceType {
    name: "AWS::AutoScaling::AutoScalingGroup",
    title: ("Auto Scalingグループ", "Auto Scaling group"),
    service: "autoscaling",
    listed_by: Some(operation::DESCRIBE_AUTO_SCALING_GROUPS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_AUTO_SCALING_GROUPS, "The tags."),
        api(
            "availability_zones",
            STRINGS,
            operation::DESCRIBE_AUTO_SCALING_GROUPS,
            "The names of the zones it launches in, each once.",
        ),
        api(
            "subnets",
            STRINGS,
            operation::DESCRIBE_AUTO_SCALING_GROUPS,
            "The subnets it launches in; empty for the default VPC's.",
        ),
        api("min_size", INT, operation::DESCRIBE_AUTO_SCALING_GROUPS, "The fewest instances."),
        api("max_size", INT, operation::DESCRIBE_AUTO_SCALING_GROUPS, "The most instances."),
        api("desired_capacity", INT, operation::DESCRIBE_AUTO_SCALING_GROUPS, "The instances that it keeps running."),
        api(
            "desired_capacity_type",
            STR,
            operation::DESCRIBE_AUTO_SCALING_GROUPS,
            "What sizes count: units, vcpu or memory-mib; null for units.",
        ),
        api(
            "weighted",
            BOOL,
            operation::DESCRIBE_AUTO_SCALING_GROUPS,
            "Whether an instance can count for more than one of the group's capacity.",
        ),
        api(
            "health_check_types",
            STRINGS,
            operation::DESCRIBE_AUTO_SCALING_GROUPS,
            "What replaces an instance: EC2, EBS, ELB, VPC_LATTICE.",
        ),
        api(
            "health_check_grace_period",
            DURATION,
            operation::DESCRIBE_AUTO_SCALING_GROUPS,
            "How long a new instance is not checked.",
        ),
        api(
            "load_balancer_names",
            STRINGS,
            operation::DESCRIBE_AUTO_SCALING_GROUPS,
            "The Classic Load Balancers it registers with.",
        ),
        api(
            "target_group_arns",
            STRINGS,
            operation::DESCRIBE_AUTO_SCALING_GROUPS,
            "The target groups it registers with.",
        ),
        api(
            "instances",
            Type::List(&Type::Record(&GROUP_INSTANCE)),
            operation::DESCRIBE_AUTO_SCALING_GROUPS,
            "Its instances.",
        ),
        api(
            "suspended_processes",
            STRINGS,
            operation::DESCRIBE_AUTO_SCALING_GROUPS,
            "What somebody has stopped it from doing, such as Launch or ReplaceUnhealthy.",
        ),
        api(
            "launch_templates",
            Type::List(&Type::Record(&LAUNCH_TEMPLATE_SPECIFICATION)),
            operation::DESCRIBE_AUTO_SCALING_GROUPS,
            "The launch templates, those of a mixed instances policy included.",
        ),
        api(
            "launch_configuration",
            STR,
            operation::DESCRIBE_AUTO_SCALING_GROUPS,
            "The launch configuration; null with a launch template.",
        ),
        derived(
            "free_addresses",
            INT,
            &["AWS::AutoScaling::AutoScalingGroup.subnets", "AWS::EC2::Subnet.available_ip_address_count"],
            "The free IPv4 addresses of its subnets.",
        ),
        derived(
            "zone_losses",
            Type::List(&Type::Record(&ZONE_LOSS)),
            &[
                "AWS::AutoScaling::AutoScalingGroup.subnets",
                "AWS::AutoScaling::AutoScalingGroup.instances",
                "AWS::EC2::Subnet.availability_zone",
                "AWS::EC2::Subnet.available_ip_address_count",
            ],
            "For each zone of its subnets, what is left without it; empty with subnets in a single zone.",
        ),
        derived(
            "dependencies",
            Type::List(&Type::Record(&DEPENDENCY)),
            &[
                "AWS::AutoScaling::AutoScalingGroup.launch_templates",
                "AWS::AutoScaling::AutoScalingGroup.launch_configuration",
                "AWS::AutoScaling::AutoScalingGroup.load_balancer_names",
                "AWS::AutoScaling::AutoScalingGroup.target_group_arns",
                "AWS::AutoScaling::LaunchConfiguration.image_id",
                "AWS::EC2::LaunchTemplate.default_version",
                "AWS::EC2::LaunchTemplate.latest_version",
                "AWS::EC2::LaunchTemplate.default_image_id",
                "AWS::EC2::LaunchTemplate.latest_image_id",
                "AWS::EC2::Image.state",
                "AWS::ElasticLoadBalancingV2::TargetGroup.target_type",
                "AWS::ElasticLoadBalancing::LoadBalancer.scheme",
            ],
            "The launch templates, images, target groups and load balancers that a launch needs.",
        ),
    ],
};

/// A launch configuration, the predecessor of launch templates.
pub static LAUNCH_CONFIGURATION: ResourceType = ResourceType {
    name: "AWS::AutoScaling::LaunchConfiguration",
    title: ("起動設定", "Launch configuration"),
    service: "autoscaling",
    listed_by: Some(operation::DESCRIBE_LAUNCH_CONFIGURATIONS),
    listed_within: None,
    stateful: false,
    fields: &[api("image_id", STR, operation::DESCRIBE_LAUNCH_CONFIGURATIONS, "The AMI.")],
};
