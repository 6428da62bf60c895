//! Amazon ECR, private registries.

use std::sync::Arc;

use aws_sdk_ecr::Client;
use aws_sdk_ecr::types as sdk;

use super::convert::{Tags, arn, list, strings, time};
use super::{Fields, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{DESCRIBE_REGISTRY, DESCRIBE_REPOSITORIES, LIST_TAGS_FOR_REPOSITORY};
use crate::model::types::ecr::{DESTINATION, REPLICATION_CONFIGURATION, REPLICATION_RULE, REPOSITORY};
use crate::model::{Resource, Value};
use crate::record;

/// The largest page that the operation accepts.
const PAGE: i32 = 1000;

/// Reads the repositories of a Region and how its registry replicates them.
pub async fn collect(task: &Task) -> Vec<Resource> {
    let client = &task.clients.ecr();
    let (repositories, registry) = tokio::join!(repositories(task, client), registry(task, client));
    [repositories, registry].concat()
}

async fn repositories(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&REPOSITORY, DESCRIBE_REPOSITORIES) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_REPOSITORIES,
        |token| {
            let request = client.describe_repositories().max_results(PAGE).set_next_token(token);
            task.call(DESCRIBE_REPOSITORIES, request.send())
        },
        |page| (page.repositories, page.next_token),
    )
    .await;
    let repositories = listing.into_resources(task, &REPOSITORY, DESCRIBE_REPOSITORIES, |repository| {
        let name = repository.repository_name?;
        let mut resource = task.resource(&REPOSITORY, &name);
        resource.arn =
            repository.repository_arn.map_or_else(|| arn(task, "ecr", &format!("repository/{name}")), Into::into);
        fill!(resource, REPOSITORY {
            "created": time(repository.created_at),
            "kms_key_id": repository.encryption_configuration.and_then(|encryption| encryption.kms_key),
        });
        Some(resource)
    });
    complete(repositories, |repository| tags(task, client, Arc::clone(&repository.arn))).await
}

async fn tags(task: &Task, client: &Client, arn: Arc<str>) -> Fields {
    if !task.wants(&REPOSITORY, LIST_TAGS_FOR_REPOSITORY) {
        return Fields::new();
    }
    let request = client.list_tags_for_resource().resource_arn(&*arn);
    let answer = task.call(LIST_TAGS_FOR_REPOSITORY, request.send());
    fields!(answer.await, REPOSITORY, |answer| {
        "tags": Tags::new(answer.tags.unwrap_or_default().into_iter().map(|tag| (Some(tag.key), Some(tag.value)))),
    })
}

async fn registry(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&REPLICATION_CONFIGURATION, DESCRIBE_REGISTRY) {
        return Vec::new();
    }
    match task.call(DESCRIBE_REGISTRY, client.describe_registry().send()).await {
        Ok(registry) => {
            let id = registry.registry_id.unwrap_or_else(|| task.key.account.to_string());
            let mut resource = task.resource(&REPLICATION_CONFIGURATION, &id);
            let rules = registry.replication_configuration.map(|configuration| configuration.rules);
            fill!(resource, REPLICATION_CONFIGURATION { "rules": list(rules, replication_rule) });
            vec![resource]
        }
        Err(unknown) => vec![task.unlisted(&REPLICATION_CONFIGURATION, &unknown)],
    }
}

fn replication_rule(rule: sdk::ReplicationRule) -> Value {
    let prefixes = rule.repository_filters.unwrap_or_default().into_iter().map(|filter| filter.filter);
    record!(REPLICATION_RULE {
        "destinations": list(Some(rule.destinations), |destination| record!(DESTINATION {
            "region": destination.region,
            "account": destination.registry_id,
        })),
        "prefixes": strings(Some(prefixes.collect())),
    })
}
