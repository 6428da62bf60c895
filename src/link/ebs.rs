//! Volumes: their snapshots, the copies of these in other Regions, and what else answers for their data.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::backup::Plans;
use super::lifecycle::{Policies, Replicated};
use super::{Derived, Estate, Linker, Unlisted, open_list, part};
use crate::model::schema::ResourceType;
use crate::model::types::ec2::{IMAGE, INSTANCE, SNAPSHOT, VOLUME, VOLUME_ATTACHMENT, VOLUME_COPY};
use crate::model::{Resource, Unknown, UnknownReason, Value};
use crate::{record, slot};

/// An account, a Region and an id in them.
type Place<'a> = (&'a str, &'a str, &'a str);

pub(super) struct Volumes<'a> {
    now: Timestamp,
    unlisted: Unlisted<'a>,
    instances: HashMap<Place<'a>, &'a Resource>,
    /// The snapshots by volume.
    snapshots: HashMap<Place<'a>, Vec<&'a Resource>>,
    /// The AMIs that a snapshot is part of.
    images_with: HashMap<&'a str, Vec<&'a Resource>>,
    /// What was copied from a snapshot or AMI and is complete.
    copies_of: HashMap<&'a str, Vec<&'a Resource>>,
    /// By account: complete snapshots that are of no volume there is, part of no AMI, nor copies as far as AWS tells.
    unaccounted: HashMap<&'a str, Vec<&'a Resource>>,
    plans: Plans<'a>,
    policies: Policies<'a>,
    replicated: Replicated<'a>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &VOLUME
}

impl Linker for Volumes<'_> {
    fn derive(&self, volume: &Resource) -> Vec<Derived> {
        let policies = self.policies.of_volume(volume);
        vec![
            (slot!(VOLUME, "newest_snapshot"), self.newest_snapshot(volume)),
            (slot!(VOLUME, "copies"), self.copies(volume)),
            (slot!(VOLUME, "dlm_policies"), policies.ids()),
            (slot!(VOLUME, "dlm_copy_regions"), policies.copy_regions()),
            (slot!(VOLUME, "dlm_interval"), policies.interval(self.now)),
            (slot!(VOLUME, "native_backup"), policies.any()),
            (slot!(VOLUME, "held_by"), self.held_by(volume)),
            (slot!(VOLUME, "live_copy_regions"), Value::list([])),
        ]
    }
}

impl<'a> Volumes<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let place = |resource: &'a Resource, id: &'a str| (&*resource.account, &*resource.region, id);
        let volumes: HashSet<Place<'_>> = estate.of(&VOLUME).iter().map(|volume| place(volume, &volume.id)).collect();
        let mut snapshots: HashMap<Place<'_>, Vec<&Resource>> = HashMap::new();
        let mut copies_of: HashMap<&str, Vec<&Resource>> = HashMap::new();
        let mut unaccounted: HashMap<&str, Vec<&Resource>> = HashMap::new();
        for snapshot in estate.of(&SNAPSHOT) {
            if snapshot.get(slot!(SNAPSHOT, "state")).as_str() != Some("completed") {
                continue;
            }
            if let Some(source) = snapshot.get(slot!(SNAPSHOT, "copied_from")).as_str() {
                copies_of.entry(source).or_default().push(snapshot);
                continue;
            }
            let volume = snapshot.get(slot!(SNAPSHOT, "volume_id")).as_str().map(|id| place(snapshot, id));
            match volume.filter(|volume| volumes.contains(volume)) {
                Some(volume) => snapshots.entry(volume).or_default().push(snapshot),
                None => unaccounted.entry(&snapshot.account).or_default().push(snapshot),
            }
        }
        let mut images_with: HashMap<&str, Vec<&Resource>> = HashMap::new();
        for image in estate.of(&IMAGE) {
            if image.get(slot!(IMAGE, "state")).as_str() == Some("available") {
                let parts = image.get(slot!(IMAGE, "snapshot_ids")).as_list().unwrap_or_default();
                for id in parts.iter().filter_map(Value::as_str) {
                    images_with.entry(id).or_default().push(image);
                }
                if let Some(source) = image.get(slot!(IMAGE, "source_image_id")).as_str() {
                    copies_of.entry(source).or_default().push(image);
                }
            }
        }
        for snapshots in unaccounted.values_mut() {
            snapshots.retain(|snapshot| !images_with.contains_key(&*snapshot.id));
        }
        Self {
            now: estate.now,
            unlisted: estate.unlisted.clone(),
            instances: estate.of(&INSTANCE).iter().map(|instance| (place(instance, &instance.id), *instance)).collect(),
            snapshots,
            images_with,
            copies_of,
            unaccounted,
            plans: Plans::new(estate),
            policies: Policies::new(estate),
            replicated: Replicated::new(estate),
        }
    }

    fn snapshots<'b>(&'b self, volume: &'b Resource) -> &'b [&'b Resource] {
        self.snapshots.get(&(&*volume.account, &*volume.region, &*volume.id)).map_or(&[], Vec::as_slice)
    }

    fn newest_snapshot(&self, volume: &Resource) -> Value {
        if let Some(unknown) = self.unlisted.value_near(&SNAPSHOT, volume) {
            return unknown;
        }
        self.snapshots(volume).iter().filter_map(|it| started(it)).max().map_or(Value::Null, Value::Timestamp)
    }

    fn copies(&self, volume: &Resource) -> Value {
        let mut copies = Vec::new();
        let mut sources = HashSet::new();
        let mut add = |source: &str, of: Option<Timestamp>| {
            for copy in self.copies_of.get(source).into_iter().flatten() {
                if copy.region != volume.region && sources.insert((&copy.region, &copy.id)) {
                    copies.push(record!(VOLUME_COPY {
                        "region": Value::Str(Arc::clone(&copy.region)),
                        "id": Value::Str(Arc::clone(&copy.id)),
                        "created": of.map(Value::Timestamp),
                    }));
                }
            }
        };
        for snapshot in self.snapshots(volume) {
            add(&snapshot.id, started(snapshot));
            for image in self.images_with.get(&*snapshot.id).into_iter().flatten() {
                add(&image.id, started(snapshot));
            }
        }
        let missing = self.unread(volume).or_else(|| self.may_be_copies(volume));
        open_list(copies, missing.as_ref())
    }

    /// Why snapshots of the account, here or in another Region, could not be listed.
    fn unread(&self, volume: &Resource) -> Option<Arc<Unknown>> {
        self.unlisted
            .0
            .iter()
            .find(|((ty, account, _), _)| [SNAPSHOT.name, IMAGE.name].contains(ty) && *account == &*volume.account)
            .map(|(_, unknown)| Arc::clone(unknown))
    }

    /// Whether a snapshot in another Region can be a copy although AWS does not say of what: nothing but a description,
    /// which anybody can write, leads from a copied snapshot to its source.
    fn may_be_copies(&self, volume: &Resource) -> Option<Arc<Unknown>> {
        let size = volume.get(slot!(VOLUME, "size"));
        let created = volume.get(slot!(VOLUME, "created")).as_timestamp();
        let fits = |snapshot: &&&Resource| {
            snapshot.region != volume.region
                && snapshot.get(slot!(SNAPSHOT, "size")) == size
                // Copies are younger than the volume; what is older is of another.
                && (created.is_none() || started(snapshot) >= created)
        };
        let snapshot = self.unaccounted.get(&*volume.account)?.iter().find(fits)?;
        let detail = format!("AWS does not say of what {} in {} is a copy", snapshot.id, snapshot.region);
        Some(Arc::new(Unknown::new(UnknownReason::NotVisible, detail)))
    }

    fn held_by(&self, volume: &Resource) -> Value {
        let attachments = match volume.get(slot!(VOLUME, "attachments")) {
            Value::List(attachments) => attachments,
            other => return other.clone(),
        };
        let mut unknown = None;
        let mut group = None;
        let mut all_replaced = !attachments.is_empty();
        for attachment in attachments.iter() {
            let id = part(attachment, slot!(VOLUME_ATTACHMENT, "instance_id")).as_str().unwrap_or_default();
            let Some(instance) = self.instances.get(&(&*volume.account, &*volume.region, id)) else {
                // An instance that is being terminated is not listed, and one of another account neither.
                unknown = unknown.or_else(|| self.unlisted.value_near(&INSTANCE, volume));
                all_replaced = false;
                continue;
            };
            match self.plans.rules(instance) {
                Value::Unknown(why) => unknown = Some(Value::Unknown(why)),
                rules if certain(&rules) => return Value::str(id),
                _ => {}
            }
            match self.replicated.regions(&instance.account, id) {
                Value::Unknown(why) => unknown = unknown.or(Some(Value::Unknown(why))),
                regions if certain(&regions) => return Value::str(id),
                _ => {}
            }
            match instance.get(slot!(INSTANCE, "auto_scaling_group")) {
                Value::Str(name) => group = Some(Value::Str(Arc::clone(name))),
                Value::Unknown(why) => unknown = unknown.or_else(|| Some(Value::Unknown(Arc::clone(why)))),
                _ => all_replaced = false,
            }
            if part(attachment, slot!(VOLUME_ATTACHMENT, "delete_on_termination")).as_bool() != Some(true) {
                all_replaced = false;
            }
        }
        match group {
            Some(group) if all_replaced => group,
            _ => unknown.unwrap_or(Value::Null),
        }
    }
}

/// Whether a list has at least one item that is known.
fn certain(list: &Value) -> bool {
    list.as_list().unwrap_or_default().iter().any(|item| item.as_unknown().is_none())
}

fn started(snapshot: &Resource) -> Option<Timestamp> {
    snapshot.get(slot!(SNAPSHOT, "started")).as_timestamp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::link_resources;

    const HOME: (&str, &str) = ("111111111111", "ap-northeast-1");

    fn volume(id: &str, size: i64) -> Resource {
        let mut volume = Resource::new(&VOLUME, HOME.0, HOME.1, id);
        volume.set(slot!(VOLUME, "tags"), Value::map([("Name", id)]));
        volume.set(slot!(VOLUME, "size"), Value::Int(size));
        volume.set(slot!(VOLUME, "created"), Timestamp::UNIX_EPOCH);
        volume.set(slot!(VOLUME, "attachments"), Value::list([]));
        volume
    }

    fn snapshot(region: &str, id: &str, of: &str, size: i64, copied_from: Option<&str>) -> Resource {
        let mut snapshot = Resource::new(&SNAPSHOT, HOME.0, region, id);
        snapshot.set(slot!(SNAPSHOT, "volume_id"), of);
        snapshot.set(slot!(SNAPSHOT, "state"), "completed");
        snapshot.set(slot!(SNAPSHOT, "started"), Timestamp::UNIX_EPOCH);
        snapshot.set(slot!(SNAPSHOT, "size"), Value::Int(size));
        snapshot.set(slot!(SNAPSHOT, "copied_from"), copied_from);
        snapshot
    }

    #[test]
    fn a_snapshot_elsewhere_is_a_copy_if_it_says_so_and_may_be_one_if_it_fits() {
        let mut resources = [
            volume("vol-copied", 10),
            volume("vol-perhaps", 20),
            volume("vol-alone", 30),
            snapshot(HOME.1, "snap-1", "vol-copied", 10, None),
            snapshot("ap-northeast-3", "snap-2", "vol-ffffffff", 10, Some("snap-1")),
            snapshot("ap-northeast-3", "snap-3", "vol-ffffffff", 20, None),
        ];
        link_resources(&mut resources, Timestamp::UNIX_EPOCH);
        let copies = |place: usize| resources[place].get(slot!(VOLUME, "copies"));
        assert_eq!(copies(0).as_list().map(<[Value]>::len), Some(1));
        assert!(copies(1).as_unknown().is_some());
        assert_eq!(copies(2), &Value::list([]));
    }

    #[test]
    fn a_volume_that_goes_with_an_instance_of_a_group_is_held_by_the_group() {
        let mut instance = Resource::new(&INSTANCE, HOME.0, HOME.1, "i-1");
        instance.set(slot!(INSTANCE, "tags"), Value::map([("Name", "web")]));
        instance.set(slot!(INSTANCE, "auto_scaling_group"), "fleet");
        let attached = |id: &str, goes: bool| {
            let mut volume = volume(id, 10);
            let attachment = record!(VOLUME_ATTACHMENT { "instance_id": "i-1", "delete_on_termination": goes });
            volume.set(slot!(VOLUME, "attachments"), Value::list([attachment]));
            volume
        };
        let mut resources = [instance, attached("vol-1", true), attached("vol-2", false)];
        link_resources(&mut resources, Timestamp::UNIX_EPOCH);
        let held_by = |place: usize| resources[place].get(slot!(VOLUME, "held_by"));
        assert_eq!(held_by(1), &Value::str("fleet"));
        assert_eq!(held_by(2), &Value::Null);
    }
}
