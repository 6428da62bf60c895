//! Elastic Load Balancing: Classic Load Balancers.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_elasticloadbalancing::Client;
use futures_util::{StreamExt, stream};

use super::convert::{Tags, arn, strings, unusable};
use super::{Fields, PREPARED, UNLISTED, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{
    DESCRIBE_CLASSIC_LOAD_BALANCER_ATTRIBUTES, DESCRIBE_CLASSIC_LOAD_BALANCER_TAGS, DESCRIBE_CLASSIC_LOAD_BALANCERS,
};
use crate::model::types::elb::LOAD_BALANCER;
use crate::model::{Resource, Unknown, Value};
use crate::slot;

/// The largest page that the operation accepts.
const PAGE: i32 = 400;

/// How many load balancers one call for tags may name.
const TAGGED: usize = 20;

/// Reads the Classic Load Balancers of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&LOAD_BALANCER, DESCRIBE_CLASSIC_LOAD_BALANCERS) {
        return Vec::new();
    }
    let client = &task.clients.elasticloadbalancing();
    let listing = pages(
        DESCRIBE_CLASSIC_LOAD_BALANCERS,
        |marker| {
            let request = client.describe_load_balancers().page_size(PAGE).set_marker(marker);
            task.call(DESCRIBE_CLASSIC_LOAD_BALANCERS, request.send())
        },
        |page| (page.load_balancer_descriptions, page.next_marker),
    )
    .await;
    let found = listing.into_resources(task, &LOAD_BALANCER, DESCRIBE_CLASSIC_LOAD_BALANCERS, |balancer| {
        let name = balancer.load_balancer_name?;
        let mut resource = task.resource(&LOAD_BALANCER, &name);
        resource.arn = arn(task, "elasticloadbalancing", &format!("loadbalancer/{name}"));
        let mut zones = balancer.availability_zones.unwrap_or_default();
        zones.sort_unstable();
        zones.dedup();
        fill!(resource, LOAD_BALANCER {
            "type": "classic",
            "scheme": balancer.scheme,
            "availability_zones": strings(Some(zones)),
        });
        Some(resource)
    });
    let found = tagged(task, client, found).await;
    complete(found, |balancer| attributes(task, client, Arc::clone(&balancer.id))).await
}

/// Reads the tags of load balancers, as many at a time as the operation takes.
async fn tagged(task: &Task, client: &Client, mut resources: Vec<Resource>) -> Vec<Resource> {
    if !task.wants(&LOAD_BALANCER, DESCRIBE_CLASSIC_LOAD_BALANCER_TAGS) {
        return resources;
    }
    let names: Vec<Arc<str>> =
        resources.iter().filter(|it| &*it.id != UNLISTED).map(|resource| Arc::clone(&resource.id)).collect();
    let calls = names.chunks(TAGGED).map(|some| {
        let names = some.iter().map(ToString::to_string).collect();
        let request = client.describe_tags().set_load_balancer_names(Some(names)).send();
        async move { (some, task.call(DESCRIBE_CLASSIC_LOAD_BALANCER_TAGS, request).await) }
    });
    let answers: Vec<_> = stream::iter(calls.collect::<Vec<_>>()).buffered(PREPARED).collect().await;
    let mut found: HashMap<String, Tags> = HashMap::new();
    let mut failed: HashMap<Arc<str>, Arc<Unknown>> = HashMap::new();
    for (some, answer) in answers {
        match answer {
            Ok(answer) => found.extend(answer.tag_descriptions.unwrap_or_default().into_iter().filter_map(|it| {
                let tags = it.tags.unwrap_or_default().into_iter().map(|tag| (Some(tag.key), tag.value));
                Some((it.load_balancer_name?, Tags::new(tags)))
            })),
            Err(unknown) => failed.extend(some.iter().map(|name| (Arc::clone(name), Arc::clone(&unknown)))),
        }
    }
    for resource in resources.iter_mut().filter(|it| &*it.id != UNLISTED) {
        let value = match (found.remove(&*resource.id), failed.get(&resource.id)) {
            (Some(tags), _) => tags.into(),
            (None, Some(unknown)) => Value::Unknown(Arc::clone(unknown)),
            (None, None) => {
                Value::Unknown(unusable(DESCRIBE_CLASSIC_LOAD_BALANCER_TAGS, "the answer lacks this load balancer"))
            }
        };
        resource.set(slot!(LOAD_BALANCER, "tags"), value);
    }
    resources
}

async fn attributes(task: &Task, client: &Client, name: Arc<str>) -> Fields {
    if !task.wants(&LOAD_BALANCER, DESCRIBE_CLASSIC_LOAD_BALANCER_ATTRIBUTES) {
        return Fields::new();
    }
    let request = client.describe_load_balancer_attributes().load_balancer_name(&*name).send();
    let answer = task.call(DESCRIBE_CLASSIC_LOAD_BALANCER_ATTRIBUTES, request).await.and_then(|answer| {
        let cross_zone = answer.load_balancer_attributes.and_then(|attributes| attributes.cross_zone_load_balancing);
        cross_zone.map(|cross_zone| cross_zone.enabled).ok_or_else(|| {
            unusable(DESCRIBE_CLASSIC_LOAD_BALANCER_ATTRIBUTES, "the answer lacks cross-zone load balancing")
        })
    });
    fields!(answer, LOAD_BALANCER, |cross_zone| { "cross_zone": cross_zone })
}
