//! Amazon `MemoryDB`.

use std::sync::Arc;

use aws_sdk_memorydb::Client;

use super::convert::{Tags, arn, days};
use super::{Fields, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::model::Resource;
use crate::model::operation::{DESCRIBE_MEMORYDB_CLUSTERS, LIST_MEMORYDB_TAGS};
use crate::model::types::memorydb::CLUSTER;

/// The largest pages that the operation accepts.
const PAGE: i32 = 50;

/// Reads the clusters of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&CLUSTER, DESCRIBE_MEMORYDB_CLUSTERS) {
        return Vec::new();
    }
    let client = &task.clients.memorydb();
    let listing = pages(
        DESCRIBE_MEMORYDB_CLUSTERS,
        |token| {
            let request = client.describe_clusters().max_results(PAGE).set_next_token(token);
            task.call(DESCRIBE_MEMORYDB_CLUSTERS, request.send())
        },
        |page| (page.clusters, page.next_token),
    )
    .await;
    let clusters = listing.into_resources(task, &CLUSTER, DESCRIBE_MEMORYDB_CLUSTERS, |cluster| {
        let name = cluster.name?;
        let mut resource = task.resource(&CLUSTER, &name);
        resource.arn = cluster.arn.map_or_else(|| arn(task, "memorydb", &format!("cluster/{name}")), Into::into);
        fill!(resource, CLUSTER {
            "engine": cluster.engine,
            "status": cluster.status,
            // The service model has `multiaz`; whatever the case, the word is the same.
            "availability_mode": cluster.availability_mode.map(|mode| mode.as_str().to_ascii_lowercase()),
            "number_of_shards": cluster.number_of_shards,
            "snapshot_retention_limit": days(cluster.snapshot_retention_limit),
            "multi_region_cluster_name": cluster.multi_region_cluster_name,
        });
        Some(resource)
    });
    complete(clusters, |cluster| tags(task, client, Arc::clone(&cluster.arn))).await
}

async fn tags(task: &Task, client: &Client, arn: Arc<str>) -> Fields {
    if !task.wants(&CLUSTER, LIST_MEMORYDB_TAGS) {
        return Fields::new();
    }
    let answer = task.call(LIST_MEMORYDB_TAGS, client.list_tags().resource_arn(&*arn).send()).await;
    fields!(answer, CLUSTER, |answer| {
        "tags": Tags::new(answer.tag_list.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value))),
    })
}
