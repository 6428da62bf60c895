//! The workbook comes back: what people wrote in a spreadsheet program, in the answers and waivers files.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use insta::assert_snapshot;
use proptest::prelude::*;
use sonae::assess::answers::Answers;
use sonae::assess::evidence::EvidenceFiles;
use sonae::assess::model::{AnswerStatus, ChecklistItem, Report};
use sonae::assess::waivers::Waivers;
use sonae::assess::{Inputs, assess};
use sonae::diagnostic::SourceFile;
use sonae::import::{Import, Outcome};
use sonae::manifest::Manifest;
use sonae::manifest::terraform::States;
use sonae::model::Language;
use sonae::report::{Format, render};
use sonae::rules::{Overrides, RuleSet};
use sonae::snapshot::{Index, Snapshot};

use crate::common::{Output, Place, demo, repository};
use crate::spreadsheet::{Put, Spreadsheet};

const FILES: [&str; 3] = ["sonae.yaml", "answers.yaml", "waivers.yaml"];

/// The demo's files, as a team has them.
fn place() -> Place {
    let place = Place::new();
    for name in FILES {
        place.write(name, fixture(name));
    }
    place
}

fn fixture(name: &str) -> String {
    std::fs::read_to_string(repository().join("fixtures/demo").join(name)).expect("the fixture")
}

/// The words of a workbook.
struct Words {
    checklist: &'static str,
    facts: &'static str,
    waivers: &'static str,
    coverage: &'static str,
    rule: &'static str,
    workload: &'static str,
    status: &'static str,
    owner: &'static str,
    due: &'static str,
    answer: &'static str,
    comment: &'static str,
    evidence: &'static str,
    answered_by: &'static str,
    answered_at: &'static str,
    value: &'static str,
    fact: &'static str,
    done: &'static str,
    reason: &'static str,
    approver: &'static str,
    expires: &'static str,
    resource: &'static str,
}

const JA: Words = Words {
    checklist: "チェックリスト",
    facts: "回答の詳細",
    waivers: "適用除外",
    coverage: "収集状況",
    rule: "ルール",
    workload: "ワークロード",
    status: "回答状況",
    owner: "担当者",
    due: "期日",
    answer: "回答",
    comment: "コメント",
    evidence: "根拠 (証跡)",
    answered_by: "回答者",
    answered_at: "回答日",
    value: "記入欄",
    fact: "項目ID",
    done: "完了",
    reason: "適用除外の理由",
    approver: "承認者",
    expires: "期限",
    resource: "リソース",
};

const EN: Words = Words {
    checklist: "Checklist",
    facts: "Facts",
    waivers: "Waivers",
    coverage: "Coverage",
    rule: "Rule",
    workload: "Workload",
    status: "Answer status",
    owner: "Owner",
    due: "Due date",
    answer: "Answer",
    comment: "Comment",
    evidence: "Evidence",
    answered_by: "Answered by",
    answered_at: "Answered on",
    value: "Value",
    fact: "Fact ID",
    done: "Done",
    reason: "Waiver reason",
    approver: "Approver",
    expires: "Expiry",
    resource: "Resource",
};

/// Serial numbers of days, as cells hold them.
const OCTOBER_1: f64 = 46_296.0;

const RUNBOOK: &str = "ops-runbook-per-store";

/// The row of a rule and workload.
fn line<'a>(words: &Words, rule: &'a str, workload: &'a str) -> [(&'static str, &'a str); 2] {
    [(words.rule, rule), (words.workload, workload)]
}

fn fact<'a>(words: &Words, rule: &'a str, workload: &'a str, name: &'a str) -> [(&'static str, &'a str); 3] {
    [(words.rule, rule), (words.workload, workload), (words.fact, name)]
}

fn book(language: &str) -> (Spreadsheet, &'static Words) {
    (Spreadsheet::open(&demo(language).xlsx), if language == "ja" { &JA } else { &EN })
}

/// Imports a workbook into the demo's files.
fn import(place: &Place, book: &Spreadsheet, args: &[&str]) -> Output {
    place.write("checklist.xlsx", book.save());
    place.sonae().args(["import", "checklist.xlsx"]).args(args).run()
}

fn text(place: &Place, name: &str) -> String {
    String::from_utf8(place.read(name)).expect("UTF-8")
}

/// The lines that a text has and another has not, with `+` and `-`.
fn changes(before: &str, after: &str) -> String {
    let mut out = String::new();
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    // The texts differ in few places: walk both and look ahead for where they meet again.
    let (mut left, mut right) = (0, 0);
    while left < old.len() || right < new.len() {
        if old.get(left) == new.get(right) {
            (left, right) = (left + 1, right + 1);
            continue;
        }
        let (skip, add) = (0..60)
            .flat_map(|sum| (0..=sum).map(move |skip| (skip, sum - skip)))
            .skip(1)
            .find(|(skip, add)| match (old.get(left + skip), new.get(right + add)) {
                (None, None) => left + skip <= old.len() && right + add <= new.len(),
                (first, second) => first == second,
            })
            .unwrap_or((old.len() - left, new.len() - right));
        for line in &old[left..left + skip] {
            let _ = writeln!(out, "-{line}");
        }
        for line in &new[right..right + add] {
            let _ = writeln!(out, "+{line}");
        }
        (left, right) = (left + skip, right + add);
    }
    out
}

#[test]
fn a_workbook_that_nobody_edited_changes_nothing() {
    for language in ["ja", "en"] {
        let place = place();
        let run = import(&place, &book(language).0, &["--lang", "en"]).expect(0);
        assert_eq!(run.stdout, "Nothing changes.\n");
        assert!(run.stderr.is_empty(), "{}", run.stderr);
        for name in FILES {
            assert_eq!(text(&place, name), fixture(name), "{name}");
        }
    }
}

/// What a person does in a quarter, in a workbook of that language.
fn quarter(book: &mut Spreadsheet, words: &Words) {
    let sheet = words.checklist;
    let mks = line(words, RUNBOOK, "mks");
    book.set(sheet, &mks, words.status, words.done);
    book.set(sheet, &mks, words.answer, Put::Rich("受付バケットの分も".to_owned(), "作成した。".to_owned()));
    book.set(sheet, &mks, words.comment, "2行の\r\nコメント: #1");
    book.set(sheet, &mks, words.answered_by, "高橋 健");
    book.set(sheet, &mks, words.answered_at, Put::Number(OCTOBER_1));
    book.set(sheet, &mks, words.evidence, "https://wiki.example.com/mks/runbooks\nrunbooks/rds.pdf");
    // Nothing that changes the answer: it keeps its day.
    let dates = line(words, "ftr-dr-008-dr-test-scope-period", "analytics");
    book.set(sheet, &dates, words.due, Put::Empty);
    book.set(sheet, &dates, words.owner, Put::Formula("A1&B1", Some("田中 葵、佐藤 美咲")));
    // A line that Sonae checks itself, which nobody had written on.
    book.set(sheet, &[(words.rule, "ebs-snapshot-age")], words.comment, Put::Number(1042.0));
    // An answer for all workloads, changed for one.
    let shared = line(words, "ops-safety-and-contact-channel", "lem");
    book.set(sheet, &shared, words.comment, "エンドポイント管理は別の連絡網も使う。");
    let facts = words.facts;
    book.set(facts, &fact(words, "ops-failover-conditions", "mks", "recovery"), words.value, "4時間30分");
    book.set(facts, &fact(words, "ops-staff-not-single-site", "lem", "sites"), words.value, Put::Number(2.0));
    book.set(facts, &fact(words, "ops-staff-not-single-site", "lem", "deputies"), words.value, Put::Bool(false));
    book.set(facts, &fact(words, "ops-emergency-guide", "mks", "updated"), words.value, "令和8年10月1日");
    let waivers = words.waivers;
    book.set(waivers, &[(words.rule, "rds-multi-az")], words.expires, "2027/3/31");
    let blank = book.find(waivers, &[(words.rule, ""), (words.reason, "")]);
    for (title, value) in [
        (words.rule, Put::from("s3-replication-dr-region")),
        (words.resource, Put::from("mks-*")),
        (words.workload, Put::from("mks")),
        (words.reason, Put::from("DRリージョンでは再作成する。")),
        (words.owner, Put::from("高橋 健")),
        (words.approver, Put::from("山本 直樹")),
        (words.expires, Put::Number(OCTOBER_1)),
    ] {
        let column = book.column(waivers, title);
        book.put(waivers, &column, blank, value);
    }
}

/// The same in both languages.
fn quarter_comes_back(language: &str) -> String {
    let place = place();
    place.write("runbooks/rds.pdf", "a runbook");
    let (mut book, words) = book(language);
    quarter(&mut book, words);
    let run = import(&place, &book, &["--answered-on", "2026-11-21", "--lang", language]).expect(0);
    let mut shown = run.stdout.clone();
    let _ = write!(shown, "--- stderr\n{}", run.stderr);
    for name in FILES {
        let _ = write!(shown, "--- {name}\n{}", changes(&fixture(name), &text(&place, name)));
    }
    // The same workbook again brings nothing new.
    let again = import(&place, &book, &["--answered-on", "2026-11-21", "--lang", "en"]).expect(0);
    assert_eq!(again.stdout, "Nothing changes.\n", "{}", again.stderr);
    // The next export has it all, and is no change either.
    place.sonae().args(["demo", "--manifest", "sonae.yaml", "--lang", language, "--format", "xlsx"]).run().expect(1);
    let next = Spreadsheet::open(&place.read("sonae-report/checklist.xlsx"));
    let row = next.find(words.checklist, &line(words, RUNBOOK, "mks"));
    let cells = next.values(words.checklist)[row - 1].clone();
    for value in [words.done, "受付バケットの分も作成した。", "2行の\nコメント: #1", "高橋 健"] {
        assert!(cells.iter().any(|cell| cell == value), "{value}: {cells:?}");
    }
    assert!(cells.iter().any(|cell| cell.contains("runbooks/rds.pdf sha256:")), "{cells:?}");
    let unchanged = import(&place, &next, &["--lang", "en"]).expect(0);
    assert_eq!(unchanged.stdout, "Nothing changes.\n");
    shown
}

#[test]
fn a_quarter_of_work_comes_back_from_japanese() {
    assert_snapshot!(quarter_comes_back("ja"));
}

#[test]
fn a_quarter_of_work_comes_back_from_english() {
    assert_snapshot!(quarter_comes_back("en"));
}

#[test]
fn rows_are_found_by_their_ids() {
    let (mut book, words) = book("ja");
    quarter(&mut book, words);
    let expected = {
        let place = place();
        import(&place, &book, &["--answered-on", "2026-11-21"]).expect(0);
        (text(&place, "answers.yaml"), text(&place, "waivers.yaml"))
    };
    // Lines in another order, others gone, remarks above the head, sheets with names of their own.
    for (sheet, head) in [(words.checklist, 1), (words.facts, 1), (words.waivers, 1)] {
        let unused = (sheet == words.checklist).then(|| book.find(sheet, &[(words.rule, "rds-multi-az")]) - 1);
        book.arrange(sheet, head, |rows| {
            rows.reverse();
            rows.retain(|row| Some(*row) != unused);
        });
        book.insert_above(sheet, 3);
        book.put(sheet, "B", 2, "10月の定例で確認");
        book.rename(sheet, &format!("写し {}", &sheet[3..]));
    }
    let place = place();
    import(&place, &book, &["--answered-on", "2026-11-21"]).expect(0);
    // Only the order of new entries may differ.
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&text(&place, "answers.yaml")), sorted(&expected.0));
    assert_eq!(sorted(&text(&place, "waivers.yaml")), sorted(&expected.1));
}

#[test]
fn newer_answers_are_shown_and_stay() {
    let (mut book, words) = book("en");
    let mks = line(words, RUNBOOK, "mks");
    book.set(words.checklist, &mks, words.status, words.done);
    book.set(words.checklist, &mks, words.due, Put::Number(OCTOBER_1));
    book.set(words.checklist, &line(words, "rds-backup-enabled", ""), words.comment, "Done on Monday.");
    book.set(words.waivers, &[(words.rule, "rds-multi-az")], words.reason, "It stays until December.");
    let place = place();
    // Somebody answered in the file meanwhile, moved a comment on, and extended the waiver.
    let answers = fixture("answers.yaml")
        .replace("番号連携の受付バケットを作成中。", "受付バケットの分は10月に書く。")
        .replace("mks-production-batch は10月12日", "mks-production-batch は11月9日");
    place.write("answers.yaml", &answers);
    place.write("waivers.yaml", fixture("waivers.yaml").replace("expires: 2026-12-31", "expires: 2027-01-31"));
    let run = import(&place, &book, &["--answered-on", "2026-11-21", "--lang", "en"]).expect(2);
    assert_snapshot!(format!("{}{}", run.stderr, run.stdout));
    // What stands for itself is taken all the same.
    assert_eq!(changes(&answers, &text(&place, "answers.yaml")), "-    due: 2026-10-30\n+    due: 2026-10-01\n");
}

#[test]
fn what_both_sides_say_is_no_conflict() {
    let (mut book, words) = book("en");
    book.set(words.checklist, &line(words, RUNBOOK, "mks"), words.owner, "佐藤 美咲");
    let place = place();
    let answers = fixture("answers.yaml");
    let at = answers.find("rule: ops-runbook-per-store").expect("the answer");
    let changed =
        format!("{}{}", &answers[..at], answers[at..].replacen("owner: 高橋 健 (SRE)", "owner: 佐藤 美咲", 1));
    let changed = if changed == answers {
        format!("{}{}", &answers[..at], answers[at..].replacen("owner: 高橋 健", "owner: 佐藤 美咲", 1))
    } else {
        changed
    };
    place.write("answers.yaml", &changed);
    let run = import(&place, &book, &["--lang", "en"]).expect(0);
    assert_eq!(run.stdout, "Nothing changes.\n");
    assert_eq!(text(&place, "answers.yaml"), changed);
}

/// A kind of damage, and what it does to a workbook.
type Damage = (&'static str, fn(&mut Spreadsheet, &'static Words));

const DAMAGE: [Damage; 19] = [
    ("a day that there is not", |book, words| {
        book.set(words.checklist, &line(words, RUNBOOK, "mks"), words.due, "2026/13/01");
    }),
    ("a word that is no status", |book, words| {
        book.set(words.checklist, &line(words, RUNBOOK, "mks"), words.status, "OK?");
    }),
    ("a formula that ended in an error", |book, words| {
        book.set(words.checklist, &line(words, RUNBOOK, "mks"), words.owner, Put::Error("#REF!"));
    }),
    ("a formula that nobody worked out", |book, words| {
        book.set(
            words.checklist,
            &line(words, RUNBOOK, "mks"),
            words.comment,
            Put::Formula("HYPERLINK(\"http://x\")", None),
        );
    }),
    ("merged cells", |book, words| {
        let (column, row) =
            (book.column(words.checklist, words.comment), book.find(words.checklist, &line(words, RUNBOOK, "mks")));
        book.merge(words.checklist, &format!("{column}{row}:{column}{}", row + 1));
    }),
    ("a rule with a slip", |book, words| {
        let (column, row) =
            (book.column(words.checklist, words.rule), book.find(words.checklist, &line(words, RUNBOOK, "mks")));
        book.put(words.checklist, &column, row, "ops-runbok-per-store");
    }),
    ("a workload that there is not", |book, words| {
        let (column, row) =
            (book.column(words.checklist, words.workload), book.find(words.checklist, &line(words, RUNBOOK, "mks")));
        book.put(words.checklist, &column, row, "crm");
    }),
    ("a row without its rule", |book, words| {
        let (column, row) =
            (book.column(words.checklist, words.rule), book.find(words.checklist, &line(words, RUNBOOK, "mks")));
        book.put(words.checklist, &column, row, Put::Empty);
    }),
    ("two rows that differ", |book, words| {
        let row = book.find(words.checklist, &line(words, RUNBOOK, "mks"));
        book.duplicate(words.checklist, row);
        book.set(words.checklist, &line(words, RUNBOOK, "mks"), words.owner, "佐藤 美咲");
    }),
    ("a column that is gone", |book, words| {
        let column = book.column(words.checklist, words.comment);
        book.put(words.checklist, &column, 1, Put::Empty);
    }),
    ("facts that are none", |book, words| {
        book.set(
            words.facts,
            &fact(words, "ops-failover-conditions", "mks", "recovery"),
            words.value,
            Put::Number(0.0625),
        );
        book.set(
            words.facts,
            &fact(words, "ops-staff-not-single-site", "mks", "sites"),
            words.value,
            Put::Percent(0.05),
        );
        book.set(words.checklist, &line(words, RUNBOOK, "mks"), words.answered_at, Put::Plain(0.5));
        book.set(words.facts, &fact(words, "ops-staff-not-single-site", "mks", "deputies"), words.value, "maybe");
        book.set(words.facts, &fact(words, "ops-test-calendar", "mks", "next_review"), words.value, "10/1/2027");
    }),
    ("an answer without its day", |book, words| {
        book.set(words.checklist, &line(words, RUNBOOK, "lem"), words.status, words.done);
    }),
    ("half a waiver", |book, words| {
        let row = book.find(words.waivers, &[(words.rule, ""), (words.reason, "")]);
        for (title, value) in [(words.rule, "rds-multi-az"), (words.resource, "batch-db"), (words.reason, "夜間のみ")]
        {
            let column = book.column(words.waivers, title);
            book.put(words.waivers, &column, row, value);
        }
    }),
    ("a waiver for something else", |book, words| {
        book.set(words.waivers, &[(words.rule, "rds-multi-az")], words.resource, "another-db");
    }),
    ("no hidden sheet", |book, words| {
        book.set(words.checklist, &line(words, RUNBOOK, "mks"), words.owner, "佐藤 美咲");
        book.remove("_sonae");
    }),
    ("a copy of the sheet", |book, words| {
        book.copy(words.checklist, words.coverage, &format!("{} (2)", words.checklist));
        book.set(&format!("{} (2)", words.checklist), &line(words, RUNBOOK, "mks"), words.owner, "佐藤 美咲");
    }),
    ("a layout of tomorrow", |book, _| {
        book.replace("xl/sharedStrings.xml", "sonae.workbook/1", "sonae.workbook/9");
    }),
    ("XML cut off", |book, _| {
        book.put_part("xl/worksheets/sheet2.xml", "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"");
    }),
    ("another workbook", |book, words| {
        for sheet in [words.checklist, words.facts, words.waivers] {
            let column = book.column(sheet, words.rule);
            book.put(sheet, &column, 1, "x");
        }
    }),
];

/// What every kind of damage prints.
fn damage(language: &str) -> String {
    let mut shown = String::new();
    for (name, harm) in DAMAGE {
        let (mut book, words) = book(language);
        harm(&mut book, words);
        let place = place();
        let run = import(&place, &book, &["--dry-run", "--lang", language]);
        assert!(!run.stderr.contains("panicked"), "{name}: {}", run.stderr);
        assert!(run.code == 2 || !run.stderr.is_empty(), "{name}: {}", run.stdout);
        let _ = write!(shown, "== {name}: exit code {}\n{}{}", run.code, run.stderr, run.stdout);
        for file in FILES {
            assert_eq!(text(&place, file), fixture(file), "{name}: {file}");
        }
    }
    shown
}

#[test]
fn damage_in_japanese() {
    assert_snapshot!(damage("ja"));
}

#[test]
fn damage_in_english() {
    assert_snapshot!(damage("en"));
}

#[test]
fn files_that_are_no_workbooks_are_refused() {
    let place = place();
    let whole = &demo("en").xlsx;
    let mut shown = String::new();
    for (name, bytes) in
        [("nothing.xlsx", &b""[..]), ("text.xlsx", b"rule,status\n"), ("half.xlsx", &whole[..whole.len() / 2])]
    {
        place.write(name, bytes);
        let run = place.sonae().args(["import", name]).run().expect(2);
        let _ = write!(shown, "{}", run.stderr);
        assert!(run.stdout.is_empty());
    }
    let missing = place.sonae().args(["import", "missing.xlsx"]).run().expect(2);
    shown.push_str(&missing.stderr);
    assert_snapshot!(shown);
}

#[test]
fn without_files_they_are_made_and_the_manifest_is_to_name_them() {
    let place = place();
    let manifest = fixture("sonae.yaml").replace("answers: answers.yaml\nwaivers: waivers.yaml\n", "");
    place.write("team/sonae.yaml", &manifest);
    let (mut book, words) = book("en");
    book.set(words.checklist, &line(words, "ebs-snapshot-age", ""), words.comment, "In October.");
    // The workbook was exported with answers that this team does not have: they are no change of its own.
    let run = import(&place, &book, &["--manifest", "team/sonae.yaml", "--lang", "en"]).expect(0);
    assert_snapshot!(run.stdout);
    assert_eq!(text(&place, "team/answers.yaml"), "answers:\n  - rule: ebs-snapshot-age\n    comment: In October.\n");
    assert!(!place.path("team/waivers.yaml").exists());
}

#[test]
fn files_with_problems_are_not_touched() {
    let place = place();
    place.write("answers.yaml", "answers: [{ rule: obj-slo-declared, due: soon }]\n");
    let run = import(&place, &book("en").0, &[]).expect(2);
    assert!(run.stderr.contains("`soon` is not a date"), "{}", run.stderr);
    let nowhere = Place::new();
    let run = import(&nowhere, &book("en").0, &[]).expect(2);
    assert!(run.stderr.contains("sonae init"), "{}", run.stderr);
}

#[test]
fn what_others_refer_to_is_left_to_people() {
    let place = place();
    let answers = fixture("answers.yaml").replacen("status: in_progress", "status: &status in_progress", 1);
    place.write("answers.yaml", &answers);
    let (mut book, words) = book("en");
    book.set(words.checklist, &line(words, RUNBOOK, "mks"), words.owner, "佐藤 美咲");
    let run = import(&place, &book, &["--lang", "en"]).expect(2);
    assert!(run.stderr.contains("of the YAML file uses an anchor"), "{}", run.stderr);
    assert_eq!(text(&place, "answers.yaml"), answers);
}

// --- LibreOffice

fn office() -> Result<PathBuf, String> {
    let cure =
        "install libreoffice-calc-nogui and python3-uno, or set SONAE_TEST_WITHOUT_LIBREOFFICE=1 to leave it out";
    // The module comes with the system's Python, whichever else there is.
    let python = std::env::var_os("SONAE_UNO_PYTHON").map_or_else(|| PathBuf::from("/usr/bin/python3"), PathBuf::from);
    let uno = Command::new(&python).args(["-c", "import uno"]).output();
    if !uno.is_ok_and(|output| output.status.success()) {
        return Err(format!("{} has no module uno: {cure}", python.display()));
    }
    if Command::new("soffice").arg("--version").output().is_err() {
        return Err(format!("soffice is missing: {cure}"));
    }
    Ok(python)
}

#[test]
fn libreoffice_edits_a_workbook() {
    if std::env::var("SONAE_TEST_WITHOUT_LIBREOFFICE").is_ok_and(|value| value == "1") {
        println!("left out: SONAE_TEST_WITHOUT_LIBREOFFICE is set");
        return;
    }
    let python = office().unwrap_or_else(|problem| panic!("{problem}"));
    let place = place();
    let source = place.write("exported.xlsx", &demo("ja").xlsx);
    let row = |rule: &str, workload: &str| serde_json::json!({ "ルール": rule, "ワークロード": workload });
    let edits = place.write(
        "edits.json",
        serde_json::json!([
            { "sheet": "チェックリスト", "row": row(RUNBOOK, "mks"), "set": {
                "回答状況": "完了", "コメント": "手順書は\n4件", "回答日": "date:2026-11-20", "回答者": "高橋 健" } },
            { "sheet": "チェックリスト", "row": row("ops-customer-communication-plan", "lem"), "set": {
                "期日": "2026/13/01", "担当者": "鈴木 二郎" } },
            { "sheet": "チェックリスト", "row": row("ebs-snapshot-age", ""), "set": { "コメント": "formula:=CONCATENATE(\"CHG-\";1042)" } },
            { "sheet": "チェックリスト", "row": row("ftr-dr-008-dr-test-scope-period", "analytics"), "set": { "期日": "date:2027-01-29" } },
            { "sheet": "チェックリスト", "sort": "ルール" },
            { "sheet": "チェックリスト", "delete": { "ルール": "rds-multi-az" } },
            { "sheet": "チェックリスト", "hide": { "ルール": RUNBOOK } },
            { "sheet": "チェックリスト", "insert": 2 },
            { "sheet": "チェックリスト", "rename": "開発チェックリスト" },
            { "sheet": "開発チェックリスト", "move": 0 },
            { "sheet": "回答の詳細", "row": { "ルール": "ops-failover-conditions", "ワークロード": "mks", "項目ID": "recovery" },
              "set": { "記入欄": "4時間30分" } },
            { "sheet": "回答の詳細", "row": { "ルール": "ops-emergency-guide", "ワークロード": "mks", "項目ID": "updated" },
              "set": { "記入欄": "date:2026-11-19" } },
            { "sheet": "回答の詳細", "sort": "項目ID" },
            { "sheet": "適用除外", "row": { "ルール": "rds-multi-az" }, "set": { "期限": "date:2027-03-31" } },
        ])
        .to_string(),
    );
    let edited = place.path("edited.xlsx");
    let script = repository().join("tests/libreoffice/edit.py");
    let output = Command::new(python).arg(script).args([&source, &edited, &edits]).output().expect("the script");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let args = ["import", "edited.xlsx", "--answered-on", "2026-11-21"];
    let run = place.sonae().args(args).run().expect(2);
    let mut shown = format!("{}{}", run.stderr, run.stdout);
    for name in FILES {
        let _ = write!(shown, "--- {name}\n{}", changes(&fixture(name), &text(&place, name)));
    }
    assert_snapshot!(shown);
    // The next export has it, and LibreOffice saving it without a change is no change.
    place.sonae().args(["demo", "--manifest", "sonae.yaml", "--format", "xlsx", "--out", "next"]).run().expect(1);
    let next = Spreadsheet::open(&place.read("next/checklist.xlsx"));
    let row = next.find("チェックリスト", &line(&JA, RUNBOOK, "mks"));
    assert!(next.values("チェックリスト")[row - 1].contains(&"手順書は\n4件".to_owned()));
    place.write("none.json", "[]");
    let script = repository().join("tests/libreoffice/edit.py");
    let python = office().unwrap_or_else(|problem| panic!("{problem}"));
    let args = [place.path("next/checklist.xlsx"), place.path("saved.xlsx"), place.path("none.json")];
    let output = Command::new(python).arg(script).args(args).output().expect("the script");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let run = place.sonae().args(["import", "saved.xlsx", "--lang", "en"]).run().expect(0);
    assert_eq!(run.stdout, "Nothing changes.\n", "{}", run.stderr);
}

// --- Properties, on a few questions and no resources

struct Small {
    rules: RuleSet,
    all: RuleSet,
    manifest: Manifest,
}

static SMALL: LazyLock<Small> = LazyLock::new(|| {
    let all = RuleSet::load(&[], &Overrides::new()).expect("our own rules");
    let kept = [
        "ftr-dr-008-dr-test-scope-period",
        "ops-failover-conditions",
        "ops-staff-not-single-site",
        "ops-safety-and-contact-channel",
        "ops-test-calendar",
        RUNBOOK,
        "rds-backup-enabled",
    ];
    let manifest = Manifest::parse(&SourceFile::new("sonae.yaml", &fixture("sonae.yaml"))).expect("the manifest");
    Small { rules: all.filter(|rule| kept.contains(&&*rule.id)), all, manifest }
});

/// The report, and its workbook.
fn export(answers: &str, waivers: &str, language: Language) -> (Report, Vec<u8>) {
    let small = &*SMALL;
    let file = SourceFile::new("answers.yaml", answers);
    let answers = Answers::parse(&file, EvidenceFiles::default(), &small.all, &small.manifest).expect("the answers");
    let waivers = Waivers::parse(&SourceFile::new("waivers.yaml", waivers), &small.all).expect("the waivers");
    let time = "2026-10-01T00:00:00Z".parse().expect("a time");
    let index = Index::new(time, Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let snapshot = Snapshot::from_texts(index, &[], BTreeMap::new()).expect("a snapshot");
    let report = assess(
        snapshot,
        &Inputs {
            manifest: &small.manifest,
            rules: &small.rules,
            answers: &answers,
            waivers: &waivers,
            terraform: &States::default(),
            language,
        },
    );
    let files = render(&report, Format::Xlsx).expect("a workbook");
    let book = files.into_iter().next().expect("one file").bytes;
    (report, book)
}

fn take_back(book: &[u8], answers: &str, waivers: &str) -> Result<Outcome, sonae::import::ImportError> {
    let small = &*SMALL;
    Import {
        name: "checklist.xlsx",
        workbook: book,
        rules: &small.all,
        manifest: &small.manifest,
        answers: &SourceFile::new("answers.yaml", answers),
        waivers: &SourceFile::new("waivers.yaml", waivers),
        answered_by: None,
        answered_on: Some("2026-09-30".parse().expect("a day")),
        language: Language::En,
    }
    .run()
}

/// What a line has in a column.
fn held(item: &ChecklistItem, words: &Words, title: &str) -> String {
    let status =
        |status: AnswerStatus| serde_json::to_value(status).expect("a word").as_str().unwrap_or_default().to_owned();
    match title {
        title if title == words.status => status(item.answer_status),
        title if title == words.owner => item.owner.clone(),
        title if title == words.due => item.due.clone(),
        title if title == words.answer => item.answer.clone(),
        title if title == words.comment => item.comment.clone(),
        title if title == words.answered_by => item.answered_by.clone(),
        other => panic!("{other}"),
    }
}

fn edits() -> impl Strategy<Value = Vec<(usize, usize, String)>> {
    // What a cell can hold; white space at the ends of lines is not told apart.
    let text = prop_oneof!["[ -~あ-ん]{0,30}", "[a-zあ-ん]{1,8}\n[ -~]{0,8}[a-z]", Just(String::new())];
    proptest::collection::vec((0_usize..1000, 0_usize..6, text), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Export, edit, import, export: every edit is there, whatever it was, and nothing else has changed.
    #[test]
    fn every_edit_is_in_the_next_export(edits in edits(), japanese in any::<bool>(), reverse in any::<bool>()) {
        let (answers, waivers) = (fixture("answers.yaml"), fixture("waivers.yaml"));
        let (language, words) = if japanese { (Language::Ja, &JA) } else { (Language::En, &EN) };
        let (before, book) = export(&answers, &waivers, language);
        let mut book = Spreadsheet::open(&book);
        let columns = [words.status, words.owner, words.due, words.answer, words.comment, words.answered_by];
        let statuses = if japanese { ["未対応", "対応中", "完了", "対象外"] } else { ["Not started", "In progress", "Done", "Not applicable"] };
        let keys = ["not_started", "in_progress", "done", "not_applicable"];
        let mut meant: BTreeMap<(usize, usize), String> = BTreeMap::new();
        for (line, column, text) in edits {
            let line = line % before.checklist.len();
            let (cell, held) = match column {
                0 => (Put::from(statuses[text.len() % 4]), keys[text.len() % 4].to_owned()),
                2 if text.len() % 3 == 0 => (Put::Empty, String::new()),
                2 => {
                    let day = format!("2026-{:02}-{:02}", text.len() % 12 + 1, text.len() % 28 + 1);
                    (Put::from(day.as_str()), day)
                }
                _ => {
                    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
                    (Put::from(text.as_str()), lines.join("\n").trim().to_owned())
                }
            };
            let letter = book.column(words.checklist, columns[column]);
            book.put(words.checklist, &letter, line + 2, cell);
            meant.insert((line, column), held);
        }
        if reverse {
            book.arrange(words.checklist, 1, |rows| rows.reverse());
        }
        let outcome = take_back(&book.save(), &answers, &waivers).expect("an import");
        prop_assert!(outcome.complete(), "{}", outcome.problems());
        prop_assert!(outcome.waivers.is_none());
        let new = outcome.answers.clone().unwrap_or_else(|| answers.clone());
        let (after, next) = export(&new, &waivers, language);
        for (line, (old, new)) in before.checklist.iter().zip(&after.checklist).enumerate() {
            for (place, title) in columns.iter().enumerate() {
                let wanted = meant.get(&(line, place)).cloned().unwrap_or_else(|| held(old, words, title));
                // A line that is settled is done, whoever says that it has not been started.
                let settled = *title == words.status && wanted == "not_started" && held(new, words, title) == "done";
                prop_assert!(settled || held(new, words, title) == wanted, "{} ({}) {}: {:?} is not {:?}", new.rule, new.workload, title, held(new, words, title), wanted);
            }
            prop_assert_eq!(&old.facts, &new.facts);
            prop_assert_eq!(&old.evidence, &new.evidence);
        }
        let again = take_back(&next, &new, &waivers).expect("an import");
        prop_assert!(again.answers.is_none() && again.changes.is_empty() && again.complete(), "{}{}", again.summary(false), again.problems());
        let twice = take_back(&book.save(), &new, &waivers).expect("an import");
        prop_assert!(twice.answers.is_none() && twice.complete(), "{}{}", twice.summary(false), twice.problems());
    }

    /// No byte in a workbook leads to a panic or to files that are not valid.
    #[test]
    fn broken_workbooks_are_refused_or_read(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        static BOOK: LazyLock<Vec<u8>> =
            LazyLock::new(|| export(&fixture("answers.yaml"), &fixture("waivers.yaml"), Language::En).1);
        let mut book = Spreadsheet::open(&BOOK);
        for (part, place, byte) in changes {
            book.change_byte(part, place, byte);
        }
        let (answers, waivers) = (fixture("answers.yaml"), fixture("waivers.yaml"));
        if let Ok(outcome) = take_back(&book.save(), &answers, &waivers) {
            outcome.summary(true);
            outcome.problems();
        }
    }
}
