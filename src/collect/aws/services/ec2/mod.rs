//! Amazon EC2: one file for each part of it.

mod connectivity;
mod instances;
mod network;
mod storage;

use aws_sdk_ec2::types as sdk;

use crate::collect::aws::Task;
use crate::collect::aws::services::convert::Tags;
use crate::model::{Resource, Value};

/// Reads what EC2 has in a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    let client = &task.clients.ec2();
    let (network, instances, storage, connectivity) = tokio::join!(
        network::collect(task, client),
        instances::collect(task, client),
        storage::collect(task, client),
        connectivity::collect(task, client),
    );
    [network, instances, storage, connectivity].concat()
}

/// The tags as a value; the `Name` tag becomes the name of the resource.
fn tags(resource: &mut Resource, tags: Option<Vec<sdk::Tag>>) -> Value {
    let tags = Tags::new(tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)));
    if let Some(name) = tags.name() {
        resource.name = name;
    }
    tags.into()
}
