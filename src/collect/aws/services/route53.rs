//! Amazon Route 53.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_route53::Client;
use aws_sdk_route53::types::{self as sdk, RrType, TagResourceType};
use futures_util::{StreamExt, stream};

use super::convert::{Tags, partition};
use super::{Listing, PREPARED, UNLISTED, fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{
    LIST_HEALTH_CHECKS, LIST_HOSTED_ZONES, LIST_RESOURCE_RECORD_SETS, LIST_TAGS_FOR_HOSTED_ZONES,
};
use crate::model::types::route53::{HEALTH_CHECK, HOSTED_ZONE, RECORD_SET};
use crate::model::{Resource, Seconds, Unknown, Value};
use crate::slot;

/// The largest pages that the operations accept.
const ZONES_A_PAGE: i32 = 100;
const RECORDS_A_PAGE: i32 = 300;
const CHECKS_A_PAGE: i32 = 1000;

/// How many zones one call for tags may name.
const ZONES_A_CALL: usize = 10;

/// Stands between the parts of a token: no domain name holds it.
const SEPARATOR: char = '\n';

/// Reads the hosted zones, the records that take part in a failover, and the health checks of an account.
pub async fn collect(task: &Task) -> Vec<Resource> {
    let client = &task.clients.route53();
    let (zones_and_records, checks) = tokio::join!(zones_and_records(task, client), health_checks(task, client));
    [zones_and_records, checks].concat()
}

async fn zones_and_records(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&HOSTED_ZONE, LIST_HOSTED_ZONES) {
        return Vec::new();
    }
    let listing = pages(
        LIST_HOSTED_ZONES,
        |marker| {
            let request = client.list_hosted_zones().max_items(ZONES_A_PAGE).set_marker(marker);
            task.call(LIST_HOSTED_ZONES, request.send())
        },
        |page| (Some(page.hosted_zones), page.next_marker),
    )
    .await;
    let mut zones = listing.into_resources(task, &HOSTED_ZONE, LIST_HOSTED_ZONES, |zone| {
        // The listing gives `/hostedzone/Z1`, all else wants `Z1`.
        let id = zone.id.rsplit('/').next()?;
        let mut resource = task.resource(&HOSTED_ZONE, id);
        resource.arn = format!("arn:{}:route53:::hostedzone/{id}", partition(task.clients.region())).into();
        resource.name = zone.name.trim_end_matches('.').into();
        fill!(resource, HOSTED_ZONE {
            "zone_name": zone.name,
            "private": zone.config.is_some_and(|config| config.private_zone),
        });
        Some(resource)
    });
    let records = records(task, client, &zones).await;
    zones.extend(records);
    zones
}

/// Reads the records of the zones that were listed. Zones that were not, have records that were not either.
async fn records(task: &Task, client: &Client, zones: &[Resource]) -> Vec<Resource> {
    if !task.wants(&RECORD_SET, LIST_RESOURCE_RECORD_SETS) {
        return Vec::new();
    }
    let listed = zones.iter().filter(|zone| &*zone.id != UNLISTED);
    let reading: Vec<_> = listed.map(|zone| Box::pin(records_of(task, client, &zone.id))).collect();
    let listings: Vec<(Vec<Resource>, Option<Arc<Unknown>>)> = stream::iter(reading).buffered(PREPARED).collect().await;
    let mut failed = zones
        .iter()
        .find(|zone| &*zone.id == UNLISTED)
        .and_then(|zone| zone.get(slot!(HOSTED_ZONE, "zone_name")).as_unknown().map(Arc::clone));
    let mut records = Vec::new();
    for (found, unknown) in listings {
        records.extend(found);
        failed = failed.or(unknown);
    }
    if task.wants(&RECORD_SET, LIST_TAGS_FOR_HOSTED_ZONES) {
        fill_tags(task, client, &mut records).await;
    }
    records.extend(failed.map(|unknown| task.unlisted(&RECORD_SET, &unknown)));
    records
}

async fn records_of(task: &Task, client: &Client, zone: &str) -> (Vec<Resource>, Option<Arc<Unknown>>) {
    let Listing { items, failed } = pages(
        LIST_RESOURCE_RECORD_SETS,
        |token| {
            let mut request = client.list_resource_record_sets().hosted_zone_id(zone).max_items(RECORDS_A_PAGE);
            if let Some(token) = token {
                let mut parts = token.splitn(3, SEPARATOR).filter(|part| !part.is_empty());
                request = request.set_start_record_name(parts.next().map(str::to_owned));
                request = request.set_start_record_type(parts.next().map(RrType::from));
                request = request.set_start_record_identifier(parts.next().map(str::to_owned));
            }
            task.call(LIST_RESOURCE_RECORD_SETS, request.send())
        },
        |page| {
            let next = page.next_record_name.filter(|_| page.is_truncated).map(|name| {
                let kind = page.next_record_type.as_ref().map_or("", RrType::as_str);
                let identifier = page.next_record_identifier.unwrap_or_default();
                format!("{name}{SEPARATOR}{kind}{SEPARATOR}{identifier}")
            });
            (Some(page.resource_record_sets), next)
        },
    )
    .await;
    // All others are nothing to judge, and there may be ten thousand of them in a zone.
    let taking_part = items.into_iter().filter(|set| set.failover.is_some() || set.health_check_id.is_some());
    (taking_part.map(|set| record_set(task, zone, set)).collect(), failed)
}

fn record_set(task: &Task, zone: &str, set: sdk::ResourceRecordSet) -> Resource {
    let kind = set.r#type.as_str();
    let name = set.name.trim_end_matches('.');
    let suffix = set.set_identifier.as_ref().map(|identifier| format!("/{identifier}")).unwrap_or_default();
    let mut resource = task.resource(&RECORD_SET, &format!("{zone}/{name}/{kind}{suffix}"));
    resource.name = format!("{name} {kind}{}", suffix.replacen('/', " ", 1)).into();
    fill!(resource, RECORD_SET {
        "hosted_zone_id": zone,
        "record_type": kind,
        "failover": set.failover.as_ref().map(sdk::ResourceRecordSetFailover::as_str),
        "ttl": set.ttl.filter(|_| set.alias_target.is_none()).map(Seconds),
        "evaluate_target_health": set.alias_target.as_ref().map(|alias| alias.evaluate_target_health),
        "health_check_id": set.health_check_id,
        "set_identifier": set.set_identifier,
        "record_name": set.name,
    });
    resource
}

/// A record has the tags of its zone, since it can have none of its own.
async fn fill_tags(task: &Task, client: &Client, records: &mut [Resource]) {
    let mut zones: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    for record in &*records {
        if let Value::Str(zone) = record.get(slot!(RECORD_SET, "hosted_zone_id")) {
            zones.insert(Arc::clone(zone), Tags::default().into());
        }
    }
    let ids: Vec<Arc<str>> = zones.keys().cloned().collect();
    for ids in ids.chunks(ZONES_A_CALL) {
        let request = client
            .list_tags_for_resources()
            .resource_type(TagResourceType::Hostedzone)
            .set_resource_ids(Some(ids.iter().map(ToString::to_string).collect()));
        match task.call(LIST_TAGS_FOR_HOSTED_ZONES, request.send()).await {
            Ok(answer) => {
                for set in answer.resource_tag_sets {
                    let pairs = set.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value));
                    if let Some(id) = set.resource_id {
                        zones.insert(id.into(), Tags::new(pairs).into());
                    }
                }
            }
            Err(unknown) => {
                zones.extend(ids.iter().map(|id| (Arc::clone(id), Value::Unknown(Arc::clone(&unknown)))));
            }
        }
    }
    for record in records {
        let tags = record.get(slot!(RECORD_SET, "hosted_zone_id")).as_str().and_then(|zone| zones.get(zone));
        if let Some(tags) = tags.cloned() {
            record.set(slot!(RECORD_SET, "tags"), tags);
        }
    }
}

async fn health_checks(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&HEALTH_CHECK, LIST_HEALTH_CHECKS) {
        return Vec::new();
    }
    let listing = pages(
        LIST_HEALTH_CHECKS,
        |marker| {
            let request = client.list_health_checks().max_items(CHECKS_A_PAGE).set_marker(marker);
            task.call(LIST_HEALTH_CHECKS, request.send())
        },
        |page| (Some(page.health_checks), page.next_marker),
    )
    .await;
    listing.into_resources(task, &HEALTH_CHECK, LIST_HEALTH_CHECKS, |check| {
        let mut resource = task.resource(&HEALTH_CHECK, &check.id);
        resource.arn = format!("arn:{}:route53:::healthcheck/{}", partition(task.clients.region()), check.id).into();
        let config = check.health_check_config;
        fill!(resource, HEALTH_CHECK {
            "disabled": config.as_ref().and_then(|config| config.disabled).unwrap_or(false),
            "inverted": config.as_ref().and_then(|config| config.inverted).unwrap_or(false),
        });
        Some(resource)
    })
}
