//! Load balancing: in which zones the targets of a target group are.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{Derived, Estate, Linker, Unlisted, outside, part};
use crate::model::schema::ResourceType;
use crate::model::types::ec2::INSTANCE;
use crate::model::types::elbv2::{TARGET, TARGET_GROUP, ZONE_TARGETS};
use crate::model::{Resource, Value};
use crate::{record, slot};

pub(super) struct TargetGroups<'a> {
    instances: HashMap<(&'a str, &'a str, &'a str), &'a Resource>,
    unlisted: Unlisted<'a>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &TARGET_GROUP
}

impl Linker for TargetGroups<'_> {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        let (zones, count) = match resource.get(slot!(TARGET_GROUP, "targets")) {
            Value::List(targets) => {
                let serving: Vec<&Value> = targets.iter().filter(|target| serves(target)).collect();
                let count = Value::Int(i64::try_from(serving.len()).unwrap_or(i64::MAX));
                (self.by_zone(resource, &serving), count)
            }
            other => (other.clone(), other.clone()),
        };
        vec![(slot!(TARGET_GROUP, "target_zones"), zones), (slot!(TARGET_GROUP, "target_count"), count)]
    }
}

/// Whether a target gets traffic, or would if it were healthy.
fn serves(target: &Value) -> bool {
    !matches!(part(target, slot!(TARGET, "state")).as_str(), Some("draining" | "unhealthy.draining" | "unused"))
}

impl<'a> TargetGroups<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let place = |instance: &&'a Resource| (&*instance.account, &*instance.region, &*instance.id);
        Self {
            instances: estate.of(&INSTANCE).iter().map(|instance| (place(instance), *instance)).collect(),
            unlisted: estate.unlisted.clone(),
        }
    }

    /// The targets by zone; unknown as a whole as soon as one target may be anywhere.
    fn by_zone(&self, group: &Resource, targets: &[&Value]) -> Value {
        let mut zones: BTreeMap<Arc<str>, (i64, Result<i64, Value>)> = BTreeMap::new();
        for target in targets {
            let zone = match self.zone(group, target) {
                Value::Str(zone) => zone,
                unknown => return unknown,
            };
            let (count, healthy) = zones.entry(zone).or_insert((0, Ok(0)));
            *count += 1;
            match part(target, slot!(TARGET, "state")).as_str() {
                Some("healthy") => *healthy = healthy.clone().map(|healthy| healthy + 1),
                Some("unhealthy" | "initial") => {}
                // Not checked, or the load balancer cannot say.
                _ => *healthy = Err(outside("the health of targets that are not checked".to_owned())),
            }
        }
        Value::list(zones.into_iter().map(|(zone, (count, healthy))| {
            record!(ZONE_TARGETS {
                "availability_zone": Value::Str(zone),
                "targets": count,
                "healthy": healthy.map_or_else(|unknown| unknown, Value::Int),
            })
        }))
    }

    /// The zone of a target. AWS gives that of an IP address; an instance is where it runs.
    fn zone(&self, group: &Resource, target: &Value) -> Value {
        let id = part(target, slot!(TARGET, "id")).as_str().unwrap_or_default();
        match part(target, slot!(TARGET, "availability_zone")) {
            // An address outside of the VPC.
            Value::Str(zone) if &**zone == "all" => outside(format!("the zone of {id}")),
            Value::Str(zone) => Value::Str(Arc::clone(zone)),
            _ => match self.instances.get(&(&*group.account, &*group.region, id)) {
                Some(instance) => match instance.get(slot!(INSTANCE, "availability_zone")) {
                    Value::Null => outside(format!("the zone of {id}")),
                    zone => zone.clone(),
                },
                None => {
                    let unlisted = self.unlisted.value_near(&INSTANCE, group);
                    unlisted.unwrap_or_else(|| outside(format!("the zone of {id}")))
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn target(id: &str, zone: Option<&str>, state: &str) -> Value {
        record!(TARGET { "id": id, "port": 80, "availability_zone": zone, "state": state })
    }

    fn zones(targets: Vec<Value>) -> Value {
        let mut instance = Resource::new(&INSTANCE, "111111111111", "ap-northeast-1", "i-1");
        instance.set(slot!(INSTANCE, "availability_zone"), "ap-northeast-1a");
        let mut group = Resource::new(&TARGET_GROUP, "111111111111", "ap-northeast-1", "g");
        group.set(slot!(TARGET_GROUP, "targets"), Value::list(targets));
        let estate = [instance];
        TargetGroups::new(&Estate::new(&estate, Timestamp::UNIX_EPOCH)).derive(&group).remove(0).1
    }

    #[test]
    fn an_instance_is_where_it_runs_and_an_address_where_aws_says() {
        let zone = |zone: &str, targets: i64, healthy: i64| record!(ZONE_TARGETS { "availability_zone": zone, "targets": targets, "healthy": healthy });
        let found = zones(vec![
            target("10.0.0.1", Some("ap-northeast-1c"), "unhealthy"),
            target("i-1", None, "healthy"),
            target("10.0.0.2", Some("ap-northeast-1a"), "initial"),
            target("i-leaving", None, "draining"),
        ]);
        assert_eq!(found, Value::list([zone("ap-northeast-1a", 2, 1), zone("ap-northeast-1c", 1, 0)]));
    }

    #[test]
    fn a_target_that_may_be_anywhere_leaves_the_zones_open() {
        for somewhere in [target("192.0.2.1", Some("all"), "healthy"), target("i-other", None, "healthy")] {
            assert!(zones(vec![target("i-1", None, "healthy"), somewhere]).as_unknown().is_some());
        }
    }

    #[test]
    fn health_that_is_not_checked_is_not_known() {
        let found = zones(vec![target("i-1", None, "unavailable")]);
        let zone = found.as_list().unwrap()[0].clone();
        assert!(part(&zone, slot!(ZONE_TARGETS, "healthy")).as_unknown().is_some());
    }
}
