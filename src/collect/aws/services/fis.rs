//! AWS Fault Injection Service.

use aws_sdk_fis::types as sdk;

use super::convert::{Tags, time};
use super::{fill, pages};
use crate::collect::aws::Task;
use crate::model::Resource;
use crate::model::operation::LIST_EXPERIMENTS;
use crate::model::types::fis::EXPERIMENT;

/// The largest page that the operation accepts.
const PAGE: i32 = 100;

/// Reads the experiments of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&EXPERIMENT, LIST_EXPERIMENTS) {
        return Vec::new();
    }
    let client = &task.clients.fis();
    let listing = pages(
        LIST_EXPERIMENTS,
        |token| {
            let request = client.list_experiments().max_results(PAGE).set_next_token(token);
            task.call(LIST_EXPERIMENTS, request.send())
        },
        |page| (page.experiments, page.next_token),
    )
    .await;
    listing.into_resources(task, &EXPERIMENT, LIST_EXPERIMENTS, |experiment| {
        let mut resource = task.resource(&EXPERIMENT, &experiment.id?);
        resource.arn = experiment.arn.unwrap_or_default().into();
        let tags =
            Tags::new(experiment.tags.unwrap_or_default().into_iter().map(|(key, value)| (Some(key), Some(value))));
        if let Some(name) = tags.name() {
            resource.name = name;
        }
        let status = experiment.state.and_then(|state| state.status);
        fill!(resource, EXPERIMENT {
            "tags": tags,
            "status": status.as_ref().map(sdk::ExperimentStatus::as_str),
            "created": time(experiment.creation_time),
        });
        Some(resource)
    })
}
