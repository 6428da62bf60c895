//! Recovery: what brings the stores of each workload back, held against its objectives.
//!
//! Stores and estimates are resources like all others, so that rules judge them. What reports show beyond verdicts is kept
//! here until the report is put together.

use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use super::answers::Answers;
use super::model::{Evidence, RecoveryLine, Status, StoreReport, StoreScope, Way, WayFigure};
use super::owner::wildcard;
use super::wording::{self, pick};
use crate::judge::Owner;
use crate::judge::recovery as judge;
use crate::judge::recovery::{Basis, Estimate, Measured, Reach, acting, estimates, is_store};
use crate::manifest::{Manifest, Measurement, Workload};
use crate::model::json::to_json;
use crate::model::schema::{ResourceType, Type};
use crate::model::types::recovery::{RECOVERY_ESTIMATE, SCOPES, STORE};
use crate::model::types::workload::{OBJECTIVES, RECOVERY_LINE, WORKLOAD, WORKLOAD_RECORD};
use crate::model::{AnswerStatus, Language, Resource, Seconds, Unknown, Value};
use crate::rules::RuleSet;
use crate::rules::recovery::Figure;
use crate::{record, slot};

/// A store with its estimates.
pub struct Store<'a> {
    /// Its place in the list of resources.
    pub place: usize,
    /// Who acts, and why.
    responsibility: Result<(&'static str, String), Arc<Unknown>>,
    scopes: Vec<Scoped<'a>>,
}

/// What recovery of a store can reach for one scope, and what it has to.
struct Scoped<'a> {
    estimate: Estimate<'a>,
    rpo_objective: Option<Seconds>,
    rto_objective: Option<Seconds>,
    /// Whether the loss does not concern the store.
    spared: bool,
}

/// What the last drill measured, by scope.
#[derive(Debug, Default)]
pub struct Drill {
    rpo: [Option<Seconds>; SCOPES.len()],
    rto: [Option<Seconds>; SCOPES.len()],
    source: String,
}

/// The rule whose answers hold what drills measured, under `rto_region` and the like.
const DRILL: &str = "ops-drill-meets-objectives";

impl Drill {
    /// What the answers say of a workload; none while nobody has finished answering, or when the drill is too long ago.
    pub fn of(rules: &RuleSet, answers: &Answers, workload: &str, now: Timestamp) -> Option<Self> {
        let question = rules.get(DRILL)?.question.as_ref()?;
        let answer = answers.answer(DRILL, workload).filter(|answer| answer.status == AnswerStatus::Done)?;
        if now.as_second().saturating_sub(answer.answered_at.as_second()) > question.fresh_for.0 {
            return None;
        }
        let figure = |name: &str, scope: &str| {
            let place = question.fields.iter().position(|(field, ..)| *field == format!("{name}_{scope}"))?;
            answer.fields.get(place)?.as_duration()
        };
        Some(Self {
            rpo: std::array::from_fn(|scope| figure("rpo", SCOPES[scope])),
            rto: std::array::from_fn(|scope| figure("rto", SCOPES[scope])),
            source: answers
                .entry(DRILL, workload)
                .and_then(|entry| answers.evidence(entry).into_iter().next())
                .unwrap_or_default(),
        })
    }
}

/// Whether rules ask for estimates at all.
pub fn wanted(rules: &RuleSet) -> bool {
    let mut wanted = false;
    for target in rules.rules.iter().flat_map(|rule| rules.targets_of(rule)) {
        wanted |= target.ty == &STORE || target.ty == &RECOVERY_ESTIMATE;
        for expression in target.expressions().filter(|_| target.ty == &WORKLOAD) {
            expression.resource_slots(|slot| {
                wanted |= slot == slot!(WORKLOAD, "recovery") || slot == slot!(WORKLOAD, "strategy_in_place");
            });
        }
    }
    wanted
}

/// What recovery of a workload can reach, for its field `recovery`. `open` says why it may have more stores.
pub fn fact(
    stores: &[(&Store<'_>, &Resource)],
    open: Option<&Arc<Unknown>>,
    workload: &Value,
    drill: Option<&Drill>,
    language: Language,
) -> Value {
    let lines = (0..SCOPES.len()).filter_map(|scope| {
        let rpo_objective = objective(workload, slot!(OBJECTIVES, "rpo"), scope);
        let rto_objective = objective(workload, slot!(OBJECTIVES, "rto"), scope);
        let (_, rpo) = worst_value(stores, scope, |scoped| scoped.reached(scoped.rpo_objective, |way| &way.rpo))?;
        let (store, rto) = worst_value(stores, scope, |scoped| scoped.reached(scoped.rto_objective, |way| &way.rto))?;
        if rpo_objective.is_none() && rto_objective.is_none() {
            return None;
        }
        // A store that could not be listed may be the one that limits.
        let bounded = |value: Value, objective: Option<Seconds>| match (open, value) {
            (Some(open), Value::Duration(seconds)) if objective.is_none_or(|objective| seconds <= objective) => {
                Value::Unknown(Arc::clone(open))
            }
            (_, value) => value,
        };
        let (rpo, rto) = (bounded(rpo, rpo_objective), bounded(rto, rto_objective));
        // No drill brings back what nothing brings back.
        let drilled = drill.and_then(|drill| drill.rto[scope]).filter(|_| !rto.is_null());
        let rto = drilled.map_or(rto, Value::Duration);
        let title = scope_title(scope, language);
        let phrase = match (&rto, drilled, language) {
            (_, Some(rto), Language::Ja) => format!("{title}: 訓練で{rto}"),
            (_, Some(rto), Language::En) => format!("{title}: {rto} in the drill"),
            (Value::Duration(rto), None, Language::Ja) => format!("{title}: {rto} ({})", store.name),
            (Value::Duration(rto), None, Language::En) => format!("{title}: {rto} ({})", store.name),
            (Value::Unknown(_), None, Language::Ja) => format!("{title}: 実測値なし ({})", store.name),
            (Value::Unknown(_), None, Language::En) => format!("{title}: never measured ({})", store.name),
            (_, None, Language::Ja) => format!("{title}: 復旧手段なし ({})", store.name),
            (_, None, Language::En) => format!("{title}: nothing brings back {}", store.name),
        };
        Some(record!(RECOVERY_LINE {
            "scope": SCOPES[scope],
            "rpo_objective": rpo_objective,
            "rto_objective": rto_objective,
            "rpo": rpo,
            "rto": rto,
            "rto_limited_by": drilled.is_none().then(|| store.name.to_string()),
            "rto_text": phrase,
        }))
    });
    Value::list(lines)
}

/// The store that limits a workload for a scope: one that nothing brings back, then one over its objective, then one whose
/// figure is unknown, then the largest figure.
fn worst_value<'r>(
    stores: &[(&Store<'_>, &'r Resource)],
    scope: usize,
    reached: impl Fn(&Scoped<'_>) -> Value,
) -> Option<(&'r Resource, Value)> {
    let rank = |scoped: &Scoped<'_>, value: &Value| match value {
        Value::Null => (3, 0),
        Value::Duration(seconds) if scoped.rto_objective.is_some_and(|objective| *seconds > objective) => {
            (2, seconds.0)
        }
        Value::Unknown(_) => (1, 0),
        Value::Duration(seconds) => (0, seconds.0),
        _ => (0, 0),
    };
    let mut worst: Option<((i64, i64), &Resource, Value)> = None;
    for (store, resource) in stores {
        let Some(scoped) = store.scopes.get(scope) else { continue };
        // What already lives in the DR Region is no part of the loss of the other one.
        if scoped.spared {
            continue;
        }
        let value = reached(scoped);
        let rank = rank(scoped, &value);
        if worst.as_ref().is_none_or(|(current, ..)| rank > *current) {
            worst = Some((rank, resource, value));
        }
    }
    worst.map(|(_, resource, value)| (resource, value))
}

/// Estimates the recovery of every store among the resources.
pub fn stores<'a>(
    rules: &'a RuleSet,
    resources: &[Resource],
    owners: &[Owner],
    surroundings: impl Fn(usize) -> Value + Sync,
    manifest: &'a Manifest,
    language: Language,
    now: Timestamp,
) -> Vec<Store<'a>> {
    let store = |(place, resource): (usize, &Resource)| {
        let recovery = rules.recovery.iter().find(|recovery| recovery.ty == resource.ty)?;
        let workload = surroundings(place);
        if &*resource.id == "*" || !is_store(recovery, resource, &workload, now) {
            return None;
        }
        let measurements = match owners.get(place) {
            Some(Owner::Workload(owner)) => measurements(manifest, *owner as usize),
            _ => &[],
        };
        let of_resource = |measurement: &Measurement| {
            measurement.store.as_ref().is_none_or(|pattern| {
                [&resource.id, &resource.name, &resource.arn].into_iter().any(|text| wildcard(pattern, text))
            })
        };
        let found = estimates(recovery, resource, &workload, now, |mechanism| {
            let place =
                measurements.iter().position(|stated| stated.mechanism.value == mechanism.id && of_resource(stated))?;
            let stated = &measurements[place];
            Some((place, Measured { rpo: stated.rpo, rto: stated.rto }))
        });
        // The loss of the primary Region leaves alone what already lives in the DR Region.
        let in_dr_region = declared(&workload, "dr_region").and_then(Value::as_str) == Some(&*resource.region);
        let scopes = found
            .into_iter()
            .map(|estimate| {
                let spared = in_dr_region && SCOPES[estimate.scope] == "region";
                let objective = |slot| if spared { None } else { objective(&workload, slot, estimate.scope) };
                Scoped {
                    rpo_objective: objective(slot!(OBJECTIVES, "rpo")),
                    rto_objective: objective(slot!(OBJECTIVES, "rto")),
                    spared,
                    estimate,
                }
            })
            .collect();
        let responsibility =
            acting(recovery, resource, &workload, now).map(|acting| (acting.who, acting.why.get(language).to_owned()));
        Some(Store { place, responsibility, scopes })
    };
    resources.par_iter().enumerate().filter_map(store).collect()
}

/// What stands for the stores of an account and Region that could not be listed: their places, and a store and an
/// estimate for each account and Region.
pub fn unlisted(rules: &RuleSet, resources: &[Resource]) -> Vec<(usize, Arc<Unknown>, [Resource; 2])> {
    let mut found: Vec<(usize, Arc<Unknown>, [Resource; 2])> = Vec::new();
    for (place, resource) in resources.iter().enumerate().filter(|(_, resource)| &*resource.id == "*") {
        if !rules.recovery.iter().any(|recovery| recovery.ty == resource.ty) {
            continue;
        }
        let Some(Value::Unknown(unknown)) = resource.fields.first() else { continue };
        let same = |known: &Resource| known.account == resource.account && known.region == resource.region;
        if found.iter().any(|(_, _, [store, _])| same(store)) {
            continue;
        }
        let stand_in = |ty: &'static ResourceType| {
            let mut stands = derived(ty, resource, "*");
            stands.fields = vec![Value::Unknown(Arc::clone(unknown)); ty.fields.len()].into();
            stands
        };
        found.push((place, Arc::clone(unknown), [stand_in(&STORE), stand_in(&RECOVERY_ESTIMATE)]));
    }
    found
}

fn measurements(manifest: &Manifest, owner: usize) -> &[Measurement] {
    manifest.workloads.get(owner).map_or(&manifest.default_workload.measured, |workload| &workload.measured)
}

fn declared<'v>(workload: &'v Value, name: &str) -> Option<&'v Value> {
    let slot = WORKLOAD_RECORD.fields.iter().position(|field| field.name == name)?;
    workload.as_record()?.get(slot)
}

fn objective(workload: &Value, slot: usize, scope: usize) -> Option<Seconds> {
    declared(workload, "objectives")?.as_record()?.get(slot)?.as_record()?.get(scope)?.as_duration()
}

/// What people call a scope.
pub fn scope_title(scope: usize, language: Language) -> String {
    match SCOPES[scope] {
        "data" => pick(language, "論理的なデータ損失", "logical data loss"),
        "infrastructure" => pick(language, "インスタンス・ディスク障害", "loss of an instance or a disk"),
        "az" => pick(language, "AZ障害", "loss of an AZ"),
        _ => pick(language, "リージョン障害", "loss of a Region"),
    }
}

impl Store<'_> {
    /// The loss of a Region.
    fn region(&self) -> Option<&Estimate<'_>> {
        self.scopes.iter().map(|scoped| &scoped.estimate).find(|estimate| SCOPES[estimate.scope] == "region")
    }

    /// Whether its data is live in the DR Region, or else there as a copy; none when nothing of it is known to be there.
    pub fn in_dr_region(&self) -> Option<bool> {
        let ways = &self.region()?.ways;
        (!ways.is_empty()).then(|| ways.iter().any(|way| way.mechanism.kind.is_live()))
    }

    /// Why something of it may be in the DR Region that could not be seen.
    pub fn open_for_region(&self) -> Option<Arc<Unknown>> {
        self.region()?.open.clone()
    }

    /// The store and its estimates as resources that rules judge.
    pub fn resources(&self, store: &Resource, language: Language) -> Vec<Resource> {
        let mut found = Vec::with_capacity(1 + self.scopes.len());
        // Stores of different types may share a name.
        let id = format!("{}/{}", store.ty.name, store.id);
        let mut resource = derived(&STORE, store, &id);
        resource.set(slot!(STORE, "store_type"), store.ty.name);
        let (who, why) = match &self.responsibility {
            Ok((who, why)) => (Value::str(who), Value::str(why)),
            Err(unknown) => (Value::Unknown(Arc::clone(unknown)), Value::Unknown(Arc::clone(unknown))),
        };
        resource.set(slot!(STORE, "responsibility"), who);
        resource.set(slot!(STORE, "responsibility_reason"), why);
        found.push(resource);
        for scoped in &self.scopes {
            let scope = scoped.estimate.scope;
            let best = scoped.leading();
            let mut resource = derived(&RECOVERY_ESTIMATE, store, &format!("{id}#{}", SCOPES[scope]));
            let mechanism = |text: Option<&str>| match (text, &scoped.estimate.open) {
                (Some(text), _) => Value::str(text),
                (None, Some(open)) => Value::Unknown(Arc::clone(open)),
                (None, None) => Value::Null,
            };
            resource.set(slot!(RECOVERY_ESTIMATE, "store_type"), store.ty.name);
            resource.set(slot!(RECOVERY_ESTIMATE, "scope"), SCOPES[scope]);
            resource.set(slot!(RECOVERY_ESTIMATE, "scope_title"), scope_title(scope, language).as_str());
            resource.set(slot!(RECOVERY_ESTIMATE, "rpo_objective"), scoped.rpo_objective);
            let id = best.map(|way| way.mechanism.id.as_str());
            resource.set(slot!(RECOVERY_ESTIMATE, "mechanism"), mechanism(id));
            let title = best.map(|way| way.mechanism.title.get(language));
            resource.set(slot!(RECOVERY_ESTIMATE, "mechanism_title"), mechanism(title));
            resource.set(slot!(RECOVERY_ESTIMATE, "rpo"), scoped.reached(scoped.rpo_objective, |way| &way.rpo));
            let basis = best.and_then(|way| basis(&way.rpo));
            resource.set(slot!(RECOVERY_ESTIMATE, "rpo_basis"), basis.map_or(Value::Null, Value::str));
            resource.set(slot!(RECOVERY_ESTIMATE, "reaches"), scoped.reaches(language).as_str());
            let why = best.and_then(|way| way.mechanism.rpo.as_ref()).map(|figure| figure.why.get(language));
            resource.set(slot!(RECOVERY_ESTIMATE, "why"), why.unwrap_or_default());
            found.push(resource);
        }
        found
    }

    /// The store as reports show it.
    pub fn report(&self, store: &Resource, workload: &str, manifest: &Manifest, language: Language) -> StoreReport {
        let measured = manifest.workload(workload).map_or(&[][..], |workload| &workload.measured);
        let iso = |seconds: Option<Seconds>| seconds.map(Seconds::iso8601);
        StoreReport {
            account: store.account.to_string(),
            region: store.region.to_string(),
            resource_type: store.ty.name.to_owned(),
            type_title: pick(language, store.ty.title.0, store.ty.title.1),
            resource: store.id.to_string(),
            name: store.name.to_string(),
            arn: store.arn.to_string(),
            workload: workload.to_owned(),
            responsibility: self.responsibility.as_ref().map_or("", |(who, _)| who).to_owned(),
            responsibility_reason: match &self.responsibility {
                Ok((_, why)) => why.clone(),
                Err(unknown) => wording::unknown(unknown, language),
            },
            settings: settings(store),
            scopes: self
                .scopes
                .iter()
                .map(|scoped| StoreScope {
                    scope: SCOPES[scoped.estimate.scope].to_owned(),
                    rpo_objective: iso(scoped.rpo_objective),
                    rto_objective: iso(scoped.rto_objective),
                    rpo_status: status(&scoped.reached(scoped.rpo_objective, |way| &way.rpo), scoped.rpo_objective),
                    rto_status: status(&scoped.reached(scoped.rto_objective, |way| &way.rto), scoped.rto_objective),
                    ways: scoped
                        .estimate
                        .ways
                        .iter()
                        .map(|way| {
                            let by = way.measured_by.and_then(|place| measured.get(place));
                            Way {
                                mechanism: way.mechanism.id.clone(),
                                kind: way.mechanism.kind.as_str().to_owned(),
                                title: way.mechanism.title.get(language).to_owned(),
                                rpo: shown(&way.rpo, way.mechanism.rpo.as_ref(), by, language),
                                rto: shown(&way.rto, way.mechanism.rto.as_ref(), by, language),
                            }
                        })
                        .collect(),
                    open: scoped
                        .estimate
                        .open
                        .as_ref()
                        .map_or_else(String::new, |open| wording::unknown(open, language)),
                })
                .collect(),
        }
    }
}

/// The fields as they were read, for those who bring the store back. Tags are none of them.
fn settings(store: &Resource) -> Evidence {
    let fields = store.ty.fields.iter().enumerate().filter(|(_, field)| field.ty != Type::Map);
    Evidence(fields.map(|(slot, field)| (field.name.to_owned(), to_json(store.get(slot), field.ty))).collect())
}

fn derived(ty: &'static ResourceType, store: &Resource, id: &str) -> Resource {
    let mut resource = Resource::new(ty, &store.account, &store.region, id);
    resource.name = Arc::clone(&store.name);
    resource.arn = Arc::clone(&store.arn);
    resource
}

fn basis(reach: &Reach) -> Option<&'static str> {
    match reach {
        Reach::Known(_, basis) => Some(basis.as_str()),
        Reach::Unknown(_) => None,
    }
}

impl Scoped<'_> {
    /// What a rule sees: the figure of the best way, null when there is none, and unknown when one that could not be seen,
    /// or a running copy of which AWS documents no figure, may be better and is needed.
    fn reached<'w>(&'w self, objective: Option<Seconds>, figure: impl Fn(&'w judge::Way<'w>) -> &'w Reach) -> Value {
        let known = self.estimate.ways.iter().filter_map(|way| figure(way).seconds());
        // A way that meets the RPO need not be the one that meets the RTO, so each objective looks at the best for it.
        let better = self.estimate.open.as_ref().or_else(|| self.undocumented(&figure).map(|(_, unknown)| unknown));
        match (known.min(), better) {
            (Some(seconds), Some(open)) if objective.is_some_and(|objective| seconds > objective) => {
                Value::Unknown(Arc::clone(open))
            }
            (Some(seconds), _) => Value::Duration(seconds),
            (None, Some(open)) => Value::Unknown(Arc::clone(open)),
            (None, None) => match self.estimate.ways.first().map(figure) {
                Some(Reach::Unknown(unknown)) => Value::Unknown(Arc::clone(unknown)),
                _ => Value::Null,
            },
        }
    }

    /// A copy that runs already, and is likely to lose less and to take less time than a restore although AWS documents no
    /// figure.
    fn undocumented<'w>(
        &'w self,
        figure: impl Fn(&'w judge::Way<'w>) -> &'w Reach,
    ) -> Option<(&'w judge::Way<'w>, &'w Arc<Unknown>)> {
        let mut live = self.estimate.ways.iter().filter(|way| way.mechanism.kind.is_live());
        live.find_map(|way| match figure(way) {
            Reach::Unknown(unknown) => Some((way, unknown)),
            Reach::Known(..) => None,
        })
    }

    /// The way that decides on the RPO: the best one, unless it misses the objective and another may meet it.
    fn leading(&self) -> Option<&judge::Way<'_>> {
        let best = self.estimate.ways.first()?;
        let missed = best.rpo.seconds().zip(self.rpo_objective).is_some_and(|(reached, wanted)| reached > wanted);
        let other = if missed { self.undocumented(|way| &way.rpo) } else { None };
        Some(other.map_or(best, |(way, _)| way))
    }

    /// The RPO and its mechanism in one phrase.
    fn reaches(&self, language: Language) -> String {
        match self.leading() {
            Some(way) => {
                let title = way.mechanism.title.get(language);
                match (&way.rpo, language) {
                    (Reach::Known(seconds, _), Language::Ja) => format!("{seconds} ({title})"),
                    (Reach::Known(seconds, _), Language::En) => format!("{seconds} ({title})"),
                    (Reach::Unknown(_), Language::Ja) => format!("不明 ({title})"),
                    (Reach::Unknown(_), Language::En) => format!("unknown ({title})"),
                }
            }
            None if self.estimate.open.is_some() => pick(language, "確認不能", "not known"),
            None => pick(language, "なし (復旧手段がありません)", "none (nothing brings it back)"),
        }
    }
}

fn status(reached: &Value, objective: Option<Seconds>) -> Status {
    match (reached, objective) {
        (_, None) => Status::NotApplicable,
        (Value::Duration(reached), Some(objective)) if *reached <= objective => Status::Pass,
        (Value::Unknown(_), Some(_)) => Status::Unknown,
        _ => Status::Fail,
    }
}

fn shown(reach: &Reach, figure: Option<&Figure>, measured: Option<&Measurement>, language: Language) -> WayFigure {
    let why = figure.map(|figure| figure.why.get(language)).unwrap_or_default();
    let (seconds, basis) = match reach {
        Reach::Known(seconds, basis) => (Some(*seconds), Some(*basis)),
        Reach::Unknown(_) => (None, None),
    };
    let by_hand = measured.filter(|_| basis == Some(Basis::Measured));
    WayFigure {
        figure: seconds.map(Seconds::iso8601),
        basis: basis.map_or("", Basis::as_str).to_owned(),
        why: match (by_hand, basis, reach) {
            (Some(measured), ..) => match language {
                Language::Ja => format!("{}に計測。", measured.on.value),
                Language::En => format!("Measured on {}.", measured.on.value),
            },
            (None, Some(Basis::Measured), _) => {
                pick(language, "AWS Backupの復元ジョブの実績です。", "The time that restore jobs of AWS Backup took.")
            }
            (None, _, Reach::Unknown(unknown)) if why.is_empty() => wording::unknown(unknown, language),
            _ => why.to_owned(),
        },
        source: match by_hand {
            Some(measured) => measured.source.clone(),
            None => figure.and_then(|figure| figure.source.clone()).unwrap_or_default(),
        },
    }
}

/// Objective against estimate for each scope of a workload. The worst store counts: one that nothing brings back, then
/// the one with the largest figure over the objective, then one whose figure is unknown, then the largest.
/// A drill measured the whole, so it wins for the RTO; of the RPO it saw one moment, so it only stands in for what is not
/// known otherwise.
/// `open` says why the workload may have more stores.
pub fn lines(
    stores: &[&StoreReport],
    open: Option<&Arc<Unknown>>,
    workload: &Workload,
    drill: Option<&Drill>,
    language: Language,
) -> Vec<RecoveryLine> {
    let value = Value::Record(workload.resource.fields.iter().cloned().collect());
    let iso = |slot: usize, scope: usize| objective(&value, slot, scope).map(Seconds::iso8601);
    (0..SCOPES.len())
        .map(|scope| {
            let mut line = RecoveryLine {
                scope: SCOPES[scope].to_owned(),
                rpo_objective: iso(slot!(OBJECTIVES, "rpo"), scope),
                rpo_estimate: None,
                rpo_status: Status::NotApplicable,
                limiting_resource: String::new(),
                mechanism: String::new(),
                basis: String::new(),
                why: String::new(),
                source: String::new(),
                rto_objective: iso(slot!(OBJECTIVES, "rto"), scope),
                rto_estimate: None,
                rto_status: Status::NotApplicable,
                rto_limiting_resource: String::new(),
                rto_mechanism: String::new(),
                rto_basis: String::new(),
                rto_why: String::new(),
                rto_source: String::new(),
                stores: stores.len(),
                rpo_missed: missed(stores, scope, |found| found.rpo_status),
                rto_missed: missed(stores, scope, |found| found.rto_status),
            };
            let name = |store: &StoreReport| if store.arn.is_empty() { &store.resource } else { &store.arn }.clone();
            if let Some((store, found)) = worst(stores, scope, |way| &way.rpo, |found| found.rpo_status) {
                line.rpo_status = found.rpo_status;
                line.limiting_resource = name(store);
                if let Some(way) = leading(&found.ways, found.rpo_status, |way| &way.rpo) {
                    line.rpo_estimate.clone_from(&way.rpo.figure);
                    line.mechanism.clone_from(&way.title);
                    line.basis.clone_from(&way.rpo.basis);
                    line.why.clone_from(&way.rpo.why);
                    line.source.clone_from(&way.rpo.source);
                }
            }
            if let Some((store, found)) = worst(stores, scope, |way| &way.rto, |found| found.rto_status) {
                line.rto_status = found.rto_status;
                line.rto_limiting_resource = name(store);
                if let Some(way) = leading(&found.ways, found.rto_status, |way| &way.rto) {
                    line.rto_estimate.clone_from(&way.rto.figure);
                    line.rto_mechanism.clone_from(&way.title);
                    line.rto_basis.clone_from(&way.rto.basis);
                    line.rto_why.clone_from(&way.rto.why);
                    line.rto_source.clone_from(&way.rto.source);
                }
            }
            if let Some(open) = open {
                line.opened(open, language);
            }
            if let Some(drill) = drill {
                line.measured(scope, drill, language);
            }
            line
        })
        .collect()
}

fn missed(stores: &[&StoreReport], scope: usize, status: impl Fn(&StoreScope) -> Status) -> usize {
    stores.iter().filter_map(|store| store.scopes.get(scope)).filter(|found| status(found) == Status::Fail).count()
}

impl RecoveryLine {
    /// A store that could not be listed may be the one that limits, so nothing is met for certain.
    fn opened(&mut self, open: &Unknown, language: Language) {
        let declared = |objective: &Option<String>, status: Status| {
            objective.is_some() && matches!(status, Status::Pass | Status::NotApplicable)
        };
        if declared(&self.rpo_objective, self.rpo_status) {
            self.rpo_status = Status::Unknown;
            self.why = wording::unknown(open, language);
        }
        if declared(&self.rto_objective, self.rto_status) {
            self.rto_status = Status::Unknown;
            self.rto_why = wording::unknown(open, language);
        }
    }

    /// Takes over what a drill measured.
    fn measured(&mut self, scope: usize, drill: &Drill, language: Language) {
        let met = |objective: &Option<String>, measured: Seconds| match objective
            .as_deref()
            .and_then(|text| Seconds::parse(text).ok())
        {
            Some(objective) if measured <= objective => Status::Pass,
            Some(_) => Status::Fail,
            None => Status::NotApplicable,
        };
        let why = || pick(language, "最後の訓練の実測値です。", "Measured in the last drill.");
        // No drill brings back what nothing brings back.
        let lost = self.rto_mechanism.is_empty() && !self.rto_limiting_resource.is_empty();
        if let Some(rto) = drill.rto[scope].filter(|_| !lost) {
            self.rto_estimate = Some(rto.iso8601());
            self.rto_status = met(&self.rto_objective, rto);
            self.rto_limiting_resource.clear();
            self.rto_mechanism = pick(language, "訓練", "drill");
            Basis::Measured.as_str().clone_into(&mut self.rto_basis);
            self.rto_why = why();
            self.rto_source.clone_from(&drill.source);
        }
        if let Some(rpo) =
            drill.rpo[scope].filter(|_| self.rpo_estimate.is_none() && self.rpo_status == Status::Unknown)
        {
            self.rpo_estimate = Some(rpo.iso8601());
            self.rpo_status = met(&self.rpo_objective, rpo);
            Basis::Measured.as_str().clone_into(&mut self.basis);
            self.why = why();
            self.source.clone_from(&drill.source);
        }
    }
}

/// The way with the smallest known figure, else the first.
fn best(ways: &[Way], figure: impl Fn(&Way) -> &WayFigure) -> Option<&Way> {
    let known = |way: &&Way| seconds(figure(way)).is_some();
    ways.iter().filter(known).min_by_key(|way| seconds(figure(way))).or_else(|| ways.first())
}

/// The way that decides a status: a figure that misses the objective says nothing beside one that is not known.
fn leading(ways: &[Way], status: Status, figure: impl Fn(&Way) -> &WayFigure) -> Option<&Way> {
    let open = ways.iter().find(|way| status == Status::Unknown && figure(way).figure.is_none());
    open.or_else(|| best(ways, figure))
}

fn seconds(figure: &WayFigure) -> Option<Seconds> {
    figure.figure.as_deref().and_then(|text| Seconds::parse(text).ok())
}

fn worst<'s>(
    stores: &[&'s StoreReport],
    scope: usize,
    figure: impl Fn(&Way) -> &WayFigure,
    status: impl Fn(&StoreScope) -> Status,
) -> Option<(&'s StoreReport, &'s StoreScope)> {
    let rank = |found: &StoreScope| {
        let reached = best(&found.ways, &figure).map(|way| seconds(figure(way)));
        let class = match (status(found), reached) {
            (Status::Fail, None) => 4,
            (Status::Fail, _) => 3,
            (Status::Unknown, _) => 2,
            (Status::Pass, _) => 1,
            _ => 0,
        };
        // Nothing is worse than unknown, and unknown worse than any figure.
        let figure = reached.map_or(i64::MAX, |known| known.map_or(i64::MAX - 1, |seconds| seconds.0));
        (class, figure)
    };
    let scoped = stores.iter().filter_map(|store| Some((*store, store.scopes.get(scope)?)));
    // The first of equals, so that reports do not depend on how a maximum is found.
    let mut worst: Option<(&StoreReport, &StoreScope)> = None;
    for candidate in scoped {
        if worst.is_none_or(|(_, current)| rank(candidate.1) > rank(current)) {
            worst = Some(candidate);
        }
    }
    worst
}
