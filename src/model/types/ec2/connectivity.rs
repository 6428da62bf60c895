//! What connects VPCs of Amazon EC2 with the outside: VPN connections and VPC endpoints.

use super::super::{BOOL, STR, STRINGS, TIME, api, derived, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// One of the two tunnels of a VPN connection.
pub static VPN_TUNNEL: RecordType = RecordType {
    name: "VPN tunnel",
    fields: &[
        part("outside_ip_address", STR, "The address of the tunnel's AWS side."),
        part("status", Type::Enum(&["UP", "DOWN"]), "Whether the tunnel is up."),
        part("last_status_change", TIME, "When that changed last."),
    ],
};

/// A Site-to-Site VPN connection.
pub static VPN_CONNECTION: ResourceType = ResourceType {
    name: "AWS::EC2::VPNConnection",
    title: ("VPN接続", "VPN connection"),
    service: "ec2",
    listed_by: Some(operation::DESCRIBE_VPN_CONNECTIONS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_VPN_CONNECTIONS, "The tags."),
        api(
            "state",
            Type::Enum(&["pending", "available", "deleting", "deleted", "modifying"]),
            operation::DESCRIBE_VPN_CONNECTIONS,
            "The connection's state; a deleted one stays listed for a while.",
        ),
        api("customer_gateway_id", STR, operation::DESCRIBE_VPN_CONNECTIONS, "The customer gateway."),
        api(
            "tunnels",
            Type::List(&Type::Record(&VPN_TUNNEL)),
            operation::DESCRIBE_VPN_CONNECTIONS,
            "The tunnels; unknown when AWS gives no telemetry.",
        ),
    ],
};

/// A VPC endpoint.
pub static VPC_ENDPOINT: ResourceType = ResourceType {
    name: "AWS::EC2::VPCEndpoint",
    title: ("VPCエンドポイント", "VPC endpoint"),
    service: "ec2",
    listed_by: Some(operation::DESCRIBE_VPC_ENDPOINTS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_VPC_ENDPOINTS, "The tags."),
        api("vpc_id", STR, operation::DESCRIBE_VPC_ENDPOINTS, "The VPC."),
        api(
            "vpc_endpoint_type",
            Type::Enum(&["Interface", "Gateway", "GatewayLoadBalancer", "Resource", "ServiceNetwork", "Tunnel"]),
            operation::DESCRIBE_VPC_ENDPOINTS,
            "What kind of endpoint it is.",
        ),
        api("service_name", STR, operation::DESCRIBE_VPC_ENDPOINTS, "The service that it leads to."),
        // AWS writes the states in either case, so they are kept in lower case.
        api("state", STR, operation::DESCRIBE_VPC_ENDPOINTS, "The state in lower case: available when it works."),
        api(
            "requester_managed",
            BOOL,
            operation::DESCRIBE_VPC_ENDPOINTS,
            "Whether an AWS service made it and looks after it.",
        ),
        api("subnet_ids", STRINGS, operation::DESCRIBE_VPC_ENDPOINTS, "The subnets that it has interfaces in."),
        derived(
            "zone_ids",
            STRINGS,
            &["AWS::EC2::VPCEndpoint.subnet_ids", "AWS::EC2::Subnet.availability_zone_id"],
            "The zone ids of these subnets.",
        ),
    ],
};
