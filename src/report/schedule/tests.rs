use serde_json::json;

use super::*;
use crate::assess::model::{ChecklistItem, Evidence, WaiverReport};
use crate::model::Language;
use crate::report::sample::sample;

/// A report of 15 January 2026 with nothing in it that has a date.
fn empty() -> Report {
    let mut report = sample(Language::En);
    report.findings.clear();
    report.waivers.clear();
    for item in &mut report.checklist {
        (item.due, item.review) = (String::new(), String::new());
    }
    report
}

fn with(report: &mut Report, rule: &str, status: Status, evidence: &serde_json::Value) {
    let mut finding = sample(Language::En).findings.remove(0);
    (finding.rule, finding.status, finding.workload) = (rule.to_owned(), status, "mks".to_owned());
    finding.evidence = Evidence(evidence.as_object().cloned().expect("an object"));
    report.findings.push(finding);
}

fn lines(report: &Report) -> Vec<String> {
    let shown = |event: &Event| {
        let mark = if event.tentative { " ?" } else { "" };
        format!("{} {}{mark}", event.date, event.title)
    };
    events(report).iter().map(shown).collect()
}

fn item(report: &mut Report) -> &mut ChecklistItem {
    report.checklist.iter_mut().find(|item| item.question).expect("a question")
}

#[test]
fn nothing_with_a_date_is_an_empty_calendar() {
    assert_eq!(lines(&empty()), Vec::<String>::new());
}

#[test]
fn what_is_planned_wins_over_what_follows_from_an_interval() {
    let mut report = empty();
    let drill = json!({ "last_drill": "2025-09-01T00:00:00Z", "interval": "P365D" });
    with(&mut report, "ops-annual-bcp-drill", Status::Pass, &drill);
    assert_eq!(lines(&report), ["2026-09-01 My Number Keeping System: BCP drill due"]);
    with(&mut report, "ops-test-calendar", Status::Pass, &json!({ "next_bcp_drill": "2026-06-18T00:00:00Z" }));
    assert_eq!(lines(&report), ["2026-06-18 My Number Keeping System: BCP drill"]);
    assert_eq!(events(&report)[0].reminder, Some(30));
}

#[test]
fn what_nobody_planned_is_to_be_planned() {
    for evidence in
        [json!({ "last_drill": null, "interval": "P365D" }), json!({ "last_drill": "2024-01-01", "interval": "P365D" })]
    {
        let mut report = empty();
        with(&mut report, "ops-annual-bcp-drill", Status::Manual, &evidence);
        assert_eq!(lines(&report), ["2026-02-14 [To be planned] My Number Keeping System: BCP drill ?"]);
    }
    // Nor does a plan that has passed count.
    let mut report = empty();
    with(&mut report, "ops-annual-bcp-drill", Status::Manual, &json!({ "last_drill": null }));
    with(&mut report, "ops-test-calendar", Status::Fail, &json!({ "next_bcp_drill": "2026-01-14T00:00:00Z" }));
    assert_eq!(lines(&report), ["2026-02-14 [To be planned] My Number Keeping System: BCP drill ?"]);
}

#[test]
fn what_nobody_needs_is_not_planned() {
    let mut report = empty();
    with(&mut report, "ops-annual-bcp-drill", Status::NotApplicable, &json!({ "last_drill": null }));
    with(&mut report, "ftr-dr-007-dr-test-performed", Status::NotApplicable, &json!({ "last_test": null }));
    with(&mut report, "backup-restore-test", Status::NotApplicable, &json!({ "restored": [] }));
    assert_eq!(lines(&report), Vec::<String>::new());
}

#[test]
fn the_resource_whose_restore_is_oldest_decides() {
    let mut report = empty();
    for day in ["2025-08-01T03:00:00Z", "2025-06-01T03:00:00Z"] {
        let restored = json!({ "restored": [day, "2025-02-01T03:00:00Z"], "allowed_age": "P365D" });
        with(&mut report, "backup-restore-test", Status::Pass, &restored);
    }
    assert_eq!(lines(&report), ["2026-06-01 My Number Keeping System: Restore test due"]);
    with(&mut report, "backup-restore-test", Status::Fail, &json!({ "restored": [], "allowed_age": "P365D" }));
    assert_eq!(lines(&report), ["2026-02-14 [To be planned] My Number Keeping System: Restore test ?"]);
}

#[test]
fn dates_of_items_and_waivers() {
    let mut report = empty();
    item(&mut report).due = "2026-03-31".to_owned();
    item(&mut report).review = "2026-06-01".to_owned();
    report.waivers = sample(Language::En).waivers;
    let shown = lines(&report);
    assert_eq!(shown.len(), 4, "{shown:?}");
    // The waiver that ended already stands on the day of the snapshot.
    assert_eq!(shown[0], "2026-01-15 [Overdue] for all: 1");
    assert!(shown[1].starts_with("2026-03-31 My Number Keeping System: "), "{shown:?}");
    assert_eq!(shown[2], "2026-06-01 My Number Keeping System: answers to review (1)");
    assert!(shown[3].starts_with("2026-06-30 Waiver ends: "), "{shown:?}");
}

#[test]
fn what_is_due_today_is_not_overdue_and_what_is_done_is_not_due() {
    let mut report = empty();
    item(&mut report).due = "2026-01-15".to_owned();
    assert!(lines(&report)[0].starts_with("2026-01-15 My Number"));
    let done = item(&mut report);
    (done.answer_status, done.verdict) = (AnswerStatus::Done, Status::Pass);
    assert_eq!(lines(&report), Vec::<String>::new());
    item(&mut report).verdict = Status::Fail;
    assert_eq!(lines(&report).len(), 1, "an answer that does not hold is still to be mended");
}

#[test]
fn a_date_that_moves_is_still_the_same_event() {
    let key = |day: &str| {
        let mut report = empty();
        item(&mut report).due = day.to_owned();
        events(&report).remove(0).key
    };
    assert_eq!(key("2026-03-31"), key("2026-04-30"));
}

#[test]
fn two_waivers_of_one_scope_are_two_events() {
    let mut report = empty();
    let waiver: WaiverReport = sample(Language::En).waivers.remove(0);
    report.waivers = vec![waiver.clone(), waiver];
    let events = events(&report);
    assert_eq!(events.len(), 2);
    assert_ne!(events[0].key, events[1].key);
}

#[test]
fn texts_that_are_no_dates_are_no_events() {
    let mut report = empty();
    item(&mut report).due = "soon".to_owned();
    item(&mut report).review = "2026-02-30".to_owned();
    assert_eq!(lines(&report), Vec::<String>::new());
}
