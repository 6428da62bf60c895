use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::diagnostic::SourceFile;
use crate::import::{Import, Outcome};
use crate::manifest::Manifest;
use crate::model::Language;
use crate::report::messages::Messages;
use crate::rules::{Overrides, RuleSet};

const MANIFEST: &str =
    "version: 1\nworkloads:\n  - name: mks\n    dr_region: ap-northeast-3\n    select: { tags: { System: mks } }\n";

/// A form as people fill it in: key, content, measured RTO and RPO. What looks like a day is one.
fn form(language: Language, lines: &[(&str, &str, &str, &str)]) -> Vec<u8> {
    let words = Messages::of(language);
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let heads = [("document", "content"), ("document", "rto_measured"), ("document", "rpo_measured")];
    for (column, (group, key)) in (0..).zip(heads.into_iter().chain([("column", "workload"), ("document", "id")])) {
        sheet.write(0, column, words.get(group, key)).expect("a cell");
    }
    for (row, (key, content, rto, rpo)) in (1..).zip(lines) {
        match ExcelDateTime::parse_from_str(content) {
            Ok(day) if content.len() == 10 => {
                sheet.write_with_format(row, 0, &day, &Format::new().set_num_format("yyyy-mm-dd")).expect("a day");
            }
            _ => {
                sheet.write(row, 0, *content).expect("a cell");
            }
        }
        for (column, text) in [(1, *rto), (2, *rpo), (3, "mks"), (4, *key)] {
            sheet.write(row, column, text).expect("a cell");
        }
    }
    workbook.save_to_buffer().expect("a workbook")
}

/// A tracker: id, status, and what it was when it was written.
fn tracker(lines: &[(&str, &str, &str)]) -> Vec<u8> {
    let words = Messages::of(Language::En);
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let heads = [("document", "status"), ("column", "workload"), ("document", "id"), ("document", "recorded")];
    for (column, (group, key)) in (0..).zip(heads) {
        sheet.write(0, column, words.get(group, key)).expect("a cell");
    }
    for (row, (id, status, recorded)) in (1..).zip(lines) {
        for (column, text) in [(0, *status), (1, "mks"), (2, *id), (3, *recorded)] {
            sheet.write(row, column, text).expect("a cell");
        }
    }
    workbook.save_to_buffer().expect("a workbook")
}

fn import(workbook: &[u8], answers: &str) -> Outcome {
    let rules = RuleSet::load(&[], &Overrides::new()).expect("our own rules");
    let manifest = Manifest::parse(&SourceFile::new("sonae.yaml", MANIFEST)).expect("a manifest");
    let import = Import {
        name: "checklist.xlsx",
        workbook,
        rules: &rules,
        manifest: &manifest,
        answers: &SourceFile::new("answers.yaml", answers),
        waivers: &SourceFile::new("waivers.yaml", ""),
        answered_by: None,
        answered_on: Some("2026-11-25".parse().expect("a day")),
        language: Language::En,
    };
    import.run().expect("an import")
}

/// The answers by rule, as JSON.
fn answers(outcome: &Outcome) -> serde_json::Value {
    let text = outcome.answers.as_deref().unwrap_or("answers: []");
    let file: serde_json::Value = crate::yaml::parse(&SourceFile::new("answers.yaml", text)).expect("YAML");
    let entries = file["answers"].as_array().expect("answers").iter();
    entries.map(|entry| (entry["rule"].as_str().expect("a rule").to_owned(), entry.clone())).collect()
}

const REPORT: &[(&str, &str, &str, &str)] = &[
    ("purpose", "Show that it can be recovered", "", ""),
    ("plan", "Region: switch over", "", ""),
    ("scope.data", "", "1h 35m", "5m"),
    ("scope.instance", "Yes", "", ""),
    ("scope.az", "No", "", ""),
    ("scope.region", "Yes", "11h 20m", "7h"),
    ("planned", "2026-11-20", "", ""),
    ("date", "2026-11-20", "", ""),
    ("people", "Takahashi, Sato", "", ""),
    ("whole", "Yes", "", ""),
    ("result", "Passed", "", ""),
    ("problems", "DNS took 20 minutes", "", ""),
    ("improvements", "Shorter TTL", "", ""),
    ("report", "https://wiki.example.com/drill", "", ""),
    ("written", "2026-11-21", "", ""),
];

#[test]
fn a_report_answers_the_questions_on_drills() {
    let outcome = import(&form(Language::En, REPORT), "");
    assert!(outcome.complete(), "{}", outcome.problems());
    let answers = answers(&outcome);
    let rules: Vec<&String> = answers.as_object().expect("answers").keys().collect();
    assert_eq!(rules.len(), 6, "{rules:?}");
    let performed = &answers["ftr-dr-007-dr-test-performed"];
    assert_eq!(performed["workload"], "mks");
    assert_eq!(performed["status"], "done");
    assert_eq!(performed["answered_at"], "2026-11-21");
    assert_eq!(performed["answered_by"], "Takahashi, Sato");
    assert_eq!(performed["evidence"][0], "https://wiki.example.com/drill");
    assert_eq!(performed["facts"], serde_json::json!({ "last_test": "2026-11-20", "result": "passed" }));
    let text = performed["text"].as_str().expect("a text");
    assert!(text.contains("11h 20m") && text.contains("DNS took 20 minutes"), "{text}");
    let scope = &answers["ftr-dr-008-dr-test-scope-period"]["facts"]["scope"];
    // What was measured was rehearsed too.
    assert_eq!(*scope, serde_json::json!(["instance", "region", "data"]));
    assert_eq!(answers["ops-annual-bcp-drill"]["facts"]["last_drill"], "2026-11-20");
    assert_eq!(answers["ops-bcp-drill-report-complete"]["facts"]["items"].as_array().map(Vec::len), Some(8));
    let measured =
        serde_json::json!({ "rto_data": "1h 35m", "rpo_data": "5m", "rto_region": "11h 20m", "rpo_region": "7h" });
    assert_eq!(answers["ops-drill-meets-objectives"]["facts"], measured);
}

#[test]
fn a_form_in_japanese_says_the_same() {
    let lines: Vec<(&str, &str, &str, &str)> = REPORT
        .iter()
        .map(|(key, content, rto, rpo)| {
            let content = match *content {
                "Yes" => "実施",
                "No" => "未実施",
                "Passed" => "合格",
                other => other,
            };
            let duration = |text: &'static str| match text {
                "11h 20m" => "11時間20分",
                other => other,
            };
            (*key, content, duration(rto), *rpo)
        })
        .collect();
    let of = |lines| answers(&import(&form(Language::Ja, lines), ""));
    let facts = |answers: &serde_json::Value| -> Vec<serde_json::Value> {
        answers.as_object().expect("answers").values().map(|entry| entry["facts"].clone()).collect()
    };
    assert_eq!(facts(&of(&lines)), facts(&answers(&import(&form(Language::En, REPORT), ""))));
}

#[test]
fn a_plan_answers_nothing() {
    let outcome = import(&form(Language::En, &REPORT[..2]), "");
    assert!(outcome.complete() && outcome.answers.is_none(), "{}", outcome.problems());
}

#[test]
fn a_report_without_its_result_is_named() {
    let lines: Vec<_> = REPORT.iter().copied().filter(|(key, ..)| *key != "result").collect();
    let outcome = import(&form(Language::En, &lines), "");
    assert!(outcome.answers.is_none());
    assert!(outcome.problems().contains("mks: Result"), "{}", outcome.problems());
}

#[test]
fn a_drill_of_technicians_is_no_bcp_drill() {
    let lines: Vec<_> = REPORT
        .iter()
        .copied()
        .map(|(key, content, rto, rpo)| (key, if key == "whole" { "No" } else { content }, rto, rpo))
        .collect();
    let answers = answers(&import(&form(Language::En, &lines), ""));
    assert!(answers.get("ops-annual-bcp-drill").is_none());
}

#[test]
fn what_is_no_choice_and_no_duration_is_named_with_its_cell() {
    let mut lines = REPORT.to_vec();
    lines[2] = ("scope.data", "", "soon", "5m");
    lines[4] = ("scope.az", "maybe", "", "");
    lines[10] = ("result", "excellent", "", "");
    let outcome = import(&form(Language::En, &lines), "");
    let said = outcome.problems();
    for part in ["Sheet1!B4", "soon", "Sheet1!A6", "maybe", "Sheet1!A12", "excellent"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(outcome.answers.is_none(), "without a result there is no report");
}

#[test]
fn a_status_that_people_chose_is_theirs() {
    let chosen = tracker(&[
        ("design-sheet", "Done", "in_progress"),
        ("runbooks", "In progress", "in_progress"),
        ("calendar", "Not started", "not_started stated"),
    ]);
    let outcome = import(&chosen, "");
    assert!(outcome.complete(), "{}", outcome.problems());
    let answer = &answers(&outcome)["ops-dev-process-gate"];
    assert_eq!(answer["facts"]["statuses"], serde_json::json!(["design-sheet=done", "calendar=not_started"]));
    assert_eq!(answer["facts"]["deliverables"], serde_json::json!(["design", "test"]));
    assert_eq!(answer["answered_at"], "2026-11-25");
}

#[test]
fn a_tracker_in_which_nobody_changed_anything_answers_nothing() {
    let as_it_was = tracker(&[("design-sheet", "Done", "done"), ("calendar", "Not started", "not_started stated")]);
    let outcome = import(&as_it_was, "");
    assert!(outcome.complete() && outcome.answers.is_none(), "{}", outcome.problems());
}
