//! The report model: all that any report shows, in one language, in the order in which it is shown.
//!
//! `report.json` is this model as JSON (schema `sonae.report/1`); every other format lays out the same values.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use super::waivers::Scope;
pub use crate::model::verdict::{AnswerStatus, Severity, Status};
use crate::model::{Language, Seconds};

/// Everything that a report shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Always `sonae.report/1`.
    pub schema: String,
    /// The time of the snapshot: reports know no clock.
    pub generated_at: Timestamp,
    /// The version of the program.
    pub sonae: String,
    /// The language of all texts.
    pub language: Language,
    /// The organisation's name, from the manifest.
    pub organization: String,
    /// What was read.
    pub snapshot: SnapshotInfo,
    /// The numbers.
    pub summary: Summary,
    /// One item for each rule, in the order of the development checklist.
    pub checklist: Vec<ChecklistItem>,
    /// One finding for each rule and resource: what passed is listed too. Ordered by severity of status, then severity.
    pub findings: Vec<Finding>,
    /// The workloads with their objectives.
    pub workloads: Vec<WorkloadReport>,
    /// The stateful resources with what brings them back, by workload. Empty when no rule on recovery was selected.
    #[serde(default)]
    pub stores: Vec<StoreReport>,
    /// The FTR items used as a benchmark: DR-001 to DR-009, then those of the current checklist.
    pub ftr: Vec<FtrItem>,
    /// Trusted Advisor's own results.
    pub trusted_advisor: Vec<TrustedAdvisorResult>,
    /// The waivers with what they cover.
    pub waivers: Vec<WaiverReport>,
    /// Who was asked what, and what answered.
    pub coverage: Vec<CoverageLine>,
    /// The rules that were judged, by id.
    pub rules: BTreeMap<String, RuleInfo>,
    /// What is odd about the inputs, such as an answer that names no rule: one sentence each.
    pub notes: Vec<String>,
    /// The last quarters and this one, the oldest first; empty when the manifest names no history.
    #[serde(default)]
    pub trend: Vec<TrendPoint>,
    /// What this report is compared with; none without a baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineInfo>,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotInfo {
    /// When the scan started.
    pub taken_at: Timestamp,
    /// SHA-256 over the digests of all partitions.
    pub digest: String,
    /// The accounts.
    pub accounts: Vec<AccountInfo>,
    /// The Regions.
    pub regions: Vec<String>,
    /// Partitions that were planned but are missing, as account/Region/service.
    pub missing: Vec<String>,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountInfo {
    /// Twelve digits.
    pub id: String,
    /// Its name; empty when it is not known.
    pub name: String,
}

/// How many findings have each status. All statuses are present.
pub type Counts = BTreeMap<Status, usize>;

/// The numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Findings by status.
    pub by_status: Counts,
    /// Failed findings by severity. All severities are present.
    pub by_severity: BTreeMap<Severity, usize>,
    /// Findings by category, in the order of the checklist.
    pub by_category: Vec<Group>,
    /// Findings by account; what belongs to no account is under an empty key.
    pub by_account: Vec<Group>,
    /// Findings by workload.
    pub by_workload: Vec<Group>,
    /// How many resources of each judged type there are. Zero means: none of this type, not "compliant".
    pub resources: Vec<TypeCount>,
    /// Whether everything that had to be read was read.
    pub complete: bool,
    /// How many lines of the coverage ledger are denied or ended in an error.
    pub gaps: usize,
}

/// Findings of one category, account or workload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The key: category, account id or workload name.
    pub key: String,
    /// What people call it.
    pub title: String,
    /// Findings by status.
    pub by_status: Counts,
}

/// How many resources of a type there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeCount {
    /// The CloudFormation type.
    pub resource_type: String,
    /// What people call it.
    pub title: String,
    /// How many were listed.
    pub count: usize,
    /// In how many accounts and Regions they could not be listed.
    pub unlisted: usize,
}

/// A line of the development checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistItem {
    /// The running number, from one.
    pub no: usize,
    /// The rule.
    pub rule: String,
    /// The workload that the line is about; one line a workload for questions and objectives, else empty.
    pub workload: String,
    /// The category's key.
    pub category: String,
    /// The category's title.
    pub category_title: String,
    /// The item: the rule's title, or the question.
    pub item: String,
    /// The supplement: why it matters.
    pub supplement: String,
    /// The worst severity among the findings.
    pub severity: Severity,
    /// The worst status among the findings; not applicable when there are none.
    pub verdict: Status,
    /// One sentence on the verdict, such as "3 of 12 resources fail" or the question's state.
    pub verdict_text: String,
    /// Findings by status.
    pub counts: Counts,
    /// Whether this is a question for people.
    pub question: bool,
    /// How far people are, from the answers file; for what Sonae sees itself: done when nothing fails or is unknown.
    pub answer_status: AnswerStatus,
    /// The same as the answers file has it; none when it has no entry for the line.
    #[serde(default)]
    pub recorded_status: Option<AnswerStatus>,
    /// Who is responsible.
    pub owner: String,
    /// When it is due, as YYYY-MM-DD; empty for never.
    pub due: String,
    /// When the answer to a question is to be given again, as YYYY-MM-DD; empty where there is none that counts.
    #[serde(default)]
    pub review: String,
    /// The answer in words.
    #[serde(default)]
    pub answer: String,
    /// What people noted.
    pub comment: String,
    /// Links or files that prove the answer.
    pub evidence: Vec<String>,
    /// Who answered.
    #[serde(default)]
    pub answered_by: String,
    /// When, as YYYY-MM-DD; empty when nobody has.
    #[serde(default)]
    pub answered_at: String,
    /// When the answer is to be looked at again, as YYYY-MM-DD; empty when nothing says so.
    #[serde(default)]
    pub next_review: String,
    /// The facts that the question asks for, in its order.
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// The ids of the findings behind the line.
    pub findings: Vec<String>,
}

impl ChecklistItem {
    /// The answer in words and what people noted, one below the other.
    pub fn remarks(&self) -> String {
        let texts = [self.answer.trim(), self.comment.trim()];
        texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

/// A fact that a question asks for besides an answer in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Its name in the answers file.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What is expected: `bool`, `int`, `string`, `duration`, `timestamp` or `strings`.
    pub form: String,
    /// What the answers file says; null for nothing.
    pub value: serde_json::Value,
}

/// The verdict on one resource by one rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The same in every run for the same rule and resource.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// The verdict.
    pub status: Status,
    /// The rule's severity, lowered by a step for a workload that is not critical.
    pub severity: Severity,
    /// The category's key.
    pub category: String,
    /// The account; empty for a workload.
    pub account: String,
    /// The Region; empty for a workload.
    pub region: String,
    /// The CloudFormation type.
    pub resource_type: String,
    /// The resource's id; `*` when the resources of the type could not be listed.
    pub resource: String,
    /// What people call it.
    pub name: String,
    /// The ARN; empty where AWS has none.
    pub arn: String,
    /// The workload that owns it; `default` when none claims it, empty when that could not be found out.
    pub workload: String,
    /// One or two sentences: why this verdict.
    pub reason: String,
    /// The objectives of the workload that the rule serves. Empty for what does not depend on any.
    #[serde(default)]
    pub serves: Vec<Served>,
    /// The values that prove it.
    pub evidence: Evidence,
    /// The parts of the rule that decided it, with the values that they saw. Empty for what passed.
    pub decided_by: Vec<Clause>,
    /// What Trusted Advisor and AWS Config say of the same resource.
    pub second_opinions: Vec<SecondOpinion>,
    /// The waiver that accepts it.
    pub waiver: Option<WaiverReference>,
    /// What became of it since the baseline; none without a baseline and for what is settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Since>,
}

/// An objective that a finding serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    /// Its path in the manifest: `rpo.data`.
    pub objective: String,
    /// What people call it.
    pub title: String,
    /// What the workload declares, as people write it; none when it declares nothing.
    pub value: Option<String>,
}

/// Named values: an object in JSON, in the order of the rule.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Evidence(pub serde_json::Map<String, serde_json::Value>);

impl Evidence {
    /// The values as people read them: `versioning: Suspended`.
    pub fn lines(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.0.iter().map(|(name, value)| (name.clone(), display(value)))
    }
}

/// A JSON value in one line for people.
pub fn display(value: &serde_json::Value) -> String {
    use serde_json::Value as Json;
    match value {
        Json::Null => "–".to_owned(),
        Json::String(text) => duration(text).unwrap_or_else(|| text.clone()),
        Json::Array(items) if items.is_empty() => "[]".to_owned(),
        Json::Array(items) => items.iter().map(display).collect::<Vec<_>>().join("; "),
        Json::Object(entries) => match entries.get("$unknown") {
            Some(unknown) => format!(
                "? ({})",
                ["reason", "operation", "detail"]
                    .iter()
                    .filter_map(|key| unknown.get(key)?.as_str())
                    .collect::<Vec<_>>()
                    .join(": ")
            ),
            None => entries
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| format!("{name}={}", display(value)))
                .collect::<Vec<_>>()
                .join(", "),
        },
        other => other.to_string(),
    }
}

/// `PT24H` -> `24h`.
fn duration(text: &str) -> Option<String> {
    text.starts_with('P').then(|| Seconds::parse(text).ok()).flatten().map(|seconds| seconds.to_string())
}

/// A part of a rule that decided a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// The expression, as the rule has it.
    pub expression: String,
    /// The values that it saw: path and value as people read it.
    pub values: Vec<(String, String)>,
}

/// What another tool of AWS says of the same resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondOpinion {
    /// `trusted_advisor` or `config`.
    pub source: String,
    /// The check's id or the Config rule's name.
    pub check: String,
    /// Its word: `ok`, `warning`, `error` or `COMPLIANT`, `NON_COMPLIANT` and the like.
    pub status: String,
    /// Whether it agrees with our verdict; none when one of the two gives no verdict.
    pub agrees: Option<bool>,
}

/// The waiver of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaiverReference {
    /// Why the failure is accepted.
    pub reason: String,
    /// Who asked for it.
    pub owner: String,
    /// Who accepted it.
    pub approver: String,
    /// Until when, as YYYY-MM-DD.
    pub expires: String,
}

/// A workload with its objectives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkloadReport {
    /// The short name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// `critical` and the like; empty when not declared.
    pub tier: String,
    /// The declared strategy; empty when not declared.
    pub strategy: String,
    /// The primary Region; empty when not declared.
    pub primary_region: String,
    /// The DR Region; empty when there is none.
    pub dr_region: String,
    /// `99.9%`; empty when not declared.
    pub slo: String,
    /// In words; empty when not declared.
    pub rlo: String,
    /// ISO 8601; none when not declared.
    pub retention: Option<String>,
    /// Objectives by scope.
    pub objectives: Vec<ScopeObjective>,
    /// Failover conditions.
    pub failover: FailoverReport,
    /// How many resources it owns.
    pub resources: usize,
    /// Findings by status.
    pub by_status: Counts,
    /// A fingerprint of its data stores, sixteen hexadecimal digits, for answers that speak of them; empty when not all
    /// of them are known.
    pub architecture: String,
    /// Objective against estimate by scope. Empty when no rule on recovery was selected.
    pub recovery: Vec<RecoveryLine>,
}

/// Objectives for one scope of disruption.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeObjective {
    /// `data`, `infrastructure`, `az` or `region`.
    pub scope: String,
    /// ISO 8601; none when not declared.
    pub rpo: Option<String>,
    /// ISO 8601; none when not declared.
    pub rto: Option<String>,
}

/// Failover conditions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailoverReport {
    /// ISO 8601; none when not declared.
    pub build_after: Option<String>,
    /// ISO 8601; none when not declared.
    pub switch_after: Option<String>,
    /// None when not declared.
    pub confirm_with_support: Option<bool>,
}

/// Objective against estimate for one scope: the workload's worst stores, named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryLine {
    /// `data`, `infrastructure`, `az` or `region`.
    pub scope: String,
    /// ISO 8601; none when not declared.
    pub rpo_objective: Option<String>,
    /// ISO 8601; none when it is unknown, or nothing brings the limiting store back.
    pub rpo_estimate: Option<String>,
    /// Objective against estimate: pass, fail, unknown, or not applicable without an objective or a store.
    pub rpo_status: Status,
    /// The ARN, else the id, of the store that limits the RPO; empty without a store.
    pub limiting_resource: String,
    /// What would bring that store back, as people call it; empty when nothing would.
    pub mechanism: String,
    /// `configured`, `observed` or `measured`; empty without a figure.
    pub basis: String,
    /// Why it is that RPO, in a sentence.
    pub why: String,
    /// The AWS page or the report that the figure comes from; empty without one.
    pub source: String,
    /// ISO 8601; none when not declared.
    pub rto_objective: Option<String>,
    /// ISO 8601; none when it is unknown, or nothing brings the limiting store back.
    pub rto_estimate: Option<String>,
    /// As for the RPO.
    pub rto_status: Status,
    /// The store that limits the RTO.
    pub rto_limiting_resource: String,
    /// What would bring that store back.
    pub rto_mechanism: String,
    /// `configured`, `observed` or `measured`; empty without a figure.
    pub rto_basis: String,
    /// Why it is that RTO, in a sentence.
    pub rto_why: String,
    /// The AWS page or the report that the figure comes from; empty without one.
    pub rto_source: String,
    /// How many stores of the workload were estimated.
    pub stores: usize,
    /// How many of them miss the RPO.
    pub rpo_missed: usize,
    /// How many of them miss the RTO.
    pub rto_missed: usize,
}

/// The RPO or the RTO of a [`RecoveryLine`].
#[derive(Debug, Clone, Copy)]
pub struct Goal<'a> {
    /// `RPO` or `RTO`.
    pub name: &'static str,
    /// ISO 8601; none when not declared.
    pub objective: Option<&'a str>,
    /// ISO 8601; none when it is unknown, or nothing brings the limiting store back.
    pub estimate: Option<&'a str>,
    /// Objective against estimate.
    pub status: Status,
    /// How many stores miss the objective.
    pub missed: usize,
    /// The store that limits the workload.
    pub store: &'a str,
    /// What would bring that store back.
    pub mechanism: &'a str,
    /// `configured`, `observed` or `measured`; empty without a figure.
    pub basis: &'a str,
    /// Why, in a sentence.
    pub why: &'a str,
    /// Where the figure comes from.
    pub source: &'a str,
}

impl RecoveryLine {
    /// The RPO and the RTO.
    pub fn goals(&self) -> [Goal<'_>; 2] {
        [
            Goal {
                name: "RPO",
                objective: self.rpo_objective.as_deref(),
                estimate: self.rpo_estimate.as_deref(),
                status: self.rpo_status,
                missed: self.rpo_missed,
                store: &self.limiting_resource,
                mechanism: &self.mechanism,
                basis: &self.basis,
                why: &self.why,
                source: &self.source,
            },
            Goal {
                name: "RTO",
                objective: self.rto_objective.as_deref(),
                estimate: self.rto_estimate.as_deref(),
                status: self.rto_status,
                missed: self.rto_missed,
                store: &self.rto_limiting_resource,
                mechanism: &self.rto_mechanism,
                basis: &self.rto_basis,
                why: &self.rto_why,
                source: &self.rto_source,
            },
        ]
    }
}

/// A stateful resource with what brings it back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoreReport {
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// The CloudFormation type.
    pub resource_type: String,
    /// What people call the type.
    pub type_title: String,
    /// The resource's id.
    pub resource: String,
    /// What people call it.
    pub name: String,
    /// The ARN; empty where AWS has none.
    pub arn: String,
    /// The workload that owns it; empty when that could not be found out.
    pub workload: String,
    /// `managed`, `automatic` or `needs_hands`; empty when that could not be told.
    pub responsibility: String,
    /// Why, in a sentence.
    pub responsibility_reason: String,
    /// The fields of the resource as they were read, without tags: name and value.
    pub settings: Evidence,
    /// What recovery can reach, one entry for each scope.
    pub scopes: Vec<StoreScope>,
}

/// What recovery of a store can reach for one scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreScope {
    /// `data`, `infrastructure`, `az` or `region`.
    pub scope: String,
    /// ISO 8601; none when not declared, or when the loss does not concern the store.
    pub rpo_objective: Option<String>,
    /// ISO 8601; none when not declared, or when the loss does not concern the store.
    pub rto_objective: Option<String>,
    /// Whether the RPO is met.
    pub rpo_status: Status,
    /// Whether the RTO is met.
    pub rto_status: Status,
    /// What is in place, the best first. Empty: nothing brings the store back.
    pub ways: Vec<Way>,
    /// Why there may be a better way that could not be seen; empty when all was read.
    pub open: String,
}

/// A mechanism that is in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// Its id.
    pub mechanism: String,
    /// Its kind, such as `pitr`.
    pub kind: String,
    /// What people call it.
    pub title: String,
    /// How much data it may lose.
    pub rpo: WayFigure,
    /// How long it takes.
    pub rto: WayFigure,
}

/// A figure of a mechanism.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayFigure {
    /// ISO 8601; none when it is unknown.
    pub figure: Option<String>,
    /// `configured`, `observed` or `measured`; empty without a figure.
    pub basis: String,
    /// Why, in a sentence.
    pub why: String,
    /// The AWS page or the report that the figure comes from; empty without one.
    pub source: String,
}

/// An FTR item used as a benchmark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FtrItem {
    /// `DR-001`, or `RES-001` for an item of the current checklist.
    pub id: String,
    /// The item of the February 2026 checklist that corresponds, such as `RES-001`.
    pub current: String,
    /// The rule; empty where several rules make up the item.
    pub rule: String,
    /// The requirement.
    pub title: String,
    /// The workload.
    pub workload: String,
    /// The verdict.
    pub status: Status,
    /// How far people are.
    pub answer_status: AnswerStatus,
    /// The partner response: the value or answer to enter in the checklist.
    pub response: String,
    /// Notes.
    pub notes: String,
}

/// A Trusted Advisor check that a judged rule maps to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedAdvisorResult {
    /// The account.
    pub account: String,
    /// The check's id.
    pub check: String,
    /// The check's name.
    pub name: String,
    /// `ok`, `warning`, `error`, `not_available`, or empty when it could not be read.
    pub status: String,
    /// Resources that it looked at; none when it could not be read.
    pub processed: Option<i64>,
    /// Resources that it flagged; none when it could not be read.
    pub flagged: Option<i64>,
    /// When the check was last refreshed.
    pub refreshed: String,
    /// The rules that map to it.
    pub rules: Vec<String>,
    /// Findings that say otherwise than Trusted Advisor, by id.
    pub disagreements: Vec<String>,
    /// Why it could not be read, or that "ok" may mean "no data"; empty otherwise.
    pub note: String,
}

/// A waiver with what it covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaiverReport {
    /// The rule.
    pub rule: String,
    /// The scope in words.
    pub scope: String,
    /// The scope as the waivers file has it.
    #[serde(default)]
    pub covers: Scope,
    /// Why the failure is accepted.
    pub reason: String,
    /// Who asked for it.
    pub owner: String,
    /// Who accepted it.
    pub approver: String,
    /// Until when, as YYYY-MM-DD.
    pub expires: String,
    /// `active`, `expires_soon`, `expired`, `unused` (it matches nothing) or `not_needed` (what it matches does not fail).
    pub state: String,
    /// How many findings it covers, or would cover had it not expired.
    pub findings: usize,
}

/// A line of the coverage ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageLine {
    /// The account.
    pub account: String,
    /// The Region, or `global`.
    pub region: String,
    /// The operation, such as `s3:GetBucketVersioning`.
    pub operation: String,
    /// How many calls were made.
    pub calls: u64,
    /// How many attempts were throttled.
    pub throttles: u64,
    /// `ok`, `denied`, `error` or `skipped`.
    pub status: String,
    /// What AWS or the network said.
    pub error: Option<String>,
}

/// What reports say of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleInfo {
    /// The category's key.
    pub category: String,
    /// The rule's own severity.
    pub severity: Severity,
    /// The title.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// How to mend it.
    pub remediation: String,
    /// An AWS CLI command; empty for none.
    pub cli: String,
    /// Terraform; empty for none.
    pub terraform: String,
    /// CloudFormation; empty for none.
    pub cloudformation: String,
    /// What mending costs: downtime, money, how to test; by name, in the language of the report.
    pub impact: Vec<(String, String)>,
    /// Ids in other frameworks, by framework: `trusted_advisor`, `config`, `security_hub`, `ftr`, `well_architected`.
    pub maps: BTreeMap<String, Vec<String>>,
    /// Sources: AWS documentation pages.
    pub sources: Vec<String>,
    /// The viewpoint that the rule serves in the viewpoint table: `redundancy`, `backup_frequency` or `retention`.
    #[serde(default)]
    pub viewpoint: Option<String>,
    /// The named values of its evidence that come from its parameters: what is required, not what is.
    #[serde(default)]
    pub required: Vec<String>,
    /// The named values of its evidence that come from the objectives of the workload.
    #[serde(default)]
    pub objectives: Vec<String>,
}

/// One quarter of the trend: the last report of that quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendPoint {
    /// The calendar quarter of the snapshot's time in UTC, such as `2026-Q3`.
    pub quarter: String,
    /// When the scan started.
    pub taken_at: Timestamp,
    /// The digest of the snapshot.
    pub digest: String,
    /// Whether everything that had to be read was read.
    pub complete: bool,
    /// Findings by status.
    pub by_status: Counts,
    /// The recovery objectives that were declared, with what became of them.
    pub objectives: Vec<TrendObjective>,
}

/// A recovery objective of one quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendObjective {
    /// The workload.
    pub workload: String,
    /// What people call it.
    pub title: String,
    /// `data`, `infrastructure`, `az` or `region`.
    pub scope: String,
    /// `rpo` or `rto`.
    pub kind: String,
    /// Whether the recovery estimate meets it.
    pub outcome: Outcome,
}

/// What a recovery estimate says of an objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is within the objective.
    Met,
    /// It is beyond the objective.
    Missed,
    /// There is no estimate, so nobody can say.
    Unknown,
}

impl Outcome {
    /// The word of `report.json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::Met => "met",
            Outcome::Missed => "missed",
            Outcome::Unknown => "unknown",
        }
    }
}

/// What an open finding is, compared with the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// It was not there before, or it did not fail.
    New,
    /// It was open before, and something about it is different now.
    Changed,
    /// It was open before and is as it was.
    Open,
    /// Its rule was not judged before, so nobody can say whether it is new.
    NewRule,
}

impl Since {
    /// All, in the order of reports.
    pub const ALL: [Since; 4] = [Since::New, Since::Changed, Since::Open, Since::NewRule];

    /// The word of `report.json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Since::New => "new",
            Since::Changed => "changed",
            Since::Open => "open",
            Since::NewRule => "new_rule",
        }
    }
}

/// The report that this one is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaselineInfo {
    /// The time of its snapshot.
    pub taken_at: Timestamp,
    /// The digest of its snapshot.
    pub digest: String,
    /// How many findings are new.
    pub new: usize,
    /// How many were open before and are different now.
    pub changed: usize,
    /// How many were open before and are as they were.
    pub open: usize,
    /// How many are open by rules that were not judged before.
    pub new_rule: usize,
    /// How many were open before and pass now.
    pub fixed: usize,
    /// How many were open before, and their resource is no longer there.
    pub gone: usize,
}
