//! How a workload notices failures, and what of it starts again by itself.

use std::sync::Arc;

use super::{Fact, Holding, open};
use crate::model::schema::ResourceType;
use crate::model::types::elbv2::TARGET_GROUP;
use crate::model::types::workload::{HEALTH_CHECK, SELF_RESTARTING, WORKLOAD};
use crate::model::types::{autoscaling, ecs, lambda, sqs};
use crate::model::{Resource, Seconds, Value};
use crate::{record, slot};

/// What replaces, retries or delivers again: Auto Scaling groups and ECS services replace what failed, Lambda retries
/// asynchronous invocations, and SQS delivers a message again that nobody deleted.
static RESTARTING: [&ResourceType; 4] =
    [&autoscaling::AUTO_SCALING_GROUP, &ecs::SERVICE, &lambda::FUNCTION, &sqs::QUEUE];

pub(super) fn facts(holding: &Holding<'_>) -> Vec<Fact> {
    vec![
        (slot!(WORKLOAD, "health_checks"), health_checks(holding)),
        (slot!(WORKLOAD, "self_restarting"), self_restarting(holding)),
    ]
}

fn health_checks(holding: &Holding<'_>) -> Value {
    let groups = holding.owned.iter().filter(|resource| resource.ty == &TARGET_GROUP);
    let checks = groups.filter(|group| serves(group)).map(|group| {
        record!(HEALTH_CHECK {
            "target_group": Value::Str(Arc::clone(&group.name)),
            "region": Value::Str(Arc::clone(&group.region)),
            "detection": detection(group),
        })
    });
    open(checks.collect(), holding.missing([&TARGET_GROUP].into_iter()).as_ref())
}

/// Whether a load balancer sends traffic to targets that are checked. What is not known may.
fn serves(group: &Resource) -> bool {
    let used = group.get(slot!(TARGET_GROUP, "load_balancer_arns")).as_list().is_none_or(|arns| !arns.is_empty());
    let checked = group.get(slot!(TARGET_GROUP, "health_check_enabled")).as_bool() != Some(false);
    used && checked && group.get(slot!(TARGET_GROUP, "target_type")).as_str() != Some("lambda")
}

/// How long targets must fail before they count as unhealthy: interval times threshold.
fn detection(group: &Resource) -> Value {
    let interval = group.get(slot!(TARGET_GROUP, "health_check_interval"));
    match (interval, group.get(slot!(TARGET_GROUP, "unhealthy_threshold_count"))) {
        (Value::Unknown(unknown), _) | (_, Value::Unknown(unknown)) => Value::Unknown(Arc::clone(unknown)),
        (Value::Duration(interval), Value::Int(count)) => Value::Duration(Seconds(interval.0.saturating_mul(*count))),
        _ => Value::Null,
    }
}

fn self_restarting(holding: &Holding<'_>) -> Value {
    let restarting = holding.owned.iter().filter(|resource| RESTARTING.contains(&resource.ty)).map(|resource| {
        record!(SELF_RESTARTING {
            "resource": Value::Str(Arc::clone(&resource.name)),
            "type": resource.ty.name,
            "region": Value::Str(Arc::clone(&resource.region)),
        })
    });
    open(restarting.collect(), holding.missing(RESTARTING.into_iter()).as_ref())
}
