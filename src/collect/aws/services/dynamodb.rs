//! Amazon DynamoDB.

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{self as sdk, PointInTimeRecoveryStatus};

use super::convert::{Tags, arn, days, list, strings, time};
use super::{Fields, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{
    DESCRIBE_CONTINUOUS_BACKUPS, DESCRIBE_TABLE, LIST_GLOBAL_TABLES, LIST_TABLES, LIST_TAGS_OF_RESOURCE,
};
use crate::model::types::dynamodb::{LEGACY_GLOBAL_TABLE, REPLICA, TABLE};
use crate::model::{Resource, Value};
use crate::record;

/// The largest pages that the operations accept.
const PAGE: i32 = 100;

/// How far PITR reaches back unless somebody shortens it.
const DEFAULT_RECOVERY_DAYS: i32 = 35;

/// Reads the tables of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    let client = &task.clients.dynamodb();
    let (tables, global_tables) = tokio::join!(tables(task, client), legacy_global_tables(task, client));
    [tables, global_tables].concat()
}

async fn tables(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&TABLE, LIST_TABLES) {
        return Vec::new();
    }
    let listing = pages(
        LIST_TABLES,
        |last| {
            let request = client.list_tables().limit(PAGE).set_exclusive_start_table_name(last);
            task.call(LIST_TABLES, request.send())
        },
        |page| (page.table_names, page.last_evaluated_table_name),
    )
    .await;
    let tables = listing.into_resources(task, &TABLE, LIST_TABLES, |name| {
        let mut resource = task.resource(&TABLE, &name);
        resource.arn = arn(task, "dynamodb", &format!("table/{name}"));
        Some(resource)
    });
    complete(tables, |table| read(task, client, Arc::clone(&table.id), Arc::clone(&table.arn))).await
}

/// Global tables of version 2017.11.29. Those of today have no list: every replica names the others.
async fn legacy_global_tables(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&LEGACY_GLOBAL_TABLE, LIST_GLOBAL_TABLES) {
        return Vec::new();
    }
    let listing = pages(
        LIST_GLOBAL_TABLES,
        |last| {
            let request = client.list_global_tables().region_name(&*task.key.region).limit(PAGE);
            task.call(LIST_GLOBAL_TABLES, request.set_exclusive_start_global_table_name(last).send())
        },
        |page| (page.global_tables, page.last_evaluated_global_table_name),
    )
    .await;
    listing.into_resources(task, &LEGACY_GLOBAL_TABLE, LIST_GLOBAL_TABLES, |table| {
        let mut resource = task.resource(&LEGACY_GLOBAL_TABLE, &table.global_table_name?);
        let regions = table.replication_group.unwrap_or_default().into_iter().filter_map(|replica| replica.region_name);
        fill!(resource, LEGACY_GLOBAL_TABLE { "regions": strings(Some(regions.collect())) });
        Some(resource)
    })
}

/// Reads what is wanted of one table.
async fn read(task: &Task, client: &Client, name: Arc<str>, arn: Arc<str>) -> Fields {
    let (description, backups, tags) = tokio::join!(
        description(task, client, &name),
        continuous_backups(task, client, &name),
        tags(task, client, &arn),
    );
    [description, backups, tags].concat()
}

async fn description(task: &Task, client: &Client, name: &str) -> Fields {
    if !task.wants(&TABLE, DESCRIBE_TABLE) {
        return Fields::new();
    }
    let answer = task.call(DESCRIBE_TABLE, client.describe_table().table_name(name).send()).await;
    let table = answer.and_then(|answer| {
        answer.table.ok_or_else(|| super::convert::unusable(DESCRIBE_TABLE, "the answer describes no table"))
    });
    fields!(table, TABLE, |table| {
        "status": table.table_status.as_ref().map(sdk::TableStatus::as_str),
        "created": time(table.creation_date_time),
        "replicas": list(table.replicas, replica),
        "multi_region_consistency": table.multi_region_consistency.as_ref().map(sdk::MultiRegionConsistency::as_str),
        "deletion_protection": table.deletion_protection_enabled,
        "kms_key_id": table.sse_description.and_then(|encryption| encryption.kms_master_key_arn),
    })
}

fn replica(replica: sdk::ReplicaDescription) -> Value {
    record!(REPLICA {
        "region": replica.region_name,
        "arn": replica.replica_arn,
        "status": replica.replica_status.as_ref().map(sdk::ReplicaStatus::as_str),
    })
}

async fn continuous_backups(task: &Task, client: &Client, name: &str) -> Fields {
    if !task.wants(&TABLE, DESCRIBE_CONTINUOUS_BACKUPS) {
        return Fields::new();
    }
    let request = client.describe_continuous_backups().table_name(name).send();
    let answer = task.call(DESCRIBE_CONTINUOUS_BACKUPS, request).await;
    let recovery = answer.map(|answer| {
        let description = answer.continuous_backups_description;
        description.and_then(|backups| backups.point_in_time_recovery_description)
    });
    fields!(recovery.map(PointInTimeRecovery::from), TABLE, |recovery| {
        "point_in_time_recovery": recovery.is_enabled,
        "recovery_period": days(Some(recovery.days)),
        "earliest_restorable_time": time(recovery.earliest),
        "latest_restorable_time": time(recovery.latest),
    })
}

/// What an answer says of PITR.
struct PointInTimeRecovery {
    is_enabled: bool,
    days: i32,
    earliest: Option<aws_smithy_types::DateTime>,
    latest: Option<aws_smithy_types::DateTime>,
}

impl From<Option<sdk::PointInTimeRecoveryDescription>> for PointInTimeRecovery {
    fn from(recovery: Option<sdk::PointInTimeRecoveryDescription>) -> Self {
        let is_enabled = recovery.as_ref().and_then(|recovery| recovery.point_in_time_recovery_status.as_ref())
            == Some(&PointInTimeRecoveryStatus::Enabled);
        let days = recovery.as_ref().and_then(|recovery| recovery.recovery_period_in_days);
        // A table that PITR was turned off for keeps its times; there is nothing to go back to all the same.
        let recovery = recovery.filter(|_| is_enabled);
        Self {
            is_enabled,
            days: if is_enabled { days.unwrap_or(DEFAULT_RECOVERY_DAYS) } else { 0 },
            earliest: recovery.as_ref().and_then(|recovery| recovery.earliest_restorable_date_time),
            latest: recovery.and_then(|recovery| recovery.latest_restorable_date_time),
        }
    }
}

async fn tags(task: &Task, client: &Client, arn: &str) -> Fields {
    if !task.wants(&TABLE, LIST_TAGS_OF_RESOURCE) {
        return Fields::new();
    }
    let listing = pages(
        LIST_TAGS_OF_RESOURCE,
        |token| {
            let request = client.list_tags_of_resource().resource_arn(arn).set_next_token(token);
            task.call(LIST_TAGS_OF_RESOURCE, request.send())
        },
        |page| (page.tags, page.next_token),
    )
    .await;
    fields!(listing.complete(), TABLE, |tags| {
        "tags": Tags::new(tags.into_iter().map(|tag| (Some(tag.key), Some(tag.value)))),
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::PointInTimeRecoveryDescription;

    use super::*;

    #[test]
    fn pitr_reaches_back_as_far_as_it_says_or_35_days() {
        let recovery = |status: Option<PointInTimeRecoveryStatus>, days: Option<i32>| {
            let description = PointInTimeRecoveryDescription::builder()
                .set_point_in_time_recovery_status(status)
                .set_recovery_period_in_days(days)
                .build();
            let recovery = PointInTimeRecovery::from(Some(description));
            (recovery.is_enabled, recovery.days)
        };
        assert_eq!(recovery(Some(PointInTimeRecoveryStatus::Enabled), Some(7)), (true, 7));
        assert_eq!(recovery(Some(PointInTimeRecoveryStatus::Enabled), None), (true, 35));
        assert_eq!(recovery(Some(PointInTimeRecoveryStatus::Disabled), Some(7)), (false, 0));
        assert!(!PointInTimeRecovery::from(None).is_enabled);
    }
}
