//! What answers and waivers mean: evidence, what makes an answer stale, what contradicts it, and the states of waivers.

use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use sonae::assess::evidence::EvidenceFiles;
use sonae::diagnostic::SourceFile;

use crate::common::{Output, Place, demo};
use crate::snapshots::{Scan, bucket};

/// The demo organisation, judged with the answers and waivers of a test: one rule, in English.
struct Case {
    place: Place,
}

impl Case {
    fn new() -> Self {
        let place = Place::new();
        let fixture = crate::common::repository().join("fixtures/demo/sonae.yaml");
        let manifest = std::fs::read_to_string(fixture).expect("the demo's manifest");
        place.write("sonae.yaml", manifest);
        place.write("answers.yaml", "version: 1\n");
        place.write("waivers.yaml", "version: 1\n");
        Self { place }
    }

    fn answers(self, entries: &str) -> Self {
        self.place.write("answers.yaml", format!("version: 1\nanswers:\n{entries}"));
        self
    }

    fn waivers(self, entries: &str) -> Self {
        self.place.write("waivers.yaml", format!("version: 1\nwaivers:\n{entries}"));
        self
    }

    fn run(&self, rules: &[&str]) -> Output {
        let rules = rules.iter().flat_map(|rule| ["--rule", rule]);
        let args = ["demo", "--manifest", "sonae.yaml", "--lang", "en", "--format", "json", "--fail-on", "never"];
        self.place.sonae().args(args).args(["--allow-unknown"]).args(rules).run().expect(0)
    }

    /// The finding of a rule for a workload.
    fn finding(&self, rule: &str, workload: &str) -> Json {
        let report = self.run(&[rule]).report();
        let findings = report["findings"].as_array().expect("findings");
        findings
            .iter()
            .find(|finding| finding["rule"] == rule && finding["resource"] == workload)
            .unwrap_or_else(|| panic!("no finding of {rule} for {workload}"))
            .clone()
    }
}

fn status(finding: &Json) -> &str {
    finding["status"].as_str().expect("a status")
}

fn reason(finding: &Json) -> &str {
    finding["reason"].as_str().expect("a reason")
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An answer to a question whose evidence is required, with that evidence.
fn guide(evidence: &str) -> String {
    format!(
        "  - rule: ops-annual-bcp-drill\n    workload: mks\n    status: done\n    answered_at: 2026-09-01\n    \
         evidence: [{evidence}]\n    facts: {{ last_drill: 2026-08-28 }}\n"
    )
}

const DRILL: &str = "ops-annual-bcp-drill";

#[test]
fn a_file_that_is_what_it_was_proves_an_answer() {
    let digest = sha256(b"the report");
    for sha in [format!(", sha256: {digest}"), format!(", sha256: {}", digest.to_uppercase()), String::new()] {
        let case = Case::new().answers(&guide(&format!("{{ file: drills/2026.pdf{sha} }}")));
        case.place.write("drills/2026.pdf", "the report");
        let run = case.run(&[DRILL]);
        assert!(!run.stderr.contains("drills/2026.pdf"), "{}", run.stderr);
        let report = run.report();
        let item = report["checklist"].as_array().expect("lines").iter().find(|item| item["workload"] == "mks");
        let item = item.expect("the line of the workload");
        assert_eq!(item["verdict"], "pass");
        // With the digest that was found where none is stated, so that people can add it.
        assert_eq!(item["evidence"][0], format!("drills/2026.pdf sha256:{digest}"));
    }
}

#[test]
fn a_file_that_changed_opens_the_question_again() {
    let case = Case::new().answers(&guide(&format!("{{ file: drills/2026.pdf, sha256: {} }}", sha256(b"the report"))));
    case.place.write("drills/2026.pdf", "another report");
    let run = case.run(&[DRILL]);
    // The line, what is found there now, and the cure.
    assert!(run.stderr.contains("answers.yaml:7:"), "{}", run.stderr);
    assert!(run.stderr.contains(&sha256(b"another report")), "{}", run.stderr);
    let finding = case.finding(DRILL, "mks");
    assert_eq!(status(&finding), "manual");
    assert!(reason(&finding).contains("drills/2026.pdf") && reason(&finding).contains("changed"), "{finding}");
}

#[test]
fn a_file_that_is_gone_or_no_file_opens_the_question_again() {
    let case = Case::new().answers(&guide("https://wiki.example.com, { file: drills/2026.pdf }"));
    let finding = case.finding(DRILL, "mks");
    assert_eq!(
        (status(&finding), reason(&finding).contains("missing: drills/2026.pdf")),
        ("manual", true),
        "{finding}"
    );
    case.place.write("drills/2026.pdf/page-1.txt", "a directory");
    let finding = case.finding(DRILL, "mks");
    assert_eq!((status(&finding), reason(&finding).contains("cannot be read")), ("manual", true), "{finding}");
}

#[test]
fn evidence_that_is_no_evidence_is_an_error_with_its_line() {
    for (evidence, message) in [
        ("{ file: /etc/passwd }", "`/etc/passwd` is no path beside the answers"),
        ("{ file: \"\" }", "`` is no path beside the answers"),
        ("{ file: a.pdf, sha256: 9f86d0 }", "`9f86d0` is not a SHA-256"),
        ("{ path: a.pdf }", "there is no key `path` here"),
        ("{ sha256: abc }", "the key `file` is missing"),
        ("[nested]", "a link, or a file as"),
    ] {
        let case = Case::new().answers(&guide(evidence));
        let run = case.place.sonae().args(["demo", "--manifest", "sonae.yaml"]).run().expect(2);
        assert!(run.stderr.contains(message) && run.stderr.contains("answers.yaml:7:"), "{evidence}: {}", run.stderr);
        assert!(run.stderr.contains("help: "), "{evidence}: {}", run.stderr);
    }
}

#[test]
fn a_snapshot_keeps_what_was_found_of_the_evidence() {
    let place = Place::new();
    place.write("proof.txt", "proof");
    let manifest = format!("{}answers: answers.yaml\n", Scan::MANIFEST);
    let answers = "answers:\n  - rule: ftr-dr-002-rpo-basis\n    workload: web\n    status: done\n    \
                   answered_at: 2026-09-01\n    evidence: [{ file: proof.txt }, { file: gone.txt }]\n";
    let found = EvidenceFiles::read(&SourceFile::new(place.path("answers.yaml"), answers));
    Scan::new()
        .with(bucket("a", "Enabled"))
        .manifest(&manifest)
        .input("answers.yaml", answers)
        .input("evidence.json", &found.keep())
        .write(&place.path("scan"));
    let args = ["assess", "scan", "--lang", "en", "--format", "json", "--rule", "ftr-dr-002-rpo-basis"];
    let args = args.into_iter().chain(["--allow-unknown"]);
    let first = place.sonae().args(args.clone()).run().expect(0);
    let written = place.read("sonae-report/report.json");
    let finding = first.report()["findings"][0].clone();
    assert_eq!((status(&finding), reason(&finding).contains("missing: gone.txt")), ("manual", true), "{finding}");
    // Neither a file that goes nor one that comes changes what the snapshot says.
    std::fs::remove_file(place.path("proof.txt")).expect("the file");
    place.write("gone.txt", "here");
    place.sonae().args(args).run().expect(0);
    assert!(written == place.read("sonae-report/report.json"), "the same snapshot, the same report");
}

#[test]
fn stores_that_changed_open_what_was_said_of_them() {
    let report = &demo("en").json;
    let workload = report["workloads"].as_array().expect("workloads").iter().find(|it| it["name"] == "mks");
    let present = workload.expect("the workload")["architecture"].as_str().expect("a fingerprint").to_owned();
    assert_eq!(present.len(), 16, "{present}");
    let answer = |rule: &str, architecture: &str| {
        let text = format!(
            "  - rule: {rule}\n    workload: mks\n    status: done\n    answered_at: 2026-09-01\n    {architecture}\n"
        );
        Case::new().answers(&text).finding(rule, "mks")
    };
    let basis = "ftr-dr-002-rpo-basis";
    assert_eq!(status(&answer(basis, "text: without a fingerprint")), "pass");
    assert_eq!(status(&answer(basis, &format!("architecture: {present}"))), "pass");
    assert_eq!(status(&answer(basis, &format!("architecture: {}", present.to_uppercase()))), "pass");
    let stale = answer(basis, "architecture: 0123456789abcdef");
    assert_eq!((status(&stale), reason(&stale).contains("stores of the workload have changed")), ("manual", true));
    // What does not speak of stores stays.
    assert_eq!(status(&answer("ftr-dr-005-rto-basis", "architecture: 0123456789abcdef")), "pass");
    let case = Case::new().answers(&format!("{}    architecture: 0123\n", guide("https://wiki.example.com")));
    let run = case.place.sonae().args(["demo", "--manifest", "sonae.yaml"]).run().expect(2);
    assert!(run.stderr.contains("`0123` is not a fingerprint of stores"), "{}", run.stderr);
}

#[test]
fn a_scan_that_saw_only_some_types_knows_no_fingerprint() {
    let place = Place::new();
    let manifest = format!("{}answers: answers.yaml\n", Scan::MANIFEST);
    let answers = "answers:\n  - { rule: ftr-dr-002-rpo-basis, workload: web, status: done, answered_at: 2026-09-01, \
                   architecture: 0123456789abcdef }\n";
    Scan::new()
        .with(bucket("a", "Enabled"))
        .manifest(&manifest)
        .input("answers.yaml", answers)
        .write(&place.path("scan"));
    let args = ["assess", "scan", "--format", "json", "--rule", "ftr-dr-002-rpo-basis", "--allow-unknown"];
    let report = place.sonae().args(args).run().expect(0).report();
    assert_eq!(report["workloads"][0]["architecture"], "");
    assert_eq!(status(&report["findings"][0]), "pass", "nothing goes stale by what is not known");
}

#[test]
fn what_aws_backup_saw_contradicts_an_answer() {
    let test = |date: &str| {
        let text = format!(
            "  - rule: ftr-dr-007-dr-test-performed\n    workload: mks\n    status: done\n    answered_at: 2026-09-20\n    \
             evidence: [https://wiki.example.com/drill]\n    facts: {{ last_test: {date}, result: passed }}\n"
        );
        Case::new().answers(&text).finding("ftr-dr-007-dr-test-performed", "mks")
    };
    // The demo's counter was not restored on 2026-09-08.
    let contradicted = test("2026-06-19");
    assert_eq!(status(&contradicted), "fail");
    for part in ["2026-06-19", "mks-production-counter", "2026-09-08"] {
        assert!(reason(&contradicted).contains(part), "{part}: {contradicted}");
    }
    assert_eq!(status(&test("2026-09-15")), "pass", "the test came after it");
}

#[test]
fn what_was_seen_answers_where_nobody_has() {
    let finding = Case::new().finding("ftr-dr-009-dr-test-date-recorded", "mks");
    assert_eq!(status(&finding), "pass");
    assert!(reason(&finding).contains("Nobody has answered") && reason(&finding).contains("2026-06-14"), "{finding}");
    assert_eq!(
        status(&Case::new().finding("ftr-dr-009-dr-test-date-recorded", "lem")),
        "manual",
        "nothing was seen there"
    );
}

const VERSIONING: &str = "s3-versioning-enabled";

fn waiver(scope: &str, expires: &str) -> String {
    format!("  - {{ rule: {VERSIONING}, scope: {scope}, reason: r, owner: o, approver: a, expires: {expires} }}\n")
}

#[test]
fn every_state_of_a_waiver_is_told() {
    let entries = [
        waiver("{ resource: mks-production-uploads }", "2027-06-30"),
        waiver("{ resource: mks-production-alb-logs }", "2026-10-15"),
        waiver("{ resource: lem-production-agent-packages }", "2026-09-30"),
        waiver("{ resource: no-such-bucket }", "2027-06-30"),
        waiver("{ resource: mks-production-documents }", "2027-06-30"),
        waiver("{ resource: legacy-web-assets }", "2027-06-30"),
        waiver("{ resource: x }", "2027-06-30").replace(VERSIONING, "rds-multi-az"),
    ];
    let report = Case::new().waivers(&entries.concat()).run(&[VERSIONING]).report();
    let states: Vec<&str> =
        report["waivers"].as_array().expect("waivers").iter().filter_map(|it| it["state"].as_str()).collect();
    assert_eq!(
        states,
        [
            "active",
            "expires_soon",
            "expired",
            "unused",
            "not_needed",
            // It could not be read: the waiver covers nothing, yet nobody can say that it is not needed.
            "active",
            // Its rule was not judged this time.
            "active",
        ]
    );
    let of = |resource: &str| {
        let findings = report["findings"].as_array().expect("findings").iter();
        findings.clone().find(|finding| finding["resource"] == resource).unwrap_or_else(|| panic!("{resource}"))
    };
    assert_eq!(status(of("mks-production-uploads")), "waived");
    assert_eq!(status(of("mks-production-alb-logs")), "waived");
    assert_eq!(status(of("mks-production-documents")), "pass");
    assert_eq!(status(of("legacy-web-assets")), "unknown", "a waiver never covers what is not known");
    let expired = of("lem-production-agent-packages");
    assert_eq!(status(expired), "fail");
    assert!(reason(expired).ends_with(" Its waiver expired on 2026-09-30."), "{expired}");
    // The summary of every format begins its notes with them.
    let notes: Vec<&str> = report["notes"].as_array().expect("notes").iter().filter_map(Json::as_str).collect();
    for (note, resource) in notes.iter().zip(["agent-packages", "alb-logs", "no-such-bucket", "documents"]) {
        assert!(note.contains("(1)") && note.contains(resource), "{note}");
    }
    assert_eq!(notes.len(), 4);
}

#[test]
fn every_bucket_hears_whether_its_objectives_need_versioning() {
    let report = &demo("en").json;
    let mut heard = 0;
    for finding in report["findings"].as_array().expect("findings").iter().filter(|it| it["rule"] == VERSIONING) {
        let begins = match status(finding) {
            "pass" | "fail" | "waived" => "The RPO of ",
            "not_applicable" => "Not needed: no RPO for data loss is declared",
            _ => "It cannot be told: s3:GetBucketVersioning",
        };
        assert!(reason(finding).starts_with(begins), "{finding}");
        heard += 1;
    }
    assert!(heard > 20, "the demo has {heard} buckets");
}
