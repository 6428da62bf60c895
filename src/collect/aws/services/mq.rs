//! Amazon MQ.

use std::sync::Arc;

use aws_sdk_mq::Client;
use aws_sdk_mq::types as sdk;

use super::convert::{Tags, arn, time};
use super::{Fields, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::model::Resource;
use crate::model::operation::{LIST_BROKER_TAGS, LIST_BROKERS};
use crate::model::types::mq::BROKER;

/// The largest pages that the operation accepts.
const PAGE: i32 = 100;

/// Reads the brokers of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&BROKER, LIST_BROKERS) {
        return Vec::new();
    }
    let client = &task.clients.mq();
    let listing = pages(
        LIST_BROKERS,
        |token| {
            let request = client.list_brokers().max_results(PAGE).set_next_token(token);
            task.call(LIST_BROKERS, request.send())
        },
        |page| (page.broker_summaries, page.next_token),
    )
    .await;
    let brokers = listing.into_resources(task, &BROKER, LIST_BROKERS, |broker| {
        let id = broker.broker_id?;
        let mut resource = task.resource(&BROKER, &id);
        let name = broker.broker_name.unwrap_or_else(|| id.clone());
        resource.arn = broker.broker_arn.map_or_else(|| arn(task, "mq", &format!("broker:{name}:{id}")), Into::into);
        resource.name = name.into();
        fill!(resource, BROKER {
            "state": broker.broker_state.as_ref().map(sdk::BrokerState::as_str),
            "created": time(broker.created),
            "engine_type": broker.engine_type.as_ref().map(sdk::EngineType::as_str),
            "deployment_mode": broker.deployment_mode.as_ref().map(sdk::DeploymentMode::as_str),
        });
        Some(resource)
    });
    complete(brokers, |broker| tags(task, client, Arc::clone(&broker.arn))).await
}

async fn tags(task: &Task, client: &Client, arn: Arc<str>) -> Fields {
    if !task.wants(&BROKER, LIST_BROKER_TAGS) {
        return Fields::new();
    }
    let answer = task.call(LIST_BROKER_TAGS, client.list_tags().resource_arn(&*arn).send()).await;
    fields!(answer, BROKER, |answer| {
        "tags": Tags::new(answer.tags.unwrap_or_default().into_iter().map(|(key, value)| (Some(key), Some(value)))),
    })
}
