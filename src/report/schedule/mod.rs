//! The calendar: what has a date, and what should have one.
//!
//! Dates come from answers, waivers and restores. What lies in the past is gathered on the day of the snapshot, so that
//! it is seen. A drill or test that nobody planned, and that no earlier one gives a date for, stands 30 days after the
//! snapshot, as tentative and marked as still to be planned: an invented date must not pass for an agreed one.

mod ical;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::Value as Json;

use super::messages::Messages;
use super::visible;
use crate::assess::model::{AnswerStatus, Finding, Report, Status};
use crate::model::Seconds;

pub use ical::write as ical;

/// How long before a drill, a test or the end of a waiver people are reminded.
const REMINDER_DAYS: i64 = 30;
/// When to have planned what nobody planned yet.
const PLAN_WITHIN_DAYS: i64 = 30;

/// A day in the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The same in every run for the same thing, also when its date changes.
    pub key: String,
    /// The day.
    pub date: Date,
    /// What is to be done, and for which workload.
    pub title: String,
    /// The particulars, a line each.
    pub description: String,
    /// What kind of thing it is, for the categories of a calendar.
    pub kind: Kind,
    /// Whether the date is only a proposal.
    pub tentative: bool,
    /// How many days before to remind people.
    pub reminder: Option<i64>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// What has passed already.
    Overdue,
    /// Bring data back from a backup.
    RestoreTest,
    /// Fail over by the runbooks.
    DrTest,
    /// From the decision to the recovery, with everybody.
    BcpDrill,
    /// Look at objectives and runbooks again.
    Revision,
    /// Give answers again.
    Review,
    /// Finish an item.
    Due,
    /// A waiver ends.
    Waiver,
}

impl Kind {
    /// The key of its words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Overdue => "overdue",
            Kind::RestoreTest => "restore_test",
            Kind::DrTest => "dr_test",
            Kind::BcpDrill => "bcp_drill",
            Kind::Revision => "revision",
            Kind::Review => "review",
            Kind::Due => "due",
            Kind::Waiver => "waiver",
        }
    }
}

/// When something is to take place again, by the last time and the longest interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Nobody needs it.
    NotNeeded,
    /// By that day.
    By(Date),
    /// It never took place, as far as is known.
    Open,
}

impl Next {
    fn of(by: Option<Date>) -> Self {
        by.map_or(Next::Open, Next::By)
    }
}

/// What the calendar holds, by date.
pub fn events(report: &Report) -> Vec<Event> {
    let mut calendar = Calendar {
        report,
        words: Messages::of(report.language),
        today: report.snapshot.taken_at.to_zoned(TimeZone::UTC).date(),
        events: Vec::new(),
        overdue: Vec::new(),
    };
    for workload in report.workloads.iter().filter(|workload| workload.name != "default") {
        calendar.tests(&workload.name);
    }
    calendar.reviews();
    calendar.due();
    calendar.waivers();
    calendar.finish()
}

struct Calendar<'r> {
    report: &'r Report,
    words: &'static Messages,
    today: Date,
    events: Vec<Event>,
    /// By workload: what has passed.
    overdue: Vec<(&'r str, String)>,
}

impl<'r> Calendar<'r> {
    /// Drills, tests and the revision of a workload.
    fn tests(&mut self, workload: &'r str) {
        let calendar = self.finding("ops-test-calendar", workload);
        let planned = |key: &str| calendar.and_then(|finding| date(finding.evidence.0.get(key)?));
        let restore = self.restored(workload);
        let dr_test = ["ftr-dr-007-dr-test-performed", "ftr-dr-009-dr-test-date-recorded"];
        let last_test = dr_test
            .into_iter()
            .chain(["ftr-dr-008-dr-test-scope-period"])
            .filter_map(|rule| date(self.finding(rule, workload)?.evidence.0.get("last_test")?));
        let last_test = last_test.filter(|last| *last <= self.today).max();
        let needed = |rule: &str| {
            let finding = self.finding(rule, workload)?;
            (finding.status == Status::Pass || !settled(finding)).then_some(finding)
        };
        let dr_test = match needed("ftr-dr-007-dr-test-performed") {
            None => Next::NotNeeded,
            Some(_) => Next::of(last_test.and_then(|last| {
                let rule = self.finding("ftr-dr-008-dr-test-scope-period", workload)?;
                after(last, rule.evidence.0.get("interval")?)
            })),
        };
        let bcp_drill = match needed("ops-annual-bcp-drill") {
            None => Next::NotNeeded,
            Some(finding) => {
                let last = finding.evidence.0.get("last_drill").and_then(date).filter(|last| *last <= self.today);
                Next::of(last.and_then(|last| after(last, finding.evidence.0.get("interval")?)))
            }
        };
        for (kind, key, otherwise) in [
            (Kind::RestoreTest, "next_restore_test", restore),
            (Kind::DrTest, "next_dr_test", dr_test),
            (Kind::BcpDrill, "next_bcp_drill", bcp_drill),
            (Kind::Revision, "next_review", Next::NotNeeded),
        ] {
            self.test(kind, workload, planned(key), otherwise);
        }
    }

    /// One of them: as planned, else by its interval, else still to be planned.
    fn test(&mut self, kind: Kind, workload: &str, planned: Option<Date>, otherwise: Next) {
        let future = |date: &Date| *date >= self.today;
        let (title, basis, date, tentative) = match (planned.filter(future), otherwise) {
            (Some(date), _) => ("planned", "planned_why", date, false),
            (None, Next::NotNeeded) => return,
            (None, Next::By(date)) if future(&date) => ("deadline", "deadline_why", date, false),
            (None, Next::By(_) | Next::Open) => {
                ("unplanned", "unplanned_why", days_after(self.today, PLAN_WITHIN_DAYS), true)
            }
        };
        let what = self.words.get("schedule", kind.as_str()).to_owned();
        let values = [("workload", self.title(workload)), ("what", what.as_str())];
        let event = Event {
            key: format!("{}|{workload}", kind.as_str()),
            date,
            title: self.words.format("schedule", title, &values),
            description: self.words.get("schedule", basis).to_owned(),
            kind,
            tentative,
            reminder: (!tentative).then_some(REMINDER_DAYS),
        };
        self.events.push(event);
    }

    /// By when AWS Backup must have restored something of the workload again: the resource whose turn is first decides.
    fn restored(&self, workload: &str) -> Next {
        let mut next = Next::NotNeeded;
        let findings = self.report.findings.iter();
        for finding in findings.filter(|it| it.rule == "backup-restore-test" && it.workload == workload) {
            let own = match finding.status {
                Status::NotApplicable | Status::Waived | Status::Unknown => continue,
                Status::Fail | Status::Manual => Next::Open,
                Status::Pass => {
                    let restored = finding.evidence.0.get("restored").and_then(Json::as_array);
                    let newest = restored.into_iter().flatten().filter_map(date).max();
                    Next::of(newest.and_then(|last| after(last, finding.evidence.0.get("allowed_age")?)))
                }
            };
            next = match (next, own) {
                (Next::By(first), Next::By(second)) => Next::By(first.min(second)),
                (Next::NotNeeded, own) => own,
                (Next::Open, _) | (_, Next::Open) => Next::Open,
                (Next::By(first), Next::NotNeeded) => Next::By(first),
            };
        }
        next
    }

    /// Answers that are to be given again: one event a workload and day, since a day with twenty entries hides them.
    fn reviews(&mut self) {
        let mut days: std::collections::BTreeMap<(&str, Date), Vec<&str>> = std::collections::BTreeMap::new();
        for item in &self.report.checklist {
            if let Some(day) = parse(&item.review) {
                days.entry((&item.workload, day)).or_default().push(&item.item);
            }
        }
        for ((workload, day), items) in days {
            if day < self.today {
                let date = day.to_string();
                for item in items {
                    let line = self.words.format("schedule", "overdue_review", &[("item", item), ("date", &date)]);
                    self.overdue.push((workload, line));
                }
                continue;
            }
            let count = items.len().to_string();
            let values = [("workload", self.title(workload)), ("n", count.as_str())];
            let event = Event {
                key: format!("review|{workload}|{day}"),
                date: day,
                title: self.words.format("schedule", "review_title", &values),
                description: items.iter().map(|item| format!("- {item}")).collect::<Vec<_>>().join("\n"),
                kind: Kind::Review,
                tentative: false,
                reminder: None,
            };
            self.events.push(event);
        }
    }

    /// Items that somebody gave a date and that are still open.
    fn due(&mut self) {
        for item in &self.report.checklist {
            let Some(day) = parse(&item.due) else { continue };
            let closed = matches!(item.answer_status, AnswerStatus::Done | AnswerStatus::NotApplicable)
                && matches!(item.verdict, Status::Pass | Status::NotApplicable | Status::Waived);
            if closed {
                continue;
            }
            if day < self.today {
                let values = [("item", item.item.as_str()), ("date", item.due.as_str())];
                self.overdue.push((&item.workload, self.words.format("schedule", "overdue_due", &values)));
                continue;
            }
            let owner = self.words.format("schedule", "owner", &[("owner", &item.owner)]);
            let lines = [if item.owner.is_empty() { "" } else { &owner }, &item.verdict_text, &item.comment];
            let event = Event {
                key: format!("due|{}|{}", item.rule, item.workload),
                date: day,
                title: self.words.format(
                    "schedule",
                    if item.workload.is_empty() { "due_title_all" } else { "due_title" },
                    &[("workload", self.title(&item.workload)), ("item", &item.item)],
                ),
                description: lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"),
                kind: Kind::Due,
                tentative: false,
                reminder: None,
            };
            self.events.push(event);
        }
    }

    fn waivers(&mut self) {
        for (place, waiver) in self.report.waivers.iter().enumerate() {
            let Some(day) = parse(&waiver.expires) else { continue };
            let item = self.report.rules.get(&waiver.rule).map_or(waiver.rule.as_str(), |rule| rule.title.as_str());
            if day < self.today {
                let values = [("item", item), ("date", waiver.expires.as_str())];
                self.overdue.push(("", self.words.format("schedule", "overdue_waiver", &values)));
                continue;
            }
            let same =
                |other: &&crate::assess::model::WaiverReport| other.rule == waiver.rule && other.scope == waiver.scope;
            let earlier = self.report.waivers.iter().take(place).filter(same).count();
            let values = [("reason", &*waiver.reason), ("owner", &waiver.owner), ("approver", &waiver.approver)];
            let event = Event {
                key: format!("waiver|{}|{}|{earlier}", waiver.rule, waiver.scope),
                date: day,
                title: self.words.format("schedule", "waiver_title", &[("item", item)]),
                description: format!("{}\n{}", waiver.scope, self.words.format("schedule", "waiver_text", &values)),
                kind: Kind::Waiver,
                tentative: false,
                reminder: Some(REMINDER_DAYS),
            };
            self.events.push(event);
        }
    }

    fn finish(mut self) -> Vec<Event> {
        let mut lines: Vec<(&str, Vec<String>)> = Vec::new();
        for (workload, line) in std::mem::take(&mut self.overdue) {
            match lines.iter_mut().find(|(name, _)| *name == workload) {
                Some((_, all)) => all.push(line),
                None => lines.push((workload, vec![line])),
            }
        }
        for (workload, lines) in lines {
            let count = lines.len().to_string();
            let key = if workload.is_empty() { "overdue_title_all" } else { "overdue_title" };
            let values = [("workload", self.title(workload)), ("n", count.as_str())];
            self.events.push(Event {
                key: format!("overdue|{workload}"),
                date: self.today,
                title: self.words.format("schedule", key, &values),
                description: lines.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n"),
                kind: Kind::Overdue,
                tentative: false,
                reminder: None,
            });
        }
        for event in &mut self.events {
            event.title = visible::prose(&event.title);
            event.description = visible::lines(&event.description).into_owned();
        }
        self.events.sort_by(|a, b| (a.date, a.kind, &a.key).cmp(&(b.date, b.kind, &b.key)));
        self.events
    }

    fn finding(&self, rule: &str, workload: &str) -> Option<&'r Finding> {
        self.report.findings.iter().find(|finding| finding.rule == rule && finding.workload == workload)
    }

    /// What people call a workload.
    fn title<'t>(&'t self, workload: &'t str) -> &'t str {
        let known = self.report.workloads.iter().find(|known| known.name == workload);
        known.map(|known| known.title.as_str()).filter(|title| !title.is_empty()).unwrap_or(workload)
    }
}

/// Whether nothing is to be done about a finding.
fn settled(finding: &Finding) -> bool {
    matches!(finding.status, Status::Pass | Status::NotApplicable | Status::Waived)
}

/// The day of a JSON value that is a date or a time.
fn date(value: &Json) -> Option<Date> {
    let text = value.as_str()?;
    parse(text).or_else(|| Some(text.parse::<Timestamp>().ok()?.to_zoned(TimeZone::UTC).date()))
}

fn parse(day: &str) -> Option<Date> {
    // The parser would take the day out of a time with an offset, which may be another day in UTC.
    (day.len() == 10).then(|| day.parse().ok()).flatten()
}

/// The day that many seconds, given in ISO 8601, after another one.
fn after(day: Date, interval: &Json) -> Option<Date> {
    let Seconds(seconds) = Seconds::parse(interval.as_str()?).ok()?;
    day.checked_add(Span::new().try_days(seconds / 86_400).ok()?).ok()
}

fn days_after(day: Date, days: i64) -> Date {
    Span::new().try_days(days).and_then(|span| day.checked_add(span)).unwrap_or(day)
}

#[cfg(test)]
mod tests;
