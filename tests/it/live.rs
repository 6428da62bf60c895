//! Scans of a moto server that answers as AWS does: what is read, what it costs, and what is made of failures.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::process::Command;
use std::time::{Duration, Instant};

use calamine::{Data, Reader, open_workbook_auto};
use serde_json::{Value as Json, json};
use sonae::collect::Plan;
use sonae::model::{operation, types};
use sonae::rules::RuleSet;

use crate::moto::{Live, OSAKA, TOKYO, own_tests, wait_until};

/// Verdicts by `rule|account|Region|resource`.
type Verdicts = BTreeMap<String, String>;

/// The findings on resources that a scan reads. Questions and objectives are on workloads.
fn findings(report: &Json) -> impl Iterator<Item = &Json> {
    let findings = report["findings"].as_array().expect("findings").iter();
    findings.filter(|finding| !OWN.iter().any(|ty| finding["resource_type"] == *ty))
}

/// What follows from the manifest and the mechanisms of recovery, whose tests are the examples of their files.
const OWN: [&str; 3] = ["Sonae::Workload", "Sonae::Store", "Sonae::RecoveryEstimate"];

fn verdicts(report: &Json) -> Verdicts {
    findings(report).map(|finding| (key(finding), text(&finding["status"]).to_owned())).collect()
}

fn key(finding: &Json) -> String {
    ["rule", "account", "region", "resource"].map(|part| text(&finding[part])).join("|")
}

fn finding<'a>(report: &'a Json, rule: &str, resource: &str) -> &'a Json {
    findings(report)
        .find(|finding| finding["rule"] == rule && finding["resource"] == resource)
        .unwrap_or_else(|| panic!("no finding of {rule} on {resource}"))
}

fn text(value: &Json) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

/// Lists what differs, and stops the test if anything does.
#[track_caller]
fn assert_same(ours: &Verdicts, theirs: &Verdicts) {
    let keys: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let mut differences = String::new();
    for key in keys {
        let (ours, theirs) = (ours.get(key), theirs.get(key));
        if ours != theirs {
            writeln!(differences, "{key}: {ours:?}, expected {theirs:?}").expect("a string grows");
        }
    }
    assert!(differences.is_empty(), "{differences}");
}

/// Stops the test unless each verdict is what it would be undisturbed, or unknown; gives the keys of the unknown ones.
#[track_caller]
fn same_or_unknown(disturbed: &Verdicts, undisturbed: &Verdicts) -> BTreeSet<String> {
    let mut unknown = BTreeSet::new();
    for (key, status) in disturbed {
        // What does not apply, applies to nothing that could not be listed either.
        if key.ends_with("|*") && status == "not_applicable" {
            continue;
        }
        if status == "unknown" && undisturbed.get(key).is_none_or(|before| before != "unknown") {
            unknown.insert(key.clone());
        } else {
            assert_eq!(undisturbed.get(key), Some(status), "{key}");
        }
    }
    // What is gone is gone because it could not be listed, and something says so in its place.
    for key in undisturbed.keys().filter(|key| !disturbed.contains_key(*key)) {
        let place = &key[..key.rfind('|').expect("four parts")];
        let stand_in = format!("{place}|*");
        let there = disturbed.get(&stand_in).map(String::as_str);
        // What did not apply may not apply to what stands in for it either.
        let same = there == Some("not_applicable") && undisturbed[key] == "not_applicable";
        assert!(there == Some("unknown") || same, "{key} is gone without {stand_in}: {there:?}");
    }
    unknown
}

fn coverage(report: &Json) -> &Vec<Json> {
    report["coverage"].as_array().expect("coverage")
}

/// How many calls the coverage ledger has of each operation.
fn ledger(report: &Json) -> BTreeMap<String, u64> {
    let mut calls = BTreeMap::new();
    for line in coverage(report) {
        *calls.entry(text(&line["operation"]).to_owned()).or_default() += line["calls"].as_u64().expect("a number");
    }
    calls.retain(|_, count| *count > 0);
    calls
}

/// The lines of the coverage ledger that ended like this, as account, Region and operation.
fn lines<'a>(report: &'a Json, status: &str) -> BTreeSet<[&'a str; 3]> {
    coverage(report)
        .iter()
        .filter(|line| line["status"] == status)
        .map(|line| ["account", "region", "operation"].map(|part| text(&line[part])))
        .collect()
}

fn throttles(report: &Json) -> u64 {
    coverage(report).iter().filter_map(|line| line["throttles"].as_u64()).sum()
}

#[test]
fn the_test_server_keeps_what_it_promises() {
    own_tests().unwrap_or_else(|printed| panic!("{printed}"));
}

#[test]
fn verdicts_are_those_of_an_independent_reading() {
    let mut live = Live::new();
    let report = live.undisturbed();
    assert_eq!(report["summary"]["complete"], true);
    let accounts: BTreeSet<&str> =
        report["snapshot"]["accounts"].as_array().expect("accounts").iter().map(|it| text(&it["id"])).collect();
    let members = ["network", "databases", "storage", "vault"].map(|purpose| live.account(purpose));
    let management = text(&live.made["management_account"]);
    let expected: BTreeSet<&str> = members.into_iter().chain([management]).collect();
    assert_eq!(accounts, expected, "the suspended unit is excluded");

    // The independent reader goes to other Regions by the way of the first.
    live.admin("POST", "s3-redirects", Some(json!({ "enabled": false })));
    let manifest = live.place.path("sonae.yaml");
    let now = text(&report["snapshot"]["taken_at"]);
    let independent = live.script("independent.py", &["--manifest", manifest.to_str().expect("UTF-8"), "--now", now]);
    let independent: Verdicts = serde_json::from_str(&independent).expect("verdicts");
    assert_same(&verdicts(&report), &independent);

    // The comparison is worth something only where the rules have something to say.
    let rules = RuleSet::load(&[], &BTreeMap::new()).expect("our own rules");
    for rule in &rules.rules {
        if rules.targets_of(rule).any(|target| !OWN.contains(&target.ty.name)) {
            let prefix = format!("{}|", rule.id);
            let judged: BTreeSet<&str> =
                independent.iter().filter(|(key, _)| key.starts_with(&prefix)).map(|(_, status)| &**status).collect();
            // A question stays open: nobody answers here.
            let good = if rule.question.is_some() { "manual" } else { "pass" };
            assert!(judged.contains(good), "{}: {judged:?}", rule.id);
            assert!(judged.len() > 1, "{}: {judged:?}", rule.id);
        }
    }
}

#[test]
fn calls_are_those_that_the_plan_implies() {
    let live = Live::new();
    let report = live.scan(&[]).expect(0).report();
    let calls = live.calls();
    assert_eq!(ledger(&report), calls, "the coverage ledger is what the server saw");
    for call in calls.keys() {
        assert!(operation::ALL.iter().any(|known| known.to_string() == *call), "{call} is no read operation of ours");
    }

    let count = |ty: &str| {
        let types = report["summary"]["resources"].as_array().expect("types");
        types.iter().find(|it| it["resource_type"] == ty).map_or(0, |it| it["count"].as_u64().expect("a number"))
    };
    let cases = &live.made["cases"];
    let plans = cases["backup_plans"].as_object().expect("plans").len() as u64 + 1;
    let selections =
        cases.as_object().expect("cases").keys().filter(|case| case.starts_with("backup_selection_")).count();
    let rules = RuleSet::load(&[], &BTreeMap::new()).expect("our own rules");
    let checks: BTreeSet<&String> = rules.rules.iter().flat_map(|rule| &rule.maps.trusted_advisor).collect();
    let (accounts, regions) = (5, 2);
    let places = accounts * regions;
    // A listing costs one call in each place, and what is asked for a resource costs one for each of its type.
    let plan = Plan::for_rules(&rules, true);
    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    for ty in plan.types() {
        let global = types::GLOBAL_SERVICES.contains(&ty.service);
        for operation in operation::ALL.iter().filter(|operation| plan.wants(ty, **operation)) {
            let once = match ty.listed_within.filter(|_| ty.listed_by == Some(*operation)) {
                Some(within) => count(within),
                None if ty.listed_by != Some(*operation) => count(ty.name),
                None if global => accounts,
                None => places,
            };
            expected.insert(operation.to_string(), once);
        }
    }
    // What is otherwise, and why.
    let otherwise: BTreeMap<&str, u64> = BTreeMap::from([
        ("sts:GetCallerIdentity", 1),
        ("sts:AssumeRole", accounts),
        ("organizations:ListAccounts", 1),
        ("organizations:ListAccountsForParent", 1),
        ("organizations:ListOrganizationalUnitsForParent", 1),
        ("backup:GetBackupPlan", plans),
        ("backup:ListBackupSelections", plans),
        ("backup:GetBackupSelection", selections as u64 + 1),
        // One account's support plan is too low.
        ("support:DescribeTrustedAdvisorCheckResult", (accounts - 1) * checks.len() as u64),
        // Without a recorder, AWS Config is asked no further.
        ("config:DescribeConfigurationRecorderStatus", 2),
        ("config:GetComplianceDetailsByConfigRule", 1),
        // These come a hundred a page, and one account has more of each in Tokyo.
        ("rds:DescribeDBInstances", places + 1),
        ("ec2:DescribeRouteTables", places + 1),
        // The lags of all replicas of a place are asked for at once, and one place has any.
        ("cloudwatch:GetMetricData", 1),
        // Two types have their tags from one operation.
        (
            "elasticache:ListTagsForResource",
            count("AWS::ElastiCache::ReplicationGroup") + count("AWS::ElastiCache::ServerlessCache"),
        ),
        // Five domains a call: six in one place and one in another.
        ("opensearch:DescribeDomains", 3),
        // Versions of templates are listed for all of them at once, and one template names an image that is gone.
        ("ec2:DescribeLaunchTemplateVersions", places),
        ("ec2:DescribeImages", places + 1),
        // Twenty load balancers or target groups at a time: those of one place take one call and two.
        ("elbv2:DescribeTags", 3),
        ("elb:DescribeTags", 1),
        // Application Load Balancers have nothing to say about cross-zone load balancing.
        ("elbv2:DescribeLoadBalancerAttributes", 2),
        // Services are described ten at a time, and listed in each of two clusters; node groups in the only one.
        ("ecs:DescribeServices", 2),
        // Once for each Direct Connect gateway in each Region that has an interface of it.
        ("directconnect:DescribeDirectConnectGatewayAttachments", 4),
        // Once for each zone, which no rule judges itself.
        ("route53:ListResourceRecordSets", 2),
        // Ten zones a call, and one zone has records that take part in a failover.
        ("route53:ListTagsForResources", 1),
        // Operations and security.
        ("account:GetAlternateContact", 2 * accounts),
        // One call for each quota, and the default of the one that accounts have no value of their own for.
        ("service-quotas:GetServiceQuota", 5 * places),
        ("service-quotas:GetAWSDefaultServiceQuota", places),
        // Rules of EventBridge are about everything; only those that take watched events are asked for their targets.
        ("events:ListTargetsByRule", cases["event_rules_asked_for_targets"].as_u64().expect("a number")),
        // Each Region of a replication set lists it.
        ("ssm-incidents:GetReplicationSet", cases["replication_set_listings"].as_u64().expect("a number")),
        ("ecs:ListServices", 2),
        ("eks:ListNodegroups", 1),
        // Once for each resource that AWS Backup has protected, which no rule judges itself.
        ("backup:DescribeProtectedResource", 9),
        // These answer for all resources of a place at once.
        ("ec2:DescribeLaunchTemplateVersions", places),
        ("efs:DescribeReplicationConfigurations", places),
        ("dlm:GetLifecyclePolicy", cases["lifecycle_policies"].as_array().expect("policies").len() as u64),
    ]);
    assert!(count("AWS::RDS::DBInstance") > 100 && count("AWS::EC2::RouteTable") > 100);
    expected.extend(otherwise.into_iter().map(|(operation, calls)| (operation.to_owned(), calls)));
    expected.retain(|_, calls| *calls > 0);
    assert_eq!(calls, expected);
}

#[test]
fn a_selection_of_rules_asks_for_nothing_else() {
    let live = Live::new();
    let services = |calls: &BTreeMap<String, u64>| -> BTreeSet<String> {
        calls.keys().map(|call| call.split_once(':').expect("service:operation").0.to_owned()).collect()
    };
    let report = live.scan(&["--rule", "s3-versioning-enabled"]).expect(0).report();
    let calls = live.calls();
    assert_eq!(
        services(&calls),
        BTreeSet::from(["backup", "config", "organizations", "s3", "sts", "support"].map(str::to_owned))
    );
    assert!(!calls.contains_key("s3:GetBucketReplication"), "{calls:?}");
    assert_eq!(ledger(&report), calls);

    // Recovery points of buckets are in AWS Backup; databases and networks are nobody's business here.
    live.admin("DELETE", "calls", None);
    let report = live.scan(&["--service", "s3"]).expect(0).report();
    let calls = live.calls();
    let types: BTreeSet<&str> = findings(&report).map(|finding| text(&finding["resource_type"])).collect();
    assert_eq!(types, BTreeSet::from(["AWS::S3::Bucket"]));
    assert!(services(&calls).is_disjoint(&BTreeSet::from(["ec2", "rds"].map(str::to_owned))), "{calls:?}");
}

#[test]
fn small_pages_give_the_same_verdicts() {
    let mut live = Live::new();
    let undisturbed = live.undisturbed();
    live.admin("POST", "page-limits", Some(json!({ "limit": 2 })));
    let report = live.scan(&[]).expect(0).report();
    assert_same(&verdicts(&report), &verdicts(&undisturbed));
    let (calls, before) = (live.calls(), ledger(&undisturbed));
    assert_eq!(ledger(&report), calls);
    for paged in [
        "backup:ListRecoveryPointsByBackupVault",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSubnets",
        "rds:DescribeDBInstanceAutomatedBackups",
        "s3:ListBuckets",
    ] {
        assert!(calls[paged] > before[paged], "{paged}: {} pages", calls[paged]);
    }
}

#[test]
fn what_is_denied_is_unknown() {
    let mut live = Live::new();
    let undisturbed = verdicts(&live.undisturbed());
    let (databases, storage, vault) = (live.account("databases"), live.account("storage"), live.account("vault"));
    let bucket = live.case("bucket_versioning_enabled");
    live.script(
        "restrict.py",
        &["--account", databases, "rds:DescribeDBInstances", "backup:ListRecoveryPointsByBackupVault"],
    );
    let denied_bucket = format!("s3:GetBucketVersioning=arn:aws:s3:::{bucket}");
    live.script("restrict.py", &["--account", storage, &denied_bucket, "backup:GetBackupPlan"]);
    let denied_role = format!("sts:AssumeRole=arn:aws:iam::{vault}:role/{}", text(&live.made["role"]));
    live.script("restrict.py", &["--account", text(&live.made["management_account"]), "--user", &denied_role]);
    live.enforce_iam(true);
    let auditor = &live.made["cases"]["auditor"];
    let sonae = live.sonae_as(text(&auditor["access_key_id"]), text(&auditor["secret_access_key"]));
    let report = live.scan_with(sonae, &[]).expect(3).report();

    assert_eq!(report["summary"]["complete"], false);
    let disturbed = verdicts(&report);
    let unknown = same_or_unknown(&disturbed, &undisturbed);
    for (rule, account, resource) in [
        ("rds-backup-enabled", databases, "*"),
        ("rds-multi-az", databases, "*"),
        ("aurora-multi-az", databases, live.case("aurora_members_in_two_zones")),
        ("s3-versioning-enabled", storage, bucket),
        ("s3-versioning-enabled", vault, "*"),
        ("nat-az-independence", vault, "*"),
        ("backup-vault-lock", vault, "*"),
    ] {
        let key = format!("{rule}|{account}|{TOKYO}|{resource}");
        assert!(unknown.contains(&key), "{key}: {:?}", disturbed.get(&key));
    }
    for (key, status) in &disturbed {
        let account = key.split('|').nth(1).expect("an account");
        let open = status == "unknown" || (key.ends_with("|*") && status == "not_applicable");
        assert!(account != vault || open, "{key}: {status}");
    }
    let other = format!("s3-versioning-enabled|{storage}|{TOKYO}|{}", live.case("bucket_versioning_suspended"));
    assert_eq!(disturbed[&other], "fail", "the denial is about one bucket");

    let denied = lines(&report, "denied");
    let expected = BTreeSet::from([
        [databases, TOKYO, "rds:DescribeDBInstances"],
        [databases, OSAKA, "rds:DescribeDBInstances"],
        [databases, TOKYO, "backup:ListRecoveryPointsByBackupVault"],
        [databases, OSAKA, "backup:ListRecoveryPointsByBackupVault"],
        [storage, TOKYO, "s3:GetBucketVersioning"],
        [storage, TOKYO, "backup:GetBackupPlan"],
        [vault, "global", "sts:AssumeRole"],
    ]);
    let unexplained: Vec<_> =
        denied.iter().filter(|line| line[2] != "sts:AssumeRole").filter(|line| !expected.contains(*line)).collect();
    assert!(unexplained.is_empty(), "{unexplained:?}");
    assert!(expected.is_subset(&denied), "{denied:?}");
}

#[test]
fn the_least_privilege_is_enough_and_not_too_much() {
    let mut live = Live::new();
    let undisturbed = verdicts(&live.undisturbed());
    let role = "SonaeLeastPrivilege";
    let manifest = String::from_utf8(live.place.read("sonae.yaml")).expect("UTF-8");
    live.place.write("sonae.yaml", manifest.replace(text(&live.made["role"]), role));
    let printed = live.place.sonae().args(["iam-policy", "--format", "json"]).run().expect(0).stdout;
    let policies = live.place.write("policies.json", &printed);
    let members = ["network", "databases", "storage", "vault"].map(|purpose| live.account(purpose));
    let mut args = vec!["--role", role, "--policies", policies.to_str().expect("UTF-8")];
    args.push(text(&live.made["management_account"]));
    args.extend(members);
    let key: Json = serde_json::from_str(&live.script("grant.py", &args)).expect("a key");

    live.enforce_iam(true);
    live.admin("DELETE", "calls", None);
    let sonae = live.sonae_as(text(&key["id"]), text(&key["secret"]));
    let report = live.scan_with(sonae, &[]).expect(0).report();
    live.enforce_iam(false);
    assert_eq!(report["summary"]["complete"], true);
    assert_same(&verdicts(&report), &undisturbed);

    let policies: Json = serde_json::from_str(&printed).expect("JSON");
    let granted: BTreeSet<&str> = ["member_role", "auditing_principal"]
        .iter()
        .flat_map(|part| policies[part].as_array().expect("policies"))
        .flat_map(|policy| policy["Statement"].as_array().expect("statements"))
        .flat_map(|statement| statement["Action"].as_array().expect("actions"))
        .map(text)
        .collect();
    let called: BTreeSet<&str> = live
        .calls()
        .keys()
        .filter(|call| *call != "sts:GetCallerIdentity")
        .map(|call| {
            let known = operation::ALL.iter().find(|known| known.to_string() == *call);
            known.unwrap_or_else(|| panic!("{call} is no operation of ours")).action
        })
        .collect();
    assert_eq!(granted, called, "what is granted is what is called");
}

#[test]
fn a_region_that_does_not_answer_costs_nothing_but_itself() {
    let mut live = Live::new();
    let undisturbed = verdicts(&live.undisturbed());
    live.fault(json!({ "region": OSAKA, "kind": "hang", "count": null, "seconds": 300 }));
    let started = Instant::now();
    let report = live.scan(&[]).expect(3).report();
    let elapsed = started.elapsed();
    live.admin("DELETE", "faults", None);
    // Far below the 300 s for which each call would hang, on a busy machine too.
    assert!(elapsed < Duration::from_mins(3), "{elapsed:?}");

    let disturbed = verdicts(&report);
    let unknown = same_or_unknown(&disturbed, &undisturbed);
    // What spans Regions may be unknown now; what does not is as it was.
    let spans_regions = [
        "ami-in-dr-region",
        "aurora-dr-region",
        "backup-copy-dr-region",
        "backup-copy-other-account",
        "backup-frequency",
        "backup-last-point-age",
        "backup-restore-test",
        "backup-restore-time",
        "backup-retention",
        "cert-in-dr-region",
        "ddb-global-table-dr",
        "dx-two-locations",
        "ebs-dr-copy",
        "ebs-in-plan",
        "ebs-snapshot-age",
        "ec2-stateful-protected",
        "efs-replication-dr",
        "fsx-backup",
        "kms-multi-region-key",
        "rds-dr-copy",
        "redshift-snapshots",
        "replication-lag-alarms",
        "s3-replica-versioning",
        "s3-replication-chain",
        "s3-replication-coverage",
        "s3-replication-dr-region",
        "s3-replication-rpo",
    ];
    let surprising: Vec<&String> = unknown
        .iter()
        .filter(|key| {
            let parts: Vec<&str> = key.split('|').collect();
            parts[2] != OSAKA && !spans_regions.contains(&parts[0])
        })
        .collect();
    assert!(surprising.is_empty(), "{surprising:?}");
    let in_osaka = findings(&report).filter(|finding| finding["region"] == OSAKA);
    for finding in in_osaka.filter(|finding| finding["resource"] != "*" || finding["status"] != "not_applicable") {
        assert_eq!((text(&finding["status"]), text(&finding["resource"])), ("unknown", "*"), "{}", key(finding));
        let reason = text(&finding["reason"]);
        assert!(reason.contains("did not answer") || reason.contains("reach"), "{reason}");
    }
    let errors = lines(&report, "error");
    assert!(!errors.is_empty() && errors.iter().all(|line| line[1] == OSAKA), "{errors:?}");
}

#[test]
fn throttling_and_server_errors_are_retried() {
    let mut live = Live::new();
    let undisturbed = verdicts(&live.undisturbed());
    let throttled = ["GetBucketVersioning", "DescribeDBInstances", "DescribeSubnets", "ListBackupVaults", "AssumeRole"];
    for operation in throttled {
        live.fault(json!({ "operation": operation, "kind": "throttling", "count": 2 }));
    }
    for operation in ["ListBuckets", "DescribeRouteTables", "GetBackupPlan", "ListAccounts"] {
        live.fault(json!({ "operation": operation, "kind": "server_error", "count": 2 }));
    }
    let report = live.scan(&[]).expect(0).report();
    assert_same(&verdicts(&report), &undisturbed);
    assert_eq!(throttles(&report), 2 * throttled.len() as u64);
    let attempts: u64 = live.calls().values().sum();
    assert_eq!(attempts, ledger(&report).values().sum::<u64>() + 2 * 9, "each fault cost one attempt");
}

#[test]
fn credentials_that_have_expired_are_denials() {
    let mut live = Live::new();
    let undisturbed = verdicts(&live.undisturbed());
    let databases = live.account("databases");
    live.fault(json!({
        "account": databases, "region": TOKYO, "operation": "DescribeDBInstances", "kind": "expired_token", "count": null,
    }));
    let report = live.scan(&[]).expect(3).report();
    let unknown = same_or_unknown(&verdicts(&report), &undisturbed);
    assert!(unknown.contains(&format!("rds-backup-enabled|{databases}|{TOKYO}|*")), "{unknown:?}");
    assert_eq!(lines(&report, "denied"), BTreeSet::from([[databases, TOKYO, "rds:DescribeDBInstances"]]));
}

#[cfg(unix)]
#[test]
fn an_interrupted_scan_is_resumed() {
    let mut live = Live::new();
    let undisturbed = live.undisturbed();
    live.fault(json!({ "operation": "GetBucketTagging", "kind": "hang", "count": null, "seconds": 5 }));
    let args = live.scan_args(&["--format", "json", "--snapshot", "snapshot"]);
    let scan = live.sonae().args(&args).start();
    // Databases are read by then, buckets are not.
    wait_until("the scan is under way", || {
        let calls = live.calls();
        calls.get("rds:DescribeDBSnapshots").is_some_and(|count| *count >= 10)
            && calls.contains_key("s3:GetBucketTagging")
    });
    let killed = Command::new("kill").args(["-INT", &scan.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    let interrupted = scan.wait().expect(3).report();
    live.admin("DELETE", "faults", None);

    let missing = interrupted["snapshot"]["missing"].as_array().expect("missing");
    assert!(missing.iter().any(|partition| text(partition).ends_with("/s3")), "{missing:?}");
    assert_eq!(interrupted["summary"]["complete"], false);
    let assess = ["assess", "snapshot", "--lang", "en", "--fail-on", "never", "--format", "json"];
    let assessed = live.sonae().args(assess).run().expect(3).report();
    assert_eq!(assessed, interrupted);
    let unknown = same_or_unknown(&verdicts(&assessed), &verdicts(&undisturbed));
    assert!(unknown.iter().any(|key| key.starts_with("s3-versioning-enabled|")), "{unknown:?}");

    let resumed = live.scan(&["--snapshot", "snapshot", "--resume"]).expect(0).report();
    assert_eq!(resumed["snapshot"]["missing"], json!([]));
    assert_eq!(resumed["snapshot"]["taken_at"], interrupted["snapshot"]["taken_at"], "it is still the first scan");
    assert_same(&verdicts(&resumed), &verdicts(&undisturbed));
    let without_access = |report: &Json| {
        let mut calls = ledger(report);
        calls.retain(|operation, _| !operation.starts_with("sts:"));
        calls
    };
    assert_eq!(without_access(&resumed), without_access(&undisturbed));
}

#[test]
fn assessing_the_snapshot_gives_the_same_bytes() {
    let live = Live::new();
    let all = live.scan_args(&["--format", "xlsx,html,json", "--snapshot", "snapshot", "--out", "scanned"]);
    live.sonae().args(&all).run().expect(0);
    let assess =
        ["assess", "snapshot", "--lang", "en", "--fail-on", "never", "--format", "xlsx,html,json", "--out", "assessed"];
    live.admin("DELETE", "calls", None);
    live.sonae().args(assess).run().expect(0);
    assert!(live.calls().is_empty(), "assess is offline");
    for report in ["checklist.xlsx", "report.html", "report.json"] {
        let (scanned, assessed) =
            (live.place.read(&format!("scanned/{report}")), live.place.read(&format!("assessed/{report}")));
        assert!(scanned == assessed, "{report} differs");
    }
    hostile_names_are_text(&live);
}

/// Names from AWS are shown as they are and never taken for markup, formulas or further lines.
fn hostile_names_are_text(live: &Live) {
    const SCRIPT: &str = "<script>alert(1)</script>";
    const FORMULA: &str = "=HYPERLINK(\"http://evil.example\",\"x\")";
    let names = [SCRIPT, "請求システム（本番）", "🗾🔥 東京→大阪", "first line\nsecond line"];
    let report = live.place.json("scanned/report.json");
    let accounts: BTreeSet<&str> =
        report["snapshot"]["accounts"].as_array().expect("accounts").iter().map(|it| text(&it["name"])).collect();
    assert!(accounts.contains(SCRIPT) && accounts.contains(FORMULA), "{accounts:?}");
    let shown: BTreeSet<&str> = findings(&report).map(|finding| text(&finding["name"])).collect();
    for name in names {
        assert!(shown.contains(name), "{name}");
    }

    let html = String::from_utf8(live.place.read("scanned/report.html")).expect("UTF-8");
    assert!(!html.contains(SCRIPT), "markup from AWS is in the page");

    let mut workbook = open_workbook_auto(live.place.path("scanned/checklist.xlsx")).expect("a workbook");
    let mut cells = BTreeSet::new();
    for sheet in workbook.sheet_names() {
        for cell in workbook.worksheet_range(&sheet).expect("a sheet").cells() {
            if let Data::String(text) = cell.2 {
                cells.insert(text.clone());
            }
        }
        let formulas = workbook.worksheet_formula(&sheet).expect("formulas");
        assert!(formulas.cells().all(|cell| !cell.2.contains("evil.example")), "{sheet}");
    }
    for name in [SCRIPT, FORMULA, "🗾🔥 東京→大阪"] {
        assert!(cells.iter().any(|cell| cell.contains(name)), "{name}");
    }
}

#[test]
fn second_opinions_are_asked_where_they_are_to_be_had() {
    let mut live = Live::new();
    let report = live.undisturbed();
    let vault = live.account("vault");
    let skipped = lines(&report, "skipped");
    assert_eq!(
        skipped.iter().map(|line| (line[0], line[2])).collect::<BTreeSet<_>>(),
        BTreeSet::from([
            (vault, "support:DescribeTrustedAdvisorCheckResult"),
            (vault, "support:DescribeTrustedAdvisorChecks"),
        ])
    );
    let opinions = |rule: &str, case: &str| finding(&report, rule, live.case(case))["second_opinions"].clone();
    let trusted_advisor = |check: &str, status: &str, agrees: bool| json!({ "source": "trusted_advisor", "check": check, "status": status, "agrees": agrees });
    assert_eq!(opinions("rds-multi-az", "db_single_az"), json!([trusted_advisor("f2iK5R6Dep", "warning", true)]));
    assert_eq!(opinions("rds-multi-az", "db_multi_az"), json!([trusted_advisor("f2iK5R6Dep", "warning", false)]));
    let config = |status: &str, agrees: bool| json!({ "source": "config", "check": "S3_BUCKET_VERSIONING_ENABLED", "status": status, "agrees": agrees });
    let versioned = opinions("s3-versioning-enabled", "bucket_versioning_enabled");
    assert_eq!(versioned, json!([trusted_advisor("R365s2Qddf", "ok", true), config("COMPLIANT", true)]));
    // Trusted Advisor had no data of this one, which is no opinion.
    assert_eq!(opinions("s3-versioning-enabled", "bucket_never_versioned"), json!([config("NON_COMPLIANT", true)]));
}
