//! What each workload is held to.

use rust_xlsxwriter::{RowNum, Worksheet, XlsxError};

use super::table::{Cell, Column, Table};
use super::{Book, cell};
use crate::assess::model::WorkloadReport;
use crate::report::words;

/// The widths of the columns, which both tables share.
const WIDTHS: [u8; 13] = [28, 24, 22, 22, 22, 24, 26, 12, 18, 18, 16, 12, 20];

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    heading(book, sheet, 0, "workloads")?;
    let next = workloads(book, sheet, 1)?;
    heading(book, sheet, next, "objectives")?;
    scopes(book, sheet, next + 1)?;
    sheet.set_freeze_panes(0, 1)?;
    Ok(())
}

fn fixed<'t>(titles: impl IntoIterator<Item = &'t str>) -> Vec<Column<'t>> {
    titles.into_iter().zip(WIDTHS).map(|(title, width)| Column::new(title, width.into(), width.into())).collect()
}

fn heading(book: &Book<'_>, sheet: &mut Worksheet, row: RowNum, key: &str) -> Result<(), XlsxError> {
    cell::write_text(book, sheet, (row, 0), book.word(key), &book.styles.heading)
}

fn workloads(book: &Book<'_>, sheet: &mut Worksheet, head: RowNum) -> Result<RowNum, XlsxError> {
    let titles = ["tier", "strategy", "primary_region", "dr_region", "slo", "rlo", "retention", "build_after"];
    let titles = titles.into_iter().chain(["switch_after", "confirm_with_support", "resource_count", "architecture"]);
    let columns = [book.column("workload")].into_iter().chain(titles.map(|key| book.word(key)));
    let mut table = Table::begin(book, sheet, head, fixed(columns))?;
    let duration = |text: &Option<String>| text.as_deref().map(|text| words::duration(book.words, text));
    let after = |text: &Option<String>| {
        duration(text).map(|duration| book.words.format("workbook", "after", &[("duration", &duration)]))
    };
    for workload in &book.report.workloads {
        table.row([
            Cell::styled(name(workload), &book.styles.label),
            text(book.words.get("tier", &workload.tier)),
            text(book.words.get("strategy", &workload.strategy)),
            text(&workload.primary_region),
            text(&workload.dr_region),
            text(&workload.slo),
            text(&workload.rlo),
            text(&duration(&workload.retention).unwrap_or_default()),
            text(&after(&workload.failover.build_after).unwrap_or_default()),
            text(&after(&workload.failover.switch_after).unwrap_or_default()),
            text(match workload.failover.confirm_with_support {
                Some(true) => book.word("yes"),
                Some(false) => book.word("no"),
                None => "",
            }),
            Cell::count(workload.resources),
            Cell::styled(&workload.architecture, &book.styles.code),
        ])?;
    }
    table.end()
}

/// One row a workload and scope.
fn scopes(book: &Book<'_>, sheet: &mut Worksheet, head: RowNum) -> Result<(), XlsxError> {
    let titles = [book.column("workload"), book.word("scope"), book.word("rpo"), book.word("rto")];
    let mut table = Table::begin(book, sheet, head, fixed(titles))?;
    let duration =
        |iso: &Option<String>| iso.as_deref().map(|iso| words::duration(book.words, iso)).unwrap_or_default();
    for workload in &book.report.workloads {
        for objective in &workload.objectives {
            table.row([
                Cell::styled(name(workload), &book.styles.label),
                text(book.words.get("scope", &objective.scope)),
                text(&duration(&objective.rpo)),
                text(&duration(&objective.rto)),
            ])?;
        }
    }
    table.end()?;
    Ok(())
}

fn name(workload: &WorkloadReport) -> String {
    if workload.title.is_empty() || workload.title == workload.name {
        workload.name.clone()
    } else {
        format!("{} ({})", workload.title, workload.name)
    }
}

/// What was declared; a dash where nothing was.
fn text(text: &str) -> Cell<'static> {
    Cell::text(if text.is_empty() { "–".to_owned() } else { text.to_owned() })
}
