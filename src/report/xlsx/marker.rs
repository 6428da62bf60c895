//! The hidden sheet by which a later import recognises the workbook.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{Book, cell};
use crate::model::Language;

/// The name of the sheet, the same in both languages.
const NAME: &str = "_sonae";
/// The layout of the checklist sheet; a change that an import must know changes the number.
const SCHEMA: &str = "sonae.workbook/1";

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name(NAME)?.set_hidden(true);
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
    ];
    for (row, (name, value)) in (0..).zip(lines) {
        cell::write_text(book, sheet, (row, 0), name, &book.styles.text_plain)?;
        cell::write_text(book, sheet, (row, 1), value, &book.styles.text_plain)?;
    }
    Ok(())
}
