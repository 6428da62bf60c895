//! Amazon Redshift: what the service itself keeps of a cluster, and how often.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{Derived, Estate, Linker, Unlisted};
use crate::model::schedule::longest_interval;
use crate::model::schema::ResourceType;
use crate::model::types::redshift::{CLUSTER, SNAPSHOT_SCHEDULE};
use crate::model::{Resource, Seconds, Unknown, UnknownReason, Value};
use crate::slot;

/// How often snapshots are taken without a schedule, or more often after many changes: "Automated snapshots" of the
/// Redshift management guide.
const DEFAULT_INTERVAL: Seconds = Seconds(8 * 3600);

pub(super) struct Warehouses<'a> {
    now: Timestamp,
    unlisted: Unlisted<'a>,
    schedules: HashMap<(&'a str, &'a str, &'a str), &'a Resource>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &CLUSTER
}

impl<'a> Warehouses<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let schedules = estate.of(&SNAPSHOT_SCHEDULE).iter();
        Self {
            now: estate.now,
            unlisted: estate.unlisted.clone(),
            schedules: schedules
                .map(|schedule| ((&*schedule.account, &*schedule.region, &*schedule.id), *schedule))
                .collect(),
        }
    }

    /// The longest time between two automated snapshots.
    fn interval(&self, cluster: &Resource) -> Value {
        let id = match cluster.get(slot!(CLUSTER, "snapshot_schedule_identifier")) {
            Value::Str(id) => id,
            Value::Null => return Value::Duration(DEFAULT_INTERVAL),
            other => return other.clone(),
        };
        let Some(schedule) = self.schedules.get(&(&*cluster.account, &*cluster.region, &**id)) else {
            return self.unlisted.value_near(&SNAPSHOT_SCHEDULE, cluster).unwrap_or_else(|| {
                Value::unknown(Unknown::new(UnknownReason::Error, format!("the schedule {id} was not listed")))
            });
        };
        let definitions = match schedule.get(slot!(SNAPSHOT_SCHEDULE, "definitions")) {
            Value::List(definitions) => definitions,
            other => return other.clone(),
        };
        // All definitions of a schedule count, so that the most frequent one bounds the time between snapshots.
        let intervals: Result<Vec<Seconds>, _> = definitions
            .iter()
            .filter_map(Value::as_str)
            .map(|definition| longest_interval(definition, None, self.now))
            .collect();
        match intervals.map(|intervals| intervals.into_iter().min()) {
            Ok(interval) => interval.into(),
            Err(error) => Value::unknown(Unknown::new(UnknownReason::Error, error.to_string())),
        }
    }
}

impl Linker for Warehouses<'_> {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        let native_backup = match resource.get(slot!(CLUSTER, "automated_snapshot_retention_period")) {
            Value::Duration(retention) => Value::Bool(retention.0 > 0),
            other => other.clone(),
        };
        let copies = match resource.get(slot!(CLUSTER, "snapshot_copy_region")) {
            Value::Null => Value::list([]),
            region @ Value::Str(_) => Value::list([region.clone()]),
            other => other.clone(),
        };
        vec![
            (slot!(CLUSTER, "snapshot_interval"), self.interval(resource)),
            (slot!(CLUSTER, "held_by"), Value::Null),
            (slot!(CLUSTER, "live_copy_regions"), copies),
            (slot!(CLUSTER, "native_backup"), native_backup),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::link_resources;

    const PLACE: (&str, &str) = ("111111111111", "ap-northeast-1");

    fn cluster(id: &str, schedule: Option<&str>) -> Resource {
        let mut cluster = Resource::new(&CLUSTER, PLACE.0, PLACE.1, id);
        cluster.set(slot!(CLUSTER, "snapshot_schedule_identifier"), schedule);
        cluster
    }

    fn schedule(id: &str, definitions: &[&str]) -> Resource {
        let mut schedule = Resource::new(&SNAPSHOT_SCHEDULE, PLACE.0, PLACE.1, id);
        let definitions = definitions.iter().map(|definition| Value::from(*definition));
        schedule.set(slot!(SNAPSHOT_SCHEDULE, "definitions"), Value::list(definitions));
        schedule
    }

    #[test]
    fn snapshots_are_as_far_apart_as_the_schedule_says() {
        let mut resources = [
            cluster("default", None),
            cluster("daily", Some("daily")),
            cluster("odd", Some("odd")),
            cluster("lost", Some("gone")),
            schedule("daily", &["rate(24 hours)", "rate(12 hours)"]),
            schedule("odd", &["cron(now and then)"]),
        ];
        link_resources(&mut resources, Timestamp::UNIX_EPOCH);
        let interval = |place: usize| resources[place].get(slot!(CLUSTER, "snapshot_interval"));
        assert_eq!(interval(0), &Value::Duration(Seconds(8 * 3600)));
        assert_eq!(interval(1), &Value::Duration(Seconds(12 * 3600)));
        assert!(interval(2).as_unknown().is_some());
        assert!(interval(3).as_unknown().is_some());
    }
}
