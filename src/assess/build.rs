//! Puts the report model together.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::answers::Answers;
use super::model::{
    AccountInfo, AnswerStatus, ChecklistItem, Clause, Counts, CoverageLine, Evidence, FailoverReport, Finding, FtrItem,
    Group, Report, RuleInfo, ScopeObjective, Severity, SnapshotInfo, Status, Summary, TrustedAdvisorResult, TypeCount,
    WaiverReference, WaiverReport, WorkloadReport,
};
use super::opinions::Opinions;
use super::owner::owner;
use super::waivers::{Term, Waivers};
use super::wording::{self, pick, show};
use crate::collect::Plan;
use crate::judge::evaluate::{Surroundings, value};
use crate::judge::{Judgement, Owner, Verdict, judge_all, judge_one};
use crate::link::link;
use crate::manifest::{Manifest, Workload};
use crate::model::json::to_json;
use crate::model::schema::{ResourceType, Type};
use crate::model::types::support::TRUSTED_ADVISOR_CHECK;
use crate::model::types::workload::{BY_SCOPE, FAILOVER, OBJECTIVES, WORKLOAD};
use crate::model::{Language, Resource, Seconds, UnknownReason, Value};
use crate::rules::expression::Ty;
use crate::rules::{Category, Rule, RuleSet};
use crate::slot;
use crate::snapshot::{CallStatus, Snapshot};

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
    Builder::new(inputs, &snapshot, resources, workload_count, judged).report()
}

/// Services whose resources are opinions on other resources.
const OPINIONS: [&str; 2] = ["support", "config"];

fn judged_types(rules: &RuleSet) -> Vec<&'static ResourceType> {
    let mut types: Vec<&'static ResourceType> = Vec::new();
    for target in rules.rules.iter().flat_map(|rule| &rule.targets) {
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
        resources: Vec<Resource>,
        workload_count: usize,
        judged: Vec<&'static ResourceType>,
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
        let surroundings = owners
            .iter()
            .zip(&resources)
            .map(|(owner, resource)| match owner {
                _ if resource.ty == &WORKLOAD => Value::Record(Arc::from(&*resource.fields)),
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
            |rule, resource| self.inputs.answers.answer(&rule.id, &resource.id),
            now,
        );
        let mut judged: Vec<(Verdict, Finding)> =
            verdicts.par_iter().map(|verdict| (*verdict, self.finding(*verdict))).collect();
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
        let summary = self.summary(&findings, &coverage, &snapshot);
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
            waivers,
            rules: rules.rules.iter().map(|rule| (rule.id.to_string(), self.rule_info(rule))).collect(),
            notes: self.notes(),
            checklist,
            findings,
            coverage,
            snapshot,
        }
    }

    fn finding(&self, verdict: Verdict) -> Finding {
        let place = verdict.resource as usize;
        let resource = &self.resources[place];
        let rule = &self.inputs.rules.rules[verdict.rule as usize];
        let now = self.snapshot.index.taken_at;
        let workload = &self.surroundings[place];
        let answer = self.inputs.answers.answer(&rule.id, &resource.id);
        let (judgement, evidence) = match rule.target(resource.ty) {
            Some(target) => {
                let facts = answer.map_or(&[][..], |answer| &answer.fields);
                let surroundings = Surroundings { resource, workload, answer: facts, now };
                let evidence = target
                    .evidence
                    .iter()
                    .map(|(name, expression)| (name.clone(), value(expression, &surroundings), expression.ty.clone()))
                    .collect();
                (judge_one(rule, target, resource, workload, answer, now), evidence)
            }
            None => {
                (Judgement { status: verdict.status, decisions: Vec::new(), unknown: None, open: None }, Vec::new())
            }
        };
        let workload_name = self.workload_name(place);
        let waiver = matches!(judgement.status, Status::Fail | Status::Manual)
            .then(|| {
                let waivers = self.inputs.waivers;
                waivers
                    .covering(&rule.id, resource, workload_name)
                    .map(|place| &waivers.waivers[place])
                    .find(|waiver| waiver.term(now) != Term::Expired)
            })
            .flatten();
        let named: Vec<(String, Value)> =
            evidence.iter().map(|(name, value, _)| (name.clone(), value.clone())).collect();
        Finding {
            id: finding_id(rule, resource),
            rule: rule.id.to_string(),
            status: if waiver.is_some() { Status::Waived } else { judgement.status },
            severity: Self::severity(rule, workload),
            category: rule.category.as_str().to_owned(),
            account: resource.account.to_string(),
            region: resource.region.to_string(),
            resource_type: resource.ty.name.to_owned(),
            resource: resource.id.to_string(),
            name: resource.name.to_string(),
            arn: resource.arn.to_string(),
            workload: workload_name.to_owned(),
            reason: wording::reason(rule, &judgement, &named, self.language),
            evidence: Evidence(
                evidence.into_iter().map(|(name, value, ty)| (name, evidence_json(&value, &ty))).collect(),
            ),
            decided_by: judgement
                .decisions
                .iter()
                .map(|decision| Clause {
                    expression: decision.text.clone(),
                    values: decision
                        .values
                        .iter()
                        .map(|(path, value)| (path.clone(), show(value, self.language)))
                        .collect(),
                })
                .collect(),
            second_opinions: self.opinions.of(rule, resource, judgement.status),
            waiver: waiver.map(|waiver| WaiverReference {
                reason: waiver.reason.clone(),
                owner: waiver.owner.clone(),
                approver: waiver.approver.clone(),
                expires: waiver.expires.clone(),
            }),
        }
    }

    /// The rule's severity is for a critical workload; one that is declared to matter less lowers it by a step.
    fn severity(rule: &Rule, workload: &Value) -> Severity {
        let tier = workload.as_record().and_then(|fields| fields[slot!(WORKLOAD, "tier")].as_str());
        match tier {
            None | Some("critical") => rule.severity,
            Some(_) => rule.severity.lowered(),
        }
    }

    /// A line for each rule; for what is asked of or declared for workloads, a line for each of them.
    fn checklist(&self, findings: &[Finding]) -> Vec<ChecklistItem> {
        let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for finding in findings {
            by_rule.entry(&finding.rule).or_default().push(finding);
        }
        let mut items = Vec::new();
        for rule in &self.inputs.rules.rules {
            let findings = by_rule.get(&*rule.id).cloned().unwrap_or_default();
            if rule.targets.iter().any(|target| target.ty == &WORKLOAD) {
                for workload in &self.resources[..self.workload_count] {
                    let own: Vec<&Finding> =
                        findings.iter().copied().filter(|finding| finding.workload == *workload.id).collect();
                    items.push(self.item(items.len() + 1, rule, &workload.id, &own));
                }
            } else {
                items.push(self.item(items.len() + 1, rule, "", &findings));
            }
        }
        items
    }

    fn item(&self, no: usize, rule: &Rule, workload: &str, findings: &[&Finding]) -> ChecklistItem {
        let counts = count(findings.iter().copied());
        let of = |status: Status| counts.get(&status).copied().unwrap_or(0);
        let verdict = [Status::Fail, Status::Unknown, Status::Manual, Status::Waived, Status::Pass]
            .into_iter()
            .find(|status| of(*status) > 0)
            .unwrap_or(Status::NotApplicable);
        let entry = self.inputs.answers.entry(&rule.id, workload);
        let settled = matches!(verdict, Status::Pass | Status::NotApplicable | Status::Waived);
        let item = match &rule.question {
            Some(question) => &question.text,
            None => &rule.title,
        };
        ChecklistItem {
            no,
            rule: rule.id.to_string(),
            workload: workload.to_owned(),
            category: rule.category.as_str().to_owned(),
            category_title: rule.category.title(self.language).to_owned(),
            item: item.get(self.language).to_owned(),
            supplement: match &rule.question {
                Some(question) => format!("{}\n{}", rule.why.get(self.language), question.evidence.get(self.language)),
                None => rule.why.get(self.language).to_owned(),
            },
            severity: findings.iter().map(|finding| finding.severity).max().unwrap_or(rule.severity),
            verdict,
            verdict_text: self.verdict_text(rule, verdict, findings, &counts),
            question: rule.question.is_some(),
            answer_status: match entry {
                Some(entry) => entry.status,
                None if settled => AnswerStatus::Done,
                None => AnswerStatus::NotStarted,
            },
            owner: entry.map(|entry| entry.owner.clone()).unwrap_or_default(),
            due: entry.and_then(|entry| entry.due.as_ref()).map(|due| due.value.clone()).unwrap_or_default(),
            comment: entry
                .map(|entry| {
                    [entry.text.trim(), entry.comment.trim()]
                        .into_iter()
                        .filter(|text| !text.is_empty())
                        .collect::<Vec<_>>()
                        .join("\n")
                })
                .unwrap_or_default(),
            evidence: entry.map(|entry| entry.evidence.clone()).unwrap_or_default(),
            findings: findings.iter().map(|finding| finding.id.clone()).collect(),
            counts,
        }
    }

    fn verdict_text(&self, rule: &Rule, verdict: Status, findings: &[&Finding], counts: &Counts) -> String {
        let total = findings.len();
        if total == 0 {
            let types: Vec<&str> = rule.targets.iter().map(|target| pick_title(target.ty, self.language)).collect();
            let types = types.join(", ");
            return match self.language {
                Language::Ja => format!("{types}はありません。"),
                Language::En => format!("There is no {types}."),
            };
        }
        if total == 1 && rule.targets.iter().any(|target| target.ty == &WORKLOAD) {
            return findings[0].reason.clone();
        }
        let number = counts.get(&verdict).copied().unwrap_or(0);
        let (ja, en) = match verdict {
            Status::Fail => ("不適合", "fail"),
            Status::Unknown => ("確認不能", "cannot be told"),
            Status::Manual => ("要回答", "need an answer"),
            Status::Waived => ("適用除外", "are waived"),
            Status::Pass => ("適合", "pass"),
            Status::NotApplicable => ("対象外", "do not apply"),
        };
        match self.language {
            Language::Ja => format!("{total}件中{number}件が{ja}"),
            Language::En => format!("{number} of {total} {en}"),
        }
    }

    fn summary(&self, findings: &[Finding], coverage: &[CoverageLine], snapshot: &SnapshotInfo) -> Summary {
        let manifest = self.inputs.manifest;
        let language = self.language;
        let group = |key: &str, title: &str, counts: &BTreeMap<&str, Counts>| Group {
            key: key.to_owned(),
            title: title.to_owned(),
            by_status: counts.get(key).cloned().unwrap_or_else(no_findings),
        };
        let counts = count_by(findings, |finding| &finding.category);
        let by_category = Category::ALL
            .into_iter()
            .filter(|category| self.inputs.rules.rules.iter().any(|rule| rule.category == *category))
            .map(|category| group(category.as_str(), category.title(language), &counts))
            .collect();
        let counts = count_by(findings, |finding| &finding.account);
        let by_account = snapshot
            .accounts
            .iter()
            .map(|account| {
                let title = if account.name.is_empty() { &account.id } else { &account.name };
                group(&account.id, title, &counts)
            })
            // What is asked of workloads belongs to no account.
            .chain(
                counts.contains_key("").then(|| group("", &pick(language, "(ワークロード)", "(workloads)"), &counts)),
            )
            .collect();
        let counts = count_by(findings, |finding| &finding.workload);
        let by_workload = manifest
            .workloads
            .iter()
            .chain([&manifest.default_workload])
            .map(|workload| group(&workload.name, workload.title.get(language), &counts))
            .collect();
        let mut by_severity: BTreeMap<Severity, usize> =
            Severity::ALL.into_iter().map(|severity| (severity, 0)).collect();
        for finding in findings.iter().filter(|finding| finding.status == Status::Fail) {
            *by_severity.entry(finding.severity).or_default() += 1;
        }
        let resources = self
            .judged
            .iter()
            .filter(|ty| **ty != &WORKLOAD)
            .map(|ty| {
                let of_type = || self.resources.iter().filter(|resource| resource.ty == *ty);
                let unlisted = of_type().filter(|resource| &*resource.id == "*").count();
                TypeCount {
                    resource_type: ty.name.to_owned(),
                    title: pick_title(ty, language).to_owned(),
                    count: of_type().count() - unlisted,
                    unlisted,
                }
            })
            .collect();
        let gaps = coverage.iter().filter(|line| matches!(line.status.as_str(), "denied" | "error")).count();
        Summary {
            by_status: count(findings.iter()),
            by_severity,
            by_category,
            by_account,
            by_workload,
            resources,
            complete: gaps == 0 && snapshot.missing.is_empty() && !self.unread(),
            gaps,
        }
    }

    /// Whether resources that a verdict depends on could not be listed. What lies outside the scan by its nature, such as a
    /// bucket of another company, does not make a scan incomplete: its findings are unknown all the same.
    fn unread(&self) -> bool {
        self.resources.iter().any(|resource| {
            &*resource.id == "*"
                && !OPINIONS.contains(&resource.ty.service)
                && resource
                    .fields
                    .iter()
                    .filter_map(Value::as_unknown)
                    .any(|unknown| unknown.reason != UnknownReason::OutsideScan)
        })
    }

    fn workloads(&self, findings: &[Finding]) -> Vec<WorkloadReport> {
        let manifest = self.inputs.manifest;
        let counts = count_by(findings, |finding| &finding.workload);
        let iso = |value: &Value| value.as_duration().map(Seconds::iso8601);
        let mut reports: Vec<WorkloadReport> = manifest
            .workloads
            .iter()
            .chain([&manifest.default_workload])
            .map(|workload| {
                let text = |slot: usize| workload.resource.get(slot).as_str().unwrap_or_default().to_owned();
                let objectives = workload.objectives().as_record().unwrap_or_default();
                let failover = workload.resource.get(slot!(WORKLOAD, "failover")).as_record().unwrap_or_default();
                let scope = |slot: usize, of: usize| objectives[slot].as_record().and_then(|fields| iso(&fields[of]));
                WorkloadReport {
                    name: workload.name.to_string(),
                    title: workload.title.get(self.language).to_owned(),
                    tier: text(slot!(WORKLOAD, "tier")),
                    strategy: text(slot!(WORKLOAD, "strategy")),
                    primary_region: text(slot!(WORKLOAD, "primary_region")),
                    dr_region: text(slot!(WORKLOAD, "dr_region")),
                    slo: match &objectives[slot!(OBJECTIVES, "slo")] {
                        Value::Double(slo) => format!("{slo}%"),
                        _ => String::new(),
                    },
                    rlo: objectives[slot!(OBJECTIVES, "rlo")].as_str().unwrap_or_default().to_owned(),
                    retention: iso(&objectives[slot!(OBJECTIVES, "retention")]),
                    objectives: BY_SCOPE
                        .fields
                        .iter()
                        .enumerate()
                        .map(|(of, field)| ScopeObjective {
                            scope: field.name.to_owned(),
                            rpo: scope(slot!(OBJECTIVES, "rpo"), of),
                            rto: scope(slot!(OBJECTIVES, "rto"), of),
                        })
                        .collect(),
                    failover: FailoverReport {
                        build_after: iso(&failover[slot!(FAILOVER, "build_after")]),
                        switch_after: iso(&failover[slot!(FAILOVER, "switch_after")]),
                        confirm_with_support: failover[slot!(FAILOVER, "confirm_with_support")].as_bool(),
                    },
                    resources: 0,
                    by_status: counts.get(&*workload.name).cloned().unwrap_or_else(no_findings),
                    recovery: Vec::new(),
                }
            })
            .collect();
        for (place, resource) in self.resources.iter().enumerate().skip(self.workload_count) {
            if let Owner::Workload(owner) = &self.owners[place]
                && &*resource.id != "*"
                && self.judged.contains(&resource.ty)
                && let Some(report) = reports.get_mut(*owner as usize)
            {
                report.resources += 1;
            }
        }
        reports
    }

    /// DR-001 to DR-009 of the older FTR checklist, for each workload.
    fn ftr(&self, checklist: &[ChecklistItem], findings: &[Finding]) -> Vec<FtrItem> {
        let by_id: BTreeMap<&str, &Finding> = findings.iter().map(|finding| (finding.id.as_str(), finding)).collect();
        let mut items: Vec<FtrItem> = Vec::new();
        for item in checklist {
            let Some(rule) = self.inputs.rules.get(&item.rule) else { continue };
            for id in rule.maps.ftr.iter().filter(|id| id.starts_with("DR-")) {
                let finding = item.findings.first().and_then(|id| by_id.get(id.as_str()));
                let values = finding.map(|finding| {
                    finding
                        .evidence
                        .lines()
                        .map(|(name, value)| format!("{name}: {value}"))
                        .collect::<Vec<_>>()
                        .join("\n")
                });
                items.push(FtrItem {
                    id: id.clone(),
                    current: rule
                        .maps
                        .ftr
                        .iter()
                        .filter(|id| !id.starts_with("DR-"))
                        .cloned()
                        .collect::<Vec<_>>()
                        .join(", "),
                    rule: item.rule.clone(),
                    title: rule.title.get(self.language).to_owned(),
                    workload: item.workload.clone(),
                    status: item.verdict,
                    answer_status: item.answer_status,
                    response: if item.comment.is_empty() { values.unwrap_or_default() } else { item.comment.clone() },
                    notes: item.verdict_text.clone(),
                });
            }
        }
        items.sort_by(|a, b| (&a.id, &a.workload).cmp(&(&b.id, &b.workload)));
        items
    }

    fn trusted_advisor(&self, findings: &[Finding]) -> Vec<TrustedAdvisorResult> {
        let mut by_check: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
        for rule in &self.inputs.rules.rules {
            for check in &rule.maps.trusted_advisor {
                by_check.entry(check).or_default().push(rule);
            }
        }
        let text = |resource: &Resource, slot: usize| resource.get(slot).as_str().unwrap_or_default().to_owned();
        let mut results = Vec::new();
        for resource in self.resources.iter().filter(|resource| resource.ty == &TRUSTED_ADVISOR_CHECK) {
            let rules = by_check.get(&*resource.id).cloned().unwrap_or_default();
            let unlisted = &*resource.id == "*";
            if rules.is_empty() && !unlisted {
                continue;
            }
            let status = resource.get(slot!(TRUSTED_ADVISOR_CHECK, "status"));
            let note = match status {
                Value::Unknown(unknown) => wording::unknown(unknown, self.language),
                other if other.as_str() == Some("ok") => pick(
                    self.language,
                    "「ok」はデータなしの場合もあります。",
                    "\"ok\" can also mean that there was no data.",
                ),
                _ => String::new(),
            };
            let disagreements = findings
                .iter()
                .filter(|finding| finding.account == *resource.account)
                .filter(|finding| {
                    finding.second_opinions.iter().any(|opinion| {
                        opinion.source == "trusted_advisor"
                            && opinion.check == *resource.id
                            && opinion.agrees == Some(false)
                    })
                })
                .map(|finding| finding.id.clone())
                .collect();
            results.push(TrustedAdvisorResult {
                account: resource.account.to_string(),
                check: resource.id.to_string(),
                name: resource.name.to_string(),
                status: status.as_str().unwrap_or_default().to_owned(),
                processed: resource.get(slot!(TRUSTED_ADVISOR_CHECK, "resources_processed")).as_int(),
                flagged: resource.get(slot!(TRUSTED_ADVISOR_CHECK, "resources_flagged")).as_int(),
                refreshed: text(resource, slot!(TRUSTED_ADVISOR_CHECK, "timestamp")),
                rules: rules.iter().map(|rule| rule.id.to_string()).collect(),
                disagreements,
                note,
            });
        }
        results
    }

    fn waivers(&self, judged: &[(Verdict, Finding)]) -> Vec<WaiverReport> {
        let now = self.snapshot.index.taken_at;
        let waivers = self.inputs.waivers;
        let mut covered = vec![0_usize; waivers.waivers.len()];
        for (verdict, finding) in judged {
            if matches!(finding.status, Status::Fail | Status::Manual | Status::Waived) {
                let resource = &self.resources[verdict.resource as usize];
                for waiver in waivers.covering(&finding.rule, resource, &finding.workload) {
                    covered[waiver] += 1;
                }
            }
        }
        waivers
            .waivers
            .iter()
            .zip(covered)
            .map(|(waiver, findings)| WaiverReport {
                rule: waiver.rule.clone(),
                scope: waiver.scope.describe(),
                reason: waiver.reason.clone(),
                owner: waiver.owner.clone(),
                approver: waiver.approver.clone(),
                expires: waiver.expires.clone(),
                state: match waiver.term(now) {
                    Term::Expired => "expired",
                    _ if findings == 0 => "unused",
                    Term::ExpiresSoon => "expires_soon",
                    Term::Active => "active",
                }
                .to_owned(),
                findings,
            })
            .collect()
    }

    fn coverage(&self) -> Vec<CoverageLine> {
        let mut lines: Vec<CoverageLine> = self
            .snapshot
            .partitions
            .iter()
            .flat_map(|partition| {
                partition.coverage.iter().map(|coverage| CoverageLine {
                    account: partition.key.account.to_string(),
                    region: partition.key.region.to_string(),
                    operation: coverage.operation.clone(),
                    calls: coverage.calls,
                    throttles: coverage.throttles,
                    status: coverage.status.as_str().to_owned(),
                    error: coverage.error.clone(),
                })
            })
            .collect();
        // What could not be read comes first.
        let order = |line: &CoverageLine| {
            [CallStatus::Error, CallStatus::Denied, CallStatus::Skipped, CallStatus::Ok]
                .iter()
                .position(|status| status.as_str() == line.status)
        };
        lines.sort_by(|a, b| {
            (order(a), &a.account, &a.region, &a.operation).cmp(&(order(b), &b.account, &b.region, &b.operation))
        });
        lines
    }

    fn snapshot_info(&self) -> SnapshotInfo {
        let snapshot = self.snapshot;
        SnapshotInfo {
            taken_at: snapshot.index.taken_at,
            digest: snapshot.digest(),
            accounts: snapshot
                .index
                .accounts
                .iter()
                .map(|account| AccountInfo { id: account.id.clone(), name: account.name.clone() })
                .collect(),
            regions: snapshot.index.regions.clone(),
            missing: snapshot
                .index
                .partitions
                .iter()
                .filter(|planned| planned.sha256.is_none())
                .map(|planned| planned.key.to_string())
                .collect(),
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

/// All statuses, each zero.
fn no_findings() -> Counts {
    Status::ALL.into_iter().map(|status| (status, 0)).collect()
}

/// All statuses with their numbers, by some key of the findings.
fn count_by<'a>(findings: &'a [Finding], key: impl Fn(&'a Finding) -> &'a str) -> BTreeMap<&'a str, Counts> {
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    for finding in findings {
        *counts.entry(key(finding)).or_insert_with(no_findings).entry(finding.status).or_default() += 1;
    }
    counts
}

/// All statuses with their numbers.
fn count<'a>(findings: impl Iterator<Item = &'a Finding>) -> Counts {
    let mut counts = no_findings();
    for finding in findings {
        *counts.entry(finding.status).or_default() += 1;
    }
    counts
}

/// Stable across runs: a digest of the rule and the resource's identity.
fn finding_id(rule: &Rule, resource: &Resource) -> String {
    let identity = [&*rule.id, &*resource.account, &*resource.region, resource.ty.name, &*resource.id].join("\n");
    Sha256::digest(identity.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A value of the evidence as JSON. Its type tells the names of records.
fn evidence_json(value: &Value, ty: &Ty) -> serde_json::Value {
    match (value, ty) {
        (Value::List(items), Ty::List(Some(item))) => items.iter().map(|value| evidence_json(value, item)).collect(),
        (_, Ty::Record(record)) => to_json(value, Type::Record(record)),
        _ => to_json(value, Type::Str),
    }
}
