//! Replication: where the destination buckets are.

use std::collections::HashMap;

use super::{Derived, Estate, Linker, outside, part};
use crate::model::schema::ResourceType;
use crate::model::types::s3::{BUCKET, REPLICA, REPLICATION_RULE};
use crate::model::{Resource, Value};
use crate::{record, slot};

pub(super) struct Buckets<'a> {
    by_name: HashMap<&'a str, &'a Resource>,
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
        Self { by_name: estate.of(&BUCKET).iter().map(|bucket| (&*bucket.id, *bucket)).collect() }
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
        vec![
            (slot!(BUCKET, "replicas"), replicas),
            (slot!(BUCKET, "held_by"), Value::Null),
            (slot!(BUCKET, "live_copy_regions"), live_copies),
            (slot!(BUCKET, "native_backup"), native_backup),
        ]
    }

    fn replica(&self, rule: &Value) -> Value {
        let field = |slot| part(rule, slot).clone();
        let name = field(slot!(REPLICATION_RULE, "destination_bucket"));
        // Bucket names are unique in a partition of AWS, so the name finds the bucket in whatever account it is.
        let (region, account) = match name.as_str().and_then(|name| self.by_name.get(name)) {
            Some(bucket) => (Value::Str(bucket.region.clone()), Value::Str(bucket.account.clone())),
            None => {
                let unknown = outside(name.as_str().unwrap_or("?").to_owned());
                (unknown.clone(), unknown)
            }
        };
        let filtered = !part(rule, slot!(REPLICATION_RULE, "prefix")).is_null()
            || field(slot!(REPLICATION_RULE, "filtered_by_tag")).as_bool() == Some(true);
        record!(REPLICA {
            "rule": field(slot!(REPLICATION_RULE, "id")),
            "status": field(slot!(REPLICATION_RULE, "status")),
            "bucket": name,
            "region": region,
            "account": account,
            "all_keys": !filtered,
            "replication_time_control": field(slot!(REPLICATION_RULE, "replication_time_control")),
        })
    }
}
