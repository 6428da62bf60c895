//! Databases: the zones of cluster members, restore windows, snapshots.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::{Derived, Estate, Linker, Unlisted, part};
use crate::model::schema::ResourceType;
use crate::model::types::rds::{
    AUTOMATED_BACKUP, CLUSTER_MEMBER, DB_CLUSTER, DB_INSTANCE, DB_SNAPSHOT, GLOBAL_CLUSTER,
};
use crate::model::{Resource, Seconds, Unknown, UnknownReason, Value};
use crate::slot;

/// An account, a Region and an id in them.
type Place<'a> = (&'a str, &'a str, &'a str);

pub(super) struct Databases<'a> {
    now: Timestamp,
    unlisted: Unlisted<'a>,
    instances: HashMap<Place<'a>, &'a Resource>,
    automated_backups: HashMap<&'a str, Vec<&'a Resource>>,
    snapshots: HashMap<Place<'a>, Vec<&'a Resource>>,
    global_regions: HashMap<&'a str, Value>,
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
        let mut global_regions = HashMap::new();
        for global in estate.of(&GLOBAL_CLUSTER) {
            let arns = global.get(slot!(GLOBAL_CLUSTER, "member_arns")).as_list().unwrap_or_default();
            let regions: Vec<Value> =
                arns.iter().filter_map(|arn| arn.as_str()?.split(':').nth(3).map(Value::str)).collect();
            for arn in arns.iter().filter_map(Value::as_str) {
                global_regions.insert(arn, Value::list(regions.clone()));
            }
        }
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
            global_regions,
        }
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
        vec![
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
        let (zones, writer) = match cluster.get(slot!(DB_CLUSTER, "members")) {
            Value::List(members) => self.zones(cluster, members),
            other => (other.clone(), other.clone()),
        };
        let regions = match self.global_regions.get(&*cluster.arn) {
            Some(regions) => regions.clone(),
            None => self.unlisted.value_near(&GLOBAL_CLUSTER, cluster).unwrap_or_else(|| Value::list([])),
        };
        let native_backup = match cluster.get(slot!(DB_CLUSTER, "backup_retention_period")) {
            Value::Duration(Seconds(retention)) => Value::Bool(*retention > 0),
            other => other.clone(),
        };
        let live_copies = match &regions {
            Value::List(regions) => {
                Value::list(regions.iter().filter(|region| region.as_str() != Some(&*cluster.region)).cloned())
            }
            other => other.clone(),
        };
        vec![
            (slot!(DB_CLUSTER, "held_by"), Value::Null),
            (slot!(DB_CLUSTER, "live_copy_regions"), live_copies),
            (slot!(DB_CLUSTER, "member_zones"), zones),
            (slot!(DB_CLUSTER, "writer_zone"), writer),
            (slot!(DB_CLUSTER, "global_cluster_regions"), regions),
            (slot!(DB_CLUSTER, "native_backup"), native_backup),
        ]
    }

    /// The zones in which members really run. `AvailabilityZones` of a cluster is only where they could.
    fn zones(&self, cluster: &Resource, members: &[Value]) -> (Value, Value) {
        let (mut zones, mut writer): (Vec<Value>, Value) = (Vec::new(), Value::Null);
        for member in members {
            let Some(id) = part(member, slot!(CLUSTER_MEMBER, "db_instance_identifier")).as_str() else { continue };
            let zone = match self.instances.get(&(&*cluster.account, &*cluster.region, id)) {
                Some(instance) => instance.get(slot!(DB_INSTANCE, "availability_zone")).clone(),
                None => self.unlisted.value_near(&DB_INSTANCE, cluster).unwrap_or_else(|| {
                    Value::unknown(Unknown::new(UnknownReason::Error, format!("the member {id} was not listed")))
                }),
            };
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
