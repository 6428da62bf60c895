//! The demo: what people see first, in both languages.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use insta::assert_snapshot;
use serde_json::Value as Json;
use sonae::assess::model::{Finding, Group, Report, Status};

use crate::common::{Demo, Place, demo};

const FILES: [&str; 4] = ["checklist.xlsx", "documents", "report.html", "report.json"];

/// The report as the library reads it back: `report.json` is the model.
fn model(demo: &Demo) -> Report {
    serde_json::from_value(demo.json.clone()).expect("the report model")
}

#[test]
fn the_demo_writes_its_reports_in_both_languages() {
    for (language, word) in [("ja", "マイナンバー管理"), ("en", "My Number Keeping System")] {
        let run = demo(language);
        assert!(run.stderr.is_empty(), "{}", run.stderr);
        assert_eq!(run.files, FILES);
        assert!(run.html.contains(&format!("lang=\"{language}\"")) && run.html.contains(word));
        assert!(run.xlsx.starts_with(b"PK"));
        assert_eq!(run.json["language"], language);
    }
}

#[test]
fn two_runs_give_the_same_bytes() {
    for language in ["ja", "en"] {
        let first = demo(language);
        let place = Place::new();
        place.sonae().args(["demo", "--lang", language, "--out", "second"]).run().expect(1);
        let json = serde_json::to_string_pretty(&first.json).expect("JSON") + "\n";
        for (file, bytes) in FILES.into_iter().filter(|name| *name != "documents").zip([
            &first.xlsx[..],
            first.html.as_bytes(),
            json.as_bytes(),
        ]) {
            assert!(place.read(&format!("second/{file}")) == bytes, "{file} differs between two runs");
        }
    }
}

#[test]
fn every_status_is_shown() {
    let report = model(demo("en"));
    for status in Status::ALL {
        assert!(report.summary.by_status[&status] > 0, "nothing is {}", status.as_str());
    }
}

#[test]
fn every_workload_has_the_nine_items_of_the_foundational_technical_review() {
    let report = model(demo("en"));
    assert!(!report.workloads.is_empty());
    let wanted: Vec<String> = (1..=9).map(|number| format!("DR-{number:03}")).collect();
    for workload in report.workloads.iter().filter(|workload| workload.name != "default") {
        let items: Vec<&str> =
            report.ftr.iter().filter(|item| item.workload == workload.name).map(|item| item.id.as_str()).collect();
        assert_eq!(items[..wanted.len()], wanted, "{}", workload.name);
        // And those of the current checklist after them, each once.
        let current: Vec<&str> = items[wanted.len()..].to_vec();
        for item in ["BAR-001", "BAR-002", "RES-001", "RES-002", "RES-004", "RES-005", "RES-006", "RES-007", "ARC-005"]
        {
            assert_eq!(current.iter().filter(|id| **id == item).count(), 1, "{}: {item} in {current:?}", workload.name);
        }
    }
}

#[test]
fn an_item_of_the_current_checklist_is_as_good_as_its_worst_finding() {
    let report = model(demo("en"));
    let item = report.ftr.iter().find(|item| item.id == "BAR-001" && item.workload == "mks").expect("BAR-001");
    let of_item = |finding: &&Finding| {
        finding.workload == "mks"
            && report.rules[&finding.rule].maps.get("ftr").is_some_and(|ids| ids.contains(&item.id))
    };
    let findings: Vec<&Finding> = report.findings.iter().filter(of_item).collect();
    let failed = findings.iter().filter(|finding| finding.status == Status::Fail).count();
    assert!(failed > 0, "the demo has something to mend");
    assert_eq!(item.status, Status::Fail);
    assert!(item.notes.starts_with(&format!("{failed} of {} fail: ", findings.len())), "{}", item.notes);
}

#[test]
fn the_numbers_agree_with_each_other() {
    let report = model(demo("en"));
    let count = |keep: &dyn Fn(Status) -> bool| report.findings.iter().filter(|finding| keep(finding.status)).count();
    for (status, number) in &report.summary.by_status {
        assert_eq!(count(&|found| found == *status), *number, "{}", status.as_str());
    }
    let failed: usize = report.summary.by_severity.values().sum();
    assert_eq!(failed, count(&|found| found == Status::Fail));
    let sum = |groups: &[Group]| -> usize { groups.iter().flat_map(|group| group.by_status.values()).sum() };
    assert_eq!(sum(&report.summary.by_category), report.findings.len());
    assert_eq!(sum(&report.summary.by_workload), report.findings.len());
    // Workloads belong to no account.
    let somewhere = report.findings.iter().filter(|finding| !finding.account.is_empty()).count();
    let accounts: Vec<Group> =
        report.summary.by_account.iter().filter(|group| !group.key.is_empty()).cloned().collect();
    assert_eq!(sum(&accounts), somewhere);
    let ids: std::collections::BTreeSet<&str> = report.findings.iter().map(|finding| finding.id.as_str()).collect();
    assert_eq!(ids.len(), report.findings.len(), "the ids of findings are unique");
    for item in &report.checklist {
        assert_eq!(item.counts.values().sum::<usize>(), item.findings.len(), "line {}", item.no);
        assert!(item.findings.iter().all(|id| ids.contains(id.as_str())), "line {}", item.no);
    }
    let shown: std::collections::BTreeSet<&str> =
        report.checklist.iter().flat_map(|item| &item.findings).map(String::as_str).collect();
    assert_eq!(shown, ids, "every finding stands behind a line of the checklist");
}

#[test]
fn the_languages_differ_in_words_only() {
    let verdicts = |language: &str| -> Vec<(String, String, Status)> {
        model(demo(language)).findings.into_iter().map(|found| (found.id, found.resource, found.status)).collect()
    };
    assert_eq!(verdicts("ja"), verdicts("en"));
}

#[test]
fn no_text_is_missing_a_value() {
    for language in ["ja", "en"] {
        let report = model(demo(language));
        for finding in &report.findings {
            assert!(!finding.reason.trim().is_empty(), "{} on {}", finding.rule, finding.resource);
            assert!(!finding.reason.contains(['{', '}']), "{}: {}", finding.rule, finding.reason);
        }
        for item in &report.checklist {
            assert!(!item.verdict_text.trim().is_empty() && !item.item.trim().is_empty(), "line {}", item.no);
        }
    }
}

#[test]
fn the_summary_in_japanese() {
    assert_snapshot!(&demo("ja").stdout);
}

#[test]
fn the_summary_in_english() {
    assert_snapshot!(&demo("en").stdout);
}

/// `report.json` in a screen or two: what a review must see when a verdict changes.
#[test]
fn the_verdicts() {
    let report: &Json = &demo("en").json;
    let mut by_rule: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for finding in report["findings"].as_array().expect("findings") {
        let (rule, status) = (finding["rule"].as_str().expect("a rule"), finding["status"].as_str().expect("a status"));
        *by_rule.entry(rule).or_default().entry(status).or_default() += 1;
    }
    let mut overview = String::new();
    for (rule, counts) in by_rule {
        let counts: Vec<String> = counts.iter().map(|(status, count)| format!("{status} {count}")).collect();
        let _ = writeln!(overview, "{rule}: {}", counts.join(", "));
    }
    let keys: Vec<&str> = report.as_object().expect("an object").keys().map(String::as_str).collect();
    let _ = writeln!(overview, "keys: {}", keys.join(", "));
    let _ = writeln!(overview, "complete: {}", report["summary"]["complete"]);
    assert_snapshot!(overview);
}
