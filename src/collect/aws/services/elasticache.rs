//! Amazon `ElastiCache`.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_sdk_elasticache::Client;
use aws_sdk_elasticache::types::{self as sdk, MultiAzStatus};

use super::convert::{Tags, arn, days, list, strings, time};
use super::{Fields, Listing, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{
    DESCRIBE_GLOBAL_REPLICATION_GROUPS, DESCRIBE_REPLICATION_GROUPS, DESCRIBE_SERVERLESS_CACHES, LIST_CACHE_TAGS,
};
use crate::model::types::elasticache::{GLOBAL_REPLICATION_GROUP, NODE_GROUP, REPLICATION_GROUP, SERVERLESS_CACHE};
use crate::model::{Resource, Value};
use crate::record;

/// The largest pages that the operations accept, and that of serverless caches.
const PAGE: i32 = 100;
const SERVERLESS_PAGE: i32 = 50;

/// Reads the replication groups, serverless caches and Global Datastores of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    let client = &task.clients.elasticache();
    let (groups, caches, global_groups) =
        tokio::join!(replication_groups(task, client), serverless_caches(task, client), global_groups(task, client),);
    [groups, caches, global_groups].concat()
}

async fn replication_groups(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&REPLICATION_GROUP, DESCRIBE_REPLICATION_GROUPS) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_REPLICATION_GROUPS,
        |marker| {
            let request = client.describe_replication_groups().max_records(PAGE).set_marker(marker);
            task.call(DESCRIBE_REPLICATION_GROUPS, request.send())
        },
        |page| (page.replication_groups, page.marker),
    )
    .await;
    let groups = listing.into_resources(task, &REPLICATION_GROUP, DESCRIBE_REPLICATION_GROUPS, |group| {
        let id = group.replication_group_id?;
        let mut resource = task.resource(&REPLICATION_GROUP, &id);
        resource.arn =
            group.arn.map_or_else(|| arn(task, "elasticache", &format!("replicationgroup:{id}")), Into::into);
        let global = group.global_replication_group_info.and_then(|global| global.global_replication_group_id);
        fill!(resource, REPLICATION_GROUP {
            "engine": group.engine,
            "status": group.status,
            "created": time(group.replication_group_create_time),
            "multi_az": group.multi_az.map(|multi_az| multi_az == MultiAzStatus::Enabled),
            "automatic_failover": group.automatic_failover.as_ref().map(sdk::AutomaticFailoverStatus::as_str),
            "node_groups": list(group.node_groups, node_group),
            "snapshot_retention_limit": days(group.snapshot_retention_limit),
            "snapshot_window": group.snapshot_window,
            "effective_durability": group.effective_durability.as_ref().map(sdk::EffectiveDurability::as_str),
            "global_replication_group_id": global,
        });
        Some(resource)
    });
    let wants_tags = task.wants(&REPLICATION_GROUP, LIST_CACHE_TAGS);
    complete(groups, |group| {
        let arn = Arc::clone(&group.arn);
        async move {
            if !wants_tags {
                return Fields::new();
            }
            fields!(tags(task, client, &arn).await, REPLICATION_GROUP, |tags| { "tags": tags })
        }
    })
    .await
}

fn node_group(group: sdk::NodeGroup) -> Value {
    let members = group.node_group_members.unwrap_or_default();
    // A node that is being created has no zone yet.
    let zones: BTreeSet<&str> =
        members.iter().filter_map(|member| member.preferred_availability_zone.as_deref()).collect();
    record!(NODE_GROUP {
        "id": group.node_group_id,
        "nodes": i64::try_from(members.len()).unwrap_or(i64::MAX),
        "zones": Value::list(zones.into_iter().map(Value::from)),
    })
}

async fn serverless_caches(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&SERVERLESS_CACHE, DESCRIBE_SERVERLESS_CACHES) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_SERVERLESS_CACHES,
        |token| {
            let request = client.describe_serverless_caches().max_results(SERVERLESS_PAGE).set_next_token(token);
            task.call(DESCRIBE_SERVERLESS_CACHES, request.send())
        },
        |page| (page.serverless_caches, page.next_token),
    )
    .await;
    let caches = listing.into_resources(task, &SERVERLESS_CACHE, DESCRIBE_SERVERLESS_CACHES, |cache| {
        let id = cache.serverless_cache_name?;
        let mut resource = task.resource(&SERVERLESS_CACHE, &id);
        resource.arn = cache.arn.map_or_else(|| arn(task, "elasticache", &format!("serverlesscache:{id}")), Into::into);
        fill!(resource, SERVERLESS_CACHE {
            "engine": cache.engine,
            "status": cache.status,
            "created": time(cache.create_time),
            "snapshot_retention_limit": days(cache.snapshot_retention_limit.or(Some(0))),
            "snapshot_window": cache.daily_snapshot_time,
            "effective_durability": Value::Null,
        });
        Some(resource)
    });
    let wants_tags = task.wants(&SERVERLESS_CACHE, LIST_CACHE_TAGS);
    complete(caches, |cache| {
        let arn = Arc::clone(&cache.arn);
        async move {
            if !wants_tags {
                return Fields::new();
            }
            fields!(tags(task, client, &arn).await, SERVERLESS_CACHE, |tags| { "tags": tags })
        }
    })
    .await
}

async fn tags(task: &Task, client: &Client, arn: &str) -> Result<Tags, Arc<crate::model::Unknown>> {
    let request = client.list_tags_for_resource().resource_name(arn).send();
    let answer = task.call(LIST_CACHE_TAGS, request).await;
    let tags = Listing::whole(answer.map(|answer| answer.tag_list)).complete()?;
    Ok(Tags::new(tags.into_iter().map(|tag| (tag.key, tag.value))))
}

async fn global_groups(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&GLOBAL_REPLICATION_GROUP, DESCRIBE_GLOBAL_REPLICATION_GROUPS) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_GLOBAL_REPLICATION_GROUPS,
        |marker| {
            let request = client.describe_global_replication_groups().show_member_info(true).max_records(PAGE);
            task.call(DESCRIBE_GLOBAL_REPLICATION_GROUPS, request.set_marker(marker).send())
        },
        |page| (page.global_replication_groups, page.marker),
    )
    .await;
    listing.into_resources(task, &GLOBAL_REPLICATION_GROUP, DESCRIBE_GLOBAL_REPLICATION_GROUPS, |group| {
        let id = group.global_replication_group_id?;
        let mut resource = task.resource(&GLOBAL_REPLICATION_GROUP, &id);
        resource.arn = group.arn.unwrap_or_default().into();
        fill!(resource, GLOBAL_REPLICATION_GROUP {
            "status": group.status,
            "member_regions": member_regions(group.members),
        });
        Some(resource)
    })
}

/// The Regions of the members, the primary's first and the others as AWS orders them.
fn member_regions(members: Option<Vec<sdk::GlobalReplicationGroupMember>>) -> Value {
    let mut members = members.unwrap_or_default();
    let is_primary = |role: &str| role.eq_ignore_ascii_case("primary");
    members.sort_by_key(|member| !member.role.as_deref().is_some_and(is_primary));
    strings(Some(members.into_iter().filter_map(|member| member.replication_group_region).collect()))
}

#[cfg(test)]
mod tests {
    use aws_sdk_elasticache::types::{GlobalReplicationGroupMember, NodeGroup, NodeGroupMember};

    use super::*;

    #[test]
    fn a_shard_spans_the_zones_that_its_nodes_are_in() {
        let node = |zone: Option<&str>| {
            NodeGroupMember::builder().set_preferred_availability_zone(zone.map(str::to_owned)).build()
        };
        let nodes = [Some("ap-northeast-1c"), None, Some("ap-northeast-1a"), Some("ap-northeast-1c")].map(node);
        let shard = NodeGroup::builder().node_group_id("0001").set_node_group_members(Some(nodes.to_vec())).build();
        let expected = record!(NODE_GROUP {
            "id": "0001",
            "nodes": 4,
            "zones": Value::list(["ap-northeast-1a", "ap-northeast-1c"].map(Value::from)),
        });
        assert_eq!(node_group(shard), expected);
    }

    #[test]
    fn the_primary_of_a_global_datastore_comes_first() {
        let member = |region: &str, role: &str| {
            GlobalReplicationGroupMember::builder().replication_group_region(region).role(role).build()
        };
        let members = vec![member("ap-northeast-3", "SECONDARY"), member("ap-northeast-1", "PRIMARY")];
        assert_eq!(member_regions(Some(members)), Value::list(["ap-northeast-1", "ap-northeast-3"].map(Value::from)));
    }
}
