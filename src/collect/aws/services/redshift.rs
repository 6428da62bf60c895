//! Amazon Redshift.

use aws_sdk_redshift::Client;

use super::convert::{Tags, arn, days, strings, time, unheld};
use super::{fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{DESCRIBE_REDSHIFT_CLUSTERS, DESCRIBE_SNAPSHOT_SCHEDULES};
use crate::model::types::redshift::{CLUSTER, SNAPSHOT_SCHEDULE};
use crate::model::{Resource, Value};

/// The largest pages that the operations accept.
const PAGE: i32 = 100;

/// Reads the provisioned clusters and the snapshot schedules of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    let client = &task.clients.redshift();
    let (clusters, schedules) = tokio::join!(clusters(task, client), schedules(task, client));
    [clusters, schedules].concat()
}

async fn schedules(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&SNAPSHOT_SCHEDULE, DESCRIBE_SNAPSHOT_SCHEDULES) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_SNAPSHOT_SCHEDULES,
        |marker| {
            let request = client.describe_snapshot_schedules().max_records(PAGE).set_marker(marker);
            task.call(DESCRIBE_SNAPSHOT_SCHEDULES, request.send())
        },
        |page| (page.snapshot_schedules, page.marker),
    )
    .await;
    listing.into_resources(task, &SNAPSHOT_SCHEDULE, DESCRIBE_SNAPSHOT_SCHEDULES, |schedule| {
        let id = schedule.schedule_identifier?;
        let mut resource = task.resource(&SNAPSHOT_SCHEDULE, &id);
        resource.arn = arn(task, "redshift", &format!("snapshotschedule:{id}"));
        fill!(resource, SNAPSHOT_SCHEDULE { "definitions": strings(schedule.schedule_definitions) });
        Some(resource)
    })
}

async fn clusters(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&CLUSTER, DESCRIBE_REDSHIFT_CLUSTERS) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_REDSHIFT_CLUSTERS,
        |marker| {
            let request = client.describe_clusters().max_records(PAGE).set_marker(marker);
            task.call(DESCRIBE_REDSHIFT_CLUSTERS, request.send())
        },
        |page| (page.clusters, page.marker),
    )
    .await;
    listing.into_resources(task, &CLUSTER, DESCRIBE_REDSHIFT_CLUSTERS, |cluster| {
        let id = cluster.cluster_identifier?;
        let mut resource = task.resource(&CLUSTER, &id);
        // The answer has the ARN of the namespace only, and AWS Backup knows the cluster by its own.
        resource.arn = arn(task, "redshift", &format!("cluster:{id}"));
        let tags = cluster.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value));
        let copies = cluster.cluster_snapshot_copy_status;
        fill!(resource, CLUSTER {
            "tags": Tags::new(tags),
            "status": cluster.cluster_status,
            "created": time(cluster.cluster_create_time),
            "node_type": cluster.node_type,
            "number_of_nodes": cluster.number_of_nodes,
            "multi_az": multi_az(cluster.multi_az.as_deref()),
            "availability_zone": cluster.availability_zone,
            "automated_snapshot_retention_period": days(cluster.automated_snapshot_retention_period),
            "snapshot_schedule_identifier": cluster.snapshot_schedule_identifier,
            "snapshot_copy_region": copies.as_ref().and_then(|copies| copies.destination_region.as_deref()),
            "snapshot_copy_retention": days(copies.and_then(|copies| copies.retention_period)),
            "kms_key_id": cluster.kms_key_id,
        });
        Some(resource)
    })
}

/// Whether a cluster is Multi-AZ, which the API says in a word; clusters that cannot be may leave it out.
fn multi_az(word: Option<&str>) -> Value {
    match word.map(str::to_ascii_lowercase).as_deref() {
        Some("enabled" | "true") => Value::Bool(true),
        None | Some("disabled" | "false") => Value::Bool(false),
        Some(other) => unheld(DESCRIBE_REDSHIFT_CLUSTERS, &format!("MultiAZ is {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multi_az_is_a_word() {
        assert_eq!(multi_az(Some("Enabled")), Value::Bool(true));
        assert_eq!(multi_az(Some("Disabled")), Value::Bool(false));
        assert_eq!(multi_az(None), Value::Bool(false));
        assert!(multi_az(Some("modifying")).as_unknown().is_some());
    }
}
