//! VPN connections and VPC endpoints.

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types as sdk;

use super::tags;
use crate::collect::aws::Task;
use crate::collect::aws::services::convert::{arn, list, owned_arn, strings, time, unheld};
use crate::collect::aws::services::{Listing, fill, pages};
use crate::model::operation::{DESCRIBE_VPC_ENDPOINTS, DESCRIBE_VPN_CONNECTIONS};
use crate::model::types::ec2::{VPC_ENDPOINT, VPN_CONNECTION, VPN_TUNNEL};
use crate::model::{Resource, Value};
use crate::record;

/// The largest page that the operation accepts.
const PAGE: i32 = 1000;

/// Reads the VPN connections and VPC endpoints of a Region.
pub(super) async fn collect(task: &Task, client: &Client) -> Vec<Resource> {
    let (connections, endpoints) = tokio::join!(vpn_connections(task, client), vpc_endpoints(task, client));
    [connections, endpoints].concat()
}

async fn vpn_connections(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&VPN_CONNECTION, DESCRIBE_VPN_CONNECTIONS) {
        return Vec::new();
    }
    // The operation has no pages.
    let answer = task.call(DESCRIBE_VPN_CONNECTIONS, client.describe_vpn_connections().send()).await;
    let listing = Listing::whole(answer.map(|answer| answer.vpn_connections));
    listing.into_resources(task, &VPN_CONNECTION, DESCRIBE_VPN_CONNECTIONS, |connection| {
        let id = connection.vpn_connection_id?;
        let mut resource = task.resource(&VPN_CONNECTION, &id);
        resource.arn = arn(task, "ec2", &format!("vpn-connection/{id}"));
        fill!(resource, VPN_CONNECTION {
            "tags": tags(&mut resource, connection.tags),
            "state": connection.state.as_ref().map(sdk::VpnState::as_str),
            "customer_gateway_id": connection.customer_gateway_id,
            "tunnels": match connection.vgw_telemetry {
                Some(tunnels) if !tunnels.is_empty() => list(Some(tunnels), tunnel),
                _ => unheld(DESCRIBE_VPN_CONNECTIONS, "AWS gives no telemetry of the tunnels"),
            },
        });
        Some(resource)
    })
}

fn tunnel(tunnel: sdk::VgwTelemetry) -> Value {
    record!(VPN_TUNNEL {
        "outside_ip_address": tunnel.outside_ip_address,
        "status": tunnel.status.as_ref().map(sdk::TelemetryStatus::as_str),
        "last_status_change": time(tunnel.last_status_change),
    })
}

async fn vpc_endpoints(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&VPC_ENDPOINT, DESCRIBE_VPC_ENDPOINTS) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_VPC_ENDPOINTS,
        |token| {
            let request = client.describe_vpc_endpoints().max_results(PAGE).set_next_token(token);
            task.call(DESCRIBE_VPC_ENDPOINTS, request.send())
        },
        |page| (page.vpc_endpoints, page.next_token),
    )
    .await;
    listing.into_resources(task, &VPC_ENDPOINT, DESCRIBE_VPC_ENDPOINTS, |endpoint| {
        let id = endpoint.vpc_endpoint_id?;
        let mut resource = task.resource(&VPC_ENDPOINT, &id);
        let owner = endpoint.owner_id.as_deref().unwrap_or(&task.key.account);
        resource.arn = owned_arn(task, "ec2", owner, &format!("vpc-endpoint/{id}"));
        fill!(resource, VPC_ENDPOINT {
            "tags": tags(&mut resource, endpoint.tags),
            "vpc_id": endpoint.vpc_id,
            "vpc_endpoint_type": endpoint.vpc_endpoint_type.as_ref().map(sdk::VpcEndpointType::as_str),
            "service_name": endpoint.service_name,
            // The guide writes `available`, the API `Available`.
            "state": endpoint.state.as_ref().map(|state| state.as_str().to_ascii_lowercase()),
            "requester_managed": endpoint.requester_managed.unwrap_or(false),
            "subnet_ids": strings(endpoint.subnet_ids),
        });
        Some(resource)
    })
}
