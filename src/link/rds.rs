//! Databases: the zones of cluster members, restore windows, snapshots, copies in other Regions.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::{Derived, Estate, Linker, Unlisted, open_list, outside, part};
use crate::model::schema::ResourceType;
use crate::model::types::backup::REGION_SETTINGS;
use crate::model::types::cloudwatch_metrics::REPLICA_LAG;
use crate::model::types::rds::{
    AUTOMATED_BACKUP, CLUSTER_MEMBER, CROSS_REGION_COPY, DB_CLUSTER, DB_CLUSTER_SNAPSHOT, DB_INSTANCE, DB_SNAPSHOT,
    GLOBAL_CLUSTER, GLOBAL_MEMBER,
};
use crate::model::{Resource, Seconds, Unknown, UnknownReason, Value};
use crate::{record, slot};

/// An account, a Region and an id in them.
type Place<'a> = (&'a str, &'a str, &'a str);

pub(super) struct Databases<'a> {
    now: Timestamp,
    unlisted: Unlisted<'a>,
    instances: HashMap<Place<'a>, &'a Resource>,
    automated_backups: HashMap<&'a str, Vec<&'a Resource>>,
    snapshots: HashMap<Place<'a>, Vec<&'a Resource>>,
    /// Snapshots of instances that were copied to another Region, by what they are snapshots of.
    copied: HashMap<Place<'a>, Vec<Value>>,
    /// The same of clusters.
    cluster_copied: HashMap<Place<'a>, Vec<Value>>,
    /// By account.
    regions_searched: HashMap<&'a str, Vec<&'a str>>,
    /// The members of the global cluster that a cluster belongs to, by its ARN.
    global_members: HashMap<&'a str, Value>,
    lags: HashMap<Place<'a>, &'a Resource>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    [&DB_INSTANCE, &DB_CLUSTER].contains(&ty)
}

impl Linker for Databases<'_> {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        if resource.ty == &DB_INSTANCE { self.instance(resource) } else { self.cluster(resource) }
    }
}

impl<'a> Databases<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let place = |resource: &'a Resource, id: &'a str| (&*resource.account, &*resource.region, id);
        let mut automated_backups: HashMap<&str, Vec<&Resource>> = HashMap::new();
        for backup in estate.of(&AUTOMATED_BACKUP) {
            if let Some(arn) = backup.get(slot!(AUTOMATED_BACKUP, "db_instance_arn")).as_str() {
                automated_backups.entry(arn).or_default().push(backup);
            }
        }
        let mut snapshots: HashMap<Place<'_>, Vec<&Resource>> = HashMap::new();
        for snapshot in estate.of(&DB_SNAPSHOT) {
            let by_service =
                matches!(snapshot.get(slot!(DB_SNAPSHOT, "snapshot_type")).as_str(), Some("automated" | "awsbackup"));
            let available = snapshot.get(slot!(DB_SNAPSHOT, "status")).as_str() == Some("available");
            if let Some(instance) = snapshot.get(slot!(DB_SNAPSHOT, "db_instance_identifier")).as_str()
                && by_service
                && available
            {
                snapshots.entry(place(snapshot, instance)).or_default().push(snapshot);
            }
        }
        let mut global_members = HashMap::new();
        for global in estate.of(&GLOBAL_CLUSTER) {
            let members = global.get(slot!(GLOBAL_CLUSTER, "members"));
            for member in members.as_list().unwrap_or_default() {
                if let Some(arn) = part(member, slot!(GLOBAL_MEMBER, "arn")).as_str() {
                    global_members.insert(arn, members.clone());
                }
            }
        }
        let settings = estate.of(&REGION_SETTINGS).iter().map(|it| (&*it.account, &*it.region));
        let unread = estate.unlisted.0.keys().filter(|(ty, ..)| *ty == REGION_SETTINGS.name);
        let mut regions_searched: HashMap<&str, Vec<&str>> = HashMap::new();
        for (account, region) in settings.chain(unread.map(|(_, account, region)| (*account, *region))) {
            regions_searched.entry(account).or_default().push(region);
        }
        let lags = estate.of(&REPLICA_LAG).iter().filter_map(|lag| {
            Some((place(lag, lag.get(slot!(REPLICA_LAG, "db_instance_identifier")).as_str()?), *lag))
        });
        Self {
            now: estate.now,
            unlisted: estate.unlisted.clone(),
            instances: estate
                .of(&DB_INSTANCE)
                .iter()
                .map(|instance| (place(instance, &instance.id), *instance))
                .collect(),
            automated_backups,
            snapshots,
            copied: copied(estate),
            cluster_copied: cluster_copied(estate),
            regions_searched,
            global_members,
            lags: lags.collect(),
        }
    }

    /// The Regions that were scanned. Whatever is sought in another one is unknown.
    fn regions_searched(&self, resource: &Resource) -> Value {
        let mut regions: Vec<&str> = self.regions_searched.get(&*resource.account).cloned().unwrap_or_default();
        regions.sort_unstable();
        let elsewhere = outside("the Regions that were not scanned".to_owned());
        Value::list(regions.into_iter().map(Value::str).chain([elsewhere]))
    }

    /// What is held of a resource in other Regions: the copies that were found, newest first, and one of which only the
    /// Region is known for each Region whose copies could not be listed.
    fn cross_region_copies(
        &self,
        resource: &Resource,
        mut copies: Vec<Value>,
        kinds: &[(&ResourceType, &str)],
    ) -> Value {
        let latest = |copy: &Value| part(copy, slot!(CROSS_REGION_COPY, "latest")).as_timestamp();
        copies.sort_by_key(|copy| std::cmp::Reverse(latest(copy)));
        for ((ty, account, region), unknown) in &self.unlisted.0 {
            let kind = kinds.iter().find(|(kind, _)| kind.name == *ty);
            if let Some((_, kind)) = kind
                && *account == &*resource.account
                && *region != &*resource.region
            {
                copies.push(copy(region, kind, Value::Unknown(Arc::clone(unknown))));
            }
        }
        Value::list(copies)
    }

    fn instance(&self, instance: &Resource) -> Vec<Derived> {
        let retention = instance.get(slot!(DB_INSTANCE, "backup_retention_period"));
        let native_backup = match retention {
            Value::Duration(retention) => Value::Bool(retention.0 > 0),
            other => other.clone(),
        };
        let earliest = match self.automated_backups.get(&*instance.arn) {
            Some(backups) => {
                let own = backups.iter().find(|backup| backup.region == instance.region);
                own.map_or(Value::Null, |backup| {
                    backup.get(slot!(AUTOMATED_BACKUP, "earliest_restorable_time")).clone()
                })
            }
            None => self.unlisted.value_near(&AUTOMATED_BACKUP, instance).unwrap_or(Value::Null),
        };
        let (newest, days) = match self.unlisted.value_near(&DB_SNAPSHOT, instance) {
            Some(unknown) => (unknown.clone(), unknown),
            None => {
                let taken = self.taken(instance);
                let newest = taken.iter().max().map_or(Value::Null, |time| Value::Timestamp(*time));
                (newest, self.days_without_snapshot(instance, retention, &taken))
            }
        };
        let held_by = match instance.get(slot!(DB_INSTANCE, "db_cluster_identifier")) {
            Value::Null => instance.get(slot!(DB_INSTANCE, "read_replica_source")).clone(),
            cluster => cluster.clone(),
        };
        let live_copies = match instance.get(slot!(DB_INSTANCE, "read_replicas")) {
            // A replica in another Region is named by its ARN, one nearby by its name.
            Value::List(replicas) => Value::list(replicas.iter().filter_map(Value::as_str).map(|replica| {
                replica.split(':').nth(3).map_or_else(|| Value::Str(Arc::clone(&instance.region)), Value::str)
            })),
            other => other.clone(),
        };
        let replicated = self.automated_backups.get(&*instance.arn).into_iter().flatten();
        let mut copies: Vec<Value> = replicated
            .filter(|backup| backup.region != instance.region)
            .map(|backup| {
                let latest = backup.get(slot!(AUTOMATED_BACKUP, "latest_restorable_time")).clone();
                copy(&backup.region, "automated_backup", latest)
            })
            .collect();
        let place = (&*instance.account, &*instance.region, &*instance.id);
        copies.extend(self.copied.get(&place).into_iter().flatten().cloned());
        let kinds = [(&AUTOMATED_BACKUP, "automated_backup"), (&DB_SNAPSHOT, "snapshot")];
        let copies = self.cross_region_copies(instance, copies, &kinds);
        let (lag, replicated_until) = match self.lags.get(&place) {
            Some(lag) => (
                lag.get(slot!(REPLICA_LAG, "maximum")).clone(),
                lag.get(slot!(REPLICA_LAG, "replicated_until")).clone(),
            ),
            None => {
                let none = self.unlisted.value_near(&REPLICA_LAG, instance).unwrap_or(Value::Null);
                (none.clone(), none)
            }
        };
        vec![
            (slot!(DB_INSTANCE, "cross_region_copies"), copies),
            (slot!(DB_INSTANCE, "regions_searched"), self.regions_searched(instance)),
            (slot!(DB_INSTANCE, "replica_lag"), lag),
            (slot!(DB_INSTANCE, "replicated_until"), replicated_until),
            (slot!(DB_INSTANCE, "held_by"), held_by),
            (slot!(DB_INSTANCE, "live_copy_regions"), live_copies),
            (slot!(DB_INSTANCE, "native_backup"), native_backup),
            (slot!(DB_INSTANCE, "earliest_restorable_time"), earliest),
            (slot!(DB_INSTANCE, "newest_automated_snapshot"), newest),
            (slot!(DB_INSTANCE, "days_without_snapshot"), days),
        ]
    }

    /// When the instance's automated snapshots were taken.
    fn taken(&self, instance: &Resource) -> Vec<Timestamp> {
        self.snapshots
            .get(&(&*instance.account, &*instance.region, &*instance.id))
            .map(|snapshots| {
                snapshots
                    .iter()
                    .filter_map(|snapshot| snapshot.get(slot!(DB_SNAPSHOT, "created")).as_timestamp())
                    .collect()
            })
            .unwrap_or_default()
    }

    /// The full UTC days of the retention period on which no snapshot was taken. The first and the last day are not
    /// full, so they do not count, and neither do days before the instance existed.
    fn days_without_snapshot(&self, instance: &Resource, retention: &Value, taken: &[Timestamp]) -> Value {
        let (retention, created) = match (retention, instance.get(slot!(DB_INSTANCE, "created"))) {
            (Value::Unknown(_), _) => return retention.clone(),
            (_, created @ Value::Unknown(_)) => return created.clone(),
            (Value::Duration(retention), created) if retention.0 > 0 => (*retention, created.as_timestamp()),
            _ => return Value::Null,
        };
        let Ok(start) = self.now.checked_sub(SignedDuration::from_secs(retention.0)) else { return Value::Null };
        let start = created.map_or(start, |created| created.max(start));
        let date = |time: Timestamp| time.to_zoned(TimeZone::UTC).date();
        let today = date(self.now);
        let mut missing = 0;
        let mut day = date(start).checked_add(1.day());
        while let Ok(current) = day {
            if current >= today {
                break;
            }
            if !taken.iter().any(|time| date(*time) == current) {
                missing += 1;
            }
            day = current.checked_add(1.day());
        }
        Value::Int(missing)
    }

    fn cluster(&self, cluster: &Resource) -> Vec<Derived> {
        let (zones, writer, public, private) = match cluster.get(slot!(DB_CLUSTER, "members")) {
            Value::List(members) => {
                let (zones, writer) = self.zones(cluster, members);
                (zones, writer, self.accessible(cluster, members, true), self.accessible(cluster, members, false))
            }
            other => (other.clone(), other.clone(), other.clone(), other.clone()),
        };
        let global_members = self.global_members(cluster);
        let regions = match &global_members {
            Value::List(members) => {
                Value::list(members.iter().map(|member| part(member, slot!(GLOBAL_MEMBER, "region")).clone()))
            }
            other => other.clone(),
        };
        let native_backup = match cluster.get(slot!(DB_CLUSTER, "backup_retention_period")) {
            Value::Duration(Seconds(retention)) => Value::Bool(*retention > 0),
            other => other.clone(),
        };
        let live_copies = match (&regions, cluster.get(slot!(DB_CLUSTER, "read_replicas"))) {
            (Value::List(regions), Value::List(replicas)) => {
                let others = regions.iter().filter(|region| region.as_str() != Some(&*cluster.region)).cloned();
                let replicas = replicas.iter().filter_map(|arn| arn.as_str()?.split(':').nth(3).map(Value::str));
                Value::list(others.chain(replicas))
            }
            (unknown @ Value::Unknown(_), _) | (_, unknown) => unknown.clone(),
        };
        let place = (&*cluster.account, &*cluster.region, &*cluster.id);
        let copies = self.cluster_copied.get(&place).cloned().unwrap_or_default();
        let copies = self.cross_region_copies(cluster, copies, &[(&DB_CLUSTER_SNAPSHOT, "snapshot")]);
        vec![
            (slot!(DB_CLUSTER, "cross_region_copies"), copies),
            (slot!(DB_CLUSTER, "regions_searched"), self.regions_searched(cluster)),
            (slot!(DB_CLUSTER, "global_members"), global_members),
            (slot!(DB_CLUSTER, "public_members"), public),
            (slot!(DB_CLUSTER, "private_members"), private),
            (slot!(DB_CLUSTER, "held_by"), Value::Null),
            (slot!(DB_CLUSTER, "live_copy_regions"), live_copies),
            (slot!(DB_CLUSTER, "member_zones"), zones),
            (slot!(DB_CLUSTER, "writer_zone"), writer),
            (slot!(DB_CLUSTER, "global_cluster_regions"), regions),
            (slot!(DB_CLUSTER, "native_backup"), native_backup),
        ]
    }

    /// The clusters of the global cluster that a cluster belongs to.
    fn global_members(&self, cluster: &Resource) -> Value {
        if let Some(members) = self.global_members.get(&*cluster.arn) {
            return members.clone();
        }
        if let Some(unknown) = self.unlisted.value_near(&GLOBAL_CLUSTER, cluster) {
            return unknown;
        }
        match cluster.get(slot!(DB_CLUSTER, "global_cluster_identifier")) {
            Value::Str(id) if !id.is_empty() => {
                Value::unknown(Unknown::new(UnknownReason::Error, format!("the global database {id} was not listed")))
            }
            _ => Value::list([]),
        }
    }

    /// A field of a cluster's member, which is an instance of its own.
    fn of_member(&self, cluster: &Resource, id: &str, slot: usize) -> Value {
        match self.instances.get(&(&*cluster.account, &*cluster.region, id)) {
            Some(instance) => instance.get(slot).clone(),
            None => self.unlisted.value_near(&DB_INSTANCE, cluster).unwrap_or_else(|| {
                Value::unknown(Unknown::new(UnknownReason::Error, format!("the member {id} was not listed")))
            }),
        }
    }

    /// The members that are, or are not, publicly accessible.
    fn accessible(&self, cluster: &Resource, members: &[Value], publicly: bool) -> Value {
        let (mut found, mut missing) = (Vec::new(), None);
        for member in members {
            let id = part(member, slot!(CLUSTER_MEMBER, "db_instance_identifier"));
            let Some(name) = id.as_str() else { continue };
            match self.of_member(cluster, name, slot!(DB_INSTANCE, "publicly_accessible")) {
                // The others can still show that members differ.
                Value::Unknown(unknown) => missing = missing.or(Some(unknown)),
                Value::Null => {
                    let detail = format!("AWS does not say whether {name} is publicly accessible");
                    missing = missing.or_else(|| Some(Arc::new(Unknown::new(UnknownReason::Absent, detail))));
                }
                public if public.as_bool() == Some(publicly) => found.push(id.clone()),
                _ => {}
            }
        }
        open_list(found, missing.as_ref())
    }

    /// The zones in which members really run. `AvailabilityZones` of a cluster is only where they could.
    fn zones(&self, cluster: &Resource, members: &[Value]) -> (Value, Value) {
        let (mut zones, mut writer): (Vec<Value>, Value) = (Vec::new(), Value::Null);
        for member in members {
            let Some(id) = part(member, slot!(CLUSTER_MEMBER, "db_instance_identifier")).as_str() else { continue };
            let zone = self.of_member(cluster, id, slot!(DB_INSTANCE, "availability_zone"));
            if part(member, slot!(CLUSTER_MEMBER, "is_writer")).as_bool() == Some(true) {
                writer = zone.clone();
            }
            match zone {
                unknown @ Value::Unknown(_) => return (unknown, writer),
                // An instance that is being created has no zone yet.
                Value::Null => {}
                zone if zones.contains(&zone) => {}
                zone => zones.push(zone),
            }
        }
        zones.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
        (Value::list(zones), writer)
    }
}

/// The snapshots that were copied from another Region, by the instance that they are of.
fn copied<'a>(estate: &Estate<'a>) -> HashMap<Place<'a>, Vec<Value>> {
    let mut copied: HashMap<Place<'_>, Vec<Value>> = HashMap::new();
    for snapshot in estate.of(&DB_SNAPSHOT) {
        let text = |slot| snapshot.get(slot).as_str();
        if let (Some(source), Some(instance)) =
            (text(slot!(DB_SNAPSHOT, "source_region")), text(slot!(DB_SNAPSHOT, "db_instance_identifier")))
            && source != &*snapshot.region
            && text(slot!(DB_SNAPSHOT, "status")) == Some("available")
        {
            let latest = snapshot.get(slot!(DB_SNAPSHOT, "created")).clone();
            let copies = copied.entry((&snapshot.account, source, instance)).or_default();
            copies.push(copy(&snapshot.region, "snapshot", latest));
        }
    }
    copied
}

/// The same for clusters. A copy says nothing of when its data was taken: its source does, as long as there is one.
fn cluster_copied<'a>(estate: &Estate<'a>) -> HashMap<Place<'a>, Vec<Value>> {
    let created = |snapshot: &Resource| snapshot.get(slot!(DB_CLUSTER_SNAPSHOT, "created")).clone();
    let by_arn: HashMap<&str, &Resource> =
        estate.of(&DB_CLUSTER_SNAPSHOT).iter().map(|snapshot| (&*snapshot.arn, *snapshot)).collect();
    let mut copied: HashMap<Place<'_>, Vec<Value>> = HashMap::new();
    for snapshot in estate.of(&DB_CLUSTER_SNAPSHOT) {
        let text = |slot| snapshot.get(slot).as_str();
        let source = text(slot!(DB_CLUSTER_SNAPSHOT, "source_arn"));
        if let (Some(source), Some(cluster)) = (source, text(slot!(DB_CLUSTER_SNAPSHOT, "db_cluster_identifier")))
            && let Some(region) = source.split(':').nth(3)
            && region != &*snapshot.region
            && text(slot!(DB_CLUSTER_SNAPSHOT, "status")) == Some("available")
        {
            let latest = created(by_arn.get(source).copied().unwrap_or(snapshot));
            let copies = copied.entry((&snapshot.account, region, cluster)).or_default();
            copies.push(copy(&snapshot.region, "snapshot", latest));
        }
    }
    copied
}

fn copy(region: &str, kind: &str, latest: Value) -> Value {
    record!(CROSS_REGION_COPY { "region": region, "kind": kind, "latest": latest })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::link_resources;

    const ACCOUNT: &str = "111111111111";
    const TOKYO: &str = "ap-northeast-1";
    const OSAKA: &str = "ap-northeast-3";

    fn snapshot(region: &str, created: &str, source: Option<&str>) -> Resource {
        let mut snapshot = Resource::new(&DB_CLUSTER_SNAPSHOT, ACCOUNT, region, "daily");
        snapshot.arn = format!("arn:aws:rds:{region}:{ACCOUNT}:cluster-snapshot:daily").into();
        snapshot.set(slot!(DB_CLUSTER_SNAPSHOT, "db_cluster_identifier"), "orders");
        snapshot.set(slot!(DB_CLUSTER_SNAPSHOT, "status"), "available");
        snapshot.set(slot!(DB_CLUSTER_SNAPSHOT, "created"), Value::Timestamp(created.parse().unwrap()));
        snapshot.set(slot!(DB_CLUSTER_SNAPSHOT, "source_arn"), source);
        snapshot
    }

    #[test]
    fn a_copy_is_as_old_as_what_was_copied() {
        let original = snapshot(TOKYO, "2026-01-01T00:00:00Z", None);
        let copy = snapshot(OSAKA, "2026-01-14T00:00:00Z", Some(&original.arn));
        let mut denied = Resource::new(&DB_CLUSTER_SNAPSHOT, ACCOUNT, "us-west-2", "*");
        let reason = Value::unknown(Unknown::new(UnknownReason::Denied, ""));
        denied.fields.fill(reason.clone());
        let cluster = Resource::new(&DB_CLUSTER, ACCOUNT, TOKYO, "orders");
        let mut resources = [original, copy, denied, cluster];
        link_resources(&mut resources, Timestamp::UNIX_EPOCH);
        let copies = resources[3].get(slot!(DB_CLUSTER, "cross_region_copies")).as_list().unwrap();
        let seen: Vec<(Option<&str>, &Value)> = copies
            .iter()
            .map(|copy| {
                let region = part(copy, slot!(CROSS_REGION_COPY, "region")).as_str();
                (region, part(copy, slot!(CROSS_REGION_COPY, "latest")))
            })
            .collect();
        let taken = Value::Timestamp("2026-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(seen, [(Some(OSAKA), &taken), (Some("us-west-2"), &reason)]);
    }

    #[test]
    fn a_global_database_that_nobody_listed_is_not_none() {
        let mut cluster = Resource::new(&DB_CLUSTER, ACCOUNT, TOKYO, "orders");
        cluster.set(slot!(DB_CLUSTER, "global_cluster_identifier"), "orders-global");
        cluster.set(slot!(DB_CLUSTER, "read_replicas"), Value::list([]));
        let mut resources = [cluster];
        link_resources(&mut resources, Timestamp::UNIX_EPOCH);
        for field in ["global_members", "global_cluster_regions", "live_copy_regions"] {
            assert!(resources[0].get(DB_CLUSTER.slot(field)).as_unknown().is_some(), "{field}");
        }
    }
}
