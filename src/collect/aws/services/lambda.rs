//! AWS Lambda.

use std::sync::Arc;

use aws_sdk_lambda::Client;
use aws_sdk_lambda::error::ProvideErrorMetadata;
use aws_sdk_lambda::operation::get_policy::GetPolicyOutput;
use serde_json::Value as Json;

use super::convert::{Tags, arn, strings, unheld};
use super::{Fields, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{
    GET_FUNCTION_POLICY, LIST_FUNCTION_EVENT_INVOKE_CONFIGS, LIST_FUNCTION_TAGS, LIST_FUNCTIONS,
};
use crate::model::types::lambda::FUNCTION;
use crate::model::{Resource, Value};

/// The largest page that the operations accept.
const PAGE: i32 = 50;

/// Services that invoke a function asynchronously, as principals name them: "Invoking Lambda with events from other AWS
/// services" of the Lambda Developer Guide.
const ASYNCHRONOUS: &[&str] = &["s3", "sns", "events", "ses", "config", "codecommit", "cloudformation", "iot", "logs"];

/// Reads the functions of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&FUNCTION, LIST_FUNCTIONS) {
        return Vec::new();
    }
    let client = &task.clients.lambda();
    let listing = pages(
        LIST_FUNCTIONS,
        |marker| task.call(LIST_FUNCTIONS, client.list_functions().max_items(PAGE).set_marker(marker).send()),
        |page| (page.functions, page.next_marker),
    )
    .await;
    let functions = listing.into_resources(task, &FUNCTION, LIST_FUNCTIONS, |function| {
        let name = function.function_name?;
        let mut resource = task.resource(&FUNCTION, &name);
        resource.arn =
            function.function_arn.map_or_else(|| arn(task, "lambda", &format!("function:{name}")), Into::into);
        // Outside of a VPC the answer has none, or one with an empty id.
        let vpc = function.vpc_config;
        let vpc_id = vpc.as_ref().and_then(|vpc| vpc.vpc_id.clone()).filter(|id| !id.is_empty());
        let dead_letter = function.dead_letter_config.and_then(|config| config.target_arn);
        fill!(resource, FUNCTION {
            "vpc_id": vpc_id,
            "subnets": strings(vpc.and_then(|vpc| vpc.subnet_ids)),
            "dead_letter_target": dead_letter.filter(|target| !target.is_empty()),
        });
        Some(resource)
    });
    complete(functions, |function| read(task, client, Arc::clone(&function.arn))).await
}

/// Reads what is wanted of one function beyond the listing.
async fn read(task: &Task, client: &Client, function: Arc<str>) -> Fields {
    let function = &*function;
    let (tags, configurations, policy) = tokio::join!(
        tags(task, client, function),
        event_invoke_configurations(task, client, function),
        policy(task, client, function),
    );
    [tags, configurations, policy].concat()
}

async fn tags(task: &Task, client: &Client, function: &str) -> Fields {
    if !task.wants(&FUNCTION, LIST_FUNCTION_TAGS) {
        return Fields::new();
    }
    let answer = task.call(LIST_FUNCTION_TAGS, client.list_tags().resource(function).send());
    fields!(answer.await, FUNCTION, |answer| {
        "tags": Tags::new(answer.tags.unwrap_or_default().into_iter().map(|(key, value)| (Some(key), Some(value)))),
    })
}

async fn event_invoke_configurations(task: &Task, client: &Client, function: &str) -> Fields {
    if !task.wants(&FUNCTION, LIST_FUNCTION_EVENT_INVOKE_CONFIGS) {
        return Fields::new();
    }
    let listing = pages(
        LIST_FUNCTION_EVENT_INVOKE_CONFIGS,
        |marker| {
            let request = client.list_function_event_invoke_configs().function_name(function).max_items(PAGE);
            task.call(LIST_FUNCTION_EVENT_INVOKE_CONFIGS, request.set_marker(marker).send())
        },
        |page| (page.function_event_invoke_configs, page.next_marker),
    )
    .await;
    let configurations = listing.complete().map(|configurations| {
        let (mut qualifiers, mut destinations) = (Vec::new(), Vec::new());
        for configuration in configurations {
            let qualified = configuration.function_arn.unwrap_or_default();
            let qualifier = qualified.split(':').nth(7).unwrap_or("$LATEST");
            qualifiers.push(qualifier.to_owned());
            let on_failure = configuration.destination_config.and_then(|destinations| destinations.on_failure);
            destinations.extend(on_failure.and_then(|it| it.destination).filter(|target| !target.is_empty()));
        }
        (qualifiers, destinations)
    });
    fields!(configurations, FUNCTION, |(qualifiers, destinations)| {
        "async_configurations": strings(Some(qualifiers)),
        "on_failure_destinations": strings(Some(destinations)),
    })
}

async fn policy(task: &Task, client: &Client, function: &str) -> Fields {
    if !task.wants(&FUNCTION, GET_FUNCTION_POLICY) {
        return Fields::new();
    }
    let request = client.get_policy().function_name(function).send();
    let answer = task.call_unless(GET_FUNCTION_POLICY, request, |error| {
        let none = error.code() == Some("ResourceNotFoundException");
        none.then(|| GetPolicyOutput::builder().build())
    });
    fields!(answer.await, FUNCTION, |answer| { "async_sources": async_sources(answer.policy.as_deref()) })
}

/// The services that a policy allows and that invoke asynchronously, each once.
fn async_sources(policy: Option<&str>) -> Value {
    let Some(policy) = policy else { return Value::list([]) };
    let Ok(policy) = serde_json::from_str::<Json>(policy) else {
        return unheld(GET_FUNCTION_POLICY, "the policy is not JSON");
    };
    // A policy with one statement or one service may have it without a list around.
    let items = |value: &Json| match value {
        Json::Array(items) => items.clone(),
        Json::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let mut services: Vec<String> = items(&policy["Statement"])
        .iter()
        .filter(|statement| statement["Effect"] == "Allow")
        .flat_map(|statement| items(&statement["Principal"]["Service"]))
        .filter_map(|service| Some(service.as_str()?.to_owned()))
        .filter(|service| is_asynchronous(service))
        .collect();
    services.sort_unstable();
    services.dedup();
    strings(Some(services))
}

/// Whether a service invokes asynchronously. Some have principals for each Region, such as
/// `logs.ap-northeast-1.amazonaws.com`.
fn is_asynchronous(principal: &str) -> bool {
    let service = principal.split('.').next().unwrap_or_default();
    principal.contains(".amazonaws.com") && ASYNCHRONOUS.contains(&service)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(policy: &str) -> Value {
        async_sources(Some(policy))
    }

    #[test]
    fn a_policy_tells_who_invokes_asynchronously() {
        let list = |services: &[&str]| Value::list(services.iter().map(Value::str));
        let one = r#"{"Statement": {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}}}"#;
        assert_eq!(sources(one), list(&["s3.amazonaws.com"]));
        let several = r#"{"Statement": [
            {"Effect": "Allow", "Principal": {"Service": ["sns.amazonaws.com", "apigateway.amazonaws.com"]}},
            {"Effect": "Allow", "Principal": {"Service": "logs.ap-northeast-1.amazonaws.com"}},
            {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"}},
            {"Effect": "Allow", "Principal": "*"},
            {"Effect": "Deny", "Principal": {"Service": "events.amazonaws.com"}}
        ]}"#;
        assert_eq!(sources(several), list(&["logs.ap-northeast-1.amazonaws.com", "sns.amazonaws.com"]));
        assert_eq!(async_sources(None), list(&[]), "no policy allows nobody");
        assert!(sources("no JSON").as_unknown().is_some());
    }
}
