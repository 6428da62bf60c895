//! What people see when something that they wrote is wrong: file, line, column, cause and cure.

use insta::assert_snapshot;

use crate::common::{Place, RULE, rule_with};
use crate::snapshots::{Scan, bucket};

/// What `rules test` says of one rule file.
fn rule(text: &str) -> String {
    let place = Place::new();
    place.write("rules/own-rule.yaml", text);
    place.sonae().args(["rules", "test", "rules"]).run().errors()
}

/// What an assessment says with that manifest and the files beside it.
fn manifest(text: &str, files: &[(&str, &str)]) -> String {
    let place = Place::new();
    Scan::new().with(bucket("a", "Enabled")).write(&place.path("scan"));
    place.write("sonae.yaml", text);
    for (name, text) in files {
        place.write(name, text);
    }
    let args = ["assess", "scan", "--manifest", "sonae.yaml", "--rule", "s3-versioning-enabled", "--fail-on", "never"];
    place.sonae().args(args).args(["--allow-unknown", "--format", "json"]).run().errors()
}

fn answers(text: &str) -> String {
    manifest("workloads: [{ name: web }]\nanswers: answers.yaml\n", &[("answers.yaml", text)])
}

fn waivers(text: &str) -> String {
    manifest("waivers: waivers.yaml\n", &[("waivers.yaml", text)])
}

#[test]
fn the_rule_that_tests_break_is_valid() {
    assert_snapshot!(rule(RULE), @"");
}

#[test]
fn rule_with_a_misspelt_field() {
    assert_snapshot!(rule(&rule_with("pass: resource.versioning", "pass: resource.versoning")), @"");
}

#[test]
fn rule_with_a_field_of_another_type() {
    assert_snapshot!(rule(&rule_with("pass: resource.versioning ==", "pass: resource.multi_az ==")), @"");
}

#[test]
fn rule_that_compares_a_duration_with_a_number() {
    assert_snapshot!(rule(&rule_with("resource.versioning == \"Enabled\"", "resource.object_lock_retention >= 7")), @"");
}

#[test]
fn rule_that_compares_a_flag_with_a_text() {
    assert_snapshot!(rule(&rule_with("resource.versioning == \"Enabled\"", "resource.object_lock_enabled == \"true\"")), @"");
}

#[test]
fn rule_with_a_word_that_can_never_be() {
    assert_snapshot!(rule(&rule_with("\"Enabled\"", "\"enabled\"")), @"");
}

#[test]
fn rule_that_is_no_condition() {
    assert_snapshot!(rule(&rule_with("resource.versioning == \"Enabled\"", "resource.versioning")), @"");
}

#[test]
fn rule_that_is_no_cel() {
    assert_snapshot!(rule(&rule_with("resource.versioning == \"Enabled\"", "resource.versioning = \"Enabled\"")), @"");
    assert_snapshot!(rule(&rule_with("resource.versioning == \"Enabled\"", "(resource.versioning == \"Enabled\"")), @"");
}

#[test]
fn rule_with_several_problems_in_a_block() {
    let block = "\
|
  resource.versionin == \"Enabled\"
  && resource.replicas.all(r, r.status == \"enabld\")
  && workload.teir == \"critical\"";
    assert_snapshot!(rule(&rule_with("resource.versioning == \"Enabled\"", block)), @"");
}

#[test]
fn rule_with_a_misspelt_field_after_japanese_text() {
    let expression = "resource.name == \"備え\" && resource.versoning == \"Enabled\"";
    assert_snapshot!(rule(&rule_with("resource.versioning == \"Enabled\"", expression)), @"");
}

#[test]
fn rule_with_a_bad_indent() {
    assert_snapshot!(rule(&rule_with("category: backup", "category: backup\n   severity: high")), @"");
}

#[test]
fn rule_with_an_unknown_key() {
    assert_snapshot!(rule(&rule_with("severity: high", "severty: high")), @"");
}

#[test]
fn rule_without_a_key() {
    assert_snapshot!(rule(&rule_with("severity: high\n", "")), @"");
}

#[test]
fn rule_with_a_wrong_word() {
    assert_snapshot!(rule(&rule_with("severity: high", "severity: hihg")), @"");
}

#[test]
fn rule_on_an_unknown_type() {
    assert_snapshot!(rule(&rule_with("AWS::S3::Bucket", "AWS::S3::Buckets")), @"");
}

#[test]
fn rule_without_examples() {
    let (head, _) = RULE.split_once("examples:").expect("examples");
    assert_snapshot!(rule(&format!("{head}examples: []\n")), @"");
    assert_snapshot!(rule(head), @"");
}

#[test]
fn rule_whose_examples_do_not_fit() {
    assert_snapshot!(rule(&rule_with("{ versioning: Suspended }", "{ versoning: Suspended }")), @"");
    assert_snapshot!(rule(&rule_with("{ versioning: Suspended }", "{ versioning: 7 }")), @"");
    assert_snapshot!(rule(&rule_with("{ versioning: Suspended }", "{ object_lock_retention: 7 }")), @"");
}

#[test]
fn rule_whose_example_does_not_hold() {
    assert_snapshot!(rule(&rule_with("Suspended }, expect: fail", "Suspended }, expect: pass }\n  - { name: nothing, resource: { versioning: null }, expect: fail")), @"");
}

#[test]
fn rule_that_says_what_is_no_evidence() {
    assert_snapshot!(rule(&rule_with("remediation:", "says: { fail: { ja: \"{version}です\", en: It is {version} } }\nremediation:")), @"");
    assert_snapshot!(rule(&rule_with("remediation:", "says: { fail: { ja: \"{version}です\", en: \"It is {versionin}\" } }\nremediation:")), @"");
}

#[test]
fn rules_of_the_same_id() {
    let place = Place::new();
    place.write("rules/a.yaml", RULE);
    place.write("rules/b.yaml", RULE);
    assert_snapshot!(place.sonae().args(["rules", "test", "rules"]).run().errors(), @"");
}

#[test]
fn rule_with_an_id_of_ours() {
    let place = Place::new();
    place.write("own/a.yaml", rule_with("own-rule", "s3-versioning-enabled"));
    place.write("sonae.yaml", "rules: { dirs: [own] }\n");
    assert_snapshot!(place.sonae().args(["rules", "list", "--manifest", "sonae.yaml"]).run().errors(), @"");
}

#[test]
fn directories_without_rules() {
    let place = Place::new();
    place.write("empty/readme.txt", "");
    assert_snapshot!(place.sonae().args(["rules", "test", "nowhere"]).run().errors(), @"");
    assert_snapshot!(place.sonae().args(["rules", "test", "empty"]).run().errors(), @"");
    assert_snapshot!(place.sonae().args(["rules", "test", "empty/readme.txt"]).run().errors(), @"");
    assert_snapshot!(manifest("rules: { dirs: [nowhere] }\n", &[]), @"");
}

#[test]
fn rule_file_that_is_no_text() {
    let place = Place::new();
    place.write("rules/a.yaml", [0xff, 0xfe, 0x00]);
    assert_snapshot!(place.sonae().args(["rules", "test", "rules"]).run().errors(), @"");
}

#[test]
fn manifest_that_is_missing() {
    assert_snapshot!(Place::new().sonae().args(["demo", "--manifest", "sonae.yaml"]).run().errors(), @"");
}

#[test]
fn manifest_with_an_unknown_key() {
    assert_snapshot!(manifest("organisation: Example\n", &[]), @"");
    assert_snapshot!(manifest("workloads:\n  - name: web\n    objectives: { rpo: { dat: 1h } }\n", &[]), @"");
}

#[test]
fn manifest_of_another_version() {
    assert_snapshot!(manifest("version: 2\n", &[]), @"");
}

#[test]
fn manifest_with_a_bad_indent() {
    assert_snapshot!(manifest("workloads:\n  - name: web\n   tier: critical\n", &[]), @"");
}

#[test]
fn manifest_with_bad_durations() {
    assert_snapshot!(manifest("defaults:\n  objectives:\n    rpo: 1 month\n    rto: { az: soon, region: -1h }\n    retention: 7\n", &[]), @"");
}

#[test]
fn manifest_with_account_ids_without_quotes() {
    assert_snapshot!(manifest("accounts: [012345678901]\nworkloads:\n  - name: web\n    select: { accounts: [111111111111] }\n", &[]), @"");
}

#[test]
fn manifest_with_bad_account_ids() {
    assert_snapshot!(manifest("accounts: { list: [\"1234\"], exclude: [production] }\n", &[]), @"");
}

#[test]
fn manifest_with_bad_regions() {
    assert_snapshot!(manifest("regions: [tokyo, ap-northeast-1a]\nworkloads:\n  - name: web\n    dr_region: Osaka\n", &[]), @"");
    assert_snapshot!(manifest("regions: all\n", &[]), @"");
}

#[test]
fn manifest_with_bad_slos() {
    assert_snapshot!(manifest("defaults: { objectives: { slo: 99.9 } }\n", &[]), @"");
    assert_snapshot!(manifest("defaults: { objectives: { slo: 120% } }\n", &[]), @"");
}

#[test]
fn manifest_with_bad_words() {
    assert_snapshot!(manifest("workloads:\n  - name: web\n    tier: criticl\n    strategy: multi_site\n", &[]), @"");
    assert_snapshot!(manifest("accounts: { discover: organisations }\n", &[]), @"");
    assert_snapshot!(manifest("language: jp\n", &[]), @"");
}

#[test]
fn manifest_with_a_role_arn() {
    assert_snapshot!(manifest("accounts: { discover: organizations, role: \"arn:aws:iam::111111111111:role/Sonae\" }\n", &[]), @"");
}

#[test]
fn manifest_with_workloads_without_a_name_of_their_own() {
    assert_snapshot!(manifest("workloads:\n  - name: web\n  - tier: critical\n  - name: web\n  - name: default\n", &[]), @"");
}

#[test]
fn manifest_with_many_problems_names_them_all() {
    assert_snapshot!(
        manifest("version: 3\naccounts: [\"1\"]\nregions: [mars]\nworkloads:\n  - name: web\n    tier: gold\n    objectives: { slo: \"1\", rpo: never }\n", &[]),
        @""
    );
}

#[test]
fn manifest_that_names_unknown_rules() {
    assert_snapshot!(manifest("rules:\n  disable: [s3-versoning-enabled]\n", &[]), @"");
    assert_snapshot!(manifest("rules:\n  params:\n    rds-backup-retentio: { min_retention: 14d }\n", &[]), @"");
}

#[test]
fn manifest_with_parameters_that_do_not_fit() {
    assert_snapshot!(manifest("rules:\n  params:\n    rds-backup-retention: { min_retentio: 14d }\n", &[]), @"");
    assert_snapshot!(manifest("rules:\n  params:\n    rds-backup-retention: { min_retention: long }\n", &[]), @"");
}

#[test]
fn manifest_that_names_files_that_are_not_there() {
    assert_snapshot!(manifest("answers: antworten.yaml\n", &[]), @"");
}

#[test]
fn answers_with_bad_dates() {
    assert_snapshot!(answers("answers:\n  - { rule: ftr-dr-002-rpo-basis, status: done, answered_at: yesterday }\n  - { rule: ftr-dr-005-rto-basis, status: in_progress, due: 2026-02-30 }\n"), @"");
    assert_snapshot!(answers("answers:\n  - { rule: ftr-dr-002-rpo-basis, status: done }\n"), @"");
}

#[test]
fn answers_to_unknown_rules_and_workloads() {
    assert_snapshot!(answers("answers:\n  - { rule: ftr-dr-002-rpo-bases, status: done, answered_at: 2026-09-01 }\n  - { rule: ftr-dr-005-rto-basis, workload: wep, status: done, answered_at: 2026-09-01 }\n"), @"");
}

#[test]
fn answers_with_facts_that_do_not_fit() {
    assert_snapshot!(answers("answers:\n  - { rule: ftr-dr-009-dr-test-date-recorded, status: done, answered_at: 2026-09-01, facts: { last_tests: 2026-08-01 } }\n"), @"");
    assert_snapshot!(answers("answers:\n  - { rule: ftr-dr-009-dr-test-date-recorded, status: done, answered_at: 2026-09-01, facts: { last_test: soon } }\n"), @"");
}

#[test]
fn answers_with_bad_keys_and_words() {
    assert_snapshot!(answers("answers:\n  - { rule: ftr-dr-002-rpo-basis, status: finished }\n"), @"");
    assert_snapshot!(answers("answers:\n  - { rule: ftr-dr-002-rpo-basis, comments: none }\n"), @"");
}

#[test]
fn waivers_with_problems() {
    assert_snapshot!(waivers("waivers:\n  - { rule: s3-versioning-enabled, reason: cheap, owner: a, expires: 2027-01-01 }\n"), @"");
    assert_snapshot!(waivers("waivers:\n  - { rule: s3-versioning-enabled, reason: \"\", owner: a, approver: \" \", expires: next year }\n"), @"");
    assert_snapshot!(waivers("waivers:\n  - { rule: s3-versioning-enabld, reason: r, owner: a, approver: b, expires: 2027-01-01 }\n"), @"");
    assert_snapshot!(waivers("waivers:\n  - { rule: s3-versioning-enabled, reason: r, owner: a, approver: b, expires: 2027-01-01, scope: { ressource: x } }\n"), @"");
}

#[test]
fn warnings_stand_in_the_report_and_on_the_error_stream() {
    let place = Place::new();
    Scan::new().with(bucket("a", "Enabled")).write(&place.path("scan"));
    place.write("sonae.yaml", "accounts: [111111111111]\nanswers: answers.yaml\nwaivers: waivers.yaml\n");
    place.write("answers.yaml", "answers: [{ rule: gone }]\n");
    place.write("waivers.yaml", "waivers: [{ rule: gone, reason: r, owner: a, approver: b, expires: 2027-01-01 }]\n");
    let args = ["assess", "scan", "--manifest", "sonae.yaml", "--rule", "s3-versioning-enabled", "--allow-unknown"];
    let run = place.sonae().args(args).run().expect(0);
    assert_eq!(run.stderr.matches("warning: ").count(), 3, "{}", run.stderr);
    assert_eq!(run.report()["notes"].as_array().map(Vec::len), Some(3));
    let run = place.sonae().args(args).args(["--quiet"]).run().expect(0);
    assert!(run.stderr.is_empty(), "{}", run.stderr);
}
