//! The numbers: what came out, and what could not be read.

use super::{Builder, OPINIONS, pick_title};
use crate::assess::model::{
    AccountInfo, Counts, CoverageLine, Finding, Group, Severity, SnapshotInfo, Status, Summary, TypeCount,
};
use crate::assess::wording::pick;
use crate::model::types::workload::WORKLOAD;
use crate::model::{UnknownReason, Value};
use crate::rules::Category;
use crate::snapshot::CallStatus;
use std::collections::BTreeMap;

impl Builder<'_> {
    pub(super) fn summary(
        &self,
        findings: &[Finding],
        coverage: &[CoverageLine],
        snapshot: &SnapshotInfo,
        all_read: bool,
    ) -> Summary {
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
            .filter(|ty| ty.service != WORKLOAD.service)
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
            complete: gaps == 0 && snapshot.missing.is_empty() && all_read,
            gaps,
        }
    }

    /// Whether resources that a verdict depends on could not be listed. What lies outside the scan by its nature, such as a
    /// bucket of another company, does not make a scan incomplete: its findings are unknown all the same.
    pub(super) fn unlisted(&self) -> bool {
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

    pub(super) fn coverage(&self) -> Vec<CoverageLine> {
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

    pub(super) fn snapshot_info(&self) -> SnapshotInfo {
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
}

/// All statuses, each zero.
pub(super) fn no_findings() -> Counts {
    Status::ALL.into_iter().map(|status| (status, 0)).collect()
}

/// All statuses with their numbers, by some key of the findings.
pub(super) fn count_by<'a>(findings: &'a [Finding], key: impl Fn(&'a Finding) -> &'a str) -> BTreeMap<&'a str, Counts> {
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    for finding in findings {
        *counts.entry(key(finding)).or_insert_with(no_findings).entry(finding.status).or_default() += 1;
    }
    counts
}

/// All statuses with their numbers.
pub(super) fn count<'a>(findings: impl Iterator<Item = &'a Finding>) -> Counts {
    let mut counts = no_findings();
    for finding in findings {
        *counts.entry(finding.status).or_default() += 1;
    }
    counts
}
