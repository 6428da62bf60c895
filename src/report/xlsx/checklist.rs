//! The development checklist. What Sonae says is locked, what people answer is open; nothing needs a password.

use std::borrow::Cow;
use std::collections::HashMap;

use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, RowNum, Url, Worksheet, XlsxError,
};

use super::table::{Cell, Column, Table};
use super::{Book, cell, findings, input, style};
use crate::assess::model::{AnswerStatus, ChecklistItem, Status};
use crate::report::words;

/// The place of the answer status among the columns.
const ANSWER: u16 = 6;
/// The places of days: due, answered on, next review.
const DAYS: [u16; 3] = [8, 13, 14];

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    let columns = vec![
        Column::new(book.column("no"), 6, 7),
        Column::new(book.column("category"), 12, 16),
        Column::new(book.column("item"), 26, 36),
        Column::new(book.column("supplement"), 26, 40),
        Column::new(book.column("verdict"), 11, 17),
        Column::new(book.column("counts"), 16, 22),
        Column::new(book.column("answer_status"), 12, 15).input(),
        Column::new(book.column("owner"), 12, 14).input(),
        Column::new(book.column("due"), 12, 12).input(),
        Column::new(book.column("answer"), 24, 34).input(),
        Column::new(book.column("comment"), 18, 24).input(),
        Column::new(book.column("evidence"), 18, 26).input(),
        Column::new(book.column("answered_by"), 10, 14).input(),
        Column::new(book.column("answered_at"), 12, 12).input(),
        Column::new(book.column("next_review"), 12, 12).input(),
        Column::new(book.column("workload"), 8, 12),
        Column::new(book.column("rule"), 10, 16),
    ];
    // The first row of a finding's id: items lead there.
    let mut rows: HashMap<&str, RowNum> = HashMap::with_capacity(book.report.findings.len());
    for (row, finding) in (findings::FIRST_ROW..).zip(&book.report.findings) {
        rows.entry(finding.id.as_str()).or_insert(row);
    }
    let titles: HashMap<&str, &str> =
        book.report.workloads.iter().map(|workload| (workload.name.as_str(), workload.title.as_str())).collect();
    let mut table = Table::begin(book, sheet, 0, columns)?.at_least(3);
    for item in &book.report.checklist {
        let first = item.findings.iter().filter_map(|id| rows.get(id.as_str())).min();
        table.row([
            match first {
                // Here and not on the counts: some programs do not wrap a text that is a link.
                Some(row) => Cell::NumberLink(u64::try_from(item.no).unwrap_or(0), findings_link(book, *row)),
                None => Cell::count(item.no),
            },
            Cell::text(&item.category_title),
            Cell::text(title(book, item, &titles)),
            Cell::text(&item.supplement),
            Cell::styled(words::status(book.words, item.verdict), book.styles.status(item.verdict)),
            Cell::text(counts(book, item)),
            Cell::styled(words::answer_status(book.words, item.answer_status), &book.styles.input_choice),
            Cell::styled(&item.owner, &book.styles.input),
            Cell::Date(item.due.as_str().into(), &book.styles.input_date),
            Cell::styled(&item.answer, &book.styles.input),
            Cell::styled(&item.comment, &book.styles.input),
            evidence(book, item),
            Cell::styled(&item.answered_by, &book.styles.input),
            Cell::Date(item.answered_at.as_str().into(), &book.styles.input_date),
            Cell::Date(item.next_review.as_str().into(), &book.styles.input_date),
            Cell::styled(&item.workload, &book.styles.code),
            Cell::styled(&item.rule, &book.styles.code),
        ])?;
    }
    let last = table.len();
    table.finish(3)?;
    if last > 0 {
        answers(book, sheet, last)?;
    }
    input::protect(sheet);
    Ok(())
}

/// The item, and for whom when it is asked once a workload.
pub(super) fn title<'i>(book: &Book<'_>, item: &'i ChecklistItem, titles: &HashMap<&str, &str>) -> Cow<'i, str> {
    if item.workload.is_empty() {
        return Cow::Borrowed(&item.item);
    }
    let name = item.workload.as_str();
    let workload = titles.get(name).copied().filter(|title| !title.is_empty()).unwrap_or(name);
    Cow::Owned(format!("{}\n{}", item.item, book.words.format("workbook", "line_for", &[("workload", workload)])))
}

/// One sentence, and the numbers when they say more than the verdict does.
fn counts(book: &Book<'_>, item: &ChecklistItem) -> String {
    let numbers = words::counts(book.words, &item.counts);
    match (item.verdict_text.is_empty(), item.question || numbers.is_empty()) {
        (false, true) => item.verdict_text.clone(),
        (false, false) => format!("{}\n{numbers}", item.verdict_text),
        (true, _) => numbers,
    }
}

fn findings_link(book: &Book<'_>, row: RowNum) -> Url {
    let sheet = book.words.get("sheet", "findings").replace('\'', "''");
    Url::new(format!("internal:'{sheet}'!A{}", row + 1)).set_tip(book.word("to_findings"))
}

/// The evidence. A cell leads to one place, so several pieces are text.
fn evidence<'a>(book: &'a Book<'_>, item: &'a ChecklistItem) -> Cell<'a> {
    if let [only] = item.evidence.as_slice()
        && let Some(url) = cell::web_address(only)
    {
        return Cell::Link(url, only.into(), &book.styles.input_link);
    }
    Cell::styled(item.evidence.join("\n"), &book.styles.input)
}

/// What people may enter, and colours that follow it.
fn answers(book: &Book<'_>, sheet: &mut Worksheet, last: RowNum) -> Result<(), XlsxError> {
    let choices = AnswerStatus::ALL.map(|status| words::answer_status(book.words, status));
    let choice = DataValidation::new()
        .allow_list_strings(&choices)?
        .set_input_message(book.word("answer_hint"))?
        .set_error_message(book.word("answer_error"))?;
    sheet.add_data_validation(1, ANSWER, last, ANSWER, &choice)?;
    for column in DAYS {
        input::days(book, sheet, column, (1, last))?;
    }
    for (answer, like) in [
        (AnswerStatus::Done, Status::Pass),
        (AnswerStatus::InProgress, Status::Manual),
        (AnswerStatus::NotApplicable, Status::NotApplicable),
    ] {
        let rule = ConditionalFormatCell::new()
            .set_rule(ConditionalFormatCellRule::EqualTo(words::answer_status(book.words, answer)))
            .set_format(style::tint(like));
        sheet.add_conditional_format(1, ANSWER, last, ANSWER, &rule)?;
    }
    Ok(())
}
