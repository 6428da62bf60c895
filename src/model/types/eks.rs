//! Amazon EKS.

use super::{INT, STR, STRINGS, api, derived};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// A cluster.
pub static CLUSTER: ResourceType = ResourceType {
    name: "AWS::EKS::Cluster",
    title: ("EKSクラスター", "EKS cluster"),
    service: "eks",
    listed_by: Some(operation::LIST_EKS_CLUSTERS),
    listed_within: None,
    stateful: false,
    fields: &[api("cluster_name", STR, operation::LIST_EKS_CLUSTERS, "The name.")],
};

/// A managed node group.
pub static NODEGROUP: ResourceType = ResourceType {
    name: "AWS::EKS::Nodegroup",
    title: ("EKSノードグループ", "EKS node group"),
    service: "eks",
    listed_by: Some(operation::LIST_NODEGROUPS),
    listed_within: Some("AWS::EKS::Cluster"),
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_NODEGROUP, "The tags."),
        api("cluster", STR, operation::LIST_NODEGROUPS, "The name of the cluster."),
        api("status", STR, operation::DESCRIBE_NODEGROUP, "ACTIVE, or on the way there or away."),
        api("subnets", STRINGS, operation::DESCRIBE_NODEGROUP, "The subnets of its nodes."),
        api("min_size", INT, operation::DESCRIBE_NODEGROUP, "The fewest nodes."),
        api("desired_size", INT, operation::DESCRIBE_NODEGROUP, "The nodes that it keeps running."),
        derived(
            "zone_ids",
            STRINGS,
            &["AWS::EKS::Nodegroup.subnets", "AWS::EC2::Subnet.availability_zone_id"],
            "The zone ids of its subnets, each once.",
        ),
        derived(
            "cluster_zone_ids",
            STRINGS,
            &["AWS::EKS::Nodegroup.subnets", "AWS::EC2::Subnet.availability_zone_id"],
            "The zone ids of all node groups of the cluster, each once.",
        ),
    ],
};
