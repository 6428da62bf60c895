//! Link: resolve what spans resources, also across Regions and accounts.
//!
//! Each file fills the derived fields of one service. Where something that a field is derived from could not be read,
//! the field is unknown with that reason, and so is a list that may lack items.

mod acm;
mod autoscaling;
mod backup;
mod cloudwatch;
mod directconnect;
mod dynamodb;
mod ebs;
mod ec2;
mod ecr;
mod efs;
mod elasticache;
mod elbv2;
mod endpoints;
mod events;
mod fsx;
mod images;
mod instances;
mod kms;
mod lifecycle;
mod memorydb;
mod rds;
mod redshift;
mod route53;
mod s3;
mod sqs;
mod subnets;
mod unseen;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use crate::model::schema::ResourceType;
use crate::model::{Resource, Unknown, UnknownReason, Value, types};
use crate::snapshot::Snapshot;

/// The Region of partitions that belong to none.
pub const GLOBAL: &str = "global";

/// A derived value: the place of the field, and what it holds.
type Derived = (usize, Value);

/// All resources of a snapshot, before their derived fields are filled.
pub(crate) struct Estate<'a> {
    resources: &'a [Resource],
    /// When the snapshot was taken.
    now: Timestamp,
    by_type: HashMap<&'static str, Vec<&'a Resource>>,
    unlisted: Unlisted<'a>,
}

/// Why resources could not be listed, by type, account and Region.
#[derive(Clone)]
struct Unlisted<'a>(BTreeMap<(&'static str, &'a str, &'a str), &'a Arc<Unknown>>);

impl<'a> Unlisted<'a> {
    /// Whether resources of a type could not be listed in an account and Region.
    fn has(&self, ty: &ResourceType, account: &str, region: &str) -> bool {
        self.0.contains_key(&(ty.name, account, region))
    }

    /// Why resources of a type could not be listed somewhere, if so.
    fn anywhere(&self, ty: &ResourceType) -> Option<&'a Arc<Unknown>> {
        self.0.iter().find(|((name, ..), _)| *name == ty.name).map(|(_, unknown)| *unknown)
    }

    /// Why resources of a type could not be listed in the account and Region of another resource, if so.
    fn near(&self, ty: &ResourceType, resource: &Resource) -> Option<&Arc<Unknown>> {
        self.0.get(&(ty.name, &*resource.account, &*resource.region)).copied()
    }

    /// The same as an unknown value.
    fn value_near(&self, ty: &ResourceType, resource: &Resource) -> Option<Value> {
        self.near(ty, resource).map(|unknown| Value::Unknown(Arc::clone(unknown)))
    }
}

impl<'a> Estate<'a> {
    fn new(resources: &'a [Resource], now: Timestamp) -> Self {
        let mut by_type: HashMap<&'static str, Vec<&Resource>> = HashMap::new();
        let mut unlisted = BTreeMap::new();
        for resource in resources {
            if &*resource.id == "*" {
                if let Some(Value::Unknown(unknown)) = resource.fields.first() {
                    unlisted.insert((resource.ty.name, &*resource.account, &*resource.region), unknown);
                }
            } else {
                by_type.entry(resource.ty.name).or_default().push(resource);
            }
        }
        Self { resources, now, by_type, unlisted: Unlisted(unlisted) }
    }

    /// The resources of a type.
    fn of(&self, ty: &ResourceType) -> &[&'a Resource] {
        self.by_type.get(ty.name).map_or(&[], Vec::as_slice)
    }
}

/// Reads the resources of a snapshot and fills their derived fields. The order is that of reports.
///
/// `needed` are the types that verdicts depend on: where one of them was not asked for, a resource with the id `*`
/// stands for those that nobody listed.
///
/// The resources are moved out of the snapshot, so that an estate is in memory once.
pub fn link(snapshot: &mut Snapshot, needed: &[&'static ResourceType]) -> Vec<Resource> {
    let mut resources = never_listed(snapshot, needed);
    for partition in &mut snapshot.partitions {
        resources.append(&mut partition.resources);
    }
    // A global cluster is listed in each of its Regions, and so is a replication set.
    let mut seen = HashSet::new();
    resources.retain(|resource| {
        ![&types::rds::GLOBAL_CLUSTER, &types::ssm_incidents::REPLICATION_SET].contains(&resource.ty)
            || &*resource.id == "*"
            || seen.insert(Arc::clone(&resource.arn))
    });
    resources.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    link_resources(&mut resources, snapshot.index.taken_at);
    resources
}

/// Fills the derived fields of some types: one file here for each service that has any.
trait Linker: Send + Sync {
    /// The derived values of a resource, of any of the types that [`Linking::of`] takes.
    fn derive(&self, resource: &Resource) -> Vec<Derived>;
}

/// Which linker fills the derived fields of which types.
struct Linking {
    of: fn(&ResourceType) -> bool,
    new: for<'a> fn(&Estate<'a>) -> Box<dyn Linker + 'a>,
}

static LINKINGS: &[Linking] = &[
    Linking { of: backup::takes, new: |estate| Box::new(backup::Backups::new(estate)) },
    Linking { of: ebs::takes, new: |estate| Box::new(ebs::Volumes::new(estate)) },
    Linking { of: ec2::takes, new: |estate| Box::new(ec2::Network::new(estate)) },
    Linking { of: efs::takes, new: |estate| Box::new(efs::FileSystems::new(estate)) },
    Linking { of: fsx::takes, new: |estate| Box::new(fsx::FileSystems::new(estate)) },
    Linking { of: images::takes, new: |estate| Box::new(images::Images::new(estate)) },
    Linking { of: instances::takes, new: |estate| Box::new(instances::Instances::new(estate)) },
    Linking { of: rds::takes, new: |estate| Box::new(rds::Databases::new(estate)) },
    Linking { of: s3::takes, new: |estate| Box::new(s3::Buckets::new(estate)) },
    Linking { of: dynamodb::takes, new: |estate| Box::new(dynamodb::Tables::new(estate)) },
    Linking { of: elasticache::takes, new: |estate| Box::new(elasticache::Caches::new(estate)) },
    Linking { of: memorydb::takes, new: |estate| Box::new(memorydb::Clusters::new(estate)) },
    Linking { of: redshift::takes, new: |estate| Box::new(redshift::Warehouses::new(estate)) },
    Linking { of: sqs::takes, new: |estate| Box::new(sqs::Queues::new(estate)) },
    Linking { of: ecr::takes, new: |estate| Box::new(ecr::Registries::new(estate)) },
    Linking { of: autoscaling::takes, new: |estate| Box::new(autoscaling::Groups::new(estate)) },
    Linking { of: elbv2::takes, new: |estate| Box::new(elbv2::TargetGroups::new(estate)) },
    Linking { of: subnets::takes, new: |estate| Box::new(subnets::Tenants::new(estate)) },
    Linking { of: acm::takes, new: |estate| Box::new(acm::Certificates::new(estate)) },
    Linking { of: directconnect::takes, new: |estate| Box::new(directconnect::Interfaces::new(estate)) },
    Linking { of: endpoints::takes, new: |estate| Box::new(endpoints::Endpoints::new(estate)) },
    Linking { of: route53::takes, new: |estate| Box::new(route53::Records::new(estate)) },
    Linking { of: cloudwatch::takes, new: |estate| Box::new(cloudwatch::Alarms::new(estate)) },
    Linking { of: events::takes, new: |estate| Box::new(events::Notices::new(estate)) },
    Linking { of: unseen::takes, new: |_| Box::new(unseen::Unseen) },
];

/// Those that come after the others, since they read what these have derived.
static LATE_LINKINGS: &[Linking] = &[Linking { of: kms::takes, new: |estate| Box::new(kms::Keys::new(estate)) }];

/// Fills the derived fields of resources, whatever source they come from.
pub fn link_resources(resources: &mut [Resource], now: Timestamp) {
    for linkings in [LINKINGS, LATE_LINKINGS] {
        if !resources.iter().any(|resource| linkings.iter().any(|linking| (linking.of)(resource.ty))) {
            continue;
        }
        let derived = derive(&Estate::new(resources, now), linkings);
        for (resource, values) in resources.iter_mut().zip(derived) {
            for (slot, value) in values {
                resource.fields[slot] = value;
            }
        }
    }
}

/// The derived values of each resource of an estate.
fn derive(estate: &Estate<'_>, linkings: &[Linking]) -> Vec<Vec<Derived>> {
    let takes_any = |linking: &Linking| types::ALL.iter().any(|ty| (linking.of)(ty) && !estate.of(ty).is_empty());
    let linkers: Vec<(&Linking, Box<dyn Linker + '_>)> = linkings
        .par_iter()
        .filter(|linking| takes_any(linking))
        .map(|linking| (linking, (linking.new)(estate)))
        .collect();
    let of_type = |ty: &ResourceType| {
        let linkers = linkers.iter().filter(|(linking, _)| (linking.of)(ty));
        linkers.map(|(_, linker)| &**linker).collect::<Vec<_>>()
    };
    let by_type: HashMap<&str, Vec<&dyn Linker>> = types::ALL.iter().map(|ty| (ty.name, of_type(ty))).collect();
    estate
        .resources
        .par_iter()
        .map(|resource| match by_type.get(resource.ty.name) {
            Some(linkers) if &*resource.id != "*" => {
                linkers.iter().flat_map(|linker| linker.derive(resource)).collect()
            }
            _ => Vec::new(),
        })
        .collect()
}

/// Stands for the resources of a needed type wherever the snapshot does not say that they were listed.
fn never_listed(snapshot: &Snapshot, needed: &[&'static ResourceType]) -> Vec<Resource> {
    let mut places: Vec<(&str, &str)> =
        snapshot.index.partitions.iter().map(|planned| (&*planned.key.account, &*planned.key.region)).collect();
    places.sort_unstable();
    places.dedup();
    let global: HashSet<&str> = types::GLOBAL_SERVICES.iter().copied().collect();
    let written: HashMap<(&str, &str, &str), &crate::snapshot::Partition> = snapshot
        .partitions
        .iter()
        .map(|partition| ((&*partition.key.account, &*partition.key.region, &*partition.key.service), partition))
        .collect();
    let planned: HashSet<(&str, &str, &str)> = snapshot
        .index
        .partitions
        .iter()
        .map(|planned| (&*planned.key.account, &*planned.key.region, &*planned.key.service))
        .collect();
    let mut found = Vec::new();
    for ty in needed {
        let Some(operation) = ty.listed_by else { continue };
        if types::ORGANIZATION_SERVICES.contains(&ty.service) {
            continue;
        }
        for (account, region) in &places {
            if global.contains(ty.service) != (*region == GLOBAL) {
                continue;
            }
            let unknown = match written.get(&(*account, *region, ty.service)) {
                Some(partition) => {
                    let name = operation.to_string();
                    let covered = |name: &str| partition.coverage.iter().any(|line| line.operation == name);
                    // What is listed within something is not asked for where there is nothing to list it in.
                    let nothing_to_ask = ty.listed_within.and_then(types::find).is_some_and(|within| {
                        within.listed_by.is_some_and(|operation| covered(&operation.to_string()))
                            && !partition.resources.iter().any(|resource| resource.ty == within)
                    });
                    let asked = covered(&name) || nothing_to_ask;
                    let stands = partition.resources.iter().any(|resource| resource.ty == *ty && &*resource.id == "*");
                    if asked || stands {
                        continue;
                    }
                    Unknown::new(UnknownReason::NotCollected, "the scan did not ask for this type")
                }
                None if planned.contains(&(*account, *region, ty.service)) => {
                    Unknown::new(UnknownReason::Interrupted, "the scan ended before this was read")
                }
                None => Unknown::new(UnknownReason::NotCollected, "the scan did not ask for this service"),
            };
            let unknown = Arc::new(Unknown { operation: Some(operation.to_string()), ..unknown });
            let mut resource = Resource::new(ty, account, region, "*");
            resource.fields.fill(Value::Unknown(unknown));
            found.push(resource);
        }
    }
    found
}

/// Account, Region and the rest of an ARN.
fn places_of(arn: &str) -> Option<(&str, &str, &str)> {
    let mut parts = arn.splitn(6, ':').skip(3);
    let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
    Some((account, region, resource))
}

/// A list that may lack items: unknown as a whole when nothing is known of it, else with an unknown item at its end, so
/// that what is there can decide and what may be missing cannot be taken for absent.
fn open_list(mut items: Vec<Value>, missing: Option<&Arc<Unknown>>) -> Value {
    match missing {
        Some(unknown) if items.is_empty() => Value::Unknown(Arc::clone(unknown)),
        Some(unknown) => {
            items.push(Value::Unknown(Arc::clone(unknown)));
            Value::list(items)
        }
        None => Value::list(items),
    }
}

/// An unknown value because something lies outside of what was scanned.
fn outside(detail: String) -> Value {
    Value::unknown(Unknown::new(UnknownReason::OutsideScan, detail))
}

/// The field of a record value; null when there is no such value.
fn part(value: &Value, slot: usize) -> &Value {
    static NULL: Value = Value::Null;
    match value {
        Value::Record(fields) => fields.get(slot).unwrap_or(&NULL),
        Value::Unknown(_) => value,
        _ => &NULL,
    }
}
