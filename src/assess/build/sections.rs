//! Workloads, Trusted Advisor and waivers.

use super::Builder;
use super::summary::{count_by, no_findings};
use crate::assess::model::{
    FailoverReport, Finding, ScopeObjective, Status, StoreReport, TrustedAdvisorResult, WaiverReport, WorkloadReport,
};
use crate::assess::recovery;
use crate::assess::waivers::{Term, Waiver};
use crate::assess::wording;
use crate::assess::wording::pick;
use crate::judge::{Owner, Verdict};
use crate::model::types::support::TRUSTED_ADVISOR_CHECK;
use crate::model::types::workload::{BY_SCOPE, FAILOVER, OBJECTIVES, WORKLOAD};
use crate::model::{Language, Resource, Seconds, Value};
use crate::rules::Rule;
use crate::slot;
use std::collections::BTreeMap;

impl Builder<'_> {
    pub(super) fn workloads(&self, findings: &[Finding], stores: &[StoreReport]) -> Vec<WorkloadReport> {
        let manifest = self.inputs.manifest;
        let counts = count_by(findings, |finding| &finding.workload);
        let iso = |value: &Value| value.as_duration().map(Seconds::iso8601);
        let mut reports: Vec<WorkloadReport> = manifest
            .workloads
            .iter()
            .chain([&manifest.default_workload])
            .enumerate()
            .map(|(place, workload)| {
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
                    architecture: String::new(),
                    recovery: if stores.is_empty() {
                        Vec::new()
                    } else {
                        let own: Vec<&StoreReport> =
                            stores.iter().filter(|store| *store.workload == *workload.name).collect();
                        let now = self.snapshot.index.taken_at;
                        let drill = recovery::Drill::of(self.inputs.rules, self.inputs.answers, &workload.name, now);
                        let open = self.open.get(place).and_then(Option::as_ref);
                        recovery::lines(&own, open, workload, drill.as_ref(), self.language)
                    },
                }
            })
            .collect();
        for (report, workload) in reports.iter_mut().zip(&self.resources[..self.workload_count]) {
            let architecture = workload.get(slot!(WORKLOAD, "architecture"));
            architecture.as_str().unwrap_or_default().clone_into(&mut report.architecture);
        }
        for (place, resource) in self.resources.iter().enumerate().skip(self.workload_count) {
            if let Owner::Workload(owner) = &self.owners[place]
                && &*resource.id != "*"
                && resource.ty.service != WORKLOAD.service
                && self.judged.contains(&resource.ty)
                && let Some(report) = reports.get_mut(*owner as usize)
            {
                report.resources += 1;
            }
        }
        reports
    }

    pub(super) fn trusted_advisor(&self, findings: &[Finding]) -> Vec<TrustedAdvisorResult> {
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

    pub(super) fn waivers(&self, judged: &[(Verdict, Finding)]) -> Vec<WaiverReport> {
        let now = self.snapshot.index.taken_at;
        let waivers = &self.inputs.waivers.waivers;
        let mut met = vec![Met::default(); waivers.len()];
        for (verdict, finding) in judged {
            let resource = &self.resources[verdict.resource as usize];
            for (waiver, holds) in self.inputs.waivers.about(&finding.rule, resource, &finding.workload) {
                let met = &mut met[waiver];
                match finding.status {
                    _ if holds.is_none() => met.open += 1,
                    Status::Fail | Status::Manual | Status::Waived => met.failures += 1,
                    Status::Unknown => met.open += 1,
                    Status::Pass | Status::NotApplicable => met.others += 1,
                }
            }
        }
        waivers
            .iter()
            .zip(met)
            .map(|(waiver, met)| WaiverReport {
                rule: waiver.rule.clone(),
                scope: waiver.scope.describe(),
                covers: waiver.scope.clone(),
                reason: waiver.reason.clone(),
                owner: waiver.owner.clone(),
                approver: waiver.approver.clone(),
                expires: waiver.expires.clone(),
                state: self.waiver_state(waiver, waiver.term(now), &met).to_owned(),
                findings: met.failures,
            })
            .collect()
    }

    fn waiver_state(&self, waiver: &Waiver, term: Term, met: &Met) -> &'static str {
        // What was not judged this time says nothing about the waiver.
        let judged = !waiver.known || self.inputs.rules.get(&waiver.rule).is_some();
        match (term, met) {
            (Term::Expired, _) => "expired",
            (_, Met { failures: 0, open: 0, others: 0 }) if judged => "unused",
            (_, Met { failures: 0, open: 0, .. }) if judged => "not_needed",
            (Term::ExpiresSoon, _) => "expires_soon",
            (Term::Active, _) => "active",
        }
    }

    /// What there is to do about waivers, one sentence for each state.
    pub(super) fn waiver_notes(&self, waivers: &[WaiverReport]) -> Vec<String> {
        let states: [(&str, &str, &str); 4] = [
            (
                "expired",
                "期限が切れた適用除外が{n}件あり、指摘は不適合に戻っています: {list}",
                "Expired waivers; what they covered fails again ({n}): {list}",
            ),
            (
                "expires_soon",
                "30日以内に期限が切れる適用除外が{n}件あります: {list}",
                "Waivers that expire within 30 days ({n}): {list}",
            ),
            (
                "unused",
                "どのリソースにも一致しない適用除外が{n}件あります。ルールと範囲を確認してください: {list}",
                "Waivers that match nothing; check their rule and scope ({n}): {list}",
            ),
            (
                "not_needed",
                "不適合がなくなった適用除外が{n}件あります。削除できます: {list}",
                "Waivers that match only what no longer fails, and can go ({n}): {list}",
            ),
        ];
        let mut notes = Vec::new();
        for (state, ja, en) in states {
            let of_state: Vec<&WaiverReport> = waivers.iter().filter(|waiver| waiver.state == state).collect();
            if of_state.is_empty() {
                continue;
            }
            let mut list: Vec<String> = of_state
                .iter()
                .take(NAMED)
                .map(|waiver| format!("{} ({}, {})", waiver.rule, waiver.scope, waiver.expires))
                .collect();
            if of_state.len() > NAMED {
                list.push("…".to_owned());
            }
            let text = pick(self.language, ja, en).replace("{n}", &of_state.len().to_string());
            // Last, since a scope may hold braces.
            notes.push(text.replace("{list}", &list.join(pick_between(self.language))));
        }
        notes
    }
}

/// How many waivers a note names.
const NAMED: usize = 5;

fn pick_between(language: Language) -> &'static str {
    match language {
        Language::Ja => "、",
        Language::En => ", ",
    }
}

/// What lies in the scope of a waiver: how many findings of its rule.
#[derive(Debug, Clone, Copy, Default)]
struct Met {
    /// Those that it covers, or would cover had it not expired.
    failures: usize,
    /// Those whose verdict, or whether they lie in the scope, is unknown: a waiver covers none of them.
    open: usize,
    /// Those that do not fail.
    others: usize,
}
