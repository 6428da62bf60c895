//! Amazon EFS.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_efs::Client;
use aws_sdk_efs::operation::describe_backup_policy::DescribeBackupPolicyOutput;
use aws_sdk_efs::operation::describe_replication_configurations::DescribeReplicationConfigurationsOutput;
use aws_sdk_efs::types as sdk;

use super::convert::{Tags, arn, time};
use super::{Fields, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{
    DESCRIBE_BACKUP_POLICY, DESCRIBE_FILE_SYSTEMS, DESCRIBE_MOUNT_TARGETS, DESCRIBE_REPLICATION_CONFIGURATIONS,
};
use crate::model::types::efs::{FILE_SYSTEM, REPLICA};
use crate::model::{Resource, Unknown, Value};
use crate::record;

/// The page size that all the operations accept.
const PAGE: i32 = 100;

/// Reads the file systems of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&FILE_SYSTEM, DESCRIBE_FILE_SYSTEMS) {
        return Vec::new();
    }
    let client = &task.clients.efs();
    let (mut listing, replicas) = tokio::join!(
        pages(
            DESCRIBE_FILE_SYSTEMS,
            |marker| {
                let request = client.describe_file_systems().max_items(PAGE).set_marker(marker);
                task.call(DESCRIBE_FILE_SYSTEMS, request.send())
            },
            |page| (page.file_systems, page.next_marker),
        ),
        replicas(task, client),
    );
    listing.items.retain(|system| {
        !matches!(system.life_cycle_state, sdk::LifeCycleState::Deleting | sdk::LifeCycleState::Deleted)
    });
    let systems = listing.into_resources(task, &FILE_SYSTEM, DESCRIBE_FILE_SYSTEMS, |system| {
        let id = system.file_system_id;
        let mut resource = task.resource(&FILE_SYSTEM, &id);
        resource.arn = system
            .file_system_arn
            .map_or_else(|| arn(task, "elasticfilesystem", &format!("file-system/{id}")), Into::into);
        let tags = Tags::new(system.tags.into_iter().map(|tag| (Some(tag.key), Some(tag.value))));
        if let Some(name) = tags.name() {
            resource.name = name;
        }
        let protection = system.file_system_protection.and_then(|it| it.replication_overwrite_protection);
        fill!(resource, FILE_SYSTEM {
            "tags": tags,
            "life_cycle_state": system.life_cycle_state.as_str(),
            "availability_zone_id": system.availability_zone_id.or(system.availability_zone_name),
            "number_of_mount_targets": system.number_of_mount_targets,
            "replication_overwrite_protection":
                protection.as_ref().map(sdk::ReplicationOverwriteProtection::as_str),
            "kms_key_id": system.kms_key_id,
        });
        match &replicas {
            None => {}
            Some(Ok(replicas)) => {
                let replicas = replicas.get(&id).cloned().unwrap_or_default();
                fill!(resource, FILE_SYSTEM { "replicas": Value::list(replicas) });
            }
            Some(Err(unknown)) => fill!(resource, FILE_SYSTEM { "replicas": Arc::clone(unknown) }),
        }
        Some(resource)
    });
    complete(systems, |resource| details(task, client, Arc::clone(&resource.id))).await
}

/// The replicas by source file system.
type Replicas = HashMap<String, Vec<Value>>;

/// Reads all replications of the Region at once; none when nobody wants them.
async fn replicas(task: &Task, client: &Client) -> Option<Result<Replicas, Arc<Unknown>>> {
    if !task.wants(&FILE_SYSTEM, DESCRIBE_REPLICATION_CONFIGURATIONS) {
        return None;
    }
    let listing = pages(
        DESCRIBE_REPLICATION_CONFIGURATIONS,
        |token| {
            let request = client.describe_replication_configurations().max_results(PAGE).set_next_token(token);
            task.call_unless(DESCRIBE_REPLICATION_CONFIGURATIONS, request.send(), |error| {
                let none = || DescribeReplicationConfigurationsOutput::builder().build();
                error.is_replication_not_found().then(none)
            })
        },
        |page| (page.replications, page.next_token),
    )
    .await;
    Some(listing.complete().map(|replications| {
        let mut replicas = Replicas::new();
        for replication in replications {
            let destinations = replication.destinations.into_iter().map(replica);
            replicas.entry(replication.source_file_system_id).or_default().extend(destinations);
        }
        replicas
    }))
}

fn replica(destination: sdk::Destination) -> Value {
    record!(REPLICA {
        "file_system_id": destination.file_system_id,
        "region": destination.region,
        "owner_id": destination.owner_id,
        "status": destination.status.as_str(),
        "last_replicated": time(destination.last_replicated_timestamp),
    })
}

/// Reads what is asked of each file system alone.
async fn details(task: &Task, client: &Client, id: Arc<str>) -> Fields {
    let (zones, policy) = tokio::join!(
        async {
            if task.wants(&FILE_SYSTEM, DESCRIBE_MOUNT_TARGETS) {
                mount_targets(task, client, &id).await
            } else {
                Fields::new()
            }
        },
        async {
            if task.wants(&FILE_SYSTEM, DESCRIBE_BACKUP_POLICY) {
                backup_policy(task, client, &id).await
            } else {
                Fields::new()
            }
        },
    );
    [zones, policy].concat()
}

async fn mount_targets(task: &Task, client: &Client, id: &str) -> Fields {
    let listing = pages(
        DESCRIBE_MOUNT_TARGETS,
        |marker| {
            let request = client.describe_mount_targets().file_system_id(id).max_items(PAGE).set_marker(marker);
            task.call(DESCRIBE_MOUNT_TARGETS, request.send())
        },
        |page| (page.mount_targets, page.next_marker),
    )
    .await;
    fields!(listing.complete(), FILE_SYSTEM, |targets| { "mount_target_zones": zones(targets) })
}

/// The zones in which the file system can be mounted now.
fn zones(targets: Vec<sdk::MountTargetDescription>) -> Value {
    let available = targets.into_iter().filter(|target| target.life_cycle_state == sdk::LifeCycleState::Available);
    let mut zones: Vec<String> = available.filter_map(|target| target.availability_zone_id).collect();
    zones.sort_unstable();
    zones.dedup();
    Value::list(zones.into_iter().map(Value::from))
}

async fn backup_policy(task: &Task, client: &Client, id: &str) -> Fields {
    let request = client.describe_backup_policy().file_system_id(id).send();
    // A file system that was created without the setting has no policy.
    let answer = task
        .call_unless(DESCRIBE_BACKUP_POLICY, request, |error| {
            error.is_policy_not_found().then(|| DescribeBackupPolicyOutput::builder().build())
        })
        .await;
    fields!(answer, FILE_SYSTEM, |answer| {
        "backup_policy": answer.backup_policy.as_ref().map_or("DISABLED", |policy| policy.status.as_str()),
    })
}
