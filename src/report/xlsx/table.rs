//! Tables: a head, rows, widths that fit the text, and what makes a long table usable on screen and on paper.

use std::borrow::Cow;

use rust_xlsxwriter::{ColNum, Format, RowNum, Url, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use super::Book;
use super::cell;
use crate::report::visible;

/// What Excel holds in a sheet; one row is left for the remark that there are more.
const LAST_ROW: RowNum = 1_048_574;
/// What Excel holds in a sheet.
const LINKS: usize = 65_530;
/// The room that the button of a filter takes in the head.
const FILTER_COLUMNS: usize = 3;
/// The tallest row that Excel draws, in points.
const TALLEST: f64 = 409.0;

/// A column of a table.
pub(super) struct Column<'a> {
    title: &'a str,
    narrowest: usize,
    widest: usize,
    input: bool,
}

impl<'a> Column<'a> {
    /// A column as wide as its text, within bounds in half-width characters; longer text wraps.
    pub(super) const fn new(title: &'a str, narrowest: usize, widest: usize) -> Self {
        Self { title, narrowest, widest, input: false }
    }

    /// The same for people to fill in.
    pub(super) const fn input(self) -> Self {
        Self { input: true, ..self }
    }
}

/// What a cell shows.
pub(super) enum Cell<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// A text in a format of its own.
    Styled(Cow<'a, str>, &'a Format),
    /// A number.
    Number(u64),
    /// A number in a format of its own.
    Figure(u64, &'a Format),
    /// A number that leads somewhere.
    NumberLink(u64, Url),
    /// A day as YYYY-MM-DD, in the format for it.
    Date(Cow<'a, str>, &'a Format),
    /// A text that leads somewhere, in a format of its own.
    Link(Url, Cow<'a, str>, &'a Format),
}

impl<'a> Cell<'a> {
    /// A text.
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A text in a format of its own.
    pub(super) fn styled(text: impl Into<Cow<'a, str>>, format: &'a Format) -> Self {
        Self::Styled(text.into(), format)
    }

    /// A number.
    pub(super) fn count(count: usize) -> Self {
        Self::Number(u64::try_from(count).unwrap_or(u64::MAX))
    }

    fn text_of(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Styled(text, _) | Self::Link(_, text, _) => Some(text),
            Self::Number(_) | Self::Figure(..) | Self::NumberLink(..) | Self::Date(..) => None,
        }
    }
}

/// A table that is being written, from the top to the bottom.
pub(super) struct Table<'b, 'r, 's> {
    book: &'b Book<'r>,
    sheet: &'s mut Worksheet,
    head: RowNum,
    next: RowNum,
    columns: Vec<Column<'b>>,
    widths: Vec<usize>,
    lowest: usize,
    links: usize,
    left_out: usize,
}

impl<'b, 'r, 's> Table<'b, 'r, 's> {
    /// Writes the head.
    pub(super) fn begin(
        book: &'b Book<'r>,
        sheet: &'s mut Worksheet,
        head: RowNum,
        columns: Vec<Column<'b>>,
    ) -> Result<Self, XlsxError> {
        let widths: Vec<usize> = columns.iter().map(|column| head_width(column.title)).collect();
        // Large sheets are written as they come, so the height has to be known before the row. Text below may widen a
        // column, which only makes the head need less.
        let lines = columns.iter().zip(&widths).map(|(column, width)| {
            let room = (*width).clamp(column.narrowest, column.widest).saturating_sub(FILTER_COLUMNS);
            wrapped_lines(column.title, room)
        });
        sheet.set_row_height(head, row_height(book, lines.max().unwrap_or(1)))?;
        for (place, column) in (0..).zip(&columns) {
            let format = if column.input { &book.styles.header_input } else { &book.styles.header };
            cell::write_text(book, sheet, (head, place), column.title, format)?;
        }
        Ok(Self { book, sheet, head, next: head + 1, columns, widths, lowest: 1, links: 0, left_out: 0 })
    }

    /// Makes every row as high as that many lines, so that people have room to write.
    pub(super) fn at_least(mut self, lines: usize) -> Self {
        self.lowest = lines;
        self
    }

    /// The number of rows written below the head.
    pub(super) const fn len(&self) -> RowNum {
        self.next - self.head - 1
    }

    /// Writes a row. When the sheet is full, it is counted instead.
    pub(super) fn row<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) -> Result<(), XlsxError> {
        if self.next > LAST_ROW {
            self.left_out += 1;
            return Ok(());
        }
        let cells: Vec<Cell<'a>> = cells.into_iter().collect();
        let mut lines = self.lowest;
        for (column, content) in self.columns.iter().zip(&cells) {
            // A column ends up as wide as its widest line or, when that is wider, as wide as it may be. So it is only
            // at the latter width that text wraps, and the height is known before the width is.
            lines = lines.max(content.text_of().map_or(1, |text| wrapped_lines(text, column.widest)));
        }
        let height = row_height(self.book, lines);
        self.sheet.set_row_height(self.next, height)?;
        for (place, content) in (0..).zip(&cells) {
            self.cell(place, content)?;
        }
        self.next += 1;
        Ok(())
    }

    fn cell(&mut self, place: ColNum, content: &Cell<'_>) -> Result<(), XlsxError> {
        let (book, at) = (self.book, (self.next, place));
        let width = match content {
            Cell::Text(text) => {
                cell::write_text(book, self.sheet, at, text, &book.styles.text)?;
                widest_line(text)
            }
            Cell::Styled(text, format) => {
                cell::write_text(book, self.sheet, at, text, format)?;
                widest_line(text)
            }
            Cell::Number(number) => {
                self.number(at, *number, &book.styles.number)?;
                8
            }
            Cell::Figure(number, format) => {
                self.number(at, *number, format)?;
                8
            }
            Cell::NumberLink(number, url) => {
                if self.links < LINKS {
                    self.links += 1;
                    // The link stays when the number replaces its text.
                    self.sheet.write_url_with_format(at.0, at.1, url, &book.styles.number_link)?;
                    self.number(at, *number, &book.styles.number_link)?;
                } else {
                    self.number(at, *number, &book.styles.number)?;
                }
                8
            }
            Cell::Date(day, format) => {
                cell::write_date(book, self.sheet, at, day, format)?;
                11
            }
            Cell::Link(url, text, format) => {
                if self.links < LINKS {
                    self.links += 1;
                    let shown = cell::clean(text, book.word("truncated"));
                    self.sheet.write_url_with_format(at.0, at.1, url.clone().set_text(shown), format)?;
                } else {
                    cell::write_text(book, self.sheet, at, text, format)?;
                }
                widest_line(text)
            }
        };
        if let Some(widest) = self.widths.get_mut(usize::from(place)) {
            *widest = (*widest).max(width + 1);
        }
        Ok(())
    }

    fn number(&mut self, (row, column): (RowNum, ColNum), number: u64, format: &Format) -> Result<(), XlsxError> {
        // Beyond 2^53 the last digits would be lost; no count comes near it.
        #[allow(clippy::cast_precision_loss)]
        self.sheet.write_number_with_format(row, column, number as f64, format)?;
        Ok(())
    }

    /// Ends a table that is the sheet's only one: widths, filters, a head that stays on screen together with the first
    /// `frozen` columns and is repeated on every page.
    pub(super) fn finish(mut self, frozen: ColNum) -> Result<(), XlsxError> {
        let last_column = ColNum::try_from(self.columns.len()).unwrap_or(ColNum::MAX).saturating_sub(1);
        let last_row = self.next.saturating_sub(1).max(self.head);
        self.remark()?;
        self.sheet.autofilter(self.head, 0, last_row, last_column)?;
        self.sheet.set_freeze_panes(self.head + 1, frozen)?;
        self.sheet.set_repeat_rows(self.head, self.head)?;
        for (place, (column, width)) in (0..).zip(self.columns.iter().zip(&self.widths)) {
            let width = (*width).clamp(column.narrowest, column.widest);
            self.sheet.set_column_width(place, u32::try_from(width).unwrap_or(u32::MAX))?;
        }
        Ok(())
    }

    /// Ends a table that shares its sheet, and says where the next one may begin.
    pub(super) fn end(mut self) -> Result<RowNum, XlsxError> {
        self.remark()?;
        Ok(self.next + 1)
    }

    fn remark(&mut self) -> Result<(), XlsxError> {
        let (book, at) = (self.book, (self.next, 0));
        if self.left_out > 0 {
            let count = self.left_out.to_string();
            let remark = book.words.format("workbook", "more_rows", &[("n", &count)]);
            cell::write_text(book, self.sheet, at, &remark, &book.styles.text_plain)?;
            self.next += 1;
        } else if self.len() == 0 {
            cell::write_text(book, self.sheet, at, book.word("nothing"), &book.styles.text_plain)?;
            self.next += 1;
        }
        Ok(())
    }
}

/// What the head of a column needs at least: it may wrap, so half its width, but never less than its longest word.
fn head_width(title: &str) -> usize {
    let word = title.split_whitespace().map(UnicodeWidthStr::width).max().unwrap_or(0);
    title.width().div_ceil(2).max(word).max(4) + FILTER_COLUMNS
}

/// The height of that many lines in points. Rows get their heights here because only some programs work them out when
/// they open a file.
#[allow(clippy::cast_precision_loss)]
pub(super) fn row_height(book: &Book<'_>, lines: usize) -> f64 {
    (book.styles.line_height * lines as f64 + 3.0).min(TALLEST)
}

/// How many lines a text takes in a column of that width.
pub(super) fn wrapped_lines(text: &str, width: usize) -> usize {
    // Words do not break, and fonts that stand in for the right one are often wider: a line holds a little less.
    let room = width.saturating_mul(9).div_ceil(10).max(1);
    let lines = text.split('\n').take(60).map(|line| {
        let columns = line.width();
        if columns < width { 1 } else { columns.div_ceil(room) }
    });
    lines.sum()
}

/// The width of the widest line, as people see it.
fn widest_line(text: &str) -> usize {
    // The widest column is far narrower than this, so there is no need to measure more.
    text.lines().take(50).map(|line| visible::cut(line, 120).width()).max().unwrap_or(0)
}
