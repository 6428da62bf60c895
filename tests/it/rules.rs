//! The rules that come with the program, and those of a user's own.

use std::collections::BTreeSet;
use std::fs;

use insta::assert_snapshot;
use serde_json::Value as Json;
use sonae::rules::{Framework, Overrides, RuleSet};

use crate::common::{Place, RULE, files_below, repository, rule_with, sonae};
use crate::snapshots::{Scan, bucket};

fn shipped() -> RuleSet {
    RuleSet::load(&[], &Overrides::new()).expect("our own rules")
}

#[test]
fn a_renamed_rule_is_seen_in_review() {
    // Answers, waivers and baselines name rules by their id: one that goes breaks them.
    let ids: Vec<String> = shipped().rules.iter().map(|rule| rule.id.to_string()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    let mut sorted = ids;
    sorted.sort();
    assert_snapshot!(sorted.join("\n"));
}

#[test]
fn every_rule_is_named_like_its_file_and_cites_aws() {
    for rule in shipped().rules {
        let file = rule.file.path.file_stem().expect("a name").to_string_lossy().into_owned();
        assert_eq!(file, *rule.id, "{}", rule.file.path.display());
        assert!(!rule.sources.is_empty(), "{} cites nothing", rule.id);
        for source in &rule.sources {
            let host = source.strip_prefix("https://").and_then(|rest| rest.split('/').next());
            assert!(
                host.is_some_and(|host| host == "aws.amazon.com" || host.ends_with(".aws.amazon.com")),
                "{}: {source} is no page of AWS",
                rule.id
            );
        }
    }
}

#[test]
fn every_rule_speaks_both_languages() {
    for rule in shipped().rules {
        let texts = [
            ("title", Some(&rule.title)),
            ("why", Some(&rule.why)),
            ("remediation", Some(&rule.remediation.text)),
            ("question", rule.question.as_ref().map(|question| &question.text)),
        ];
        let sentences = rule.targets.iter().flat_map(|target| target.says.all());
        let texts = texts.into_iter().chain(sentences.map(|sentence| ("says", Some(&sentence.text))));
        for (name, text) in texts {
            let Some(text) = text else { continue };
            assert!(text.ja.chars().any(|letter| letter > '\u{3000}'), "{} {name}: {}", rule.id, text.ja);
            assert!(
                !text.en.is_empty() && !text.en.chars().any(|letter| ('\u{3041}'..'\u{9fff}').contains(&letter)),
                "{} {name}: {}",
                rule.id,
                text.en
            );
        }
    }
}

#[test]
fn list_shows_every_rule() {
    let count = shipped().rules.len();
    for language in ["ja", "en"] {
        let run = sonae().args(["rules", "list", "--lang", language]).run().expect(0);
        assert!(run.stdout.ends_with(&format!("\n\n{count}\n")), "{}", run.stdout);
        assert_eq!(run.stdout.lines().count(), count + 2);
    }
    let run = sonae().args(["rules", "list", "--service", "s3", "--severity", "high"]).run().expect(0);
    assert!(run.stdout.contains("s3-versioning-enabled") && !run.stdout.contains("rds-multi-az "), "{}", run.stdout);
}

#[test]
fn frameworks_select_the_rules_that_map_to_their_items() {
    let rules = shipped();
    let frameworks = Framework::all().expect("our own frameworks");
    let ids: Vec<&str> = frameworks.iter().map(|framework| &*framework.id).collect();
    assert_eq!(ids, ["aws-bcp-dr", "ftr", "security-hub", "trusted-advisor", "well-architected"]);
    for framework in &frameworks {
        let run = sonae().args(["rules", "list", "--framework", &framework.id]).run().expect(0);
        let listed: BTreeSet<&str> = run.stdout.lines().filter_map(|line| line.split("  ").next()).collect();
        let mut expected = 0;
        for rule in &rules.rules {
            let covers = framework
                .items
                .iter()
                .any(|item| framework.rules(item, &rules).any(|answering| answering.id == rule.id));
            assert_eq!(listed.contains(&*rule.id), covers, "{}: {}", framework.id, rule.id);
            expected += usize::from(covers);
        }
        assert!(expected > 3 && run.stdout.ends_with(&format!("\n\n{expected}\n")), "{}", run.stdout);
    }
    let both = sonae().args(["rules", "list", "--framework", "ftr,security-hub"]).run().expect(0);
    assert!(both.stdout.contains("obj-slo-declared") && both.stdout.contains("rds-multi-az "), "{}", both.stdout);
    let run = sonae().args(["rules", "list", "--framework", "frt"]).run().expect(2);
    assert!(run.stderr.contains("there is no framework `frt`; did you mean `ftr`?"), "{}", run.stderr);
    let run = sonae().args(["demo", "--framework", "nist"]).run().expect(2);
    assert!(run.stderr.contains("there are aws-bcp-dr, ftr"), "{}", run.stderr);
}

#[test]
fn frameworks_hold_every_item_that_a_rule_maps_to() {
    let frameworks = Framework::all().expect("our own frameworks");
    for framework in &frameworks {
        let ids: BTreeSet<&str> = framework.items.iter().map(|item| &*item.id).collect();
        assert_eq!(ids.len(), framework.items.len(), "{}: an item twice", framework.id);
        for text in framework.items.iter().map(|item| &item.title).chain([&framework.title, &framework.about]) {
            assert!(!text.ja.is_empty() && !text.en.is_empty(), "{}", framework.id);
            assert!(!text.en.chars().any(|letter| ('\u{3041}'..'\u{9fff}').contains(&letter)), "{}", text.en);
        }
        // A conformance pack is a selection of AWS Config's managed rules; the others are whole.
        if framework.id == "aws-bcp-dr" {
            continue;
        }
        for rule in shipped().rules {
            for id in framework.maps.ids(&rule.maps) {
                assert!(ids.contains(id.as_str()), "{}: {id} is no item of {}", rule.id, framework.id);
            }
        }
    }
}

#[test]
fn show_explains_every_rule() {
    for rule in shipped().rules {
        let run = sonae().args(["rules", "show", &rule.id, "--lang", "en"]).run().expect(0);
        assert!(run.stdout.starts_with(&rule.title.en), "{}", run.stdout);
    }
}

#[test]
fn show_explains_a_rule_on_one_screen() {
    assert_snapshot!(sonae().args(["rules", "show", "s3-versioning-enabled", "--lang", "en"]).run().expect(0).stdout);
    let run = sonae().args(["rules", "show", "s3-versionning-enabled"]).run().expect(2);
    assert!(run.stderr.contains("did you mean `s3-versioning-enabled`?"), "{}", run.stderr);
}

#[test]
fn our_own_examples_hold() {
    let run = sonae().args(["rules", "test"]).run().expect(0);
    assert!(run.stdout.ends_with(" examples hold, 0 do not\n"), "{}", run.stdout);
}

#[test]
fn a_rule_of_the_users_own_works_like_ours() {
    let place = Place::new();
    place.write("own/deep/own-rule.yaml", RULE);
    place.write("own/notes.txt", "no rule");
    place.write("sonae.yaml", "rules: { dirs: [own] }\n");
    let run = place.sonae().args(["rules", "test", "own"]).run().expect(0);
    assert_eq!(run.stdout, "1 rules, 3 examples hold, 0 do not\n");
    let run = place.sonae().args(["rules", "list", "--manifest", "sonae.yaml", "--lang", "en"]).run().expect(0);
    assert!(run.stdout.contains("own-rule") && run.stdout.contains("An item of our own"), "{}", run.stdout);
    let run =
        place.sonae().args(["rules", "show", "own-rule", "--manifest", "sonae.yaml", "--lang", "en"]).run().expect(0);
    assert!(run.stdout.contains("pass: resource.versioning == \"Enabled\""), "{}", run.stdout);

    Scan::new().with(bucket("a", "Suspended")).write(&place.path("scan"));
    let args = ["assess", "scan", "--manifest", "sonae.yaml", "--rule", "own-rule", "--lang", "en"];
    let report = place.sonae().args(args).args(["--fail-on", "low"]).run().expect(1).report();
    assert_eq!(report["findings"][0]["rule"], "own-rule");
    assert_eq!(report["findings"][0]["status"], "fail");
    assert_eq!(report["findings"][0]["evidence"]["versioning"], "Suspended");
    assert_eq!(report["checklist"][0]["item"], "An item of our own");
}

#[test]
fn the_manifest_disables_rules_and_sets_parameters() {
    let place = Place::new();
    Scan::new().with(bucket("a", "Suspended")).write(&place.path("scan"));
    let own = rule_with(
        "pass: resource.versioning == \"Enabled\"",
        "params: { wanted: { type: string, default: Enabled, title: { ja: 値, en: Value } } }\npass: resource.versioning == params.wanted",
    );
    place.write("own/own-rule.yaml", own);
    place.write("plain.yaml", "rules: { dirs: [own] }\n");
    place.write("changed.yaml", "rules: { dirs: [own], params: { own-rule: { wanted: Suspended } } }\n");
    place.write("disabled.yaml", "rules: { dirs: [own], disable: [own-rule] }\n");
    let args =
        |manifest: &'static str| ["assess", "scan", "--rule", "own-rule", "--fail-on", "low", "--manifest", manifest];
    place.sonae().args(args("plain.yaml")).run().expect(1);
    place.sonae().args(args("changed.yaml")).run().expect(0);
    place.sonae().args(args("disabled.yaml")).run().expect(2);
}

fn schema() -> jsonschema::Validator {
    let run = sonae().args(["rules", "schema"]).run().expect(0);
    let schema: Json = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(schema["title"], "Sonae rule");
    jsonschema::validator_for(&schema).expect("a JSON Schema")
}

fn yaml(text: &str) -> Json {
    // As editors read it: `off` is a text.
    serde_saphyr::from_str_with_options(text, serde_saphyr::options! { strict_booleans: true }).expect("YAML")
}

#[test]
fn the_schema_takes_every_rule_that_we_ship() {
    let schema = schema();
    let files = files_below(&repository().join("rules"), ".yaml");
    assert!(files.len() > 20);
    for file in files {
        let rule = yaml(&fs::read_to_string(&file).expect("the file"));
        // What lies beside the rules and is none, such as frameworks, judges nothing.
        if rule.get("pass").or_else(|| rule.get("question")).is_none() {
            continue;
        }
        let problems: Vec<String> =
            schema.iter_errors(&rule).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(problems.is_empty(), "{}: {problems:#?}", file.display());
    }
}

#[test]
fn the_schema_refuses_what_the_program_refuses() {
    let schema = schema();
    assert!(schema.is_valid(&yaml(RULE)));
    for (old, new) in [
        ("severity: high", "severty: high"),
        ("severity: high", "severity: hihg"),
        ("category: backup", "category: [backup]"),
        ("id: own-rule", "id: Own Rule"),
        ("id: own-rule\n", ""),
        ("{ ja: 題, en: Title }", "Title"),
        ("expect: pass", "expect: passes"),
        ("pass: resource", "pass: 7 #"),
        ("remediation: {", "remediation: { how: x,"),
    ] {
        let old = if old.contains("題") { "{ ja: 独自の項目, en: An item of our own }" } else { old };
        let text = rule_with(old, new);
        assert!(!schema.is_valid(&yaml(&text)), "{new}");
        let place = Place::new();
        place.write("rules/own-rule.yaml", text);
        let run = place.sonae().args(["rules", "test", "rules"]).run();
        // YAML's number 7 is a text for who expects one, and 7 is then no condition.
        assert_eq!(run.code, 2, "{new}: {}", run.stderr);
    }
}

#[test]
fn every_rule_of_the_catalogue_exists_or_says_why_not() {
    let rules = shipped();
    let mut seen = BTreeSet::new();
    let mut problems = Vec::new();
    let lines = include_str!("catalogue.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        let (id, reason) = line.split_once(':').map_or((line, None), |(id, reason)| (id, Some(reason.trim())));
        if !seen.insert(id) {
            problems.push(format!("{id}: it is listed twice"));
        }
        match (rules.get(id), reason) {
            (None, None) => problems.push(format!("{id}: there is no such rule; write it, or say why not")),
            (None, Some("")) => problems.push(format!("{id}: the reason is empty")),
            (Some(_), Some(reason)) => problems.push(format!("{id}: the rule exists; take away `{reason}`")),
            (Some(_), None) | (None, Some(_)) => {}
        }
    }
    assert!(problems.is_empty(), "tests/it/catalogue.txt:\n{}", problems.join("\n"));
}
