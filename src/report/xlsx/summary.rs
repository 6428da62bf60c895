//! The first sheet: what was read, what was found, and where to look first. It prints on portrait pages.

use rust_xlsxwriter::{
    Chart, ChartAxisCrossing, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartPatternFill,
    ChartPatternFillType, ChartSolidFill, ChartType, Color, Format, RowNum, Worksheet, XlsxError,
};

use super::table::{row_height, wrapped_lines};
use super::{Book, cell, style, time};
use crate::assess::model::{Group, Outcome, Severity, Status};
use crate::report::{visible, words};

/// The widths of the columns: a label, then one for each verdict and the total.
const WIDTHS: [u32; 8] = [34, 13, 13, 13, 13, 13, 13, 13];
/// The last of them.
const LAST: u16 = 7;
/// How many half-width characters fit beside the label.
const BESIDE: usize = 91;
/// The height of the chart of the trend in pixels.
const TREND_HEIGHT: u32 = 264;
/// How many lines of a list are shown before the rest is only counted.
const LISTED: usize = 40;

pub(super) fn write(book: &Book<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    book.page(sheet);
    sheet.set_portrait().set_screen_gridlines(false);
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    let mut page = Page { book, sheet, row: 0 };
    page.top()?;
    page.counts()?;
    page.baseline()?;
    page.trend()?;
    page.categories()?;
    let summary = &book.report.summary;
    page.groups("by_account", "account", &summary.by_account)?;
    page.groups("by_workload", "workload", &summary.by_workload)?;
    page.resources()?;
    page.list("missing", &book.report.snapshot.missing)?;
    page.list("notes", &book.report.notes)
}

/// The sheet, written from the top to the bottom.
struct Page<'b, 'r, 's> {
    book: &'b Book<'r>,
    sheet: &'s mut Worksheet,
    row: RowNum,
}

impl Page<'_, '_, '_> {
    fn top(&mut self) -> Result<(), XlsxError> {
        let (book, report) = (self.book, self.book.report);
        self.text(0, book.word("title"), &book.styles.title)?;
        self.sheet.set_row_height(self.row, 30)?;
        self.row += 1;
        self.text(0, &report.organization, &book.styles.subtitle)?;
        self.sheet.set_row_height(self.row, 22)?;
        self.row += 2;
        let text = &book.styles.text;
        let accounts: Vec<String> = report
            .snapshot
            .accounts
            .iter()
            .take(LISTED)
            .map(|account| {
                if account.name.is_empty() { account.id.clone() } else { format!("{} ({})", account.id, account.name) }
            })
            .collect();
        let more = report.snapshot.accounts.len().saturating_sub(LISTED);
        let mut accounts = format!("{}: {}", report.snapshot.accounts.len(), accounts.join(", "));
        if more > 0 {
            accounts.push(' ');
            accounts.push_str(&book.words.format("workbook", "more", &[("n", &more.to_string())]));
        }
        let gaps = report.summary.gaps;
        let (verdict, style) = match (report.summary.complete, gaps) {
            (true, _) => (book.word("complete").to_owned(), Status::Pass),
            (false, 0) => (book.word("incomplete").to_owned(), Status::Fail),
            (false, _) => (book.words.format("workbook", "incomplete_gaps", &[("n", &gaps.to_string())]), Status::Fail),
        };
        self.pair("completeness", &verdict, book.styles.status(style))?;
        self.pair("taken_at", &time(report.snapshot.taken_at), text)?;
        self.pair("accounts", &accounts, text)?;
        self.pair("regions", &report.snapshot.regions.join(", "), text)?;
        self.pair("digest", &report.snapshot.digest, &book.styles.code)?;
        self.pair("program", &format!("Sonae {}", report.sonae), text)?;
        self.row += 1;
        Ok(())
    }

    fn counts(&mut self) -> Result<(), XlsxError> {
        let (book, summary) = (self.book, &self.book.report.summary);
        self.heading("by_status")?;
        self.statuses(book.column("verdict"), book.column("counts"), &summary.by_status)?;
        self.row += 1;
        self.heading("by_severity")?;
        self.text(0, book.column("severity"), &book.styles.header)?;
        for (column, severity) in (1..).zip(Severity::ALL) {
            self.text(column, words::severity(book.words, severity), book.styles.severity(severity))?;
        }
        self.text(6, book.word("total"), &book.styles.header)?;
        self.row += 1;
        self.text(0, words::status(book.words, Status::Fail), &book.styles.label)?;
        let mut total = 0;
        for (column, severity) in (1..).zip(Severity::ALL) {
            let count = summary.by_severity.get(&severity).copied().unwrap_or(0);
            total += count;
            self.number(column, count, &book.styles.number)?;
        }
        self.number(6, total, &book.styles.number_bold)?;
        self.row += 2;
        Ok(())
    }

    /// What became of the findings since the baseline.
    fn baseline(&mut self) -> Result<(), XlsxError> {
        let book = self.book;
        let Some(info) = &book.report.baseline else { return Ok(()) };
        self.text(0, book.words.get("diff", "baseline"), &book.styles.heading)?;
        self.row += 1;
        for line in words::baseline(book.words, info) {
            self.paragraph(0, WIDTHS[0] as usize + BESIDE, &line, &book.styles.text)?;
        }
        self.row += 1;
        Ok(())
    }

    /// The last quarters: a chart, the verdicts, and which objectives were met.
    fn trend(&mut self) -> Result<(), XlsxError> {
        let (book, trend) = (self.book, &self.book.report.trend);
        if trend.is_empty() {
            return Ok(());
        }
        let say = |key| book.words.get("trend", key);
        self.text(0, say("title"), &book.styles.heading)?;
        self.row += 1;
        let chart_row = self.row;
        self.row += TREND_HEIGHT / style::ROW_PIXELS + 1;
        let head = self.row;
        self.status_head(say("quarter"))?;
        for point in trend {
            let name = words::quarter(book.words, point);
            self.status_row(&name, &point.by_status)?;
        }
        let chart = trend_chart(book, head, RowNum::try_from(trend.len()).unwrap_or(RowNum::MAX));
        self.sheet.insert_chart(chart_row, 0, &chart)?;
        self.row += 1;
        let objectives = words::objective_trends(book.words, trend);
        if objectives.is_empty() {
            return Ok(());
        }
        self.text(0, say("objectives"), &book.styles.header)?;
        let mut lines = 1;
        for (column, point) in (1..=LAST).zip(trend) {
            let name = words::quarter(book.words, point);
            lines = lines.max(wrapped_lines(&name, WIDTHS[1] as usize));
            self.text(column, &name, &book.styles.header)?;
        }
        self.sheet.set_row_height(self.row, row_height(book, lines))?;
        self.row += 1;
        for objective in &objectives {
            let name = visible::prose(&objective.name);
            self.text(0, &name, &book.styles.label)?;
            self.sheet.set_row_height(self.row, row_height(book, wrapped_lines(&name, WIDTHS[0] as usize).min(20)))?;
            for (column, outcome) in (1..=LAST).zip(&objective.outcomes) {
                let style = match outcome {
                    Some(Outcome::Met) => book.styles.status(Status::Pass),
                    Some(Outcome::Missed) => book.styles.status(Status::Fail),
                    Some(Outcome::Unknown) => book.styles.status(Status::Unknown),
                    None => &book.styles.centre,
                };
                self.text(column, words::objective(book.words, *outcome), style)?;
            }
            self.row += 1;
        }
        self.row += 1;
        Ok(())
    }

    /// The table of categories with its chart above it.
    fn categories(&mut self) -> Result<(), XlsxError> {
        let groups = &self.book.report.summary.by_category;
        let chart_row = self.row;
        let height = chart_height(groups.len());
        if !groups.is_empty() {
            self.row += height / style::ROW_PIXELS + 2;
        }
        let head = self.row + 1;
        self.groups("by_category", "category", groups)?;
        if !groups.is_empty() {
            let chart = chart(self.book, head, RowNum::try_from(groups.len()).unwrap_or(RowNum::MAX), height);
            self.sheet.insert_chart(chart_row, 0, &chart)?;
        }
        Ok(())
    }

    fn groups(&mut self, heading: &str, column: &str, groups: &[Group]) -> Result<(), XlsxError> {
        let book = self.book;
        self.heading(heading)?;
        self.status_head(book.column(column))?;
        for group in groups {
            let name = match (column, group.key.as_str()) {
                ("account", "") => book.word("no_account").to_owned(),
                ("workload", "") => book.word("unassigned").to_owned(),
                ("category", _) => group.title.clone(),
                (_, key) if group.title.is_empty() || group.title == key => key.to_owned(),
                (_, key) => format!("{} ({key})", group.title),
            };
            self.status_row(&name, &group.by_status)?;
        }
        self.nothing(groups.is_empty())?;
        self.row += 1;
        Ok(())
    }

    fn resources(&mut self) -> Result<(), XlsxError> {
        let (book, resources) = (self.book, &self.book.report.summary.resources);
        self.heading("resources")?;
        self.text(0, book.column("resource_type"), &book.styles.header)?;
        self.merged(1, 3, "", &book.styles.header)?;
        self.merged(4, 5, book.word("resource_count"), &book.styles.header)?;
        self.merged(6, LAST, book.word("unlisted"), &book.styles.header)?;
        let lines = wrapped_lines(book.word("unlisted"), 2 * WIDTHS[1] as usize);
        self.sheet.set_row_height(self.row, row_height(book, lines))?;
        self.row += 1;
        for line in resources {
            self.text(0, &line.title, &book.styles.label)?;
            self.merged(1, 3, &line.resource_type, &book.styles.text)?;
            match (line.count, line.unlisted) {
                (0, 0) => self.merged(4, 5, book.word("none_of_type"), &book.styles.faint)?,
                // Nothing was listed, yet not everywhere: zero would claim what nobody knows.
                (0, _) => self.merged(4, 5, book.word("unlisted_only"), book.styles.status(Status::Unknown))?,
                (count, _) => {
                    self.merged(4, 5, "", &book.styles.number)?;
                    self.number(4, count, &book.styles.number)?;
                }
            }
            let unlisted = if line.unlisted > 0 { book.styles.status(Status::Unknown) } else { &book.styles.number };
            self.merged(6, LAST, "", unlisted)?;
            self.number(6, line.unlisted, unlisted)?;
            self.row += 1;
        }
        self.nothing(resources.is_empty())?;
        self.row += 1;
        Ok(())
    }

    fn list(&mut self, heading: &str, lines: &[String]) -> Result<(), XlsxError> {
        if lines.is_empty() {
            return Ok(());
        }
        self.heading(heading)?;
        for line in lines.iter().take(LISTED) {
            self.paragraph(0, WIDTHS[0] as usize + BESIDE, line, &self.book.styles.text)?;
        }
        let more = lines.len().saturating_sub(LISTED);
        if more > 0 {
            let more = self.book.words.format("workbook", "more", &[("n", &more.to_string())]);
            self.paragraph(0, BESIDE, &more, &self.book.styles.faint)?;
        }
        self.row += 1;
        Ok(())
    }

    fn statuses(&mut self, corner: &str, label: &str, counts: &crate::assess::model::Counts) -> Result<(), XlsxError> {
        self.status_head(corner)?;
        self.status_row(label, counts)
    }

    fn status_head(&mut self, corner: &str) -> Result<(), XlsxError> {
        let book = self.book;
        self.text(0, corner, &book.styles.header)?;
        for (column, status) in (1..).zip(Status::ALL) {
            self.text(column, words::status(book.words, status), book.styles.status(status))?;
        }
        self.text(LAST, book.word("total"), &book.styles.header)?;
        let lines = Status::ALL.map(|status| wrapped_lines(words::status(book.words, status), WIDTHS[1] as usize));
        self.sheet.set_row_height(self.row, row_height(book, lines.into_iter().max().unwrap_or(1)))?;
        self.row += 1;
        Ok(())
    }

    fn status_row(&mut self, label: &str, counts: &crate::assess::model::Counts) -> Result<(), XlsxError> {
        let book = self.book;
        let label = visible::prose(label);
        self.text(0, &label, &book.styles.label)?;
        self.sheet.set_row_height(self.row, row_height(book, wrapped_lines(&label, WIDTHS[0] as usize).min(20)))?;
        for (column, status) in (1..).zip(Status::ALL) {
            self.number(column, counts.get(&status).copied().unwrap_or(0), &book.styles.number)?;
        }
        self.number(LAST, counts.values().sum(), &book.styles.number_bold)?;
        self.row += 1;
        Ok(())
    }

    fn heading(&mut self, key: &str) -> Result<(), XlsxError> {
        self.text(0, self.book.word(key), &self.book.styles.heading)?;
        self.row += 1;
        Ok(())
    }

    fn nothing(&mut self, is_empty: bool) -> Result<(), XlsxError> {
        if is_empty {
            self.text(0, self.book.word("nothing"), &self.book.styles.faint)?;
            self.row += 1;
        }
        Ok(())
    }

    /// A label and, beside it, a text of any length.
    fn pair(&mut self, label: &str, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.text(0, self.book.word(label), &self.book.styles.label)?;
        self.paragraph(1, BESIDE, text, format)
    }

    /// A text across the page. Merged cells do not grow by themselves, so the height is worked out here.
    fn paragraph(&mut self, first: u16, width: usize, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.merged(first, LAST, text, format)?;
        let lines = wrapped_lines(text, width).min(20);
        self.sheet.set_row_height(self.row, row_height(self.book, lines))?;
        self.row += 1;
        Ok(())
    }

    fn merged(&mut self, first: u16, last: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.sheet.merge_range(self.row, first, self.row, last, "", format)?;
        cell::write_text(self.book, self.sheet, (self.row, first), text, format)
    }

    fn text(&mut self, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
        cell::write_text(self.book, self.sheet, (self.row, column), text, format)
    }

    #[allow(clippy::cast_precision_loss)]
    fn number(&mut self, column: u16, count: usize, format: &Format) -> Result<(), XlsxError> {
        self.sheet.write_number_with_format(self.row, column, count as f64, format)?;
        Ok(())
    }
}

fn chart_height(groups: usize) -> u32 {
    u32::try_from(groups).unwrap_or(u32::MAX).saturating_mul(30).saturating_add(110).min(700)
}

/// A bar for each category, a segment for each verdict that occurs.
fn chart(book: &Book<'_>, head: RowNum, groups: RowNum, height: u32) -> Chart {
    let mut chart = Chart::new(ChartType::BarStacked);
    let occurs = |status: Status| {
        book.report.summary.by_category.iter().any(|group| group.by_status.get(&status).is_some_and(|n| *n > 0))
    };
    series(book, &mut chart, head, groups, occurs);
    // Excel draws bars upwards; the first category belongs at the top.
    chart.y_axis().set_reverse().set_crossing(ChartAxisCrossing::Max).set_font(&font(book));
    chart
        .x_axis()
        .set_font(&font(book))
        .set_num_format("0")
        .set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(0xDADEE2)));
    finish(book, &mut chart, book.word("chart"), height);
    chart
}

/// A column for each quarter, the oldest at the left. What does not apply says nothing about readiness.
fn trend_chart(book: &Book<'_>, head: RowNum, quarters: RowNum) -> Chart {
    let mut chart = Chart::new(ChartType::ColumnStacked);
    let occurs = |status: Status| {
        status != Status::NotApplicable
            && book.report.trend.iter().any(|point| point.by_status.get(&status).is_some_and(|n| *n > 0))
    };
    series(book, &mut chart, head, quarters, occurs);
    chart.x_axis().set_font(&font(book));
    chart
        .y_axis()
        .set_font(&font(book))
        .set_num_format("0")
        .set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(0xDADEE2)));
    finish(book, &mut chart, book.words.get("trend", "chart"), TREND_HEIGHT);
    chart
}

fn font(book: &Book<'_>) -> ChartFont {
    let mut font = ChartFont::new();
    font.set_name(book.styles.font).set_size(9);
    font
}

/// A series for each verdict that occurs, from a table of verdicts below its head.
fn series(book: &Book<'_>, chart: &mut Chart, head: RowNum, rows: RowNum, occurs: impl Fn(Status) -> bool) {
    let sheet = book.words.get("sheet", "summary");
    let (first, last) = (head + 1, head + rows);
    for (column, status) in (1..).zip(Status::ALL) {
        if !occurs(status) {
            continue;
        }
        let mut format = ChartFormat::new();
        // A thin line shows where the lightest segment ends; a pattern tells two greys of a print apart.
        format.set_border(ChartLine::new().set_color(Color::RGB(0x8A949E)).set_width(0.5));
        if status == Status::Waived {
            format.set_pattern_fill(
                ChartPatternFill::new()
                    .set_pattern(ChartPatternFillType::DiagonalStripesWideUpwards)
                    .set_foreground_color(style::chart_color(status))
                    .set_background_color(Color::White),
            );
        } else {
            format.set_solid_fill(ChartSolidFill::new().set_color(style::chart_color(status)));
        }
        chart
            .add_series()
            .set_name((sheet, head, column))
            .set_categories((sheet, first, 0, last, 0))
            .set_values((sheet, first, column, last, column))
            .set_format(&mut format)
            .set_gap(45);
    }
}

/// Title, legend and size.
fn finish(book: &Book<'_>, chart: &mut Chart, title: &str, height: u32) {
    chart.title().set_name(title).set_font(ChartFont::new().set_name(book.styles.font).set_size(11).set_bold());
    chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&font(book));
    let pixels: u32 = WIDTHS.iter().map(|width| width * 7 + 5).sum();
    chart.set_width(pixels).set_height(height).set_alt_text(title);
}
