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
    assert_snapshot!(rule(RULE), @"exit code 0");
}

#[test]
fn rule_with_a_misspelt_field() {
    assert_snapshot!(rule(&rule_with("pass: resource.versioning", "pass: resource.versoning")), @r#"
    exit code 2
    error: AWS::S3::Bucket has no field `versoning`
     --> rules/own-rule.yaml:7:16
      |
    7 | pass: resource.versoning == "Enabled"
      |                ^^^^^^^^^
      |
      = help: did you mean `versioning`?
    "#);
}

#[test]
fn rule_with_a_field_of_another_type() {
    let said = rule(&rule_with("pass: resource.versioning ==", "pass: resource.multi_az =="));
    assert!(said.contains("AWS::S3::Bucket has no field `multi_az`"), "{said}");
    assert!(said.contains("rules/own-rule.yaml:7:16"), "{said}");
    assert!(said.contains("= help: it has tags, created, versioning, "), "{said}");
}

#[test]
fn rule_that_compares_a_duration_with_a_number() {
    assert_snapshot!(rule(&rule_with("resource.versioning == \"Enabled\"", "resource.object_lock_retention >= 7")), @r#"
    exit code 2
    error: a duration and an int do not compare
     --> rules/own-rule.yaml:7:7
      |
    7 | pass: resource.object_lock_retention >= 7
      |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write the length of time as duration("7d")
    "#);
}

#[test]
fn rule_that_compares_a_flag_with_a_text() {
    assert_snapshot!(rule(&rule_with("resource.versioning == \"Enabled\"", "resource.object_lock_enabled == \"true\"")), @r#"
    exit code 2
    error: a bool and a string do not compare
     --> rules/own-rule.yaml:7:7
      |
    7 | pass: resource.object_lock_enabled == "true"
      |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write true or false without quotes
    "#);
}

#[test]
fn rule_with_a_word_that_can_never_be() {
    assert_snapshot!(rule(&rule_with("\"Enabled\"", "\"enabled\"")), @r#"
    exit code 2
    error: this can never be "enabled"
     --> rules/own-rule.yaml:7:30
      |
    7 | pass: resource.versioning == "enabled"
      |                              ^^^^^^^^^
      |
      = help: did you mean "Enabled"?
    "#);
}

#[test]
fn rule_that_is_no_condition() {
    assert_snapshot!(rule(&rule_with("resource.versioning == \"Enabled\"", "resource.versioning")), @r#"
    exit code 2
    error: this yields a string, and a condition is needed
     --> rules/own-rule.yaml:7:7
      |
    7 | pass: resource.versioning
      |       ^^^^^^^^^^^^^^^^^^^
      |
      = help: compare it with something
    "#);
}

#[test]
fn rule_that_is_no_cel() {
    assert_snapshot!(rule(&rule_with("resource.versioning == \"Enabled\"", "resource.versioning = \"Enabled\"")), @r#"
    exit code 2
    error: this is not CEL: token recognition error at: '= '
     --> rules/own-rule.yaml:7:27
      |
    7 | pass: resource.versioning = "Enabled"
      |                           ^
      |
      = help: a comparison is written ==
    "#);
    assert_snapshot!(rule(&rule_with("resource.versioning == \"Enabled\"", "(resource.versioning == \"Enabled\"")), @r#"
    exit code 2
    error: the expression ends too early
     --> rules/own-rule.yaml:7:39
      |
    7 | pass: (resource.versioning == "Enabled"
      |                                       ^
      |
      = help: check brackets and quotes; conditions are joined by && and ||
    "#);
}

#[test]
fn rule_with_several_problems_in_a_block() {
    let block = "\
|
  resource.versionin == \"Enabled\"
  && resource.replicas.all(r, r.status == \"enabld\")
  && workload.teir == \"critical\"";
    assert_snapshot!(rule(&rule_with("resource.versioning == \"Enabled\"", block)), @r#"
    exit code 2
    error: AWS::S3::Bucket has no field `versionin`
     --> rules/own-rule.yaml:8:12
      |
    8 |   resource.versionin == "Enabled"
      |            ^^^^^^^^^
      |
      = help: did you mean `versioning`?

    error: this can never be "enabld"
     --> rules/own-rule.yaml:9:43
      |
    9 |   && resource.replicas.all(r, r.status == "enabld")
      |                                           ^^^^^^^^
      |
      = help: did you mean "Enabled"?

    error: workload has no field `teir`
      --> rules/own-rule.yaml:10:15
       |
    10 |   && workload.teir == "critical"
       |               ^^^^
       |
       = help: did you mean `tier`?
    "#);
}

#[test]
fn rule_with_a_misspelt_field_after_japanese_text() {
    let expression = "resource.name == \"備え\" && resource.versoning == \"Enabled\"";
    assert_snapshot!(rule(&rule_with("resource.versioning == \"Enabled\"", expression)), @r#"
    exit code 2
    error: AWS::S3::Bucket has no field `versoning`
     --> rules/own-rule.yaml:7:41
      |
    7 | pass: resource.name == "備え" && resource.versoning == "Enabled"
      |                                           ^^^^^^^^^
      |
      = help: did you mean `versioning`?
    "#);
}

#[test]
fn rule_with_a_bad_indent() {
    assert_snapshot!(rule(&rule_with("category: backup", "category: backup\n   severity: high")), @r#"
    exit code 2
    error: `backup severity` is not one of the words allowed here
     --> rules/own-rule.yaml:3:11
      |
    3 |   category: backup
      |  ___________^
    4 | |    severity: high
      | |___________^
      |
      = help: the names allowed here are objectives, redundancy, backup, dr_region, protection, operations
    "#);
}

#[test]
fn rule_with_an_unknown_key() {
    assert_snapshot!(rule(&rule_with("severity: high", "severty: high")), @r#"
    exit code 2
    error: there is no key `severty` here
     --> rules/own-rule.yaml:4:1
      |
    4 | severty: high
      | ^^^^^^^ unknown key
      |
      = help: did you mean `severity`?
    "#);
}

#[test]
fn rule_without_a_key() {
    assert_snapshot!(rule(&rule_with("severity: high\n", "")), @r#"
    exit code 2
    error: the key `severity` is missing
     --> rules/own-rule.yaml:9:1
      |
    9 | examples:
      | ^^^^^^^^ it belongs here
      |
      = help: add `severity:`
    "#);
}

#[test]
fn rule_with_a_wrong_word() {
    assert_snapshot!(rule(&rule_with("severity: high", "severity: hihg")), @r#"
    exit code 2
    error: `hihg` is not one of the words allowed here
     --> rules/own-rule.yaml:4:11
      |
    4 | severity: hihg
      |           ^^^^
      |
      = help: did you mean `high`?
    "#);
}

#[test]
fn rule_on_an_unknown_type() {
    assert_snapshot!(rule(&rule_with("AWS::S3::Bucket", "AWS::S3::Buckets")), @r#"
    exit code 2
    error: there is no resource type `AWS::S3::Buckets`
     --> rules/own-rule.yaml:2:7
      |
    2 | type: AWS::S3::Buckets
      |       ^^^^^^^^^^^^^^^^
      |
      = help: did you mean `AWS::S3::Bucket`?
    "#);
}

#[test]
fn rule_without_examples() {
    let (head, _) = RULE.split_once("examples:").expect("examples");
    assert_snapshot!(rule(&format!("{head}examples: []\n")), @r#"
    exit code 2
    error: no example of the rule expects `pass`
     --> rules/own-rule.yaml:1:5
      |
    1 | id: own-rule
      |     ^^^^^^^^
      |
      = help: add one to `examples`: they are the rule's tests

    error: no example of the rule expects `fail`
     --> rules/own-rule.yaml:1:5
      |
    1 | id: own-rule
      |     ^^^^^^^^
      |
      = help: add one to `examples`: they are the rule's tests

    error: no example of the rule expects `unknown`
     --> rules/own-rule.yaml:1:5
      |
    1 | id: own-rule
      |     ^^^^^^^^
      |
      = help: add one to `examples`: they are the rule's tests
    "#);
    assert_snapshot!(rule(head), @r#"
    exit code 2
    error: the key `examples` is missing
     --> rules/own-rule.yaml:9:1
      |
    9 | remediation: { text: { ja: 直す, en: Mend it } }
      | ^^^^^^^^^^^ it belongs here
      |
      = help: add `examples:`
    "#);
}

#[test]
fn rule_whose_examples_do_not_fit() {
    assert_snapshot!(rule(&rule_with("{ versioning: Suspended }", "{ versoning: Suspended }")), @r#"
    exit code 2
    error: resource.versoning: there is no field of that name
      --> rules/own-rule.yaml:12:13
       |
    12 |   - { name: off, resource: { versoning: Suspended }, expect: fail }
       |             ^^^ in this example
       |
       = help: write values as the field's type needs them: 7d, 2026-01-15T00:00:00Z, {$unknown: denied}
    "#);
    assert_snapshot!(rule(&rule_with("{ versioning: Suspended }", "{ versioning: 7 }")), @r#"
    exit code 2
    error: resource.versioning: expected a text, found 7
      --> rules/own-rule.yaml:12:13
       |
    12 |   - { name: off, resource: { versioning: 7 }, expect: fail }
       |             ^^^ in this example
       |
       = help: write values as the field's type needs them: 7d, 2026-01-15T00:00:00Z, {$unknown: denied}
    "#);
    assert_snapshot!(rule(&rule_with("{ versioning: Suspended }", "{ object_lock_retention: 7 }")), @r#"
    exit code 2
    error: resource.object_lock_retention: expected a duration such as 7d or PT24H, found 7
      --> rules/own-rule.yaml:12:13
       |
    12 |   - { name: off, resource: { object_lock_retention: 7 }, expect: fail }
       |             ^^^ in this example
       |
       = help: write values as the field's type needs them: 7d, 2026-01-15T00:00:00Z, {$unknown: denied}
    "#);
}

#[test]
fn rule_whose_example_does_not_hold() {
    assert_snapshot!(rule(&rule_with("Suspended }, expect: fail", "Suspended }, expect: pass }\n  - { name: nothing, resource: { versioning: null }, expect: fail")), @r#"
    exit code 2
    error: rule own-rule: the example `off` is fail, not pass
      --> rules/own-rule.yaml:12:13
       |
    12 |   - { name: off, resource: { versioning: Suspended }, expect: pass }
       |             ^^^ expected pass
       |
       = help: decided by `resource.versioning == "Enabled"` with resource.versioning = "Suspended"
    "#);
}

#[test]
fn rule_that_says_what_is_no_evidence() {
    assert_snapshot!(rule(&rule_with("remediation:", "says: { fail: { ja: \"{version}です\", en: It is {version} } }\nremediation:")), @r#"
    exit code 2
    error: while parsing a flow mapping, did not find expected ',' or '}'
     --> rules/own-rule.yaml:9:46
      |
    9 | says: { fail: { ja: "{version}です", en: It is {version} } }
      |                                                ^
      |
      = help: check the indentation and the quotes of this line and the one above it
    "#);
    assert_snapshot!(rule(&rule_with("remediation:", "says: { fail: { ja: \"{version}です\", en: \"It is {versionin}\" } }\nremediation:")), @r#"
    exit code 2
    error: there is no evidence `version` to put here
     --> rules/own-rule.yaml:9:22
      |
    9 | says: { fail: { ja: "{version}です", en: "It is {versionin}" } }
      |                      ^^^^^^^^^
      |
      = help: did you mean `{versioning}`?

    error: there is no evidence `versionin` to put here
     --> rules/own-rule.yaml:9:47
      |
    9 | says: { fail: { ja: "{version}です", en: "It is {versionin}" } }
      |                                                 ^^^^^^^^^^^
      |
      = help: did you mean `{versioning}`?
    "#);
}

#[test]
fn rules_of_the_same_id() {
    let place = Place::new();
    place.write("rules/a.yaml", RULE);
    place.write("rules/b.yaml", RULE);
    assert_snapshot!(place.sonae().args(["rules", "test", "rules"]).run().errors(), @r#"
    exit code 2
    error: the rule id `own-rule` is taken
     --> rules/b.yaml:1:5
      |
    1 | id: own-rule
      |     ^^^^^^^^
      |
      = help: rules/a.yaml has it too; give this rule an id of its own
    "#);
}

#[test]
fn rule_with_an_id_of_ours() {
    let place = Place::new();
    place.write("own/a.yaml", rule_with("own-rule", "s3-versioning-enabled"));
    place.write("sonae.yaml", "rules: { dirs: [own] }\n");
    assert_snapshot!(place.sonae().args(["rules", "list", "--manifest", "sonae.yaml"]).run().errors(), @r#"
    exit code 2
    error: the rule id `s3-versioning-enabled` is taken
     --> own/a.yaml:1:5
      |
    1 | id: s3-versioning-enabled
      |     ^^^^^^^^^^^^^^^^^^^^^
      |
      = help: rules/s3/s3-versioning-enabled.yaml has it too; give this rule an id of its own
    "#);
}

#[test]
fn directories_without_rules() {
    let place = Place::new();
    place.write("empty/readme.txt", "");
    assert_snapshot!(place.sonae().args(["rules", "test", "nowhere"]).run().errors(), @r#"
    exit code 2
    error: nowhere is no directory; name one with rule files ending in .yaml
    "#);
    assert_snapshot!(place.sonae().args(["rules", "test", "empty"]).run().errors(), @r#"
    exit code 2
    error: empty holds no rule file ending in .yaml
    "#);
    assert_snapshot!(place.sonae().args(["rules", "test", "empty/readme.txt"]).run().errors(), @r#"
    exit code 2
    error: empty/readme.txt is no directory; name one with rule files ending in .yaml
    "#);
    assert_snapshot!(manifest("rules: { dirs: [nowhere] }\n", &[]), @r#"
    exit code 2
    error: the manifest names it under `rules.dirs`: cannot read nowhere: No such file or directory (os error 2)
    "#);
}

#[test]
fn rule_file_that_is_no_text() {
    let place = Place::new();
    place.write("rules/a.yaml", [0xff, 0xfe, 0x00]);
    assert_snapshot!(place.sonae().args(["rules", "test", "rules"]).run().errors(), @r#"
    exit code 2
    error: cannot read rules/a.yaml: stream did not contain valid UTF-8
    "#);
}

#[test]
fn rule_with_what_belongs_to_questions_only() {
    let contradicted = rule(&rule_with("evidence: {", "contradicted_by: resource.versioning == null\nevidence: {"));
    assert!(contradicted.contains("only an answer can be contradicted, and the rule asks nothing"), "{contradicted}");
    let question = "question: { text: { ja: 問い, en: Question }, evidence: { ja: 根拠, en: Proof }, fresh_for: 1d, \
                    stale_on_change: true, fields: { status: { type: bool, title: { ja: 事実, en: Fact } } } }\nevidence: {";
    let asked = rule(&rule_with("evidence: {", question));
    assert!(asked.contains("`stale_on_change` is for questions about workloads"), "{asked}");
    assert!(asked.contains("every answer has a `status` already"), "{asked}");
}

#[test]
fn rule_with_sentences_that_are_never_said() {
    let says = "says: { fail: [{ ja: いつも, en: Always }, { when: resource.versioning == null, ja: なし, en: None }] }\nevidence: {";
    let unsaid = rule(&rule_with("evidence: {", says));
    assert!(unsaid.contains("a sentence without `when` is always said"), "{unsaid}");
    let misspelt = "says: { fail: [{ when: resource.versoning == null, ja: なし, en: None }] }\nevidence: {";
    let misspelt = rule(&rule_with("evidence: {", misspelt));
    assert!(misspelt.contains("AWS::S3::Bucket has no field `versoning`"), "{misspelt}");
    let idle = rule(&rule_with("evidence: {", "says: { contradicted: { ja: なし, en: None } }\nevidence: {"));
    assert!(idle.contains("yet nothing contradicts them"), "{idle}");
    let word = rule(&rule_with("evidence: {", "says: { fail: never }\nevidence: {"));
    assert!(word.contains("a sentence with `ja` and `en`, or a list of them with `when`"), "{word}");
}

#[test]
fn manifest_that_is_missing() {
    assert_snapshot!(Place::new().sonae().args(["demo", "--manifest", "sonae.yaml"]).run().errors(), @r#"
    exit code 2
    error: cannot read sonae.yaml: No such file or directory (os error 2)
    "#);
}

#[test]
fn manifest_with_an_unknown_key() {
    assert_snapshot!(manifest("organisation: Example\n", &[]), @r#"
    exit code 2
    error: there is no key `organisation` here
     --> sonae.yaml:1:1
      |
    1 | organisation: Example
      | ^^^^^^^^^^^^ unknown key
      |
      = help: did you mean `organization`?
    "#);
    assert_snapshot!(manifest("workloads:\n  - name: web\n    objectives: { rpo: { dat: 1h } }\n", &[]), @r#"
    exit code 2
    error: there is no key `dat` here
     --> sonae.yaml:3:26
      |
    3 |     objectives: { rpo: { dat: 1h } }
      |                          ^^^ unknown key
      |
      = help: did you mean `data`?
    "#);
}

#[test]
fn manifest_of_another_version() {
    assert_snapshot!(manifest("version: 2\n", &[]), @r#"
    exit code 2
    error: version 2 of the manifest is not known
     --> sonae.yaml:1:10
      |
    1 | version: 2
      |          ^
      |
      = help: write `version: 1`
    "#);
}

#[test]
fn manifest_with_a_bad_indent() {
    assert_snapshot!(manifest("workloads:\n  - name: web\n   tier: critical\n", &[]), @r#"
    exit code 2
    error: while parsing a block collection, did not find expected '-' indicator
     --> sonae.yaml:3:4
      |
    3 |    tier: critical
      |    ^
      |
      = help: check the indentation and the quotes of this line and the one above it
    "#);
}

#[test]
fn manifest_with_bad_durations() {
    assert_snapshot!(manifest("defaults:\n  objectives:\n    rpo: 1 month\n    rto: { az: soon, region: -1h }\n    retention: 7\n", &[]), @r#"
    exit code 2
    error: `1 month` uses months or years, whose length varies; write days instead, such as 35d
     --> sonae.yaml:3:10
      |
    3 |     rpo: 1 month
      |          ^^^^^^^
      |
      = help: examples: 5m, 90m, 1h, 24h, 7d

    error: `soon` is not a duration; write a number and a unit, such as 5m, 1h, 24h or 7d
     --> sonae.yaml:4:16
      |
    4 |     rto: { az: soon, region: -1h }
      |                ^^^^
      |
      = help: examples: 5m, 90m, 1h, 24h, 7d

    error: `-1h` is negative; a recovery objective or a retention cannot be
     --> sonae.yaml:4:30
      |
    4 |     rto: { az: soon, region: -1h }
      |                              ^^^
      |
      = help: examples: 5m, 90m, 1h, 24h, 7d

    error: `7` is not a duration; write a number and a unit, such as 5m, 1h, 24h or 7d
     --> sonae.yaml:5:16
      |
    5 |     retention: 7
      |                ^
      |
      = help: examples: 5m, 90m, 1h, 24h, 7d
    "#);
}

#[test]
fn manifest_with_account_ids_without_quotes() {
    assert_snapshot!(manifest("accounts: [012345678901]\nworkloads:\n  - name: web\n    select: { accounts: [111111111111] }\n", &[]), @r#"
    exit code 0
    warning: the account id 012345678901 is not in quotes
     --> sonae.yaml:1:12
      |
    1 | accounts: [012345678901]
      |            ^^^^^^^^^^^^ read as written
      |
      = help: write "012345678901": other YAML readers take it for a number and drop leading zeros

    warning: the account id 111111111111 is not in quotes
     --> sonae.yaml:4:26
      |
    4 |     select: { accounts: [111111111111] }
      |                          ^^^^^^^^^^^^ read as written
      |
      = help: write "111111111111": other YAML readers take it for a number and drop leading zeros
    "#);
}

#[test]
fn manifest_with_bad_account_ids() {
    assert_snapshot!(manifest("accounts: { list: [\"1234\"], exclude: [production] }\n", &[]), @r#"
    exit code 2
    error: `1234` is not an account id
     --> sonae.yaml:1:20
      |
    1 | accounts: { list: ["1234"], exclude: [production] }
      |                    ^^^^^^
      |
      = help: an account id is twelve digits, in quotes

    error: `production` is not an account id
     --> sonae.yaml:1:39
      |
    1 | accounts: { list: ["1234"], exclude: [production] }
      |                                       ^^^^^^^^^^
      |
      = help: an account id is twelve digits, in quotes
    "#);
}

#[test]
fn manifest_with_bad_regions() {
    assert_snapshot!(manifest("regions: [tokyo, ap-northeast-1a]\nworkloads:\n  - name: web\n    dr_region: Osaka\n", &[]), @r#"
    exit code 2
    error: `tokyo` is not a Region
     --> sonae.yaml:1:11
      |
    1 | regions: [tokyo, ap-northeast-1a]
      |           ^^^^^
      |
      = help: write the Region's code, such as ap-northeast-1

    error: `ap-northeast-1a` is not a Region
     --> sonae.yaml:1:18
      |
    1 | regions: [tokyo, ap-northeast-1a]
      |                  ^^^^^^^^^^^^^^^
      |
      = help: write the Region's code, such as ap-northeast-1

    error: `Osaka` is not a Region
     --> sonae.yaml:4:16
      |
    4 |     dr_region: Osaka
      |                ^^^^^
      |
      = help: write the Region's code, such as ap-northeast-1
    "#);
    assert_snapshot!(manifest("regions: all\n", &[]), @r#"
    exit code 2
    error: `all` is neither a list of Regions nor `enabled`
     --> sonae.yaml:1:10
      |
    1 | regions: all
      |          ^^^
      |
      = help: write `regions: enabled`, or a list such as [ap-northeast-1]
    "#);
}

#[test]
fn manifest_with_bad_slos() {
    assert_snapshot!(manifest("defaults: { objectives: { slo: 99.9 } }\n", &[]), @r#"
    exit code 2
    error: `99.9` is not an SLO
     --> sonae.yaml:1:32
      |
    1 | defaults: { objectives: { slo: 99.9 } }
      |                                ^^^^
      |
      = help: write a percentage of the month, such as 99.9%
    "#);
    assert_snapshot!(manifest("defaults: { objectives: { slo: 120% } }\n", &[]), @r#"
    exit code 2
    error: `120%` is not an SLO
     --> sonae.yaml:1:32
      |
    1 | defaults: { objectives: { slo: 120% } }
      |                                ^^^^
      |
      = help: write a percentage of the month, such as 99.9%
    "#);
}

#[test]
fn manifest_with_bad_words() {
    assert_snapshot!(manifest("workloads:\n  - name: web\n    tier: criticl\n    strategy: multi_site\n", &[]), @r#"
    exit code 2
    error: `criticl` is not one of the words allowed here
     --> sonae.yaml:3:11
      |
    3 |     tier: criticl
      |           ^^^^^^^
      |
      = help: did you mean `critical`?

    error: `multi_site` is not one of the words allowed here
     --> sonae.yaml:4:15
      |
    4 |     strategy: multi_site
      |               ^^^^^^^^^^
      |
      = help: one of backup_restore, pilot_light, warm_standby, active_active
    "#);
    assert_snapshot!(manifest("accounts: { discover: organisations }\n", &[]), @r#"
    exit code 2
    error: `organisations` is not one of the words allowed here
     --> sonae.yaml:1:23
      |
    1 | accounts: { discover: organisations }
      |                       ^^^^^^^^^^^^^
      |
      = help: did you mean `organizations`?
    "#);
    assert_snapshot!(manifest("language: jp\n", &[]), @r#"
    exit code 2
    error: `jp` is not one of the words allowed here
     --> sonae.yaml:1:11
      |
    1 | language: jp
      |           ^^
      |
      = help: did you mean `ja`?
    "#);
}

#[test]
fn manifest_with_a_role_arn() {
    assert_snapshot!(manifest("accounts: { discover: organizations, role: \"arn:aws:iam::111111111111:role/Sonae\" }\n", &[]), @r#"
    exit code 2
    error: `arn:aws:iam::111111111111:role/Sonae` is not a role name
     --> sonae.yaml:1:44
      |
    1 | accounts: { discover: organizations, role: "arn:aws:iam::111111111111:role/Sonae" }
      |                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write the name (with its path) and no ARN: the account id is filled in for each account
    "#);
}

#[test]
fn manifest_with_workloads_without_a_name_of_their_own() {
    assert_snapshot!(manifest("workloads:\n  - name: web\n  - tier: critical\n  - name: web\n  - name: default\n", &[]), @r#"
    exit code 2
    error: the workload has no name
     --> sonae.yaml:3:5
      |
    3 |   - tier: critical
      |     ^
      |
      = help: add `name:` to every entry of `workloads`

    error: the workload name `web` is taken
     --> sonae.yaml:4:11
      |
    4 |   - name: web
      |           ^^^
      |
      = help: give every workload a name of its own; `default` stands for `defaults`

    error: the workload name `default` is taken
     --> sonae.yaml:5:11
      |
    5 |   - name: default
      |           ^^^^^^^
      |
      = help: give every workload a name of its own; `default` stands for `defaults`
    "#);
}

#[test]
fn manifest_with_many_problems_names_them_all() {
    assert_snapshot!(
        manifest("version: 3\naccounts: [\"1\"]\nregions: [mars]\nworkloads:\n  - name: web\n    tier: gold\n    objectives: { slo: \"1\", rpo: never }\n", &[]),
        @r#"
        exit code 2
        error: version 3 of the manifest is not known
         --> sonae.yaml:1:10
          |
        1 | version: 3
          |          ^
          |
          = help: write `version: 1`

        error: `1` is not an account id
         --> sonae.yaml:2:12
          |
        2 | accounts: ["1"]
          |            ^^^
          |
          = help: an account id is twelve digits, in quotes

        error: `mars` is not a Region
         --> sonae.yaml:3:11
          |
        3 | regions: [mars]
          |           ^^^^
          |
          = help: write the Region's code, such as ap-northeast-1

        error: `gold` is not one of the words allowed here
         --> sonae.yaml:6:11
          |
        6 |     tier: gold
          |           ^^^^
          |
          = help: one of critical, important, non_critical

        error: `1` is not an SLO
         --> sonae.yaml:7:24
          |
        7 |     objectives: { slo: "1", rpo: never }
          |                        ^^^
          |
          = help: write a percentage of the month, such as 99.9%

        error: `never` is not a duration; write a number and a unit, such as 5m, 1h, 24h or 7d
         --> sonae.yaml:7:34
          |
        7 |     objectives: { slo: "1", rpo: never }
          |                                  ^^^^^
          |
          = help: examples: 5m, 90m, 1h, 24h, 7d
        "#
    );
}

#[test]
fn manifest_that_names_unknown_rules() {
    assert_snapshot!(manifest("rules:\n  disable: [s3-versoning-enabled]\n", &[]), @r#"
    exit code 2
    error: there is no rule `s3-versoning-enabled` to disable
     --> sonae.yaml:2:13
      |
    2 |   disable: [s3-versoning-enabled]
      |             ^^^^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `s3-versioning-enabled`?
    "#);
    assert_snapshot!(manifest("rules:\n  params:\n    rds-backup-retentio: { min_retention: 14d }\n", &[]), @r#"
    exit code 2
    error: there is no rule `rds-backup-retentio` to set parameters of
     --> sonae.yaml:3:43
      |
    3 |     rds-backup-retentio: { min_retention: 14d }
      |                                           ^^^
      |
      = help: did you mean `rds-backup-retention`?
    "#);
}

#[test]
fn manifest_with_parameters_that_do_not_fit() {
    assert_snapshot!(manifest("rules:\n  params:\n    rds-backup-retention: { min_retentio: 14d }\n", &[]), @r#"
    exit code 2
    error: the rule has no parameter `min_retentio`
     --> sonae.yaml:3:43
      |
    3 |     rds-backup-retention: { min_retentio: 14d }
      |                                           ^^^
      |
      = help: did you mean `min_retention`?
    "#);
    assert_snapshot!(manifest("rules:\n  params:\n    rds-backup-retention: { min_retention: long }\n", &[]), @r#"
    exit code 2
    error: min_retention: expected a duration such as 7d or PT24H, found "long"
     --> sonae.yaml:3:44
      |
    3 |     rds-backup-retention: { min_retention: long }
      |                                            ^^^^
      |
      = help: the parameter's type is duration
    "#);
}

#[test]
fn manifest_that_names_files_that_are_not_there() {
    assert_snapshot!(manifest("answers: antworten.yaml\n", &[]), @r#"
    exit code 2
    error: the manifest names it under `answers`: cannot read antworten.yaml: No such file or directory (os error 2)
    "#);
}

#[test]
fn answers_with_bad_dates() {
    assert_snapshot!(answers("answers:\n  - { rule: ftr-dr-002-rpo-basis, status: done, answered_at: yesterday }\n  - { rule: ftr-dr-005-rto-basis, status: in_progress, due: 2026-02-30 }\n"), @r#"
    exit code 2
    error: `yesterday` is not a date
     --> answers.yaml:2:62
      |
    2 |   - { rule: ftr-dr-002-rpo-basis, status: done, answered_at: yesterday }
      |                                                              ^^^^^^^^^
      |
      = help: write it as 2026-10-01

    error: `2026-02-30` is not a date
     --> answers.yaml:3:61
      |
    3 |   - { rule: ftr-dr-005-rto-basis, status: in_progress, due: 2026-02-30 }
      |                                                             ^^^^^^^^^^
      |
      = help: write it as 2026-10-01
    "#);
    assert_snapshot!(answers("answers:\n  - { rule: ftr-dr-002-rpo-basis, status: done }\n"), @r#"
    exit code 2
    error: the answer does not say when it was given
     --> answers.yaml:2:13
      |
    2 |   - { rule: ftr-dr-002-rpo-basis, status: done }
      |             ^^^^^^^^^^^^^^^^^^^^
      |
      = help: add `answered_at:` with a date, such as 2026-10-01
    "#);
}

#[test]
fn answers_to_unknown_rules_and_workloads() {
    assert_snapshot!(answers("answers:\n  - { rule: ftr-dr-002-rpo-bases, status: done, answered_at: 2026-09-01 }\n  - { rule: ftr-dr-005-rto-basis, workload: wep, status: done, answered_at: 2026-09-01 }\n"), @r#"
    exit code 0
    warning: no rule is called `ftr-dr-002-rpo-bases`
     --> answers.yaml:2:13
      |
    2 |   - { rule: ftr-dr-002-rpo-bases, status: done, answered_at: 2026-09-01 }
      |             ^^^^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `ftr-dr-002-rpo-basis`?

    warning: the manifest has no workload `wep`
     --> answers.yaml:3:45
      |
    3 |   - { rule: ftr-dr-005-rto-basis, workload: wep, status: done, answered_at: 2026-09-01 }
      |                                             ^^^
      |
      = help: did you mean `web`?
    "#);
}

#[test]
fn answers_with_facts_that_do_not_fit() {
    assert_snapshot!(answers("answers:\n  - { rule: ftr-dr-009-dr-test-date-recorded, status: done, answered_at: 2026-09-01, facts: { last_tests: 2026-08-01 } }\n"), @r#"
    exit code 2
    error: the question asks for no fact `last_tests`
     --> answers.yaml:2:13
      |
    2 |   - { rule: ftr-dr-009-dr-test-date-recorded, status: done, answered_at: 2026-09-01, facts: { last_tests: 2026-08-01 } }
      |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `last_test`?
    "#);
    assert_snapshot!(answers("answers:\n  - { rule: ftr-dr-009-dr-test-date-recorded, status: done, answered_at: 2026-09-01, facts: { last_test: soon } }\n"), @r#"
    exit code 2
    error: last_test: expected a time such as 2026-01-15T00:00:00Z, found "soon"
     --> answers.yaml:2:13
      |
    2 |   - { rule: ftr-dr-009-dr-test-date-recorded, status: done, answered_at: 2026-09-01, facts: { last_test: soon } }
      |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: dates are written as 2026-10-01, durations as 2h
    "#);
}

#[test]
fn answers_with_bad_keys_and_words() {
    assert_snapshot!(answers("answers:\n  - { rule: ftr-dr-002-rpo-basis, status: finished }\n"), @r#"
    exit code 2
    error: `finished` is not one of the words allowed here
     --> answers.yaml:2:43
      |
    2 |   - { rule: ftr-dr-002-rpo-basis, status: finished }
      |                                           ^^^^^^^^
      |
      = help: the names allowed here are not_started, in_progress, done, not_applicable
    "#);
    assert_snapshot!(answers("answers:\n  - { rule: ftr-dr-002-rpo-basis, comments: none }\n"), @r#"
    exit code 2
    error: there is no key `comments` here
     --> answers.yaml:2:35
      |
    2 |   - { rule: ftr-dr-002-rpo-basis, comments: none }
      |                                   ^^^^^^^^ unknown key
      |
      = help: did you mean `comment`?
    "#);
}

#[test]
fn waivers_with_problems() {
    assert_snapshot!(waivers("waivers:\n  - { rule: s3-versioning-enabled, reason: cheap, owner: a, expires: 2027-01-01 }\n"), @r#"
    exit code 2
    error: the key `approver` is missing
     --> waivers.yaml:2:61
      |
    2 |   - { rule: s3-versioning-enabled, reason: cheap, owner: a, expires: 2027-01-01 }
      |                                                             ^^^^^^^ it belongs here
      |
      = help: add `approver:`
    "#);
    assert_snapshot!(waivers("waivers:\n  - { rule: s3-versioning-enabled, reason: \"\", owner: a, approver: \" \", expires: next year }\n"), @r#"
    exit code 2
    error: the waiver has an empty `reason`
     --> waivers.yaml:2:44
      |
    2 |   - { rule: s3-versioning-enabled, reason: "", owner: a, approver: " ", expires: next year }
      |                                            ^^
      |
      = help: a waiver says why, who asked and who accepted

    error: the waiver has an empty `approver`
     --> waivers.yaml:2:68
      |
    2 |   - { rule: s3-versioning-enabled, reason: "", owner: a, approver: " ", expires: next year }
      |                                                                    ^^^
      |
      = help: a waiver says why, who asked and who accepted

    error: `next year` is not a date
     --> waivers.yaml:2:82
      |
    2 |   - { rule: s3-versioning-enabled, reason: "", owner: a, approver: " ", expires: next year }
      |                                                                                  ^^^^^^^^^
      |
      = help: write it as 2026-10-01
    "#);
    assert_snapshot!(waivers("waivers:\n  - { rule: s3-versioning-enabld, reason: r, owner: a, approver: b, expires: 2027-01-01 }\n"), @r#"
    exit code 0
    warning: no rule is called `s3-versioning-enabld`
     --> waivers.yaml:2:13
      |
    2 |   - { rule: s3-versioning-enabld, reason: r, owner: a, approver: b, expires: 2027-01-01 }
      |             ^^^^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `s3-versioning-enabled`?
    "#);
    assert_snapshot!(waivers("waivers:\n  - { rule: s3-versioning-enabled, reason: r, owner: a, approver: b, expires: 2027-01-01, scope: { ressource: x } }\n"), @r#"
    exit code 2
    error: there is no key `ressource` here
     --> waivers.yaml:2:100
      |
    2 |   - { rule: s3-versioning-enabled, reason: r, owner: a, approver: b, expires: 2027-01-01, scope: { ressource: x } }
      |                                                                                                    ^^^^^^^^^ unknown key
      |
      = help: did you mean `resource`?
    "#);
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
    // And that the waiver matches nothing, which only judging shows.
    assert_eq!(run.report()["notes"].as_array().map(Vec::len), Some(4));
    let run = place.sonae().args(args).args(["--quiet"]).run().expect(0);
    assert!(run.stderr.is_empty(), "{}", run.stderr);
}
