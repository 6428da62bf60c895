//! `checklist.xlsx`: the development checklist as a workbook, one file of this module a sheet.
//!
//! Whatever comes from accounts is hostile: it reaches cells only through [`cell`], as text and never as a formula.

mod cell;
mod checklist;
mod coverage;
mod deliverables;
pub(super) mod diff;
mod drill;
mod facts;
mod findings;
mod ftr;
mod guide;
mod input;
pub mod layout;
mod marker;
mod objectives;
mod recovery;
mod runbooks;
mod scenarios;
mod stores;
mod style;
mod summary;
mod table;
#[cfg(test)]
mod tests;
mod trusted_advisor;
mod viewpoints;
mod waivers;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use self::style::Styles;
use super::documents::Paper;
use super::messages::Messages;
use super::{ReportError, visible};
use crate::assess::model::Report;

/// The workbook, the last of its sheets hidden. The same model gives the same bytes.
///
/// # Errors
/// What the file format cannot hold; all texts are cut to its limits beforehand.
pub fn render(report: &Report) -> Result<Vec<u8>, ReportError> {
    type Sheet = for<'a> fn(&Book<'a>, &mut Worksheet) -> Result<(), XlsxError>;

    let words = Messages::of(report.language);
    let styles = Styles::new(report.language);
    let book = Book { report, words, styles, paper: Paper::new(report)? };
    let mut workbook = Workbook::new();
    // 64 pixels are the standard width of a column for fonts of this size.
    workbook.set_default_format(&book.styles.text_plain, style::ROW_PIXELS, 64)?;
    workbook.set_properties(&book.properties()?);
    let sheets: &[(&str, Sheet)] = &[
        ("summary", summary::write),
        ("checklist", checklist::write),
        ("facts", facts::write),
        ("findings", findings::write),
        ("objectives", objectives::write),
        ("recovery", recovery::write),
        ("stores", stores::write),
        ("ftr", ftr::write),
        ("trusted_advisor", trusted_advisor::write),
        ("waivers", waivers::write),
        ("coverage", coverage::write),
        ("viewpoints", viewpoints::write),
        ("deliverables", deliverables::write),
        ("runbooks", runbooks::write),
        ("scenarios", scenarios::write),
        ("guide", guide::write),
        ("drill", drill::write),
    ];
    for (key, write) in sheets {
        // What grows with the organisation goes to a temporary file row by row as it is written.
        let sheet = match *key {
            "findings" | "coverage" | "viewpoints" | "runbooks" | "scenarios" => {
                workbook.add_worksheet_with_low_memory()?
            }
            _ => workbook.add_worksheet(),
        };
        sheet.set_name(words.get("sheet", key))?;
        write(&book, sheet)?;
    }
    marker::write(&book, workbook.add_worksheet())?;
    Ok(workbook.save_to_buffer()?)
}

/// What every sheet needs.
struct Book<'r> {
    report: &'r Report,
    words: &'static Messages,
    styles: Styles,
    /// The content of the documents, which sheets show too.
    paper: Paper<'r>,
}

impl Book<'_> {
    /// A word of the workbook.
    fn word<'k>(&'k self, key: &'k str) -> &'k str {
        self.words.get("workbook", key)
    }

    /// The title of a column that other formats have too.
    fn column<'k>(&'k self, key: &'k str) -> &'k str {
        self.words.get("column", key)
    }

    fn properties(&self) -> Result<DocProperties, XlsxError> {
        let properties = DocProperties::new()
            .set_title(self.word("title"))
            .set_company(visible::line(&self.report.organization))
            .set_author(format!("Sonae {}", visible::line(&self.report.sonae)));
        // The library would take the present time; the time of the snapshot makes the file reproducible. A time that
        // Excel cannot hold is no reason to refuse the report.
        let created = ExcelDateTime::from_timestamp(self.report.generated_at.as_second())
            .or_else(|_| ExcelDateTime::from_ymd(1980, 1, 1))?;
        Ok(properties.set_creation_datetime(&created))
    }

    /// How every sheet is printed: A4, as many pages high as it takes, one page wide.
    fn page(&self, sheet: &mut Worksheet) {
        let organization = cell::header_text(&self.report.organization);
        let taken_at = cell::header_text(&time(self.report.snapshot.taken_at));
        let program = cell::header_text(&self.report.sonae);
        sheet
            .set_paper_size(9)
            .set_landscape()
            .set_print_fit_to_pages(1, 0)
            .set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3)
            .set_header(format!("&L&9{}&R&9{organization}  {taken_at}", cell::header_text(self.word("title"))))
            .set_footer(format!("&L&9&A&C&9&P / &N&R&9Sonae {program}"));
    }
}

/// A time for people, in UTC.
fn time(timestamp: jiff::Timestamp) -> String {
    timestamp.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
