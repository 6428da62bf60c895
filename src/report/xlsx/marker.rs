//! The hidden sheet by which an import recognises the workbook, and with which it tells what people entered from what
//! changed in the files meanwhile: it holds what every cell that people fill in held.

use rust_xlsxwriter::{ColNum, Worksheet, XlsxError};

use super::layout::{ANSWER, ARCHITECTURE, CHECKLIST_INPUTS, FACT, MARKER, RECORDED, SCHEMA, WAIVER};
use super::{Book, cell, layout};
use crate::assess::model::{ChecklistItem, Report};
use crate::model::Language;

/// The column with all rules, for lists to choose from.
pub(super) const RULES: ColNum = 6;
/// The column with all workloads.
pub(super) const WORKLOADS: ColNum = 7;

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name(MARKER)?.set_hidden(true);
    let report = book.report;
    let language = match report.language {
        Language::Ja => "ja",
        Language::En => "en",
    };
    let lines = [
        ("schema", SCHEMA),
        ("report", &report.schema),
        ("digest", &report.snapshot.digest),
        ("language", language),
        ("sonae", &report.sonae),
        ("checklist", book.words.get("sheet", "checklist")),
        ("facts", book.words.get("sheet", "facts")),
        ("waivers", book.words.get("sheet", "waivers")),
    ];
    let mut rows = lines.map(|(name, value)| vec![name.to_owned(), value.to_owned()]).to_vec();
    rows.extend(base(report));
    for (row, texts) in (0..).zip(&rows) {
        for (column, text) in (0..).zip(texts) {
            if !text.is_empty() {
                cell::write_text(book, sheet, (row, column), text, &book.styles.text_plain)?;
            }
        }
    }
    let workloads = report.workloads.iter().map(|workload| workload.name.as_str());
    for (row, rule) in (0..).zip(report.rules.keys()) {
        cell::write_text(book, sheet, (row, RULES), rule, &book.styles.text_plain)?;
    }
    for (row, workload) in (0..).zip(workloads) {
        cell::write_text(book, sheet, (row, WORKLOADS), workload, &book.styles.text_plain)?;
    }
    Ok(())
}

/// What the cells hold: kind, rule or waiver, workload, field, value. Empty cells are left out, but the status of a line
/// is always there and says that the line was.
fn base(report: &Report) -> Vec<Vec<String>> {
    let line = |kind: &str, id: &str, workload: &str, field: &str, value: &str| {
        [kind, id, workload, field, value].map(str::to_owned).to_vec()
    };
    let mut lines = Vec::new();
    for item in &report.checklist {
        let recorded = item.recorded_status.map_or("", layout::status_key);
        let cells = CHECKLIST_INPUTS.iter().map(|(key, _)| (*key, text(item, key)));
        for (field, value) in cells.chain([(RECORDED, recorded.to_owned())]) {
            if !value.is_empty() {
                lines.push(line(ANSWER, &item.rule, &item.workload, field, &value));
            }
        }
        for fact in item.facts.iter().filter(|fact| !fact.value.is_null()) {
            let field = format!("{FACT}{}", fact.name);
            lines.push(line(ANSWER, &item.rule, &item.workload, &field, &layout::fact_text(&fact.value)));
        }
    }
    let ids = layout::waiver_ids(report.waivers.iter().map(|waiver| (waiver.rule.as_str(), &waiver.covers)));
    for (id, waiver) in ids.iter().zip(&report.waivers) {
        let values = [
            ("reason", &waiver.reason),
            ("owner", &waiver.owner),
            ("approver", &waiver.approver),
            ("expires", &waiver.expires),
        ];
        lines.extend(values.map(|(field, value)| line(WAIVER, id, "", field, value)));
    }
    let known = report.workloads.iter().filter(|workload| !workload.architecture.is_empty());
    lines.extend(known.map(|workload| line(ARCHITECTURE, "", &workload.name, "", &workload.architecture)));
    lines
}

/// What the checklist shows of a line under that key of the answers file.
pub(super) fn text(item: &ChecklistItem, key: &str) -> String {
    match key {
        "status" => layout::status_key(item.answer_status).to_owned(),
        "owner" => item.owner.clone(),
        "due" => item.due.clone(),
        "text" => item.answer.clone(),
        "comment" => item.comment.clone(),
        "evidence" => item.evidence.join("\n"),
        "answered_by" => item.answered_by.clone(),
        "answered_at" => item.answered_at.clone(),
        "next_review" => item.next_review.clone(),
        _ => String::new(),
    }
}

/// The letter of a column among the first.
pub(super) fn letter(column: ColNum) -> char {
    char::from(b'A' + u8::try_from(column).unwrap_or(0))
}
