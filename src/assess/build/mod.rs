//! Puts the report model together.

mod checklist;
mod finding;
mod sections;
mod summary;

use crate::assess::answers::Answers;
use crate::assess::facts;
use crate::assess::model::{Finding, Report, RuleInfo, Status};
use crate::assess::opinions::Opinions;
use crate::assess::owner::owner;
use crate::assess::readiness;
use crate::assess::waivers::Waivers;
use crate::assess::wording::pick;
use crate::collect::Plan;
use crate::judge::{Owner, Verdict, judge_all};
use crate::link::link;
use crate::manifest::terraform::States;
use crate::manifest::{Manifest, Workload};
use crate::model::schema::ResourceType;
use crate::model::types::workload::WORKLOAD;
use crate::model::{Language, Resource, Value};
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
        let owners: Vec<Owner> = resources
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
        let surroundings = owners
            .iter()
            .map(|owner| match owner {
                Owner::Workload(place) => values.get(*place as usize).cloned().unwrap_or(Value::Null),
                Owner::Unknown(unknown) => Value::Unknown(Arc::clone(unknown)),
            })
            .collect();
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
            language: inputs.language,
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
        Report {
            schema: "sonae.report/1".to_owned(),
            generated_at: now,
            sonae: self.snapshot.index.sonae.clone(),
            language: self.language,
            organization: self.inputs.manifest.organization.clone(),
            summary,
            workloads: self.workloads(&findings),
            ftr: self.ftr(&checklist, &findings),
            trusted_advisor: self.trusted_advisor(&findings),
            rules: rules.rules.iter().map(|rule| (rule.id.to_string(), self.rule_info(rule))).collect(),
            notes: self.waiver_notes(&waivers).into_iter().chain(self.notes()).collect(),
            waivers,
            checklist,
            findings,
            coverage,
            snapshot,
        }
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
