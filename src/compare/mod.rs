//! Compare: what became of the findings between two reports, and the trend over several. Pure over the report model.
//!
//! A finding is the same in two reports when its id is: the id stands for a rule and a resource. Every finding of
//! either report is in exactly one [`Class`].

pub mod trend;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::assess::model::{BaselineInfo, Counts, Evidence, Finding, Report, Severity, Since, Status};
use crate::model::Language;

/// The schema of `diff.json`.
pub const SCHEMA: &str = "sonae.diff/1";

/// The Region of what belongs to none.
const GLOBAL: &str = "global";
/// The id that stands for resources which could not be listed.
const ANY: &str = "*";

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// It fails and did not fail before; or it is open and was settled or not there before.
    New,
    /// Something about it is different: the verdict, the severity, the workload, what decided it or the evidence.
    Changed,
    /// It was open or waived, and passes now.
    Fixed,
    /// Its resource or workload is no longer there.
    Gone,
    /// It was there before, and what it is about was not read this time: nobody can say what became of it.
    Unread,
    /// It is open, as before.
    Open,
    /// Its rule was not judged before.
    RuleAdded,
    /// Its rule is no longer judged.
    RuleRemoved,
    /// Settled before and now.
    Settled,
    /// Settled, and not there before.
    Added,
}

impl Class {
    /// All, in the order of reports.
    pub const ALL: [Class; 10] = [
        Class::New,
        Class::Changed,
        Class::Fixed,
        Class::Gone,
        Class::Unread,
        Class::Open,
        Class::RuleAdded,
        Class::RuleRemoved,
        Class::Settled,
        Class::Added,
    ];

    /// The word of `diff.json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Class::New => "new",
            Class::Changed => "changed",
            Class::Open => "open",
            Class::Fixed => "fixed",
            Class::Gone => "gone",
            Class::Unread => "unread",
            Class::RuleAdded => "rule_added",
            Class::RuleRemoved => "rule_removed",
            Class::Settled => "settled",
            Class::Added => "added",
        }
    }

    /// Whether people want to see each of them; the others are only counted.
    const fn listed(self) -> bool {
        !matches!(self, Class::Settled | Class::Added)
    }
}

/// What is different about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The verdict.
    Status,
    /// The severity.
    Severity,
    /// Which workload owns the resource.
    Workload,
    /// Which parts of the rule decided it.
    Reason,
    /// The values that prove it.
    Evidence,
}

impl Change {
    /// All, in the order of reports.
    pub const ALL: [Change; 5] = [Change::Status, Change::Severity, Change::Workload, Change::Reason, Change::Evidence];

    /// The word of `diff.json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Change::Status => "status",
            Change::Severity => "severity",
            Change::Workload => "workload",
            Change::Reason => "reason",
            Change::Evidence => "evidence",
        }
    }
}

/// Two reports compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// The language of the newer report's texts.
    pub language: Language,
    /// The organisation's name, from the newer report.
    pub organization: String,
    /// The older report.
    pub old: Side,
    /// The newer report.
    pub new: Side,
    /// How many findings of either report are in each class. All classes are present.
    pub counts: BTreeMap<Class, usize>,
    /// The same by workload, in the order of the newer report.
    pub workloads: Vec<WorkloadCounts>,
    /// The rules that were not judged before.
    pub rules_added: Vec<RuleName>,
    /// The rules that are no longer judged.
    pub rules_removed: Vec<RuleName>,
    /// What became of the findings: by class, then by workload. Those that were settled and stayed so, or are new and
    /// settled, are only counted.
    pub findings: Vec<Difference>,
}

/// One of the two reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// When its scan started.
    pub taken_at: Timestamp,
    /// The digest of its snapshot.
    pub digest: String,
    /// The version of the program that made its snapshot.
    pub sonae: String,
    /// Whether everything that had to be read was read.
    pub complete: bool,
    /// Findings by status.
    pub by_status: Counts,
}

impl Side {
    fn of(report: &Report) -> Self {
        Self {
            taken_at: report.snapshot.taken_at,
            digest: report.snapshot.digest.clone(),
            sonae: report.sonae.clone(),
            complete: report.summary.complete,
            by_status: report.summary.by_status.clone(),
        }
    }
}

/// The classes of one workload's findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkloadCounts {
    /// The short name; empty when the workload is not known.
    pub key: String,
    /// What people call it.
    pub title: String,
    /// How many findings are in each class. All classes are present.
    pub counts: BTreeMap<Class, usize>,
}

/// A rule that appeared or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleName {
    /// The id.
    pub id: String,
    /// The title.
    pub title: String,
    /// How many of its findings are open: fail, unknown or waiting for an answer.
    pub open: usize,
}

/// What became of one finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The class.
    pub class: Class,
    /// What is different; only for [`Class::Changed`].
    pub changes: Vec<Change>,
    /// The names of the values of the evidence that are different; only for [`Class::Changed`].
    pub values: Vec<String>,
    /// The finding's id.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// The rule's title.
    pub title: String,
    /// The account; empty for a workload.
    pub account: String,
    /// The Region; empty for a workload.
    pub region: String,
    /// The CloudFormation type.
    pub resource_type: String,
    /// The resource's id.
    pub resource: String,
    /// What people call it.
    pub name: String,
    /// The ARN; empty where AWS has none.
    pub arn: String,
    /// The workload that owns it, or owned it when it is gone.
    pub workload: String,
    /// The finding in the older report.
    pub old: Option<State>,
    /// The finding in the newer report.
    pub new: Option<State>,
}

/// A finding as one of the reports has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct State {
    /// The verdict.
    pub status: Status,
    /// The severity.
    pub severity: Severity,
    /// The workload that owned it.
    pub workload: String,
    /// Why, in the language of that report.
    pub reason: String,
    /// The values that prove it.
    pub evidence: Evidence,
}

impl State {
    fn of(finding: &Finding) -> Self {
        Self {
            status: finding.status,
            severity: finding.severity,
            workload: finding.workload.clone(),
            reason: finding.reason.clone(),
            evidence: finding.evidence.clone(),
        }
    }
}

/// A finding of either report: at least one of the two is there.
struct Pair<'r> {
    old: Option<&'r Finding>,
    new: Option<&'r Finding>,
}

/// What the older and the newer report know, for looking up.
struct Known<'r> {
    /// Whether both reports are in one language, so that their texts can be compared.
    one_language: bool,
    pairs: BTreeMap<&'r str, Pair<'r>>,
    old_rules: BTreeSet<&'r str>,
    new_rules: BTreeSet<&'r str>,
    /// The accounts and Regions that the newer scan read.
    accounts: BTreeSet<&'r str>,
    regions: BTreeSet<&'r str>,
    /// Where the newer scan could not list a type: rule, account, Region and type.
    unlisted: BTreeSet<(&'r str, &'r str, &'r str, &'r str)>,
}

impl<'r> Known<'r> {
    fn new(old: &'r Report, new: &'r Report) -> Self {
        let mut pairs: BTreeMap<&str, Pair<'_>> = BTreeMap::new();
        for finding in &old.findings {
            pairs.insert(&finding.id, Pair { old: Some(finding), new: None });
        }
        for finding in &new.findings {
            pairs.entry(&finding.id).or_insert(Pair { old: None, new: None }).new = Some(finding);
        }
        Self {
            one_language: old.language == new.language,
            pairs,
            old_rules: old.rules.keys().map(String::as_str).collect(),
            new_rules: new.rules.keys().map(String::as_str).collect(),
            accounts: new.snapshot.accounts.iter().map(|account| account.id.as_str()).collect(),
            regions: new.snapshot.regions.iter().map(String::as_str).collect(),
            unlisted: new.findings.iter().filter(|finding| finding.resource == ANY).map(place).collect(),
        }
    }

    fn class(&self, pair: &Pair<'_>) -> Class {
        match (pair.old, pair.new) {
            (None, Some(new)) if !self.old_rules.contains(new.rule.as_str()) => Class::RuleAdded,
            (None, Some(new)) if open(new.status) => Class::New,
            (Some(old), None) if !self.new_rules.contains(old.rule.as_str()) => Class::RuleRemoved,
            (Some(old), None) if !self.read(old) => Class::Unread,
            (Some(_), None) => Class::Gone,
            (Some(old), Some(new)) => both(old, new, self.one_language),
            (None, _) => Class::Added,
        }
    }

    /// Whether the newer scan looked where the finding was.
    fn read(&self, old: &Finding) -> bool {
        let account = old.account.is_empty() || self.accounts.contains(old.account.as_str());
        let region = old.region.is_empty() || old.region == GLOBAL || self.regions.contains(old.region.as_str());
        account && region && (old.resource == ANY || !self.unlisted.contains(&place(old)))
    }
}

fn place(finding: &Finding) -> (&str, &str, &str, &str) {
    (&finding.rule, &finding.account, &finding.region, &finding.resource_type)
}

/// Whether somebody has to do something: mend it, read it or answer it.
const fn open(status: Status) -> bool {
    matches!(status, Status::Fail | Status::Unknown | Status::Manual)
}

fn both(old: &Finding, new: &Finding, one_language: bool) -> Class {
    match (old.status, new.status) {
        // What could not be told before and fails now is a failure that nobody knew of.
        (before, Status::Fail) if before != Status::Fail => Class::New,
        (before, now) if open(now) && !open(before) => Class::New,
        (before, Status::Pass) if open(before) || before == Status::Waived => Class::Fixed,
        (before, now) if before != now => Class::Changed,
        (_, now) if !open(now) => Class::Settled,
        _ if changes(old, new, one_language).is_empty() => Class::Open,
        _ => Class::Changed,
    }
}

/// What is different. Reasons are not compared: they follow from the rest.
fn changes(old: &Finding, new: &Finding, one_language: bool) -> Vec<Change> {
    let decided = |finding: &Finding| -> BTreeSet<String> {
        finding.decided_by.iter().map(|clause| clause.expression.clone()).collect()
    };
    Change::ALL
        .into_iter()
        .filter(|change| match change {
            Change::Status => old.status != new.status,
            Change::Severity => old.severity != new.severity,
            Change::Workload => old.workload != new.workload,
            Change::Reason => decided(old) != decided(new),
            Change::Evidence => !values(old, new, one_language).is_empty(),
        })
        .collect()
}

/// The values of the evidence that are different, by name, in the order of the newer finding.
fn values(old: &Finding, new: &Finding, one_language: bool) -> Vec<String> {
    let (old, new) = (&old.evidence.0, &new.evidence.0);
    let gone = old.keys().filter(|name| !new.contains_key(*name));
    new.keys()
        .chain(gone)
        .filter(|name| match (old.get(*name), new.get(*name)) {
            (Some(before), Some(now)) => !same(before, now, one_language),
            _ => true,
        })
        .cloned()
        .collect()
}

/// Whether two values are the same, as far as can be told: prose in two languages may say the same.
fn same(old: &Json, new: &Json, one_language: bool) -> bool {
    match (old, new) {
        _ if one_language => old == new,
        (Json::String(old), Json::String(new)) => old == new || prose(old) || prose(new),
        (Json::Array(old), Json::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new, one_language))
        }
        (Json::Object(old), Json::Object(new)) => {
            old.len() == new.len()
                && old.iter().all(|(name, old)| new.get(name).is_some_and(|new| same(old, new, one_language)))
        }
        _ => old == new,
    }
}

/// Whether a text is more than a word, a number or an identifier of AWS.
fn prose(text: &str) -> bool {
    !text.is_ascii() || text.contains(char::is_whitespace)
}

/// The class of every finding of either report, by id.
pub fn classes<'r>(old: &'r Report, new: &'r Report) -> BTreeMap<&'r str, Class> {
    let known = Known::new(old, new);
    known.pairs.iter().map(|(id, pair)| (*id, known.class(pair))).collect()
}

/// Compares two reports of the same organisation.
pub fn compare(old: &Report, new: &Report) -> Comparison {
    let known = Known::new(old, new);
    let none: BTreeMap<Class, usize> = Class::ALL.into_iter().map(|class| (class, 0)).collect();
    let mut counts = none.clone();
    let mut by_workload: BTreeMap<&str, BTreeMap<Class, usize>> = BTreeMap::new();
    let mut findings = Vec::new();
    for (id, pair) in &known.pairs {
        let Some(finding) = pair.new.or(pair.old) else { continue };
        let class = known.class(pair);
        *counts.entry(class).or_default() += 1;
        *by_workload.entry(&finding.workload).or_insert_with(|| none.clone()).entry(class).or_default() += 1;
        if !class.listed() {
            continue;
        }
        let rule = new.rules.get(&finding.rule).or_else(|| old.rules.get(&finding.rule));
        let (changes, values) = match (class, pair.old, pair.new) {
            (Class::Changed, Some(old), Some(new)) => {
                (changes(old, new, known.one_language), values(old, new, known.one_language))
            }
            _ => (Vec::new(), Vec::new()),
        };
        findings.push(Difference {
            class,
            changes,
            values,
            id: (*id).to_owned(),
            rule: finding.rule.clone(),
            title: rule.map_or_else(|| finding.rule.clone(), |rule| rule.title.clone()),
            account: finding.account.clone(),
            region: finding.region.clone(),
            resource_type: finding.resource_type.clone(),
            resource: finding.resource.clone(),
            name: finding.name.clone(),
            arn: finding.arn.clone(),
            workload: finding.workload.clone(),
            old: pair.old.map(State::of),
            new: pair.new.map(State::of),
        });
    }
    let order = workload_order(old, new, &by_workload);
    let place = |key: &str| order.iter().position(|known| *known == key);
    let worst = |found: &Difference| found.new.as_ref().or(found.old.as_ref()).map(|state| state.severity);
    findings.sort_by(|a, b| {
        (a.class, place(&a.workload), std::cmp::Reverse(worst(a)), &a.rule, &a.account, &a.region, &a.resource, &a.id)
            .cmp(&(
                b.class,
                place(&b.workload),
                std::cmp::Reverse(worst(b)),
                &b.rule,
                &b.account,
                &b.region,
                &b.resource,
                &b.id,
            ))
    });
    Comparison {
        schema: SCHEMA,
        language: new.language,
        organization: new.organization.clone(),
        old: Side::of(old),
        new: Side::of(new),
        workloads: order
            .iter()
            .map(|key| WorkloadCounts {
                key: (*key).to_owned(),
                title: title(old, new, key),
                counts: by_workload.get(key).cloned().unwrap_or_else(|| none.clone()),
            })
            .collect(),
        rules_added: rules(new, &known.old_rules),
        rules_removed: rules(old, &known.new_rules),
        counts,
        findings,
    }
}

/// The rules of a report that the other one does not know.
fn rules(report: &Report, other: &BTreeSet<&str>) -> Vec<RuleName> {
    let of = |id: &str| report.findings.iter().filter(|finding| finding.rule == id && open(finding.status)).count();
    report
        .rules
        .iter()
        .filter(|(id, _)| !other.contains(id.as_str()))
        .map(|(id, rule)| RuleName { id: id.clone(), title: rule.title.clone(), open: of(id) })
        .collect()
}

/// The workloads in the order of the newer report, then those that only the older one has.
fn workload_order<'r>(
    old: &'r Report,
    new: &'r Report,
    found: &BTreeMap<&'r str, BTreeMap<Class, usize>>,
) -> Vec<&'r str> {
    let mut order: Vec<&str> = Vec::new();
    let groups = new.summary.by_workload.iter().chain(&old.summary.by_workload).map(|group| group.key.as_str());
    for key in groups.chain(found.keys().copied()) {
        if found.contains_key(key) && !order.contains(&key) {
            order.push(key);
        }
    }
    order
}

fn title(old: &Report, new: &Report, key: &str) -> String {
    let groups = || new.summary.by_workload.iter().chain(&old.summary.by_workload);
    groups().find(|group| group.key == key).map(|group| group.title.clone()).unwrap_or_default()
}

/// How many findings fail at or over a severity and did not fail so before: what a gate stops for. Rules that were not
/// judged before do not count, so that a new version of the program is no regression.
pub fn regressions(old: &Report, new: &Report, threshold: Severity) -> usize {
    let known = Known::new(old, new);
    known
        .pairs
        .values()
        .filter(|pair| {
            let Some(now) = pair.new.filter(|now| now.status == Status::Fail && now.severity >= threshold) else {
                return false;
            };
            match known.class(pair) {
                Class::RuleAdded => false,
                Class::New => true,
                _ => pair.old.is_some_and(|before| before.severity < threshold && now.severity >= threshold),
            }
        })
        .count()
}

/// Writes into a report what became of its findings since another one.
pub fn mark(report: &mut Report, baseline: &Report) {
    let (classes, info) = {
        let known = Known::new(baseline, report);
        let mut info = BaselineInfo {
            taken_at: baseline.snapshot.taken_at,
            digest: baseline.snapshot.digest.clone(),
            new: 0,
            changed: 0,
            open: 0,
            new_rule: 0,
            fixed: 0,
            gone: 0,
        };
        let mut since: BTreeMap<String, Since> = BTreeMap::new();
        for (id, pair) in &known.pairs {
            let class = known.class(pair);
            let is_open = pair.new.is_some_and(|finding| open(finding.status));
            let was_open = pair.old.is_some_and(|finding| open(finding.status));
            let (word, count) = match class {
                Class::New => (Since::New, &mut info.new),
                Class::Changed if is_open => (Since::Changed, &mut info.changed),
                Class::Open => (Since::Open, &mut info.open),
                Class::RuleAdded if is_open => (Since::NewRule, &mut info.new_rule),
                Class::Fixed => {
                    info.fixed += 1;
                    continue;
                }
                Class::Gone if was_open => {
                    info.gone += 1;
                    continue;
                }
                _ => continue,
            };
            *count += 1;
            since.insert((*id).to_owned(), word);
        }
        (since, info)
    };
    for finding in &mut report.findings {
        finding.baseline = classes.get(&finding.id).copied();
    }
    report.baseline = Some(info);
}
