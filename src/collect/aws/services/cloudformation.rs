//! AWS CloudFormation.

use std::sync::Arc;

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::types as sdk;

use super::convert::{Tags, list, time, unheld};
use super::{Fields, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::collect::template::hard_coded;
use crate::model::operation::{DESCRIBE_STACKS, GET_TEMPLATE, LIST_STACK_RESOURCES};
use crate::model::types::cloudformation::{HARD_CODED, STACK, STACK_RESOURCE};
use crate::model::{Resource, Value};
use crate::{record, slot};

/// Reads the stacks of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&STACK, DESCRIBE_STACKS) {
        return Vec::new();
    }
    let client = &task.clients.cloudformation();
    let listing = pages(
        DESCRIBE_STACKS,
        |token| task.call(DESCRIBE_STACKS, client.describe_stacks().set_next_token(token).send()),
        |page| (page.stacks, page.next_token),
    )
    .await;
    let stacks = listing.into_resources(task, &STACK, DESCRIBE_STACKS, |stack| {
        // A deleted stack leaves its name to the next one, the ARN tells them apart.
        let (name, arn) = (stack.stack_name?, stack.stack_id?);
        let mut resource = task.resource(&STACK, &name);
        resource.arn = arn.into();
        let drift = stack.drift_information;
        fill!(resource, STACK {
            "tags": Tags::new(stack.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value))),
            "status": stack.stack_status.as_ref().map(sdk::StackStatus::as_str),
            "parent_id": stack.parent_id,
            "termination_protection": stack.enable_termination_protection,
            "drift_status": drift
                .as_ref()
                .and_then(|drift| drift.stack_drift_status.as_ref())
                .map(sdk::StackDriftStatus::as_str),
            "drift_checked": time(drift.and_then(|drift| drift.last_check_timestamp)),
        });
        Some(resource)
    });
    let (resources, template) = (task.wants(&STACK, LIST_STACK_RESOURCES), task.wants(&STACK, GET_TEMPLATE));
    complete(stacks, |stack| {
        let arn = Arc::clone(&stack.arn);
        async move {
            let (mut filled, template) = tokio::join!(
                async { if resources { stack_resources(task, client, &arn).await } else { Vec::new() } },
                async { if template { templates(task, client, &arn).await } else { Vec::new() } },
            );
            filled.extend(template);
            filled
        }
    })
    .await
}

async fn stack_resources(task: &Task, client: &Client, stack: &str) -> Fields {
    let listing = pages(
        LIST_STACK_RESOURCES,
        |token| {
            let request = client.list_stack_resources().stack_name(stack).set_next_token(token);
            task.call(LIST_STACK_RESOURCES, request.send())
        },
        |page| (page.stack_resource_summaries, page.next_token),
    )
    .await;
    fields!(listing.complete(), STACK, |resources| {
        // What was deleted, or was never made, has no physical id or is gone.
        "resources": list(
            Some(
                resources
                    .into_iter()
                    .filter(|resource| resource.resource_status != Some(sdk::ResourceStatus::DeleteComplete))
                    .collect(),
            ),
            |resource| record!(STACK_RESOURCE {
                "type": resource.resource_type,
                "physical_id": resource.physical_resource_id,
            }),
        ),
    })
}

async fn templates(task: &Task, client: &Client, stack: &str) -> Fields {
    let answer = task.call(GET_TEMPLATE, client.get_template().stack_name(stack).send()).await;
    let found = match answer {
        Ok(answer) => match hard_coded(&answer.template_body.unwrap_or_default()) {
            Ok(found) => Value::list(found.into_iter().map(
                |found| record!(HARD_CODED { "path": found.path, "kind": found.kind.as_str(), "value": found.value }),
            )),
            Err(error) => unheld(GET_TEMPLATE, &error.to_string()),
        },
        Err(unknown) => Value::Unknown(unknown),
    };
    vec![(slot!(STACK, "hard_coded"), found)]
}
