//! The strategy that is really in place, by what the DR Region holds.
//!
//! "Disaster recovery options in the cloud" (AWS whitepaper) tells the strategies apart by what runs and what is copied:
//! copies alone are backup and restore, live data without capacity is a pilot light, live data with some capacity is a
//! warm standby, and with the capacity of the primary Region it is ready for active/active. Whether the DR Region serves
//! requests cannot be seen from outside.

use std::sync::Arc;

use super::recovery::Store;
use crate::judge::Owner;
use crate::model::types::autoscaling::AUTO_SCALING_GROUP;
use crate::model::types::ec2::INSTANCE;
use crate::model::types::ecs::SERVICE;
use crate::model::types::workload::{STRATEGY_IN_PLACE, WORKLOAD};
use crate::model::{Resource, ResourceType, Unknown, Value};
use crate::{record, slot};

/// What the workload in that place of the list has in its DR Region; null without one.
pub fn in_place(
    place: u32,
    workload: &Resource,
    stores: &[&Store<'_>],
    resources: &[Resource],
    owners: &[Owner],
) -> Value {
    let text = |slot: usize| workload.get(slot).as_str();
    let Some(dr) = text(slot!(WORKLOAD, "dr_region")) else { return Value::Null };
    let primary = text(slot!(WORKLOAD, "primary_region"));
    let (mut live, mut copied, mut without, mut open) = (0_i64, 0_i64, 0_i64, None::<Arc<Unknown>>);
    for store in stores.iter().filter(|store| &*resources[store.place].region != dr) {
        match store.in_dr_region() {
            Some(true) => live += 1,
            Some(false) => copied += 1,
            None => match store.open_for_region() {
                Some(unknown) => {
                    open.get_or_insert(unknown);
                }
                None => without += 1,
            },
        }
    }
    let capacity_of = |region: &str| capacity(place, region, resources, owners);
    let there = capacity_of(dr);
    let here = primary.map_or(Ok(0), capacity_of);
    let strategy = match (&there, &here) {
        (Ok(there), Ok(here)) if live > 0 && *there > 0 && there >= here => Ok("active_active"),
        (Ok(there), Ok(_)) if live > 0 && *there > 0 => Ok("warm_standby"),
        (Ok(0), _) if live > 0 => Ok("pilot_light"),
        (Err(unknown), _) | (_, Err(unknown)) if live > 0 => Err(Arc::clone(unknown)),
        _ => match open {
            // A store that could not be looked at may be live there.
            Some(unknown) => Err(unknown),
            None if copied > 0 => Ok("backup_restore"),
            None => Ok("none"),
        },
    };
    let count = |capacity: Result<i64, Arc<Unknown>>| capacity.map_or_else(Value::Unknown, Value::Int);
    record!(STRATEGY_IN_PLACE {
        "strategy": strategy.map_or_else(Value::Unknown, Value::str),
        "live_stores": live,
        "copied_stores": copied,
        "stores_without": without,
        "dr_capacity": count(there),
        "primary_capacity": count(here),
    })
}

/// How many instances and tasks run in a Region, as they are asked for. Instances of an Auto Scaling group count once,
/// through their group.
fn capacity(place: u32, region: &str, resources: &[Resource], owners: &[Owner]) -> Result<i64, Arc<Unknown>> {
    type Count = fn(&Resource) -> Result<i64, Arc<Unknown>>;

    let counted: [(&'static ResourceType, Count); 3] = [
        (&AUTO_SCALING_GROUP, |group| number(group.get(slot!(AUTO_SCALING_GROUP, "desired_capacity")))),
        (&SERVICE, |service| number(service.get(slot!(SERVICE, "desired_count")))),
        (&INSTANCE, |instance| match instance.get(slot!(INSTANCE, "state")) {
            Value::Unknown(unknown) => Err(Arc::clone(unknown)),
            state => match instance.get(slot!(INSTANCE, "auto_scaling_group")) {
                Value::Unknown(unknown) => Err(Arc::clone(unknown)),
                group => Ok(i64::from(state.as_str() == Some("running") && group.is_null())),
            },
        }),
    ];
    let (mut sum, mut open) = (0_i64, None);
    for (resource, owner) in resources.iter().zip(owners).filter(|(resource, _)| &*resource.region == region) {
        let Some((_, count)) = counted.iter().find(|(ty, _)| *ty == resource.ty) else { continue };
        match owner {
            Owner::Workload(owner) if *owner == place => {}
            Owner::Workload(_) => continue,
            Owner::Unknown(unknown) => {
                open.get_or_insert_with(|| Arc::clone(unknown));
                continue;
            }
        }
        match count(resource) {
            Ok(number) => sum = sum.saturating_add(number),
            Err(unknown) => {
                open.get_or_insert(unknown);
            }
        }
    }
    match open {
        Some(unknown) => Err(unknown),
        None => Ok(sum),
    }
}

fn number(value: &Value) -> Result<i64, Arc<Unknown>> {
    match value {
        Value::Unknown(unknown) => Err(Arc::clone(unknown)),
        value => Ok(value.as_int().unwrap_or(0)),
    }
}
