//! AWS Direct Connect.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_directconnect::Client;
use aws_sdk_directconnect::types as sdk;

use super::convert::{Tags, arn, list};
use super::{fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{DESCRIBE_DIRECT_CONNECT_GATEWAY_ATTACHMENTS, DESCRIBE_VIRTUAL_INTERFACES};
use crate::model::types::directconnect::{ATTACHMENT, VIRTUAL_INTERFACE};
use crate::model::{Resource, Unknown, Value};
use crate::{record, slot};

/// Reads the virtual interfaces of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&VIRTUAL_INTERFACE, DESCRIBE_VIRTUAL_INTERFACES) {
        return Vec::new();
    }
    let client = &task.clients.directconnect();
    let listing = pages(
        DESCRIBE_VIRTUAL_INTERFACES,
        |token| {
            let request = client.describe_virtual_interfaces().set_next_token(token);
            task.call(DESCRIBE_VIRTUAL_INTERFACES, request.send())
        },
        |page| (page.virtual_interfaces, page.next_token),
    )
    .await;
    let mut interfaces = listing.into_resources(task, &VIRTUAL_INTERFACE, DESCRIBE_VIRTUAL_INTERFACES, |interface| {
        let id = interface.virtual_interface_id?;
        let mut resource = task.resource(&VIRTUAL_INTERFACE, &id);
        resource.arn = arn(task, "directconnect", &format!("dxvif/{id}"));
        if let Some(name) = interface.virtual_interface_name.filter(|name| !name.is_empty()) {
            resource.name = name.into();
        }
        let tags = interface.tags.unwrap_or_default().into_iter().map(|tag| (Some(tag.key), tag.value));
        // What is not there comes as an empty text.
        let some = |text: Option<String>| text.filter(|text| !text.is_empty());
        fill!(resource, VIRTUAL_INTERFACE {
            "tags": Tags::new(tags),
            "virtual_interface_type": interface.virtual_interface_type,
            "state": interface.virtual_interface_state.as_ref().map(sdk::VirtualInterfaceState::as_str),
            "location": some(interface.location),
            "connection_id": some(interface.connection_id),
            "virtual_gateway_id": some(interface.virtual_gateway_id),
            "direct_connect_gateway_id": some(interface.direct_connect_gateway_id),
        });
        Some(resource)
    });
    if task.wants(&VIRTUAL_INTERFACE, DESCRIBE_DIRECT_CONNECT_GATEWAY_ATTACHMENTS) {
        fill_attachments(task, client, &mut interfaces).await;
    }
    interfaces
}

/// Asks once for each gateway, however many interfaces it has here.
async fn fill_attachments(task: &Task, client: &Client, interfaces: &mut [Resource]) {
    let mut known: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    for interface in interfaces.iter_mut().filter(|interface| &*interface.id != super::UNLISTED) {
        let attachments = match interface.get(slot!(VIRTUAL_INTERFACE, "direct_connect_gateway_id")) {
            Value::Str(gateway) => match known.get(gateway) {
                Some(attachments) => attachments.clone(),
                None => {
                    let gateway = Arc::clone(gateway);
                    let attachments = match attachments(task, client, &gateway).await {
                        Ok(attachments) => list(Some(attachments), attachment),
                        Err(unknown) => Value::Unknown(unknown),
                    };
                    known.insert(gateway, attachments.clone());
                    attachments
                }
            },
            _ => Value::Null,
        };
        interface.set(slot!(VIRTUAL_INTERFACE, "gateway_attachments"), attachments);
    }
}

async fn attachments(
    task: &Task,
    client: &Client,
    gateway: &str,
) -> Result<Vec<sdk::DirectConnectGatewayAttachment>, Arc<Unknown>> {
    let listing = pages(
        DESCRIBE_DIRECT_CONNECT_GATEWAY_ATTACHMENTS,
        |token| {
            let request = client.describe_direct_connect_gateway_attachments().direct_connect_gateway_id(gateway);
            task.call(DESCRIBE_DIRECT_CONNECT_GATEWAY_ATTACHMENTS, request.set_next_token(token).send())
        },
        |page| (page.direct_connect_gateway_attachments, page.next_token),
    );
    listing.await.complete()
}

fn attachment(attachment: sdk::DirectConnectGatewayAttachment) -> Value {
    record!(ATTACHMENT {
        "virtual_interface_id": attachment.virtual_interface_id,
        "region": attachment.virtual_interface_region,
        "state": attachment.attachment_state.as_ref().map(sdk::DirectConnectGatewayAttachmentState::as_str),
    })
}
