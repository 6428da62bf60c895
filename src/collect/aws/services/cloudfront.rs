//! The content delivery network of AWS.

use std::sync::Arc;

use aws_sdk_cloudfront::Client;
use aws_sdk_cloudfront::types as sdk;

use super::convert::{Tags, list, strings};
use super::{Fields, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{LIST_DISTRIBUTION_TAGS, LIST_DISTRIBUTIONS};
use crate::model::types::cloudfront::{DISTRIBUTION, ORIGIN_GROUP};
use crate::model::{Resource, Value};
use crate::record;

/// The largest page that the operation accepts.
const PAGE: i32 = 100;

/// Reads the distributions of an account.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&DISTRIBUTION, LIST_DISTRIBUTIONS) {
        return Vec::new();
    }
    let client = &task.clients.cloudfront();
    let listing = pages(
        LIST_DISTRIBUTIONS,
        |marker| {
            let request = client.list_distributions().max_items(PAGE).set_marker(marker);
            task.call(LIST_DISTRIBUTIONS, request.send())
        },
        |page| page.distribution_list.map_or((None, None), |list| (list.items, list.next_marker)),
    )
    .await;
    let distributions = listing.into_resources(task, &DISTRIBUTION, LIST_DISTRIBUTIONS, |summary| {
        let mut resource = task.resource(&DISTRIBUTION, &summary.id);
        let aliases = summary.aliases.and_then(|aliases| aliases.items).unwrap_or_default();
        if let Some(alias) = aliases.first() {
            resource.name = alias.as_str().into();
        }
        let others = summary.cache_behaviors.and_then(|behaviors| behaviors.items).unwrap_or_default();
        let targets = summary.default_cache_behavior.map(|behavior| behavior.target_origin_id);
        let targets = targets.into_iter().chain(others.into_iter().map(|behavior| behavior.target_origin_id));
        let origins = summary.origins.map(|origins| origins.items).unwrap_or_default();
        fill!(resource, DISTRIBUTION {
            "enabled": summary.enabled,
            "aliases": strings(Some(aliases)),
            "origin_domains": list(Some(origins), |origin| origin.domain_name.into()),
            "origin_groups": list(summary.origin_groups.and_then(|groups| groups.items), origin_group),
            "target_ids": strings(Some(targets.collect())),
        });
        resource.arn = summary.arn.into();
        Some(resource)
    });
    if !task.wants(&DISTRIBUTION, LIST_DISTRIBUTION_TAGS) {
        return distributions;
    }
    complete(distributions, |distribution| tags(task, client, Arc::clone(&distribution.arn))).await
}

fn origin_group(group: sdk::OriginGroup) -> Value {
    let members = group.members.map(|members| members.items).unwrap_or_default();
    record!(ORIGIN_GROUP {
        "id": group.id,
        "origin_ids": list(Some(members), |member| member.origin_id.into()),
    })
}

async fn tags(task: &Task, client: &Client, arn: Arc<str>) -> Fields {
    let answer = task.call(LIST_DISTRIBUTION_TAGS, client.list_tags_for_resource().resource(&*arn).send()).await;
    fields!(answer, DISTRIBUTION, |answer| {
        "tags": Tags::new(
            answer
                .tags
                .and_then(|tags| tags.items)
                .unwrap_or_default()
                .into_iter()
                .map(|tag| (Some(tag.key), tag.value)),
        ),
    })
}
