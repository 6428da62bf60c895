//! Amazon SQS.

use std::sync::Arc;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;

use super::convert::{Tags, arn, unusable};
use super::{Fields, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{GET_QUEUE_ATTRIBUTES, LIST_QUEUE_TAGS, LIST_QUEUES};
use crate::model::types::sqs::QUEUE;
use crate::model::{Resource, Seconds, Value};
use crate::slot;

/// The largest pages that the operation accepts. Without a size it ends after a thousand queues.
const PAGE: i32 = 1000;

/// Reads the queues of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&QUEUE, LIST_QUEUES) {
        return Vec::new();
    }
    let client = &task.clients.sqs();
    let listing = pages(
        LIST_QUEUES,
        |token| task.call(LIST_QUEUES, client.list_queues().max_results(PAGE).set_next_token(token).send()),
        |page| (page.queue_urls, page.next_token),
    )
    .await;
    let queues = listing.into_resources(task, &QUEUE, LIST_QUEUES, |url| {
        let name = url.rsplit('/').next().filter(|name| !name.is_empty())?;
        let mut resource = task.resource(&QUEUE, name);
        resource.arn = arn(task, "sqs", name);
        fill!(resource, QUEUE { "url": url });
        Some(resource)
    });
    complete(queues, |queue| read(task, client, queue.get(slot!(QUEUE, "url")).as_str().unwrap_or_default().into()))
        .await
}

/// Reads what is wanted of one queue.
async fn read(task: &Task, client: &Client, url: Arc<str>) -> Fields {
    let (attributes, tags) = tokio::join!(attributes(task, client, &url), tags(task, client, &url));
    [attributes, tags].concat()
}

async fn attributes(task: &Task, client: &Client, url: &str) -> Fields {
    if !task.wants(&QUEUE, GET_QUEUE_ATTRIBUTES) {
        return Fields::new();
    }
    let names = vec![QueueAttributeName::MessageRetentionPeriod, QueueAttributeName::RedrivePolicy];
    let request = client.get_queue_attributes().queue_url(url).set_attribute_names(Some(names));
    let answer = task.call(GET_QUEUE_ATTRIBUTES, request.send()).await;
    let attributes = answer.map(|answer| answer.attributes.unwrap_or_default());
    fields!(attributes, QUEUE, |attributes| {
        "message_retention_period": retention_period(attributes.get(&QueueAttributeName::MessageRetentionPeriod)),
        "dead_letter_target": dead_letter_target(attributes.get(&QueueAttributeName::RedrivePolicy)),
    })
}

/// A number of seconds in a text.
fn retention_period(text: Option<&String>) -> Value {
    match text.map(|text| text.parse()) {
        Some(Ok(seconds)) => Value::Duration(Seconds(seconds)),
        _ => Value::Unknown(unusable(GET_QUEUE_ATTRIBUTES, "the retention period is no number of seconds")),
    }
}

/// The queue that a redrive policy names; queues without one have no such attribute.
fn dead_letter_target(policy: Option<&String>) -> Value {
    let Some(policy) = policy.filter(|policy| !policy.is_empty()) else { return Value::Null };
    match serde_json::from_str::<serde_json::Value>(policy) {
        Ok(policy) => policy.get("deadLetterTargetArn").and_then(|arn| arn.as_str()).into(),
        Err(error) => {
            Value::Unknown(unusable(GET_QUEUE_ATTRIBUTES, &format!("the redrive policy is no JSON: {error}")))
        }
    }
}

async fn tags(task: &Task, client: &Client, url: &str) -> Fields {
    if !task.wants(&QUEUE, LIST_QUEUE_TAGS) {
        return Fields::new();
    }
    let answer = task.call(LIST_QUEUE_TAGS, client.list_queue_tags().queue_url(url).send()).await;
    fields!(answer, QUEUE, |answer| {
        "tags": Tags::new(answer.tags.unwrap_or_default().into_iter().map(|(key, value)| (Some(key), Some(value)))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_texts() {
        let text = str::to_owned;
        assert_eq!(retention_period(Some(&text("345600"))), Value::Duration(Seconds::from_days(4)));
        assert!(retention_period(None).as_unknown().is_some());
        let policy = r#"{"deadLetterTargetArn":"arn:aws:sqs:ap-northeast-1:111111111111:dlq","maxReceiveCount":5}"#;
        assert_eq!(dead_letter_target(Some(&text(policy))), Value::from("arn:aws:sqs:ap-northeast-1:111111111111:dlq"));
        assert_eq!(dead_letter_target(None), Value::Null);
        assert_eq!(dead_letter_target(Some(&text(""))), Value::Null);
        assert!(dead_letter_target(Some(&text("{"))).as_unknown().is_some());
    }
}
