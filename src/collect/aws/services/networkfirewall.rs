//! AWS Network Firewall.

use std::sync::Arc;

use aws_sdk_networkfirewall::Client;
use aws_sdk_networkfirewall::types as sdk;

use super::convert::{Tags, strings, unusable};
use super::{Fields, complete, fields, pages};
use crate::collect::aws::Task;
use crate::model::operation::{DESCRIBE_FIREWALL, LIST_FIREWALLS};
use crate::model::types::networkfirewall::{ENDPOINT, FIREWALL};
use crate::model::{Resource, Value};
use crate::record;

/// The largest page that the operation accepts.
const PAGE: i32 = 100;

/// Reads the firewalls of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&FIREWALL, LIST_FIREWALLS) {
        return Vec::new();
    }
    let client = &task.clients.networkfirewall();
    let listing = pages(
        LIST_FIREWALLS,
        |token| task.call(LIST_FIREWALLS, client.list_firewalls().max_results(PAGE).set_next_token(token).send()),
        |page| (page.firewalls, page.next_token),
    )
    .await;
    let firewalls = listing.into_resources(task, &FIREWALL, LIST_FIREWALLS, |firewall| {
        let mut resource = task.resource(&FIREWALL, &firewall.firewall_name?);
        resource.arn = firewall.firewall_arn?.into();
        Some(resource)
    });
    if !task.wants(&FIREWALL, DESCRIBE_FIREWALL) {
        return firewalls;
    }
    complete(firewalls, |firewall| read(task, client, Arc::clone(&firewall.arn))).await
}

async fn read(task: &Task, client: &Client, arn: Arc<str>) -> Fields {
    let answer = task.call(DESCRIBE_FIREWALL, client.describe_firewall().firewall_arn(&*arn).send()).await;
    let firewall = answer.and_then(|answer| {
        let firewall = answer.firewall.ok_or_else(|| unusable(DESCRIBE_FIREWALL, "the answer holds no firewall"))?;
        Ok((firewall, answer.firewall_status))
    });
    fields!(firewall, FIREWALL, |(firewall, status)| {
        "tags": Tags::new(
            firewall.tags.unwrap_or_default().into_iter().map(|tag| (Some(tag.key), Some(tag.value))),
        ),
        "vpc_id": Some(firewall.vpc_id).filter(|id| !id.is_empty()),
        "transit_gateway_id": firewall.transit_gateway_id.filter(|id| !id.is_empty()),
        "endpoints": endpoints(status),
        "transit_gateway_zone_ids": strings(firewall.availability_zone_mappings.map(|mappings| {
            mappings.into_iter().map(|mapping| mapping.availability_zone).collect()
        })),
    })
}

/// The endpoints in the order of their subnets: AWS gives them by zone, in any order.
fn endpoints(status: Option<sdk::FirewallStatus>) -> Value {
    let states = status.and_then(|status| status.sync_states).unwrap_or_default();
    let mut attachments: Vec<sdk::Attachment> = states.into_values().filter_map(|state| state.attachment).collect();
    attachments.retain(|attachment| attachment.subnet_id.is_some());
    attachments.sort_by(|a, b| a.subnet_id.cmp(&b.subnet_id));
    Value::list(attachments.into_iter().map(|attachment| {
        record!(ENDPOINT {
            "endpoint_id": attachment.endpoint_id,
            "subnet_id": attachment.subnet_id,
            "status": attachment.status.as_ref().map(sdk::AttachmentStatus::as_str),
        })
    }))
}
