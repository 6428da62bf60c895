//! Amazon SNS.

use super::{BOOL, STR, api};
use crate::model::operation;
use crate::model::schema::ResourceType;

/// A subscription. Where it delivers to is not kept: addresses are personal, and URLs may hold secrets.
pub static SUBSCRIPTION: ResourceType = ResourceType {
    name: "AWS::SNS::Subscription",
    title: ("SNSサブスクリプション", "SNS subscription"),
    service: "sns",
    listed_by: Some(operation::LIST_SUBSCRIPTIONS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("topic_arn", STR, operation::LIST_SUBSCRIPTIONS, "The topic."),
        api("protocol", STR, operation::LIST_SUBSCRIPTIONS, "How it delivers: email, https, sqs, lambda, ..."),
        api("confirmed", BOOL, operation::LIST_SUBSCRIPTIONS, "Whether its endpoint has confirmed it."),
    ],
};
