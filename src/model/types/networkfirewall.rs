//! AWS Network Firewall.

use super::{STR, STRINGS, api, derived, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// A firewall endpoint.
pub static ENDPOINT: RecordType = RecordType {
    name: "firewall endpoint",
    fields: &[
        part("endpoint_id", STR, "The VPC endpoint that routes point to."),
        part("subnet_id", STR, "The subnet."),
        part("status", STR, "READY when it filters traffic."),
    ],
};

/// A subnet whose traffic goes through a firewall endpoint of another zone.
pub static DETOUR: RecordType = RecordType {
    name: "detour",
    fields: &[
        part("subnet_id", STR, "The subnet."),
        part("zone_id", STR, "The subnet's zone id."),
        part("endpoint_id", STR, "The firewall endpoint that its route points to."),
        part("endpoint_zone_id", STR, "The endpoint's zone id."),
    ],
};

/// A firewall.
pub static FIREWALL: ResourceType = ResourceType {
    name: "AWS::NetworkFirewall::Firewall",
    title: ("Network Firewallのファイアウォール", "Network firewall"),
    service: "network-firewall",
    listed_by: Some(operation::LIST_FIREWALLS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_FIREWALL, "The tags."),
        api(
            "vpc_id",
            STR,
            operation::DESCRIBE_FIREWALL,
            "The VPC; null for one that is attached to a transit gateway.",
        ),
        api(
            "transit_gateway_id",
            STR,
            operation::DESCRIBE_FIREWALL,
            "The transit gateway; null for one that has subnets in a VPC.",
        ),
        api(
            "endpoints",
            Type::List(&Type::Record(&ENDPOINT)),
            operation::DESCRIBE_FIREWALL,
            "The endpoints in subnets; empty for one that is attached to a transit gateway.",
        ),
        api(
            "transit_gateway_zone_ids",
            STRINGS,
            operation::DESCRIBE_FIREWALL,
            "The zone ids of one that is attached to a transit gateway.",
        ),
        derived(
            "zone_ids",
            STRINGS,
            &[
                "AWS::NetworkFirewall::Firewall.endpoints",
                "AWS::NetworkFirewall::Firewall.transit_gateway_zone_ids",
                "AWS::EC2::Subnet.availability_zone_id",
            ],
            "The zone ids that it has endpoints in, each once.",
        ),
        derived(
            "detours",
            Type::List(&Type::Record(&DETOUR)),
            &[
                "AWS::NetworkFirewall::Firewall.vpc_id",
                "AWS::NetworkFirewall::Firewall.endpoints",
                "AWS::EC2::Subnet.vpc_id",
                "AWS::EC2::Subnet.availability_zone_id",
                "AWS::EC2::RouteTable.associations",
                "AWS::EC2::RouteTable.routes",
            ],
            "The subnets of its VPC whose routes lead to an endpoint of another zone.",
        ),
    ],
};
