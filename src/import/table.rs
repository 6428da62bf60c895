//! Finding tables and their columns by what their heads say, in either language, wherever somebody moved them.

use std::collections::HashMap;

use super::value;
use super::workbook::{Content, HEAD_ROWS, Place, Sheet, Workbook};
use crate::model::Language;
use crate::report::messages::Messages;
use crate::report::xlsx::layout::Title;

/// By what a sheet is recognised.
pub(super) struct Spec {
    /// Its key among the names of sheets.
    pub(super) key: &'static str,
    /// Columns that it must have.
    pub(super) needed: &'static [Title],
    /// Columns of which it must have one.
    pub(super) any: &'static [Title],
}

/// A table.
pub(super) struct Table<'s> {
    pub(super) sheet: &'s Sheet,
    head: u32,
    columns: HashMap<String, u32>,
}

impl<'s> Table<'s> {
    /// The table of a sheet: the first row that has the columns.
    pub(super) fn of(sheet: &'s Sheet, spec: &Spec) -> Option<Self> {
        sheet.rows.range(..HEAD_ROWS).find_map(|(row, cells)| {
            let mut columns = HashMap::new();
            for (column, content) in cells {
                if let Content::Text(text) = content {
                    // Of two columns with one title, the first counts.
                    columns.entry(folded(text)).or_insert(*column);
                }
            }
            let table = Table { sheet, head: *row, columns };
            let all = spec.needed.iter().all(|title| table.column(*title).is_some());
            let some = spec.any.iter().any(|title| table.column(*title).is_some());
            (all && some).then_some(table)
        })
    }

    /// Where a column stands.
    pub(super) fn column(&self, (group, key): Title) -> Option<u32> {
        [Language::Ja, Language::En]
            .into_iter()
            .find_map(|language| self.columns.get(&folded(Messages::of(language).get(group, key))).copied())
    }

    /// The rows below the head.
    pub(super) fn rows(&self) -> impl Iterator<Item = u32> + '_ {
        self.sheet.rows.range(self.head + 1..).map(|(row, _)| *row)
    }

    /// What a row has in a column; none without the column.
    pub(super) fn cell(&self, row: u32, title: Title) -> Option<&'s Content> {
        self.sheet.cell(row, self.column(title)?)
    }

    /// The text of a row in a column, without white space around it.
    pub(super) fn text(&self, row: u32, title: Title) -> String {
        self.column(title).map(|column| self.sheet.text(row, column)).unwrap_or_default()
    }

    /// The place of a row's column; of its first cell without the column.
    pub(super) fn place(&self, row: u32, title: Title) -> Place {
        self.sheet.place(row, self.column(title).unwrap_or(0))
    }
}

/// A title without the differences that do not matter.
fn folded(text: &str) -> String {
    value::ascii(text).split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The table of that kind, and the names of other sheets that look the same. The sheet with the name that the export
/// gave it wins.
pub(super) fn find<'w>(workbook: &'w Workbook, spec: &Spec, named: Option<&str>) -> (Option<Table<'w>>, Vec<&'w str>) {
    let mut found: Vec<Table<'w>> = workbook.sheets.iter().filter_map(|sheet| Table::of(sheet, spec)).collect();
    let first = found.iter().position(|table| Some(table.sheet.name.as_str()) == named).unwrap_or(0);
    if found.is_empty() {
        return (None, Vec::new());
    }
    let chosen = found.remove(first);
    (Some(chosen), found.iter().map(|table| table.sheet.name.as_str()).collect())
}
