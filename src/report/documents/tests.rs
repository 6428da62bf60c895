use serde_json::json;

use super::*;
use crate::assess::model::{Evidence, Status, StoreReport, StoreScope};
use crate::model::Language;
use crate::report::sample::{ESCAPE, FORMULA, SCRIPT, sample};

/// Names that attack whoever shows them as Markdown, in a shell or as a file.
const HOSTILE: [&str; 9] = [
    FORMULA,
    SCRIPT,
    ESCAPE,
    "a|b\n\n# heading\n| x |",
    "`code` ``` ```` `",
    "[click](javascript:alert(1)) <img src=x onerror=alert(1)> https://evil.example",
    "'; rm -rf / #$(id)`id`",
    "../../../etc/passwd",
    "con.\u{202e}txt",
];

fn store(name: &str, ty: &str) -> StoreReport {
    let settings = json!({
        "engine": name, "status": "available", "multi_az": true,
        "latest_restorable_time": { "$unknown": { "reason": "denied", "operation": "rds:DescribeDBInstances" } },
    });
    StoreReport {
        account: "111111111111".to_owned(),
        region: "ap-northeast-1".to_owned(),
        resource_type: ty.to_owned(),
        type_title: name.to_owned(),
        resource: name.to_owned(),
        name: name.to_owned(),
        arn: format!("arn:aws:rds:ap-northeast-1:111111111111:db:{name}"),
        workload: "mks".to_owned(),
        responsibility: "needs_hands".to_owned(),
        responsibility_reason: name.to_owned(),
        settings: Evidence(settings.as_object().cloned().expect("an object")),
        scopes: vec![StoreScope {
            scope: "data".to_owned(),
            rpo_objective: None,
            rto_objective: None,
            rpo_status: Status::Unknown,
            rto_status: Status::Unknown,
            ways: Vec::new(),
            open: name.to_owned(),
        }],
    }
}

fn hostile(language: Language) -> Report {
    let mut report = sample(language);
    report.organization = SCRIPT.to_owned();
    for (name, finding) in HOSTILE.iter().zip(&mut report.findings) {
        finding.name = (*name).to_owned();
        finding.reason = (*name).to_owned();
    }
    for workload in &mut report.workloads {
        workload.title = HOSTILE[3].to_owned();
        workload.rlo = HOSTILE[5].to_owned();
    }
    for ty in ["AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::EC2::Volume", "AWS::Unheard::Of"] {
        report.stores.extend(HOSTILE.iter().map(|name| store(name, ty)));
    }
    report
}

#[test]
fn names_cannot_mark_anything_up() {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    for language in [Language::Ja, Language::En] {
        for (path, text) in render(&hostile(language)).expect("the documents") {
            if path == "sonae.ics" {
                continue;
            }
            assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{path}");
            let mut columns = 0;
            let mut cells = 0;
            for event in Parser::new_ext(&text, Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS) {
                match event {
                    // Line breaks within cells are ours.
                    Event::InlineHtml(html) => assert_eq!(&*html, "<br>", "{path}"),
                    Event::Html(html) => panic!("{path}: {html}"),
                    Event::Start(Tag::Link { dest_url, .. }) => {
                        let ours = dest_url.starts_with("https://docs.aws.amazon.com/")
                            || dest_url.ends_with(".md")
                            || ["sonae.ics", "runbooks"].contains(&&*dest_url);
                        assert!(ours, "{path} leads to {dest_url}");
                    }
                    Event::Start(Tag::Image { dest_url, .. }) => panic!("{path} shows {dest_url}"),
                    Event::Start(Tag::Heading { .. } | Tag::BlockQuote(_) | Tag::Paragraph) => {}
                    Event::Start(Tag::TableHead) => (columns, cells) = (0, 0),
                    Event::End(pulldown_cmark::TagEnd::TableHead) => columns = cells,
                    Event::Start(Tag::TableRow) => cells = 0,
                    Event::End(pulldown_cmark::TagEnd::TableRow) => assert_eq!(cells, columns, "{path}"),
                    Event::Start(Tag::TableCell) => cells += 1,
                    _ => {}
                }
            }
            let headings = text.lines().filter(|line| line.contains("heading") && line.starts_with("# heading"));
            assert_eq!(headings.count(), 0, "{path}");
        }
    }
}

#[test]
fn names_are_words_of_the_shell() {
    let report = hostile(Language::En);
    let paper = Paper::new(&report).expect("our own texts");
    let rows = runbooks::rows(&paper);
    assert!(!rows.is_empty());
    let quoted = rows.iter().filter(|row| row.cli.contains("rm -rf"));
    let mut seen = 0;
    for row in quoted {
        seen += 1;
        // Within single quotes nothing is special but the quote, which leaves them and is escaped.
        assert!(row.cli.contains("''\\''; rm -rf / #$(id)`id`'"), "{}", row.cli);
    }
    assert!(seen > 0);
    for row in &rows {
        assert!(!row.cli.contains('\u{1b}'), "{}", row.cli);
    }
}

#[test]
fn names_of_files_stay_within_the_documents_and_differ() {
    let documents = render(&hostile(Language::Ja)).expect("the documents");
    let runbooks: Vec<&String> = documents.keys().filter(|path| path.starts_with("runbooks/mks/")).collect();
    assert_eq!(runbooks.len(), HOSTILE.len() * 4, "{runbooks:?}");
    for path in documents.keys() {
        assert!(path.split('/').all(|part| !part.is_empty() && part != "." && part != ".."), "{path}");
        let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || "-_./".contains(it);
        assert!(path.chars().all(plain), "{path}");
    }
}

#[test]
fn what_could_not_be_read_is_a_question_mark_with_its_reason() {
    let mut report = sample(Language::En);
    report.stores = vec![store("orders", "AWS::RDS::DBInstance")];
    let documents = render(&report).expect("the documents");
    let runbook = &documents["runbooks/mks/orders.md"];
    assert!(runbook.contains("| latest_restorable_time | ? (denied: rds:DescribeDBInstances) |"), "{runbook}");
    // Whether there is a time to go back to is not known, so both ways are shown.
    assert!(
        runbook.contains("restore-db-instance-to-point-in-time")
            && runbook.contains("restore-db-instance-from-db-snapshot")
    );
    assert!(runbook.contains("could not be seen (denied: rds:DescribeDBInstances)"), "{runbook}");
}

#[test]
fn a_type_without_a_template_says_so() {
    let mut report = sample(Language::En);
    report.stores = vec![store("ledger", "AWS::QLDB::Ledger")];
    let runbook = &render(&report).expect("the documents")["runbooks/mks/ledger.md"];
    assert!(runbook.contains("There is no template"), "{runbook}");
}

#[test]
fn a_report_without_workloads_has_documents_for_everything() {
    let mut report = sample(Language::En);
    report.workloads.retain(|workload| workload.name == "default");
    let documents = render(&report).expect("the documents");
    assert!(documents.contains_key("emergency-guide-default.md") && documents.contains_key("drill-default.md"));
}
