//! Region switch of Amazon Application Recovery Controller.

use aws_sdk_arcregionswitch::types as sdk;

use super::convert::strings;
use super::{fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::LIST_REGION_SWITCH_PLANS;
use crate::model::types::arcregionswitch::PLAN;
use crate::model::{Resource, Value};

/// Reads the plans of an account, from the control plane that has them all.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&PLAN, LIST_REGION_SWITCH_PLANS) {
        return Vec::new();
    }
    let client = &task.clients.arcregionswitch();
    let listing = pages(
        LIST_REGION_SWITCH_PLANS,
        |token| task.call(LIST_REGION_SWITCH_PLANS, client.list_plans().set_next_token(token).send()),
        |page| (page.plans, page.next_token),
    )
    .await;
    listing.into_resources(task, &PLAN, LIST_REGION_SWITCH_PLANS, |plan: sdk::AbbreviatedPlan| {
        // Plans of different accounts may have one name; the part behind it tells them apart.
        let id = plan.arn.split_once("plan/").map_or(&*plan.arn, |(_, id)| id);
        let mut resource = task.resource(&PLAN, id);
        resource.name = plan.name.into();
        fill!(resource, PLAN {
            "regions": strings(Some(plan.regions)),
            "primary_region": plan.primary_region,
            "recovery_approach": plan.recovery_approach.as_str(),
            "recovery_time_objective_minutes": plan.recovery_time_objective_minutes.map_or(Value::Null, Value::from),
        });
        resource.arn = plan.arn.into();
        Some(resource)
    })
}
