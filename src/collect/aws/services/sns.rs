//! Amazon SNS.

use super::convert::Arn;
use super::{fill, pages};
use crate::collect::aws::Task;
use crate::model::Resource;
use crate::model::operation::LIST_SUBSCRIPTIONS;
use crate::model::types::sns::SUBSCRIPTION;

/// Reads the subscriptions of a Region: one listing for all topics.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&SUBSCRIPTION, LIST_SUBSCRIPTIONS) {
        return Vec::new();
    }
    let client = &task.clients.sns();
    let listing = pages(
        LIST_SUBSCRIPTIONS,
        |token| task.call(LIST_SUBSCRIPTIONS, client.list_subscriptions().set_next_token(token).send()),
        |page| (page.subscriptions, page.next_token),
    )
    .await;
    let mut unconfirmed = 0;
    listing.into_resources(task, &SUBSCRIPTION, LIST_SUBSCRIPTIONS, |subscription| {
        let topic = subscription.topic_arn?;
        // Until it is confirmed a word such as PendingConfirmation stands where its ARN will be.
        let arn = subscription.subscription_arn.filter(|arn| Arn::parse(arn).is_some());
        let id = arn.clone().unwrap_or_else(|| {
            unconfirmed += 1;
            format!("{topic}:unconfirmed-{unconfirmed}")
        });
        let mut resource = task.resource(&SUBSCRIPTION, &id);
        fill!(resource, SUBSCRIPTION {
            "topic_arn": topic,
            "protocol": subscription.protocol,
            "confirmed": arn.is_some(),
        });
        resource.arn = arn.unwrap_or_default().into();
        Some(resource)
    })
}
