//! Amazon Data Lifecycle Manager.

use std::sync::Arc;

use aws_sdk_dlm::Client;
use aws_sdk_dlm::types as sdk;

use super::convert::{Tags, because, list, strings};
use super::{Fields, Listing, complete, fields, fill};
use crate::collect::aws::Task;
use crate::model::operation::{GET_LIFECYCLE_POLICIES, GET_LIFECYCLE_POLICY};
use crate::model::types::dlm::{LIFECYCLE_POLICY, POLICY_SCHEDULE, POLICY_TAG};
use crate::model::{Resource, Seconds, UnknownReason, Value};
use crate::record;

/// How often a default policy runs that names no frequency, in days ("`PolicyDetails`", API reference).
const DEFAULT_INTERVAL: i32 = 1;

/// Reads the lifecycle policies of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&LIFECYCLE_POLICY, GET_LIFECYCLE_POLICIES) {
        return Vec::new();
    }
    let client = &task.clients.dlm();
    // The operation has no pages: an account has 100 policies in a Region at most.
    let answer = task.call(GET_LIFECYCLE_POLICIES, client.get_lifecycle_policies().send()).await;
    let listing = Listing::whole(answer.map(|answer| answer.policies));
    let policies = listing.into_resources(task, &LIFECYCLE_POLICY, GET_LIFECYCLE_POLICIES, |policy| {
        let id = policy.policy_id?;
        let mut resource = task.resource(&LIFECYCLE_POLICY, &id);
        resource.arn = super::convert::arn(task, "dlm", &format!("policy/{id}"));
        let tags = policy.tags.unwrap_or_default();
        let tags = Tags::new(tags.into_iter().map(|(key, value)| (Some(key), Some(value))));
        if let Some(name) = tags.name() {
            resource.name = name;
        } else if let Some(description) = policy.description.filter(|description| !description.is_empty()) {
            resource.name = description.into();
        }
        fill!(resource, LIFECYCLE_POLICY {
            "tags": tags,
            "state": policy.state.as_ref().map(sdk::GettablePolicyStateValues::as_str),
            "policy_type": policy.policy_type.as_ref().map(sdk::PolicyTypeValues::as_str),
            "default_policy": policy.default_policy.unwrap_or(false),
        });
        Some(resource)
    });
    if !task.wants(&LIFECYCLE_POLICY, GET_LIFECYCLE_POLICY) {
        return policies;
    }
    complete(policies, |resource| policy(task, client, Arc::clone(&resource.id))).await
}

/// Reads what a policy does.
async fn policy(task: &Task, client: &Client, id: Arc<str>) -> Fields {
    let answer = task.call(GET_LIFECYCLE_POLICY, client.get_lifecycle_policy().policy_id(&*id).send()).await;
    let details = answer.and_then(|answer| {
        let policy = answer.policy.and_then(|policy| policy.policy_details);
        policy.ok_or_else(|| because(UnknownReason::Error, GET_LIFECYCLE_POLICY, "the answer holds no policy"))
    });
    fields!(details, LIFECYCLE_POLICY, |details| {
        "resource_types": resource_types(&details),
        "schedules": schedules(&details),
        "exclude_boot_volumes": excludes_boot_volumes(&details),
        "exclude_volume_types": strings(
            details.exclusions.as_ref().and_then(|exclusions| exclusions.exclude_volume_types.clone()),
        ),
        "exclude_tags": exclude_tags(&details),
        "target_tags": list(details.target_tags, tag),
    })
}

/// Custom policies have a list, default policies a single type.
fn resource_types(details: &sdk::PolicyDetails) -> Value {
    let types = details.resource_types().iter().chain(details.resource_type());
    Value::list(types.map(|ty| Value::str(ty.as_str())))
}

fn schedules(details: &sdk::PolicyDetails) -> Value {
    let default = details.policy_language() == Some(&sdk::PolicyLanguageValues::Simplified);
    if default || details.resource_type().is_some() {
        let targets = details.cross_region_copy_targets().iter();
        return Value::list([record!(POLICY_SCHEDULE {
            "interval": Seconds::from_days(details.create_interval.unwrap_or(DEFAULT_INTERVAL).into()),
            "copy_regions": Value::list(targets.map(|target| Value::from(target.target_region.clone()))),
        })]);
    }
    Value::list(details.schedules().iter().map(|schedule| {
        let rule = schedule.create_rule();
        // Hours are the only unit that there is.
        let hours = rule.and_then(sdk::CreateRule::interval).map(i64::from);
        let regions = schedule.cross_region_copy_rules().iter().filter_map(target_region);
        record!(POLICY_SCHEDULE {
            "name": schedule.name.clone(),
            "interval": hours.map(|hours| Seconds(hours * 3600)),
            "cron": rule.and_then(|rule| rule.cron_expression.clone()),
            "copy_regions": Value::list(regions.map(Value::str)),
        })
    }))
}

/// The Region of a copy: newer policies have a target, which is a Region or the ARN of an Outpost, instead of a Region.
fn target_region(rule: &sdk::CrossRegionCopyRule) -> Option<&str> {
    let target = rule.target().or(rule.target_region())?;
    if target.starts_with("arn:") { target.split(':').nth(3) } else { Some(target) }
}

/// Default policies exclude with `Exclusions`, policies for the volumes of instances with `Parameters`.
fn excludes_boot_volumes(details: &sdk::PolicyDetails) -> bool {
    let exclusions = details.exclusions().and_then(sdk::Exclusions::exclude_boot_volumes);
    let parameters = details.parameters().and_then(sdk::Parameters::exclude_boot_volume);
    exclusions.or(parameters).unwrap_or(false)
}

fn exclude_tags(details: &sdk::PolicyDetails) -> Value {
    let exclusions = details.exclusions().map(sdk::Exclusions::exclude_tags).unwrap_or_default();
    let parameters = details.parameters().map(sdk::Parameters::exclude_data_volume_tags).unwrap_or_default();
    Value::list(exclusions.iter().chain(parameters).cloned().map(tag))
}

fn tag(tag: sdk::Tag) -> Value {
    record!(POLICY_TAG { "key": tag.key, "value": tag.value })
}
