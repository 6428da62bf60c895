//! AWS KMS.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use aws_sdk_kms::Client;
use aws_sdk_kms::types as sdk;

use super::convert::{Tags, strings, time};
use super::{Fields, UNLISTED, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{DESCRIBE_KEY, LIST_ALIASES, LIST_KEYS, LIST_RESOURCE_TAGS};
use crate::model::types::kms::{ALIAS, KEY};
use crate::model::{Resource, Value};
use crate::slot;

/// The largest pages that the operations accept.
const KEYS: i32 = 1000;
const ALIASES: i32 = 100;
const TAGS: i32 = 50;

/// Reads the customer's keys of a Region, and the names of all keys.
pub async fn collect(task: &Task) -> Vec<Resource> {
    let client = &task.clients.kms();
    let aliases = aliases(task, client).await;
    let keys = keys(task, client, &aliases).await;
    [keys, aliases].concat()
}

async fn aliases(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&ALIAS, LIST_ALIASES) {
        return Vec::new();
    }
    let mut listing = pages(
        LIST_ALIASES,
        |marker| task.call(LIST_ALIASES, client.list_aliases().limit(ALIASES).set_marker(marker).send()),
        |page| (page.aliases, page.next_marker),
    )
    .await;
    // AWS lists its own aliases before any key has them.
    listing.items.retain(|alias| alias.target_key_id.is_some());
    listing.into_resources(task, &ALIAS, LIST_ALIASES, |alias| {
        let mut resource = task.resource(&ALIAS, &alias.alias_name?);
        resource.arn = alias.alias_arn?.into();
        fill!(resource, ALIAS { "target_key_id": alias.target_key_id });
        Some(resource)
    })
}

async fn keys(task: &Task, client: &Client, aliases: &[Resource]) -> Vec<Resource> {
    if !task.wants(&KEY, LIST_KEYS) {
        return Vec::new();
    }
    let mut listing = pages(
        LIST_KEYS,
        |marker| task.call(LIST_KEYS, client.list_keys().limit(KEYS).set_marker(marker).send()),
        |page| (page.keys, page.next_marker),
    )
    .await;
    // An AWS managed key has an alias that only AWS can give: it need not be asked for.
    let mut aws_managed = HashSet::new();
    let mut names = HashMap::new();
    for alias in aliases.iter().filter(|alias| &*alias.id != UNLISTED) {
        let Some(key) = alias.get(slot!(ALIAS, "target_key_id")).as_str() else { continue };
        if alias.id.starts_with("alias/aws/") {
            aws_managed.insert(key);
        } else {
            names.entry(key).or_insert(&*alias.id);
        }
    }
    listing.items.retain(|key| key.key_id.as_deref().is_none_or(|id| !aws_managed.contains(id)));
    let keys = listing.into_resources(task, &KEY, LIST_KEYS, |key| {
        let id = key.key_id?;
        let mut resource = task.resource(&KEY, &id);
        resource.arn = key.key_arn?.into();
        if let Some(alias) = names.get(&*id) {
            resource.name = alias.strip_prefix("alias/").unwrap_or(alias).into();
        }
        Some(resource)
    });
    let mut keys = complete(keys, |key| read(task, client, Arc::clone(&key.id))).await;
    // Where the aliases could not be read, the answers tell.
    keys.retain(|key| key.get(slot!(KEY, "key_manager")).as_str() != Some("AWS"));
    keys
}

async fn read(task: &Task, client: &Client, key: Arc<str>) -> Fields {
    let (metadata, tags) = tokio::join!(metadata(task, client, &key), tags(task, client, &key));
    [metadata, tags].concat()
}

async fn metadata(task: &Task, client: &Client, key: &str) -> Fields {
    if !task.wants(&KEY, DESCRIBE_KEY) {
        return Fields::new();
    }
    let answer = task.call(DESCRIBE_KEY, client.describe_key().key_id(key).send()).await;
    fields!(answer.map(|answer| answer.key_metadata), KEY, |key| {
        "key_manager": key.as_ref().and_then(|key| key.key_manager.as_ref()).map(sdk::KeyManagerType::as_str),
        "key_state": key.as_ref().and_then(|key| key.key_state.as_ref()).map(sdk::KeyState::as_str),
        "deletion_date": time(key.as_ref().and_then(|key| key.deletion_date)),
        "multi_region": key.as_ref().is_some_and(|key| key.multi_region == Some(true)),
        "multi_region_key_type": configuration(key.as_ref())
            .and_then(|configuration| configuration.multi_region_key_type.as_ref())
            .map(sdk::MultiRegionKeyType::as_str),
        "multi_region_key_arns": arns(configuration(key.as_ref())),
    })
}

fn configuration(key: Option<&sdk::KeyMetadata>) -> Option<&sdk::MultiRegionConfiguration> {
    key?.multi_region_configuration.as_ref()
}

/// The keys of a set, the primary first and the others in one order.
fn arns(configuration: Option<&sdk::MultiRegionConfiguration>) -> Value {
    let Some(configuration) = configuration else { return Value::list([]) };
    let mut replicas: Vec<String> =
        configuration.replica_keys.iter().flatten().filter_map(|key| key.arn.clone()).collect();
    replicas.sort_unstable();
    strings(Some(configuration.primary_key.iter().filter_map(|key| key.arn.clone()).chain(replicas).collect()))
}

async fn tags(task: &Task, client: &Client, key: &str) -> Fields {
    if !task.wants(&KEY, LIST_RESOURCE_TAGS) {
        return Fields::new();
    }
    let tags = pages(
        LIST_RESOURCE_TAGS,
        |marker| {
            let request = client.list_resource_tags().key_id(key).limit(TAGS).set_marker(marker);
            task.call(LIST_RESOURCE_TAGS, request.send())
        },
        |page| (page.tags, page.next_marker),
    );
    fields!(tags.await.complete(), KEY, |tags| {
        "tags": Tags::new(tags.into_iter().map(|tag| (Some(tag.tag_key), Some(tag.tag_value)))),
    })
}
