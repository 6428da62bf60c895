//! Recovery estimates: the same organisation under other objectives, measurements, and what could not be read.

use serde_json::Value as Json;

use crate::common::Place;

/// The demo organisation under a manifest of its own.
fn judged(objectives: &str, rest: &str) -> Json {
    let place = Place::new();
    place.write("sonae.yaml", manifest(objectives, rest));
    let args = ["demo", "--manifest", "sonae.yaml", "--lang", "en", "--out", ".", "--format", "json"];
    place.sonae().args(args).args(["--fail-on", "never", "--allow-unknown"]).run().expect(0);
    place.json("report.json")
}

fn manifest(objectives: &str, rest: &str) -> String {
    format!(
        "version: 1
workloads:
  - name: all
    select: {{ accounts: [\"111111111111\", \"222222222222\", \"333333333333\", \"444444444444\"] }}
    primary_region: ap-northeast-1
    dr_region: ap-northeast-3
    strategy: pilot_light
    objectives: {{ {objectives} }}
{rest}"
    )
}

/// The verdict on a DB instance. Stores of other types have the same names.
fn status<'r>(report: &'r Json, rule: &str, name: &str, scope: &str) -> &'r str {
    let findings = report["findings"].as_array().expect("findings");
    let found = findings.iter().find(|finding| {
        finding["rule"] == rule
            && finding["name"] == name
            && finding["resource"]
                .as_str()
                .is_some_and(|id| id.starts_with("AWS::RDS::DBInstance/") && id.ends_with(&format!("#{scope}")))
    });
    found.unwrap_or_else(|| panic!("{rule} {name} {scope}"))["status"].as_str().expect("a status")
}

fn line<'r>(report: &'r Json, scope: &str) -> &'r Json {
    let lines = report["workloads"][0]["recovery"].as_array().expect("lines");
    lines.iter().find(|line| line["scope"] == scope).expect("the scope")
}

#[test]
fn objectives_decide_whether_the_same_store_is_good_enough() {
    let relaxed = judged("rpo: { data: 24h, az: 24h, region: 7d }", "");
    let strict = judged("rpo: { data: 1m, az: 0s, region: 1h }", "");
    for (store, scope) in [
        // Logs are stored every five minutes.
        ("mks-production-master", "data"),
        // It runs in one zone, and a restore goes back five minutes.
        ("lem-production-jobs", "az"),
        // Its snapshots were copied hours ago, and it has no replica over there that might be better.
        ("lem-production-inventory", "region"),
    ] {
        assert_eq!(status(&relaxed, "recovery-rpo", store, scope), "pass", "{store}");
        assert_eq!(status(&strict, "recovery-rpo", store, scope), "fail", "{store}");
    }
    // Synchronous designs alone reach zero.
    assert_eq!(status(&strict, "recovery-rpo", "mks-production-main", "az"), "pass");
}

#[test]
fn what_was_measured_wins_and_says_so() {
    let measured = "    recovery:
      measured:
        - { mechanism: rds-pitr, store: mks-production-m*, rto: 1h 35m, rpo: 7m, on: 2026-06-19, source: drill report 2026 }
";
    let report = judged("rpo: { data: 5m }, rto: { data: 2h }", measured);
    assert_eq!(status(&report, "recovery-rpo", "mks-production-master", "data"), "fail");
    assert_eq!(status(&report, "recovery-rpo", "mks-production-session", "data"), "pass");
    let store = report["stores"].as_array().expect("stores").iter().find(|it| it["name"] == "mks-production-master");
    let way = &store.expect("the store")["scopes"][0]["ways"][0];
    assert_eq!((&way["rto"]["figure"], &way["rto"]["basis"]), (&"PT1H35M".into(), &"measured".into()));
    assert_eq!((&way["rpo"]["figure"], &way["rpo"]["source"]), (&"PT7M".into(), &"drill report 2026".into()));
}

#[test]
fn measurements_that_mean_nothing_are_refused() {
    for (measured, said) in [
        ("{ mechanism: rds-pitrr, rto: 1h, on: 2026-06-19, source: x }", "did you mean `rds-pitr`?"),
        ("{ mechanism: rds-pitr, rto: soon, on: 2026-06-19, source: x }", "examples: 5m"),
        ("{ mechanism: rds-pitr, rto: 1h, on: June, source: x }", "write it as 2026-10-01"),
        ("{ mechanism: rds-pitr, on: 2026-06-19, source: x }", "add `rpo:`, `rto:` or both"),
        ("{ mechanism: rds-pitr, rto: 1h, on: 2026-06-19 }", "source"),
    ] {
        let place = Place::new();
        let rest = format!("    recovery: {{ measured: [{measured}] }}\n");
        place.write("sonae.yaml", manifest("rpo: 1h", &rest));
        let output = place.sonae().args(["demo", "--manifest", "sonae.yaml", "--out", "."]).run().expect(2);
        assert!(output.stderr.contains(said) && output.stderr.contains("sonae.yaml:9"), "{}", output.stderr);
    }
}

#[test]
fn a_store_that_could_not_be_listed_keeps_its_workload_from_passing() {
    // Clusters of one account are denied, so even objectives that everything else meets are not met for certain.
    let report = judged("rpo: { infrastructure: 3650d }, rto: { infrastructure: 3650d }", "");
    let line = line(&report, "infrastructure");
    assert_ne!(line["rpo_status"], "pass", "{line:#}");
    let findings = report["findings"].as_array().expect("findings");
    let stands_in = findings.iter().filter(|finding| finding["rule"] == "recovery-rpo" && finding["resource"] == "*");
    let statuses: Vec<&Json> = stands_in.map(|finding| &finding["status"]).collect();
    assert!(!statuses.is_empty() && statuses.iter().all(|status| **status == "unknown"), "{statuses:?}");
}

#[test]
fn every_figure_of_a_store_is_known_or_says_why_not() {
    let report = judged("rpo: 1h, rto: 1h", "");
    let stores = report["stores"].as_array().expect("stores");
    assert!(stores.len() > 20, "{}", stores.len());
    for store in stores {
        let scopes = store["scopes"].as_array().expect("scopes");
        assert_eq!(scopes.len(), 4);
        for way in scopes.iter().flat_map(|scope| scope["ways"].as_array().expect("ways")) {
            for figure in [&way["rpo"], &way["rto"]] {
                let known = figure["figure"].is_string();
                assert_eq!(known, figure["basis"] != "", "{way:#}");
                assert_ne!(figure["why"], "", "{way:#}");
                let documented = figure["basis"] == "configured";
                let source = figure["source"].as_str().expect("a source");
                assert!(!documented || source.starts_with("https://docs.aws.amazon.com/"), "{way:#}");
            }
        }
    }
}

#[test]
fn a_running_copy_without_a_figure_may_be_better_than_a_restore() {
    let status = |objectives| {
        let report = judged(objectives, "");
        let findings = report["findings"].as_array().expect("findings");
        let found = findings.iter().find(|finding| {
            finding["rule"] == "recovery-rpo"
                && finding["resource"] == "AWS::ElastiCache::ReplicationGroup/mks-production-reception#az"
        });
        found.expect("the finding")["status"].as_str().expect("a status").to_owned()
    };
    // It is Multi-AZ, of which AWS documents no RPO, and backed up once a day.
    assert_eq!(status("rpo: { az: 5m }"), "unknown");
    assert_eq!(status("rpo: { az: 48h }"), "pass");
}

#[test]
fn what_no_api_shows_is_unknown_and_no_failure() {
    let report = judged("rpo: { region: 24h }", "");
    let findings = report["findings"].as_array().expect("findings");
    let found = findings.iter().find(|finding| {
        finding["rule"] == "recovery-rpo"
            && finding["resource"] == "AWS::OpenSearchService::Domain/mks-production-fulltext#region"
    });
    let found = found.expect("the finding");
    assert_eq!(found["status"], "unknown", "{found:#}");
    assert!(found["reason"].as_str().expect("a reason").contains("no API of AWS shows it"), "{found:#}");
}
