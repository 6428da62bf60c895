//! The network of Amazon EC2.

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::{self as sdk, AutoProvisionZonesState, AvailabilityMode};

use super::tags;
use crate::collect::aws::Task;
use crate::collect::aws::services::convert::{arn, list, owned_arn};
use crate::collect::aws::services::{Listing, fill, pages};
use crate::model::operation::{
    DESCRIBE_AVAILABILITY_ZONES, DESCRIBE_NAT_GATEWAYS, DESCRIBE_ROUTE_TABLES, DESCRIBE_SUBNETS, DESCRIBE_VPCS,
};
use crate::model::types::ec2::{ASSOCIATION, AVAILABILITY_ZONE, NAT_GATEWAY, ROUTE, ROUTE_TABLE, SUBNET, VPC};
use crate::model::{Resource, Value};
use crate::record;

/// The largest pages that the operations accept.
const PAGE: i32 = 1000;
const ROUTE_TABLE_PAGE: i32 = 100;

/// Reads the zones, VPCs, subnets, route tables and NAT gateways of a Region.
pub(super) async fn collect(task: &Task, client: &Client) -> Vec<Resource> {
    let (zones, vpcs, subnets, route_tables, nat_gateways) = tokio::join!(
        availability_zones(task, client),
        vpcs(task, client),
        subnets(task, client),
        route_tables(task, client),
        nat_gateways(task, client),
    );
    [zones, vpcs, subnets, route_tables, nat_gateways].concat()
}

async fn availability_zones(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&AVAILABILITY_ZONE, DESCRIBE_AVAILABILITY_ZONES) {
        return Vec::new();
    }
    // The operation has no pages, and without AllAvailabilityZones it answers only with zones that the account uses.
    let answer = task.call(DESCRIBE_AVAILABILITY_ZONES, client.describe_availability_zones().send()).await;
    let mut zones = Listing::whole(answer.map(|answer| answer.availability_zones));
    // Local Zones and Wavelength Zones come in the same answer; they are no place to recover in.
    zones.items.retain(|zone| zone.zone_type.as_deref().is_none_or(|kind| kind == "availability-zone"));
    zones.into_resources(task, &AVAILABILITY_ZONE, DESCRIBE_AVAILABILITY_ZONES, |zone| {
        let mut resource = task.resource(&AVAILABILITY_ZONE, &zone.zone_name?);
        fill!(resource, AVAILABILITY_ZONE {
            "zone_id": zone.zone_id,
            "state": zone.state.as_ref().map(sdk::AvailabilityZoneState::as_str),
            "opt_in_status": zone.opt_in_status.as_ref().map(sdk::AvailabilityZoneOptInStatus::as_str),
        });
        Some(resource)
    })
}

async fn vpcs(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&VPC, DESCRIBE_VPCS) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_VPCS,
        |token| task.call(DESCRIBE_VPCS, client.describe_vpcs().max_results(PAGE).set_next_token(token).send()),
        |page| (page.vpcs, page.next_token),
    )
    .await;
    listing.into_resources(task, &VPC, DESCRIBE_VPCS, |vpc| {
        let id = vpc.vpc_id?;
        let mut resource = task.resource(&VPC, &id);
        let owner = vpc.owner_id.as_deref().unwrap_or(&task.key.account);
        resource.arn = owned_arn(task, "ec2", owner, &format!("vpc/{id}"));
        fill!(resource, VPC {
            "tags": tags(&mut resource, vpc.tags),
            "cidr_block": vpc.cidr_block,
            "is_default": vpc.is_default,
        });
        Some(resource)
    })
}

async fn subnets(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&SUBNET, DESCRIBE_SUBNETS) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_SUBNETS,
        |token| task.call(DESCRIBE_SUBNETS, client.describe_subnets().max_results(PAGE).set_next_token(token).send()),
        |page| (page.subnets, page.next_token),
    )
    .await;
    listing.into_resources(task, &SUBNET, DESCRIBE_SUBNETS, |subnet| {
        let id = subnet.subnet_id?;
        let mut resource = task.resource(&SUBNET, &id);
        // A subnet that another account shares keeps that account in its ARN.
        resource.arn = subnet.subnet_arn.map_or_else(|| arn(task, "ec2", &format!("subnet/{id}")), Into::into);
        fill!(resource, SUBNET {
            "tags": tags(&mut resource, subnet.tags),
            "vpc_id": subnet.vpc_id,
            "availability_zone": subnet.availability_zone,
            "availability_zone_id": subnet.availability_zone_id,
            "available_ip_address_count": subnet.available_ip_address_count,
        });
        Some(resource)
    })
}

async fn route_tables(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&ROUTE_TABLE, DESCRIBE_ROUTE_TABLES) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_ROUTE_TABLES,
        |token| {
            let request = client.describe_route_tables().max_results(ROUTE_TABLE_PAGE).set_next_token(token);
            task.call(DESCRIBE_ROUTE_TABLES, request.send())
        },
        |page| (page.route_tables, page.next_token),
    )
    .await;
    listing.into_resources(task, &ROUTE_TABLE, DESCRIBE_ROUTE_TABLES, |table| {
        let id = table.route_table_id?;
        let mut resource = task.resource(&ROUTE_TABLE, &id);
        let owner = table.owner_id.as_deref().unwrap_or(&task.key.account);
        resource.arn = owned_arn(task, "ec2", owner, &format!("route-table/{id}"));
        fill!(resource, ROUTE_TABLE {
            "tags": tags(&mut resource, table.tags),
            "vpc_id": table.vpc_id,
            "associations": list(table.associations, |association| record!(ASSOCIATION {
                "main": association.main.unwrap_or(false),
                "subnet_id": association.subnet_id,
            })),
            "routes": list(table.routes, route),
        });
        Some(resource)
    })
}

fn route(route: sdk::Route) -> Value {
    record!(ROUTE {
        "destination": route
            .destination_cidr_block
            .or(route.destination_ipv6_cidr_block)
            .or(route.destination_prefix_list_id),
        "state": route.state.as_ref().map(sdk::RouteState::as_str),
        "nat_gateway_id": route.nat_gateway_id,
        "transit_gateway_id": route.transit_gateway_id,
        "gateway_id": route.gateway_id.or(route.local_gateway_id),
    })
}

async fn nat_gateways(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&NAT_GATEWAY, DESCRIBE_NAT_GATEWAYS) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_NAT_GATEWAYS,
        |token| {
            let request = client.describe_nat_gateways().max_results(PAGE).set_next_token(token);
            task.call(DESCRIBE_NAT_GATEWAYS, request.send())
        },
        |page| (page.nat_gateways, page.next_token),
    )
    .await;
    listing.into_resources(task, &NAT_GATEWAY, DESCRIBE_NAT_GATEWAYS, |gateway| {
        let id = gateway.nat_gateway_id?;
        let mut resource = task.resource(&NAT_GATEWAY, &id);
        resource.arn = arn(task, "ec2", &format!("natgateway/{id}"));
        // The several addresses of one zone name it once each.
        let mut zones: Vec<String> = gateway
            .nat_gateway_addresses
            .unwrap_or_default()
            .into_iter()
            .filter_map(|address| address.availability_zone_id)
            .collect();
        zones.sort_unstable();
        zones.dedup();
        fill!(resource, NAT_GATEWAY {
            "tags": tags(&mut resource, gateway.tags),
            "state": gateway.state.as_ref().map(sdk::NatGatewayState::as_str),
            "vpc_id": gateway.vpc_id,
            "subnet_id": gateway.subnet_id,
            // Gateways from before regional ones existed are zonal and say nothing.
            "availability_mode": gateway.availability_mode.as_ref().map_or("zonal", AvailabilityMode::as_str),
            "expands_to_zones": gateway.auto_provision_zones.map(|state| state == AutoProvisionZonesState::Enabled),
            "zone_ids": Value::list(zones.into_iter().map(Value::from)),
        });
        Some(resource)
    })
}
