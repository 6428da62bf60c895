//! Facts of a workload that follow from the resources that it owns: one file here for each subject.
//!
//! They are found between link and judge, since who owns what follows from the manifest.

mod iac;
mod monitoring;
mod restores;
mod serving;
mod stores;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::judge::Owner;
use crate::manifest::terraform::States;
use crate::manifest::{Manifest, Select, Workload};
use crate::model::schema::ResourceType;
use crate::model::types::workload::WORKLOAD;
use crate::model::{Resource, Unknown, UnknownReason, Value};
use crate::slot;
use crate::snapshot::Snapshot;

/// A fact: the place of the field of `Sonae::Workload`, and what it holds.
type Fact = (usize, Value);

/// What finds facts.
static FACTS: &[fn(&Holding<'_>) -> Vec<Fact>] =
    &[iac::facts, monitoring::facts, restores::facts, serving::facts, stores::facts];

/// Everything that was read.
struct Estate<'a> {
    by_type: HashMap<&'static str, Vec<&'a Resource>>,
    /// Why resources could not be listed, by type, account and Region.
    unlisted: HashMap<(&'static str, &'a str, &'a str), &'a Arc<Unknown>>,
    /// The accounts and Regions of the scan.
    places: BTreeSet<(&'a str, &'a str)>,
    terraform: &'a States,
    /// The types that were asked for.
    asked: &'a [&'static ResourceType],
}

/// What one workload owns.
struct Holding<'a> {
    estate: &'a Estate<'a>,
    owned: Vec<&'a Resource>,
    /// Why it may own more, if so.
    open: Option<Arc<Unknown>>,
    /// The same by type.
    open_by_type: HashMap<&'static str, Arc<Unknown>>,
    /// The accounts that it lives in: those that the manifest names, else those of what it owns.
    accounts: BTreeSet<&'a str>,
    primary_region: Option<&'a str>,
}

/// Fills the facts of the workloads at the beginning of the list. `owners` are those of all resources, `asked` are the
/// types that the rules of this run ask for.
pub(super) fn derive(
    resources: &mut [Resource],
    workload_count: usize,
    owners: &[Owner],
    manifest: &Manifest,
    snapshot: &Snapshot,
    terraform: &States,
    asked: &[&'static ResourceType],
) {
    let (workloads, rest) = resources.split_at_mut(workload_count);
    let places: BTreeSet<(&str, &str)> =
        snapshot.index.partitions.iter().map(|planned| (&*planned.key.account, &*planned.key.region)).collect();
    let mut estate = Estate { by_type: HashMap::new(), unlisted: HashMap::new(), places, terraform, asked };
    for resource in &*rest {
        if &*resource.id != "*" {
            estate.by_type.entry(resource.ty.name).or_default().push(resource);
        } else if let Some(Value::Unknown(unknown)) = resource.fields.first() {
            estate.unlisted.insert((resource.ty.name, &resource.account, &resource.region), unknown);
        }
    }
    let owners = owners.get(workload_count..).unwrap_or_default();
    for (place, workload) in workloads.iter_mut().enumerate() {
        let facts = {
            let holding = Holding::new(&estate, rest, owners, place, manifest.workloads.get(place), workload);
            FACTS.iter().flat_map(|find| find(&holding)).collect::<Vec<_>>()
        };
        for (slot, value) in facts {
            workload.fields[slot] = value;
        }
    }
}

impl<'a> Holding<'a> {
    fn new(
        estate: &'a Estate<'a>,
        resources: &'a [Resource],
        owners: &[Owner],
        place: usize,
        declared: Option<&'a Workload>,
        workload: &'a Resource,
    ) -> Self {
        let select = declared.map(|declared| &declared.select);
        let (mut owned, mut open, mut open_by_type) = (Vec::new(), None, HashMap::new());
        for (resource, owner) in resources.iter().zip(owners) {
            match owner {
                Owner::Workload(owner) if *owner as usize == place && &*resource.id != "*" => owned.push(resource),
                Owner::Unknown(unknown) if &*resource.id != "*" && may_take(select, resource) => {
                    open.get_or_insert_with(|| Arc::clone(unknown));
                    open_by_type.entry(resource.ty.name).or_insert_with(|| Arc::clone(unknown));
                }
                _ => {}
            }
        }
        let accounts = match select {
            Some(select) if !select.accounts.is_empty() => select.accounts.iter().map(String::as_str).collect(),
            _ => owned.iter().map(|resource| &*resource.account).collect(),
        };
        let primary_region = workload.get(slot!(WORKLOAD, "primary_region")).as_str();
        Self { estate, owned, open, open_by_type, accounts, primary_region }
    }

    /// The resources of a type in the accounts of the workload, whoever owns them.
    fn nearby(&self, ty: &'static ResourceType) -> impl Iterator<Item = &'a Resource> {
        let all = self.estate.by_type.get(ty.name).into_iter().flatten().copied();
        all.filter(|resource| self.accounts.contains(&*resource.account))
    }

    /// Why the workload may own more resources of these types than are known: nobody asked for them, they could not be
    /// listed, or nobody knows whose they are.
    fn missing(&self, types: impl Iterator<Item = &'static ResourceType>) -> Option<Arc<Unknown>> {
        types.into_iter().find_map(|ty| {
            if !self.estate.asked.contains(&ty) {
                return Some(Arc::new(Unknown::new(UnknownReason::NotCollected, ty.name)));
            }
            self.unread(ty, |_| true).or_else(|| self.open_by_type.get(ty.name).map(Arc::clone))
        })
    }

    /// Why resources of a type may be missing from the accounts of the workload, in any of the Regions that count.
    fn unread(&self, ty: &'static ResourceType, counts: impl Fn(&str) -> bool) -> Option<Arc<Unknown>> {
        let mut places: Vec<_> = self
            .estate
            .unlisted
            .iter()
            .filter(|((name, account, region), unknown)| {
                // What a Region does not offer cannot be there.
                let may_be_there = unknown.reason != UnknownReason::NotOffered;
                *name == ty.name && self.accounts.contains(account) && counts(region) && may_be_there
            })
            .collect();
        places.sort_by_key(|(place, _)| **place);
        let unlisted = places.first().map(|(_, unknown)| Arc::clone(unknown));
        let scanned: HashSet<&str> = self.estate.places.iter().map(|(account, _)| *account).collect();
        let unscanned = self.accounts.iter().find(|account| !scanned.contains(**account));
        unlisted
            .or_else(|| unscanned.map(|account| Arc::new(Unknown::new(UnknownReason::OutsideScan, *account))))
            .or_else(|| self.accounts.is_empty().then(|| Arc::new(Unknown::new(UnknownReason::NotCollected, ""))))
    }
}

/// A list that may lack items.
fn open(mut items: Vec<Value>, missing: Option<&Arc<Unknown>>) -> Value {
    items.extend(missing.map(|unknown| Value::Unknown(Arc::clone(unknown))));
    Value::list(items)
}

/// Whether a selection may take a resource whose tags are not known.
fn may_take(select: Option<&Select>, resource: &Resource) -> bool {
    select.is_some_and(|select| {
        !select.tags.is_empty()
            && (select.accounts.is_empty() || select.accounts.iter().any(|account| **account == *resource.account))
    })
}
