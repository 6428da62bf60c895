//! Whether the loss of the primary Region would be noticed and told.

use std::sync::Arc;

use super::{Fact, Holding, open};
use crate::model::types::cloudwatch::{ALARM, METRIC};
use crate::model::types::events::RULE;
use crate::model::types::fis::EXPERIMENT;
use crate::model::types::workload::{FAULT_EXPERIMENT, HEALTH_RULES, OUTSIDE_MONITOR, WORKLOAD};
use crate::model::{Resource, Unknown, UnknownReason, Value};
use crate::{record, slot};

/// Metrics that look at a service from outside: Route 53 health checks and canaries of CloudWatch Synthetics.
const OUTSIDE: &[&str] = &["AWS/Route53", "CloudWatchSynthetics"];

/// Where Route 53 has its metrics.
const ROUTE53: &str = "us-east-1";

pub(super) fn facts(holding: &Holding<'_>) -> Vec<Fact> {
    vec![
        (slot!(WORKLOAD, "health_rules"), health_rules(holding)),
        (slot!(WORKLOAD, "outside_monitors"), outside_monitors(holding)),
        (slot!(WORKLOAD, "fault_experiments"), fault_experiments(holding)),
    ]
}

/// Where AWS Health sends public events besides the Region that they are about: "Creating EventBridge rules for AWS
/// Region coverage" of the AWS Health user guide, for the standard and the China partition.
fn backup_region(primary: &str) -> Option<&'static str> {
    match primary {
        "us-west-2" => Some("us-east-1"),
        "cn-north-1" => Some("cn-northwest-1"),
        "cn-northwest-1" => Some("cn-north-1"),
        other if other.starts_with("us-gov-") || other.starts_with("eusc-") => None,
        _ => Some("us-west-2"),
    }
}

fn health_rules(holding: &Holding<'_>) -> Value {
    let Some(primary) = holding.primary_region else { return Value::list([]) };
    let backup = backup_region(primary);
    let by_account = holding.accounts.iter().map(|account| {
        record!(HEALTH_RULES {
            "account": *account,
            "primary": health_rule(holding, account, primary),
            "backup_region": backup,
            "backup": backup.map_or_else(
                || Value::unknown(Unknown::new(UnknownReason::Unsupported, primary)),
                |backup| health_rule(holding, account, backup),
            ),
        })
    });
    open(by_account.collect(), holding.open.as_ref().filter(|_| holding.accounts.is_empty()))
}

/// Whether a rule of an account and Region takes issues of AWS Health to somewhere.
fn health_rule(holding: &Holding<'_>, account: &str, region: &str) -> Value {
    let mut unread = None;
    for rule in holding.nearby(&RULE).filter(|rule| &*rule.account == account && &*rule.region == region) {
        let takes = rule.get(slot!(RULE, "takes")).as_list().unwrap_or_default();
        if rule.get(slot!(RULE, "state")).as_str() == Some("DISABLED") || !takes.contains(&Value::str("health_issue")) {
            continue;
        }
        match rule.get(slot!(RULE, "targets")) {
            Value::List(targets) if !targets.is_empty() => return Value::Bool(true),
            Value::Unknown(unknown) => unread = Some(Arc::clone(unknown)),
            _ => {}
        }
    }
    if let Some(unknown) = holding.estate.unlisted.get(&(RULE.name, account, region)).copied().or(unread.as_ref()) {
        return Value::Unknown(Arc::clone(unknown));
    }
    if holding.estate.places.contains(&(account, region)) {
        Value::Bool(false)
    } else {
        Value::unknown(Unknown::new(UnknownReason::OutsideScan, format!("{account} {region}")))
    }
}

fn outside_monitors(holding: &Holding<'_>) -> Value {
    let Some(primary) = holding.primary_region else { return Value::list([]) };
    let monitors = holding.nearby(&ALARM).filter(|alarm| &*alarm.region != primary).filter_map(|alarm| {
        let metrics = alarm.get(slot!(ALARM, "metrics")).as_list().unwrap_or_default();
        let namespace = metrics
            .iter()
            .filter_map(|metric| metric.as_record()?[slot!(METRIC, "namespace")].as_str())
            .find(|namespace| OUTSIDE.contains(namespace))?;
        Some(record!(OUTSIDE_MONITOR {
            "alarm": Value::Str(Arc::clone(&alarm.id)),
            "account": Value::Str(Arc::clone(&alarm.account)),
            "region": Value::Str(Arc::clone(&alarm.region)),
            "namespace": namespace,
            "notifies": alarm.get(slot!(ALARM, "notifies")).clone(),
        }))
    });
    let unscanned = holding.accounts.iter().find(|account| !holding.estate.places.contains(&(**account, ROUTE53)));
    let missing = holding.unread(&ALARM, |region| region != primary).or_else(|| {
        let account = unscanned.filter(|_| primary != ROUTE53)?;
        Some(Arc::new(Unknown::new(UnknownReason::OutsideScan, format!("{account} {ROUTE53}"))))
    });
    open(monitors.collect(), missing.as_ref())
}

fn fault_experiments(holding: &Holding<'_>) -> Value {
    // Others may experiment in the same account.
    let own = holding.owned.iter().copied().filter(|resource| resource.ty == &EXPERIMENT);
    let mut completed: Vec<&Resource> =
        own.filter(|experiment| experiment.get(slot!(EXPERIMENT, "status")).as_str() == Some("completed")).collect();
    let started = |experiment: &Resource| match experiment.get(slot!(EXPERIMENT, "created")) {
        Value::Timestamp(time) => Some(*time),
        _ => None,
    };
    completed.sort_by_key(|experiment| std::cmp::Reverse(started(experiment)));
    let experiments = completed.into_iter().map(|experiment| {
        record!(FAULT_EXPERIMENT {
            "id": Value::Str(Arc::clone(&experiment.id)),
            "account": Value::Str(Arc::clone(&experiment.account)),
            "region": Value::Str(Arc::clone(&experiment.region)),
            "started": experiment.get(slot!(EXPERIMENT, "created")).clone(),
        })
    });
    open(experiments.collect(), holding.unread(&EXPERIMENT, |_| true).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn health_sends_public_events_to_two_regions() {
        assert_eq!(backup_region("ap-northeast-1"), Some("us-west-2"));
        assert_eq!(backup_region("us-west-2"), Some("us-east-1"));
        assert_eq!(backup_region("cn-north-1"), Some("cn-northwest-1"));
        assert_eq!(backup_region("us-gov-west-1"), None);
    }
}
