//! `MemoryDB` clusters: in which other Regions their multi-Region cluster has members.

use std::collections::{BTreeSet, HashMap};

use super::{Derived, Estate, Linker, Unlisted, open_list, outside};
use crate::model::schema::ResourceType;
use crate::model::types::memorydb::CLUSTER;
use crate::model::{Resource, Value};
use crate::slot;

pub(super) struct Clusters<'a> {
    unlisted: Unlisted<'a>,
    /// By account and multi-Region cluster.
    regions: HashMap<(&'a str, &'a str), BTreeSet<&'a str>>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &CLUSTER
}

impl Linker for Clusters<'_> {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        vec![(slot!(CLUSTER, "multi_region_regions"), self.others(resource))]
    }
}

impl<'a> Clusters<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut regions: HashMap<(&str, &str), BTreeSet<&str>> = HashMap::new();
        for cluster in estate.of(&CLUSTER) {
            if let Some(name) = cluster.get(slot!(CLUSTER, "multi_region_cluster_name")).as_str() {
                regions.entry((&cluster.account, name)).or_default().insert(&cluster.region);
            }
        }
        Self { unlisted: estate.unlisted.clone(), regions }
    }

    fn others(&self, cluster: &Resource) -> Value {
        let name = match cluster.get(slot!(CLUSTER, "multi_region_cluster_name")) {
            Value::Str(name) => name,
            Value::Null => return Value::list([]),
            other => return other.clone(),
        };
        let members = self.regions.get(&(&*cluster.account, &**name)).into_iter().flatten();
        let others: Vec<Value> = members.filter(|region| **region != &*cluster.region).map(Value::str).collect();
        let mut unlisted = self.unlisted.0.iter();
        let unread = unlisted.find(|((ty, account, _), _)| *ty == CLUSTER.name && *account == &*cluster.account);
        match unread {
            // Members in Regions outside the scan do not show.
            None if others.is_empty() => outside(name.to_string()),
            unread => open_list(others, unread.map(|(_, unknown)| *unknown)),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::link::link_resources;

    const ACCOUNT: &str = "111111111111";

    fn cluster(region: &str, id: &str, of: Option<&str>) -> Resource {
        let mut cluster = Resource::new(&CLUSTER, ACCOUNT, region, id);
        cluster.set(slot!(CLUSTER, "multi_region_cluster_name"), of);
        cluster
    }

    #[test]
    fn a_member_knows_the_regions_of_the_others() {
        let mut resources = [
            cluster("ap-northeast-1", "orders", Some("ldgnf-orders")),
            cluster("ap-northeast-3", "orders", Some("ldgnf-orders")),
            cluster("us-west-2", "other", Some("ldgnf-other")),
            cluster("ap-northeast-1", "alone", None),
        ];
        link_resources(&mut resources, Timestamp::UNIX_EPOCH);
        let regions = |place: usize| resources[place].get(slot!(CLUSTER, "multi_region_regions"));
        assert_eq!(regions(0), &Value::list([Value::from("ap-northeast-3")]));
        assert_eq!(regions(1), &Value::list([Value::from("ap-northeast-1")]));
        assert!(regions(2).as_unknown().is_some(), "its other members may lie outside the scan");
        assert_eq!(regions(3), &Value::list([]));
    }
}
