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
    let estimated = book.report.workloads.iter().any(|workload| !workload.recovery.is_empty());
    if !estimated {
        cell::write_text(book, sheet, (next + 1, 0), book.word("no_estimates"), &book.styles.text_plain)?;
    }
    let head = next + if estimated { 1 } else { 2 };
    scopes(book, sheet, head, estimated)?;
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

/// One row a workload and scope; with estimates where there are some.
fn scopes(book: &Book<'_>, sheet: &mut Worksheet, head: RowNum, estimated: bool) -> Result<(), XlsxError> {
    let mut titles = vec![book.column("workload"), book.word("scope"), book.word("rpo"), book.word("rto")];
    if estimated {
        titles.extend(["rpo_estimate", "limiting_resource", "mechanism", "source"].map(|key| book.word(key)));
    }
    let mut table = Table::begin(book, sheet, head, fixed(titles))?;
    let duration = |iso8601: &str| words::duration(book.words, iso8601);
    for workload in &book.report.workloads {
        let declared = workload.objectives.iter().map(|objective| objective.scope.as_str());
        let estimates = workload.recovery.iter().map(|line| line.scope.as_str());
        let mut scopes: Vec<&str> = Vec::new();
        for scope in declared.chain(estimates) {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        for scope in scopes {
            let objective = workload.objectives.iter().find(|objective| objective.scope == scope);
            let line = workload.recovery.iter().find(|line| line.scope == scope);
            let rpo = objective
                .and_then(|objective| objective.rpo.as_deref())
                .or_else(|| line.and_then(|line| line.rpo_objective.as_deref()));
            let rto = objective.and_then(|objective| objective.rto.as_deref());
            let mut cells = vec![
                Cell::styled(name(workload), &book.styles.label),
                text(book.words.get("scope", scope)),
                text(&rpo.map(duration).unwrap_or_default()),
                text(&rto.map(duration).unwrap_or_default()),
            ];
            if let Some(line) = line {
                let estimate = line.rpo_estimate.as_deref().map(duration);
                cells.extend([
                    text(estimate.as_deref().unwrap_or(book.word("unknown_estimate"))),
                    text(&line.limiting_resource),
                    text(&line.mechanism),
                    text(&line.source),
                ]);
            } else if estimated {
                cells.extend(["", "", "", ""].map(text));
            }
            table.row(cells)?;
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
