//! Incident Manager.

use std::sync::Arc;

use aws_sdk_ssmincidents::Client;

use super::convert::{strings, unusable};
use super::{Fields, complete, fields, pages};
use crate::collect::aws::Task;
use crate::model::Resource;
use crate::model::operation::{GET_REPLICATION_SET, LIST_REPLICATION_SETS};
use crate::model::types::ssm_incidents::REPLICATION_SET;

/// Reads the replication set of an account, as each of its Regions lists it.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&REPLICATION_SET, LIST_REPLICATION_SETS) {
        return Vec::new();
    }
    let client = &task.clients.ssmincidents();
    let listing = pages(
        LIST_REPLICATION_SETS,
        |token| {
            let request = client.list_replication_sets().set_next_token(token);
            task.call(LIST_REPLICATION_SETS, request.send())
        },
        |page| (Some(page.replication_set_arns), page.next_token),
    )
    .await;
    let sets = listing.into_resources(task, &REPLICATION_SET, LIST_REPLICATION_SETS, |arn| {
        let id = arn.rsplit('/').next().filter(|id| !id.is_empty())?;
        let mut resource = task.resource(&REPLICATION_SET, id);
        resource.arn = arn.into();
        Some(resource)
    });
    if !task.wants(&REPLICATION_SET, GET_REPLICATION_SET) {
        return sets;
    }
    complete(sets, |set| details(task, client, Arc::clone(&set.arn))).await
}

async fn details(task: &Task, client: &Client, arn: Arc<str>) -> Fields {
    let answer = task.call(GET_REPLICATION_SET, client.get_replication_set().arn(&*arn).send()).await;
    let set = answer.and_then(|answer| {
        answer.replication_set.ok_or_else(|| unusable(GET_REPLICATION_SET, "the answer holds no replication set"))
    });
    fields!(set, REPLICATION_SET, |set| {
        "status": set.status.as_str(),
        "deletion_protected": set.deletion_protected,
        "regions": {
            let mut regions: Vec<String> = set.region_map.into_keys().collect();
            regions.sort_unstable();
            strings(Some(regions))
        },
    })
}
