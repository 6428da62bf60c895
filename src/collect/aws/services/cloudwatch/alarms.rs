//! Amazon CloudWatch alarms.

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::{self as sdk, AlarmType};

use super::super::convert::{arn, strings};
use super::super::{Listing, fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::DESCRIBE_ALARMS;
use crate::model::types::cloudwatch::{ALARM, COMPOSITE_ALARM, METRIC};
use crate::model::{Resource, Value};
use crate::record;

/// The largest page that the operation accepts.
const PAGE: i32 = 100;

/// What a page of alarms holds.
enum Alarm {
    Metric(Box<sdk::MetricAlarm>),
    Composite(Box<sdk::CompositeAlarm>),
}

/// Reads the metric and composite alarms of a Region, which one operation lists.
pub async fn collect(task: &Task) -> Vec<Resource> {
    let (metric, composite) = (task.wants(&ALARM, DESCRIBE_ALARMS), task.wants(&COMPOSITE_ALARM, DESCRIBE_ALARMS));
    // Without types the answer leaves composite alarms out.
    let types: Vec<AlarmType> = [(metric, AlarmType::MetricAlarm), (composite, AlarmType::CompositeAlarm)]
        .into_iter()
        .filter_map(|(wanted, ty)| wanted.then_some(ty))
        .collect();
    if types.is_empty() {
        return Vec::new();
    }
    let client: &Client = &task.clients.cloudwatch();
    let listing = pages(
        DESCRIBE_ALARMS,
        |token| {
            let request = client.describe_alarms().set_alarm_types(Some(types.clone())).max_records(PAGE);
            task.call(DESCRIBE_ALARMS, request.set_next_token(token).send())
        },
        |page| {
            let metric = page.metric_alarms.unwrap_or_default().into_iter().map(|alarm| Alarm::Metric(Box::new(alarm)));
            let composite = page.composite_alarms.unwrap_or_default().into_iter();
            let composite = composite.map(|alarm| Alarm::Composite(Box::new(alarm)));
            (Some(metric.chain(composite).collect()), page.next_token)
        },
    )
    .await;
    let (mut alarms, mut composites) = (Vec::new(), Vec::new());
    for alarm in listing.items {
        match alarm {
            Alarm::Metric(alarm) => alarms.push(*alarm),
            Alarm::Composite(alarm) => composites.push(*alarm),
        }
    }
    let mut resources = Vec::new();
    if metric {
        let listing = Listing { items: alarms, failed: listing.failed.clone() };
        resources.extend(listing.into_resources(task, &ALARM, DESCRIBE_ALARMS, |alarm| metric_alarm(task, alarm)));
    }
    if composite {
        let listing = Listing { items: composites, failed: listing.failed };
        resources.extend(listing.into_resources(task, &COMPOSITE_ALARM, DESCRIBE_ALARMS, |alarm| {
            let name = alarm.alarm_name?;
            let mut resource = task.resource(&COMPOSITE_ALARM, &name);
            resource.arn =
                alarm.alarm_arn.map_or_else(|| arn(task, "cloudwatch", &format!("alarm:{name}")), Into::into);
            fill!(resource, COMPOSITE_ALARM {
                "alarm_rule": alarm.alarm_rule,
                "actions_enabled": alarm.actions_enabled,
                "alarm_actions": strings(alarm.alarm_actions),
            });
            Some(resource)
        }));
    }
    resources
}

fn metric_alarm(task: &Task, alarm: sdk::MetricAlarm) -> Option<Resource> {
    let name = alarm.alarm_name?;
    let mut resource = task.resource(&ALARM, &name);
    resource.arn = alarm.alarm_arn.map_or_else(|| arn(task, "cloudwatch", &format!("alarm:{name}")), Into::into);
    let queries = alarm.metrics.unwrap_or_default();
    let is_expression = queries.iter().any(|query| query.expression.is_some());
    let metrics = match alarm.metric_name {
        Some(metric) => vec![record!(METRIC {
            "namespace": alarm.namespace,
            "name": metric,
            "dimensions": dimensions(alarm.dimensions),
        })],
        None => queries
            .into_iter()
            .filter_map(|query| {
                let metric = query.metric_stat?.metric?;
                Some(record!(METRIC {
                    "namespace": metric.namespace,
                    "name": metric.metric_name,
                    "dimensions": dimensions(metric.dimensions),
                }))
            })
            .collect(),
    };
    fill!(resource, ALARM {
        "metrics": Value::list(metrics),
        "is_expression": is_expression,
        "threshold": alarm.threshold.map_or(Value::Null, Value::Double),
        "comparison_operator": alarm.comparison_operator.as_ref().map(sdk::ComparisonOperator::as_str),
        "actions_enabled": alarm.actions_enabled,
        "alarm_actions": strings(alarm.alarm_actions),
    });
    Some(resource)
}

fn dimensions(dimensions: Option<Vec<sdk::Dimension>>) -> Value {
    let pairs = dimensions.unwrap_or_default().into_iter();
    Value::map(pairs.filter_map(|dimension| Some((dimension.name?, dimension.value?))))
}
