//! Two reports compared, the baseline, and the trend.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::sync::LazyLock;

use calamine::{DataType, Reader as _, Xlsx};
use insta::assert_snapshot;
use proptest::prelude::*;
use serde_json::Value as Json;
use sonae::assess::model::{Finding, Report, Severity, Status};
use sonae::compare::{Change, Class, Difference, classes, compare, regressions};

use crate::common::{Place, demo};
use crate::snapshots::{Scan, bucket};

/// The demo's manifest with stricter objectives for one workload.
fn stricter(place: &Place) {
    let manifest = String::from_utf8(place.read("try/sonae.yaml")).expect("UTF-8");
    let strict = manifest.replace("rpo: { data: 24h, az: 1h, region: 24h }", "rpo: { data: 15m, az: 1h, region: 1h }");
    assert_ne!(strict, manifest);
    place.write("try/strict.yaml", strict);
}

/// The workload is important and not critical, so nothing of it is high.
const MEDIUM: [&str; 2] = ["--fail-on", "medium"];

/// The demo on disk, judged by its own manifest and by a stricter one, in both languages.
fn place() -> Place {
    let place = Place::new();
    place
        .sonae()
        .args(["demo", "--snapshot", "try", "--format", "json", "--lang", "ja", "--out", "ja", "-q"])
        .run()
        .expect(1);
    stricter(&place);
    for (language, out) in [("ja", "strict-ja"), ("en", "strict-en")] {
        let args = ["assess", "try", "--manifest", "try/strict.yaml", "--format", "json", "--lang", language];
        place.sonae().args(args).args(["--out", out, "-q"]).run().expect(1);
    }
    place
}

#[test]
fn stricter_objectives_in_both_languages() {
    let place = place();
    let args = ["diff", "ja/report.json", "strict-ja/report.json"];
    assert_snapshot!("strict_ja", place.sonae().args(args).args(MEDIUM).run().expect(1).stdout);
    let run = place.sonae().args(["diff", "try", "strict-en", "--lang", "en"]).args(MEDIUM).run().expect(1);
    assert_snapshot!("strict_en", run.stdout);
    place.sonae().args(args).run().expect(3);
    assert!(!place.path("sonae-report").exists(), "text is printed and nothing is written");
}

#[test]
fn packs_snapshots_and_reports_compare_with_each_other() {
    let place = place();
    place.sonae().args(["export", "try", "--format", "json", "--lang", "en", "--out", "old.zip", "-q"]).run().expect(0);
    let outputs: BTreeSet<String> = ["old.zip", "try", "ja", "ja/report.json"]
        .map(|old| {
            let args = ["diff", old, "strict-en", "--format", "json", "--lang", "en", "-q"];
            place.sonae().args(args).args(MEDIUM).run().expect(1);
            // The older texts are in the language of their report.
            let mut json = place.json("sonae-report/diff.json");
            for found in json["findings"].as_array_mut().expect("findings") {
                found["old"]["reason"] = Json::Null;
                found["old"]["evidence"] = Json::Null;
            }
            json.to_string()
        })
        .into();
    assert_eq!(outputs.len(), 1);
}

#[test]
fn the_languages_of_two_reports_make_no_difference() {
    let model = |language: &str| -> Report { serde_json::from_value(demo(language).json.clone()).expect("the model") };
    let comparison = compare(&model("ja"), &model("en"));
    let changed: Vec<&Difference> = comparison.findings.iter().filter(|found| found.class != Class::Open).collect();
    assert!(changed.is_empty(), "{changed:#?}");
}

#[test]
fn the_sheet_has_a_row_for_each_difference() {
    let place = place();
    for language in ["ja", "en"] {
        let args = ["diff", "ja", "strict-ja", "--format", "xlsx,json", "--lang", language, "--out", language, "-q"];
        place.sonae().args(args).args(MEDIUM).run().expect(1);
        let bytes = place.read(&format!("{language}/diff.xlsx"));
        let mut book = Xlsx::new(Cursor::new(&bytes)).expect("a workbook");
        let names = book.sheet_names();
        assert_eq!(names.len(), 1);
        let range = book.worksheet_range(&names[0]).expect("the sheet");
        let rows: Vec<Vec<String>> =
            range.rows().map(|row| row.iter().map(|cell| cell.as_string().unwrap_or_default()).collect()).collect();
        let json = place.json(&format!("{language}/diff.json"));
        assert_eq!(json["schema"], "sonae.diff/1");
        let found = json["findings"].as_array().expect("findings");
        let head = rows.iter().position(|row| row.iter().all(|cell| !cell.is_empty())).expect("a head");
        let id = rows[head].len() - 1;
        let shown: Vec<&str> =
            rows[head + 1..].iter().map(|row| row[id].as_str()).filter(|id| !id.is_empty()).collect();
        let ids: Vec<&str> = found.iter().map(|found| found["id"].as_str().expect("an id")).collect();
        assert_eq!(shown, ids, "{language}");
        let word = if language == "ja" { "新規" } else { "New" };
        let new = json["counts"]["new"].as_u64().expect("a number");
        assert!(new > 0);
        assert_eq!(rows.iter().filter(|row| row[0] == word).count() as u64, new + 1, "{language}: and the last table");
        // The counts by workload below add up to those of the whole.
        let sum: u64 = json["workloads"]
            .as_array()
            .expect("workloads")
            .iter()
            .flat_map(|workload| workload["counts"].as_object().expect("counts").values())
            .map(|count| count.as_u64().expect("a number"))
            .sum();
        let whole: u64 =
            json["counts"].as_object().expect("counts").values().map(|count| count.as_u64().expect("a number")).sum();
        assert_eq!(sum, whole);
    }
}

#[test]
fn markdown_is_a_table_in_which_names_are_text() {
    let place = Place::new();
    Scan::new().with(bucket("assets", "Enabled")).write(&place.path("old"));
    let mut odd = bucket("assets", "Suspended");
    odd.name = "[x](https://e.example)|<img src=x>`@all".into();
    Scan::new().with(odd).write(&place.path("new"));
    let run = place.sonae().args(["diff", "old", "new", "--format", "md", "--lang", "en"]).run().expect(1);
    assert_eq!(run.stdout, "sonae-report/diff.md\n");
    let text = String::from_utf8(place.read("sonae-report/diff.md")).expect("UTF-8");
    let line = text.lines().find(|line| line.contains("Pass → Fail") && line.contains("New")).expect("a new failure");
    assert!(line.contains("\\[x\\](https&#58;//e.example)\\|&lt;img src=x&gt;\\`&#64;all"), "{line}");
    let columns = |line: &str| line.replace("\\|", "").matches('|').count();
    let head = text.lines().find(|line| line.starts_with("| ")).expect("a head");
    assert_eq!(columns(line), columns(head), "{line}");
}

#[test]
fn exit_codes_follow_what_is_new() {
    let place = Place::new();
    Scan::new().with(bucket("a", "Enabled")).write(&place.path("good"));
    Scan::new().with(bucket("a", "Suspended")).write(&place.path("bad"));
    Scan::new().with(bucket("a", "Suspended")).with(bucket("b", "Suspended")).write(&place.path("worse"));
    let diff = |old: &str, new: &str, more: &[&str], code: i32| {
        let run = place.sonae().args(["diff", old, new, "--lang", "en"]).args(more).run();
        run.expect(code).stdout
    };
    let allow = ["--allow-unknown"];
    diff("good", "bad", &allow, 1);
    let fixed = diff("bad", "good", &allow, 0);
    assert!(fixed.contains("Fixed") && !fixed.contains("New  High"), "{fixed}");
    diff("bad", "bad", &allow, 0);
    diff("bad", "worse", &allow, 1);
    diff("good", "bad", &["--allow-unknown", "--fail-on", "never"], 0);
    diff("bad", "bad", &[], 3);
    let gone = diff("worse", "bad", &allow, 0);
    assert!(gone.contains("Gone"), "{gone}");
}

#[test]
fn what_was_not_read_this_time_is_not_gone() {
    let place = Place::new();
    Scan::new().with(bucket("a", "Suspended")).write(&place.path("old"));
    Scan::new().without("s3").write(&place.path("new"));
    let run = place.sonae().args(["diff", "old", "new", "--format", "json,text", "--lang", "en"]).run().expect(3);
    assert!(run.stdout.contains("Not read this time"), "{}", run.stdout);
    let json = place.json("sonae-report/diff.json");
    assert_eq!(json["counts"]["gone"], 0);
    assert_ne!(json["counts"]["unread"], 0);
}

#[test]
fn a_rule_that_appears_is_no_regression() {
    let place = Place::new();
    Scan::new().with(bucket("a", "Suspended")).write(&place.path("scan"));
    let assess = |rules: &str, out: &str, more: &[&str]| {
        let args = ["assess", "scan", "--format", "json,html,xlsx", "--allow-unknown", "--lang", "en", "--rule", rules];
        place.sonae().args(args).args(["--out", out]).args(more).run()
    };
    assess("s3-replication-dr-region", "old", &["--fail-on", "never"]).expect(0);
    let rules = "s3-replication-dr-region,s3-versioning-enabled";
    assess(rules, "alone", &[]).expect(1);
    let run = assess(rules, "new", &["--baseline", "old/report.json"]).expect(0);
    assert!(run.stdout.contains("By rules that were not judged before: 1"), "{}", run.stdout);
    let json = place.json("new/report.json");
    assert_eq!(json["baseline"]["new_rule"], 1);
    let versioning = |report: &Json| -> Json {
        let findings = report["findings"].as_array().expect("findings");
        findings.iter().find(|found| found["rule"] == "s3-versioning-enabled").expect("the finding").clone()
    };
    assert_eq!(versioning(&json)["baseline"], "new_rule");
    assert_eq!(versioning(&place.json("alone/report.json")).get("baseline"), None, "without one, nothing is said");
    let diff = place.sonae().args(["diff", "old", "new", "--lang", "en", "--allow-unknown"]).run().expect(0).stdout;
    assert!(diff.contains("Rules that are judged now (1)\n  s3-versioning-enabled"), "{diff}");
    let diff = place.sonae().args(["diff", "new", "old", "--lang", "en", "--allow-unknown"]).run().expect(0).stdout;
    assert!(diff.contains("Rules that are no longer judged (1)\n  s3-versioning-enabled"), "{diff}");
}

#[test]
fn with_a_baseline_only_new_problems_stop_the_gate() {
    let place = Place::new();
    Scan::new().with(bucket("a", "Suspended")).with(bucket("b", "Enabled")).write(&place.path("old"));
    Scan::new().with(bucket("a", "Suspended")).with(bucket("b", "Suspended")).write(&place.path("new"));
    let args = ["--rule", "s3-versioning-enabled", "--lang", "en"];
    place.sonae().args(["assess", "old", "--out", "last"]).args(args).run().expect(1);
    let same = ["assess", "old", "--baseline", "last/report.json"];
    let run = place.sonae().args(same).args(args).run().expect(0);
    assert!(run.stdout.contains("new 0, changed 0, still open 1, fixed 0, gone 0"), "{}", run.stdout);
    assert!(run.stdout.contains("No failure is new"), "{}", run.stdout);
    let run = place.sonae().args(["assess", "new", "--baseline", "last"]).args(args).run().expect(1);
    let report = run.report();
    let since: BTreeMap<&str, &str> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|found| (found["resource"].as_str().expect("a name"), found["baseline"].as_str().expect("a word")))
        .collect();
    assert_eq!(since, BTreeMap::from([("a", "open"), ("b", "new")]));
    let html = String::from_utf8(place.read("sonae-report/report.html")).expect("UTF-8");
    assert!(html.contains("data-since=\"new\"") && html.contains("data-filter=\"since\""));
    let bytes = place.read("sonae-report/checklist.xlsx");
    let mut book = Xlsx::new(Cursor::new(&bytes)).expect("a workbook");
    let findings = book.worksheet_range("Findings").expect("the sheet");
    let words: Vec<String> =
        findings.rows().map(|row| row.last().and_then(DataType::as_string).unwrap_or_default()).collect();
    assert_eq!(words, ["Since the baseline", "Still open", "New"]);
    place.sonae().args(["assess", "new", "--baseline", "missing.json"]).args(args).run().expect(2);
}

#[test]
fn what_is_no_report_is_named_with_its_cause() {
    let place = Place::new();
    place.write("cut.json", &serde_json::to_vec(&demo("en").json).expect("JSON")[..1000]);
    place.write("other.json", r#"{"schema": "sonae.report/99"}"#);
    place.write("damaged.json", r#"{"schema": "sonae.report/1", "findings": 7}"#);
    std::fs::create_dir(place.path("empty")).expect("a directory");
    place.write("good.json", serde_json::to_vec(&demo("en").json).expect("JSON"));
    for (wrong, cause) in [
        ("cut.json", "cut off"),
        ("other.json", "`sonae.report/99`"),
        ("damaged.json", "damaged report: "),
        ("missing.json", "cannot read missing.json"),
        ("empty", "neither a snapshot"),
    ] {
        for pair in [[wrong, "good.json"], ["good.json", wrong]] {
            let run = place.sonae().args(["diff"]).args(pair).run().expect(2);
            assert!(run.stderr.contains(wrong) && run.stderr.contains(cause), "{wrong}: {}", run.stderr);
        }
    }
}

/// A report of the demo as another quarter would have left it.
fn quarter(time: &str, failed: usize, complete: bool) -> Json {
    let mut json = demo("en").json.clone();
    json["generated_at"] = time.into();
    json["snapshot"]["taken_at"] = time.into();
    json["summary"]["by_status"]["fail"] = failed.into();
    json["summary"]["complete"] = complete.into();
    json
}

#[test]
fn the_last_quarters_stand_in_every_summary() {
    let place = Place::new();
    place.sonae().args(["demo", "--snapshot", "try", "--format", "json", "--out", "now", "-q"]).run().expect(1);
    assert_eq!(place.json("now/report.json")["trend"], serde_json::json!([]), "without history there is none");
    for (name, time, failed, complete) in [
        ("quarters/2025-07.json", "2025-07-01T00:00:00Z", 900, true),
        ("quarters/2025-10.json", "2025-10-01T00:00:00Z", 500, true),
        ("quarters/q1/report.json", "2026-01-05T00:00:00Z", 400, false),
        ("quarters/q2-early.json", "2026-04-05T00:00:00Z", 333, true),
        ("quarters/q2.json", "2026-06-30T23:59:59Z", 300, true),
        ("quarters/later.json", "2027-01-01T00:00:00Z", 1, true),
    ] {
        place.write(name, serde_json::to_vec(&quarter(time, failed, complete)).expect("JSON"));
    }
    place.write("quarters/readme.txt", "not a report");
    let manifest = String::from_utf8(place.read("try/sonae.yaml")).expect("UTF-8");
    place.write("try/history.yaml", format!("{manifest}\nhistory: [../quarters]\n"));
    let args = ["assess", "try", "--manifest", "try/history.yaml", "--lang", "en"];
    let run = place.sonae().args(args).run().expect(1);
    let report = run.report();
    let trend: Vec<(&str, u64)> = report["trend"]
        .as_array()
        .expect("the trend")
        .iter()
        .map(|point| {
            (point["quarter"].as_str().expect("a quarter"), point["by_status"]["fail"].as_u64().expect("a number"))
        })
        .collect();
    let now = report["summary"]["by_status"]["fail"].as_u64().expect("a number");
    let expected = [("2025-Q3", 900), ("2025-Q4", 500), ("2026-Q1", 400), ("2026-Q2", 300), ("2026-Q4", now)];
    assert_eq!(trend, expected, "the last report of each quarter, none from the future");
    for line in ["Jan–Mar 2026 (incomplete scan)", "Apr–Jun 2026", "Oct–Dec 2026"] {
        assert!(run.stdout.contains(line), "{line}: {}", run.stdout);
    }
    let html = String::from_utf8(place.read("sonae-report/report.html")).expect("UTF-8");
    assert!(html.contains("Trend by quarter") && html.contains("Jan–Mar 2026 (incomplete scan)"));
    let bytes = place.read("sonae-report/checklist.xlsx");
    let mut book = Xlsx::new(Cursor::new(&bytes)).expect("a workbook");
    let summary = book.worksheet_range("Summary").expect("the sheet");
    let row =
        summary.rows().find(|row| row[0].as_string().is_some_and(|name| name == "Apr–Jun 2026")).expect("the quarter");
    assert_eq!(row[1].as_f64(), Some(300.0));
    // What the scan or an export keeps gives the same trend without the files.
    place
        .sonae()
        .args(["export", "try", "--manifest", "try/history.yaml", "--format", "json", "--out", "p.zip", "-q"])
        .run()
        .expect(0);
    std::fs::remove_dir_all(place.path("quarters")).expect("the directory");
    place.sonae().args(["verify", "p.zip"]).run().expect(0);
    // And that pack is history for the next quarter.
    place.write("try/next.yaml", format!("{manifest}\nhistory: [../p.zip]\n"));
    place.sonae().args(["assess", "try", "--manifest", "try/next.yaml", "--out", "next", "-q"]).run().expect(1);
    assert_eq!(place.json("next/report.json")["trend"], serde_json::json!([]), "the same quarter is no history");
    let run = place.sonae().args(args).run().expect(2);
    assert!(run.stderr.contains("`history`") && run.stderr.contains("quarters"), "{}", run.stderr);
}

/// Findings of the demo, as material.
static FINDINGS: LazyLock<Vec<Finding>> = LazyLock::new(|| {
    let report: Report = serde_json::from_value(demo("en").json.clone()).expect("the model");
    let mut findings = report.findings;
    // Enough rules, resources and statuses, and few enough for many cases.
    findings.retain(|finding| finding.rule.starts_with("s3-") || finding.rule.starts_with("obj-"));
    findings.truncate(40);
    findings
});

static BASE: LazyLock<Report> = LazyLock::new(|| {
    let mut report: Report = serde_json::from_value(demo("en").json.clone()).expect("the model");
    report.findings.clear();
    report.checklist.clear();
    report.coverage.clear();
    report.rules.retain(|id, _| FINDINGS.iter().any(|finding| finding.rule == *id));
    report
});

/// A report with some of the findings, some of them different, and perhaps without one of the rules.
fn report() -> impl Strategy<Value = Report> {
    let statuses = proptest::sample::select(Status::ALL.to_vec());
    let severities = proptest::sample::select(Severity::ALL.to_vec());
    let one = (any::<bool>(), statuses, severities, any::<bool>());
    (proptest::collection::vec(one, FINDINGS.len()), proptest::option::of(any::<proptest::sample::Index>())).prop_map(
        |(each, without)| {
            let mut report = BASE.clone();
            let without = without.map(|place| place.get(&FINDINGS).rule.clone());
            report.rules.retain(|id, _| Some(id) != without.as_ref());
            for (finding, (there, status, severity, evident)) in FINDINGS.iter().zip(each) {
                if !there || Some(&finding.rule) == without.as_ref() {
                    continue;
                }
                let mut finding = finding.clone();
                (finding.status, finding.severity) = (status, severity);
                if evident {
                    finding.evidence.0.insert("other".to_owned(), 1.into());
                }
                report.findings.push(finding);
            }
            report
        },
    )
}

/// What a class must be when the two reports change places.
fn mirrored(class: Class) -> &'static [Class] {
    match class {
        Class::New => &[Class::Fixed, Class::Changed, Class::Gone, Class::Unread],
        Class::Changed => &[Class::Changed, Class::New, Class::Fixed],
        Class::Fixed => &[Class::New, Class::Changed],
        Class::Gone | Class::Unread => &[Class::New, Class::Added],
        Class::Open => &[Class::Open],
        Class::RuleAdded => &[Class::RuleRemoved],
        Class::RuleRemoved => &[Class::RuleAdded],
        Class::Settled => &[Class::Settled],
        Class::Added => &[Class::Gone, Class::Unread],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_report_does_not_differ_from_itself(report in report()) {
        let comparison = compare(&report, &report);
        prop_assert!(comparison.findings.iter().all(|found| found.class == Class::Open && found.changes.is_empty()));
        prop_assert!(comparison.rules_added.is_empty() && comparison.rules_removed.is_empty());
        for severity in Severity::ALL {
            prop_assert_eq!(regressions(&report, &report, severity), 0);
        }
    }

    #[test]
    fn every_finding_is_in_exactly_one_class((a, b) in (report(), report())) {
        let ids: BTreeSet<&str> = a.findings.iter().chain(&b.findings).map(|finding| finding.id.as_str()).collect();
        let classes = classes(&a, &b);
        prop_assert_eq!(classes.keys().copied().collect::<BTreeSet<_>>(), ids);
        let comparison = compare(&a, &b);
        let mut counts: BTreeMap<Class, usize> = Class::ALL.into_iter().map(|class| (class, 0)).collect();
        for class in classes.values() {
            *counts.entry(*class).or_default() += 1;
        }
        prop_assert_eq!(&comparison.counts, &counts);
        for found in &comparison.findings {
            prop_assert_eq!(classes[found.id.as_str()], found.class);
            prop_assert_eq!(found.class == Class::Changed, !found.changes.is_empty());
            prop_assert_eq!(found.changes.contains(&Change::Evidence), !found.values.is_empty());
        }
        let shown: BTreeSet<&str> = comparison.findings.iter().map(|found| found.id.as_str()).collect();
        prop_assert_eq!(shown.len(), comparison.findings.len());
        let counted = counts[&Class::Settled] + counts[&Class::Added];
        prop_assert_eq!(shown.len() + counted, classes.len());
    }

    #[test]
    fn the_other_way_round_is_the_mirror((a, b) in (report(), report())) {
        let (forth, back) = (classes(&a, &b), classes(&b, &a));
        for (id, class) in &forth {
            prop_assert!(mirrored(*class).contains(&back[id]), "{}: {:?} and {:?}", id, class, back[id]);
        }
    }

    #[test]
    fn a_gate_stops_for_what_fails_now_and_did_not((a, b) in (report(), report())) {
        let status = |report: &Report, id: &str| {
            report.findings.iter().find(|finding| finding.id == id).map(|finding| (finding.status, finding.severity))
        };
        let fails = |state: Option<(Status, Severity)>| {
            state.is_some_and(|(status, severity)| status == Status::Fail && severity >= Severity::High)
        };
        let expected = b
            .findings
            .iter()
            .filter(|now| fails(status(&b, &now.id)) && !fails(status(&a, &now.id)))
            .filter(|now| a.rules.contains_key(&now.rule))
            .count();
        prop_assert_eq!(regressions(&a, &b, Severity::High), expected);
    }
}
