//! Elastic Load Balancing: Application, Network and Gateway Load Balancers.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types as sdk;
use futures_util::{StreamExt, stream};

use super::convert::{Tags, list, strings, unheld, unusable};
use super::{Fields, PREPARED, UNLISTED, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{
    DESCRIBE_LOAD_BALANCER_ATTRIBUTES, DESCRIBE_LOAD_BALANCER_TAGS, DESCRIBE_LOAD_BALANCERS, DESCRIBE_TARGET_GROUPS,
    DESCRIBE_TARGET_HEALTH,
};
use crate::model::types::elbv2::{CODE_RANGE, LOAD_BALANCER, TARGET, TARGET_GROUP};
use crate::model::{Resource, ResourceType, Seconds, Unknown, Value};
use crate::{record, slot};

/// The largest pages that the operations accept.
const PAGE: i32 = 400;

/// How many resources one call for tags may name.
const TAGGED: usize = 20;

/// Reads the load balancers and target groups of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    let client = &task.clients.elasticloadbalancingv2();
    let (load_balancers, target_groups) = tokio::join!(load_balancers(task, client), target_groups(task, client));
    [load_balancers, target_groups].concat()
}

async fn load_balancers(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&LOAD_BALANCER, DESCRIBE_LOAD_BALANCERS) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_LOAD_BALANCERS,
        |marker| {
            let request = client.describe_load_balancers().page_size(PAGE).set_marker(marker);
            task.call(DESCRIBE_LOAD_BALANCERS, request.send())
        },
        |page| (page.load_balancers, page.next_marker),
    )
    .await;
    let found = listing.into_resources(task, &LOAD_BALANCER, DESCRIBE_LOAD_BALANCERS, |balancer| {
        let arn = balancer.load_balancer_arn?;
        let mut resource = named(task, &LOAD_BALANCER, balancer.load_balancer_name, &arn);
        let mut zones: Vec<String> =
            balancer.availability_zones.unwrap_or_default().into_iter().filter_map(|zone| zone.zone_name).collect();
        zones.sort_unstable();
        zones.dedup();
        fill!(resource, LOAD_BALANCER {
            "type": balancer.r#type.as_ref().map(sdk::LoadBalancerTypeEnum::as_str),
            "scheme": balancer.scheme.as_ref().map(sdk::LoadBalancerSchemeEnum::as_str),
            "vpc_id": balancer.vpc_id,
            "availability_zones": strings(Some(zones)),
        });
        Some(resource)
    });
    let found = tagged(task, client, found, &LOAD_BALANCER).await;
    complete(found, |balancer| {
        let application = balancer.get(slot!(LOAD_BALANCER, "type")).as_str() == Some("application");
        attributes(task, client, Arc::clone(&balancer.arn), application)
    })
    .await
}

/// Target groups and load balancers have names that are unique for a kind only, so their ARNs tell them apart; what
/// people call them is the name.
fn named(task: &Task, ty: &'static ResourceType, name: Option<String>, arn: &str) -> Resource {
    let id = arn.split_once("loadbalancer/").or_else(|| arn.split_once("targetgroup/")).map_or(arn, |(_, id)| id);
    let mut resource = task.resource(ty, id);
    resource.arn = arn.into();
    if let Some(name) = name {
        resource.name = name.into();
    }
    resource
}

/// Reads the tags of resources, as many at a time as the operation takes.
async fn tagged(task: &Task, client: &Client, mut resources: Vec<Resource>, ty: &ResourceType) -> Vec<Resource> {
    if !task.wants(ty, DESCRIBE_LOAD_BALANCER_TAGS) {
        return resources;
    }
    let Some((slot, _)) = ty.field("tags") else { return resources };
    let arns: Vec<Arc<str>> =
        resources.iter().filter(|it| &*it.id != UNLISTED).map(|resource| Arc::clone(&resource.arn)).collect();
    let calls = arns.chunks(TAGGED).map(|some| {
        let names = some.iter().map(ToString::to_string).collect();
        let request = client.describe_tags().set_resource_arns(Some(names)).send();
        async move { (some, task.call(DESCRIBE_LOAD_BALANCER_TAGS, request).await) }
    });
    let answers: Vec<_> = stream::iter(calls.collect::<Vec<_>>()).buffered(PREPARED).collect().await;
    let mut found: HashMap<String, Tags> = HashMap::new();
    let mut failed: HashMap<Arc<str>, Arc<Unknown>> = HashMap::new();
    for (some, answer) in answers {
        match answer {
            Ok(answer) => found.extend(answer.tag_descriptions.unwrap_or_default().into_iter().filter_map(|it| {
                let tags = it.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value));
                Some((it.resource_arn?, Tags::new(tags)))
            })),
            Err(unknown) => failed.extend(some.iter().map(|arn| (Arc::clone(arn), Arc::clone(&unknown)))),
        }
    }
    for resource in resources.iter_mut().filter(|it| &*it.id != UNLISTED) {
        let value = match (found.remove(&*resource.arn), failed.get(&resource.arn)) {
            (Some(tags), _) => tags.into(),
            (None, Some(unknown)) => Value::Unknown(Arc::clone(unknown)),
            (None, None) => Value::Unknown(unusable(DESCRIBE_LOAD_BALANCER_TAGS, "the answer lacks this resource")),
        };
        resource.set(slot, value);
    }
    resources
}

/// An Application Load Balancer always sends traffic to all its zones, so it is not asked ("Cross-zone load balancing",
/// User Guide for Application Load Balancers).
async fn attributes(task: &Task, client: &Client, arn: Arc<str>, application: bool) -> Fields {
    if !task.wants(&LOAD_BALANCER, DESCRIBE_LOAD_BALANCER_ATTRIBUTES) {
        return Fields::new();
    }
    if application {
        return vec![(slot!(LOAD_BALANCER, "cross_zone"), Value::Null)];
    }
    let request = client.describe_load_balancer_attributes().load_balancer_arn(&*arn).send();
    let answer = task.call(DESCRIBE_LOAD_BALANCER_ATTRIBUTES, request).await.and_then(|answer| {
        let attributes = answer.attributes.unwrap_or_default();
        let found = attributes.into_iter().find(|it| it.key.as_deref() == Some("load_balancing.cross_zone.enabled"));
        match found.as_ref().and_then(|it| it.value.as_deref()) {
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            _ => Err(unusable(
                DESCRIBE_LOAD_BALANCER_ATTRIBUTES,
                "the answer lacks the attribute for cross-zone load balancing",
            )),
        }
    });
    fields!(answer, LOAD_BALANCER, |cross_zone| { "cross_zone": cross_zone })
}

async fn target_groups(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&TARGET_GROUP, DESCRIBE_TARGET_GROUPS) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_TARGET_GROUPS,
        |marker| {
            let request = client.describe_target_groups().page_size(PAGE).set_marker(marker);
            task.call(DESCRIBE_TARGET_GROUPS, request.send())
        },
        |page| (page.target_groups, page.next_marker),
    )
    .await;
    let found = listing.into_resources(task, &TARGET_GROUP, DESCRIBE_TARGET_GROUPS, |group| target_group(task, group));
    let found = tagged(task, client, found, &TARGET_GROUP).await;
    complete(found, |group| targets(task, client, Arc::clone(&group.arn))).await
}

fn target_group(task: &Task, group: sdk::TargetGroup) -> Option<Resource> {
    let arn = group.target_group_arn?;
    let mut resource = named(task, &TARGET_GROUP, group.target_group_name, &arn);
    let http = group.matcher.and_then(|matcher| matcher.http_code);
    let seconds = |seconds: Option<i32>| seconds.map(|seconds| Seconds(seconds.into()));
    fill!(resource, TARGET_GROUP {
        "target_type": group.target_type.as_ref().map(sdk::TargetTypeEnum::as_str),
        "load_balancer_arns": strings(group.load_balancer_arns),
        "health_check_enabled": group.health_check_enabled,
        "health_check_protocol": group.health_check_protocol.as_ref().map(sdk::ProtocolEnum::as_str),
        "protocol_version": group.protocol_version,
        "health_check_path": group.health_check_path,
        "health_check_interval": seconds(group.health_check_interval_seconds),
        "health_check_timeout": seconds(group.health_check_timeout_seconds),
        "unhealthy_threshold_count": group.unhealthy_threshold_count,
        "matcher_ranges": http.as_deref().map(ranges),
        "matcher": http,
    });
    Some(resource)
}

/// The codes of a matcher such as `200,300-302`.
fn ranges(matcher: &str) -> Value {
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some((first.trim().parse::<i64>().ok()?, last.trim().parse::<i64>().ok()?))
    };
    let parsed: Option<Vec<(i64, i64)>> = matcher.split(',').map(range).collect();
    match parsed {
        Some(parsed) => {
            Value::list(parsed.into_iter().map(|(first, last)| record!(CODE_RANGE { "first": first, "last": last })))
        }
        None => unheld(DESCRIBE_TARGET_GROUPS, &format!("{matcher:?} names no status codes")),
    }
}

async fn targets(task: &Task, client: &Client, arn: Arc<str>) -> Fields {
    if !task.wants(&TARGET_GROUP, DESCRIBE_TARGET_HEALTH) {
        return Fields::new();
    }
    let answer = task.call(DESCRIBE_TARGET_HEALTH, client.describe_target_health().target_group_arn(&*arn).send());
    fields!(answer.await, TARGET_GROUP, |answer| { "targets": targets_in_order(answer.target_health_descriptions) })
}

/// AWS gives the targets in any order.
fn targets_in_order(descriptions: Option<Vec<sdk::TargetHealthDescription>>) -> Value {
    let sorted: BTreeMap<_, _> = descriptions
        .unwrap_or_default()
        .into_iter()
        .filter_map(|description| {
            let target = description.target?;
            Some(((target.id.clone()?, target.port), (target, description.target_health)))
        })
        .collect();
    list(Some(sorted.into_values().collect()), |(target, health)| {
        let state = health.and_then(|health| health.state);
        record!(TARGET {
            "id": target.id,
            "port": target.port,
            "availability_zone": target.availability_zone,
            "state": state.as_ref().map(sdk::TargetHealthStateEnum::as_str),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matcher_is_codes_and_ranges() {
        let range = |first: i64, last: i64| record!(CODE_RANGE { "first": first, "last": last });
        assert_eq!(ranges("200"), Value::list([range(200, 200)]));
        assert_eq!(ranges("200,301-302"), Value::list([range(200, 200), range(301, 302)]));
        assert_eq!(ranges("200-499"), Value::list([range(200, 499)]));
        for odd in ["", "2xx", "200-"] {
            assert!(ranges(odd).as_unknown().is_some(), "{odd}");
        }
    }
}
