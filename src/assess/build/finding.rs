//! Findings: one verdict with its reason, evidence and waiver.

use super::Builder;
use crate::assess::model::{Clause, Evidence, Finding, Severity, Status, WaiverReference};
use crate::assess::served;
use crate::assess::waivers::Term;
use crate::assess::wording;
use crate::assess::wording::show;
use crate::judge::evaluate::{Surroundings, value};
use crate::judge::{Judgement, Verdict, judge_one};
use crate::model::json::to_json;
use crate::model::schema::Type;
use crate::model::types::workload::WORKLOAD;
use crate::model::{Resource, UnknownReason, Value};
use crate::rules::Rule;
use crate::rules::expression::Ty;
use crate::slot;
use sha2::{Digest, Sha256};

impl Builder<'_> {
    /// The finding, and whether its verdict is open because something was not read. What lies outside the scan by its
    /// nature, such as a bucket of another company, or is absent, could not have been read.
    pub(super) fn finding(&self, verdict: Verdict) -> (Finding, bool) {
        let place = verdict.resource as usize;
        let resource = &self.resources[place];
        let rule = &self.inputs.rules.rules[verdict.rule as usize];
        let now = self.snapshot.index.taken_at;
        let workload = &self.surroundings[place];
        let answer = self.inputs.answers.answer(&rule.id, self.workload_name(place));
        let (judgement, evidence, said) = match rule.target(resource.ty) {
            Some(target) => {
                let facts = answer.map_or(&[][..], |answer| &answer.fields);
                let surroundings = Surroundings { resource, workload, answer: facts, now };
                let evidence = target
                    .evidence
                    .iter()
                    .map(|(name, expression)| (name.clone(), value(expression, &surroundings), expression.ty.clone()))
                    .collect();
                let judgement = judge_one(rule, target, resource, workload, answer, now);
                let said = wording::sentence(&target.says, &judgement, &surroundings);
                (judgement, evidence, said)
            }
            None => {
                let status = verdict.status;
                let nothing =
                    Judgement { status, decisions: Vec::new(), unknown: None, open: None, contradicted: false };
                (nothing, Vec::new(), None)
            }
        };
        let workload_name = self.workload_name(place);
        let (mut waiver, mut expired) = (None, None);
        if matches!(judgement.status, Status::Fail | Status::Manual) {
            let waivers = self.inputs.waivers;
            for covering in waivers.covering(&rule.id, resource, workload_name) {
                let first = if covering.term(now) == Term::Expired { &mut expired } else { &mut waiver };
                first.get_or_insert(covering);
            }
        }
        let named: Vec<(String, Value)> =
            evidence.iter().map(|(name, value, _)| (name.clone(), value.clone())).collect();
        let unread = judgement.unknown.as_deref().is_some_and(|unknown| {
            !matches!(
                unknown.reason,
                UnknownReason::OutsideScan
                    | UnknownReason::Absent
                    | UnknownReason::Mismatch
                    | UnknownReason::NotInPlan
                    | UnknownReason::NotVisible
                    | UnknownReason::NotDocumented
            )
        });
        let mut reason = wording::reason(rule, said, &judgement, &named, self.language);
        if let (None, Some(expired)) = (waiver, expired) {
            reason.push_str(&wording::expired(&expired.expires, self.language));
        }
        let finding = Finding {
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
            reason,
            serves: served::served(&self.serves[verdict.rule as usize], resource, workload, self.language),
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
            baseline: None,
        };
        (finding, unread)
    }

    /// The rule's severity is for a critical workload; one that is declared to matter less lowers it by a step.
    pub(super) fn severity(rule: &Rule, workload: &Value) -> Severity {
        let tier = workload.as_record().and_then(|fields| fields[slot!(WORKLOAD, "tier")].as_str());
        match tier {
            None | Some("critical") => rule.severity,
            Some(_) => rule.severity.lowered(),
        }
    }
}

/// Stable across runs: a digest of the rule and the resource's identity.
pub(super) fn finding_id(rule: &Rule, resource: &Resource) -> String {
    let identity = [&*rule.id, &*resource.account, &*resource.region, resource.ty.name, &*resource.id].join("\n");
    Sha256::digest(identity.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A value of the evidence as JSON. Its type tells the names of records.
pub(super) fn evidence_json(value: &Value, ty: &Ty) -> serde_json::Value {
    match (value, ty) {
        (Value::List(items), Ty::List(Some(item))) => items.iter().map(|value| evidence_json(value, item)).collect(),
        (_, Ty::Record(record)) => to_json(value, Type::Record(record)),
        _ => to_json(value, Type::Str),
    }
}
