//! The network of Amazon EC2.

use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};
use crate::model::types::{BOOL, INT, STR, STRINGS, api, derived, part};

/// An Availability Zone of a Region.
pub static AVAILABILITY_ZONE: ResourceType = ResourceType {
    name: "Sonae::EC2::AvailabilityZone",
    title: ("アベイラビリティゾーン", "Availability Zone"),
    service: "ec2",
    listed_by: Some(operation::DESCRIBE_AVAILABILITY_ZONES),
    listed_within: None,
    stateful: false,
    fields: &[
        api("zone_id", STR, operation::DESCRIBE_AVAILABILITY_ZONES, "The zone's id, the same in every account."),
        api("state", STR, operation::DESCRIBE_AVAILABILITY_ZONES, "Whether the zone is available."),
        api("opt_in_status", STR, operation::DESCRIBE_AVAILABILITY_ZONES, "Whether the account uses the zone."),
    ],
};

/// A virtual private cloud.
pub static VPC: ResourceType = ResourceType {
    name: "AWS::EC2::VPC",
    title: ("VPC", "VPC"),
    service: "ec2",
    listed_by: Some(operation::DESCRIBE_VPCS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_VPCS, "The tags."),
        api("cidr_block", STR, operation::DESCRIBE_VPCS, "The primary IPv4 range."),
        api("is_default", BOOL, operation::DESCRIBE_VPCS, "Whether this is the default VPC of the Region."),
    ],
};

/// A route out of a subnet through a NAT gateway, or a default route through a transit gateway.
pub static EGRESS_ROUTE: RecordType = RecordType {
    name: "egress route",
    fields: &[
        part("destination", STR, "The destination: a CIDR block or a prefix list."),
        part("target_type", Type::Enum(&["nat_gateway", "transit_gateway"]), "What the route points to."),
        part("target", STR, "The id of the NAT gateway or transit gateway."),
        part("state", Type::Enum(&["active", "blackhole"]), "blackhole when the NAT gateway is gone."),
        part(
            "availability_mode",
            Type::Enum(&["zonal", "regional"]),
            "The NAT gateway's mode; null for a transit gateway.",
        ),
        part("target_zone_ids", STRINGS, "The zone ids in which the NAT gateway lives."),
        part(
            "same_zone",
            BOOL,
            "Whether the subnet's own zone is one of them, or will be without anybody's doing; unknown through a transit gateway.",
        ),
    ],
};

/// A subnet.
pub static SUBNET: ResourceType = ResourceType {
    name: "AWS::EC2::Subnet",
    title: ("サブネット", "Subnet"),
    service: "ec2",
    listed_by: Some(operation::DESCRIBE_SUBNETS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_SUBNETS, "The tags."),
        api("vpc_id", STR, operation::DESCRIBE_SUBNETS, "The VPC."),
        api("availability_zone", STR, operation::DESCRIBE_SUBNETS, "The zone's name, which differs between accounts."),
        api("availability_zone_id", STR, operation::DESCRIBE_SUBNETS, "The zone's id, the same in every account."),
        api("available_ip_address_count", INT, operation::DESCRIBE_SUBNETS, "The IPv4 addresses that are free."),
        derived(
            "route_table_id",
            STR,
            &["AWS::EC2::RouteTable.associations", "AWS::EC2::Subnet.vpc_id"],
            "The route table in effect: the subnet's own, else the VPC's main one.",
        ),
        derived(
            "route_table_is_main",
            BOOL,
            &["AWS::EC2::RouteTable.associations", "AWS::EC2::Subnet.vpc_id"],
            "Whether the route table in effect is inherited from the VPC.",
        ),
        derived(
            "egress_routes",
            Type::List(&Type::Record(&EGRESS_ROUTE)),
            &[
                "AWS::EC2::Subnet.vpc_id",
                "AWS::EC2::Subnet.availability_zone_id",
                "AWS::EC2::RouteTable.associations",
                "AWS::EC2::RouteTable.routes",
                "AWS::EC2::NatGateway.state",
                "AWS::EC2::NatGateway.subnet_id",
                "AWS::EC2::NatGateway.availability_mode",
                "AWS::EC2::NatGateway.expands_to_zones",
                "AWS::EC2::NatGateway.zone_ids",
            ],
            "The routes through NAT gateways, and default routes through transit gateways.",
        ),
        derived(
            "vpc_zone_count",
            INT,
            &["AWS::EC2::Subnet.vpc_id", "AWS::EC2::Subnet.availability_zone_id"],
            "In how many zones the VPC has subnets.",
        ),
        derived(
            "vpc_nat_gateway_count",
            INT,
            &["AWS::EC2::Subnet.vpc_id", "AWS::EC2::NatGateway.vpc_id", "AWS::EC2::NatGateway.state"],
            "How many NAT gateways the VPC has that are not deleted.",
        ),
    ],
};

/// A route as AWS gives it.
pub static ROUTE: RecordType = RecordType {
    name: "route",
    fields: &[
        part("destination", STR, "The destination: a CIDR block or a prefix list."),
        part("state", Type::Enum(&["active", "blackhole", "filtered"]), "The state that AWS gives."),
        part("nat_gateway_id", STR, "The NAT gateway; null when the target is another."),
        part("transit_gateway_id", STR, "The transit gateway; null when the target is another."),
        part("gateway_id", STR, "The internet, virtual private or local gateway; null when the target is another."),
    ],
};

/// What a route table applies to.
pub static ASSOCIATION: RecordType = RecordType {
    name: "route table association",
    fields: &[
        part("main", BOOL, "Whether this is the main route table of the VPC."),
        part("subnet_id", STR, "The subnet; null for the main association."),
    ],
};

/// A route through a NAT gateway, with the state of the gateway itself.
pub static NAT_ROUTE: RecordType = RecordType {
    name: "NAT route",
    fields: &[
        part("destination", STR, "The destination: a CIDR block or a prefix list."),
        part("nat_gateway_id", STR, "The NAT gateway."),
        part(
            "state",
            Type::Enum(&["active", "blackhole"]),
            "blackhole when AWS says so or when the NAT gateway is gone.",
        ),
    ],
};

/// A route table.
pub static ROUTE_TABLE: ResourceType = ResourceType {
    name: "AWS::EC2::RouteTable",
    title: ("ルートテーブル", "Route table"),
    service: "ec2",
    listed_by: Some(operation::DESCRIBE_ROUTE_TABLES),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_ROUTE_TABLES, "The tags."),
        api("vpc_id", STR, operation::DESCRIBE_ROUTE_TABLES, "The VPC."),
        api(
            "associations",
            Type::List(&Type::Record(&ASSOCIATION)),
            operation::DESCRIBE_ROUTE_TABLES,
            "The subnets it is associated with, and whether it is the main one.",
        ),
        api("routes", Type::List(&Type::Record(&ROUTE)), operation::DESCRIBE_ROUTE_TABLES, "The routes."),
        derived(
            "nat_routes",
            Type::List(&Type::Record(&NAT_ROUTE)),
            &["AWS::EC2::RouteTable.routes", "AWS::EC2::NatGateway.state"],
            "The routes through NAT gateways.",
        ),
    ],
};

/// A NAT gateway.
pub static NAT_GATEWAY: ResourceType = ResourceType {
    name: "AWS::EC2::NatGateway",
    title: ("NATゲートウェイ", "NAT gateway"),
    service: "ec2",
    listed_by: Some(operation::DESCRIBE_NAT_GATEWAYS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_NAT_GATEWAYS, "The tags."),
        api(
            "state",
            Type::Enum(&["pending", "failed", "available", "deleting", "deleted"]),
            operation::DESCRIBE_NAT_GATEWAYS,
            "The gateway's state; a deleted one stays listed for about an hour.",
        ),
        api("vpc_id", STR, operation::DESCRIBE_NAT_GATEWAYS, "The VPC."),
        api(
            "subnet_id",
            STR,
            operation::DESCRIBE_NAT_GATEWAYS,
            "The subnet of a zonal gateway; null for a regional one.",
        ),
        api(
            "availability_mode",
            Type::Enum(&["zonal", "regional"]),
            operation::DESCRIBE_NAT_GATEWAYS,
            "Zonal (also when AWS says nothing) or regional.",
        ),
        api(
            "expands_to_zones",
            BOOL,
            operation::DESCRIBE_NAT_GATEWAYS,
            "Whether a regional gateway covers every zone with subnets by itself; null for a zonal one.",
        ),
        api(
            "zone_ids",
            STRINGS,
            operation::DESCRIBE_NAT_GATEWAYS,
            "The zone ids of the gateway's addresses, as far as AWS gives them (regional gateways).",
        ),
    ],
};
