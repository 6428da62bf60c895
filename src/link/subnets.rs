//! What runs in subnets, and so in zones: ECS services, EKS node groups, Lambda functions.

use std::collections::{BTreeSet, HashMap};

use super::{Derived, Estate, Linker, Unlisted, outside};
use crate::model::schema::ResourceType;
use crate::model::types::ec2::SUBNET;
use crate::model::types::ecs::SERVICE;
use crate::model::types::eks::NODEGROUP;
use crate::model::types::lambda::FUNCTION;
use crate::model::{Resource, Value};
use crate::slot;

/// The subnets as each account sees them: a shared one is listed in its owner's account and in those it is shared with.
pub(super) struct Subnets<'a> {
    by_place: HashMap<(&'a str, &'a str, &'a str), &'a Resource>,
    unlisted: Unlisted<'a>,
}

impl<'a> Subnets<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let place = |subnet: &&'a Resource| (&*subnet.account, &*subnet.region, &*subnet.id);
        Self {
            by_place: estate.of(&SUBNET).iter().map(|subnet| (place(subnet), *subnet)).collect(),
            unlisted: estate.unlisted.clone(),
        }
    }

    /// The subnet of that id as the account of a resource sees it, or why it is not known.
    pub(super) fn near(&self, resource: &Resource, id: &str) -> Result<&'a Resource, Value> {
        self.by_place.get(&(&*resource.account, &*resource.region, id)).copied().ok_or_else(|| {
            self.unlisted.value_near(&SUBNET, resource).unwrap_or_else(|| outside(format!("subnet {id}")))
        })
    }

    /// The zone ids of the subnets of a resource, each once: all of them, or why they are not known.
    fn zone_ids(&self, resource: &Resource, subnets: &Value) -> Result<BTreeSet<String>, Value> {
        let ids = match subnets {
            Value::List(ids) => ids.iter(),
            other => return Err(other.clone()),
        };
        let mut zones = BTreeSet::new();
        for id in ids {
            match id {
                Value::Str(id) => match self.near(resource, id)?.get(slot!(SUBNET, "availability_zone_id")) {
                    Value::Str(zone) => {
                        zones.insert(zone.to_string());
                    }
                    other => return Err(other.clone()),
                },
                other => return Err(other.clone()),
            }
        }
        Ok(zones)
    }
}

fn listed(zones: Result<BTreeSet<String>, Value>) -> Value {
    match zones {
        Ok(zones) => Value::list(zones.into_iter().map(Value::from)),
        Err(unknown) => unknown,
    }
}

/// What has subnets.
pub(super) struct Tenants<'a> {
    subnets: Subnets<'a>,
    /// The node groups of a cluster.
    groups: HashMap<(&'a str, &'a str, &'a str), Vec<&'a Resource>>,
    unlisted: Unlisted<'a>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    [&SERVICE, &NODEGROUP, &FUNCTION].contains(&ty)
}

impl Linker for Tenants<'_> {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        if resource.ty == &SERVICE {
            let zones = match resource.get(slot!(SERVICE, "subnets")) {
                Value::Null => outside(format!("the container instances that {} runs on", resource.name)),
                subnets => listed(self.subnets.zone_ids(resource, subnets)),
            };
            vec![(slot!(SERVICE, "zone_ids"), zones)]
        } else if resource.ty == &NODEGROUP {
            let zones = listed(self.subnets.zone_ids(resource, resource.get(slot!(NODEGROUP, "subnets"))));
            vec![
                (slot!(NODEGROUP, "zone_ids"), zones),
                (slot!(NODEGROUP, "cluster_zone_ids"), listed(self.of_cluster(resource))),
            ]
        } else {
            let zones = listed(self.subnets.zone_ids(resource, resource.get(slot!(FUNCTION, "subnets"))));
            vec![(slot!(FUNCTION, "zone_ids"), zones)]
        }
    }
}

impl<'a> Tenants<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut groups: HashMap<_, Vec<&Resource>> = HashMap::new();
        for group in estate.of(&NODEGROUP) {
            if let Some(cluster) = group.get(slot!(NODEGROUP, "cluster")).as_str() {
                groups.entry((&*group.account, &*group.region, cluster)).or_default().push(group);
            }
        }
        Self { subnets: Subnets::new(estate), groups, unlisted: estate.unlisted.clone() }
    }

    /// The zone ids of all node groups of the cluster that a node group belongs to.
    fn of_cluster(&self, group: &Resource) -> Result<BTreeSet<String>, Value> {
        let cluster = group.get(slot!(NODEGROUP, "cluster"));
        let Some(name) = cluster.as_str() else { return Err(cluster.clone()) };
        if let Some(unknown) = self.unlisted.value_near(&NODEGROUP, group) {
            return Err(unknown);
        }
        let groups = self.groups.get(&(&*group.account, &*group.region, name)).map(Vec::as_slice).unwrap_or_default();
        let mut zones = BTreeSet::new();
        for group in groups {
            zones.extend(self.subnets.zone_ids(group, group.get(slot!(NODEGROUP, "subnets")))?);
        }
        Ok(zones)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn subnet(account: &str, id: &str, zone: &str) -> Resource {
        let mut subnet = Resource::new(&SUBNET, account, "ap-northeast-1", id);
        // Another account shares it.
        subnet.arn = format!("arn:aws:ec2:ap-northeast-1:333333333333:subnet/{id}").into();
        subnet.set(slot!(SUBNET, "availability_zone_id"), zone);
        subnet
    }

    fn function(subnets: &[&str]) -> Resource {
        let mut function = Resource::new(&FUNCTION, "111111111111", "ap-northeast-1", "f");
        function.set(slot!(FUNCTION, "subnets"), Value::list(subnets.iter().map(Value::str)));
        function
    }

    fn zones(estate: &[Resource], function: &Resource) -> Value {
        Tenants::new(&Estate::new(estate, Timestamp::UNIX_EPOCH)).derive(function).remove(0).1
    }

    #[test]
    fn a_shared_subnet_is_found_where_it_is_used() {
        let estate = [subnet("111111111111", "subnet-a", "apne1-az4"), subnet("111111111111", "subnet-b", "apne1-az4")];
        assert_eq!(zones(&estate, &function(&["subnet-a", "subnet-b"])), Value::list([Value::str("apne1-az4")]));
        assert_eq!(zones(&estate, &function(&[])), Value::list([]));
    }

    #[test]
    fn a_subnet_that_nobody_listed_leaves_the_zones_open() {
        let estate = [subnet("111111111111", "subnet-a", "apne1-az4")];
        assert!(zones(&estate, &function(&["subnet-a", "subnet-x"])).as_unknown().is_some());
    }
}
