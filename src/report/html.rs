//! `report.html`: the whole report as one file that needs nothing else, readable without scripts and on paper.
//!
//! What the report shows comes from accounts and is hostile: askama escapes every value, values reach the script only
//! through attributes and text of the document, and the content security policy admits this style and this script by
//! their digests and nothing else.

use std::collections::BTreeMap;
use std::fmt;

use askama::Template;
use askama::filters::{Escaper, Html};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::messages::Messages;
use super::words::{self, ObjectiveTrend};
use crate::assess::model::{
    AnswerStatus, ChecklistItem, Counts, Finding, Goal, Outcome, RecoveryLine, Report, RuleInfo, SecondOpinion,
    Severity, Since, Status, StoreReport, TrendPoint, WorkloadReport,
};
use crate::model::{Language, Seconds};

const STYLE: &str = include_str!("../../report-templates/html/page.css");
const SCRIPT: &str = include_str!("../../report-templates/html/page.js");

/// What filters call an empty account, Region or workload; no AWS identifier is a lone hyphen.
const NOTHING: &str = "-";

/// The smallest share of a bar, in percent, that a status with findings gets: one failure in 5,000 must stay visible.
const SMALLEST_SHARE: f64 = 1.5;

/// The report as one HTML file.
///
/// # Errors
/// Askama's, which only a failing formatter could cause.
pub fn render(report: &Report) -> Result<String, askama::Error> {
    Page::new(report).render()
}

/// Escapes HTML, and shows what would turn the direction of writing instead of obeying it: a name must not be able to
/// look like another. `askama.toml` applies it to every value of every `.html` template.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visible;

impl Escaper for Visible {
    fn write_escaped_str<W: fmt::Write>(&self, mut dest: W, string: &str) -> fmt::Result {
        let mut rest = string;
        while let Some((at, control)) = rest.char_indices().find(|(_, character)| turns_direction(*character)) {
            let (before, from) = rest.split_at(at);
            Html.write_escaped_str(&mut dest, before)?;
            write!(dest, "[U+{:04X}]", u32::from(control))?;
            rest = from.get(control.len_utf8()..).unwrap_or_default();
        }
        Html.write_escaped_str(dest, rest)
    }
}

/// The controls of Unicode's bidirectional algorithm, and the line separators that end its paragraphs.
const fn turns_direction(character: char) -> bool {
    matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

#[derive(Template)]
#[template(path = "html/report.html", whitespace = "minimize")]
struct Page<'a> {
    report: &'a Report,
    words: Words,
    language: &'static str,
    policy: String,
    /// Written as it is, like the script: both are this program's own.
    style: &'static str,
    script: &'static str,
    verdict: Verdict,
    overall: Bar,
    breakdowns: Vec<Breakdown<'a>>,
    severities: Vec<SeverityBar>,
    items: Vec<ItemRow<'a>>,
    findings: Vec<FindingRow<'a>>,
    filters: Vec<Filter>,
    item_filters: Vec<Filter>,
    coverage_filters: Vec<Filter>,
    /// What the findings are about, by their id.
    names: BTreeMap<&'a str, &'a str>,
    rules: Vec<RuleCard<'a>>,
    workloads: Vec<WorkloadCard<'a>>,
    /// What became of the findings since the baseline, in sentences.
    since: Vec<String>,
    trend: Vec<TrendRow>,
    objectives: Vec<ObjectiveTrend>,
}

/// A quarter with what applied in it.
struct TrendRow {
    name: String,
    total: usize,
    counts: Vec<(Status, usize)>,
    bar: Bar,
}

/// The headline, and the class that colours it.
struct Verdict {
    status: Status,
    text: String,
}

/// The findings of each category, account or workload.
struct Breakdown<'a> {
    title: &'a str,
    filter: &'static str,
    rows: Vec<BreakdownRow<'a>>,
}

struct BreakdownRow<'a> {
    key: &'a str,
    title: &'a str,
    /// The account's number beside its name; empty elsewhere.
    note: &'a str,
    total: usize,
    counts: Vec<(Status, usize)>,
    bar: Bar,
}

struct SeverityBar {
    severity: Severity,
    count: usize,
    share: String,
}

/// A line of the checklist with what only the page shows.
struct ItemRow<'a> {
    item: &'a ChecklistItem,
    workload: &'a str,
    counts: Vec<(Status, usize)>,
    total: usize,
    bar: Bar,
    first_finding: &'a str,
}

/// A finding with the titles of what it names.
struct FindingRow<'a> {
    finding: &'a Finding,
    rule: &'a str,
    has_rule: bool,
    category: &'a str,
    resource_type: &'a str,
    account: &'a str,
    workload: &'a str,
    /// The numbers of its lines in the checklist.
    items: Vec<usize>,
    /// The same, separated by spaces.
    item_numbers: String,
}

/// A rule with the lines and findings that lead back from it.
struct RuleCard<'a> {
    id: &'a str,
    rule: &'a RuleInfo,
    category: &'a str,
    items: Vec<usize>,
    first_finding: &'a str,
    counts: Vec<(Status, usize)>,
    worst: Status,
}

struct WorkloadCard<'a> {
    workload: &'a WorkloadReport,
    bar: Bar,
    counts: Vec<(Status, usize)>,
    timeline: Option<Timeline>,
}

/// The data stores of one responsibility.
struct Acting<'a> {
    who: &'static str,
    open: bool,
    scopes: Vec<&'a str>,
    stores: Vec<&'a StoreReport>,
}

/// A way to narrow a table: chips for the few words that everybody knows, a list for the rest.
struct Filter {
    key: &'static str,
    label: String,
    chips: bool,
    choices: Vec<Choice>,
}

struct Choice {
    value: String,
    label: String,
    count: usize,
}

/// A stacked bar of statuses as SVG: markup of its own, whose values its template has escaped.
#[derive(Template)]
#[template(path = "html/bar.html")]
struct Bar {
    /// Unique in the page, for the title and description.
    id: String,
    title: String,
    description: String,
    segments: Vec<Segment>,
}

struct Segment {
    status: Status,
    label: String,
    x: String,
    width: String,
}

/// How the failover conditions fit into the RTO of a Region's failure, as SVG, likewise.
#[derive(Template)]
#[template(path = "html/timeline.html")]
struct Timeline {
    id: String,
    title: String,
    description: String,
    phases: Vec<Phase>,
    /// Where the RTO is, in percent.
    goal: String,
    goal_label: String,
    late: bool,
}

struct Phase {
    kind: &'static str,
    x: String,
    width: String,
}

/// The words of one language as the templates ask for them.
#[derive(Clone, Copy)]
struct Words(&'static Messages);

impl Words {
    fn page(self, key: &'static str) -> &'static str {
        self.0.get("page", key)
    }

    fn column(self, key: &'static str) -> &'static str {
        self.0.get("column", key)
    }

    fn sheet(self, key: &'static str) -> &'static str {
        self.0.get("sheet", key)
    }

    fn status(self, status: &Status) -> &'static str {
        self.0.get("status", status.as_str())
    }

    fn severity(self, severity: &Severity) -> &'static str {
        self.0.get("severity", severity.as_str())
    }

    fn answer(self, status: &AnswerStatus) -> &'static str {
        self.0.get("answer_status", answer_key(*status))
    }

    /// The word for a key that a report carries, such as a scope or a strategy; the key itself where there is none.
    fn of<'a>(self, group: &str, key: &'a str) -> &'a str {
        self.0.get(group, key)
    }

    fn with(self, key: &str, name: &str, value: &str) -> String {
        self.0.format("page", key, &[(name, value)])
    }

    fn with_count(self, key: &str, count: &usize) -> String {
        self.with(key, "n", &grouped(*count))
    }

    fn trend(self, key: &'static str) -> &'static str {
        self.0.get("trend", key)
    }

    fn difference(self, key: &'static str) -> &'static str {
        self.0.get("diff", key)
    }

    fn since(self, since: &Since) -> &'static str {
        self.0.get("since", since.as_str())
    }

    fn outcome(self, outcome: &Outcome) -> &'static str {
        words::objective(self.0, Some(*outcome))
    }

    /// A length of time in words; what cannot be read stays as it is.
    fn duration(self, iso: &str) -> String {
        words::duration(self.0, iso)
    }

    #[expect(clippy::ref_option, reason = "templates pass fields of the model as they are")]
    fn declared_duration(self, iso: &Option<String>) -> String {
        iso.as_deref().map_or_else(|| self.page("undeclared").to_owned(), |iso| self.duration(iso))
    }

    fn declared(self, text: &str) -> &str {
        if text.is_empty() { self.page("undeclared") } else { text }
    }

    fn opinion(self, opinion: &SecondOpinion) -> &'static str {
        self.page(match opinion.agrees {
            Some(true) => "agrees",
            Some(false) => "disagrees",
            None => "no_opinion",
        })
    }

    fn trusted_advisor(self, status: &str) -> &str {
        match status {
            "ok" => self.page("ta_ok"),
            "warning" => self.page("ta_warning"),
            "error" => self.page("ta_error"),
            "not_available" => self.page("ta_not_available"),
            "" => self.page("ta_unread"),
            other => other,
        }
    }

    fn bar(self, id: String, name: &str, counts: &Counts) -> Bar {
        let shown: Vec<(Status, usize)> = listed(counts).into_iter().filter(|(_, count)| *count > 0).collect();
        let labels: Vec<String> =
            shown.iter().map(|(status, count)| format!("{} {}", self.status(status), grouped(*count))).collect();
        let total = sum(counts);
        let mut x = 0.0;
        let segments = shown
            .iter()
            .zip(shares(&shown, total))
            .zip(&labels)
            .map(|(((status, _), share), label)| {
                let segment = Segment { status: *status, label: label.clone(), x: percent(x), width: percent(share) };
                x += share;
                segment
            })
            .collect();
        Bar {
            id,
            title: self.0.format("page", "bar", &[("name", name), ("n", &grouped(total))]),
            description: labels.join(", "),
            segments,
        }
    }

    /// Only when the RTO of a Region and when to switch are declared: without either there is nothing to compare.
    fn timeline(self, index: usize, workload: &WorkloadReport) -> Option<Timeline> {
        let goal_text = workload.objectives.iter().find(|objective| objective.scope == "region")?.rto.as_deref()?;
        let seconds = |iso: &str| Seconds::parse(iso).ok().map(|Seconds(seconds)| seconds);
        let goal = seconds(goal_text)?;
        let switch_text = workload.failover.switch_after.as_deref()?;
        let switch = seconds(switch_text)?;
        let build = workload.failover.build_after.as_deref().and_then(seconds).unwrap_or(switch).min(switch);
        let scale = goal.max(switch).max(1);
        let at = |seconds: i64| seconds as f64 * 100.0 / scale as f64;
        let phase = |kind, from: i64, to: i64| Phase { kind, x: percent(at(from)), width: percent(at(to) - at(from)) };
        let phases = [("wait", 0, build), ("build", build, switch), ("switch", switch, goal)]
            .into_iter()
            .filter(|(_, from, to)| to > from)
            .map(|(kind, from, to)| phase(kind, from, to))
            .collect();
        let mut facts = Vec::new();
        if let Some(build_after) = &workload.failover.build_after {
            facts.push(format!("{}: {}", self.page("build_after"), self.duration(build_after)));
        }
        facts.push(format!("{}: {}", self.page("switch_after"), self.duration(switch_text)));
        facts.push(format!("{}: {}", self.page("timeline_rto"), self.duration(goal_text)));
        Some(Timeline {
            id: format!("timeline-{index}"),
            title: self.page("timeline").to_owned(),
            description: facts.join(", "),
            phases,
            goal: percent(at(goal)),
            goal_label: format!("{} {}", self.page("timeline_rto"), self.duration(goal_text)),
            late: switch >= goal,
        })
    }
}

#[expect(clippy::unused_self, reason = "templates can only call methods")]
impl<'a> Page<'a> {
    fn new(report: &'a Report) -> Self {
        let words = Words(Messages::of(report.language));
        let titles = Titles::new(report, words);
        let (items_of_finding, items_of_rule) = backlinks(report);
        let findings: Vec<FindingRow<'a>> = report
            .findings
            .iter()
            .map(|finding| {
                let items = items_of_finding.get(finding.id.as_str()).cloned().unwrap_or_default();
                FindingRow {
                    finding,
                    rule: report.rules.get(&finding.rule).map_or(&finding.rule, |rule| &rule.title),
                    has_rule: report.rules.contains_key(&finding.rule),
                    category: titles.category(&finding.category),
                    resource_type: titles.resource_type(&finding.resource_type),
                    account: titles.account(&finding.account),
                    workload: titles.workload(&finding.workload),
                    item_numbers: items.iter().map(usize::to_string).collect::<Vec<_>>().join(" "),
                    items,
                }
            })
            .collect();
        let items: Vec<ItemRow<'a>> = report
            .checklist
            .iter()
            .map(|item| ItemRow {
                item,
                workload: if item.workload.is_empty() { "" } else { titles.workload(&item.workload) },
                counts: nonzero(&item.counts),
                total: sum(&item.counts),
                bar: words.bar(format!("bar-item-{}", item.no), words.column("counts"), &item.counts),
                first_finding: item.findings.first().map_or("", String::as_str),
            })
            .collect();
        Self {
            report,
            words,
            language: match report.language {
                Language::Ja => "ja",
                Language::En => "en",
            },
            policy: policy(),
            style: STYLE,
            script: SCRIPT,
            verdict: verdict(report, words),
            overall: words.bar("bar-overall".to_owned(), words.page("by_status"), &report.summary.by_status),
            breakdowns: breakdowns(report, words, &titles),
            severities: severities(report),
            filters: finding_filters(&findings, words),
            item_filters: item_filters(&items, words),
            coverage_filters: coverage_filters(report, words),
            since: report.baseline.as_ref().map_or_else(Vec::new, |info| words::baseline(words.0, info)),
            trend: trend(report, words),
            objectives: words::objective_trends(words.0, &report.trend),
            names: report
                .findings
                .iter()
                .map(|finding| {
                    (finding.id.as_str(), if finding.name.is_empty() { &*finding.resource } else { &*finding.name })
                })
                .collect(),
            rules: rule_cards(report, &titles, &items_of_rule),
            workloads: report
                .workloads
                .iter()
                .enumerate()
                .map(|(index, workload)| WorkloadCard {
                    workload,
                    bar: words.bar(format!("bar-objectives-{index}"), &workload.title, &workload.by_status),
                    counts: nonzero(&workload.by_status),
                    timeline: words.timeline(index, workload),
                })
                .collect(),
            items,
            findings,
        }
    }

    /// The only addresses that become links; anything else, such as `javascript:`, stays text.
    fn is_web(&self, address: &str) -> bool {
        let scheme = |prefix: &str| address.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        scheme("https://") || scheme("http://")
    }

    fn key<'k>(&self, text: &'k str) -> &'k str {
        key(text)
    }

    fn number(&self, number: &usize) -> String {
        grouped(*number)
    }

    fn rank(&self, status: &Status) -> usize {
        Status::ALL.iter().position(|other| other == status).unwrap_or_default()
    }

    fn severity_rank(&self, severity: &Severity) -> usize {
        Severity::ALL.iter().position(|other| other == severity).unwrap_or_default()
    }

    fn answer_rank(&self, status: &AnswerStatus) -> usize {
        AnswerStatus::ALL.iter().position(|other| other == status).unwrap_or_default()
    }

    fn answer_key(&self, status: &AnswerStatus) -> &'static str {
        answer_key(*status)
    }

    fn time(&self, time: &Timestamp) -> String {
        time.strftime("%Y-%m-%d %H:%M UTC").to_string()
    }

    /// Whether no workload has a recovery estimate: one sentence for all says so.
    fn without_estimate(&self) -> bool {
        self.report.workloads.iter().all(|workload| workload.recovery.is_empty())
    }

    /// The figure of an estimate, or why there is none.
    fn estimate(&self, line: &RecoveryLine, goal: &Goal<'_>) -> String {
        match goal.estimate {
            Some(iso) => self.words.duration(iso),
            None if line.stores == 0 => "–".to_owned(),
            None if goal.mechanism.is_empty() => self.words.of("recovery", "none").to_owned(),
            None => self.words.of("recovery", "unknown").to_owned(),
        }
    }

    fn objective(&self, goal: &Goal<'_>) -> String {
        goal.objective.map_or_else(|| self.words.page("undeclared").to_owned(), |iso| self.words.duration(iso))
    }

    /// The last part of an ARN, which tells a store among those of its workload.
    fn short<'s>(&self, arn: &'s str) -> &'s str {
        arn.rsplit_once([':', '/']).map_or(arn, |(_, last)| last)
    }

    fn missed(&self, missed: &usize, stores: &usize) -> String {
        let values = [("missed", missed.to_string()), ("stores", stores.to_string())];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.words.0.format("recovery", "missed", &values)
    }

    /// The data stores by who acts: who has work in a disaster first.
    fn acting(&self) -> Vec<Acting<'_>> {
        ["needs_hands", "automatic", "managed", ""]
            .into_iter()
            .map(|who| {
                let of = |store: &&StoreReport| store.responsibility == who;
                let stores: Vec<&StoreReport> = self.report.stores.iter().filter(of).collect();
                let scopes = stores
                    .first()
                    .map_or_else(Vec::new, |store| store.scopes.iter().map(|scope| scope.scope.as_str()).collect());
                let named = if who.is_empty() { "unknown" } else { who };
                Acting { who: named, open: who == "needs_hands", scopes, stores }
            })
            .filter(|group| !group.stores.is_empty())
            .collect()
    }

    #[expect(clippy::ref_option, reason = "templates pass fields of the model as they are")]
    fn figure(&self, iso: &Option<String>) -> String {
        match iso {
            Some(iso) => self.words.duration(iso.as_str()),
            None => self.words.of("recovery", "unknown").to_owned(),
        }
    }

    fn finding_name<'f>(&'f self, id: &'f str) -> &'f str {
        self.names.get(id).copied().unwrap_or(id)
    }

    fn rule_title<'r>(&'r self, id: &'r str) -> &'r str {
        self.report.rules.get(id).map_or(id, |rule| &rule.title)
    }
}

/// What people call the keys that findings carry.
struct Titles<'a> {
    categories: BTreeMap<&'a str, &'a str>,
    accounts: BTreeMap<&'a str, &'a str>,
    workloads: BTreeMap<&'a str, &'a str>,
    resource_types: BTreeMap<&'a str, &'a str>,
    no_workload: &'static str,
}

impl<'a> Titles<'a> {
    fn new(report: &'a Report, words: Words) -> Self {
        let mut categories: BTreeMap<&str, &str> =
            report.checklist.iter().map(|item| (item.category.as_str(), item.category_title.as_str())).collect();
        categories.extend(report.summary.by_category.iter().map(|group| (group.key.as_str(), group.title.as_str())));
        let mut workloads: BTreeMap<&str, &str> =
            report.summary.by_workload.iter().map(|group| (group.key.as_str(), group.title.as_str())).collect();
        workloads.extend(report.workloads.iter().map(|workload| (workload.name.as_str(), workload.title.as_str())));
        Self {
            categories,
            accounts: report
                .snapshot
                .accounts
                .iter()
                .map(|account| (account.id.as_str(), account.name.as_str()))
                .collect(),
            workloads,
            resource_types: report
                .summary
                .resources
                .iter()
                .map(|resource| (resource.resource_type.as_str(), resource.title.as_str()))
                .collect(),
            no_workload: words.page("no_workload"),
        }
    }

    fn category(&self, key: &'a str) -> &'a str {
        named(&self.categories, key)
    }

    /// Empty where the account has no known name: its number is shown anyway.
    fn account(&self, id: &str) -> &'a str {
        self.accounts.get(id).copied().unwrap_or_default()
    }

    fn workload(&self, name: &'a str) -> &'a str {
        if name.is_empty() { self.no_workload } else { named(&self.workloads, name) }
    }

    fn resource_type(&self, name: &'a str) -> &'a str {
        named(&self.resource_types, name)
    }
}

fn named<'a>(titles: &BTreeMap<&'a str, &'a str>, key: &'a str) -> &'a str {
    titles.get(key).copied().filter(|title| !title.is_empty()).unwrap_or(key)
}

type ItemNumbers<'a> = BTreeMap<&'a str, Vec<usize>>;

/// The numbers of the checklist's lines by finding and by rule.
fn backlinks(report: &Report) -> (ItemNumbers<'_>, ItemNumbers<'_>) {
    let mut by_finding = ItemNumbers::new();
    let mut by_rule = ItemNumbers::new();
    for item in &report.checklist {
        by_rule.entry(&item.rule).or_default().push(item.no);
        for finding in &item.findings {
            by_finding.entry(finding).or_default().push(item.no);
        }
    }
    (by_finding, by_rule)
}

fn verdict(report: &Report, words: Words) -> Verdict {
    let count = |status| report.summary.by_status.get(&status).copied().unwrap_or_default();
    let judged: usize =
        [Status::Fail, Status::Unknown, Status::Manual, Status::Waived, Status::Pass].map(count).iter().sum();
    let (status, text) = if count(Status::Fail) > 0 {
        (Status::Fail, words.with_count("verdict_fail", &count(Status::Fail)))
    } else if count(Status::Unknown) > 0 || !report.summary.complete {
        (Status::Unknown, words.page("verdict_unknown").to_owned())
    } else if count(Status::Manual) > 0 {
        (Status::Manual, words.page("verdict_manual").to_owned())
    } else if judged == 0 {
        (Status::NotApplicable, words.page("verdict_empty").to_owned())
    } else {
        (Status::Pass, words.page("verdict_clean").to_owned())
    };
    Verdict { status, text }
}

fn breakdowns<'a>(report: &'a Report, words: Words, titles: &Titles<'a>) -> Vec<Breakdown<'a>> {
    let summary = &report.summary;
    [
        ("by_category", "category", &summary.by_category),
        ("by_workload", "workload", &summary.by_workload),
        ("by_account", "account", &summary.by_account),
    ]
    .into_iter()
    .filter(|(_, _, groups)| !groups.is_empty())
    .map(|(title, filter, groups)| Breakdown {
        title: words.page(title),
        filter,
        rows: groups
            .iter()
            .enumerate()
            .map(|(index, group)| {
                let name = match (filter, group.key.as_str(), group.title.as_str()) {
                    ("account", "", _) => words.page("no_account"),
                    ("account", id, "") => named(&titles.accounts, id),
                    ("workload", "", "") => words.page("no_workload"),
                    (_, key, "") => key,
                    (_, _, title) => title,
                };
                BreakdownRow {
                    key: key(&group.key),
                    title: name,
                    note: if filter == "account" && name != group.key { &group.key } else { "" },
                    total: sum(&group.by_status),
                    counts: listed(&group.by_status),
                    bar: words.bar(format!("bar-{filter}-{index}"), name, &group.by_status),
                }
            })
            .collect(),
    })
    .collect()
}

fn trend(report: &Report, words: Words) -> Vec<TrendRow> {
    let row = |(index, point): (usize, &TrendPoint)| {
        let name = words::quarter(words.0, point);
        let mut counts = point.by_status.clone();
        // What does not apply says nothing about readiness.
        counts.remove(&Status::NotApplicable);
        TrendRow {
            total: sum(&counts),
            bar: words.bar(format!("bar-trend-{index}"), &name, &counts),
            counts: listed(&counts).into_iter().filter(|(status, _)| *status != Status::NotApplicable).collect(),
            name,
        }
    };
    report.trend.iter().enumerate().map(row).collect()
}

fn severities(report: &Report) -> Vec<SeverityBar> {
    let most = report.summary.by_severity.values().copied().max().unwrap_or_default().max(1);
    Severity::ALL
        .into_iter()
        .map(|severity| {
            let count = report.summary.by_severity.get(&severity).copied().unwrap_or_default();
            let share = if count == 0 { 0.0 } else { (count as f64 * 100.0 / most as f64).max(SMALLEST_SHARE) };
            SeverityBar { severity, count, share: percent(share) }
        })
        .collect()
}

fn rule_cards<'a>(report: &'a Report, titles: &Titles<'a>, items_of_rule: &ItemNumbers<'a>) -> Vec<RuleCard<'a>> {
    let mut by_rule: BTreeMap<&str, (Counts, &str)> = BTreeMap::new();
    for finding in &report.findings {
        let (counts, _) = by_rule.entry(&finding.rule).or_insert_with(|| (Counts::new(), &finding.id));
        *counts.entry(finding.status).or_default() += 1;
    }
    let mut cards: Vec<RuleCard<'a>> = report
        .rules
        .iter()
        .map(|(id, rule)| {
            let (counts, first_finding) = by_rule.remove(id.as_str()).unwrap_or_default();
            let counts = nonzero(&counts);
            RuleCard {
                id,
                rule,
                category: titles.category(&rule.category),
                items: items_of_rule.get(id.as_str()).cloned().unwrap_or_default(),
                first_finding,
                worst: counts.first().map_or(Status::NotApplicable, |(status, _)| *status),
                counts,
            }
        })
        .collect();
    // In the order of the checklist, so that the page reads the same way from top to bottom; the rest by id.
    cards.sort_by_key(|card| card.items.first().copied().unwrap_or(usize::MAX));
    cards
}

fn finding_filters(rows: &[FindingRow<'_>], words: Words) -> Vec<Filter> {
    let found = |key, label: &str, of: &dyn Fn(&FindingRow<'_>) -> (String, String)| {
        listed_filter(key, label, rows.iter().map(of))
    };
    let mut filters = vec![
        status_filter("status", words.column("verdict"), rows.iter().map(|row| row.finding.status), words),
        severity_filter(rows.iter().map(|row| row.finding.severity), words),
        found("category", words.column("category"), &|row| (row.finding.category.clone(), row.category.to_owned())),
        found("account", words.column("account"), &|row| {
            let id = &row.finding.account;
            let label = match (id.as_str(), row.account) {
                ("", _) => words.page("no_account").to_owned(),
                (id, "") => id.to_owned(),
                (id, name) => format!("{name} ({id})"),
            };
            (key(id).to_owned(), label)
        }),
        found("workload", words.column("workload"), &|row| {
            (key(&row.finding.workload).to_owned(), row.workload.to_owned())
        }),
        found("type", words.column("resource_type"), &|row| {
            (row.finding.resource_type.clone(), row.resource_type.to_owned())
        }),
        found("rule", words.column("rule"), &|row| (row.finding.rule.clone(), row.rule.to_owned())),
    ];
    let choices: Vec<Choice> = Since::ALL
        .into_iter()
        .map(|since| Choice {
            value: since.as_str().to_owned(),
            label: words.since(&since).to_owned(),
            count: rows.iter().filter(|row| row.finding.baseline == Some(since)).count(),
        })
        .filter(|choice| choice.count > 0)
        .collect();
    // Without a baseline there is nothing to choose.
    if !choices.is_empty() {
        let label = words.difference("baseline").to_owned();
        filters.insert(2, Filter { key: "since", label, chips: true, choices });
    }
    filters
}

fn item_filters(rows: &[ItemRow<'_>], words: Words) -> Vec<Filter> {
    vec![
        status_filter("status", words.column("verdict"), rows.iter().map(|row| row.item.verdict), words),
        listed_filter(
            "category",
            words.column("category"),
            rows.iter().map(|row| (row.item.category.clone(), row.item.category_title.clone())),
        ),
        listed_filter(
            "workload",
            words.column("workload"),
            rows.iter()
                .filter(|row| !row.item.workload.is_empty())
                .map(|row| (row.item.workload.clone(), row.workload.to_owned())),
        ),
        listed_filter(
            "answer",
            words.column("answer_status"),
            rows.iter().map(|row| {
                (answer_key(row.item.answer_status).to_owned(), words.answer(&row.item.answer_status).to_owned())
            }),
        ),
    ]
}

fn coverage_filters(report: &Report, words: Words) -> Vec<Filter> {
    let lines = || report.coverage.iter();
    let mut status = listed_filter(
        "status",
        words.column("status"),
        lines().map(|line| (line.status.clone(), words.of("coverage_status", &line.status).to_owned())),
    );
    status.chips = true;
    vec![
        status,
        listed_filter(
            "account",
            words.column("account"),
            lines().map(|line| (key(&line.account).to_owned(), key(&line.account).to_owned())),
        ),
        listed_filter(
            "region",
            words.column("region"),
            lines().map(|line| (key(&line.region).to_owned(), key(&line.region).to_owned())),
        ),
    ]
}

fn status_filter(key: &'static str, label: &str, rows: impl Iterator<Item = Status>, words: Words) -> Filter {
    let mut counts = Counts::new();
    rows.for_each(|status| *counts.entry(status).or_default() += 1);
    let choices = nonzero(&counts).into_iter().map(|(status, count)| Choice {
        value: status.as_str().to_owned(),
        label: words.status(&status).to_owned(),
        count,
    });
    Filter { key, label: label.to_owned(), chips: true, choices: choices.collect() }
}

fn severity_filter(rows: impl Iterator<Item = Severity>, words: Words) -> Filter {
    let mut counts: BTreeMap<Severity, usize> = BTreeMap::new();
    rows.for_each(|severity| *counts.entry(severity).or_default() += 1);
    let choices = counts.into_iter().rev().map(|(severity, count)| Choice {
        value: severity.as_str().to_owned(),
        label: words.severity(&severity).to_owned(),
        count,
    });
    Filter { key: "severity", label: words.column("severity").to_owned(), chips: true, choices: choices.collect() }
}

/// The values that occur, by label.
fn listed_filter(key: &'static str, label: &str, rows: impl Iterator<Item = (String, String)>) -> Filter {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    rows.for_each(|(value, label)| *counts.entry((label, value)).or_default() += 1);
    let choices = counts.into_iter().map(|((label, value), count)| Choice { value, label, count }).collect();
    Filter { key, label: label.to_owned(), chips: false, choices }
}

fn policy() -> String {
    // Images: only the empty icon, a data address that keeps browsers from asking a server for one.
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; \
         form-action 'none'",
        digest(SCRIPT),
        digest(STYLE)
    )
}

fn digest(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}

const fn answer_key(status: AnswerStatus) -> &'static str {
    match status {
        AnswerStatus::NotStarted => "not_started",
        AnswerStatus::InProgress => "in_progress",
        AnswerStatus::Done => "done",
        AnswerStatus::NotApplicable => "not_applicable",
    }
}

fn key(text: &str) -> &str {
    if text.is_empty() { NOTHING } else { text }
}

fn sum(counts: &Counts) -> usize {
    counts.values().sum()
}

/// All statuses, in the order of reports.
fn listed(counts: &Counts) -> Vec<(Status, usize)> {
    Status::ALL.into_iter().map(|status| (status, counts.get(&status).copied().unwrap_or_default())).collect()
}

fn nonzero(counts: &Counts) -> Vec<(Status, usize)> {
    listed(counts).into_iter().filter(|(_, count)| *count > 0).collect()
}

/// The shares in percent, none below the smallest; what that adds is taken from all in proportion.
fn shares(counts: &[(Status, usize)], total: usize) -> Vec<f64> {
    let raised: Vec<f64> =
        counts.iter().map(|(_, count)| (*count as f64 * 100.0 / total.max(1) as f64).max(SMALLEST_SHARE)).collect();
    let whole: f64 = raised.iter().sum();
    raised.iter().map(|share| share * 100.0 / whole).collect()
}

fn percent(share: f64) -> String {
    format!("{share:.2}%")
}

/// 1,234,567
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
