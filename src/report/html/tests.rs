//! A report built by hand, with the names that an account must not be able to harm the page with.

use super::*;
use crate::assess::model::{
    AccountInfo, Clause, CoverageLine, Evidence, FailoverReport, FtrItem, Group, ScopeObjective, SnapshotInfo, Summary,
    TrustedAdvisorResult, TypeCount, WaiverReference, WaiverReport,
};

const SCRIPT_NAME: &str = "<script>alert(1)</script>";
const IMAGE_NAME: &str = r#""><img src=x onerror=alert(1)>"#;
const FORMULA_NAME: &str = r#"=HYPERLINK("http://evil.example","x")"#;
const REVERSED_NAME: &str = "backup-\u{202e}gnp.exe";
const EMOJI_NAME: &str = "請求データ 🗾🔥";

struct Texts {
    ja: bool,
}

impl Texts {
    fn of(&self, ja: &str, en: &str) -> String {
        if self.ja { ja } else { en }.to_owned()
    }
}

fn counts(findings: &[Finding], belongs: impl Fn(&Finding) -> bool) -> Counts {
    let mut counts: Counts = Status::ALL.into_iter().map(|status| (status, 0)).collect();
    for finding in findings.iter().filter(|finding| belongs(finding)) {
        *counts.entry(finding.status).or_default() += 1;
    }
    counts
}

fn rules(texts: &Texts) -> BTreeMap<String, RuleInfo> {
    let rule = |category: &str, severity, title: String, why: String, remediation: String| RuleInfo {
        category: category.to_owned(),
        severity,
        title,
        why,
        remediation,
        cli: String::new(),
        terraform: String::new(),
        cloudformation: String::new(),
        impact: Vec::new(),
        maps: BTreeMap::new(),
        sources: Vec::new(),
        viewpoint: None,
        required: Vec::new(),
        objectives: Vec::new(),
    };
    let versioning = RuleInfo {
        cli: "aws s3api put-bucket-versioning \\\n  --bucket BUCKET \\\n  --versioning-configuration Status=Enabled"
            .to_owned(),
        terraform: "resource \"aws_s3_bucket_versioning\" \"this\" {\n  bucket = aws_s3_bucket.this.id\n\n  \
                    versioning_configuration {\n    status = \"Enabled\"\n  }\n}\n"
            .to_owned(),
        cloudformation: "Type: AWS::S3::Bucket\nProperties:\n  VersioningConfiguration:\n    Status: Enabled\n"
            .to_owned(),
        impact: vec![
            (texts.of("停止", "Downtime"), texts.of("なし", "None")),
            (
                texts.of("費用", "Cost"),
                texts.of("旧バージョンの保管料金がかかります", "Old versions are stored and billed"),
            ),
            (
                texts.of("確認方法", "Test"),
                texts.of(
                    "オブジェクトを上書きし、旧バージョンを取り出します",
                    "Overwrite an object and read the old version back",
                ),
            ),
        ],
        maps: BTreeMap::from([
            ("trusted_advisor".to_owned(), vec!["R365s2Qddf".to_owned()]),
            ("security_hub".to_owned(), vec!["S3.14".to_owned()]),
            ("well_architected".to_owned(), vec!["REL09-BP01".to_owned(), "REL09-BP03".to_owned()]),
        ]),
        sources: vec![
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html".to_owned(),
            "javascript:alert(1)".to_owned(),
        ],
        ..rule(
            "backup",
            Severity::High,
            texts.of("S3バケットのバージョニングが有効", "S3 bucket versioning is on"),
            texts.of(
                "上書きや削除からデータを戻せるのは、バージョニングが有効なバケットだけです。",
                "Only a bucket with versioning can bring data back after it was overwritten or deleted.",
            ),
            texts.of("バージョニングを有効にします。", "Turn versioning on."),
        )
    };
    BTreeMap::from([
        ("s3-versioning-enabled".to_owned(), versioning),
        (
            "rds-multi-az".to_owned(),
            rule(
                "redundancy",
                Severity::Critical,
                texts.of("RDSインスタンスがマルチAZ構成", "RDS instance is Multi-AZ"),
                texts.of("AZ障害で単一AZのインスタンスは停止します。", "A single-AZ instance stops with its zone."),
                texts.of("マルチAZ配置に変更します。", "Change to a Multi-AZ deployment."),
            ),
        ),
        (
            "ec2-nat-per-az".to_owned(),
            rule(
                "redundancy",
                Severity::Medium,
                texts.of("NATゲートウェイがAZごとにある", "Each zone has its NAT gateway"),
                texts.of("1つのAZの障害で全体の通信が止まります。", "One zone's failure stops all egress."),
                texts.of("AZごとにNATゲートウェイを置きます。", "Add a NAT gateway to each zone."),
            ),
        ),
        (
            "workload-drill-held".to_owned(),
            rule(
                "operation",
                Severity::High,
                texts.of("DR訓練を過去1年以内に実施したか", "Was a DR drill held within the last year?"),
                texts.of("試していない手順は動きません。", "A runbook that nobody tried does not work."),
                texts.of("訓練計画 兼 実施報告書を作り、訓練を行います。", "Write the drill plan and hold the drill."),
            ),
        ),
    ])
}

/// The sample; `more` adds that many findings.
fn sample(language: Language, more: usize) -> Report {
    let texts = Texts { ja: language == Language::Ja };
    let rules = rules(&texts);
    let long = "長い名前-".repeat(51) + "x";
    let names = [SCRIPT_NAME, IMAGE_NAME, FORMULA_NAME, REVERSED_NAME, EMOJI_NAME, &long, "assets", "logs", "orders"];
    let templates = [
        ("rds-multi-az", "AWS::RDS::DBInstance", Status::Fail, "redundancy", Severity::Critical),
        ("s3-versioning-enabled", "AWS::S3::Bucket", Status::Fail, "backup", Severity::High),
        ("ec2-nat-per-az", "AWS::EC2::Subnet", Status::Unknown, "redundancy", Severity::Medium),
        ("s3-versioning-enabled", "AWS::S3::Bucket", Status::Waived, "backup", Severity::Medium),
        ("s3-versioning-enabled", "AWS::S3::Bucket", Status::Pass, "backup", Severity::High),
        ("rds-multi-az", "AWS::RDS::DBInstance", Status::Pass, "redundancy", Severity::Critical),
        ("s3-versioning-enabled", "AWS::S3::Bucket", Status::NotApplicable, "backup", Severity::High),
    ];
    let mut findings: Vec<Finding> = (0..names.len() * 4 + more)
        .map(|index| {
            let (rule, resource_type, status, category, severity) =
                templates[index * templates.len() / (names.len() * 4 + more)];
            let name = names[index % names.len()];
            let account = ["111111111111", "222222222222", "333333333333"][index % 3];
            Finding {
                id: format!("{:016x}", index as u64 * 0x9e37_79b9_7f4a),
                rule: rule.to_owned(),
                status,
                severity,
                category: category.to_owned(),
                account: account.to_owned(),
                region: ["ap-northeast-1", "ap-northeast-3"][index % 2].to_owned(),
                resource_type: resource_type.to_owned(),
                resource: format!("{name}-{index}"),
                name: name.to_owned(),
                arn: format!("arn:aws:s3:::{name}-{index}"),
                workload: ["mks", "billing", "default", ""][index % 4].to_owned(),
                reason: match status {
                    Status::Unknown => texts.of(
                        "ルートテーブルを読み取れませんでした (ec2:DescribeRouteTables: 権限なし)。",
                        "The route tables could not be read (ec2:DescribeRouteTables: denied).",
                    ),
                    Status::Pass => texts.of("条件を満たしています。", "The rule holds."),
                    Status::NotApplicable => texts.of("RPOが宣言されていません。", "No RPO is declared."),
                    _ => texts.of(
                        "バージョニングが停止中のため、RPO 1時間を満たせません。",
                        "Versioning is suspended, so an RPO of 1 h cannot be met.",
                    ),
                },
                serves: Vec::new(),
                evidence: Evidence(serde_json::Map::from_iter([
                    ("versioning".to_owned(), serde_json::json!("Suspended")),
                    ("mfa_delete".to_owned(), serde_json::Value::Null),
                    ("tags".to_owned(), serde_json::json!({ "Name": name, "System": "mks" })),
                ])),
                decided_by: if matches!(status, Status::Pass) {
                    Vec::new()
                } else {
                    vec![Clause {
                        expression: "resource.versioning == \"Enabled\"".to_owned(),
                        values: vec![("resource.versioning".to_owned(), "Suspended".to_owned())],
                    }]
                },
                second_opinions: if index % 5 == 0 {
                    vec![
                        SecondOpinion {
                            source: "trusted_advisor".to_owned(),
                            check: "R365s2Qddf".to_owned(),
                            status: "ok".to_owned(),
                            agrees: Some(status == Status::Pass),
                        },
                        SecondOpinion {
                            source: "config".to_owned(),
                            check: "s3-bucket-versioning-enabled".to_owned(),
                            status: "NON_COMPLIANT".to_owned(),
                            agrees: Some(status == Status::Fail),
                        },
                    ]
                } else {
                    Vec::new()
                },
                waiver: (status == Status::Waived).then(|| WaiverReference {
                    reason: texts.of("再生成できるログのみを置くため", "Holds only logs that can be made again"),
                    owner: texts.of("佐藤", "Sato"),
                    approver: texts.of("鈴木", "Suzuki"),
                    expires: "2027-03-31".to_owned(),
                }),
                baseline: None,
            }
        })
        .collect();
    findings.push(Finding {
        id: "00000000000000aa".to_owned(),
        rule: "workload-drill-held".to_owned(),
        status: Status::Manual,
        severity: Severity::High,
        category: "operation".to_owned(),
        account: String::new(),
        region: String::new(),
        resource_type: "Sonae::Workload".to_owned(),
        resource: "mks".to_owned(),
        name: "mks".to_owned(),
        arn: String::new(),
        workload: "mks".to_owned(),
        reason: texts.of("回答がありません。", "There is no answer."),
        serves: Vec::new(),
        evidence: Evidence::default(),
        decided_by: Vec::new(),
        second_opinions: Vec::new(),
        waiver: None,
        baseline: None,
    });
    findings.sort_by_key(|finding| {
        (Status::ALL.iter().position(|status| *status == finding.status), std::cmp::Reverse(finding.severity))
    });

    let category_title = |category: &str| match category {
        "backup" => texts.of("バックアップ", "Backup"),
        "redundancy" => texts.of("冗長化", "Redundancy"),
        _ => texts.of("運用", "Operation"),
    };
    let checklist = ["s3-versioning-enabled", "rds-multi-az", "ec2-nat-per-az", "workload-drill-held"]
        .into_iter()
        .enumerate()
        .map(|(index, id)| {
            let rule = &rules[id];
            let counts = counts(&findings, |finding| finding.rule == id);
            let verdict = nonzero(&counts).first().map_or(Status::NotApplicable, |(status, _)| *status);
            let question = id == "workload-drill-held";
            ChecklistItem {
                no: index + 1,
                rule: id.to_owned(),
                workload: if question { "mks".to_owned() } else { String::new() },
                category: rule.category.clone(),
                category_title: category_title(&rule.category),
                item: rule.title.clone(),
                supplement: rule.why.clone(),
                severity: rule.severity,
                verdict,
                verdict_text: texts.of(
                    &format!("{}件中{}件が不適合", sum(&counts), counts[&Status::Fail]),
                    &format!("{} of {} resources fail", counts[&Status::Fail], sum(&counts)),
                ),
                counts,
                question,
                answer_status: AnswerStatus::ALL[index % 4],
                owner: if index == 1 { IMAGE_NAME.to_owned() } else { texts.of("田中", "Tanaka") },
                due: if index == 2 { String::new() } else { "2026-12-25".to_owned() },
                review: String::new(),
                recorded_status: None,
                answer: String::new(),
                answered_by: String::new(),
                answered_at: String::new(),
                next_review: String::new(),
                facts: Vec::new(),
                comment: if index == 0 {
                    texts.of("年内に対応します。\n対象は本番のみ。", "Before the end of the year.\nProduction only.")
                } else {
                    String::new()
                },
                evidence: if index == 0 {
                    vec![
                        "https://wiki.example.com/dr?a=1&b=\"2\"".to_owned(),
                        "javascript:alert(document.domain)".to_owned(),
                        "drill-2026.pdf".to_owned(),
                    ]
                } else {
                    Vec::new()
                },
                findings: findings
                    .iter()
                    .filter(|finding| finding.rule == id)
                    .map(|finding| finding.id.clone())
                    .collect(),
            }
        })
        .collect();
    let group = |key: &str, title: String, belongs: &dyn Fn(&Finding) -> bool| Group {
        key: key.to_owned(),
        title,
        by_status: counts(&findings, belongs),
    };
    let by_status = counts(&findings, |_| true);
    let mut by_severity: BTreeMap<Severity, usize> = Severity::ALL.into_iter().map(|severity| (severity, 0)).collect();
    for finding in findings.iter().filter(|finding| finding.status == Status::Fail) {
        *by_severity.entry(finding.severity).or_default() += 1;
    }
    let taken_at: Timestamp = "2026-11-20T01:02:03Z".parse().expect("a time");
    let workload = |name: &str, title: String, declared: bool| WorkloadReport {
        name: name.to_owned(),
        title,
        tier: if declared { "critical".to_owned() } else { String::new() },
        strategy: if declared { "pilot_light".to_owned() } else { String::new() },
        primary_region: "ap-northeast-1".to_owned(),
        dr_region: if declared { "ap-northeast-3".to_owned() } else { String::new() },
        slo: "99%".to_owned(),
        rlo: if declared {
            texts.of("翌営業日までは参照のみ", "Read-only until the next business day")
        } else {
            String::new()
        },
        retention: Some("P7D".to_owned()),
        objectives: ["data", "infrastructure", "az", "region"]
            .map(|scope| ScopeObjective {
                scope: scope.to_owned(),
                rpo: Some(if scope == "az" { "PT5M" } else { "PT1H30M" }.to_owned()),
                rto: declared.then(|| if scope == "region" { "PT18H" } else { "PT2H" }.to_owned()),
            })
            .to_vec(),
        failover: FailoverReport {
            build_after: declared.then(|| "PT6H".to_owned()),
            switch_after: declared.then(|| "PT12H".to_owned()),
            confirm_with_support: declared.then_some(true),
        },
        resources: 18,
        by_status: counts(&findings, |finding| finding.workload == name),
        architecture: String::new(),
        recovery: Vec::new(),
    };
    let coverage = (0..60 + more / 4)
        .map(|index| CoverageLine {
            account: ["111111111111", "222222222222", "333333333333"][index % 3].to_owned(),
            region: ["ap-northeast-1", "ap-northeast-3", "global"][index % 3].to_owned(),
            operation: ["s3:GetBucketVersioning", "rds:DescribeDBInstances", "ec2:DescribeRouteTables"][index % 3]
                .to_owned(),
            calls: index as u64 * 7 % 31,
            throttles: index as u64 % 4,
            status: if index % 20 == 2 { "denied" } else { "ok" }.to_owned(),
            error: (index % 20 == 2)
                .then(|| format!("AccessDenied: User {SCRIPT_NAME} is not authorized to perform this action")),
        })
        .collect();
    Report {
        schema: "sonae.report/1".to_owned(),
        generated_at: taken_at,
        sonae: "0.1.0".to_owned(),
        language,
        organization: texts.of("ワークス例", "Works Example"),
        snapshot: SnapshotInfo {
            taken_at,
            digest: "7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730".to_owned(),
            accounts: vec![
                AccountInfo { id: "111111111111".to_owned(), name: "production".to_owned() },
                AccountInfo { id: "222222222222".to_owned(), name: SCRIPT_NAME.to_owned() },
                AccountInfo { id: "333333333333".to_owned(), name: String::new() },
            ],
            regions: vec!["ap-northeast-1".to_owned(), "ap-northeast-3".to_owned()],
            missing: vec!["333333333333/ap-northeast-3/rds".to_owned()],
        },
        summary: Summary {
            by_severity,
            by_category: ["backup", "redundancy", "operation"]
                .map(|key| group(key, category_title(key), &|finding| finding.category == key))
                .to_vec(),
            by_account: [("111111111111", "production"), ("222222222222", SCRIPT_NAME), ("333333333333", ""), ("", "")]
                .map(|(key, title)| group(key, title.to_owned(), &|finding| finding.account == key))
                .to_vec(),
            by_workload: vec![
                group("mks", texts.of("マイナンバー管理", "My Number Keeping System"), &|finding| {
                    finding.workload == "mks"
                }),
                group("billing", EMOJI_NAME.to_owned(), &|finding| finding.workload == "billing"),
                group("default", texts.of("その他", "Unclaimed"), &|finding| finding.workload == "default"),
                group("", String::new(), &|finding| finding.workload.is_empty()),
            ],
            resources: vec![
                TypeCount {
                    resource_type: "AWS::S3::Bucket".to_owned(),
                    title: texts.of("S3バケット", "S3 bucket"),
                    count: 1_204,
                    unlisted: 0,
                },
                TypeCount {
                    resource_type: "AWS::RDS::DBInstance".to_owned(),
                    title: texts.of("RDSインスタンス", "RDS instance"),
                    count: 31,
                    unlisted: 1,
                },
                TypeCount {
                    resource_type: "AWS::DynamoDB::Table".to_owned(),
                    title: texts.of("DynamoDBテーブル", "DynamoDB table"),
                    count: 0,
                    unlisted: 0,
                },
            ],
            complete: false,
            gaps: 3,
            by_status,
        },
        checklist,
        stores: Vec::new(),
        workloads: vec![
            workload("mks", texts.of("マイナンバー管理", "My Number Keeping System"), true),
            workload("billing", EMOJI_NAME.to_owned(), false),
        ],
        findings,
        ftr: vec![FtrItem {
            id: "DR-001".to_owned(),
            current: "RES-001".to_owned(),
            rule: "workload-drill-held".to_owned(),
            title: texts.of("ワークロードのRPOが定義されている", "An RPO is defined for the workload"),
            workload: "mks".to_owned(),
            status: Status::Pass,
            answer_status: AnswerStatus::Done,
            response: texts.of("RPO 1時間", "RPO 1 h"),
            notes: FORMULA_NAME.to_owned(),
        }],
        trusted_advisor: vec![TrustedAdvisorResult {
            account: "111111111111".to_owned(),
            check: "R365s2Qddf".to_owned(),
            name: "Amazon S3 Bucket Versioning".to_owned(),
            status: "warning".to_owned(),
            processed: Some(31),
            flagged: Some(4),
            refreshed: "2026-11-19".to_owned(),
            rules: vec!["s3-versioning-enabled".to_owned()],
            disagreements: vec!["00000000000000aa".to_owned()],
            note: String::new(),
        }],
        waivers: vec![WaiverReport {
            rule: "s3-versioning-enabled".to_owned(),
            scope: "account=111111111111".to_owned(),
            covers: crate::assess::waivers::Scope::default(),
            reason: texts.of("再生成できるログのみを置くため", "Holds only logs that can be made again"),
            owner: texts.of("佐藤", "Sato"),
            approver: texts.of("鈴木", "Suzuki"),
            expires: "2027-03-31".to_owned(),
            state: "active".to_owned(),
            findings: 5,
        }],
        coverage,
        rules,
        notes: vec![
            texts.of(
                "answers.yamlの「s3-old」は存在しないルールです。",
                "answers.yaml names “s3-old”, which is no rule.",
            ),
        ],
        trend: Vec::new(),
        baseline: None,
    }
}

fn page(language: Language) -> String {
    render(&sample(language, 0)).expect("the sample renders")
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(start).expect("the start is there");
    rest.split_once(end).expect("the end is there").0
}

#[test]
fn hostile_names_stay_text() {
    for page in [page(Language::Ja), page(Language::En)] {
        assert_eq!(page.matches("<script").count(), 1, "only the page's own script");
        assert!(!page.contains("<img"));
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") || page.contains("&#60;script&#62;"));
        let body = page.split_once("</head>").expect("a head").1;
        for handler in [" onerror=", " onclick=", " onload=", "style=\""] {
            for (at, _) in body.match_indices(handler) {
                let tag = &body[..at];
                assert!(tag.rfind('<') < tag.rfind('>'), "{handler} is in no tag");
            }
        }
        assert!(!page.contains("href=\"javascript:"));
        assert!(!page.contains('\u{202e}') && page.contains("backup-[U+202E]gnp.exe"));
    }
}

#[test]
fn only_links_that_people_follow_leave_the_page() {
    let page = page(Language::Ja);
    let body = page.split_once("</head>").expect("a head").1;
    for scheme in ["http://", "https://"] {
        for (at, _) in body.match_indices(scheme) {
            let tag = &body[..at];
            if tag.rfind('<') > tag.rfind('>') {
                assert!(tag.ends_with("<a href=\""), "{}", &body[at - 40..at + 20]);
                assert!(body[at..].split('>').next().expect("a tag").contains("rel=\"noopener noreferrer\""));
            }
        }
    }
    for loader in ["<link rel=\"stylesheet", " src=", "@import", "url(http", "<iframe", "<object", "<embed", "fetch("] {
        let tags: Vec<usize> = page
            .match_indices(loader)
            .map(|(at, _)| at)
            .filter(|at| page[..*at].rfind('<') >= page[..*at].rfind('>'))
            .collect();
        assert!(tags.is_empty(), "{loader}");
    }
    assert!(page.contains("href=\"https://wiki.example.com/dr?a=1&#38;b=&#34;2&#34;\""));
}

#[test]
fn the_policy_admits_this_style_and_script_only() {
    let page = page(Language::En);
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\"").replace("&#39;", "'");
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"));
    for (directive, text) in
        [("script-src", between(&page, "<script>", "</script>")), ("style-src", between(&page, "<style>", "</style>"))]
    {
        let hash = STANDARD.encode(Sha256::digest(text.as_bytes()));
        assert!(policy.contains(&format!("{directive} 'sha256-{hash}';")), "{directive}");
    }
}

#[test]
fn the_page_speaks_its_language_and_says_the_same_twice() {
    for (language, attribute, heading) in [
        (Language::Ja, "lang=\"ja\"", "DR準備状況レポート"),
        (Language::En, "lang=\"en\"", "Disaster-recovery readiness"),
    ] {
        let page = page(language);
        assert!(page.contains(attribute) && page.contains(heading));
        assert_eq!(page, self::page(language));
    }
}

#[test]
fn the_words_of_the_page_exist() {
    // A key that a file lacks is shown as itself; all of them have an underscore or are no word of either language.
    let templates = concat!(
        include_str!("../../../report-templates/html/report.html"),
        include_str!("../../../report-templates/html/summary.html"),
        include_str!("../../../report-templates/html/filters.html"),
        include_str!("../../../report-templates/html/checklist.html"),
        include_str!("../../../report-templates/html/findings.html"),
        include_str!("../../../report-templates/html/remediation.html"),
        include_str!("../../../report-templates/html/objectives.html"),
        include_str!("../../../report-templates/html/ftr.html"),
        include_str!("../../../report-templates/html/trusted_advisor.html"),
        include_str!("../../../report-templates/html/waivers.html"),
        include_str!("../../../report-templates/html/coverage.html"),
        include_str!("../html.rs"),
    );
    for (call, group) in [
        ("page(\"", "page"),
        ("with_count(\"", "page"),
        ("with(\"", "page"),
        ("column(\"", "column"),
        ("sheet(\"", "sheet"),
    ] {
        for part in templates.split(call).skip(1) {
            let key = part.split('"').next().expect("a key");
            for language in [Language::Ja, Language::En] {
                assert_ne!(Messages::of(language).get(group, key), key, "{group}.{key} in {language:?}");
            }
        }
    }
}

#[test]
fn a_report_of_nothing_is_not_compliant() {
    let mut report = sample(Language::En, 0);
    report.findings.clear();
    report.checklist.clear();
    report.summary.by_status = Status::ALL.into_iter().map(|status| (status, 0)).collect();
    report.summary.complete = true;
    let page = render(&report).expect("it renders");
    assert!(page.contains("Nothing was judged"));
    assert!(!page.contains(">No failures<"));
}

#[test]
fn one_failure_among_thousands_stays_visible() {
    let widths = shares(&[(Status::Fail, 1), (Status::Pass, 4_999)], 5_000);
    assert!(widths[0] > 1.0 && (widths[0] + widths[1] - 100.0).abs() < 1e-9);
}

#[test]
fn numbers_are_grouped() {
    assert_eq!(grouped(1_234_567), "1,234,567");
}

/// For `tests/browser/report.mjs`: writes the samples to the directory that `SONAE_SAMPLES` names.
#[test]
#[ignore = "writes files"]
fn write_samples() {
    let directory = std::path::PathBuf::from(std::env::var_os("SONAE_SAMPLES").expect("SONAE_SAMPLES"));
    for (name, language, more) in [("ja", Language::Ja, 0), ("en", Language::En, 0), ("large", Language::Ja, 5_000)] {
        let page = render(&sample(language, more)).expect("it renders");
        std::fs::write(directory.join(format!("{name}.html")), page).expect("a writable directory");
    }
}
