//! Fonts, colours and borders. Verdicts and severities differ in words, weight and lightness, so that a grey print says
//! the same as the screen.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

use crate::assess::model::{Severity, Status};
use crate::model::Language;

/// The height of an empty row.
pub(super) const ROW_PIXELS: u32 = 22;

const INK: Color = Color::RGB(0x1F2933);
const GREY: Color = Color::RGB(0x5F6B76);
const LINE: Color = Color::RGB(0xB8C0C8);
const NAVY: Color = Color::RGB(0x1F3A5F);
const LINK: Color = Color::RGB(0x0B57A4);
const INPUT: Color = Color::RGB(0xFFFDE7);

/// The colours of a verdict or a severity.
struct Tone {
    fill: u32,
    font: u32,
    bold: bool,
    italic: bool,
}

const fn tone(fill: u32, font: u32) -> Tone {
    Tone { fill, font, bold: false, italic: false }
}

impl Tone {
    const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    const fn italic(self) -> Self {
        Self { italic: true, ..self }
    }
}

const fn status_tone(status: Status) -> Tone {
    match status {
        Status::Fail => tone(0x9C1C1C, 0xFFFFFF).bold(),
        Status::Unknown => tone(0xF4B942, 0x1F2933).bold(),
        Status::Manual => tone(0xBFD9F2, 0x10395E).bold(),
        Status::Waived => tone(0xDCD3EA, 0x432C6B).italic(),
        Status::Pass => tone(0xE3F1E1, 0x1D5128),
        Status::NotApplicable => tone(0xF5F6F7, 0x5F6B76),
    }
}

/// The colour of a verdict in the chart: the same hue as in cells, strong enough for a bar.
pub(super) const fn chart_color(status: Status) -> Color {
    Color::RGB(match status {
        Status::Fail => 0x9C1C1C,
        Status::Unknown => 0xE3A32B,
        Status::Manual => 0x3C78B4,
        Status::Waived => 0x6C55A0,
        Status::Pass => 0xBFE0BA,
        Status::NotApplicable => 0xF3F4F6,
    })
}

const fn severity_tone(severity: Severity) -> Tone {
    match severity {
        Severity::Critical => tone(0x5C0A0A, 0xFFFFFF).bold(),
        Severity::High => tone(0xD9772B, 0x000000).bold(),
        Severity::Medium => tone(0xFBE3A6, 0x1F2933),
        Severity::Low => tone(0xFBF6E3, 0x1F2933),
        Severity::Info => tone(0xFFFFFF, 0x5F6B76).italic(),
    }
}

/// The formats of all sheets.
pub(super) struct Styles {
    /// The font, for charts.
    pub(super) font: &'static str,
    /// The height of a line in points, with the room that this font takes between lines.
    pub(super) line_height: f64,
    /// The format of cells that nobody wrote.
    pub(super) text_plain: Format,
    /// The title of the workbook.
    pub(super) title: Format,
    /// What stands below a title.
    pub(super) subtitle: Format,
    /// The heading of a table.
    pub(super) heading: Format,
    /// The head of a column.
    pub(super) header: Format,
    /// The head of a column that people fill in.
    pub(super) header_input: Format,
    /// A text in a table.
    pub(super) text: Format,
    /// A text in a table that says that there is nothing.
    pub(super) faint: Format,
    /// A text that deserves a second look.
    pub(super) warning: Format,
    /// A number that leads somewhere.
    pub(super) number_link: Format,
    /// A text in a line that tells of a gap.
    pub(super) gap: Format,
    /// A word in the middle of a cell.
    pub(super) centre: Format,
    /// A name at the start of a line.
    pub(super) label: Format,
    /// A number.
    pub(super) number: Format,
    /// A number that sums up others.
    pub(super) number_bold: Format,
    /// A command or an id.
    pub(super) code: Format,
    /// A text that people write.
    pub(super) input: Format,
    /// A word that people choose.
    pub(super) input_choice: Format,
    /// A day that people enter.
    pub(super) input_date: Format,
    /// A link that leads out.
    pub(super) link: Format,
    /// A number that people enter.
    pub(super) input_number: Format,
    /// A link that people enter.
    pub(super) input_link: Format,
    statuses: [Format; 6],
    severities: [Format; 5],
}

impl Styles {
    pub(super) fn new(language: Language) -> Self {
        // Yu Gothic comes with Windows and with Office for Mac, Arial with everything; elsewhere fontconfig puts Noto
        // or IPA and Liberation Sans in their place.
        let (font, line_height) = match language {
            Language::Ja => ("Yu Gothic", 16.5),
            Language::En => ("Arial", 13.0),
        };
        let base = Format::new().set_font_name(font).set_font_size(10).set_font_color(INK);
        let cell = base
            .clone()
            .set_align(FormatAlign::Top)
            .set_text_wrap()
            .set_border(FormatBorder::Thin)
            .set_border_color(LINE);
        let centre = cell.clone().set_align(FormatAlign::Center);
        let header = cell
            .clone()
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(NAVY)
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter);
        let toned = |tone: Tone| {
            let mut format = centre.clone().set_background_color(tone.fill).set_font_color(tone.font);
            if tone.bold {
                format = format.set_bold();
            }
            if tone.italic {
                format = format.set_italic();
            }
            format
        };
        // Text as the number format: what people type stays as they typed it and is never taken for a formula.
        let input = cell.clone().set_unlocked().set_background_color(INPUT).set_num_format("@");
        // A dash for zero lets the numbers that matter stand out.
        let number = cell.clone().set_num_format("#,##0_);-#,##0_);\"–\"_)").set_align(FormatAlign::Right);
        let linked = |format: &Format| format.clone().set_font_color(LINK).set_underline(FormatUnderline::Single);
        Self {
            font,
            line_height,
            text_plain: Format::new().set_font_name(font).set_font_size(10),
            title: base.clone().set_bold().set_font_size(18).set_font_color(NAVY),
            subtitle: base.clone().set_font_size(13),
            heading: base.clone().set_bold().set_font_size(12).set_font_color(NAVY),
            header_input: header.clone().set_background_color(Color::RGB(0x8A6D00)),
            header,
            faint: cell.clone().set_font_color(GREY).set_italic(),
            warning: cell.clone().set_background_color(Color::RGB(0xFCE4AE)).set_bold(),
            number_link: linked(&centre),
            gap: cell.clone().set_background_color(Color::RGB(0xFBE4E1)),
            label: cell.clone().set_bold().set_background_color(Color::RGB(0xEDF1F5)),
            number_bold: number.clone().set_bold(),
            number,
            code: cell.clone().set_font_size(9),
            input_choice: input.clone().set_align(FormatAlign::Center),
            input_date: input.clone().set_align(FormatAlign::Center).set_num_format("yyyy-mm-dd"),
            link: linked(&cell),
            input_number: input.clone().set_num_format("0"),
            input_link: linked(&input),
            input,
            statuses: Status::ALL.map(|status| toned(status_tone(status))),
            severities: Severity::ALL.map(|severity| toned(severity_tone(severity))),
            text: cell,
            centre,
        }
    }

    /// The cell of a verdict.
    pub(super) fn status(&self, status: Status) -> &Format {
        let place = Status::ALL.iter().position(|other| *other == status);
        place.and_then(|place| self.statuses.get(place)).unwrap_or(&self.centre)
    }

    /// The cell of a severity.
    pub(super) fn severity(&self, severity: Severity) -> &Format {
        let place = Severity::ALL.iter().position(|other| *other == severity);
        place.and_then(|place| self.severities.get(place)).unwrap_or(&self.centre)
    }
}

/// The colours alone, for conditional formats of an answer status.
pub(super) fn tint(status: Status) -> Format {
    let tone = status_tone(status);
    Format::new().set_background_color(tone.fill).set_font_color(tone.font)
}
