//! Every verdict on every resource, what passed too.

use std::borrow::Cow;
use std::collections::HashMap;

use rust_xlsxwriter::{Format, RowNum, Worksheet, XlsxError};

use super::Book;
use super::table::{Cell, Column, Table};
use crate::assess::model::{Finding, RuleInfo, Served, Since, Status};
use crate::report::words;

/// The row of the first finding: the checklist leads here.
pub(super) const FIRST_ROW: RowNum = 1;
/// The last column that is printed: the waiver.
const LAST_PRINTED: u16 = 16;
/// How many values of the evidence are shown before the rest is only counted.
const VALUES: usize = 40;

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    // Twice the width of the checklist needs twice the paper: A3.
    sheet.set_paper_size(8);
    let mut columns = vec![
        Column::new(book.column("verdict"), 11, 17),
        Column::new(book.column("severity"), 9, 11),
        Column::new(book.column("category"), 10, 16),
        Column::new(book.column("rule"), 14, 24),
        Column::new(book.column("account"), 14, 14),
        Column::new(book.column("region"), 12, 16),
        Column::new(book.column("resource_type"), 14, 24),
        Column::new(book.column("resource"), 14, 28),
        Column::new(book.column("name"), 10, 24),
        Column::new(book.column("workload"), 10, 14),
        Column::new(book.column("reason"), 30, 44),
        Column::new(book.column("serves"), 16, 28),
        Column::new(book.column("evidence"), 20, 34),
        Column::new(book.column("remediation"), 20, 36),
        Column::new(book.word("cli"), 16, 36),
        Column::new(book.column("second_opinions"), 14, 28),
        Column::new(book.column("waiver"), 12, 26),
        Column::new(book.column("arn"), 20, 44),
        Column::new(book.column("finding"), 14, 34),
    ];
    let compared = book.report.baseline.is_some();
    if compared {
        columns.push(Column::new(book.words.get("diff", "baseline"), 12, 16));
    }
    let categories: HashMap<&str, &str> =
        book.report.summary.by_category.iter().map(|group| (group.key.as_str(), group.title.as_str())).collect();
    let mut table = Table::begin(book, sheet, FIRST_ROW - 1, columns)?;
    for finding in &book.report.findings {
        let category = categories.get(finding.category.as_str()).unwrap_or(&finding.category.as_str()).to_owned();
        // What passed needs no mending; leaving it out keeps the sheet readable.
        let rule = mendable(finding.status).then(|| book.report.rules.get(&finding.rule)).flatten();
        let field = |text: fn(&RuleInfo) -> &String| rule.map_or("", |rule| text(rule).as_str());
        let disagrees = finding.second_opinions.iter().any(|opinion| opinion.agrees == Some(false));
        let since = compared.then(|| {
            let new = if finding.baseline == Some(Since::New) { &book.styles.warning } else { &book.styles.centre };
            Cell::styled(words::since(book.words, finding.baseline), new)
        });
        let cells = [
            Cell::styled(words::status(book.words, finding.status), book.styles.status(finding.status)),
            Cell::styled(words::severity(book.words, finding.severity), severity_format(book, finding)),
            Cell::text(category),
            Cell::text(&finding.rule),
            Cell::text(&finding.account),
            Cell::text(&finding.region),
            Cell::text(&finding.resource_type),
            Cell::text(&finding.resource),
            // A name that says the same as the id says nothing.
            Cell::text(if finding.name == finding.resource { "" } else { finding.name.as_str() }),
            Cell::text(&finding.workload),
            Cell::text(&finding.reason),
            Cell::text(serves(book, finding)),
            Cell::text(evidence(book, finding)),
            Cell::text(field(|rule| &rule.remediation)),
            Cell::styled(field(|rule| &rule.cli), &book.styles.code),
            Cell::styled(opinions(book, finding), if disagrees { &book.styles.warning } else { &book.styles.text }),
            Cell::text(waiver(book, finding)),
            Cell::styled(&finding.arn, &book.styles.code),
            Cell::styled(&finding.id, &book.styles.code),
        ];
        table.row(cells.into_iter().chain(since))?;
    }
    let last = table.len().max(1);
    table.finish(4)?;
    // ARNs and ids are for programs; without them the rest is larger on paper.
    sheet.set_print_area(FIRST_ROW - 1, 0, last, LAST_PRINTED)?;
    Ok(())
}

const fn mendable(status: Status) -> bool {
    matches!(status, Status::Fail | Status::Manual | Status::Waived)
}

/// The severity stands out where there is something to do; on what passed it would only shout.
fn severity_format<'b>(book: &'b Book<'_>, finding: &Finding) -> &'b Format {
    match finding.status {
        Status::Fail | Status::Unknown | Status::Manual => book.styles.severity(finding.severity),
        Status::Pass | Status::NotApplicable | Status::Waived => &book.styles.centre,
    }
}

/// The objectives that the rule serves, with what the workload declares.
fn serves(book: &Book<'_>, finding: &Finding) -> String {
    let undeclared = book.words.get("page", "undeclared");
    let line = |served: &Served| format!("{}: {}", served.title, served.value.as_deref().unwrap_or(undeclared));
    finding.serves.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn evidence(book: &Book<'_>, finding: &Finding) -> String {
    let mut lines: Vec<String> =
        finding.evidence.lines().take(VALUES).map(|(name, value)| format!("{name}: {value}")).collect();
    let more = finding.evidence.0.len().saturating_sub(VALUES);
    if more > 0 {
        lines.push(book.words.format("workbook", "more", &[("n", &more.to_string())]));
    }
    lines.join("\n")
}

fn opinions(book: &Book<'_>, finding: &Finding) -> String {
    let lines = finding.second_opinions.iter().map(|opinion| {
        let source = book.words.get("framework", &opinion.source);
        let status = match opinion.source.as_str() {
            "trusted_advisor" => book.words.get("trusted_advisor_status", &opinion.status),
            _ => opinion.status.as_str(),
        };
        let mark = match opinion.agrees {
            Some(true) => format!(" ({})", book.word("agrees")),
            Some(false) => format!(" {}", book.word("disagrees")),
            None => String::new(),
        };
        format!("{source} {}: {status}{mark}", opinion.check)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn waiver<'f>(book: &Book<'_>, finding: &'f Finding) -> Cow<'f, str> {
    let Some(waiver) = &finding.waiver else { return Cow::Borrowed("") };
    let until = book.words.format("workbook", "until", &[("date", &waiver.expires)]);
    let approver = book.word("approver");
    Cow::Owned(format!("{}\n{approver}: {}\n{until}", waiver.reason, waiver.approver))
}
