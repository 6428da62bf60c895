//! Replication: where the destination buckets are, what they keep, and where replication leads from bucket to bucket.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{Derived, Estate, Linker, outside, part};
use crate::model::schema::ResourceType;
use crate::model::types::s3::{BUCKET, DESTINATION, LIFECYCLE_RULE, RELAY, REPLICA, REPLICATION_RULE, SOURCE};
use crate::model::{Resource, Seconds, Value};
use crate::{record, slot};

pub(super) struct Buckets<'a> {
    by_name: HashMap<&'a str, &'a Resource>,
    /// The buckets with an enabled rule to a bucket, by its name. A bucket whose rules could not be read is in no list:
    /// that is said with the bucket itself.
    sources: HashMap<&'a str, Vec<&'a Resource>>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &BUCKET
}

impl Linker for Buckets<'_> {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        self.bucket(resource)
    }
}

impl<'a> Buckets<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut sources: HashMap<&str, Vec<&Resource>> = HashMap::new();
        for bucket in estate.of(&BUCKET) {
            for rule in enabled_rules(bucket) {
                if let Some(destination) = destination(rule) {
                    let sources = sources.entry(destination).or_default();
                    if sources.last().is_none_or(|last| last.id != bucket.id) {
                        sources.push(bucket);
                    }
                }
            }
        }
        Self { by_name: estate.of(&BUCKET).iter().map(|bucket| (&*bucket.id, *bucket)).collect(), sources }
    }

    fn bucket(&self, bucket: &Resource) -> Vec<Derived> {
        let replicas = match bucket.get(slot!(BUCKET, "replication_rules")) {
            Value::List(rules) => Value::list(rules.iter().map(|rule| self.replica(rule))),
            other => other.clone(),
        };
        let native_backup = match bucket.get(slot!(BUCKET, "versioning")) {
            Value::Unknown(unknown) => Value::Unknown(unknown.clone()),
            versioning => Value::Bool(versioning.as_str() == Some("Enabled")),
        };
        let live_copies = match &replicas {
            Value::List(replicas) => Value::list(replicas.iter().filter_map(|replica| {
                let enabled = part(replica, slot!(REPLICA, "status")).as_str() == Some("Enabled");
                enabled.then(|| part(replica, slot!(REPLICA, "region")).clone())
            })),
            other => other.clone(),
        };
        let rules_read = match bucket.get(slot!(BUCKET, "replication_rules")) {
            unknown @ Value::Unknown(_) => Some(unknown),
            _ => None,
        };
        let read = |values: &dyn Fn() -> Value| rules_read.cloned().unwrap_or_else(values);
        vec![
            (slot!(BUCKET, "destinations"), read(&|| self.destinations(bucket))),
            (slot!(BUCKET, "relays"), read(&|| self.relays(bucket))),
            (slot!(BUCKET, "sources"), self.sources(bucket)),
            (slot!(BUCKET, "replicas"), replicas),
            (slot!(BUCKET, "held_by"), Value::Null),
            (slot!(BUCKET, "live_copy_regions"), live_copies),
            (slot!(BUCKET, "native_backup"), native_backup),
        ]
    }

    /// The bucket of a name, or why nothing is known of it. Bucket names are unique in a partition of AWS, so the name
    /// finds the bucket in whatever account it is.
    fn find(&self, name: Option<&str>) -> Result<&'a Resource, Value> {
        let bucket = name.and_then(|name| self.by_name.get(name)).copied();
        bucket.ok_or_else(|| outside(name.unwrap_or("?").to_owned()))
    }

    fn replica(&self, rule: &Value) -> Value {
        let field = |slot| part(rule, slot).clone();
        let name = field(slot!(REPLICATION_RULE, "destination_bucket"));
        let (region, account) = match self.find(name.as_str()) {
            Ok(bucket) => (Value::Str(bucket.region.clone()), Value::Str(bucket.account.clone())),
            Err(unknown) => (unknown.clone(), unknown),
        };
        record!(REPLICA {
            "rule": field(slot!(REPLICATION_RULE, "id")),
            "status": field(slot!(REPLICATION_RULE, "status")),
            "bucket": name,
            "region": region,
            "account": account,
            "all_keys": takes_all_keys(rule),
            "replication_time_control": field(slot!(REPLICATION_RULE, "replication_time_control")),
            "sse_kms_objects": field(slot!(REPLICATION_RULE, "sse_kms_objects")),
        })
    }

    fn destinations(&self, bucket: &Resource) -> Value {
        Value::list(enabled_rules(bucket).map(|rule| {
            let name = destination(rule);
            let found = self.find(name);
            let of = |value: &dyn Fn(&Resource) -> Value| match &found {
                Ok(bucket) => value(bucket),
                Err(unknown) => unknown.clone(),
            };
            record!(DESTINATION {
                "rule": part(rule, slot!(REPLICATION_RULE, "id")).clone(),
                "bucket": name,
                "region": of(&|bucket| Value::Str(bucket.region.clone())),
                "versioning": of(&|bucket| bucket.get(slot!(BUCKET, "versioning")).clone()),
                "noncurrent_expiration": of(&shortest_noncurrent_expiration),
            })
        }))
    }

    fn sources(&self, bucket: &Resource) -> Value {
        let sources = self.sources.get(&*bucket.id).map_or(&[][..], Vec::as_slice);
        Value::list(sources.iter().map(|source| {
            let whole = enabled_rules(source).filter(|rule| takes_all_keys(rule)).filter_map(destination);
            record!(SOURCE {
                "bucket": Value::Str(source.id.clone()),
                "region": Value::Str(source.region.clone()),
                "replicated_to": Value::list(whole.map(|name| match self.find(Some(name)) {
                    Ok(bucket) => Value::Str(bucket.region.clone()),
                    Err(unknown) => unknown,
                })),
            })
        }))
    }

    /// The ways of two or more rules that begin at a bucket, the shortest to each bucket in between. One that leads back
    /// is none.
    fn relays(&self, bucket: &Resource) -> Value {
        let mut relays = Vec::new();
        let mut passed = HashSet::from([&*bucket.id]);
        let mut ways: VecDeque<Vec<&Resource>> = VecDeque::from([Vec::new()]);
        while let Some(way) = ways.pop_front() {
            let last = way.last().copied().unwrap_or(bucket);
            if let unread @ Value::Unknown(_) = last.get(slot!(BUCKET, "replication_rules")) {
                relays.push(unread.clone());
            }
            for name in enabled_rules(last).filter_map(destination) {
                let found = self.find(Some(name));
                if !way.is_empty() && name != &*bucket.id {
                    relays.push(record!(RELAY {
                        "path": Value::list(way.iter().map(|bucket| Value::Str(bucket.id.clone()))),
                        "path_regions": Value::list(way.iter().map(|bucket| Value::Str(bucket.region.clone()))),
                        "bucket": name,
                        "region": found.as_ref().map_or_else(Clone::clone, |found| Value::Str(found.region.clone())),
                    }));
                }
                if let Ok(next) = found
                    && passed.insert(&next.id)
                {
                    ways.push_back(way.iter().copied().chain([next]).collect());
                }
            }
        }
        Value::list(relays)
    }
}

/// The enabled replication rules of a bucket; none where they could not be read.
fn enabled_rules(bucket: &Resource) -> impl Iterator<Item = &Value> {
    let rules = bucket.get(slot!(BUCKET, "replication_rules")).as_list().unwrap_or_default();
    rules.iter().filter(|rule| part(rule, slot!(REPLICATION_RULE, "status")).as_str() == Some("Enabled"))
}

fn destination(rule: &Value) -> Option<&str> {
    part(rule, slot!(REPLICATION_RULE, "destination_bucket")).as_str()
}

fn takes_all_keys(rule: &Value) -> bool {
    part(rule, slot!(REPLICATION_RULE, "prefix")).is_null()
        && part(rule, slot!(REPLICATION_RULE, "filtered_by_tag")).as_bool() != Some(true)
}

/// How soon enabled lifecycle rules expire older versions; null for never.
fn shortest_noncurrent_expiration(bucket: &Resource) -> Value {
    let rules = match bucket.get(slot!(BUCKET, "lifecycle_rules")) {
        Value::List(rules) => rules,
        other => return other.clone(),
    };
    let enabled = rules.iter().filter(|rule| part(rule, slot!(LIFECYCLE_RULE, "status")).as_str() == Some("Enabled"));
    let expirations = enabled.filter_map(|rule| match part(rule, slot!(LIFECYCLE_RULE, "noncurrent_expiration")) {
        Value::Duration(after) => Some(*after),
        _ => None,
    });
    expirations.min_by_key(|after: &Seconds| after.0).into()
}
