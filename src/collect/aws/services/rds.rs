//! Amazon RDS and Aurora.

use aws_sdk_rds::Client;
use aws_sdk_rds::types as sdk;

use super::convert::{Arn, Tags, arn, days, list, partition, strings, time};
use super::{fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{
    DESCRIBE_DB_CLUSTER_SNAPSHOTS, DESCRIBE_DB_CLUSTERS, DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS, DESCRIBE_DB_INSTANCES,
    DESCRIBE_DB_SNAPSHOTS, DESCRIBE_GLOBAL_CLUSTERS,
};
use crate::model::types::rds::{
    AUTOMATED_BACKUP, CLUSTER_MEMBER, DB_CLUSTER, DB_CLUSTER_SNAPSHOT, DB_INSTANCE, DB_SNAPSHOT, GLOBAL_CLUSTER,
    GLOBAL_MEMBER,
};
use crate::model::{Resource, Seconds, Value};
use crate::record;

/// The largest pages that the operations accept.
const PAGE: i32 = 100;

/// Reads the instances, clusters, global clusters and backups of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    let client = &task.clients.rds();
    let (instances, clusters, global_clusters, snapshots, cluster_snapshots, automated_backups) = tokio::join!(
        instances(task, client),
        clusters(task, client),
        global_clusters(task, client),
        snapshots(task, client),
        cluster_snapshots(task, client),
        automated_backups(task, client),
    );
    [instances, clusters, global_clusters, snapshots, cluster_snapshots, automated_backups].concat()
}

async fn instances(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&DB_INSTANCE, DESCRIBE_DB_INSTANCES) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_DB_INSTANCES,
        |marker| {
            let request = client.describe_db_instances().max_records(PAGE).set_marker(marker);
            task.call(DESCRIBE_DB_INSTANCES, request.send())
        },
        |page| (page.db_instances, page.marker),
    )
    .await;
    listing.into_resources(task, &DB_INSTANCE, DESCRIBE_DB_INSTANCES, |instance| {
        let id = instance.db_instance_identifier?;
        let mut resource = task.resource(&DB_INSTANCE, &id);
        resource.arn = instance.db_instance_arn.map_or_else(|| arn(task, "rds", &format!("db:{id}")), Into::into);
        let source = instance.read_replica_source_db_instance_identifier;
        // An instance can have whole clusters for replicas: Aurora, while a database moves there.
        let mut replicas = instance.read_replica_db_instance_identifiers.unwrap_or_default();
        replicas.extend(instance.read_replica_db_cluster_identifiers.unwrap_or_default());
        fill!(resource, DB_INSTANCE {
            "tags": tags(instance.tag_list),
            "dbi_resource_id": instance.dbi_resource_id,
            "engine": instance.engine,
            "status": instance.db_instance_status,
            "created": time(instance.instance_create_time),
            "db_cluster_identifier": instance.db_cluster_identifier,
            "multi_az": instance.multi_az,
            "availability_zone": instance.availability_zone,
            "secondary_availability_zone": instance.secondary_availability_zone,
            "backup_retention_period": days(instance.backup_retention_period),
            "preferred_backup_window": instance.preferred_backup_window,
            "latest_restorable_time": time(instance.latest_restorable_time),
            "read_replica_source": source.or(instance.read_replica_source_db_cluster_identifier),
            "read_replicas": strings(Some(replicas)),
            "deletion_protection": instance.deletion_protection,
            "kms_key_id": instance.kms_key_id,
            "publicly_accessible": instance.publicly_accessible,
        });
        Some(resource)
    })
}

async fn clusters(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&DB_CLUSTER, DESCRIBE_DB_CLUSTERS) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_DB_CLUSTERS,
        |marker| {
            let request = client.describe_db_clusters().max_records(PAGE).set_marker(marker);
            task.call(DESCRIBE_DB_CLUSTERS, request.send())
        },
        |page| (page.db_clusters, page.marker),
    )
    .await;
    listing.into_resources(task, &DB_CLUSTER, DESCRIBE_DB_CLUSTERS, |cluster| {
        let id = cluster.db_cluster_identifier?;
        let mut resource = task.resource(&DB_CLUSTER, &id);
        resource.arn = cluster.db_cluster_arn.map_or_else(|| arn(task, "rds", &format!("cluster:{id}")), Into::into);
        fill!(resource, DB_CLUSTER {
            "tags": tags(cluster.tag_list),
            "engine": cluster.engine,
            "engine_mode": cluster.engine_mode,
            "status": cluster.status,
            "multi_az": cluster.multi_az,
            "members": list(cluster.db_cluster_members, |member| record!(CLUSTER_MEMBER {
                "db_instance_identifier": member.db_instance_identifier,
                "is_writer": member.is_cluster_writer,
                "promotion_tier": member.promotion_tier,
            })),
            "backup_retention_period": days(cluster.backup_retention_period),
            "earliest_restorable_time": time(cluster.earliest_restorable_time),
            "latest_restorable_time": time(cluster.latest_restorable_time),
            "backtrack_window": cluster.backtrack_window.filter(|seconds| *seconds > 0).map(Seconds),
            "deletion_protection": cluster.deletion_protection,
            "kms_key_id": cluster.kms_key_id,
            "global_cluster_identifier": cluster.global_cluster_identifier.filter(|id| !id.is_empty()),
            "read_replicas": strings(cluster.read_replica_identifiers),
        });
        Some(resource)
    })
}

async fn global_clusters(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&GLOBAL_CLUSTER, DESCRIBE_GLOBAL_CLUSTERS) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_GLOBAL_CLUSTERS,
        |marker| {
            let request = client.describe_global_clusters().max_records(PAGE).set_marker(marker);
            task.call(DESCRIBE_GLOBAL_CLUSTERS, request.send())
        },
        |page| (page.global_clusters, page.marker),
    )
    .await;
    listing.into_resources(task, &GLOBAL_CLUSTER, DESCRIBE_GLOBAL_CLUSTERS, |cluster| {
        let id = cluster.global_cluster_identifier?;
        let mut resource = task.resource(&GLOBAL_CLUSTER, &id);
        resource.arn = cluster.global_cluster_arn.map_or_else(
            || {
                let (partition, account) = (partition(&task.key.region), &task.key.account);
                format!("arn:{partition}:rds::{account}:global-cluster:{id}").into()
            },
            Into::into,
        );
        fill!(resource, GLOBAL_CLUSTER {
            "status": cluster.status,
            "members": members(cluster.global_cluster_members),
            "deletion_protection": cluster.deletion_protection,
        });
        Some(resource)
    })
}

/// The clusters of a global cluster, the writer's first and the others as AWS orders them.
fn members(members: Option<Vec<sdk::GlobalClusterMember>>) -> Value {
    let mut members = members.unwrap_or_default();
    members.sort_by_key(|member| member.is_writer != Some(true));
    list(Some(members), |member| {
        record!(GLOBAL_MEMBER {
            "region": member.db_cluster_arn.as_deref().and_then(Arn::parse).map(|arn| arn.region),
            "arn": member.db_cluster_arn,
            "is_writer": member.is_writer,
            "synchronization_status":
                member.synchronization_status.as_ref().map(sdk::GlobalClusterMemberSynchronizationStatus::as_str),
        })
    })
}

async fn snapshots(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&DB_SNAPSHOT, DESCRIBE_DB_SNAPSHOTS) {
        return Vec::new();
    }
    // Without a type the answer holds every snapshot of the account, also those of AWS Backup, and no shared one.
    let listing = pages(
        DESCRIBE_DB_SNAPSHOTS,
        |marker| {
            let request = client.describe_db_snapshots().max_records(PAGE).set_marker(marker);
            task.call(DESCRIBE_DB_SNAPSHOTS, request.send())
        },
        |page| (page.db_snapshots, page.marker),
    )
    .await;
    listing.into_resources(task, &DB_SNAPSHOT, DESCRIBE_DB_SNAPSHOTS, |snapshot| {
        let id = snapshot.db_snapshot_identifier?;
        let mut resource = task.resource(&DB_SNAPSHOT, &id);
        resource.arn = snapshot.db_snapshot_arn.map_or_else(|| arn(task, "rds", &format!("snapshot:{id}")), Into::into);
        fill!(resource, DB_SNAPSHOT {
            "db_instance_identifier": snapshot.db_instance_identifier,
            // A copy is as old as the data in it, not as the copy.
            "created": time(snapshot.original_snapshot_create_time.or(snapshot.snapshot_create_time)),
            "status": snapshot.status,
            "snapshot_type": snapshot.snapshot_type,
            "source_region": snapshot.source_region,
        });
        Some(resource)
    })
}

async fn cluster_snapshots(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&DB_CLUSTER_SNAPSHOT, DESCRIBE_DB_CLUSTER_SNAPSHOTS) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_DB_CLUSTER_SNAPSHOTS,
        |marker| {
            let request = client.describe_db_cluster_snapshots().max_records(PAGE).set_marker(marker);
            task.call(DESCRIBE_DB_CLUSTER_SNAPSHOTS, request.send())
        },
        |page| (page.db_cluster_snapshots, page.marker),
    )
    .await;
    listing.into_resources(task, &DB_CLUSTER_SNAPSHOT, DESCRIBE_DB_CLUSTER_SNAPSHOTS, |snapshot| {
        let id = snapshot.db_cluster_snapshot_identifier?;
        let mut resource = task.resource(&DB_CLUSTER_SNAPSHOT, &id);
        resource.arn = snapshot
            .db_cluster_snapshot_arn
            .map_or_else(|| arn(task, "rds", &format!("cluster-snapshot:{id}")), Into::into);
        fill!(resource, DB_CLUSTER_SNAPSHOT {
            "db_cluster_identifier": snapshot.db_cluster_identifier,
            "created": time(snapshot.snapshot_create_time),
            "status": snapshot.status,
            "snapshot_type": snapshot.snapshot_type,
            "source_arn": snapshot.source_db_cluster_snapshot_arn,
        });
        Some(resource)
    })
}

async fn automated_backups(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&AUTOMATED_BACKUP, DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS,
        |marker| {
            let request = client.describe_db_instance_automated_backups().max_records(PAGE).set_marker(marker);
            task.call(DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS, request.send())
        },
        |page| (page.db_instance_automated_backups, page.marker),
    )
    .await;
    listing.into_resources(task, &AUTOMATED_BACKUP, DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS, |backup| {
        // Names of instances come back once a deleted instance keeps its backups, so the ARN tells them apart.
        let id = backup
            .db_instance_automated_backups_arn
            .clone()
            .or_else(|| backup.dbi_resource_id.clone())
            .or_else(|| backup.db_instance_identifier.clone())?;
        let mut resource = task.resource(&AUTOMATED_BACKUP, &id);
        resource.arn = backup.db_instance_automated_backups_arn.unwrap_or_default().into();
        if let Some(name) = backup.db_instance_identifier {
            resource.name = name.into();
        }
        let window = backup.restore_window;
        fill!(resource, AUTOMATED_BACKUP {
            "db_instance_arn": backup.db_instance_arn,
            "source_region": backup.region,
            "status": backup.status,
            "earliest_restorable_time": time(window.as_ref().and_then(|window| window.earliest_time)),
            "latest_restorable_time": time(window.and_then(|window| window.latest_time)),
            "backup_retention_period": days(backup.backup_retention_period),
        });
        Some(resource)
    })
}

fn tags(tags: Option<Vec<sdk::Tag>>) -> Tags {
    Tags::new(tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)))
}

#[cfg(test)]
mod tests {
    use aws_sdk_rds::types::GlobalClusterMember;

    use super::*;
    use crate::slot;

    #[test]
    fn the_writer_of_a_global_cluster_comes_first() {
        let member = |arn: &str, writer| GlobalClusterMember::builder().db_cluster_arn(arn).is_writer(writer).build();
        let sorted = members(Some(vec![member("b", false), member("c", true), member("a", false)]));
        let arn = |member: &Value| member.as_record().unwrap()[slot!(GLOBAL_MEMBER, "arn")].clone();
        assert_eq!(sorted.as_list().unwrap().iter().map(arn).collect::<Vec<_>>(), ["c", "b", "a"].map(Value::from));
        assert_eq!(members(None), Value::list([]));
    }
}
