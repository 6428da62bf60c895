//! Puts the report model together.

mod checklist;
mod finding;
mod sections;
mod summary;

use crate::assess::answers::Answers;
use crate::assess::facts;
use crate::assess::model::{Finding, Report, RuleInfo, Status, StoreReport};
use crate::assess::opinions::Opinions;
use crate::assess::owner::owner;
use crate::assess::readiness;
use crate::assess::recovery::{self, Store};
use crate::assess::served::{self, Objective};
use crate::assess::strategy;
use crate::assess::waivers::Waivers;
use crate::assess::wording::pick;
use crate::collect::Plan;
use crate::judge::{Owner, Verdict, judge_all};
use crate::link::link;
use crate::manifest::terraform::States;
use crate::manifest::{Manifest, Workload};
use crate::model::schema::ResourceType;
use crate::model::types::workload::WORKLOAD;
use crate::model::{Language, Resource, Unknown, Value};
use crate::rules::{Rule, RuleSet};
use crate::slot;
use crate::snapshot::Snapshot;
use rayon::prelude::*;
use std::sync::Arc;

/// What a report is made of.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// What was promised.
    pub manifest: &'a Manifest,
    /// The rules to judge by.
    pub rules: &'a RuleSet,
    /// What people said.
    pub answers: &'a Answers,
    /// What people accepted.
    pub waivers: &'a Waivers,
    /// What Terraform owns.
    pub terraform: &'a States,
    /// The language of all texts.
    pub language: Language,
}

/// Links, judges and assesses: everything between a snapshot and its reports.
pub fn assess(mut snapshot: Snapshot, inputs: &Inputs<'_>) -> Report {
    let judged = judged_types(inputs.rules);
    // What rules depend on but nobody asked for is unknown, so more than the judged types must stand in the estate. The
    // opinions of others are extra: a scan without them is complete.
    let mut needed = Plan::for_rules(inputs.rules, false).types();
    needed.retain(|ty| !OPINIONS.contains(&ty.service));
    let mut resources = link(&mut snapshot, &needed);
    let first_of_estate = declared_workloads(inputs.manifest);
    let workload_count = first_of_estate.len();
    resources.splice(0..0, first_of_estate);
    Builder::new(inputs, &snapshot, resources, workload_count, judged, &needed).report()
}

/// Services whose resources are opinions on other resources.
const OPINIONS: [&str; 2] = ["support", "config"];

fn judged_types(rules: &RuleSet) -> Vec<&'static ResourceType> {
    let mut types: Vec<&'static ResourceType> = Vec::new();
    for target in rules.rules.iter().flat_map(|rule| rules.targets_of(rule)) {
        if !types.contains(&target.ty) {
            types.push(target.ty);
        }
    }
    types
}

/// The workloads as resources. Without any, the default one stands for the whole organisation and is asked everything.
fn declared_workloads(manifest: &Manifest) -> Vec<Resource> {
    if manifest.workloads.is_empty() {
        let mut only = manifest.default_workload.resource.clone();
        only.set(slot!(WORKLOAD, "is_default"), false);
        return vec![only];
    }
    manifest.workloads.iter().map(|workload| workload.resource.clone()).collect()
}

struct Builder<'a> {
    inputs: &'a Inputs<'a>,
    /// The snapshot without its resources.
    snapshot: &'a Snapshot,
    resources: Vec<Resource>,
    workload_count: usize,
    judged: Vec<&'static ResourceType>,
    /// By resource: who owns it.
    owners: Vec<Owner>,
    /// By resource: what rules see as `workload`.
    surroundings: Vec<Value>,
    opinions: Opinions,
    /// The stores with their estimates, in the order of the resources.
    stores: Vec<Store<'a>>,
    /// By rule: the objectives that it reads.
    serves: Vec<Vec<Objective>>,
    /// By workload: why it may have more stores.
    open: Vec<Option<Arc<Unknown>>>,
    language: Language,
}

impl<'a> Builder<'a> {
    fn new(
        inputs: &'a Inputs<'a>,
        snapshot: &'a Snapshot,
        mut resources: Vec<Resource>,
        workload_count: usize,
        judged: Vec<&'static ResourceType>,
        asked: &[&'static ResourceType],
    ) -> Self {
        let manifest = inputs.manifest;
        let values: Vec<Value> =
            manifest.workloads.iter().chain([&manifest.default_workload]).map(Workload::value).collect();
        let mut owners: Vec<Owner> = resources
            .par_iter()
            .enumerate()
            .map(|(place, resource)| {
                if place < workload_count {
                    Owner::Workload(u32::try_from(place).unwrap_or(u32::MAX))
                } else {
                    owner(resource, manifest)
                }
            })
            .collect();
        let (workloads, others) = resources.split_at_mut(workload_count);
        readiness::fill(workloads, others, &owners[workload_count..], &judged, manifest, &snapshot.index);
        facts::derive(&mut resources, workload_count, &owners, manifest, snapshot, inputs.terraform, asked);
        let surrounding = |owner: &Owner| match owner {
            Owner::Workload(place) => values.get(*place as usize).cloned().unwrap_or(Value::Null),
            Owner::Unknown(unknown) => Value::Unknown(Arc::clone(unknown)),
        };
        let language = inputs.language;
        let stores = if recovery::wanted(inputs.rules) {
            let now = snapshot.index.taken_at;
            let of = |place: usize| owners.get(place).map_or(Value::Null, surrounding);
            recovery::stores(inputs.rules, &resources, &owners, of, manifest, language, now)
        } else {
            Vec::new()
        };
        let unlisted =
            if recovery::wanted(inputs.rules) { recovery::unlisted(inputs.rules, &resources) } else { Vec::new() };
        let mut open = vec![None; values.len()];
        for (place, unknown, _) in &unlisted {
            match &owners[*place] {
                Owner::Workload(owner) => {
                    if let Some(open) = open.get_mut(*owner as usize) {
                        *open = Some(Arc::clone(unknown));
                    }
                }
                Owner::Unknown(unknown) => open.fill(Some(Arc::clone(unknown))),
            }
        }
        if recovery::wanted(inputs.rules) {
            for place in 0..workload_count {
                let own: Vec<&Store<'_>> =
                    stores.iter().filter(|store| owners.get(store.place) == owners.get(place)).collect();
                let number = u32::try_from(place).unwrap_or(u32::MAX);
                let in_place = strategy::in_place(number, &resources[place], &own, &resources, &owners);
                let owned: Vec<(&Store<'_>, &Resource)> =
                    own.into_iter().map(|store| (store, &resources[store.place])).collect();
                let name = &resources[place].id;
                let drill = recovery::Drill::of(inputs.rules, inputs.answers, name, snapshot.index.taken_at);
                let fact = recovery::fact(&owned, open[place].as_ref(), &values[place], drill.as_ref(), language);
                resources[place].set(slot!(WORKLOAD, "recovery"), fact);
                resources[place].set(slot!(WORKLOAD, "strategy_in_place"), in_place);
            }
        }
        for store in &stores {
            let found = store.resources(&resources[store.place], language);
            owners.extend(std::iter::repeat_n(owners[store.place].clone(), found.len()));
            resources.extend(found);
        }
        for (place, _, found) in unlisted {
            owners.extend(std::iter::repeat_n(owners[place].clone(), found.len()));
            resources.extend(found);
        }
        let surroundings = owners.iter().map(surrounding).collect();
        let opinions = Opinions::new(&resources);
        Self {
            inputs,
            snapshot,
            resources,
            workload_count,
            judged,
            owners,
            surroundings,
            opinions,
            stores,
            open,
            serves: inputs.rules.rules.iter().map(|rule| served::objectives(rule)).collect(),
            language,
        }
    }

    fn workload(&self, place: usize) -> Option<&'a Workload> {
        let manifest = self.inputs.manifest;
        match &self.owners[place] {
            Owner::Workload(owner) => {
                Some(manifest.workloads.get(*owner as usize).unwrap_or(&manifest.default_workload))
            }
            Owner::Unknown(_) => None,
        }
    }

    fn workload_name(&self, place: usize) -> &'a str {
        self.workload(place).map_or("", |workload| &*workload.name)
    }

    fn report(self) -> Report {
        let now = self.snapshot.index.taken_at;
        let rules = self.inputs.rules;
        let verdicts = judge_all(
            rules,
            &self.resources,
            |place| &self.surroundings[place],
            |rule, place| self.inputs.answers.answer(&rule.id, self.workload_name(place)),
            now,
        );
        let (mut judged, unread): (Vec<(Verdict, Finding)>, Vec<bool>) = verdicts
            .par_iter()
            .map(|verdict| {
                let (finding, unread) = self.finding(*verdict);
                ((*verdict, finding), unread)
            })
            .unzip();
        let all_read = !unread.contains(&true) && !self.unlisted();
        let order = |status: Status| Status::ALL.iter().position(|known| *known == status);
        // Within a status and severity, the order of the rules and then that of the resources.
        judged.sort_by_key(|(verdict, finding)| {
            (order(finding.status), std::cmp::Reverse(finding.severity), verdict.rule, verdict.resource)
        });
        let waivers = self.waivers(&judged);
        let findings: Vec<Finding> = judged.into_iter().map(|(_, finding)| finding).collect();
        let checklist = self.checklist(&findings);
        let coverage = self.coverage();
        let snapshot = self.snapshot_info();
        let summary = self.summary(&findings, &coverage, &snapshot, all_read);
        let stores = self.store_reports();
        Report {
            schema: "sonae.report/1".to_owned(),
            generated_at: now,
            sonae: self.snapshot.index.sonae.clone(),
            language: self.language,
            organization: self.inputs.manifest.organization.clone(),
            summary,
            workloads: self.workloads(&findings, &stores),
            stores,
            ftr: self.ftr(&checklist, &findings),
            trusted_advisor: self.trusted_advisor(&findings),
            rules: rules.rules.iter().map(|rule| (rule.id.to_string(), self.rule_info(rule))).collect(),
            notes: self.waiver_notes(&waivers).into_iter().chain(self.notes()).collect(),
            waivers,
            trend: Vec::new(),
            baseline: None,
            checklist,
            findings,
            coverage,
            snapshot,
        }
    }

    /// The stores by workload, in the order of the manifest.
    fn store_reports(&self) -> Vec<StoreReport> {
        let manifest = self.inputs.manifest;
        let mut placed: Vec<(u32, StoreReport)> = self
            .stores
            .iter()
            .map(|store| {
                let owner = match &self.owners[store.place] {
                    Owner::Workload(owner) => *owner,
                    Owner::Unknown(_) => u32::MAX,
                };
                let workload = self.workload_name(store.place);
                (owner, store.report(&self.resources[store.place], workload, manifest, self.language))
            })
            .collect();
        placed.sort_by_key(|(owner, _)| *owner);
        placed.into_iter().map(|(_, store)| store).collect()
    }

    fn rule_info(&self, rule: &Rule) -> RuleInfo {
        let language = self.language;
        let impact = &rule.remediation.impact;
        let named = [
            (pick(language, "停止時間", "Downtime"), &impact.downtime),
            (pick(language, "費用", "Cost"), &impact.cost),
            (pick(language, "試験方法", "How to test"), &impact.test),
        ];
        RuleInfo {
            category: rule.category.as_str().to_owned(),
            severity: rule.severity,
            title: rule.title.get(language).to_owned(),
            why: rule.why.get(language).to_owned(),
            remediation: rule.remediation.text.get(language).to_owned(),
            cli: rule.remediation.cli.trim().to_owned(),
            terraform: rule.remediation.terraform.trim().to_owned(),
            cloudformation: rule.remediation.cloudformation.trim().to_owned(),
            impact: named
                .into_iter()
                .filter_map(|(name, text)| Some((name, text.as_ref()?.get(language).to_owned())))
                .collect(),
            maps: rule.mappings(),
            sources: rule.sources.clone(),
            viewpoint: rule.viewpoint.map(|viewpoint| viewpoint.as_str().to_owned()),
            required: rule.evidence_of("params."),
            objectives: rule.evidence_of("objectives."),
        }
    }

    fn notes(&self) -> Vec<String> {
        let inputs = self.inputs;
        inputs
            .manifest
            .warnings
            .iter()
            .chain(&inputs.answers.warnings)
            .chain(&inputs.waivers.warnings)
            .map(ToString::to_string)
            .collect()
    }
}

fn pick_title(ty: &ResourceType, language: Language) -> &'static str {
    match language {
        Language::Ja => ty.title.0,
        Language::En => ty.title.1,
    }
}
