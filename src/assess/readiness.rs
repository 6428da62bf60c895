//! What the accounts of a workload have ready in its DR Region.
//!
//! Which accounts these are only the manifest and the owners of resources tell, so this follows linking: it fills the
//! derived fields of [`WORKLOAD`].

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::judge::Owner;
use crate::link::GLOBAL;
use crate::manifest::{Manifest, Workload};
use crate::model::types::account::REGION;
use crate::model::types::arcregionswitch::PLAN;
use crate::model::types::ec2::{AVAILABILITY_ZONE, SUBNET, VPC};
use crate::model::types::rds::DB_INSTANCE;
use crate::model::types::servicequotas::{QUOTA, QUOTAS};
use crate::model::types::workload::{DR_ACCESS, DR_NETWORK, DR_QUOTA, SWITCH_PLAN, WORKLOAD};
use crate::model::{Resource, ResourceType, Seconds, Unknown, UnknownReason, Value};
use crate::snapshot::Index;
use crate::{record, slot};

/// The types that are looked at.
static TYPES: &[&ResourceType] = &[&AVAILABILITY_ZONE, &VPC, &SUBNET, &DB_INSTANCE, &QUOTA, &PLAN, &REGION];

/// What was listed of a type in one place, or why it was not.
#[derive(Default)]
struct Listed<'a> {
    resources: Vec<&'a Resource>,
    failed: Option<&'a Arc<Unknown>>,
}

/// The resources that readiness is made of, by type, account and Region.
struct Places<'a> {
    listed: HashMap<(&'static str, &'a str, &'a str), Listed<'a>>,
    scanned: HashSet<(&'a str, &'a str)>,
}

/// Fills the derived fields of the workloads. `owners` are those of the resources; only the types that are `judged`
/// have the tags that ownership may need.
pub fn fill(
    workloads: &mut [Resource],
    resources: &[Resource],
    owners: &[Owner],
    judged: &[&'static ResourceType],
    manifest: &Manifest,
    index: &Index,
) {
    let places = Places::new(resources, index);
    for (place, resource) in workloads.iter_mut().enumerate() {
        let workload = manifest.workloads.get(place).unwrap_or(&manifest.default_workload);
        let (accounts, missing) = accounts(workload, place, resources, owners, judged, manifest, index);
        // Without a single account, nothing is known.
        let list = |items: Vec<Value>| match &missing {
            None if accounts.is_empty() => nobody(),
            _ => Value::list(items.into_iter().chain(missing.clone().map(Value::Unknown))),
        };
        let primary = resource.get(slot!(WORKLOAD, "primary_region")).as_str().map(str::to_owned);
        let dr = resource.get(slot!(WORKLOAD, "dr_region")).as_str().map(str::to_owned);
        let both = primary.as_deref().zip(dr.as_deref());
        let each =
            |value: &dyn Fn(&str) -> Vec<Value>| list(accounts.iter().flat_map(|account| value(account)).collect());
        let access = dr.as_deref().map(|dr| each(&|account| vec![places.access(account, dr)]));
        let networks = both.map(|(primary, dr)| each(&|account| vec![places.network(account, primary, dr)]));
        let quotas = both.map(|(primary, dr)| each(&|account| places.quotas(account, primary, dr)));
        let plans = list(accounts.iter().flat_map(|account| places.plans(account)).collect());
        resource.set(slot!(WORKLOAD, "dr_access"), access);
        resource.set(slot!(WORKLOAD, "dr_networks"), networks);
        resource.set(slot!(WORKLOAD, "dr_quotas"), quotas);
        resource.set(slot!(WORKLOAD, "region_switch_plans"), plans);
    }
}

/// The accounts of a workload: those that its selection names, else those of the resources that it owns. The second is
/// why there may be more.
fn accounts(
    workload: &Workload,
    place: usize,
    resources: &[Resource],
    owners: &[Owner],
    judged: &[&'static ResourceType],
    manifest: &Manifest,
    index: &Index,
) -> (BTreeSet<String>, Option<Arc<Unknown>>) {
    if !workload.select.accounts.is_empty() {
        return (workload.select.accounts.iter().cloned().collect(), None);
    }
    if manifest.workloads.is_empty() {
        return (index.accounts.iter().map(|account| account.id.clone()).collect(), None);
    }
    let place = u32::try_from(place).unwrap_or(u32::MAX);
    let (mut accounts, mut open) = (BTreeSet::new(), Vec::new());
    for (resource, owner) in resources.iter().zip(owners).filter(|(resource, _)| judged.contains(&resource.ty)) {
        match owner {
            Owner::Workload(owner) if *owner == place && !accounts.contains(&*resource.account) => {
                accounts.insert(resource.account.to_string());
            }
            Owner::Workload(_) => {}
            Owner::Unknown(unknown) => open.push((&*resource.account, unknown)),
        }
    }
    let missing = open.into_iter().find(|(account, _)| !accounts.contains(*account));
    let missing = missing.map(|(_, unknown)| Arc::clone(unknown));
    (accounts, missing)
}

fn nobody() -> Value {
    Value::unknown(Unknown::new(UnknownReason::OutsideScan, "no resource of the workload was read"))
}

impl<'a> Places<'a> {
    fn new(resources: &'a [Resource], index: &'a Index) -> Self {
        let mut listed: HashMap<(&'static str, &str, &str), Listed<'_>> = HashMap::new();
        for resource in resources.iter().filter(|resource| TYPES.contains(&resource.ty)) {
            let place = listed.entry((resource.ty.name, &resource.account, &resource.region)).or_default();
            match resource.fields.first() {
                Some(Value::Unknown(unknown)) if &*resource.id == "*" => place.failed = Some(unknown),
                _ => place.resources.push(resource),
            }
        }
        let scanned = index.partitions.iter().map(|planned| (&*planned.key.account, &*planned.key.region)).collect();
        Self { listed, scanned }
    }

    /// The resources of a type in one place.
    fn of<'b>(
        &'b self,
        ty: &ResourceType,
        account: &'b str,
        region: &'b str,
    ) -> Result<&'b [&'b Resource], Arc<Unknown>> {
        match self.listed.get(&(ty.name, account, region)) {
            Some(Listed { failed: Some(unknown), .. }) => Err(Arc::clone(unknown)),
            Some(listed) => Ok(&listed.resources),
            None if self.scanned.contains(&(account, region)) => Ok(&[]),
            None => Err(Arc::new(Unknown::new(UnknownReason::OutsideScan, format!("{account} {region}")))),
        }
    }

    fn access(&self, account: &str, region: &str) -> Value {
        let opt_status = match self.of(&REGION, account, GLOBAL) {
            Ok(regions) => regions
                .iter()
                .find(|known| &*known.id == region)
                .map_or(Value::Null, |known| known.get(slot!(REGION, "opt_status")).clone()),
            Err(unknown) => Value::Unknown(unknown),
        };
        let zones = self.of(&AVAILABILITY_ZONE, account, region).map(|zones| {
            let available = zones.iter().filter(|zone| {
                zone.get(slot!(AVAILABILITY_ZONE, "state")).as_str().is_none_or(|state| state == "available")
            });
            count(available.count())
        });
        record!(DR_ACCESS { "account": account, "opt_status": opt_status, "zone_count": or_unknown(zones) })
    }

    fn network(&self, account: &str, primary: &str, dr: &str) -> Value {
        record!(DR_NETWORK {
            "account": account,
            "primary_zone_count": or_unknown(self.zones(account, primary)),
            "dr_zone_count": or_unknown(self.zones(account, dr)),
        })
    }

    /// In how many zones a VPC of a Region has subnets, for the one with the most. Default VPCs are in every Region
    /// whether anybody wants them or not.
    fn zones(&self, account: &str, region: &str) -> Result<Value, Arc<Unknown>> {
        let is_default = |vpc: &&&Resource| vpc.get(slot!(VPC, "is_default")).as_bool() == Some(true);
        let defaults: HashSet<&str> =
            self.of(&VPC, account, region)?.iter().filter(is_default).map(|vpc| &*vpc.id).collect();
        let mut zones: HashMap<&str, HashSet<&str>> = HashMap::new();
        for subnet in self.of(&SUBNET, account, region)? {
            let vpc = subnet.get(slot!(SUBNET, "vpc_id")).as_str().unwrap_or_default();
            let zone = subnet.get(slot!(SUBNET, "availability_zone_id")).as_str();
            if let Some(zone) = zone
                && !defaults.contains(vpc)
            {
                zones.entry(vpc).or_default().insert(zone);
            }
        }
        Ok(count(zones.values().map(HashSet::len).max().unwrap_or(0)))
    }

    fn quotas(&self, account: &str, primary: &str, dr: &str) -> Vec<Value> {
        let quota = |region: &str, id: &str, slot: usize| {
            let quotas = self.of(&QUOTA, account, region)?;
            Ok(quotas.iter().find(|quota| &*quota.id == id).map_or(Value::Null, |quota| quota.get(slot).clone()))
        };
        let used = |ty: &ResourceType| Some(self.of(ty, account, primary).map(|used| count(used.len())));
        let of_code = |(service, code): &(&str, &str)| {
            let id = format!("{service}/{code}");
            let used = match *service {
                "vpc" => used(&VPC),
                "rds" => used(&DB_INSTANCE),
                _ => None,
            };
            let needed = used.unwrap_or_else(|| quota(primary, &id, slot!(QUOTA, "value")));
            let name = quota(dr, &id, slot!(QUOTA, "quota_name")).ok().filter(|name| name.as_str().is_some());
            record!(DR_QUOTA {
                "account": account,
                "name": name.unwrap_or_else(|| Value::from(id.clone())),
                "needed": or_unknown(needed),
                "value": or_unknown(quota(dr, &id, slot!(QUOTA, "value"))),
            })
        };
        QUOTAS.iter().map(of_code).collect()
    }

    fn plans(&self, account: &str) -> Vec<Value> {
        match self.of(&PLAN, account, GLOBAL) {
            Ok(plans) => plans
                .iter()
                .map(|plan| {
                    let rto = match plan.get(slot!(PLAN, "recovery_time_objective_minutes")) {
                        Value::Int(minutes) => Value::Duration(Seconds(minutes.saturating_mul(60))),
                        other => other.clone(),
                    };
                    record!(SWITCH_PLAN {
                        "name": &*plan.name,
                        "regions": plan.get(slot!(PLAN, "regions")).clone(),
                        "rto": rto,
                    })
                })
                .collect(),
            Err(unknown) => vec![Value::Unknown(unknown)],
        }
    }
}

fn or_unknown(value: Result<Value, Arc<Unknown>>) -> Value {
    value.unwrap_or_else(Value::Unknown)
}

fn count(number: usize) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::diagnostic::SourceFile;
    use crate::snapshot::{PartitionKey, ScannedAccount};

    const ACCOUNT: &str = "111111111111";
    const OTHER: &str = "222222222222";
    const TOKYO: &str = "ap-northeast-1";
    const OSAKA: &str = "ap-northeast-3";

    /// A workload in Tokyo with Osaka as its DR Region, judged by these resources; only Tokyo was scanned unless the
    /// scan of Osaka is named.
    fn workload(select: &str, resources: &[Resource], osaka: bool) -> Resource {
        let text = format!(
            "version: 1\norganization: Works\nworkloads:\n  - name: mks\n    select: {select}\n    \
             primary_region: {TOKYO}\n    dr_region: {OSAKA}\n"
        );
        let manifest = Manifest::parse(&SourceFile::new("sonae.yaml", &text)).unwrap();
        let places = [(TOKYO, true), (OSAKA, osaka), (GLOBAL, true)];
        let keys = places.iter().filter(|(_, scanned)| *scanned).map(|(region, _)| PartitionKey {
            account: ACCOUNT.into(),
            region: (*region).into(),
            service: "ec2".into(),
        });
        let accounts = vec![ScannedAccount { id: ACCOUNT.to_owned(), name: String::new() }];
        let index = Index::new(Timestamp::UNIX_EPOCH, accounts, Vec::new(), Vec::new(), keys.collect());
        let owners: Vec<Owner> =
            resources.iter().map(|resource| crate::assess::owner::owner(resource, &manifest)).collect();
        let mut workloads = vec![manifest.workloads[0].resource.clone()];
        fill(&mut workloads, resources, &owners, &[&SUBNET], &manifest, &index);
        workloads.remove(0)
    }

    fn region(status: &str) -> Resource {
        let mut region = Resource::new(&REGION, ACCOUNT, GLOBAL, OSAKA);
        region.set(slot!(REGION, "opt_status"), status);
        region
    }

    fn subnet(region: &str, vpc: &str, zone: &str) -> Resource {
        let mut subnet = Resource::new(&SUBNET, ACCOUNT, region, &format!("{vpc}-{zone}"));
        subnet.set(slot!(SUBNET, "tags"), Value::map([("System", "mks")]));
        subnet.set(slot!(SUBNET, "vpc_id"), vpc);
        subnet.set(slot!(SUBNET, "availability_zone_id"), zone);
        subnet
    }

    fn vpc(region: &str, id: &str, is_default: bool) -> Resource {
        let mut vpc = Resource::new(&VPC, ACCOUNT, region, id);
        vpc.set(slot!(VPC, "is_default"), is_default);
        vpc
    }

    fn only(list: &Value) -> Vec<Value> {
        match list.as_list() {
            Some([item]) => item.as_record().unwrap().to_vec(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_region_that_nobody_scanned_is_unknown_and_one_that_is_off_is_known_to_be() {
        let named = format!("{{ accounts: [\"{ACCOUNT}\"] }}");
        let unscanned = workload(&named, &[region("DISABLED")], false);
        let access = only(unscanned.get(slot!(WORKLOAD, "dr_access")));
        assert_eq!(access[slot!(DR_ACCESS, "opt_status")], Value::str("DISABLED"));
        assert!(access[slot!(DR_ACCESS, "zone_count")].as_unknown().is_some());
        let scanned = workload(&named, &[region("ENABLED")], true);
        assert_eq!(only(scanned.get(slot!(WORKLOAD, "dr_access")))[slot!(DR_ACCESS, "zone_count")], Value::Int(0));
    }

    #[test]
    fn default_vpcs_are_no_network() {
        let named = format!("{{ accounts: [\"{ACCOUNT}\"] }}");
        let resources = [
            subnet(TOKYO, "vpc-1", "apne1-az1"),
            subnet(TOKYO, "vpc-1", "apne1-az4"),
            subnet(TOKYO, "vpc-2", "apne1-az2"),
            vpc(TOKYO, "vpc-1", false),
            vpc(TOKYO, "vpc-2", false),
            subnet(OSAKA, "vpc-3", "apne3-az1"),
            subnet(OSAKA, "vpc-3", "apne3-az2"),
            vpc(OSAKA, "vpc-3", true),
        ];
        let network = only(workload(&named, &resources, true).get(slot!(WORKLOAD, "dr_networks")));
        assert_eq!(network[slot!(DR_NETWORK, "primary_zone_count")], Value::Int(2), "the best VPC counts");
        assert_eq!(network[slot!(DR_NETWORK, "dr_zone_count")], Value::Int(0));
    }

    #[test]
    fn the_accounts_of_a_workload_are_those_of_its_resources_unless_named() {
        let tagged = "{ tags: { System: mks } }";
        let found = workload(tagged, &[subnet(TOKYO, "vpc-1", "apne1-az1"), region("ENABLED")], true);
        assert_eq!(only(found.get(slot!(WORKLOAD, "dr_access")))[0], Value::str(ACCOUNT));
        let nobody = workload(tagged, &[region("ENABLED")], true);
        assert!(nobody.get(slot!(WORKLOAD, "dr_access")).as_unknown().is_some());
        // Another account may have some too: its tags could not be read.
        let mut untagged = Resource::new(&SUBNET, OTHER, TOKYO, "subnet-1");
        untagged.set(slot!(SUBNET, "vpc_id"), "vpc-1");
        let open = workload(tagged, &[subnet(TOKYO, "vpc-1", "apne1-az1"), untagged], true);
        let access = open.get(slot!(WORKLOAD, "dr_access")).as_list().unwrap().to_vec();
        assert_eq!(access.len(), 2);
        assert!(access[1].as_unknown().is_some());
    }
}
