//! What teams need on paper, and the calendar: made from the demo organisation as its users get it.

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use calamine::{Data, Range, Reader as _, Xlsx};
use insta::assert_snapshot;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::common::{Place, demo, files_below, repository, sonae};

/// The documents of the demo in that language: path and text.
fn documents(language: &str) -> &'static [(String, String)] {
    static JA: LazyLock<Vec<(String, String)>> = LazyLock::new(|| write("ja"));
    static EN: LazyLock<Vec<(String, String)>> = LazyLock::new(|| write("en"));
    if language == "ja" { &JA } else { &EN }
}

fn write(language: &str) -> Vec<(String, String)> {
    let run = sonae().args(["demo", "--lang", language, "--format", "documents"]).run().expect(1);
    let root = run.place.path("sonae-report/documents");
    let read = |file: &Path| {
        let path = file.strip_prefix(&root).expect("below the documents").to_string_lossy().into_owned();
        (path, fs::read_to_string(file).expect("a text"))
    };
    files_below(&root, "").iter().map(|file| read(file)).collect()
}

fn document(language: &str, path: &str) -> &'static str {
    let found = documents(language).iter().find(|(known, _)| known == path);
    &found.unwrap_or_else(|| panic!("there is no {path}")).1
}

#[test]
fn a_runbook_in_japanese() {
    assert_snapshot!(document("ja", "runbooks/mks/mks-production-auth.md"));
}

#[test]
fn a_runbook_in_english() {
    assert_snapshot!(document("en", "runbooks/mks/mks-production-auth.md"));
}

#[test]
fn the_emergency_guide_in_japanese() {
    assert_snapshot!(document("ja", "emergency-guide-mks.md"));
}

#[test]
fn the_emergency_guide_in_english() {
    assert_snapshot!(document("en", "emergency-guide-mks.md"));
}

#[test]
fn the_drill_form_in_japanese() {
    assert_snapshot!(document("ja", "drill-mks.md"));
}

#[test]
fn the_drill_form_in_english() {
    assert_snapshot!(document("en", "drill-mks.md"));
}

#[test]
fn the_calendar_in_japanese() {
    assert_snapshot!(document("ja", "sonae.ics").replace("\r\n", "\n"));
}

#[test]
fn the_calendar_in_english() {
    assert_snapshot!(document("en", "sonae.ics").replace("\r\n", "\n"));
}

#[test]
fn both_languages_have_the_same_documents() {
    let paths = |language| documents(language).iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>();
    assert_eq!(paths("ja"), paths("en"));
    for kind in ["index.md", "viewpoints.md", "deliverables.md", "test-scenarios.md", "drill-lem.md", "sonae.ics"] {
        assert!(paths("ja").contains(&kind), "{kind}");
    }
}

#[test]
fn two_runs_write_the_same_documents_and_leave_the_notes_of_others_alone() {
    let place = Place::new();
    place.write("sonae-report/documents/notes.md", "ours");
    place.sonae().args(["demo", "--lang", "en", "--format", "documents"]).run().expect(1);
    for (path, text) in documents("en") {
        assert!(place.read(&format!("sonae-report/documents/{path}")) == text.as_bytes(), "{path} differs");
    }
    assert_eq!(place.read("sonae-report/documents/notes.md"), b"ours");
}

#[test]
fn every_link_leads_to_a_document() {
    for language in ["ja", "en"] {
        let known: BTreeSet<&str> = documents(language).iter().map(|(path, _)| path.as_str()).collect();
        let mut links = 0;
        for (path, text) in documents(language) {
            for target in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target) {
                let directory = |target: &str| known.iter().any(|path| path.starts_with(&format!("{target}/")));
                assert!(known.contains(target) || directory(target), "{path} leads to {target}");
                links += 1;
            }
        }
        assert!(links > known.len(), "the index links every document");
    }
}

#[test]
fn no_placeholder_is_left() {
    for (path, text) in ["ja", "en"].into_iter().flat_map(documents) {
        for rest in text.split('{').skip(1) {
            let name = rest.split('}').next().unwrap_or_default();
            let is_name = !name.is_empty() && name.chars().all(|it| it.is_ascii_lowercase() || it == '_');
            assert!(!is_name, "{path}: {{{name}}}");
        }
    }
}

#[test]
fn every_store_that_needs_hands_has_its_runbook() {
    let stores = demo("en").json["stores"].as_array().expect("the stores");
    let by_hand: Vec<&str> = stores
        .iter()
        .filter(|store| store["responsibility"] == "needs_hands" && store["resource"] != "*")
        .map(|store| store["resource"].as_str().expect("an id"))
        .collect();
    let runbooks: Vec<&(String, String)> =
        documents("en").iter().filter(|(path, _)| path.starts_with("runbooks/")).collect();
    assert!(by_hand.len() > 10);
    assert_eq!(runbooks.len(), by_hand.len());
    for (path, text) in runbooks {
        assert!(by_hand.iter().any(|id| text.contains(&format!("| `{id}` |"))), "{path}");
        assert!(!text.contains("There is no template"), "{path}");
    }
}

/// Types that need hands by the rules on recovery have a template.
#[test]
fn every_type_that_needs_hands_has_a_template() {
    let texts = |directory: &str| -> Vec<String> {
        let files = files_below(&repository().join(directory), ".yaml");
        files.iter().map(|file| fs::read_to_string(file).expect("a text")).collect()
    };
    let ty = |text: &str| text.lines().find_map(|line| line.strip_prefix("type: ")).map(str::to_owned);
    let templates: BTreeSet<String> = texts("rules/runbooks").iter().filter_map(|text| ty(text)).collect();
    let recovery = texts("rules/recovery");
    let by_hand: Vec<String> =
        recovery.iter().filter(|text| text.contains("who: needs_hands")).filter_map(|text| ty(text)).collect();
    assert!(!by_hand.is_empty());
    for ty in by_hand {
        assert!(templates.contains(&ty), "{ty} has no runbook in rules/runbooks");
    }
}

/// What proves a deliverable is a rule.
#[test]
fn deliverables_are_proved_by_rules() {
    let text = fs::read_to_string(repository().join("rules/deliverables.yaml")).expect("the deliverables");
    let rules = demo("en").json["rules"].as_object().expect("the rules");
    let lists = text.lines().filter_map(|line| line.trim().strip_prefix("proved_by: [")?.strip_suffix(']'));
    let mut seen = 0;
    for rule in lists.flat_map(|list| list.split(", ")) {
        assert!(rules.contains_key(rule), "{rule}");
        seen += 1;
    }
    assert!(seen > 10);
}

#[test]
fn the_steps_of_the_guide_are_those_that_the_question_asks_for() {
    let guide = fs::read_to_string(repository().join("rules/emergency-guide.yaml")).expect("the guide");
    let question =
        fs::read_to_string(repository().join("rules/workload/ops-emergency-guide-steps.yaml")).expect("the question");
    let steps: Vec<&str> = guide
        .split("\nsteps:")
        .nth(1)
        .expect("the steps")
        .lines()
        .filter_map(|line| line.strip_prefix("  - id: "))
        .collect();
    assert!(question.contains(&format!("default: [{}]", steps.join(", "))), "{steps:?}");
}

/// Python with the library that reads calendars, in a virtual environment that is made once for each `requirements.txt`.
fn python() -> Result<PathBuf, String> {
    let requirements = repository().join("tests/calendar/requirements.txt");
    let digest = Sha256::digest(fs::read(&requirements).expect("requirements.txt"));
    let hash: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("calendar-{hash}"));
    // Several test processes may come here at once.
    let lock = fs::File::create(environment.with_extension("lock")).expect("a lock file");
    lock.lock().expect("the lock");
    let (python, ready) = (environment.join("bin/python"), environment.join("ready"));
    if !ready.exists() {
        let run = |command: &mut Command| match command.status() {
            Ok(status) if status.success() => Ok(()),
            other => Err(format!(
                "{command:?}: {other:?}; install Python 3 with venv, or set SONAE_TEST_WITHOUT_CALENDAR=1 to leave it out"
            )),
        };
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(&requirements))?;
        fs::File::create(&ready).expect("the mark");
    }
    Ok(python)
}

/// Another program reads the calendar: the events, their days, their texts and the reminders.
#[test]
fn another_program_reads_the_calendar() {
    if std::env::var("SONAE_TEST_WITHOUT_CALENDAR").is_ok_and(|value| value == "1") {
        println!("left out: SONAE_TEST_WITHOUT_CALENDAR is set");
        return;
    }
    let python = python().unwrap_or_else(|problem| panic!("{problem}"));
    for (language, waiver) in [("ja", "適用除外の期限: "), ("en", "Waiver ends: ")] {
        let text = document(language, "sonae.ics");
        assert!(text.split_inclusive('\n').all(|line| line.ends_with("\r\n") && line.len() <= 77), "{language}");
        let place = Place::new();
        let file = place.write("sonae.ics", text);
        let output = Command::new(&python)
            .arg(repository().join("tests/calendar/read.py"))
            .arg(file)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .output()
            .expect("Python starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let calendar: Json = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(calendar["problems"], json!([]));
        assert!(calendar["name"].as_str().expect("a name").contains("Works Example"));
        let events = calendar["events"].as_array().expect("the events");
        let mut ids = BTreeSet::new();
        for event in events {
            let text = |name: &str| event[name].as_str().expect("a text");
            assert!(ids.insert(text("uid")), "{} is there twice", text("uid"));
            assert_eq!(text("stamp"), "2026-10-01T00:00:00+00:00");
            assert!(text("start") >= "2026-10-01" && text("end") > text("start"), "{event}");
            assert!(!text("summary").is_empty() && !text("summary").contains('\\'), "{event}");
        }
        assert!(events.len() > 20, "{}", events.len());
        // The waiver of access logs, with its end, its reason and a reminder 30 days before.
        let ends = |event: &&Json| event["summary"].as_str().is_some_and(|text| text.starts_with(waiver));
        let ends = events.iter().find(ends).expect("the end of a waiver");
        assert_eq!((&ends["start"], &ends["reminders"]), (&json!("2026-10-20"), &json!([-30])));
        assert!(ends["description"].as_str().is_some_and(|text| text.contains("高橋 健 (SRE)")), "{ends}");
        let tentative: Vec<&Json> = events.iter().filter(|event| event["status"] == "TENTATIVE").collect();
        assert!(!tentative.is_empty());
        assert!(tentative.iter().all(|event| event["start"] == "2026-10-31"), "{tentative:?}");
    }
}

#[test]
fn the_calendar_is_written_from_a_report_too() {
    let place = Place::new();
    place.sonae().args(["demo", "--lang", "en", "--format", "json"]).run().expect(1);
    let run = place.sonae().args(["schedule", "sonae-report/report.json", "--out", "own.ics"]).run().expect(0);
    assert_eq!(run.stdout, "own.ics\n");
    assert_eq!(String::from_utf8(place.read("own.ics")).expect("UTF-8"), document("en", "sonae.ics"));
}

#[test]
fn what_is_no_snapshot_and_no_report_is_refused() {
    let place = Place::new();
    place.write("report.json", "{}");
    place.write("empty/readme.txt", "");
    for (input, said) in
        [("report.json", "report.json is no report.json of this version"), ("empty", "empty"), ("nowhere", "nowhere")]
    {
        let run = place.sonae().args(["schedule", input]).run().expect(2);
        assert!(run.stderr.contains(said), "{}", run.stderr);
        assert!(!place.path("sonae.ics").exists());
    }
    place.sonae().args(["demo", "--lang", "en", "--format", "json"]).run().expect(1);
    let run = place.sonae().args(["schedule", "sonae-report/report.json", "--lang", "ja"]).run().expect(2);
    assert!(run.stderr.contains("one language only"), "{}", run.stderr);
}

/// A sheet of the demo's workbook.
fn sheet(language: &str, name: &str) -> Range<Data> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(demo(language).xlsx.clone())).expect("a workbook");
    workbook.worksheet_range(name).expect("the sheet")
}

fn cell(sheet: &Range<Data>, row: usize, title: &str) -> String {
    let column = sheet
        .rows()
        .next()
        .expect("a head")
        .iter()
        .position(|cell| matches!(cell, Data::String(text) if text == title));
    sheet[(row, column.unwrap_or_else(|| panic!("there is no column {title}")))].to_string()
}

/// The rows in which columns have these values.
fn rows(sheet: &Range<Data>, wanted: &[(&str, &str)]) -> Vec<usize> {
    (1..sheet.height()).filter(|row| wanted.iter().all(|(title, value)| cell(sheet, *row, title) == *value)).collect()
}

#[test]
fn the_viewpoint_table_is_a_sheet() {
    let sheet = sheet("ja", "観点表");
    let found = rows(&sheet, &[("リソース", "mks-production-batch"), ("設定項目", "保持期間")]);
    assert_eq!(found.len(), 1);
    let row = found[0];
    assert!(cell(&sheet, row, "設定内容").contains("retention: 0s"), "{}", cell(&sheet, row, "設定内容"));
    assert_eq!(cell(&sheet, row, "目標からの要求"), "保持期間 7日\nwanted: 7d");
    assert_eq!(cell(&sheet, row, "判定"), "不適合");
    assert!(cell(&sheet, row, "備考").contains("足りません"));
}

#[test]
fn the_deliverables_are_a_sheet() {
    let sheet = sheet("en", "Deliverables");
    let status = |id: &str, workload: &str| {
        let found = rows(&sheet, &[("Item id", id), ("Workload", workload)]);
        assert_eq!(found.len(), 1, "{id} of {workload}");
        cell(&sheet, found[0], "Status")
    };
    assert_eq!(status("bcp-drill", "mks"), "Done");
    assert_eq!(status("runbooks", "mks"), "In progress");
    assert_eq!(status("bcp-drill", "lem"), "Not started");
}

#[test]
fn runbooks_and_scenarios_are_sheets() {
    let runbooks = sheet("en", "Runbooks");
    let steps = rows(&runbooks, &[("Resource", "mks-production-auth"), ("Step", "Restore")]);
    assert!(steps.iter().any(|row| {
        cell(&runbooks, *row, "Command").contains("--source-db-instance-identifier mks-production-auth")
    }));
    let scenarios = sheet("en", "Test scenarios");
    let found = rows(&scenarios, &[("Resource", "mks-production-auth"), ("Failure", "Failover")]);
    assert_eq!(found.len(), 1);
    assert!(cell(&scenarios, found[0], "Preconditions").contains("☑ It is Multi-AZ"));
    let single = rows(&scenarios, &[("Resource", "mks-production-batch"), ("Failure", "Failover")]);
    let said = cell(&scenarios, single[0], "Preconditions");
    assert!(said.contains("□ It is Multi-AZ (not met; multi_az: false)"), "{said}");
}

#[test]
fn the_guide_and_the_drill_form_are_sheets() {
    let guide = sheet("ja", "緊急時対応計画ガイド");
    let steps: BTreeSet<String> = (1..guide.height()).map(|row| cell(&guide, row, "段階")).collect();
    assert_eq!(steps.len(), 7, "{steps:?}");
    let drill = sheet("ja", "訓練計画 兼 実施報告書");
    let line = |key: &str| {
        let found = rows(&drill, &[("項目ID", key), ("ワークロード", "mks")]);
        assert_eq!(found.len(), 1, "{key}");
        found[0]
    };
    assert_eq!(cell(&drill, line("scope.region"), "RTO (目標)"), "18時間");
    assert_eq!(cell(&drill, line("scope.az"), "RPO (目標)"), "5分");
    assert_eq!(cell(&drill, line("date"), "内容"), "");
    assert!(cell(&drill, line("plan"), "内容").contains("ap-northeast-3"));
    let all: BTreeSet<String> = (1..drill.height()).map(|row| cell(&drill, row, "ワークロード")).collect();
    assert_eq!(all, ["analytics", "lem", "mks"].map(str::to_owned).into());
}
