//! Reading a workbook that somebody's program wrote: within limits, cell by cell, as values and never as code.
//!
//! A formula counts as the value that the program kept beside it. Macros, links and whatever else a workbook carries are
//! not looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt;
use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Dimensions, Reader as _, Xlsx, XlsxError};
use jiff::civil::{Date, DateTime};

use crate::report::xlsx::layout;

/// What a workbook may unpack to.
const BYTES: u64 = 512 << 20;
/// How many parts it may have.
const PARTS: usize = 4_096;
/// How many cells of it are kept.
const CELLS: usize = 4_000_000;
/// In how many rows the head of a table is looked for.
pub(super) const HEAD_ROWS: u32 = 30;

/// Why a workbook cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// It is none.
    #[error("this is no Excel workbook (.xlsx)")]
    NotAWorkbook(#[source] zip::result::ZipError),
    /// Its parts cannot be unpacked.
    #[error("the workbook is damaged: {0} cannot be unpacked")]
    Damaged(String, #[source] std::io::Error),
    /// It would fill the memory.
    #[error("the workbook is too large: it unpacks to more than {} MiB, or has more than {PARTS} parts or {CELLS} cells", BYTES >> 20)]
    TooLarge,
    /// It is no workbook inside.
    #[error("the workbook is damaged: {0}")]
    Unreadable(String),
    /// The reader gave up on it.
    #[error("the workbook is damaged in a way that cannot be read")]
    Broken,
    /// It was written by a later version.
    #[error("the workbook was written by a newer Sonae (layout `{0}`): import it with that one")]
    Newer(String),
    /// It has none of the sheets.
    #[error(
        "the workbook has no sheet of a Sonae checklist: no row of headings names the rule and what people fill in"
    )]
    NoSheet,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    Text(String),
    Number(f64),
    /// A number that is shown as a percentage.
    Percent(f64),
    Bool(bool),
    Day(DateTime),
    /// A time without a day, or a day that there is not.
    OtherTime(f64),
    Error(String),
    /// A formula whose value nobody has worked out.
    Formula,
    /// Part of a merged cell other than its first.
    Merged,
}

/// A cell's place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The sheet.
    pub sheet: String,
    /// From zero.
    pub row: u32,
    /// From zero.
    pub column: u32,
}

impl fmt::Display for Place {
    /// `Checklist!H12`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = Vec::new();
        let mut rest = self.column + 1;
        while rest > 0 {
            rest -= 1;
            letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
            rest /= 26;
        }
        let letters: String = letters.iter().rev().collect();
        write!(formatter, "{}!{letters}{}", crate::report::visible::line(&self.sheet), self.row.saturating_add(1))
    }
}

/// The cells of a sheet that hold anything.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) rows: BTreeMap<u32, BTreeMap<u32, Content>>,
}

impl Sheet {
    pub(super) fn cell(&self, row: u32, column: u32) -> Option<&Content> {
        self.rows.get(&row)?.get(&column)
    }

    /// A cell as a text without white space around it; empty for anything that is no text.
    pub(super) fn text(&self, row: u32, column: u32) -> String {
        match self.cell(row, column) {
            Some(Content::Text(text)) => text.trim().to_owned(),
            Some(Content::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    pub(super) fn place(&self, row: u32, column: u32) -> Place {
        Place { sheet: self.name.clone(), row, column }
    }
}

/// A workbook.
#[derive(Debug, Default)]
pub(super) struct Workbook {
    /// The sheets, in their order; of those that no import reads, only the first rows.
    pub(super) sheets: Vec<Sheet>,
    /// The day on which a program saved it; none when nobody has since it was exported.
    pub(super) saved_on: Option<Date>,
}

/// Reads a workbook. `wanted` says by the first rows whether a sheet is read to its end.
pub(super) fn read(bytes: &[u8], wanted: &dyn Fn(&Sheet) -> bool) -> Result<Workbook, WorkbookError> {
    check_size(bytes, BYTES)?;
    // The reader is not ours, and a broken file is no reason to end in a panic.
    catch_unwind(AssertUnwindSafe(|| read_checked(bytes, wanted))).unwrap_or(Err(WorkbookError::Broken))
}

/// Unpacks every part once and keeps none: what an archive says of its own size is not to be trusted.
fn check_size(bytes: &[u8], limit: u64) -> Result<(), WorkbookError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(WorkbookError::NotAWorkbook)?;
    if archive.len() > PARTS {
        return Err(WorkbookError::TooLarge);
    }
    let mut left = limit;
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(WorkbookError::NotAWorkbook)?;
        let name = part.name().map(std::borrow::Cow::into_owned).unwrap_or_default();
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink())
            .map_err(|source| WorkbookError::Damaged(crate::report::visible::line(&name).into_owned(), source))?;
        left = left.checked_sub(unpacked).ok_or(WorkbookError::TooLarge)?;
    }
    Ok(())
}

fn read_checked(bytes: &[u8], wanted: &dyn Fn(&Sheet) -> bool) -> Result<Workbook, WorkbookError> {
    let mut file: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let mut workbook = Workbook { sheets: Vec::new(), saved_on: saved_on(&mut file) };
    let mut left = CELLS;
    for name in file.sheet_names() {
        // A sheet that holds a chart or a macro has no cells.
        let Ok(sheet) = cells(&mut file, &name, wanted, &mut left) else { continue };
        workbook.sheets.push(sheet?);
    }
    Ok(workbook)
}

/// The innermost cause: those around it say the same again.
fn unreadable(error: &XlsxError) -> WorkbookError {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    WorkbookError::Unreadable(cause.to_string())
}

fn saved_on(file: &mut Xlsx<Cursor<&[u8]>>) -> Option<Date> {
    let properties = file.workbook_properties().ok()?;
    let modified = properties.modified?;
    if properties.created.as_ref() == Some(&modified) {
        return None;
    }
    modified.get(..10)?.parse().ok()
}

/// The cells of a sheet. The outer error: it is no sheet of cells.
fn cells(
    file: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    wanted: &dyn Fn(&Sheet) -> bool,
    left: &mut usize,
) -> Result<Result<Sheet, WorkbookError>, ()> {
    let mut sheet = Sheet { name: name.to_owned(), rows: BTreeMap::new() };
    let mut whole = name == layout::MARKER;
    let mut reader = file.worksheet_cells_reader(name).map_err(|_| ())?;
    loop {
        let cell = match reader.next_cell_with_formula_metadata() {
            Ok(Some(cell)) => cell,
            Ok(None) => break,
            Err(problem) => return Ok(Err(unreadable(&problem))),
        };
        let (row, column) = cell.pos;
        if !whole && row >= HEAD_ROWS {
            if !wanted(&sheet) {
                return Ok(Ok(sheet));
            }
            whole = true;
        }
        let Some(content) = content(&cell.value, cell.formula.is_some()) else { continue };
        let Some(fewer) = left.checked_sub(1) else { return Ok(Err(WorkbookError::TooLarge)) };
        *left = fewer;
        sheet.rows.entry(row).or_default().insert(column, content);
    }
    drop(reader);
    if whole || wanted(&sheet) {
        percentages(file, &mut sheet);
        for merged in file.merge_cells_by_sheet_name(name).unwrap_or_default() {
            merge(&mut sheet, merged);
        }
    }
    Ok(Ok(sheet))
}

fn content(value: &DataRef<'_>, formula: bool) -> Option<Content> {
    Some(match value {
        DataRef::Empty if formula => Content::Formula,
        DataRef::Empty => return None,
        DataRef::Int(number) => Content::Number(*number as f64),
        DataRef::Float(number) => Content::Number(*number),
        DataRef::String(text) => text_content(text)?,
        DataRef::SharedString(text) => text_content(text)?,
        DataRef::Bool(value) => Content::Bool(*value),
        DataRef::DateTime(time) => {
            let serial = time.as_f64();
            match day(time.to_ymd_hms_milli()) {
                Some(day) if time.is_datetime() && serial >= 1.0 => Content::Day(day),
                _ => Content::OtherTime(serial),
            }
        }
        DataRef::DateTimeIso(text) => match text.parse().or_else(|_| text.parse::<Date>().map(Date::into)) {
            Ok(day) => Content::Day(day),
            Err(_) => Content::Text(text.clone()),
        },
        DataRef::DurationIso(text) => Content::Text(text.clone()),
        DataRef::Error(error) => Content::Error(error.to_string()),
    })
}

fn text_content(text: &str) -> Option<Content> {
    (!text.is_empty()).then(|| Content::Text(text.to_owned()))
}

fn day((year, month, day, hour, minute, second, _): (u16, u8, u8, u8, u8, u8, u16)) -> Option<DateTime> {
    let part = |number: u8| i8::try_from(number).ok();
    let (month, day, hour) = (part(month)?, part(day)?, part(hour)?);
    DateTime::new(i16::try_from(year).ok()?, month, day, hour, part(minute)?, part(second)?, 0).ok()
}

/// Marks numbers that are shown as percentages: what people see is 5%, and not 0.05.
fn percentages(file: &mut Xlsx<Cursor<&[u8]>>, sheet: &mut Sheet) {
    let Ok(mut reader) = file.worksheet_cells_reader(&sheet.name) else { return };
    let is_percent =
        |style: &calamine::Style| style.number_format.as_ref().is_some_and(|format| format.format_code.contains('%'));
    let percent: BTreeSet<usize> =
        reader.styles().iter().enumerate().filter(|(_, style)| is_percent(style)).map(|(id, _)| id).collect();
    if percent.is_empty() {
        return;
    }
    while let Ok(Some((cell, style))) = reader.next_cell_with_style_id() {
        let (row, column) = cell.get_position();
        if percent.contains(&style)
            && let Some(content) = sheet.rows.get_mut(&row).and_then(|row| row.get_mut(&column))
            && let Content::Number(number) = *content
        {
            *content = Content::Percent(number);
        }
    }
}

/// Marks what lies below a merged cell, as far as the table goes.
fn merge(sheet: &mut Sheet, merged: Dimensions) {
    let Some(last) = sheet.rows.keys().next_back().copied() else { return };
    // No table has more columns than this.
    let columns = merged.start.1..=merged.end.1.min(merged.start.1.saturating_add(200));
    for row in merged.start.0..=merged.end.0.min(last) {
        for column in columns.clone().filter(|column| (row, *column) != merged.start) {
            sheet.rows.entry(row).or_default().insert(column, Content::Merged);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn archive(parts: usize, bytes: usize) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for part in 0..parts {
            writer.start_file(format!("part{part}"), zip::write::SimpleFileOptions::default()).expect("a part");
            writer.write_all(&vec![0; bytes]).expect("the part");
        }
        writer.finish().expect("an archive").into_inner()
    }

    #[test]
    fn archives_unpack_within_limits() {
        let fits = archive(3, 1_000);
        assert!(check_size(&fits, 3_000).is_ok());
        assert!(matches!(check_size(&fits, 2_999), Err(WorkbookError::TooLarge)));
        assert!(matches!(check_size(&archive(PARTS + 1, 0), 1), Err(WorkbookError::TooLarge)));
        // What an archive says of its own size counts for nothing: here it says that the part is empty.
        let mut lies = archive(1, 1_000_000);
        let size = 1_000_000_u32.to_le_bytes();
        for place in 0..lies.len() - 4 {
            if lies[place..place + 4] == size {
                lies[place..place + 4].copy_from_slice(&[0; 4]);
            }
        }
        assert!(check_size(&lies, 100_000).is_err());
    }

    #[test]
    fn places_are_written_as_programs_write_them() {
        let place = |row, column| Place { sheet: "チェック".to_owned(), row, column }.to_string();
        assert_eq!(place(11, 7), "チェック!H12");
        assert_eq!(place(0, 26), "チェック!AA1");
        assert_eq!(place(1_048_575, 16_383), "チェック!XFD1048576");
    }

    #[test]
    fn days_and_times_are_told_apart() {
        use calamine::{ExcelDateTime, ExcelDateTimeType};
        let time = |serial, kind, is_1904| DataRef::DateTime(ExcelDateTime::new(serial, kind, is_1904));
        let day: DateTime = "2026-10-01T00:00:00".parse().expect("a day");
        assert_eq!(content(&time(46_296.0, ExcelDateTimeType::DateTime, false), false), Some(Content::Day(day)));
        // A Mac of old counts from 1904.
        assert_eq!(content(&time(44_834.0, ExcelDateTimeType::DateTime, true), false), Some(Content::Day(day)));
        assert_eq!(content(&time(0.0625, ExcelDateTimeType::DateTime, false), false), Some(Content::OtherTime(0.0625)));
        assert_eq!(content(&DataRef::DateTimeIso("2026-10-01".to_owned()), false), Some(Content::Day(day)));
        assert_eq!(content(&DataRef::Empty, true), Some(Content::Formula));
        assert_eq!(content(&DataRef::String(String::new()), false), None);
    }
}
