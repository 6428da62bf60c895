//! Amazon EventBridge.

use std::sync::Arc;

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types as sdk;

use super::convert::{arn, strings};
use super::{Fields, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::model::event_pattern;
use crate::model::operation::{LIST_RULES, LIST_TARGETS_BY_RULE};
use crate::model::types::events::RULE;
use crate::model::{Resource, Value};
use crate::slot;

/// The largest page that the operations accept.
const PAGE: i32 = 100;

/// Reads the rules of the default event bus, on which AWS services put their events.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&RULE, LIST_RULES) {
        return Vec::new();
    }
    let client = &task.clients.eventbridge();
    let listing = pages(
        LIST_RULES,
        |token| task.call(LIST_RULES, client.list_rules().limit(PAGE).set_next_token(token).send()),
        |page| (page.rules, page.next_token),
    )
    .await;
    let rules = listing.into_resources(task, &RULE, LIST_RULES, |rule| {
        let name = rule.name?;
        let mut resource = task.resource(&RULE, &name);
        resource.arn = rule.arn.map_or_else(|| arn(task, "events", &format!("rule/{name}")), Into::into);
        let takes = rule.event_pattern.as_deref().map(event_pattern::takes).unwrap_or_default();
        fill!(resource, RULE {
            "state": rule.state.as_ref().map(sdk::RuleState::as_str),
            "event_pattern": rule.event_pattern,
            "takes": Value::list(takes.into_iter().map(Value::from)),
        });
        Some(resource)
    });
    if !task.wants(&RULE, LIST_TARGETS_BY_RULE) {
        return rules;
    }
    // Most rules are about something else.
    let (mut rules, asked): (Vec<Resource>, Vec<Resource>) =
        rules.into_iter().partition(|rule| rule.get(slot!(RULE, "takes")).as_list().is_some_and(<[Value]>::is_empty));
    for rule in &mut rules {
        rule.set(slot!(RULE, "targets"), Value::Null);
    }
    rules.extend(complete(asked, |rule| targets(task, client, Arc::clone(&rule.id))).await);
    rules
}

async fn targets(task: &Task, client: &Client, rule: Arc<str>) -> Fields {
    let listing = pages(
        LIST_TARGETS_BY_RULE,
        |token| {
            let request = client.list_targets_by_rule().rule(&*rule).limit(PAGE).set_next_token(token);
            task.call(LIST_TARGETS_BY_RULE, request.send())
        },
        |page| (page.targets, page.next_token),
    )
    .await;
    fields!(listing.complete(), RULE, |targets| {
        "targets": strings(Some(targets.into_iter().map(|target| target.arn).collect())),
    })
}
