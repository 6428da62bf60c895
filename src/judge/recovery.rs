//! What recovery of a store can reach: mechanisms against the store as it was read.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::Timestamp;

use super::evaluate::{Surroundings, Truth, truth, value};
use crate::model::types::recovery::SCOPES;
use crate::model::{Resource, Seconds, Unknown, UnknownReason, Value};
use crate::rules::recovery::{Figure, Mechanism, Recovery, Responsibility};

/// Where a figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The configuration, and what AWS documents of it.
    Configured,
    /// The state at the time of the scan bears it out, or is worse than the configuration promises.
    Observed,
    /// A real recovery: a restore, a drill, or a measurement in the manifest.
    Measured,
}

impl Basis {
    /// The word of reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Basis::Configured => "configured",
            Basis::Observed => "observed",
            Basis::Measured => "measured",
        }
    }
}

/// How much is lost, or how long it takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Reach {
    /// At most that, and where the figure comes from.
    Known(Seconds, Basis),
    /// It cannot be told.
    Unknown(Arc<Unknown>),
}

impl Reach {
    /// The figure, if it is known.
    pub fn seconds(&self) -> Option<Seconds> {
        match self {
            Reach::Known(seconds, _) => Some(*seconds),
            Reach::Unknown(_) => None,
        }
    }
}

/// A mechanism that is in place, with its figures.
#[derive(Debug, Clone)]
pub struct Way<'a> {
    /// The mechanism.
    pub mechanism: &'a Mechanism,
    /// How much data it may lose.
    pub rpo: Reach,
    /// How long it takes.
    pub rto: Reach,
    /// The measurement that gave a figure, as a place in the list of measurements.
    pub measured_by: Option<usize>,
}

/// What recovery can reach for one scope.
#[derive(Debug, Clone)]
pub struct Estimate<'a> {
    /// What is lost, as a place in [`SCOPES`].
    pub scope: usize,
    /// What is in place, the best first: the smallest RPO, then the smallest RTO, unknown figures last.
    pub ways: Vec<Way<'a>>,
    /// Why there may be a better way, if so: whether a mechanism is in place could not be told.
    pub open: Option<Arc<Unknown>>,
}

/// Who acts, or why that cannot be told.
pub type Acting<'a> = Result<&'a Responsibility, Arc<Unknown>>;

/// A measurement that the manifest states.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// How much data was lost.
    pub rpo: Option<Seconds>,
    /// How long it took.
    pub rto: Option<Seconds>,
}

/// Whether a resource is a store of its own. What cannot be told is taken for one.
pub fn is_store(recovery: &Recovery, resource: &Resource, workload: &Value, now: Timestamp) -> bool {
    let surroundings = Surroundings { resource, workload, answer: &[], now };
    recovery.applies.as_ref().is_none_or(|applies| truth(applies, &surroundings) != Truth::False)
}

/// Who brings the store back.
///
/// # Errors
/// Why it cannot be told.
pub fn acting<'a>(recovery: &'a Recovery, resource: &Resource, workload: &Value, now: Timestamp) -> Acting<'a> {
    let surroundings = Surroundings { resource, workload, answer: &[], now };
    for responsibility in &recovery.responsibility {
        match responsibility.when.as_ref().map_or(Truth::True, |when| truth(when, &surroundings)) {
            Truth::True => return Ok(responsibility),
            Truth::False => {}
            Truth::Unknown(unknown) => return Err(unknown),
        }
    }
    Err(Arc::new(Unknown::new(UnknownReason::Absent, "")))
}

/// What recovery of a store can reach, by scope. `measured` gives the measurements for a mechanism, with their places.
pub fn estimates<'a>(
    recovery: &'a Recovery,
    resource: &Resource,
    workload: &Value,
    now: Timestamp,
    measured: impl Fn(&Mechanism) -> Option<(usize, Measured)>,
) -> Vec<Estimate<'a>> {
    let surroundings = Surroundings { resource, workload, answer: &[], now };
    let mut estimates: Vec<Estimate<'_>> =
        (0..SCOPES.len()).map(|scope| Estimate { scope, ways: Vec::new(), open: None }).collect();
    for mechanism in &recovery.mechanisms {
        let in_place = truth(&mechanism.when, &surroundings);
        if in_place == Truth::False {
            continue;
        }
        let stated = measured(mechanism);
        // What was measured was there.
        let in_place = if stated.is_some() { Truth::True } else { in_place };
        let given = |pick: fn(&Measured) -> Option<Seconds>| stated.as_ref().and_then(|(_, measured)| pick(measured));
        let rpo = rpo(mechanism.rpo.as_ref(), given(|measured| measured.rpo), &surroundings);
        let rto = rto(mechanism.rto.as_ref(), given(|measured| measured.rto), &surroundings);
        for scope in &mechanism.scopes {
            let Some(estimate) = estimates.get_mut(*scope) else { continue };
            if let Truth::Unknown(unknown) = &in_place {
                estimate.open.get_or_insert_with(|| Arc::clone(unknown));
                continue;
            }
            let measured_by = stated.as_ref().map(|(place, _)| *place);
            estimate.ways.push(Way { mechanism, rpo: rpo.clone(), rto: rto.clone(), measured_by });
        }
    }
    for estimate in &mut estimates {
        estimate
            .ways
            .sort_by(|a, b| by_reach(&a.rpo, &b.rpo).then_with(|| by_reach(&a.rto, &b.rto)).then(Ordering::Equal));
    }
    estimates
}

/// The smallest first, what is unknown last.
fn by_reach(a: &Reach, b: &Reach) -> Ordering {
    match (a, b) {
        (Reach::Known(a, _), Reach::Known(b, _)) => a.cmp(b),
        (Reach::Known(..), Reach::Unknown(_)) => Ordering::Less,
        (Reach::Unknown(_), Reach::Known(..)) => Ordering::Greater,
        (Reach::Unknown(_), Reach::Unknown(_)) => Ordering::Equal,
    }
}

/// A measurement wins. Otherwise the configuration promises, and what was seen confirms it or is worse.
fn rpo(figure: Option<&Figure>, measured: Option<Seconds>, surroundings: &Surroundings<'_>) -> Reach {
    if let Some(measured) = measured {
        return Reach::Known(measured, Basis::Measured);
    }
    let shortest = Seconds::min;
    let configured = figure.map_or(Read::Nothing, |figure| read(figure.configured.as_ref(), surroundings, shortest));
    let observed = figure.map_or(Read::Nothing, |figure| read(figure.observed.as_ref(), surroundings, shortest));
    match (configured, observed) {
        (Read::Value(configured), Read::Value(observed)) => {
            Reach::Known(configured.max(minutes(observed)), Basis::Observed)
        }
        (Read::Value(configured), Read::Nothing | Read::Unknown(_)) => Reach::Known(configured, Basis::Configured),
        (Read::Unknown(unknown), _) | (Read::Nothing, Read::Unknown(unknown)) => Reach::Unknown(unknown),
        (Read::Nothing, Read::Value(observed)) => Reach::Known(minutes(observed), Basis::Observed),
        (Read::Nothing, Read::Nothing) => not_documented(),
    }
}

/// Rounded up: how long ago something happened is true to the second for a second only.
fn minutes(observed: Seconds) -> Seconds {
    Seconds(observed.0.saturating_add(59) / 60 * 60)
}

/// A measurement wins, then a restore that was seen, then what AWS documents.
fn rto(figure: Option<&Figure>, measured: Option<Seconds>, surroundings: &Surroundings<'_>) -> Reach {
    if let Some(measured) = measured {
        return Reach::Known(measured, Basis::Measured);
    }
    let Some(figure) = figure else { return not_documented() };
    if let Read::Value(observed) = read(figure.observed.as_ref(), surroundings, Seconds::max) {
        return Reach::Known(observed, Basis::Measured);
    }
    match read(figure.configured.as_ref(), surroundings, Seconds::min) {
        Read::Value(configured) => Reach::Known(configured, Basis::Configured),
        Read::Unknown(unknown) => Reach::Unknown(unknown),
        Read::Nothing => not_documented(),
    }
}

fn not_documented() -> Reach {
    Reach::Unknown(Arc::new(Unknown::new(UnknownReason::NotDocumented, "")))
}

enum Read {
    Nothing,
    Value(Seconds),
    Unknown(Arc<Unknown>),
}

/// A duration, or the one of a list that counts. An unknown item may not be the one, so the known ones stand.
fn read(
    expression: Option<&crate::rules::Expression>,
    surroundings: &Surroundings<'_>,
    counts: impl Fn(Seconds, Seconds) -> Seconds,
) -> Read {
    let Some(expression) = expression else { return Read::Nothing };
    match value(expression, surroundings) {
        Value::Duration(seconds) => Read::Value(Seconds(seconds.0.max(0))),
        Value::Unknown(unknown) => Read::Unknown(unknown),
        Value::List(items) => {
            let known = items.iter().filter_map(Value::as_duration).map(|seconds| Seconds(seconds.0.max(0)));
            match (known.reduce(counts), items.iter().find(|item| matches!(item, Value::Unknown(_)))) {
                (Some(seconds), _) => Read::Value(seconds),
                (None, Some(Value::Unknown(unknown))) => Read::Unknown(Arc::clone(unknown)),
                (None, _) => Read::Nothing,
            }
        }
        _ => Read::Nothing,
    }
}
