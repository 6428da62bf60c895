//! Instances: what protects them, and the zones that instances of one role run in.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::backup::Plans;
use super::lifecycle::{Policies, Replicated};
use super::{Derived, Estate, Linker, Unlisted, open_list, part};
use crate::model::schema::ResourceType;
use crate::model::types::ec2::{INSTANCE, INSTANCE_VOLUME, VOLUME};
use crate::model::{Resource, Unknown, UnknownReason, Value};
use crate::slot;

/// The tag that says what an instance is for, in the spellings that are in use.
const ROLE_TAGS: [&str; 2] = ["Role", "role"];

/// An account, a Region, a VPC and a role in it.
type Fleet<'a> = (&'a str, &'a str, &'a str, &'a str);

pub(super) struct Instances<'a> {
    unlisted: Unlisted<'a>,
    volumes: HashMap<(&'a str, &'a str, &'a str), &'a Resource>,
    /// The instances of each role by zone.
    fleets: HashMap<Fleet<'a>, BTreeMap<&'a str, i64>>,
    plans: Plans<'a>,
    policies: Policies<'a>,
    replicated: Replicated<'a>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &INSTANCE
}

impl Linker for Instances<'_> {
    fn derive(&self, instance: &Resource) -> Vec<Derived> {
        let policies = self.policies.of_instance(instance);
        let (count, zones, imbalance) = self.spread(instance);
        vec![
            (slot!(INSTANCE, "dlm_policies"), policies.ids()),
            (slot!(INSTANCE, "native_backup"), policies.any()),
            (slot!(INSTANCE, "unprotected_volumes"), self.unprotected_volumes(instance)),
            (slot!(INSTANCE, "live_copy_regions"), self.replicated.regions(&instance.account, &instance.id)),
            (slot!(INSTANCE, "held_by"), held_by(instance)),
            (slot!(INSTANCE, "role"), role_value(instance)),
            (slot!(INSTANCE, "role_instances"), count),
            (slot!(INSTANCE, "role_zones"), zones),
            (slot!(INSTANCE, "role_imbalance"), imbalance),
        ]
    }
}

impl<'a> Instances<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut fleets: HashMap<Fleet<'_>, BTreeMap<&str, i64>> = HashMap::new();
        for instance in estate.of(&INSTANCE) {
            if let (Some(fleet), Some(zone)) =
                (fleet(instance), instance.get(slot!(INSTANCE, "availability_zone")).as_str())
            {
                *fleets.entry(fleet).or_default().entry(zone).or_default() += 1;
            }
        }
        Self {
            unlisted: estate.unlisted.clone(),
            volumes: estate.of(&VOLUME).iter().map(|it| ((&*it.account, &*it.region, &*it.id), *it)).collect(),
            fleets,
            plans: Plans::new(estate),
            policies: Policies::new(estate),
            replicated: Replicated::new(estate),
        }
    }

    /// The volumes that outlive the instance and that nothing covers by themselves.
    fn unprotected_volumes(&self, instance: &Resource) -> Value {
        let volumes = match instance.get(slot!(INSTANCE, "volumes")) {
            Value::List(volumes) => volumes,
            other => return other.clone(),
        };
        let mut missing: Option<Arc<Unknown>> = None;
        let mut unprotected = Vec::new();
        for volume in volumes.iter() {
            let Some(id) = part(volume, slot!(INSTANCE_VOLUME, "volume_id")).as_str() else { continue };
            if part(volume, slot!(INSTANCE_VOLUME, "delete_on_termination")).as_bool() == Some(true) {
                continue;
            }
            match self.protected(instance, id) {
                Ok(true) => {}
                Ok(false) => unprotected.push(Value::str(id)),
                Err(unknown) => missing = Some(unknown),
            }
        }
        open_list(unprotected, missing.as_ref())
    }

    fn protected(&self, instance: &Resource, id: &str) -> Result<bool, Arc<Unknown>> {
        let Some(volume) = self.volumes.get(&(&*instance.account, &*instance.region, id)) else {
            let unlisted = self.unlisted.near(&VOLUME, instance).cloned();
            return Err(unlisted.unwrap_or_else(|| {
                Arc::new(Unknown::new(UnknownReason::Error, format!("the volume {id} was not listed")))
            }));
        };
        let rules = self.plans.rules(volume);
        let policies = self.policies.of_volume_alone(volume).ids();
        for found in [&rules, &policies] {
            if found.as_list().unwrap_or_default().iter().any(|item| item.as_unknown().is_none()) {
                return Ok(true);
            }
        }
        match [rules, policies].iter().find_map(|found| found.as_unknown()) {
            Some(unknown) => Err(Arc::clone(unknown)),
            None => Ok(false),
        }
    }

    /// How many running instances have the same role, in which zones, and how uneven that is.
    fn spread(&self, instance: &Resource) -> (Value, Value, Value) {
        if let Some(unknown) = self.unlisted.value_near(&INSTANCE, instance) {
            return (unknown.clone(), unknown.clone(), unknown);
        }
        let zones = fleet(instance).and_then(|fleet| self.fleets.get(&fleet));
        let Some(zones) = zones else { return (Value::Null, Value::list([]), Value::Null) };
        let count: i64 = zones.values().sum();
        let difference = zones.values().max().unwrap_or(&0) - zones.values().min().unwrap_or(&0);
        let imbalance = if difference <= 1 { 0 } else { difference * 100 / count };
        (Value::Int(count), Value::list(zones.keys().map(Value::str)), Value::Int(imbalance))
    }
}

/// What a running instance shares with others of its VPC.
fn fleet(instance: &Resource) -> Option<Fleet<'_>> {
    let vpc = instance.get(slot!(INSTANCE, "vpc_id")).as_str()?;
    Some((&instance.account, &instance.region, vpc, role(instance)?))
}

/// The role of a running instance that no Auto Scaling group spreads.
fn role(instance: &Resource) -> Option<&str> {
    let running = instance.get(slot!(INSTANCE, "state")).as_str() == Some("running");
    if !running || !instance.get(slot!(INSTANCE, "auto_scaling_group")).is_null() {
        return None;
    }
    let tags = instance.get(slot!(INSTANCE, "tags")).as_map()?;
    let named = ROLE_TAGS.iter().chain(&["Name"]).find_map(|key| tags.get(*key));
    named.map(|name| &**name).filter(|name| !name.is_empty())
}

fn role_value(instance: &Resource) -> Value {
    let fields = [slot!(INSTANCE, "tags"), slot!(INSTANCE, "state"), slot!(INSTANCE, "auto_scaling_group")];
    match fields.into_iter().map(|slot| instance.get(slot)).find(|value| value.as_unknown().is_some()) {
        Some(unknown) => unknown.clone(),
        None => role(instance).into(),
    }
}

/// The Auto Scaling group of an instance all of whose volumes go with it.
fn held_by(instance: &Resource) -> Value {
    let volumes = match instance.get(slot!(INSTANCE, "volumes")) {
        Value::List(volumes) => volumes,
        other => return other.clone(),
    };
    let goes = |volume: &Value| part(volume, slot!(INSTANCE_VOLUME, "delete_on_termination")).as_bool() == Some(true);
    if volumes.iter().all(goes) { instance.get(slot!(INSTANCE, "auto_scaling_group")).clone() } else { Value::Null }
}
