//! AWS Config.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_config::Client;
use aws_sdk_config::types::{self as sdk, ComplianceType};

use super::convert::list;
use super::{Fields, Listing, UNLISTED, complete, fields, fill, pages, set};
use crate::collect::aws::Task;
use crate::model::operation::{
    DESCRIBE_COMPLIANCE_BY_CONFIG_RULE, DESCRIBE_CONFIG_RULES, DESCRIBE_CONFIGURATION_RECORDER_STATUS,
    DESCRIBE_CONFIGURATION_RECORDERS, GET_COMPLIANCE_DETAILS_BY_CONFIG_RULE,
};
use crate::model::types::config::{CONFIG_RULE, CONFIGURATION_RECORDER, EVALUATION};
use crate::model::{Resource, Value};
use crate::{record, slot};

/// The largest page of compliance details; the other operations choose theirs themselves.
const DETAILS_PAGE: i32 = 100;

/// Reads the recorders and the rules of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    let client = &task.clients.config();
    let (recorders, rules) = tokio::join!(recorders(task, client), rules(task, client));
    [recorders, rules].concat()
}

async fn recorders(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&CONFIGURATION_RECORDER, DESCRIBE_CONFIGURATION_RECORDERS) {
        return Vec::new();
    }
    let request = client.describe_configuration_recorders().send();
    let answer = task.call(DESCRIBE_CONFIGURATION_RECORDERS, request).await;
    let listing = Listing::whole(answer.map(|answer| answer.configuration_recorders));
    let mut recorders =
        listing.into_resources(task, &CONFIGURATION_RECORDER, DESCRIBE_CONFIGURATION_RECORDERS, |recorder| {
            let name = recorder.name?;
            let mut resource = task.resource(&CONFIGURATION_RECORDER, &name);
            resource.arn = recorder.arn.unwrap_or_default().into();
            fill!(resource, CONFIGURATION_RECORDER {
                "all_supported": recorder.recording_group.map(|group| group.all_supported),
            });
            Some(resource)
        });
    if !task.wants(&CONFIGURATION_RECORDER, DESCRIBE_CONFIGURATION_RECORDER_STATUS) || recorders.is_empty() {
        return recorders;
    }
    let request = client.describe_configuration_recorder_status().send();
    let answer = task.call(DESCRIBE_CONFIGURATION_RECORDER_STATUS, request).await;
    let statuses = answer.map(|answer| answer.configuration_recorders_status.unwrap_or_default());
    for recorder in recorders.iter_mut().filter(|recorder| &*recorder.id != UNLISTED) {
        let status =
            statuses.as_ref().map(|all| all.iter().find(|status| status.name.as_deref() == Some(&*recorder.id)));
        let fields = fields!(status.map_err(Arc::clone), CONFIGURATION_RECORDER, |status| {
            "recording": status.map(|status| status.recording),
            "last_status": status.and_then(|status| status.last_status.as_ref()).map(sdk::RecorderStatus::as_str),
        });
        set(recorder, fields);
    }
    recorders
}

async fn rules(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&CONFIG_RULE, DESCRIBE_CONFIG_RULES) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_CONFIG_RULES,
        |token| task.call(DESCRIBE_CONFIG_RULES, client.describe_config_rules().set_next_token(token).send()),
        |page| (page.config_rules, page.next_token),
    )
    .await;
    let mut rules = listing.into_resources(task, &CONFIG_RULE, DESCRIBE_CONFIG_RULES, |rule| {
        let name = rule.config_rule_name?;
        let mut resource = task.resource(&CONFIG_RULE, &name);
        resource.arn = rule.config_rule_arn.unwrap_or_default().into();
        fill!(resource, CONFIG_RULE { "source_identifier": rule.source.and_then(|source| source.source_identifier) });
        Some(resource)
    });
    if task.wants(&CONFIG_RULE, DESCRIBE_COMPLIANCE_BY_CONFIG_RULE) && !rules.is_empty() {
        compliance(task, client, &mut rules).await;
    }
    if task.wants(&CONFIG_RULE, GET_COMPLIANCE_DETAILS_BY_CONFIG_RULE) {
        rules = complete(rules, |rule| {
            let identifier = rule.get(slot!(CONFIG_RULE, "source_identifier")).as_str();
            let mapped = identifier.is_some_and(|identifier| task.plan.config_rules.contains(identifier));
            let name = Arc::clone(&rule.id);
            async move { if mapped { evaluations(task, client, &name).await } else { Fields::new() } }
        })
        .await;
    }
    rules
}

/// Fills in the result of each rule over all resources.
async fn compliance(task: &Task, client: &Client, rules: &mut [Resource]) {
    let listing = pages(
        DESCRIBE_COMPLIANCE_BY_CONFIG_RULE,
        |token| {
            let request = client.describe_compliance_by_config_rule().set_next_token(token);
            task.call(DESCRIBE_COMPLIANCE_BY_CONFIG_RULE, request.send())
        },
        |page| (page.compliance_by_config_rules, page.next_token),
    )
    .await;
    let by_rule: BTreeMap<String, Option<ComplianceType>> = listing
        .items
        .into_iter()
        .filter_map(|item| {
            Some((item.config_rule_name?, item.compliance.and_then(|compliance| compliance.compliance_type)))
        })
        .collect();
    for rule in rules.iter_mut().filter(|rule| &*rule.id != UNLISTED) {
        let compliance = match (by_rule.get(&*rule.id), &listing.failed) {
            (Some(compliance), _) => compliance.as_ref().map(ComplianceType::as_str).into(),
            (None, Some(unknown)) => Value::Unknown(Arc::clone(unknown)),
            (None, None) => Value::Null,
        };
        rule.set(slot!(CONFIG_RULE, "compliance"), compliance);
    }
}

/// Reads the result of each resource under a rule.
async fn evaluations(task: &Task, client: &Client, rule: &str) -> Fields {
    let listing = pages(
        GET_COMPLIANCE_DETAILS_BY_CONFIG_RULE,
        |token| {
            let request = client.get_compliance_details_by_config_rule().config_rule_name(rule).limit(DETAILS_PAGE);
            task.call(GET_COMPLIANCE_DETAILS_BY_CONFIG_RULE, request.set_next_token(token).send())
        },
        |page| (page.evaluation_results, page.next_token),
    )
    .await;
    fields!(listing.complete(), CONFIG_RULE, |results| { "evaluations": list(Some(results), evaluation) })
}

fn evaluation(result: sdk::EvaluationResult) -> Value {
    let qualifier = result.evaluation_result_identifier.and_then(|identifier| identifier.evaluation_result_qualifier);
    let (resource_type, resource_id) = qualifier.map(|it| (it.resource_type, it.resource_id)).unwrap_or_default();
    record!(EVALUATION {
        "resource_type": resource_type,
        "resource_id": resource_id,
        "compliance": result.compliance_type.as_ref().map(ComplianceType::as_str),
    })
}
