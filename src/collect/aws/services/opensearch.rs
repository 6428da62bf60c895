//! Amazon OpenSearch Service.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_opensearch::Client;
use aws_sdk_opensearch::types as sdk;

use super::convert::{Tags, arn, unusable};
use super::{Fields, Listing, complete, fields, set};
use crate::collect::aws::Task;
use crate::model::operation::{DESCRIBE_DOMAINS, LIST_DOMAIN_NAMES, LIST_DOMAIN_TAGS};
use crate::model::types::opensearch::DOMAIN;
use crate::model::{Resource, Unknown};

/// How many domains a call describes at most.
const BATCH: usize = 5;

/// Over how many zones a domain with zone awareness is spread unless it says otherwise: "`ZoneAwarenessConfig`" of the
/// API reference.
const DEFAULT_ZONES: i32 = 2;

/// Reads the domains of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&DOMAIN, LIST_DOMAIN_NAMES) {
        return Vec::new();
    }
    let client = &task.clients.opensearch();
    let answer = task.call(LIST_DOMAIN_NAMES, client.list_domain_names().send()).await;
    let listing = Listing::whole(answer.map(|answer| answer.domain_names));
    let mut domains = listing.into_resources(task, &DOMAIN, LIST_DOMAIN_NAMES, |domain| {
        let name = domain.domain_name?;
        let mut resource = task.resource(&DOMAIN, &name);
        resource.arn = arn(task, "es", &format!("domain/{name}"));
        Some(resource)
    });
    if task.wants(&DOMAIN, DESCRIBE_DOMAINS) {
        describe(task, client, &mut domains).await;
    }
    complete(domains, |domain| tags(task, client, Arc::clone(&domain.arn))).await
}

/// Fills in what the domains are made of, a few domains a call.
async fn describe(task: &Task, client: &Client, domains: &mut [Resource]) {
    let mut listed: Vec<&mut Resource> = domains.iter_mut().filter(|domain| &*domain.id != super::UNLISTED).collect();
    for batch in listed.chunks_mut(BATCH) {
        let names = batch.iter().map(|domain| domain.id.to_string()).collect();
        let request = client.describe_domains().set_domain_names(Some(names)).send();
        let answer = task.call(DESCRIBE_DOMAINS, request).await.map(|answer| {
            let domains = answer.domain_status_list.into_iter();
            domains.map(|domain| (domain.domain_name.clone(), domain)).collect::<HashMap<_, _>>()
        });
        for domain in batch {
            let status = match &answer {
                Ok(domains) => domains
                    .get(&*domain.id)
                    .ok_or_else(|| unusable(DESCRIBE_DOMAINS, "the answer leaves the domain out")),
                Err(unknown) => Err(Arc::clone(unknown)),
            };
            set(domain, described(status));
        }
    }
}

fn described(status: Result<&sdk::DomainStatus, Arc<Unknown>>) -> Fields {
    let status = status.map(|status| {
        let cluster = status.cluster_config.clone().unwrap_or_else(|| sdk::ClusterConfig::builder().build());
        (status, cluster)
    });
    fields!(status, DOMAIN, |(status, cluster)| {
        "engine_version": status.engine_version.as_deref(),
        "data_nodes": cluster.instance_count,
        "zone_awareness": cluster.zone_awareness_enabled,
        "availability_zone_count": zones(&cluster),
        "dedicated_masters": masters(&cluster),
        "multi_az_with_standby": cluster.multi_az_with_standby_enabled,
        "automated_snapshots_paused": status.automated_snapshot_pause_options.as_ref().map(|pause| pause.enabled),
    })
}

fn zones(cluster: &sdk::ClusterConfig) -> Option<i32> {
    let configured = cluster.zone_awareness_config.as_ref().and_then(|zones| zones.availability_zone_count);
    cluster.zone_awareness_enabled.map(|enabled| if enabled { configured.unwrap_or(DEFAULT_ZONES) } else { 1 })
}

fn masters(cluster: &sdk::ClusterConfig) -> Option<i32> {
    // A domain that no longer has dedicated master nodes may still say how many it had.
    cluster.dedicated_master_enabled.and_then(|enabled| if enabled { cluster.dedicated_master_count } else { Some(0) })
}

async fn tags(task: &Task, client: &Client, arn: Arc<str>) -> Fields {
    if !task.wants(&DOMAIN, LIST_DOMAIN_TAGS) {
        return Fields::new();
    }
    let answer = task.call(LIST_DOMAIN_TAGS, client.list_tags().arn(&*arn).send()).await;
    fields!(answer, DOMAIN, |answer| {
        "tags": Tags::new(answer.tag_list.unwrap_or_default().into_iter().map(|tag| (Some(tag.key), Some(tag.value)))),
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_opensearch::types::{ClusterConfig, ZoneAwarenessConfig};

    use super::*;

    #[test]
    fn zone_awareness_means_two_zones_unless_it_says_three() {
        let cluster = |enabled, count: Option<i32>| {
            let config = count.map(|count| ZoneAwarenessConfig::builder().availability_zone_count(count).build());
            ClusterConfig::builder().set_zone_awareness_enabled(enabled).set_zone_awareness_config(config).build()
        };
        assert_eq!(zones(&cluster(Some(true), Some(3))), Some(3));
        assert_eq!(zones(&cluster(Some(true), None)), Some(2));
        assert_eq!(zones(&cluster(Some(false), Some(3))), Some(1));
        assert_eq!(zones(&cluster(None, None)), None);
    }

    #[test]
    fn masters_that_are_turned_off_do_not_count() {
        let cluster = |enabled, count| {
            ClusterConfig::builder().set_dedicated_master_enabled(enabled).set_dedicated_master_count(count).build()
        };
        assert_eq!(masters(&cluster(Some(true), Some(3))), Some(3));
        assert_eq!(masters(&cluster(Some(false), Some(3))), Some(0));
        assert_eq!(masters(&cluster(None, None)), None);
    }
}
