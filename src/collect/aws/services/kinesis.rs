//! Amazon Kinesis Data Streams.

use std::sync::Arc;

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::types as sdk;

use super::convert::{Tags, arn, unusable};
use super::{Fields, complete, fields, pages};
use crate::collect::aws::Task;
use crate::model::operation::{DESCRIBE_STREAM_SUMMARY, LIST_STREAMS, LIST_TAGS_FOR_STREAM};
use crate::model::types::kinesis::STREAM;
use crate::model::{Resource, Seconds};

/// The largest pages of streams and of tags.
const PAGE: i32 = 1000;
const TAG_PAGE: i32 = 50;

/// Reads the streams of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&STREAM, LIST_STREAMS) {
        return Vec::new();
    }
    let client = &task.clients.kinesis();
    let listing = pages(
        LIST_STREAMS,
        |last| {
            let request = client.list_streams().limit(PAGE).set_exclusive_start_stream_name(last);
            task.call(LIST_STREAMS, request.send())
        },
        |page| {
            let last = page.stream_names.last().filter(|_| page.has_more_streams).cloned();
            (Some(page.stream_names), last)
        },
    )
    .await;
    let streams = listing.into_resources(task, &STREAM, LIST_STREAMS, |name| {
        let mut resource = task.resource(&STREAM, &name);
        resource.arn = arn(task, "kinesis", &format!("stream/{name}"));
        Some(resource)
    });
    complete(streams, |stream| read(task, client, Arc::clone(&stream.id))).await
}

/// Reads what is wanted of one stream.
async fn read(task: &Task, client: &Client, name: Arc<str>) -> Fields {
    let (summary, tags) = tokio::join!(summary(task, client, &name), tags(task, client, &name));
    [summary, tags].concat()
}

async fn summary(task: &Task, client: &Client, name: &str) -> Fields {
    if !task.wants(&STREAM, DESCRIBE_STREAM_SUMMARY) {
        return Fields::new();
    }
    let request = client.describe_stream_summary().stream_name(name).send();
    let summary = task.call(DESCRIBE_STREAM_SUMMARY, request).await.and_then(|answer| {
        answer
            .stream_description_summary
            .ok_or_else(|| unusable(DESCRIBE_STREAM_SUMMARY, "the answer describes no stream"))
    });
    fields!(summary, STREAM, |summary| {
        "status": summary.stream_status.as_str(),
        "retention_period": Seconds(i64::from(summary.retention_period_hours) * 3600),
        "stream_mode": summary.stream_mode_details.as_ref().map(|details| details.stream_mode.as_str()),
    })
}

async fn tags(task: &Task, client: &Client, name: &str) -> Fields {
    if !task.wants(&STREAM, LIST_TAGS_FOR_STREAM) {
        return Fields::new();
    }
    let listing = pages(
        LIST_TAGS_FOR_STREAM,
        |last| {
            let request = client.list_tags_for_stream().stream_name(name).limit(TAG_PAGE);
            task.call(LIST_TAGS_FOR_STREAM, request.set_exclusive_start_tag_key(last).send())
        },
        |page| {
            let last = page.tags.last().filter(|_| page.has_more_tags).map(|tag: &sdk::Tag| tag.key.clone());
            (Some(page.tags), last)
        },
    )
    .await;
    fields!(listing.complete(), STREAM, |tags| {
        "tags": Tags::new(tags.into_iter().map(|tag| (Some(tag.key), tag.value))),
    })
}
