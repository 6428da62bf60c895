//! Alarms: what they call, whether that reaches somebody, and which of them watch the lag of a data store.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Derived, Estate, Linker, Unlisted, open_list, outside, part, places_of};
use crate::model::schema::ResourceType;
use crate::model::types::cloudwatch::{ALARM, ALARM_ACTION, COMPOSITE_ALARM, LAG_ALARM, METRIC};
use crate::model::types::rds::{DB_CLUSTER, DB_INSTANCE, GLOBAL_CLUSTER, GLOBAL_MEMBER};
use crate::model::types::s3::{BUCKET, REPLICATION_RULE};
use crate::model::types::sns::SUBSCRIPTION;
use crate::model::{Resource, Seconds, Unknown, UnknownReason, Value};
use crate::{record, slot};

/// An account and a Region.
type Place<'a> = (&'a str, &'a str);

/// What a metric of replication measures.
#[derive(Clone, Copy, PartialEq)]
enum Measures {
    Seconds,
    Milliseconds,
    Failures,
}

/// The metrics that say how far a copy of a data store is behind, and the dimension that names the store.
struct LagMetrics {
    ty: &'static str,
    dimension: &'static str,
    metrics: &'static [(&'static str, Measures)],
}

/// From the CloudWatch pages of each service. Aurora, `DocumentDB` and Neptune have a name of their own for the lag of a
/// global cluster.
static LAG_METRICS: &[LagMetrics] = &[
    LagMetrics {
        ty: "AWS::S3::Bucket",
        dimension: "SourceBucket",
        metrics: &[("ReplicationLatency", Measures::Seconds), ("OperationsFailedReplication", Measures::Failures)],
    },
    LagMetrics {
        ty: "AWS::RDS::DBInstance",
        dimension: "DBInstanceIdentifier",
        metrics: &[("ReplicaLag", Measures::Seconds)],
    },
    LagMetrics {
        ty: "AWS::RDS::GlobalCluster",
        dimension: "DBClusterIdentifier",
        metrics: &[
            ("AuroraGlobalDBReplicationLag", Measures::Milliseconds),
            ("AuroraGlobalDBRPOLag", Measures::Milliseconds),
            ("AuroraGlobalDBProgressLag", Measures::Milliseconds),
            ("GlobalClusterReplicationLag", Measures::Milliseconds),
            ("GlobalDbProgressLag", Measures::Milliseconds),
        ],
    },
    LagMetrics {
        ty: "AWS::DynamoDB::Table",
        dimension: "TableName",
        metrics: &[("ReplicationLatency", Measures::Milliseconds)],
    },
    LagMetrics {
        ty: "AWS::EFS::FileSystem",
        dimension: "FileSystemId",
        metrics: &[("TimeSinceLastSync", Measures::Seconds)],
    },
];

pub(super) struct Alarms<'a> {
    /// The alarms of each value of each dimension that names a data store.
    by_dimension: HashMap<(&'static str, &'a str), Vec<&'a Resource>>,
    /// By place: the composite alarms, with the names that their rules hold.
    composites: HashMap<Place<'a>, Vec<(&'a Resource, HashSet<&'a str>)>>,
    topics: Topics<'a>,
    clusters: HashSet<&'a str>,
    /// The Region of each bucket.
    buckets: HashMap<&'a str, &'a str>,
    unlisted: Unlisted<'a>,
}

/// How many confirmed subscriptions topics have.
pub(super) struct Topics<'a> {
    confirmed: HashMap<&'a str, i64>,
    scanned: HashSet<Place<'a>>,
    unlisted: Unlisted<'a>,
}

impl<'a> Topics<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut confirmed = HashMap::new();
        for subscription in estate.of(&SUBSCRIPTION) {
            if subscription.get(slot!(SUBSCRIPTION, "confirmed")).as_bool() == Some(true)
                && let Some(topic) = subscription.get(slot!(SUBSCRIPTION, "topic_arn")).as_str()
            {
                *confirmed.entry(topic).or_insert(0) += 1;
            }
        }
        let scanned = estate.resources.iter().map(|resource| (&*resource.account, &*resource.region)).collect();
        Self { confirmed, scanned, unlisted: estate.unlisted.clone() }
    }

    /// How many confirmed subscriptions of a topic are known; unknown when there may be others only.
    pub(super) fn confirmed(&self, arn: &str) -> Value {
        if let Some(count) = self.confirmed.get(arn) {
            return Value::Int(*count);
        }
        let place = places_of(arn).map(|(account, region, _)| (account, region));
        match place.and_then(|place| Some((place, self.scanned.get(&place)?))) {
            Some(((account, region), _)) => match self.unlisted.0.get(&(SUBSCRIPTION.name, account, region)) {
                Some(unknown) => Value::Unknown(Arc::clone(unknown)),
                None => Value::Int(0),
            },
            None => outside(arn.to_owned()),
        }
    }
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    [&ALARM, &COMPOSITE_ALARM].contains(&ty) || ty.field("lag_alarms").is_some()
}

impl Linker for Alarms<'_> {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        if resource.ty == &ALARM {
            vec![
                (slot!(ALARM, "actions"), self.actions(resource)),
                (slot!(ALARM, "composites"), self.taken_in_by(resource)),
                (slot!(ALARM, "notifies"), self.notifies(resource, &mut HashSet::new())),
            ]
        } else if resource.ty == &COMPOSITE_ALARM {
            vec![
                (slot!(COMPOSITE_ALARM, "actions"), self.actions(resource)),
                (slot!(COMPOSITE_ALARM, "composites"), self.taken_in_by(resource)),
                (slot!(COMPOSITE_ALARM, "notifies"), self.notifies(resource, &mut HashSet::new())),
            ]
        } else {
            resource.ty.field("lag_alarms").map(|(slot, _)| (slot, self.lag_alarms(resource))).into_iter().collect()
        }
    }
}

impl<'a> Alarms<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut by_dimension: HashMap<_, Vec<&Resource>> = HashMap::new();
        for alarm in estate.of(&ALARM) {
            for metric in metrics(alarm) {
                let Value::Map(dimensions) = part(metric, slot!(METRIC, "dimensions")) else { continue };
                for lag in LAG_METRICS {
                    if let Some(store) = dimensions.get(lag.dimension) {
                        by_dimension.entry((lag.dimension, &**store)).or_default().push(*alarm);
                    }
                }
            }
        }
        let mut composites: HashMap<_, Vec<_>> = HashMap::new();
        for composite in estate.of(&COMPOSITE_ALARM) {
            let rule = composite.get(slot!(COMPOSITE_ALARM, "alarm_rule")).as_str().unwrap_or_default();
            let place = (&*composite.account, &*composite.region);
            composites.entry(place).or_default().push((*composite, names_in(rule)));
        }
        Self {
            by_dimension,
            composites,
            topics: Topics::new(estate),
            clusters: estate.of(&DB_CLUSTER).iter().map(|cluster| &*cluster.arn).collect(),
            buckets: estate.of(&BUCKET).iter().map(|bucket| (&*bucket.id, &*bucket.region)).collect(),
            unlisted: estate.unlisted.clone(),
        }
    }

    fn actions(&self, alarm: &Resource) -> Value {
        match alarm.field("alarm_actions") {
            Some(Value::List(actions)) => Value::list(actions.iter().map(|action| {
                let Some(arn) = action.as_str() else { return action.clone() };
                let service = arn.split(':').nth(2).unwrap_or_default();
                // `arn:aws:automate:...` and the like are actions on the instance itself and need no more than that.
                record!(ALARM_ACTION {
                    "arn": arn,
                    "service": service,
                    "region": places_of(arn).map_or("", |(_, region, _)| region),
                    "confirmed_subscriptions":
                        if service == "sns" { self.topics.confirmed(arn) } else { Value::Null },
                })
            })),
            Some(other) => other.clone(),
            None => Value::Null,
        }
    }

    /// The composite alarms that take an alarm in.
    fn composites_of(&self, alarm: &Resource) -> Vec<&'a Resource> {
        let near = self.composites.get(&(&*alarm.account, &*alarm.region)).into_iter().flatten();
        near.filter(|(_, names)| names.contains(&*alarm.id) || names.contains(&*alarm.arn))
            .map(|(composite, _)| *composite)
            .collect()
    }

    fn taken_in_by(&self, alarm: &Resource) -> Value {
        let composites = self.composites_of(alarm);
        let names = composites.iter().map(|composite| Value::Str(Arc::clone(&composite.id))).collect();
        open_list(names, self.unlisted.near(&COMPOSITE_ALARM, alarm))
    }

    /// Whether an alarm reaches somebody, by itself or through a composite alarm. Composite alarms may go in circles.
    fn notifies<'b>(&self, alarm: &'b Resource, seen: &mut HashSet<&'b str>) -> Value
    where
        'a: 'b,
    {
        if !seen.insert(&alarm.id) {
            return Value::Bool(false);
        }
        let mut open = self.unlisted.near(&COMPOSITE_ALARM, alarm).cloned();
        let mut note = |outcome: Value| match outcome {
            Value::Bool(true) => true,
            Value::Unknown(unknown) => {
                open.get_or_insert(unknown);
                false
            }
            _ => false,
        };
        if note(self.reaches(alarm)) {
            return Value::Bool(true);
        }
        for composite in self.composites_of(alarm) {
            if note(self.notifies(composite, seen)) {
                return Value::Bool(true);
            }
        }
        open.map_or(Value::Bool(false), Value::Unknown)
    }

    /// Whether the alarm's own actions are on and one of them reaches somebody.
    fn reaches(&self, alarm: &Resource) -> Value {
        match alarm.field("actions_enabled") {
            Some(unknown @ Value::Unknown(_)) => return unknown.clone(),
            Some(Value::Bool(false)) => return Value::Bool(false),
            _ => {}
        }
        let actions = match self.actions(alarm) {
            Value::List(actions) => actions,
            Value::Unknown(unknown) => return Value::Unknown(unknown),
            _ => return Value::Bool(false),
        };
        let mut open = None;
        for action in actions.iter() {
            match part(action, slot!(ALARM_ACTION, "confirmed_subscriptions")) {
                Value::Int(0) => {}
                Value::Unknown(unknown) => open = Some(Arc::clone(unknown)),
                // Some subscriptions, or an action that is no topic.
                _ => return Value::Bool(true),
            }
        }
        open.map_or(Value::Bool(false), Value::Unknown)
    }

    /// Whether a store is replicated to another Region.
    fn replicated(&self, store: &Resource) -> Value {
        let field = |name: &str| store.field(name).unwrap_or(&Value::Null);
        if let Value::Unknown(unknown) = field("replication_rules") {
            return Value::Unknown(Arc::clone(unknown));
        }
        Value::Bool(if store.ty == &BUCKET {
            field("replication_rules").as_list().unwrap_or_default().iter().any(|rule| {
                let destination = part(rule, slot!(REPLICATION_RULE, "destination_bucket")).as_str();
                let region = destination.and_then(|name| self.buckets.get(name));
                part(rule, slot!(REPLICATION_RULE, "status")).as_str() == Some("Enabled")
                    && region.is_none_or(|region| **region != *store.region)
            })
        } else if store.ty == &DB_INSTANCE {
            match store.get(slot!(DB_INSTANCE, "read_replica_source")) {
                unknown @ Value::Unknown(_) => return unknown.clone(),
                // Within a Region a source goes by its name.
                source => source.as_str().is_some_and(|source| source.starts_with("arn:")),
            }
        } else if store.ty == &GLOBAL_CLUSTER {
            match store.get(slot!(GLOBAL_CLUSTER, "members")) {
                unknown @ Value::Unknown(_) => return unknown.clone(),
                members => members.as_list().is_some_and(|members| members.len() > 1),
            }
        } else {
            false
        })
    }

    fn lag_alarms(&self, store: &Resource) -> Value {
        match self.replicated(store) {
            Value::Bool(true) => {}
            unknown @ Value::Unknown(_) => return unknown,
            _ => return Value::Null,
        }
        let Some(lag) = LAG_METRICS.iter().find(|lag| lag.ty == store.ty.name) else { return Value::list([]) };
        // The place and the name of what the metrics name: of a global cluster, its members.
        let (watched, mut missing) = if store.ty == &GLOBAL_CLUSTER {
            match store.get(slot!(GLOBAL_CLUSTER, "members")) {
                Value::List(members) => {
                    let arns = members.iter().filter_map(|member| part(member, slot!(GLOBAL_MEMBER, "arn")).as_str());
                    let arns: Vec<&str> = arns.collect();
                    let gone = arns.iter().find(|arn| !self.clusters.contains(**arn));
                    let watched = arns.iter().filter_map(|arn| {
                        let (account, region, resource) = places_of(arn)?;
                        Some((Some((account, region)), resource.strip_prefix("cluster:").unwrap_or(resource)))
                    });
                    let missing = gone.map(|arn| Arc::new(Unknown::new(UnknownReason::OutsideScan, *arn)));
                    (watched.collect::<Vec<_>>(), missing)
                }
                unknown => return unknown.clone(),
            }
        } else if lag.dimension == "SourceBucket" {
            // Names of buckets are unique wherever the alarm is.
            (vec![(None, &*store.id)], None)
        } else {
            (vec![(Some((&*store.account, &*store.region)), &*store.id)], None)
        };
        let mut found = Vec::new();
        for (place, name) in &watched {
            for alarm in self.by_dimension.get(&(lag.dimension, *name)).into_iter().flatten() {
                if place.is_none_or(|place| place == (&*alarm.account, &*alarm.region)) {
                    found.extend(self.lag_alarm(alarm, lag, name));
                }
            }
            let (account, region) = place.unwrap_or((&store.account, &store.region));
            missing =
                missing.or_else(|| self.unlisted.0.get(&(ALARM.name, account, region)).map(|why| Arc::clone(why)));
        }
        open_list(found, missing.as_ref())
    }

    /// The alarm as one on a lag, if it watches one of the metrics.
    fn lag_alarm(&self, alarm: &Resource, lag: &LagMetrics, store: &str) -> Option<Value> {
        let (metric, measures) = metrics(alarm).find_map(|metric| {
            let name = part(metric, slot!(METRIC, "name")).as_str()?;
            let Value::Map(dimensions) = part(metric, slot!(METRIC, "dimensions")) else { return None };
            let names_store = dimensions.get(lag.dimension).is_some_and(|value| **value == *store);
            lag.metrics.iter().find(|(known, _)| *known == name && names_store).copied()
        })?;
        let rises = alarm
            .get(slot!(ALARM, "comparison_operator"))
            .as_str()
            .is_some_and(|operator| operator.starts_with("GreaterThan"));
        let threshold = match (alarm.get(slot!(ALARM, "threshold")), measures) {
            (_, Measures::Failures) => Value::Null,
            _ if alarm.get(slot!(ALARM, "is_expression")).as_bool() == Some(true) => Value::unknown(Unknown::new(
                UnknownReason::NotVisible,
                format!("{} computes with the lag, so that its threshold is no lag", alarm.id),
            )),
            (Value::Double(limit), measures) if rises => duration(*limit, measures),
            (unknown @ Value::Unknown(_), _) => unknown.clone(),
            _ => Value::Null,
        };
        Some(record!(LAG_ALARM {
            "alarm": Value::Str(Arc::clone(&alarm.id)),
            "metric": metric,
            "counts_failures": measures == Measures::Failures && rises,
            "threshold": threshold,
            "notifies": self.notifies(alarm, &mut HashSet::new()),
        }))
    }
}

fn metrics(alarm: &Resource) -> impl Iterator<Item = &Value> {
    alarm.get(slot!(ALARM, "metrics")).as_list().unwrap_or_default().iter()
}

/// A threshold as a length of time, rounded up to whole seconds.
fn duration(limit: f64, measures: Measures) -> Value {
    let seconds = if measures == Measures::Milliseconds { limit / 1000.0 } else { limit };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the cast saturates, and a lag of ages is as bad as one of years"
    )]
    let seconds = seconds.ceil() as i64;
    Value::Duration(Seconds(seconds))
}

/// The names and ARNs that the rule of a composite alarm holds: the arguments of `ALARM(...)`, `OK(...)` and
/// `INSUFFICIENT_DATA(...)`, quoted or not.
fn names_in(rule: &str) -> HashSet<&str> {
    let mut names = HashSet::new();
    let mut rest = rule;
    while let Some(open) = rest.find('(') {
        let function = rest[..open].trim_end();
        rest = &rest[open + 1..];
        if !["ALARM", "OK", "INSUFFICIENT_DATA"].iter().any(|known| function.ends_with(known)) {
            continue;
        }
        let argument = rest.trim_start();
        let name = match argument.chars().next() {
            Some(quote @ ('"' | '\'')) => argument[1..].split(quote).next(),
            _ => argument.split(')').next().map(str::trim),
        };
        names.extend(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_of_a_composite_alarm_names_its_alarms() {
        let rule =
            r#"(ALARM("api (Tokyo)") OR OK( plain ) ) AND NOT INSUFFICIENT_DATA('a') AND AT_LEAST(1, ALARM, (x))"#;
        assert_eq!(names_in(rule), HashSet::from(["api (Tokyo)", "plain", "a"]));
        assert_eq!(names_in("TRUE"), HashSet::new());
    }

    #[test]
    fn thresholds_have_the_unit_of_their_metric() {
        assert_eq!(duration(1500.0, Measures::Milliseconds), Value::Duration(Seconds(2)));
        assert_eq!(duration(900.0, Measures::Seconds), Value::Duration(Seconds(900)));
    }
}
