//! What sheets that people fill in have in common.

use rust_xlsxwriter::{
    ColNum, DataValidation, DataValidationRule, ExcelDateTime, Formula, ProtectionOptions, RowNum, Worksheet, XlsxError,
};

use super::{Book, layout, marker};

/// Lets a column take days only.
pub(super) fn days(
    book: &Book<'_>,
    sheet: &mut Worksheet,
    column: ColNum,
    (first, last): (RowNum, RowNum),
) -> Result<(), XlsxError> {
    let (from, to) = (ExcelDateTime::from_ymd(2000, 1, 1)?, ExcelDateTime::from_ymd(2199, 12, 31)?);
    let day = DataValidation::new()
        .allow_date(DataValidationRule::Between(from, to))
        .set_input_message(book.word("due_hint"))?
        .set_error_message(book.word("due_error"))?;
    sheet.add_data_validation(first, column, last, column, &day)?;
    Ok(())
}

/// Lets a column take the items of a list on the hidden sheet.
pub(super) fn listed(
    book: &Book<'_>,
    sheet: &mut Worksheet,
    column: ColNum,
    (first, last): (RowNum, RowNum),
    list: (ColNum, usize),
) -> Result<(), XlsxError> {
    if list.1 == 0 {
        return Ok(());
    }
    let letter = marker::letter(list.0);
    let range = format!("='{}'!${letter}$1:${letter}${}", layout::MARKER, list.1);
    let choice = DataValidation::new()
        .allow_list_formula(Formula::new(range))
        .set_input_message(book.word("answer_hint"))?
        .set_error_message(book.word("list_error"))?;
    sheet.add_data_validation(first, column, last, column, &choice)?;
    Ok(())
}

/// Locks what nobody is to write over. Nothing needs a password.
pub(super) fn protect(sheet: &mut Worksheet) {
    sheet.protect_with_options(&ProtectionOptions {
        sort: true,
        use_autofilter: true,
        // Without these nobody could make room for what they write, or link what proves it.
        format_columns: true,
        format_rows: true,
        insert_links: true,
        ..ProtectionOptions::new()
    });
}
