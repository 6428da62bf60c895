//! Our verdicts next to Trusted Advisor's.

use std::collections::HashMap;

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::Book;
use super::table::{Cell, Column, Table};
use crate::assess::model::{Counts, Finding, Status, TrustedAdvisorResult};
use crate::report::words;

/// How many resources are named before the rest is only counted.
const NAMED: usize = 20;

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    let columns = vec![
        Column::new(book.column("account"), 14, 15),
        Column::new(book.word("check"), 24, 36),
        Column::new(book.word("our_verdict"), 12, 15),
        Column::new(book.word("their_verdict"), 14, 18),
        Column::new(book.word("disagreements"), 18, 44),
        Column::new(book.word("our_counts"), 18, 34),
        Column::new(book.word("processed"), 10, 14),
        Column::new(book.word("flagged"), 10, 14),
        Column::new(book.word("refreshed"), 12, 22),
        Column::new(book.word("rules"), 16, 30),
        Column::new(book.word("notes"), 20, 44),
    ];
    let mut counts: HashMap<(&str, &str), Counts> = HashMap::new();
    let mut findings: HashMap<&str, &Finding> = HashMap::with_capacity(book.report.findings.len());
    for finding in &book.report.findings {
        let of_rule = counts.entry((finding.account.as_str(), finding.rule.as_str())).or_default();
        *of_rule.entry(finding.status).or_default() += 1;
        findings.entry(finding.id.as_str()).or_insert(finding);
    }
    let mut table = Table::begin(book, sheet, 0, columns)?;
    for result in &book.report.trusted_advisor {
        let mut ours = Counts::new();
        for rule in &result.rules {
            for (status, count) in counts.get(&(result.account.as_str(), rule.as_str())).into_iter().flatten() {
                *ours.entry(*status).or_default() += count;
            }
        }
        let verdict = Status::ALL.into_iter().find(|status| ours.contains_key(status));
        let disagreements = disagreements(book, result, &findings);
        let disagreement_format = if disagreements.is_empty() { &book.styles.text } else { &book.styles.warning };
        let (status, status_format) = theirs(book, &result.status);
        table.row([
            Cell::text(&result.account),
            Cell::text(format!("{}\n{}", result.name, result.check)),
            match verdict {
                Some(verdict) => Cell::styled(words::status(book.words, verdict), book.styles.status(verdict)),
                None => Cell::styled("–", &book.styles.centre),
            },
            Cell::styled(status, status_format),
            Cell::styled(disagreements, disagreement_format),
            Cell::text(words::counts(book.words, &ours)),
            number(result.processed),
            number(result.flagged),
            Cell::text(&result.refreshed),
            Cell::text(result.rules.join("\n")),
            Cell::text(&result.note),
        ])?;
    }
    table.finish(2)
}

/// Trusted Advisor's word in the language of the report, in the colour of our verdict that comes closest.
fn theirs<'b>(book: &'b Book<'_>, status: &'b str) -> (&'b str, &'b Format) {
    let (key, like) = match status {
        "ok" => ("ok", Status::Pass),
        "error" => ("error", Status::Fail),
        "warning" => ("warning", Status::Unknown),
        "" => ("unread", Status::NotApplicable),
        other => (other, Status::NotApplicable),
    };
    (book.words.get("trusted_advisor_status", key), book.styles.status(like))
}

fn disagreements(book: &Book<'_>, result: &TrustedAdvisorResult, findings: &HashMap<&str, &Finding>) -> String {
    if result.disagreements.is_empty() {
        return String::new();
    }
    let mut lines = vec![format!("{} ({})", book.word("disagrees"), result.disagreements.len())];
    for id in result.disagreements.iter().take(NAMED) {
        lines.push(match findings.get(id.as_str()) {
            Some(finding) => {
                let name = if finding.name.is_empty() { &finding.resource } else { &finding.name };
                format!("{} {name}", words::status(book.words, finding.status))
            }
            None => id.clone(),
        });
    }
    let more = result.disagreements.len().saturating_sub(NAMED);
    if more > 0 {
        lines.push(book.words.format("workbook", "more", &[("n", &more.to_string())]));
    }
    lines.join("\n")
}

fn number(number: Option<i64>) -> Cell<'static> {
    match number.and_then(|number| u64::try_from(number).ok()) {
        Some(number) => Cell::Number(number),
        // Not read is not zero.
        None => Cell::text("?"),
    }
}
