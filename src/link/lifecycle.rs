//! What protects volumes and instances besides AWS Backup: Data Lifecycle Manager and Elastic Disaster Recovery.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use super::{Estate, Unlisted, open_list, part};
use crate::model::schedule::longest_interval;
use crate::model::types::dlm::{LIFECYCLE_POLICY, POLICY_SCHEDULE, POLICY_TAG};
use crate::model::types::drs::SOURCE_SERVER;
use crate::model::types::ec2::{INSTANCE, VOLUME, VOLUME_ATTACHMENT};
use crate::model::{Resource, Seconds, Unknown, UnknownReason, Value};
use crate::slot;

/// An account and a Region.
type Place<'a> = (&'a str, &'a str);

/// Whether a policy covers something, or why that is not known.
type Maybe = Result<bool, Arc<Unknown>>;

/// The policies of Data Lifecycle Manager that do something.
pub(super) struct Policies<'a> {
    unlisted: Unlisted<'a>,
    by_place: HashMap<Place<'a>, Vec<&'a Resource>>,
    instances: HashMap<(&'a str, &'a str, &'a str), &'a Resource>,
}

/// The policies that cover something, and why there may be more.
pub(super) struct Covering<'a> {
    policies: Vec<&'a Resource>,
    missing: Option<Arc<Unknown>>,
}

impl Covering<'_> {
    /// The ids of the policies.
    pub(super) fn ids(&self) -> Value {
        let ids = self.policies.iter().map(|policy| Value::Str(Arc::clone(&policy.id)));
        open_list(ids.collect(), self.missing.as_ref())
    }

    /// The Regions that the policies copy to.
    pub(super) fn copy_regions(&self) -> Value {
        let mut missing = self.missing.clone();
        let mut regions = BTreeSet::new();
        for policy in &self.policies {
            match policy.get(slot!(LIFECYCLE_POLICY, "schedules")) {
                Value::Unknown(unknown) => missing = Some(Arc::clone(unknown)),
                schedules => {
                    for schedule in schedules.as_list().unwrap_or_default() {
                        let copies = part(schedule, slot!(POLICY_SCHEDULE, "copy_regions"));
                        regions.extend(copies.as_list().unwrap_or_default().iter().filter_map(Value::as_str));
                    }
                }
            }
        }
        open_list(regions.into_iter().map(Value::str).collect(), missing.as_ref())
    }

    /// How far apart snapshots are at most: the schedule that runs most often bounds it. Null without a policy.
    pub(super) fn interval(&self, now: Timestamp) -> Value {
        let mut unknown = self.missing.clone();
        let mut intervals = Vec::new();
        for policy in &self.policies {
            match policy.get(slot!(LIFECYCLE_POLICY, "schedules")) {
                Value::Unknown(unread) => unknown = Some(Arc::clone(unread)),
                schedules => {
                    for schedule in schedules.as_list().unwrap_or_default() {
                        match interval(schedule, now) {
                            Ok(interval) => intervals.push(interval),
                            Err(unread) => unknown = Some(unread),
                        }
                    }
                }
            }
        }
        match (intervals.into_iter().min(), unknown) {
            (Some(interval), _) => Value::Duration(interval),
            (None, Some(unknown)) => Value::Unknown(unknown),
            (None, None) => Value::Null,
        }
    }

    /// Whether there is any.
    pub(super) fn any(&self) -> Value {
        match (&self.missing, self.policies.is_empty()) {
            (_, false) => Value::Bool(true),
            (Some(unknown), true) => Value::Unknown(Arc::clone(unknown)),
            (None, true) => Value::Bool(false),
        }
    }
}

impl<'a> Policies<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut by_place: HashMap<Place<'_>, Vec<&Resource>> = HashMap::new();
        for policy in estate.of(&LIFECYCLE_POLICY) {
            let text = |slot| policy.get(slot).as_str();
            let enabled = text(slot!(LIFECYCLE_POLICY, "state")) == Some("ENABLED");
            // An event-based policy copies what another account shares.
            let of_events = text(slot!(LIFECYCLE_POLICY, "policy_type")) == Some("EVENT_BASED_POLICY");
            if enabled && !of_events {
                by_place.entry((&policy.account, &policy.region)).or_default().push(policy);
            }
        }
        let instances = estate.of(&INSTANCE).iter().map(|it| ((&*it.account, &*it.region, &*it.id), *it)).collect();
        Self { unlisted: estate.unlisted.clone(), by_place, instances }
    }

    /// The policies that cover an instance as a whole.
    pub(super) fn of_instance(&self, instance: &Resource) -> Covering<'a> {
        self.covering(instance, |policy| targets(policy, "INSTANCE", instance.get(slot!(INSTANCE, "tags"))))
    }

    /// The policies that cover a volume by itself.
    pub(super) fn of_volume_alone(&self, volume: &Resource) -> Covering<'a> {
        self.covering(volume, |policy| self.covers_volume(policy, volume, false))
    }

    /// The policies that cover a volume, by itself or with its instance.
    pub(super) fn of_volume(&self, volume: &Resource) -> Covering<'a> {
        self.covering(volume, |policy| self.covers_volume(policy, volume, true))
    }

    fn covering(&self, resource: &Resource, covers: impl Fn(&Resource) -> Maybe) -> Covering<'a> {
        let mut covering =
            Covering { policies: Vec::new(), missing: self.unlisted.near(&LIFECYCLE_POLICY, resource).cloned() };
        for policy in self.by_place.get(&(&*resource.account, &*resource.region)).into_iter().flatten() {
            match covers(policy) {
                Ok(true) => covering.policies.push(policy),
                Ok(false) => {}
                Err(unknown) => covering.missing = Some(unknown),
            }
        }
        covering
    }

    fn covers_volume(&self, policy: &Resource, volume: &Resource, with_instance: bool) -> Maybe {
        let attachments = volume.get(slot!(VOLUME, "attachments")).as_list().unwrap_or_default();
        if self.leaves_out(policy, volume, attachments)? {
            return Ok(false);
        }
        if targets(policy, "VOLUME", volume.get(slot!(VOLUME, "tags")))? {
            return Ok(true);
        }
        if !with_instance {
            return Ok(false);
        }
        for attachment in attachments {
            if let Some(instance) = self.instance_of(volume, attachment)
                && targets(policy, "INSTANCE", instance.get(slot!(INSTANCE, "tags")))?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn instance_of(&self, volume: &Resource, attachment: &Value) -> Option<&'a Resource> {
        let id = part(attachment, slot!(VOLUME_ATTACHMENT, "instance_id")).as_str()?;
        self.instances.get(&(&*volume.account, &*volume.region, id)).copied()
    }

    /// Whether a policy leaves out a volume that its tags would select.
    fn leaves_out(&self, policy: &Resource, volume: &Resource, attachments: &[Value]) -> Maybe {
        let types = known(policy.get(slot!(LIFECYCLE_POLICY, "exclude_volume_types")))?;
        if types.as_list().unwrap_or_default().contains(volume.get(slot!(VOLUME, "volume_type"))) {
            return Ok(true);
        }
        let boot = known(policy.get(slot!(LIFECYCLE_POLICY, "exclude_boot_volumes")))?.as_bool() == Some(true);
        let is_root = |attachment: &Value| {
            let root = self.instance_of(volume, attachment).map(|it| it.get(slot!(INSTANCE, "root_device")));
            root.is_some_and(|root| *root == *part(attachment, slot!(VOLUME_ATTACHMENT, "device")))
        };
        if boot && attachments.iter().any(is_root) {
            return Ok(true);
        }
        let tags = known(volume.get(slot!(VOLUME, "tags")))?;
        Ok(has_any(tags, known(policy.get(slot!(LIFECYCLE_POLICY, "exclude_tags")))?))
    }
}

/// Whether a policy takes resources of a type that have these tags: any of its tags, everything for a default policy.
fn targets(policy: &Resource, ty: &str, tags: &Value) -> Maybe {
    let types = known(policy.get(slot!(LIFECYCLE_POLICY, "resource_types")))?;
    if !types.as_list().unwrap_or_default().iter().any(|it| it.as_str() == Some(ty)) {
        return Ok(false);
    }
    let tags = known(tags)?;
    if has_any(tags, known(policy.get(slot!(LIFECYCLE_POLICY, "exclude_tags")))?) {
        return Ok(false);
    }
    let default = policy.get(slot!(LIFECYCLE_POLICY, "default_policy")).as_bool() == Some(true);
    Ok(default || has_any(tags, known(policy.get(slot!(LIFECYCLE_POLICY, "target_tags")))?))
}

/// The longest time between two runs of a schedule.
fn interval(schedule: &Value, now: Timestamp) -> Result<Seconds, Arc<Unknown>> {
    if let Some(interval) = part(schedule, slot!(POLICY_SCHEDULE, "interval")).as_duration() {
        return Ok(interval);
    }
    let cron = known(part(schedule, slot!(POLICY_SCHEDULE, "cron")))?.as_str().unwrap_or_default();
    longest_interval(cron, None, now)
        .map_err(|error| Arc::new(Unknown::new(UnknownReason::Unsupported, error.to_string())))
}

fn has_any(tags: &Value, wanted: &Value) -> bool {
    let has = |tag: &Value| {
        let key = part(tag, slot!(POLICY_TAG, "key")).as_str();
        let value = key.and_then(|key| tags.as_map()?.get(key)).map(|value| &**value);
        value.is_some() && value == part(tag, slot!(POLICY_TAG, "value")).as_str()
    };
    wanted.as_list().unwrap_or_default().iter().any(has)
}

fn known(value: &Value) -> Result<&Value, Arc<Unknown>> {
    match value {
        Value::Unknown(unknown) => Err(Arc::clone(unknown)),
        value => Ok(value),
    }
}

/// The servers that Elastic Disaster Recovery replicates.
pub(super) struct Replicated<'a> {
    /// By account and instance: where to.
    regions: HashMap<(&'a str, &'a str), BTreeSet<&'a str>>,
    /// By account: why there may be more.
    unread: HashMap<&'a str, &'a Arc<Unknown>>,
}

impl<'a> Replicated<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut regions: HashMap<(&str, &str), BTreeSet<&str>> = HashMap::new();
        for server in estate.of(&SOURCE_SERVER) {
            let state = server.get(slot!(SOURCE_SERVER, "replication_state")).as_str();
            let origin = server.get(slot!(SOURCE_SERVER, "origin_account")).as_str().unwrap_or(&server.account);
            if let Some(id) = server.get(slot!(SOURCE_SERVER, "origin_instance_id")).as_str()
                && !matches!(state, None | Some("STOPPED" | "DISCONNECTED"))
            {
                regions.entry((origin, id)).or_default().insert(&server.region);
            }
        }
        let unlisted = estate.unlisted.0.iter().filter(|((ty, _, _), _)| *ty == SOURCE_SERVER.name);
        Self { regions, unread: unlisted.map(|((_, account, _), unknown)| (*account, *unknown)).collect() }
    }

    /// The Regions to which an instance is replicated.
    pub(super) fn regions(&self, account: &str, instance: &str) -> Value {
        let regions = self.regions.get(&(account, instance)).into_iter().flatten();
        open_list(regions.map(Value::str).collect(), self.unread.get(account).copied())
    }
}
