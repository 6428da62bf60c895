//! Global Datastores: which Regions a replication group is replicated to.

use std::collections::HashMap;

use super::{Derived, Estate, Linker, Unlisted};
use crate::model::schema::ResourceType;
use crate::model::types::elasticache::{GLOBAL_REPLICATION_GROUP, REPLICATION_GROUP};
use crate::model::{Resource, Unknown, UnknownReason, Value};
use crate::slot;

pub(super) struct Caches<'a> {
    unlisted: Unlisted<'a>,
    /// The Regions of the members, by account and id.
    global: HashMap<(&'a str, &'a str), &'a Value>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &REPLICATION_GROUP
}

impl Linker for Caches<'_> {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        vec![(slot!(REPLICATION_GROUP, "global_datastore_regions"), self.regions(resource))]
    }
}

impl<'a> Caches<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let global = estate.of(&GLOBAL_REPLICATION_GROUP).iter().map(|global| {
            ((&*global.account, &*global.id), global.get(slot!(GLOBAL_REPLICATION_GROUP, "member_regions")))
        });
        Self { unlisted: estate.unlisted.clone(), global: global.collect() }
    }

    fn regions(&self, group: &Resource) -> Value {
        let id = match group.get(slot!(REPLICATION_GROUP, "global_replication_group_id")) {
            Value::Str(id) => id,
            Value::Null => return Value::list([]),
            other => return other.clone(),
        };
        match self.global.get(&(&*group.account, &**id)) {
            Some(Value::List(regions)) => {
                Value::list(regions.iter().filter(|region| region.as_str() != Some(&*group.region)).cloned())
            }
            Some(other) => (*other).clone(),
            None => self.unlisted.value_near(&GLOBAL_REPLICATION_GROUP, group).unwrap_or_else(|| {
                Value::unknown(Unknown::new(UnknownReason::Error, format!("the Global Datastore {id} was not listed")))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::link::link_resources;

    const ACCOUNT: &str = "111111111111";
    const TOKYO: &str = "ap-northeast-1";

    fn group(id: &str, global: Option<&str>) -> Resource {
        let mut group = Resource::new(&REPLICATION_GROUP, ACCOUNT, TOKYO, id);
        group.set(slot!(REPLICATION_GROUP, "global_replication_group_id"), global);
        group
    }

    #[test]
    fn a_group_is_replicated_to_the_other_regions_of_its_global_datastore() {
        let mut global = Resource::new(&GLOBAL_REPLICATION_GROUP, ACCOUNT, "ap-northeast-3", "ldgnf-sessions");
        let regions = [TOKYO, "ap-northeast-3"].map(Value::from);
        global.set(slot!(GLOBAL_REPLICATION_GROUP, "member_regions"), Value::list(regions));
        let mut resources =
            [group("alone", None), group("member", Some("ldgnf-sessions")), group("lost", Some("ldgnf-other")), global];
        link_resources(&mut resources, Timestamp::UNIX_EPOCH);
        let regions = |place: usize| resources[place].get(slot!(REPLICATION_GROUP, "global_datastore_regions"));
        assert_eq!(regions(0), &Value::list([]));
        assert_eq!(regions(1), &Value::list([Value::from("ap-northeast-3")]));
        assert!(regions(2).as_unknown().is_some(), "a Global Datastore that nobody listed is not one without members");
    }
}
