//! AWS Secrets Manager.

use std::sync::Arc;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::types as sdk;

use super::convert::{Tags, list};
use super::{Fields, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::model::Resource;
use crate::model::operation::{DESCRIBE_SECRET, LIST_SECRETS};
use crate::model::types::secretsmanager::{SECRET, SECRET_REPLICA};
use crate::record;

/// The largest page that the operation accepts.
const PAGE: i32 = 100;

/// Reads the secrets of a Region, without those that are scheduled for deletion.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&SECRET, LIST_SECRETS) {
        return Vec::new();
    }
    let client = &task.clients.secretsmanager();
    let listing = pages(
        LIST_SECRETS,
        |token| task.call(LIST_SECRETS, client.list_secrets().max_results(PAGE).set_next_token(token).send()),
        |page| (page.secret_list, page.next_token),
    )
    .await;
    let secrets = listing.into_resources(task, &SECRET, LIST_SECRETS, |secret| {
        let arn = secret.arn?;
        let mut resource = task.resource(&SECRET, &secret.name?);
        resource.arn = arn.into();
        let tags = secret.tags.unwrap_or_default();
        fill!(resource, SECRET {
            "tags": Tags::new(tags.into_iter().map(|tag| (tag.key, tag.value))),
            "kms_key_id": secret.kms_key_id.filter(|key| !key.is_empty()),
            "primary_region": secret.primary_region,
            "owning_service": secret.owning_service.filter(|service| !service.is_empty()),
        });
        Some(resource)
    });
    complete(secrets, |secret| replicas(task, client, Arc::clone(&secret.arn))).await
}

async fn replicas(task: &Task, client: &Client, arn: Arc<str>) -> Fields {
    if !task.wants(&SECRET, DESCRIBE_SECRET) {
        return Fields::new();
    }
    let answer = task.call(DESCRIBE_SECRET, client.describe_secret().secret_id(&*arn).send());
    fields!(answer.await, SECRET, |secret| {
        "replicas": list(secret.replication_status, |replica| record!(SECRET_REPLICA {
            "region": replica.region,
            "status": replica.status.as_ref().map(sdk::StatusType::as_str),
            "status_message": replica.status_message,
            "kms_key_id": replica.kms_key_id.filter(|key| !key.is_empty()),
        })),
    })
}
