//! AWS Backup: which rules cover a resource, and which recovery points it has.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;
use wildmatch::WildMatchPattern;

use super::{Derived, Estate, Linker, open_list, part};
use crate::model::schedule::longest_interval;
use crate::model::schema::ResourceType;
use crate::model::types::backup::{
    BACKUP_PLAN, BACKUP_SELECTION, BACKUP_VAULT, COPY_ACTION, COVERING_RULE, PLAN_RULE, POINT, PROTECTED_RESOURCE,
    RECOVERY_POINT, REGION_SETTINGS, RESTORE, RESTORE_JOB, TAG_CONDITION,
};
use crate::model::types::{fsx, rds};
use crate::model::{Resource, Unknown, UnknownReason, Value};
use crate::{record, slot};

/// `*` is the only wildcard.
type Wildcard = WildMatchPattern<'*', '\0'>;

/// An account and a Region.
type Place<'a> = (&'a str, &'a str);

pub(super) struct Backups<'a> {
    plans: Plans<'a>,
    points: HashMap<&'a str, Vec<Value>>,
    /// By account: why some vault could not be looked into.
    unread_points: HashMap<&'a str, Arc<Unknown>>,
    /// By ARN: the newest restore in each account and Region.
    restores: HashMap<&'a str, Vec<Value>>,
    /// By account: why some restores could not be read.
    unread_restores: HashMap<&'a str, Arc<Unknown>>,
}

/// What the plans of AWS Backup cover.
pub(super) struct Plans<'a> {
    /// The selections with the rules of their plans.
    selections: HashMap<Place<'a>, Vec<(&'a Resource, Covering)>>,
    settings: HashMap<Place<'a>, &'a Resource>,
    /// Why plans, selections or settings could not be read.
    unread: HashMap<Place<'a>, Arc<Unknown>>,
}

/// The rules of a plan in the form of [`COVERING_RULE`], or why they are unknown.
type Covering = Result<Vec<Value>, Arc<Unknown>>;

/// Whether something holds, or why that is not known.
type Maybe = Result<bool, Arc<Unknown>>;

/// The types that AWS Backup can take: those with a field for its rules.
pub(super) fn takes(ty: &ResourceType) -> bool {
    ty.field("backup_rules").is_some()
}

impl Linker for Backups<'_> {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        let rules = self.plans.rules(resource);
        let mut derived = Vec::new();
        if let Some((slot, _)) = resource.ty.field("recovery_points") {
            let points = self.points.get(&*resource.arn).cloned().unwrap_or_default();
            let unread = self.unread_points.get(&*resource.account).cloned().or_else(|| self.copied_outside(&rules));
            derived.push((slot, open_list(points, unread.as_ref())));
        }
        if let Some((slot, _)) = resource.ty.field("backup_rules") {
            derived.push((slot, rules));
        }
        if let Some((slot, _)) = resource.ty.field("restores") {
            let restores = self.restores.get(&*resource.arn).cloned().unwrap_or_default();
            derived.push((slot, open_list(restores, self.unread_restores.get(&*resource.account))));
        }
        derived
    }
}

/// What AWS Backup calls the type of a resource, and whether its opt-in counts even where a selection names the type,
/// since types share their ARN format ("Assign resources with AWS CLI", developer guide).
fn backup_type(resource: &Resource) -> (&'static str, bool) {
    let engine = || resource.field("engine").and_then(Value::as_str).unwrap_or_default();
    match resource.ty.name {
        "AWS::S3::Bucket" => ("S3", false),
        "AWS::DynamoDB::Table" => ("DynamoDB", false),
        "AWS::EC2::Instance" => ("EC2", false),
        "AWS::EC2::Volume" => ("EBS", false),
        "AWS::EFS::FileSystem" => ("EFS", false),
        "AWS::FSx::FileSystem" => ("FSx", false),
        "AWS::Redshift::Cluster" => ("Redshift", false),
        "AWS::RDS::DBCluster" => match engine() {
            "docdb" => ("DocumentDB", true),
            "neptune" => ("Neptune", true),
            engine if engine.starts_with("aurora") => ("Aurora", true),
            _ => ("RDS", false),
        },
        _ => ("RDS", false),
    }
}

impl<'a> Backups<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut unread_points = HashMap::new();
        let mut unread_restores = HashMap::new();
        for ((ty, account, _), unknown) in &estate.unlisted.0 {
            if *ty == PROTECTED_RESOURCE.name {
                unread_restores.entry(*account).or_insert_with(|| Arc::clone(unknown));
            }
            if [BACKUP_VAULT.name, RECOVERY_POINT.name].contains(ty) {
                unread_points.entry(*account).or_insert_with(|| Arc::clone(unknown));
            }
        }
        let mut points: HashMap<&str, Vec<&Resource>> = HashMap::new();
        for point in estate.of(&RECOVERY_POINT) {
            if let Some(arn) = point.get(slot!(RECOVERY_POINT, "resource_arn")).as_str() {
                points.entry(arn).or_default().push(point);
            }
        }
        Self {
            plans: Plans::new(estate),
            points: points.into_par_iter().map(|(arn, points)| (arn, newest_first(points))).collect(),
            unread_points,
            restores: restores(estate),
            unread_restores,
        }
    }

    /// Why copies of a resource may exist that no scanned vault holds: a rule copies to an account or Region outside.
    fn copied_outside(&self, rules: &Value) -> Option<Arc<Unknown>> {
        if let Value::Unknown(unknown) = rules {
            return Some(Arc::clone(unknown));
        }
        rules.as_list()?.iter().find_map(|rule| match part(rule, slot!(COVERING_RULE, "copy_actions")) {
            Value::Unknown(unknown) => Some(Arc::clone(unknown)),
            copies => copies.as_list().unwrap_or_default().iter().find_map(|copy| self.outside(copy)),
        })
    }

    fn outside(&self, copy: &Value) -> Option<Arc<Unknown>> {
        let text = |slot| part(copy, slot).as_str();
        let place = (text(slot!(COPY_ACTION, "account"))?, text(slot!(COPY_ACTION, "region"))?);
        if let Some(unknown) = self.unread_points.get(place.0) {
            return Some(Arc::clone(unknown));
        }
        (!self.plans.scanned(place)).then(|| {
            let vault = text(slot!(COPY_ACTION, "destination_vault_arn")).unwrap_or("?");
            Arc::new(Unknown::new(UnknownReason::OutsideScan, vault.to_owned()))
        })
    }
}

impl<'a> Plans<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut unread: HashMap<Place<'_>, Arc<Unknown>> = HashMap::new();
        for ((ty, account, region), unknown) in &estate.unlisted.0 {
            if [BACKUP_PLAN.name, BACKUP_SELECTION.name, REGION_SETTINGS.name].contains(ty) {
                unread.entry((account, region)).or_insert_with(|| Arc::clone(unknown));
            }
        }
        let plans: HashMap<(&str, &str, &str), &Resource> =
            estate.of(&BACKUP_PLAN).iter().map(|plan| ((&*plan.account, &*plan.region, &*plan.id), *plan)).collect();
        let mut selections: HashMap<Place<'_>, Vec<(&Resource, Covering)>> = HashMap::new();
        let mut intervals = Intervals::new();
        for selection in estate.of(&BACKUP_SELECTION) {
            let plan = selection
                .get(slot!(BACKUP_SELECTION, "plan_id"))
                .as_str()
                .and_then(|id| plans.get(&(&*selection.account, &*selection.region, id)));
            let covering = match plan {
                Some(plan) => covering_rules(plan, estate.now, &mut intervals),
                None => Err(Arc::new(Unknown::new(UnknownReason::Error, "the plan of the selection was not listed"))),
            };
            selections.entry((&selection.account, &selection.region)).or_default().push((selection, covering));
        }
        Self {
            selections,
            settings: estate.of(&REGION_SETTINGS).iter().map(|it| ((&*it.account, &*it.region), *it)).collect(),
            unread,
        }
    }

    /// Whether an account and Region were scanned.
    fn scanned(&self, place: Place<'_>) -> bool {
        self.settings.contains_key(&place) || self.unread.contains_key(&place)
    }

    /// The rules that cover a resource, in the form of [`COVERING_RULE`].
    pub(super) fn rules(&self, resource: &Resource) -> Value {
        // AWS Backup takes the cluster and never its members, whatever ARN or tag selects them.
        if resource.ty == &rds::DB_INSTANCE {
            match resource.get(slot!(rds::DB_INSTANCE, "db_cluster_identifier")) {
                Value::Str(_) => return Value::list([]),
                unknown @ Value::Unknown(_) => return unknown.clone(),
                _ => {}
            }
        }
        // AWS Backup takes the volumes of ONTAP file systems, and no call that is made here lists those.
        if resource.ty == &fsx::FILE_SYSTEM
            && resource.get(slot!(fsx::FILE_SYSTEM, "file_system_type")).as_str() == Some("ONTAP")
        {
            let detail = "AWS Backup takes the volumes of an ONTAP file system, which are not read";
            return Value::unknown(Unknown::new(UnknownReason::Unsupported, detail));
        }
        let place = (&*resource.account, &*resource.region);
        let mut missing = self.unread.get(&place).cloned();
        let mut rules = Vec::new();
        for (selection, covering) in self.selections.get(&place).into_iter().flatten() {
            match (self.selects(selection, resource), covering) {
                (Ok(false), _) => {}
                (Ok(true), Ok(covering)) => rules.extend(covering.iter().cloned()),
                (Ok(true), Err(unknown)) => missing = missing.or_else(|| Some(Arc::clone(unknown))),
                (Err(unknown), _) => missing = missing.or(Some(unknown)),
            }
        }
        open_list(rules, missing.as_ref())
    }

    /// Whether a selection takes a resource, as "`BackupSelection`" and "Assign resources with AWS CLI" of the AWS Backup
    /// developer guide say: any ARN or any tag of `ListOfTags` (everything when neither is given), no ARN of
    /// `NotResources`, and all of `Conditions`.
    fn selects(&self, selection: &Resource, resource: &Resource) -> Maybe {
        let included = selection.get(slot!(BACKUP_SELECTION, "resources"));
        let any_tag = selection.get(slot!(BACKUP_SELECTION, "any_tag"));
        let tags = resource.field("tags").unwrap_or(&Value::Null);
        let (by_arn, explicit) = match patterns(included)? {
            patterns if patterns.is_empty() && any_tag.as_list().is_some_and(<[Value]>::is_empty) => (true, false),
            patterns => {
                let matching: Vec<&str> =
                    patterns.into_iter().filter(|pattern| matches(pattern, &resource.arn)).collect();
                (!matching.is_empty(), matching.iter().any(|pattern| names_a_type(pattern)))
            }
        };
        let excluded = patterns(selection.get(slot!(BACKUP_SELECTION, "not_resources")))?
            .iter()
            .any(|pattern| matches(pattern, &resource.arn));
        if excluded {
            return Ok(false);
        }
        // AWS Backup takes versioned buckets only ("Amazon S3 backups", AWS Backup developer guide).
        if let Some(versioning) = resource.field("versioning") {
            match versioning {
                Value::Unknown(unknown) => return Err(Arc::clone(unknown)),
                versioning if versioning.as_str() != Some("Enabled") => return Ok(false),
                _ => {}
            }
        }
        let selected = either(Ok(by_arn), || conditions(any_tag, tags, false));
        let selected = both(selected, || conditions(selection.get(slot!(BACKUP_SELECTION, "all_tags")), tags, true));
        both(selected, || self.opted_in(resource, explicit))
    }

    /// Whether the Region's opt-in lets AWS Backup take the resource. A selection that names a resource type works without
    /// the opt-in, except for those of [`backup_type`].
    fn opted_in(&self, resource: &Resource, explicit: bool) -> Maybe {
        let (name, shared) = backup_type(resource);
        if explicit && !shared {
            return Ok(true);
        }
        let Some(settings) = self.settings.get(&(&*resource.account, &*resource.region)) else {
            let place = (&*resource.account, &*resource.region);
            let unknown = self.unread.get(&place).cloned();
            return Err(unknown.unwrap_or_else(|| {
                Arc::new(Unknown::new(UnknownReason::NotCollected, "the opt-in of AWS Backup was not read"))
            }));
        };
        match settings.get(slot!(REGION_SETTINGS, "opt_in")) {
            Value::Unknown(unknown) => Err(Arc::clone(unknown)),
            opt_in => match opt_in.as_map().and_then(|types| types.get(name)) {
                Some(flag) => Ok(&**flag == "true"),
                None => Err(Arc::new(Unknown::new(
                    UnknownReason::Error,
                    format!("AWS Backup says nothing of the opt-in for {name}"),
                ))),
            },
        }
    }
}

fn either(first: Maybe, second: impl FnOnce() -> Maybe) -> Maybe {
    match first {
        Ok(true) => Ok(true),
        Ok(false) => second(),
        Err(unknown) => match second() {
            Ok(true) => Ok(true),
            _ => Err(unknown),
        },
    }
}

fn both(first: Maybe, second: impl FnOnce() -> Maybe) -> Maybe {
    match first {
        Ok(false) => Ok(false),
        Ok(true) => second(),
        Err(unknown) => match second() {
            Ok(false) => Ok(false),
            _ => Err(unknown),
        },
    }
}

fn patterns(list: &Value) -> Result<Vec<&str>, Arc<Unknown>> {
    match list {
        Value::Unknown(unknown) => Err(Arc::clone(unknown)),
        other => Ok(other.as_list().unwrap_or_default().iter().filter_map(Value::as_str).collect()),
    }
}

fn matches(pattern: &str, arn: &str) -> bool {
    Wildcard::new(pattern).matches(arn)
}

/// Whether a pattern names a resource type and not just a service: `arn:aws:rds:*:*:db:*`, not `arn:aws:rds:*` or `*`.
fn names_a_type(pattern: &str) -> bool {
    let parts: Vec<&str> = pattern.splitn(6, ':').collect();
    match parts.as_slice() {
        // Buckets are the one type of Amazon S3 that AWS Backup takes.
        [_, _, "s3", _, _, resource] => !resource.is_empty(),
        [_, _, _, _, _, resource] => !matches!(*resource, "" | "*"),
        _ => false,
    }
}

/// Whether all or any of the tag conditions hold. No condition at all: all hold, none of any.
fn conditions(list: &Value, tags: &Value, all: bool) -> Maybe {
    let conditions = match list {
        Value::Unknown(unknown) => return Err(Arc::clone(unknown)),
        other => other.as_list().unwrap_or_default(),
    };
    if conditions.is_empty() {
        return Ok(all);
    }
    let tags = match tags {
        Value::Unknown(unknown) => return Err(Arc::clone(unknown)),
        other => other.as_map(),
    };
    let holds = |condition: &Value| {
        let text = |slot| part(condition, slot).as_str().unwrap_or_default();
        let (operator, key, value) = (
            text(slot!(TAG_CONDITION, "operator")),
            text(slot!(TAG_CONDITION, "key")),
            text(slot!(TAG_CONDITION, "value")),
        );
        let tag = tags.and_then(|tags| tags.get(key)).map(|tag| &**tag);
        match operator {
            "equals" => tag == Some(value),
            "not_equals" => tag != Some(value),
            "like" => tag.is_some_and(|tag| Wildcard::new(value).matches(tag)),
            _ => !tag.is_some_and(|tag| Wildcard::new(value).matches(tag)),
        }
    };
    Ok(if all { conditions.iter().all(holds) } else { conditions.iter().any(holds) })
}

/// AWS Backup's schedule for a rule without one ("`BackupRule`", AWS Backup developer guide): daily at 05:00 UTC.
const DEFAULT_SCHEDULE: &str = "cron(0 5 ? * * *)";

/// The longest interval by schedule and time zone: an organisation has many plans and few schedules.
type Intervals<'a> = HashMap<(&'a str, Option<&'a str>), Value>;

fn covering_rules<'a>(plan: &'a Resource, now: Timestamp, intervals: &mut Intervals<'a>) -> Covering {
    let rules = match plan.get(slot!(BACKUP_PLAN, "rules")) {
        Value::Unknown(unknown) => return Err(Arc::clone(unknown)),
        other => other.as_list().unwrap_or_default(),
    };
    Ok(rules
        .iter()
        .map(|rule| {
            let field = |slot| part(rule, slot).clone();
            let schedule = part(rule, slot!(PLAN_RULE, "schedule"));
            let cron = schedule.as_str().unwrap_or(DEFAULT_SCHEDULE);
            let timezone = part(rule, slot!(PLAN_RULE, "timezone")).as_str();
            let interval = intervals.entry((cron, timezone)).or_insert_with(|| {
                longest_interval(cron, timezone, now).map_or_else(
                    |error| Value::unknown(Unknown::new(UnknownReason::Error, error.to_string())),
                    Value::Duration,
                )
            });
            record!(COVERING_RULE {
                "plan_name": Value::Str(Arc::clone(&plan.name)),
                "rule_name": field(slot!(PLAN_RULE, "rule_name")),
                "vault_name": field(slot!(PLAN_RULE, "vault_name")),
                "schedule": schedule.clone(),
                "interval": interval.clone(),
                "start_window": field(slot!(PLAN_RULE, "start_window")),
                "continuous": field(slot!(PLAN_RULE, "continuous")),
                "delete_after": field(slot!(PLAN_RULE, "delete_after")),
                "copy_actions": field(slot!(PLAN_RULE, "copy_actions")),
            })
        })
        .collect())
}

fn newest_first(mut points: Vec<&Resource>) -> Vec<Value> {
    let created = |point: &Resource| point.get(slot!(RECOVERY_POINT, "created")).as_timestamp();
    points.sort_by(|a, b| created(b).cmp(&created(a)).then_with(|| a.sort_key().cmp(&b.sort_key())));
    points
        .into_iter()
        .map(|point| {
            record!(POINT {
                "vault_name": point.get(slot!(RECOVERY_POINT, "vault_name")).clone(),
                "account": Value::Str(Arc::clone(&point.account)),
                "region": Value::Str(Arc::clone(&point.region)),
                "status": point.get(slot!(RECOVERY_POINT, "status")).clone(),
                "created": point.get(slot!(RECOVERY_POINT, "created")).clone(),
                "copied_from": point.get(slot!(RECOVERY_POINT, "source_vault_arn")).clone(),
            })
        })
        .collect()
}

/// The newest restore of each resource in each account and Region that backed it up, newest first.
fn restores<'a>(estate: &Estate<'a>) -> HashMap<&'a str, Vec<Value>> {
    let created = |restore: &Value| part(restore, slot!(RESTORE, "created")).as_timestamp();
    let mut jobs: HashMap<(&str, &str, &str), Vec<&Resource>> = HashMap::new();
    for job in estate.of(&RESTORE_JOB) {
        if let Some(arn) = job.get(slot!(RESTORE_JOB, "resource_arn")).as_str() {
            jobs.entry((&job.account, &job.region, arn)).or_default().push(job);
        }
    }
    let mut restores: HashMap<&str, Vec<Value>> = HashMap::new();
    for protected in estate.of(&PROTECTED_RESOURCE) {
        let (account, region) = (&*protected.account, &*protected.region);
        let last = protected.get(slot!(PROTECTED_RESOURCE, "last_restore"));
        if last.is_null() {
            continue;
        }
        // AWS Backup remembers the time of the newest job for good, the job itself for some time only.
        let job = jobs.get(&(account, region, &*protected.arn)).into_iter().flatten();
        let job = job.filter(|job| job.get(slot!(RESTORE_JOB, "created")) == last).min_by_key(|job| &job.id);
        let unread = estate.unlisted.value_near(&RESTORE_JOB, protected).unwrap_or(Value::Null);
        let of_job = |slot| job.map_or_else(|| unread.clone(), |job| job.get(slot).clone());
        restores.entry(&protected.arn).or_default().push(record!(RESTORE {
            "account": account,
            "region": region,
            "created": last.clone(),
            "duration": protected.get(slot!(PROTECTED_RESOURCE, "last_restore_duration")).clone(),
            "status": of_job(slot!(RESTORE_JOB, "status")),
            "validation_status": of_job(slot!(RESTORE_JOB, "validation_status")),
            "restore_testing_plan_arn": of_job(slot!(RESTORE_JOB, "restore_testing_plan_arn")),
        }));
    }
    for restores in restores.values_mut() {
        restores.sort_by_key(|restore| std::cmp::Reverse(created(restore)));
    }
    restores
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::link_resources;

    #[test]
    fn a_member_of_a_cluster_is_not_backed_up_by_itself() {
        let (account, region) = ("111111111111", "ap-northeast-1");
        let mut plan = Resource::new(&BACKUP_PLAN, account, region, "plan");
        let rule = record!(PLAN_RULE { "rule_name": "daily", "schedule": "rate(1 day)", "continuous": false });
        plan.set(slot!(BACKUP_PLAN, "rules"), Value::list([rule]));
        let mut selection = Resource::new(&BACKUP_SELECTION, account, region, "selection");
        selection.set(slot!(BACKUP_SELECTION, "plan_id"), "plan");
        selection.set(slot!(BACKUP_SELECTION, "resources"), Value::list([Value::str("arn:aws:rds:*:*:db:*")]));
        for field in ["not_resources", "any_tag", "all_tags"] {
            selection.set(BACKUP_SELECTION.slot(field), Value::list([]));
        }
        let database = |id: &str, cluster: Option<&str>| {
            let mut database = Resource::new(&rds::DB_INSTANCE, account, region, id);
            database.arn = format!("arn:aws:rds:{region}:{account}:db:{id}").into();
            database.set(slot!(rds::DB_INSTANCE, "db_cluster_identifier"), cluster);
            database
        };
        let mut resources = [plan, selection, database("alone", None), database("member", Some("cluster"))];
        link_resources(&mut resources, Timestamp::UNIX_EPOCH);
        let covering =
            |place: usize| resources[place].get(slot!(rds::DB_INSTANCE, "backup_rules")).as_list().map(<[Value]>::len);
        assert_eq!((covering(2), covering(3)), (Some(1), Some(0)));
    }
}
