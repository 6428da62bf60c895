//! A small report with every kind of value in it, among them names that attack whoever shows them.

use std::collections::BTreeMap;

use serde_json::json;

use crate::assess::model::*;
use crate::model::Language;

/// A name that is a formula.
pub(crate) const FORMULA: &str = "=HYPERLINK(\"http://evil\",\"x\")";
/// A name that is a script.
pub(crate) const SCRIPT: &str = "<script>alert(1)</script>&amp;";
/// A name that colours a terminal.
pub(crate) const ESCAPE: &str = "db\u{1b}[31mred\u{7}";
/// The longest name that AWS allows for a tag's value.
pub(crate) fn long() -> String {
    "長い名前-long-".chars().cycle().take(256).collect()
}

/// The report. Its numbers agree with its findings.
pub(crate) fn sample(language: Language) -> Report {
    let say = |ja: &str, en: &str| if language == Language::Ja { ja.to_owned() } else { en.to_owned() };
    let findings = findings(&say);
    let all: Vec<&Finding> = findings.iter().collect();
    let categories = [
        ("backup", say("バックアップ", "Backup")),
        ("redundancy", say("冗長化 (マルチAZ)", "Redundancy (Multi-AZ)")),
        ("operations", say("運用・訓練", "Operations and drills")),
    ];
    let group = |key: &str, title: String, of: fn(&Finding) -> &str| Group {
        key: key.to_owned(),
        title,
        by_status: tally(all.iter().filter(|finding| of(finding) == key).copied()),
    };
    let by_severity = Severity::ALL
        .into_iter()
        .map(|severity| {
            let failed = all.iter().filter(|finding| finding.status == Status::Fail && finding.severity == severity);
            (severity, failed.count())
        })
        .collect();
    let summary = Summary {
        by_status: tally(all.iter().copied()),
        by_severity,
        by_category: categories
            .iter()
            .map(|(key, title)| group(key, title.clone(), |finding| finding.category.as_str()))
            .collect(),
        by_account: [("111111111111", "prod"), ("222222222222", FORMULA), ("", "")]
            .map(|(key, title)| group(key, title.to_owned(), |finding| finding.account.as_str()))
            .to_vec(),
        by_workload: [("mks", say("マイナンバー管理", "My Number Keeping System")), ("default", "default".to_owned())]
            .map(|(key, title)| group(key, title, |finding| finding.workload.as_str()))
            .to_vec(),
        resources: [("AWS::RDS::DBInstance", 3, 0), ("AWS::S3::Bucket", 2, 1), ("AWS::EC2::Volume", 0, 0)]
            .into_iter()
            .chain([("AWS::Backup::BackupVault", 0, 2)])
            .map(|(resource_type, count, unlisted)| TypeCount {
                resource_type: resource_type.to_owned(),
                title: resource_type.rsplit("::").next().unwrap_or_default().to_owned(),
                count,
                unlisted,
            })
            .collect(),
        complete: false,
        gaps: 3,
    };
    Report {
        schema: "sonae.report/1".to_owned(),
        generated_at: "2026-01-15T00:30:00Z".parse().expect("a time"),
        sonae: "0.1.0".to_owned(),
        language,
        organization: "Works Example & Co".to_owned(),
        snapshot: SnapshotInfo {
            taken_at: "2026-01-15T00:30:00Z".parse().expect("a time"),
            digest: "3f2a".repeat(16),
            accounts: [("111111111111", "prod"), ("222222222222", FORMULA), ("333333333333", "")]
                .map(|(id, name)| AccountInfo { id: id.to_owned(), name: name.to_owned() })
                .to_vec(),
            regions: vec!["ap-northeast-1".to_owned(), "ap-northeast-3".to_owned()],
            missing: vec!["333333333333/ap-northeast-3/rds".to_owned()],
        },
        summary,
        checklist: checklist(&findings, &categories, &say),
        findings,
        stores: Vec::new(),
        workloads: workloads(&say),
        ftr: ftr(&say),
        trusted_advisor: trusted_advisor(&say),
        waivers: waivers(&say),
        coverage: coverage(),
        rules: rules(&say),
        notes: vec![say(
            "answers.yaml の old-rule というルールはありません。",
            "answers.yaml answers old-rule, which is no rule.",
        )],
        trend: Vec::new(),
        baseline: None,
    }
}

fn tally<'a>(findings: impl Iterator<Item = &'a Finding>) -> Counts {
    let mut counts: Counts = Status::ALL.into_iter().map(|status| (status, 0)).collect();
    for finding in findings {
        *counts.entry(finding.status).or_default() += 1;
    }
    counts
}

fn finding(rule: &str, category: &str, status: Status, severity: Severity, name: &str, reason: String) -> Finding {
    Finding {
        id: format!("{rule}-{status}-{}", name.len(), status = status.as_str()),
        rule: rule.to_owned(),
        status,
        severity,
        category: category.to_owned(),
        account: "111111111111".to_owned(),
        region: "ap-northeast-1".to_owned(),
        resource_type: "AWS::RDS::DBInstance".to_owned(),
        resource: name.to_owned(),
        name: name.to_owned(),
        arn: format!("arn:aws:rds:ap-northeast-1:111111111111:db:{name}"),
        workload: "mks".to_owned(),
        reason,
        serves: Vec::new(),
        evidence: Evidence::default(),
        decided_by: Vec::new(),
        second_opinions: Vec::new(),
        waiver: None,
        baseline: None,
    }
}

fn findings(say: &dyn Fn(&str, &str) -> String) -> Vec<Finding> {
    let evidence = |value: serde_json::Value| Evidence(value.as_object().cloned().unwrap_or_default());
    let retention = || {
        say(
            "自動バックアップの保持期間は0日です。ワークロード mks の目標復旧時点 (RPO) は1時間です。",
            "Automated backups are kept for 0 days; workload mks has an RPO of 1 h.",
        )
    };
    let mut critical =
        finding("rds-backup-retention", "backup", Status::Fail, Severity::Critical, FORMULA, retention());
    critical.evidence = evidence(json!({ "backup_retention_period": 0, "engine": "postgres", "tag": FORMULA }));
    critical.second_opinions = vec![
        SecondOpinion {
            source: "trusted_advisor".to_owned(),
            check: "opQPADkZvH".to_owned(),
            status: "ok".to_owned(),
            agrees: Some(false),
        },
        SecondOpinion {
            source: "config".to_owned(),
            check: "DB_INSTANCE_BACKUP_ENABLED".to_owned(),
            status: "NON_COMPLIANT".to_owned(),
            agrees: Some(true),
        },
    ];
    let mut script = finding("rds-backup-retention", "backup", Status::Fail, Severity::High, SCRIPT, retention());
    script.account = "222222222222".to_owned();
    let steering = finding(
        "rds-multi-az",
        "redundancy",
        Status::Fail,
        Severity::High,
        ESCAPE,
        say("単一のAZで稼働しています。", "It runs in a single Availability Zone."),
    );
    let mut unknown = finding(
        "s3-versioning-enabled",
        "backup",
        Status::Unknown,
        Severity::High,
        "assets 🪣",
        say(
            "バージョニングの設定を読み取れません: s3:GetBucketVersioning (AccessDenied)",
            "Versioning could not be read: s3:GetBucketVersioning (AccessDenied)",
        ),
    );
    unknown.resource_type = "AWS::S3::Bucket".to_owned();
    unknown.evidence = evidence(
        json!({ "versioning": { "$unknown": { "reason": "denied", "operation": "s3:GetBucketVersioning" } } }),
    );
    let mut manual = finding(
        "drill-executed",
        "operations",
        Status::Manual,
        Severity::Medium,
        "mks",
        say("回答がありません。", "Nobody has answered yet."),
    );
    (manual.account, manual.region) = (String::new(), String::new());
    manual.resource_type = "Sonae::Workload".to_owned();
    let mut waived = finding(
        "rds-multi-az",
        "redundancy",
        Status::Waived,
        Severity::High,
        "batch-db",
        say("単一のAZです。", "Single AZ."),
    );
    waived.waiver = Some(WaiverReference {
        reason: say("夜間バッチのみ。停止を許容", "Nightly batch only, downtime is accepted"),
        owner: "yamada".to_owned(),
        approver: "sato".to_owned(),
        expires: "2026-06-30".to_owned(),
    });
    let mut long_name = finding(
        "s3-versioning-enabled",
        "backup",
        Status::Pass,
        Severity::High,
        &long(),
        say("バージョニングは有効です。", "Versioning is enabled."),
    );
    long_name.resource_type = "AWS::S3::Bucket".to_owned();
    long_name.workload = "default".to_owned();
    let passed = finding("rds-multi-az", "redundancy", Status::Pass, Severity::High, "orders", String::new());
    let mut other = finding("rds-encrypted", "backup", Status::NotApplicable, Severity::Low, "orders", String::new());
    other.workload = String::new();
    vec![critical, script, steering, unknown, manual, waived, long_name, passed, other]
}

fn checklist(
    findings: &[Finding],
    categories: &[(&str, String)],
    say: &dyn Fn(&str, &str) -> String,
) -> Vec<ChecklistItem> {
    let rules = rules(say);
    let mut items: Vec<ChecklistItem> = Vec::new();
    for rule in ["rds-backup-retention", "s3-versioning-enabled", "rds-multi-az", "rds-encrypted", "drill-executed"] {
        let of_rule: Vec<&Finding> = findings.iter().filter(|finding| finding.rule == rule).collect();
        let info = &rules[rule];
        let counts = tally(of_rule.iter().copied());
        let verdict = Status::ALL.into_iter().find(|status| counts[status] > 0).unwrap_or(Status::NotApplicable);
        let question = rule == "drill-executed";
        items.push(ChecklistItem {
            no: items.len() + 1,
            rule: rule.to_owned(),
            workload: if question { "mks".to_owned() } else { String::new() },
            category: info.category.clone(),
            category_title: categories
                .iter()
                .find(|(key, _)| *key == info.category)
                .map_or_else(String::new, |(_, title)| title.clone()),
            item: info.title.clone(),
            supplement: info.why.clone(),
            severity: of_rule.iter().map(|finding| finding.severity).max().unwrap_or(info.severity),
            verdict,
            verdict_text: if question {
                say("まだ回答がありません。", "There is no answer yet.")
            } else {
                say(
                    &format!("{}件中{}件が不適合です。", of_rule.len(), counts[&Status::Fail]),
                    &format!("{} of {} resources fail.", counts[&Status::Fail], of_rule.len()),
                )
            },
            counts,
            question,
            answer_status: if question { AnswerStatus::InProgress } else { AnswerStatus::NotStarted },
            owner: if question { "=cmd|'/c calc'!A1".to_owned() } else { String::new() },
            due: if question { "2026-03-31".to_owned() } else { String::new() },
            review: if question { "2026-06-01".to_owned() } else { String::new() },
            recorded_status: question.then_some(AnswerStatus::InProgress),
            answer: String::new(),
            answered_by: String::new(),
            answered_at: String::new(),
            next_review: String::new(),
            facts: if question { facts(say) } else { Vec::new() },
            comment: if question {
                say("手順書を作成中", "The runbook is being written")
            } else {
                String::new()
            },
            evidence: if question {
                vec!["https://wiki.example.com/drill?year=2026#plan".to_owned()]
            } else {
                Vec::new()
            },
            findings: of_rule.iter().map(|finding| finding.id.clone()).collect(),
        });
    }
    items
}

fn facts(say: &dyn Fn(&str, &str) -> String) -> Vec<Fact> {
    [
        ("last_drill", "timestamp", json!("2025-11-20")),
        ("recovery", "duration", json!("5h 10m")),
        ("covers", "strings", json!(["az", "=region"])),
        ("met", "bool", json!(true)),
        ("people", "int", json!(12)),
        ("place", "string", json!(null)),
    ]
    .map(|(name, form, value)| Fact {
        name: name.to_owned(),
        title: say("訓練の記録", "A fact of the drill"),
        form: form.to_owned(),
        value,
    })
    .to_vec()
}

fn workloads(say: &dyn Fn(&str, &str) -> String) -> Vec<WorkloadReport> {
    let objective = |scope: &str, rpo: Option<&str>, rto: Option<&str>| ScopeObjective {
        scope: scope.to_owned(),
        rpo: rpo.map(str::to_owned),
        rto: rto.map(str::to_owned),
    };
    let declared = WorkloadReport {
        name: "mks".to_owned(),
        title: say("マイナンバー管理", "My Number Keeping System"),
        tier: "critical".to_owned(),
        strategy: "pilot_light".to_owned(),
        primary_region: "ap-northeast-1".to_owned(),
        dr_region: "ap-northeast-3".to_owned(),
        slo: "99%".to_owned(),
        rlo: say("翌営業日までは参照のみ", "read-only until the next business day"),
        retention: Some("P7D".to_owned()),
        objectives: vec![
            objective("data", Some("PT1H"), Some("PT2H")),
            objective("infrastructure", Some("PT1H"), Some("PT1H30M")),
            objective("az", Some("PT5M"), Some("PT1H")),
            objective("region", Some("PT24H"), Some("PT18H")),
        ],
        failover: FailoverReport {
            build_after: Some("PT6H".to_owned()),
            switch_after: Some("PT12H".to_owned()),
            confirm_with_support: Some(true),
        },
        resources: 5,
        by_status: Counts::new(),
        architecture: String::new(),
        recovery: Vec::new(),
    };
    let bare = WorkloadReport {
        name: "default".to_owned(),
        title: "default".to_owned(),
        tier: String::new(),
        strategy: String::new(),
        primary_region: String::new(),
        dr_region: String::new(),
        slo: String::new(),
        rlo: String::new(),
        retention: None,
        objectives: Vec::new(),
        failover: FailoverReport { build_after: None, switch_after: None, confirm_with_support: None },
        resources: 1,
        by_status: Counts::new(),
        architecture: String::new(),
        recovery: Vec::new(),
    };
    vec![declared, bare]
}

fn ftr(say: &dyn Fn(&str, &str) -> String) -> Vec<FtrItem> {
    [("DR-001", "RES-004", Status::Pass, "PT1H / PT2H"), ("DR-004", "RES-007", Status::Manual, "")]
        .map(|(id, current, status, response)| FtrItem {
            id: id.to_owned(),
            current: current.to_owned(),
            rule: "drill-executed".to_owned(),
            title: say("目標復旧時点 (RPO) を定義している", "Define a recovery point objective"),
            workload: "mks".to_owned(),
            status,
            answer_status: if status == Status::Pass { AnswerStatus::Done } else { AnswerStatus::InProgress },
            response: response.to_owned(),
            notes: String::new(),
        })
        .to_vec()
}

fn trusted_advisor(say: &dyn Fn(&str, &str) -> String) -> Vec<TrustedAdvisorResult> {
    vec![
        TrustedAdvisorResult {
            account: "111111111111".to_owned(),
            check: "opQPADkZvH".to_owned(),
            name: "Amazon RDS Backups".to_owned(),
            status: "ok".to_owned(),
            processed: Some(3),
            flagged: Some(0),
            refreshed: "2026-01-14T22:00:00Z".to_owned(),
            rules: vec!["rds-backup-retention".to_owned()],
            disagreements: vec![format!("rds-backup-retention-fail-{}", FORMULA.len())],
            note: String::new(),
        },
        TrustedAdvisorResult {
            account: "222222222222".to_owned(),
            check: "opQPADkZvH".to_owned(),
            name: "Amazon RDS Backups".to_owned(),
            status: String::new(),
            processed: None,
            flagged: None,
            refreshed: String::new(),
            rules: vec!["rds-backup-retention".to_owned()],
            disagreements: Vec::new(),
            note: say("サポートプランの対象外です。", "The support plan does not include it."),
        },
    ]
}

fn waivers(say: &dyn Fn(&str, &str) -> String) -> Vec<WaiverReport> {
    ["active", "expired"]
        .map(|state| WaiverReport {
            rule: "rds-multi-az".to_owned(),
            scope: "account=111111111111".to_owned(),
            covers: Scope { account: Some("111111111111".to_owned()), ..Scope::default() },
            reason: say("夜間バッチのみ。停止を許容", "Nightly batch only, downtime is accepted"),
            owner: "yamada".to_owned(),
            approver: "sato".to_owned(),
            expires: if state == "active" { "2026-06-30" } else { "2025-12-31" }.to_owned(),
            state: state.to_owned(),
            findings: 1,
        })
        .to_vec()
}

fn coverage() -> Vec<CoverageLine> {
    [
        ("111111111111", "rds:DescribeDBInstances", 3, "ok", None),
        ("111111111111", "s3:GetBucketVersioning", 1, "denied", Some("AccessDenied: not authorized")),
        ("222222222222", "s3:GetBucketVersioning", 1, "denied", Some("AccessDenied: not authorized")),
        ("222222222222", "backup:ListBackupVaults", 4, "error", Some("timeout\u{1b}[2J after 30 s")),
        ("222222222222", "support:DescribeTrustedAdvisorChecks", 0, "skipped", None),
    ]
    .map(|(account, operation, calls, status, error)| CoverageLine {
        account: account.to_owned(),
        region: "ap-northeast-1".to_owned(),
        operation: operation.to_owned(),
        calls,
        throttles: 0,
        status: status.to_owned(),
        error: error.map(str::to_owned),
    })
    .to_vec()
}

fn rules(say: &dyn Fn(&str, &str) -> String) -> BTreeMap<String, RuleInfo> {
    [
        (
            "rds-backup-retention",
            "backup",
            Severity::Critical,
            say("自動バックアップが有効で、保持期間が要件を満たしている", "Automated backups are kept long enough"),
            say(
                "誤操作でデータを失った場合、特定時点への復元 (PITR) は保持期間内にしか行えません。",
                "After an operating mistake a point-in-time restore reaches back only as far as the retention.",
            ),
        ),
        (
            "s3-versioning-enabled",
            "backup",
            Severity::High,
            say("バケットのバージョニングが有効である", "Bucket versioning is enabled"),
            say("上書きや削除から復元できます。", "Overwritten and deleted objects can be brought back."),
        ),
        (
            "rds-multi-az",
            "redundancy",
            Severity::High,
            say("データベースがマルチAZ構成である", "The database is Multi-AZ"),
            say("AZ障害時に自動でフェイルオーバーします。", "It fails over by itself when an Availability Zone fails."),
        ),
        (
            "rds-encrypted",
            "backup",
            Severity::Low,
            say("スナップショットのKMSキーがDRリージョンで使える", "The snapshot's key is usable in the DR Region"),
            say("キーがないと復元できません。", "Without the key nothing can be restored."),
        ),
        (
            "drill-executed",
            "operations",
            Severity::Medium,
            say("災害対策訓練を年1回以上実施しているか", "Is a disaster-recovery drill held at least once a year?"),
            say("訓練計画 兼 実施報告書を証跡とします。", "The drill plan and report counts as evidence."),
        ),
    ]
    .into_iter()
    .map(|(id, category, severity, title, why)| {
        let info = RuleInfo {
            category: category.to_owned(),
            severity,
            title,
            why,
            remediation: say("保持期間を7日以上にします。", "Keep backups for seven days or more."),
            cli: if id.starts_with("rds-backup") {
                "aws rds modify-db-instance --db-instance-identifier NAME --backup-retention-period 7".to_owned()
            } else {
                String::new()
            },
            terraform: String::new(),
            cloudformation: String::new(),
            impact: Vec::new(),
            maps: BTreeMap::new(),
            sources: Vec::new(),
            viewpoint: match id {
                "rds-backup-retention" => Some("retention".to_owned()),
                "rds-multi-az" => Some("redundancy".to_owned()),
                _ => None,
            },
            required: Vec::new(),
            objectives: Vec::new(),
        };
        (id.to_owned(), info)
    })
    .collect()
}
