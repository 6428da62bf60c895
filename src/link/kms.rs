//! Keys: the stores that they encrypt, the copies of these in other Regions, and the keys of one set.
//!
//! It comes after the other linkers, since it follows the copies that they found.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Derived, Estate, Linker, Unlisted, open_list, outside, part};
use crate::model::schema::ResourceType;
use crate::model::types::efs::{self, FILE_SYSTEM};
use crate::model::types::kms::{ALIAS, ENCRYPTED_COPY, KEY, RELATED_KEY};
use crate::model::types::rds::{DB_CLUSTER, DB_INSTANCE, GLOBAL_CLUSTER, GLOBAL_MEMBER};
use crate::model::types::s3::{BUCKET, REPLICATION_RULE};
use crate::model::types::secretsmanager::{SECRET, SECRET_REPLICA};
use crate::model::{Resource, Unknown, Value, types};
use crate::{record, slot};

/// An account and a Region.
type Place<'a> = (&'a str, &'a str);
/// An account, a Region and an id in them.
type Id<'a> = (&'a str, &'a str, &'a str);

pub(super) struct Keys<'a> {
    unlisted: Unlisted<'a>,
    by_id: HashMap<Id<'a>, &'a Resource>,
    aliases: HashMap<Id<'a>, &'a str>,
    aws_managed: HashSet<Id<'a>>,
    /// What each key encrypts.
    users: HashMap<Id<'a>, Vec<&'a Resource>>,
    /// Why it is not known of every store which key it has.
    unread: HashMap<Place<'a>, Arc<Unknown>>,
    stores: HashMap<&'a str, &'a Resource>,
    stores_by_id: HashMap<(&'static str, Id<'a>), &'a Resource>,
    buckets: HashMap<&'a str, &'a Resource>,
    /// The clusters of the global cluster that a cluster belongs to.
    members: HashMap<&'a str, Vec<&'a str>>,
}

/// What the text that a service has for a key stands for.
enum Named<'a> {
    Key(Id<'a>),
    AwsManaged,
    /// An alias that nobody has listed.
    Alias,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &KEY
}

impl Linker for Keys<'_> {
    fn derive(&self, key: &Resource) -> Vec<Derived> {
        let users = self.users.get(&id(key)).map_or(&[][..], Vec::as_slice);
        let unread = self.unread_users(key);
        let used_by = users.iter().map(|store| Value::Str(Arc::clone(&store.arn))).collect();
        let mut copies = Vec::new();
        let mut missing = unread.clone();
        for store in users {
            match self.copies(store) {
                Ok(found) => copies.extend(found),
                Err(unknown) => missing = missing.or(Some(unknown)),
            }
        }
        vec![
            (slot!(KEY, "related_keys"), self.related_keys(key)),
            (slot!(KEY, "used_by"), open_list(used_by, unread.as_ref())),
            (slot!(KEY, "copies"), open_list(copies, missing.as_ref())),
        ]
    }
}

/// The types whose resources have a key.
fn encrypted() -> impl Iterator<Item = &'static ResourceType> {
    types::ALL.iter().copied().filter(|ty| ty.field("kms_key_id").is_some())
}

fn id(resource: &Resource) -> Id<'_> {
    (&resource.account, &resource.region, &resource.id)
}

/// The Region, the account and the resource of an ARN.
fn arn_parts(arn: &str) -> Option<(&str, &str, &str)> {
    let mut parts = arn.strip_prefix("arn:")?.splitn(5, ':').skip(2);
    Some((parts.next()?, parts.next()?, parts.next()?))
}

/// Services give a key as they were given it: by ARN or id, of the key or of an alias.
fn named<'b>(
    aliases: &HashMap<Id<'b>, &'b str>,
    aws_managed: &HashSet<Id<'b>>,
    text: &'b str,
    place: Place<'b>,
) -> Named<'b> {
    let (account, region, resource) = match arn_parts(text) {
        Some((region, account, resource)) => (account, region, resource),
        None => (place.0, place.1, text),
    };
    if resource.starts_with("alias/aws/") {
        return Named::AwsManaged;
    }
    let key = match resource.strip_prefix("key/") {
        Some(key) => key,
        None if resource.starts_with("alias/") => match aliases.get(&(account, region, resource)) {
            Some(key) => key,
            None => return Named::Alias,
        },
        None => resource,
    };
    if aws_managed.contains(&(account, region, key)) {
        return Named::AwsManaged;
    }
    Named::Key((account, region, key))
}

impl<'a> Keys<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut aliases = HashMap::new();
        let mut aws_managed = HashSet::new();
        for alias in estate.of(&ALIAS) {
            let Some(target) = alias.get(slot!(ALIAS, "target_key_id")).as_str() else { continue };
            if alias.id.starts_with("alias/aws/") {
                aws_managed.insert((&*alias.account, &*alias.region, target));
            }
            aliases.insert(id(alias), target);
        }
        let mut members = HashMap::new();
        for global in estate.of(&GLOBAL_CLUSTER) {
            let clusters = global.get(slot!(GLOBAL_CLUSTER, "members")).as_list().unwrap_or_default();
            let arns = clusters.iter().filter_map(|member| part(member, slot!(GLOBAL_MEMBER, "arn")).as_str());
            let arns: Vec<&str> = arns.collect();
            members.extend(arns.iter().map(|arn| (*arn, arns.clone())));
        }
        let mut keys = Self {
            unlisted: estate.unlisted.clone(),
            by_id: estate.of(&KEY).iter().map(|key| (id(key), *key)).collect(),
            aliases,
            aws_managed,
            users: HashMap::new(),
            unread: HashMap::new(),
            stores: HashMap::new(),
            stores_by_id: HashMap::new(),
            buckets: estate.of(&BUCKET).iter().map(|bucket| (&*bucket.id, *bucket)).collect(),
            members,
        };
        for ty in encrypted() {
            for store in estate.of(ty) {
                keys.add_store(store);
            }
        }
        keys
    }

    fn add_store(&mut self, store: &'a Resource) {
        self.stores.insert(&store.arn, store);
        self.stores_by_id.insert((store.ty.name, id(store)), store);
        match store.field("kms_key_id") {
            Some(Value::Str(text)) => {
                if let Named::Key(key) = named(&self.aliases, &self.aws_managed, text, (&store.account, &store.region))
                {
                    self.users.entry(key).or_default().push(store);
                }
            }
            Some(Value::Unknown(unknown)) => {
                let place = (&*store.account, &*store.region);
                self.unread.entry(place).or_insert_with(|| Arc::clone(unknown));
            }
            _ => {}
        }
    }

    /// Why stores that nobody has seen may have the key.
    fn unread_users(&self, key: &Resource) -> Option<Arc<Unknown>> {
        let place = (&*key.account, &*key.region);
        let unlisted = || encrypted().chain([&ALIAS]).find_map(|ty| self.unlisted.near(ty, key)).cloned();
        self.unread.get(&place).cloned().or_else(unlisted)
    }

    fn related_keys(&self, key: &Resource) -> Value {
        match key.get(slot!(KEY, "multi_region_key_arns")) {
            Value::List(arns) => {
                Value::list(arns.iter().filter_map(Value::as_str).filter(|arn| *arn != &*key.arn).map(|arn| {
                    let place = arn_parts(arn);
                    record!(RELATED_KEY {
                        "arn": arn,
                        "region": place.map(|(region, ..)| region),
                        "key_state": place.map_or(Value::Null, |(region, account, resource)| {
                            self.state((account, region, resource.strip_prefix("key/").unwrap_or(resource)), arn)
                        }),
                    })
                }))
            }
            other => other.clone(),
        }
    }

    /// The state of a key; unknown when the scan has not seen it.
    fn state(&self, key: Id<'_>, text: &str) -> Value {
        match self.by_id.get(&key) {
            Some(key) => key.get(slot!(KEY, "key_state")).clone(),
            None => match self.unlisted.0.get(&(KEY.name, key.0, key.1)) {
                Some(unknown) => Value::Unknown(Arc::clone(unknown)),
                None => outside(text.to_owned()),
            },
        }
    }

    /// The copies of a store in other Regions.
    fn copies(&self, store: &Resource) -> Result<Vec<Value>, Arc<Unknown>> {
        if store.ty == &BUCKET {
            let rules = items(store.get(slot!(BUCKET, "replication_rules")))?;
            return Ok(rules.iter().filter_map(|rule| self.replica(store, rule)).collect());
        }
        if store.ty == &SECRET {
            let replicas = items(store.get(slot!(SECRET, "replicas")))?;
            let copies = replicas.iter().filter_map(|replica| {
                let region = part(replica, slot!(SECRET_REPLICA, "region")).as_str()?;
                let key = part(replica, slot!(SECRET_REPLICA, "kms_key_id"));
                let decryptable = self.decryptable(key, (&store.account, region));
                Some(copy(store, Value::str(region), key.clone(), decryptable))
            });
            return Ok(copies.collect());
        }
        if store.ty == &DB_INSTANCE {
            let replicas = items(store.get(slot!(DB_INSTANCE, "read_replicas")))?;
            // A replica in another Region is named by its ARN.
            return Ok(self.databases(store, replicas.iter().filter_map(Value::as_str)));
        }
        if store.ty == &DB_CLUSTER {
            if let Some(unknown) = self.unlisted.near(&GLOBAL_CLUSTER, store) {
                return Err(Arc::clone(unknown));
            }
            return Ok(self.databases(store, self.members.get(&*store.arn).into_iter().flatten().copied()));
        }
        if store.ty == &FILE_SYSTEM {
            let replicas = items(store.get(slot!(FILE_SYSTEM, "replicas")))?;
            let elsewhere =
                |replica: &&Value| part(replica, slot!(efs::REPLICA, "region")).as_str() != Some(&store.region);
            return Ok(replicas.iter().filter(elsewhere).map(|replica| self.file_system(store, replica)).collect());
        }
        let Some(regions) = store.field("live_copy_regions") else { return Ok(Vec::new()) };
        let elsewhere = items(regions)?.iter().filter(|region| region.as_str() != Some(&store.region));
        Ok(elsewhere.map(|region| self.namesake(store, region)).collect())
    }

    fn replica(&self, store: &Resource, rule: &Value) -> Option<Value> {
        if part(rule, slot!(REPLICATION_RULE, "status")).as_str() != Some("Enabled") {
            return None;
        }
        let name = part(rule, slot!(REPLICATION_RULE, "destination_bucket")).as_str().unwrap_or("?");
        let key = part(rule, slot!(REPLICATION_RULE, "replica_kms_key_id"));
        let Some(bucket) = self.buckets.get(name) else {
            return Some(copy(store, outside(name.to_owned()), key.clone(), outside(name.to_owned())));
        };
        if bucket.region == store.region {
            return None;
        }
        let selected = part(rule, slot!(REPLICATION_RULE, "sse_kms_objects"));
        let decryptable = match (selected, key) {
            (Value::Unknown(_), _) => selected.clone(),
            // Without both, S3 leaves such objects where they are.
            (_, Value::Null) | (Value::Bool(false), _) => Value::Bool(false),
            _ => self.decryptable(key, (&bucket.account, &bucket.region)),
        };
        Some(copy(store, Value::Str(Arc::clone(&bucket.region)), key.clone(), decryptable))
    }

    fn databases<'b>(&self, store: &Resource, arns: impl Iterator<Item = &'b str>) -> Vec<Value> {
        let copies = arns.filter_map(|arn| {
            let (region, account, _) = arn_parts(arn)?;
            (region != &*store.region).then(|| match self.stores.get(arn) {
                Some(database) => self.copy_of(store, database),
                None => {
                    let unlisted = self.unlisted.0.get(&(store.ty.name, account, region));
                    let unknown =
                        unlisted.map_or_else(|| outside(arn.to_owned()), |unknown| Value::Unknown(Arc::clone(unknown)));
                    copy(store, Value::str(region), unknown.clone(), unknown)
                }
            })
        });
        copies.collect()
    }

    /// A file system that another one is replicated to, which has a name of its own.
    fn file_system(&self, store: &Resource, replica: &Value) -> Value {
        let field = |slot| part(replica, slot);
        let (region, file_system) =
            (field(slot!(efs::REPLICA, "region")), field(slot!(efs::REPLICA, "file_system_id")));
        let account = field(slot!(efs::REPLICA, "owner_id")).as_str().unwrap_or(&store.account);
        let found = region
            .as_str()
            .zip(file_system.as_str())
            .and_then(|(region, file_system)| self.stores_by_id.get(&(store.ty.name, (account, region, file_system))));
        match found {
            Some(found) => self.copy_of(store, found),
            None => {
                let unknown = outside(file_system.as_str().unwrap_or("?").to_owned());
                copy(store, region.clone(), unknown.clone(), unknown)
            }
        }
    }

    /// The copy in a Region that has the same name over there, as the replicas of a table have.
    fn namesake(&self, store: &Resource, region: &Value) -> Value {
        let found = region
            .as_str()
            .and_then(|region| self.stores_by_id.get(&(store.ty.name, (&*store.account, region, &*store.id))));
        match found {
            Some(found) => self.copy_of(store, found),
            None => {
                let unknown = outside(format!("the key of the copy of {}", store.arn));
                copy(store, region.clone(), unknown.clone(), unknown)
            }
        }
    }

    fn copy_of(&self, store: &Resource, found: &Resource) -> Value {
        let key = found.field("kms_key_id").unwrap_or(&Value::Null);
        let decryptable = self.decryptable(key, (&found.account, &found.region));
        copy(store, Value::Str(Arc::clone(&found.region)), key.clone(), decryptable)
    }

    /// Whether a key of that Region is there and enabled. Null is a key that AWS holds itself.
    fn decryptable(&self, key: &Value, place: Place<'_>) -> Value {
        let text = match key {
            Value::Str(text) => text,
            Value::Unknown(_) => return key.clone(),
            _ => return Value::Bool(true),
        };
        match named(&self.aliases, &self.aws_managed, text, place) {
            Named::AwsManaged => Value::Bool(true),
            Named::Key((_, region, _)) if region != place.1 => Value::Bool(false),
            Named::Key(key) => self.enabled(key, text),
            Named::Alias => outside((**text).to_owned()),
        }
    }

    fn enabled(&self, key: Id<'_>, text: &str) -> Value {
        match self.state(key, text) {
            unknown @ Value::Unknown(_) => unknown,
            state => Value::Bool(state.as_str() == Some("Enabled")),
        }
    }
}

fn items(list: &Value) -> Result<&[Value], Arc<Unknown>> {
    match list {
        Value::Unknown(unknown) => Err(Arc::clone(unknown)),
        list => Ok(list.as_list().unwrap_or_default()),
    }
}

fn copy(store: &Resource, region: Value, key: Value, decryptable: Value) -> Value {
    record!(ENCRYPTED_COPY {
        "store": Value::Str(Arc::clone(&store.arn)),
        "region": region,
        "kms_key_id": key,
        "decryptable": decryptable,
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::link::link_resources;
    use crate::model::UnknownReason;

    const ACCOUNT: &str = "111111111111";
    const TOKYO: &str = "ap-northeast-1";
    const OSAKA: &str = "ap-northeast-3";

    fn key(region: &str, id: &str, state: &str) -> Resource {
        let mut key = Resource::new(&KEY, ACCOUNT, region, id);
        key.arn = format!("arn:aws:kms:{region}:{ACCOUNT}:key/{id}").into();
        key.set(slot!(KEY, "key_state"), state);
        key.set(slot!(KEY, "multi_region_key_arns"), Value::list([]));
        key
    }

    fn bucket(region: &str, id: &str, key: impl Into<Value>, rules: Vec<Value>) -> Resource {
        let mut bucket = Resource::new(&BUCKET, ACCOUNT, region, id);
        bucket.arn = format!("arn:aws:s3:::{id}").into();
        bucket.set(slot!(BUCKET, "kms_key_id"), key.into());
        bucket.set(slot!(BUCKET, "replication_rules"), Value::list(rules));
        bucket
    }

    fn rule(key: &str) -> Value {
        record!(REPLICATION_RULE {
            "status": "Enabled",
            "destination_bucket": "there",
            "sse_kms_objects": true,
            "replica_kms_key_id": key,
        })
    }

    #[test]
    fn a_copy_is_readable_with_an_enabled_key_of_its_own_region_whatever_names_it() {
        let mut alias = Resource::new(&ALIAS, ACCOUNT, OSAKA, "alias/replicas");
        alias.set(slot!(ALIAS, "target_key_id"), "off");
        let named = |text: &str| {
            let mut resources = [
                key(TOKYO, "k", "Enabled"),
                key(OSAKA, "on", "Enabled"),
                key(OSAKA, "off", "Disabled"),
                alias.clone(),
                bucket(TOKYO, "here", "k", vec![rule(text)]),
                bucket(OSAKA, "there", Value::Null, Vec::new()),
            ];
            link_resources(&mut resources, Timestamp::UNIX_EPOCH);
            let copies = resources[0].get(slot!(KEY, "copies")).as_list().unwrap().to_vec();
            part(&copies[0], slot!(ENCRYPTED_COPY, "decryptable")).clone()
        };
        assert_eq!(named("on"), Value::Bool(true));
        assert_eq!(named("alias/aws/s3"), Value::Bool(true));
        assert_eq!(named(&format!("arn:aws:kms:{OSAKA}:{ACCOUNT}:key/on")), Value::Bool(true));
        assert_eq!(named(&format!("arn:aws:kms:{TOKYO}:{ACCOUNT}:key/k")), Value::Bool(false), "it cannot leave Tokyo");
        assert_eq!(named("alias/replicas"), Value::Bool(false), "disabled");
        assert!(named(&format!("arn:aws:kms:{OSAKA}:999999999999:key/on")).as_unknown().is_some());
    }

    #[test]
    fn a_store_whose_key_could_not_be_read_may_have_any_key_nearby() {
        let denied = Value::unknown(Unknown::new(UnknownReason::Denied, ""));
        let mut resources = [
            key(TOKYO, "k", "Enabled"),
            key(TOKYO, "unused", "PendingDeletion"),
            key(OSAKA, "elsewhere", "PendingDeletion"),
            bucket(TOKYO, "here", "k", Vec::new()),
            bucket(TOKYO, "secretive", denied, Vec::new()),
        ];
        link_resources(&mut resources, Timestamp::UNIX_EPOCH);
        let used_by = |place: usize| resources[place].get(slot!(KEY, "used_by")).clone();
        assert_eq!(used_by(0).as_list().map(<[Value]>::len), Some(2), "one, and perhaps others");
        assert!(used_by(1).as_unknown().is_some());
        assert_eq!(used_by(2), Value::list([]));
    }
}
