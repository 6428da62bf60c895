//! Texts in cells: the only way in. Nothing here writes a formula.

use std::borrow::Cow;

use rust_xlsxwriter::{ColNum, ExcelDateTime, Format, RowNum, Url, Worksheet, XlsxError};

use super::Book;
use crate::report::visible;

/// What Excel holds in a cell, in UTF-16 units.
const CELL_UNITS: usize = 32_767;
/// What Excel holds in a cell in lines.
const CELL_LINES: usize = 253;
/// What Excel holds in an address, in UTF-16 units.
const URL_UNITS: usize = 2_079;

/// Writes a text. Excel's limits cut it, with a remark at the end.
pub(super) fn write_text(
    book: &Book<'_>,
    sheet: &mut Worksheet,
    (row, column): (RowNum, ColNum),
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let text = clean(text, book.word("truncated"));
    // The text is stored as text either way. The prefix keeps it so when somebody edits the cell or saves as CSV.
    if text.starts_with(['=', '+', '-', '@', '\'', '\t']) {
        sheet.write_string_with_format(row, column, text, &format.clone().set_quote_prefix())?;
    } else {
        sheet.write_string_with_format(row, column, text, format)?;
    }
    Ok(())
}

/// Writes a day given as YYYY-MM-DD as a date that filters and sorts; anything else as text.
pub(super) fn write_date(
    book: &Book<'_>,
    sheet: &mut Worksheet,
    place: (RowNum, ColNum),
    day: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    match date(day) {
        Some(date) => {
            sheet.write_datetime_with_format(place.0, place.1, &date, format)?;
            Ok(())
        }
        None => write_text(book, sheet, place, day, format),
    }
}

fn date(day: &str) -> Option<ExcelDateTime> {
    let day: jiff::civil::Date = day.parse().ok()?;
    let (year, month, day) =
        (u16::try_from(day.year()).ok()?, u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    ExcelDateTime::from_ymd(year, month, day).ok()
}

/// The text as a cell can hold it: control characters written out, at most as long as Excel allows.
pub(super) fn clean<'t>(text: &'t str, remark: &str) -> Cow<'t, str> {
    let text = visible::lines(text);
    let too_long = text.len() > CELL_UNITS && text.encode_utf16().count() > CELL_UNITS;
    if !too_long && text.matches('\n').count() < CELL_LINES {
        return text;
    }
    let mut room = CELL_UNITS - remark.encode_utf16().count() - 1;
    let mut lines_left = CELL_LINES - 2;
    let mut kept = String::new();
    for character in text.chars() {
        let ends_here = character == '\n' && lines_left == 0;
        if ends_here || character.len_utf16() > room {
            break;
        }
        room -= character.len_utf16();
        lines_left -= usize::from(character == '\n');
        kept.push(character);
    }
    Cow::Owned(format!("{kept}\n{remark}"))
}

/// The address behind a text, when it is one that a browser opens: `http` or `https`, nothing else, and short enough.
pub(super) fn web_address(text: &str) -> Option<Url> {
    let text = text.trim();
    let is_web = ["http://", "https://"].iter().any(|scheme| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)) && text.len() > scheme.len()
    });
    // White space, quotes and the like never belong in an address; they would be a way out of it.
    let odd = |character: char| character.is_whitespace() || matches!(character, '"' | '<' | '>' | '\\' | '`');
    // Escaping makes three units of one, so the limit must hold for the longest form.
    let escaped: usize = text.chars().map(|character| if character == '%' { 3 } else { character.len_utf16() }).sum();
    (is_web && !text.contains(odd) && visible::line(text) == text && escaped <= URL_UNITS).then(|| Url::new(text))
}

/// A text for headers and footers of pages, where `&` begins a command, cut to fit.
pub(super) fn header_text(text: &str) -> String {
    visible::cut(&visible::prose(text), 60).replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_with_a_remark() {
        for text in ["あ".repeat(40_000), "🪣".repeat(20_000), "line\n".repeat(9_000)] {
            let cut = clean(&text, "… more");
            assert!(cut.encode_utf16().count() <= CELL_UNITS);
            assert!(cut.matches('\n').count() < CELL_LINES);
            assert!(cut.ends_with("\n… more"));
        }
        assert_eq!(clean(&"x".repeat(CELL_UNITS), "…").len(), CELL_UNITS);
        assert_eq!(clean("a\u{1b}b\nc", "…"), "a\\x1bb\nc");
    }

    #[test]
    fn only_web_addresses_become_links() {
        for good in ["https://wiki.example.com/訓練?year=2026#plan", "HTTP://x", " https://x.example/a%20b "] {
            assert!(web_address(good).is_some(), "{good}");
        }
        let long = format!("https://x/{}", "a".repeat(2_070));
        for bad in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "internal:Summary!A1",
            "mailto:a@example.com",
            "https://",
            "https://x/\" onclick",
            "https://x/\u{202e}",
            "evidence.pdf",
            &long,
        ] {
            assert!(web_address(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn only_real_days_are_dates() {
        assert!(date("2026-03-31").is_some());
        for text in ["", "2026-02-30", "soon", "1800-01-01", "-000001-01-01"] {
            assert!(date(text).is_none(), "{text}");
        }
    }

    #[test]
    fn commands_of_headers_are_text() {
        assert_eq!(header_text("A & B\n&P"), "A && B &&P");
    }
}
