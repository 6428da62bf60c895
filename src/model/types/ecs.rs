//! Amazon ECS.

use super::{INT, STR, STRINGS, api, derived};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// A cluster.
pub static CLUSTER: ResourceType = ResourceType {
    name: "AWS::ECS::Cluster",
    title: ("ECSクラスター", "ECS cluster"),
    service: "ecs",
    listed_by: Some(operation::LIST_ECS_CLUSTERS),
    listed_within: None,
    stateful: false,
    fields: &[api("cluster_name", STR, operation::LIST_ECS_CLUSTERS, "The name.")],
};

/// A service.
pub static SERVICE: ResourceType = ResourceType {
    name: "AWS::ECS::Service",
    title: ("ECSサービス", "ECS service"),
    service: "ecs",
    listed_by: Some(operation::LIST_SERVICES),
    listed_within: Some("AWS::ECS::Cluster"),
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_SERVICES, "The tags."),
        api("cluster", STR, operation::LIST_SERVICES, "The name of the cluster."),
        api(
            "status",
            Type::Enum(&["ACTIVE", "DRAINING", "INACTIVE"]),
            operation::DESCRIBE_SERVICES,
            "ACTIVE unless it is being deleted.",
        ),
        api(
            "launch_type",
            Type::Enum(&["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"]),
            operation::DESCRIBE_SERVICES,
            "What tasks run on; null with capacity providers.",
        ),
        api("capacity_providers", STRINGS, operation::DESCRIBE_SERVICES, "The capacity providers; empty without."),
        api(
            "scheduling_strategy",
            Type::Enum(&["REPLICA", "DAEMON"]),
            operation::DESCRIBE_SERVICES,
            "REPLICA, or DAEMON for one task on each instance.",
        ),
        api("desired_count", INT, operation::DESCRIBE_SERVICES, "The tasks that it keeps running."),
        api(
            "subnets",
            STRINGS,
            operation::DESCRIBE_SERVICES,
            "The subnets of its tasks; null where they use the network of their instances.",
        ),
        api(
            "first_placement_strategy",
            STR,
            operation::DESCRIBE_SERVICES,
            "The first placement strategy, such as spread:attribute:ecs.availability-zone; null for the default, which is that.",
        ),
        api(
            "availability_zone_rebalancing",
            STR,
            operation::DESCRIBE_SERVICES,
            "ENABLED when tasks are moved back after a zone has recovered.",
        ),
        derived(
            "zone_ids",
            STRINGS,
            &["AWS::ECS::Service.subnets", "AWS::EC2::Subnet.availability_zone_id"],
            "The zone ids of its subnets, each once; unknown where tasks use the network of their instances.",
        ),
    ],
};
