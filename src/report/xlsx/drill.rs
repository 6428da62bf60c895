//! The drill plan and report: a form for each workload, one below the other. An import finds its lines by workload and
//! id, so they may be sorted and filtered.

use rust_xlsxwriter::{DataValidation, DataValidationRule, ExcelDateTime, RowNum, Worksheet, XlsxError};

use super::table::{Cell, Column, Table};
use super::{Book, input};
use crate::report::documents::drill::{self, Entry, RESULTS};
use crate::report::documents::title;

/// The place of what is filled in among the columns.
const CONTENT: u16 = 2;
/// The places of the measurements.
const MEASURED: [u16; 2] = [4, 6];

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    let word = |key| book.paper.word(key);
    let columns = vec![
        Column::new(book.words.get("workbook", "workloads_column"), 18, 26),
        Column::new(word("field"), 20, 24),
        Column::new(word("content"), 44, 60).input(),
        Column::new(word("rto_objective"), 11, 12),
        Column::new(word("rto_measured"), 12, 14).input(),
        Column::new(word("rpo_objective"), 11, 12),
        Column::new(word("rpo_measured"), 12, 14).input(),
        Column::new(word("hint"), 30, 40),
        Column::new(book.column("workload"), 8, 12),
        Column::new(word("id"), 12, 16),
    ];
    let mut entries: Vec<Entry> = Vec::new();
    let mut forms: Vec<RowNum> = Vec::new();
    let mut table = Table::begin(book, sheet, 0, columns)?.at_least(2);
    for workload in book.paper.workloads() {
        forms.push(table.len() + 1);
        for line in drill::form(&book.paper, workload) {
            let content = match line.entry {
                Entry::Fixed => Cell::text(line.content.clone()),
                Entry::Date => Cell::Date(line.content.as_str().into(), &book.styles.input_date),
                Entry::Text => Cell::styled(line.content.clone(), &book.styles.input),
                Entry::Result | Entry::YesNo | Entry::Scope => {
                    Cell::styled(line.content.clone(), &book.styles.input_choice)
                }
            };
            let measured = || match line.entry {
                Entry::Scope => Cell::styled("", &book.styles.input),
                _ => Cell::text(""),
            };
            table.row([
                Cell::styled(title(workload), &book.styles.label),
                Cell::text(&line.label),
                content,
                Cell::text(&line.rto),
                measured(),
                Cell::text(&line.rpo),
                measured(),
                Cell::text(&line.hint),
                Cell::styled(&workload.name, &book.styles.code),
                Cell::styled(&line.key, &book.styles.code),
            ])?;
            entries.push(line.entry);
        }
    }
    table.finish(2)?;
    // A form a page. Excel takes up to 1,023 breaks; beyond that nobody prints them all.
    let breaks: Vec<RowNum> = forms.into_iter().skip(1).take(1_000).collect();
    if !breaks.is_empty() {
        sheet.set_page_breaks(&breaks)?;
    }
    for (entry, row) in entries.into_iter().zip(1..) {
        validate(book, sheet, entry, row)?;
    }
    input::protect(sheet);
    Ok(())
}

/// What people may enter in a line.
fn validate(book: &Book<'_>, sheet: &mut Worksheet, entry: Entry, row: RowNum) -> Result<(), XlsxError> {
    let word = |key| book.paper.word(key);
    let choice = |choices: &[&str]| {
        DataValidation::new()
            .allow_list_strings(choices)?
            .set_input_message(word("choice_hint"))?
            .set_error_message(word("choice_error"))
    };
    let yes_no = ["yes", "no"].map(|choice| book.words.get("drill_choice", choice));
    match entry {
        Entry::Fixed | Entry::Text => {}
        Entry::Date => {
            let (from, to) = (ExcelDateTime::from_ymd(2000, 1, 1)?, ExcelDateTime::from_ymd(2199, 12, 31)?);
            let day = DataValidation::new()
                .allow_date(DataValidationRule::Between(from, to))
                .set_input_message(word("date_hint"))?
                .set_error_message(word("date_error"))?;
            sheet.add_data_validation(row, CONTENT, row, CONTENT, &day)?;
        }
        Entry::Result => {
            let results = RESULTS.map(|result| book.words.get("drill_result", result));
            sheet.add_data_validation(row, CONTENT, row, CONTENT, &choice(&results)?)?;
        }
        Entry::YesNo => {
            sheet.add_data_validation(row, CONTENT, row, CONTENT, &choice(&yes_no)?)?;
        }
        Entry::Scope => {
            sheet.add_data_validation(row, CONTENT, row, CONTENT, &choice(&yes_no)?)?;
            let length = DataValidation::new().set_input_message(word("duration_hint"))?;
            for column in MEASURED {
                sheet.add_data_validation(row, column, row, column, &length)?;
            }
        }
    }
    Ok(())
}
