//! The facts that questions ask for besides an answer in words: a row for each question, workload and fact.

use std::collections::HashMap;

use rust_xlsxwriter::{DataValidation, DataValidationRule, RowNum, Worksheet, XlsxError};

use super::table::{Cell, Column, Table};
use super::{Book, checklist, input, layout};
use crate::assess::model::Fact;

/// The place of the value among the columns.
const VALUE: u16 = 4;

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    let columns = vec![
        Column::new(book.column("no"), 6, 7),
        Column::new(book.column("item"), 30, 48),
        Column::new(book.column("fact"), 24, 40),
        Column::new(book.column("form"), 16, 28),
        Column::new(book.column("value"), 20, 36).input(),
        Column::new(book.column("workload"), 8, 14),
        Column::new(book.column("rule"), 10, 24),
        Column::new(book.column("fact_id"), 10, 20),
    ];
    let titles: HashMap<&str, &str> =
        book.report.workloads.iter().map(|workload| (workload.name.as_str(), workload.title.as_str())).collect();
    let mut table = Table::begin(book, sheet, 0, columns)?;
    let mut forms: Vec<(RowNum, &Fact)> = Vec::new();
    for item in &book.report.checklist {
        for fact in &item.facts {
            let text = layout::fact_text(&fact.value);
            table.row([
                Cell::count(item.no),
                Cell::text(checklist::title(book, item, &titles)),
                Cell::text(&fact.title),
                Cell::text(book.words.get("fact_form", &fact.form)),
                match fact.form.as_str() {
                    "timestamp" => Cell::Date(text.into(), &book.styles.input_date),
                    "bool" => Cell::styled(yes_no(book, &text).to_owned(), &book.styles.input_choice),
                    "int" => match fact.value.as_u64() {
                        Some(number) => Cell::Figure(number, &book.styles.input_number),
                        None => Cell::styled(text, &book.styles.input_number),
                    },
                    _ => Cell::styled(text, &book.styles.input),
                },
                Cell::styled(&item.workload, &book.styles.code),
                Cell::styled(&item.rule, &book.styles.code),
                Cell::styled(&fact.name, &book.styles.code),
            ])?;
            forms.push((table.len(), fact));
        }
    }
    table.finish(3)?;
    for (row, fact) in forms {
        validate(book, sheet, row, &fact.form)?;
    }
    input::protect(sheet);
    Ok(())
}

fn yes_no<'b>(book: &'b Book<'_>, text: &'b str) -> &'b str {
    match text {
        "true" => book.words.get("fact_value", "yes"),
        "false" => book.words.get("fact_value", "no"),
        other => other,
    }
}

/// What a cell takes. Lists and lengths of time have a form that no program can check; the column before says it.
fn validate(book: &Book<'_>, sheet: &mut Worksheet, row: RowNum, form: &str) -> Result<(), XlsxError> {
    let allowed = match form {
        "timestamp" => return input::days(book, sheet, VALUE, (row, row)),
        "bool" => DataValidation::new()
            .allow_list_strings(&[book.words.get("fact_value", "yes"), book.words.get("fact_value", "no")])?
            .set_input_message(book.word("answer_hint"))?
            .set_error_message(book.word("list_error"))?,
        "int" => DataValidation::new()
            .allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0))
            .set_error_message(book.words.get("fact_form", "int"))?,
        _ => return Ok(()),
    };
    sheet.add_data_validation(row, VALUE, row, VALUE, &allowed)?;
    Ok(())
}
