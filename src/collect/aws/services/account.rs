//! AWS Account Management.

use aws_sdk_account::Client;
use aws_sdk_account::error::ProvideErrorMetadata;
use aws_sdk_account::operation::get_alternate_contact::GetAlternateContactOutput;
use aws_sdk_account::types::{self as sdk, AlternateContactType};

use super::{fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{GET_ALTERNATE_CONTACT, LIST_REGIONS};
use crate::model::types::account::{ALTERNATE_CONTACTS, REGION};
use crate::model::{Resource, Value};

/// The largest page that the operation accepts.
const PAGE: i32 = 50;

/// Reads the Regions and the alternate contacts of an account.
pub async fn collect(task: &Task) -> Vec<Resource> {
    let client = &task.clients.account();
    let (mut resources, contacts) = tokio::join!(regions(task, client), alternate_contacts(task, client));
    resources.extend(contacts);
    resources
}

async fn regions(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&REGION, LIST_REGIONS) {
        return Vec::new();
    }
    let listing = pages(
        LIST_REGIONS,
        |token| task.call(LIST_REGIONS, client.list_regions().max_results(PAGE).set_next_token(token).send()),
        |page| (page.regions, page.next_token),
    )
    .await;
    listing.into_resources(task, &REGION, LIST_REGIONS, |region| {
        let mut resource = task.resource(&REGION, &region.region_name?);
        let status = region.region_opt_status.as_ref().map(sdk::RegionOptStatus::as_str);
        fill!(resource, REGION { "opt_status": status });
        Some(resource)
    })
}

async fn alternate_contacts(task: &Task, client: &Client) -> Option<Resource> {
    if !task.wants(&ALTERNATE_CONTACTS, GET_ALTERNATE_CONTACT) {
        return None;
    }
    let (operations, security) = tokio::join!(
        alternate_contact(task, client, AlternateContactType::Operations),
        alternate_contact(task, client, AlternateContactType::Security),
    );
    let mut resource = task.resource(&ALTERNATE_CONTACTS, &task.key.account);
    fill!(resource, ALTERNATE_CONTACTS { "operations": operations, "security": security });
    Some(resource)
}

/// Whether there is a contact of that type. Who it is stays out of the snapshot.
async fn alternate_contact(task: &Task, client: &Client, kind: AlternateContactType) -> Value {
    let request = client.get_alternate_contact().alternate_contact_type(kind).send();
    let answer = task.call_unless(GET_ALTERNATE_CONTACT, request, |error| {
        let none = error.code() == Some("ResourceNotFoundException");
        none.then(|| GetAlternateContactOutput::builder().build())
    });
    match answer.await {
        Ok(answer) => Value::Bool(answer.alternate_contact.is_some()),
        Err(unknown) => Value::Unknown(unknown),
    }
}
