//! Amazon Redshift: what the service itself keeps of a cluster.

use super::{Derived, Estate, Linker};
use crate::model::schema::ResourceType;
use crate::model::types::redshift::CLUSTER;
use crate::model::{Resource, Value};
use crate::slot;

pub(super) struct Warehouses;

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &CLUSTER
}

impl Warehouses {
    pub(super) fn new(_: &Estate<'_>) -> Self {
        Self
    }
}

impl Linker for Warehouses {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        let native_backup = match resource.get(slot!(CLUSTER, "automated_snapshot_retention_period")) {
            Value::Duration(retention) => Value::Bool(retention.0 > 0),
            other => other.clone(),
        };
        let copies = match resource.get(slot!(CLUSTER, "snapshot_copy_region")) {
            Value::Null => Value::list([]),
            region @ Value::Str(_) => Value::list([region.clone()]),
            other => other.clone(),
        };
        vec![
            (slot!(CLUSTER, "held_by"), Value::Null),
            (slot!(CLUSTER, "live_copy_regions"), copies),
            (slot!(CLUSTER, "native_backup"), native_backup),
        ]
    }
}
