//! Workbooks edited the way programs leave them behind: cell by cell in the XML, without a program.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{Cursor, Read as _, Write as _};

use proptest::prelude::prop;

use calamine::{DataType as _, Reader as _, Xlsx};

/// What is written into a cell.
#[derive(Debug, Clone)]
pub enum Put {
    Text(String),
    /// A text in two fonts, with the reading that a Japanese keyboard leaves.
    Rich(String, String),
    Number(f64),
    Percent(f64),
    /// A number without its format.
    Plain(f64),
    Bool(bool),
    Error(&'static str),
    /// A formula, with the value that a program worked out.
    Formula(&'static str, Option<&'static str>),
    Empty,
}

impl From<&str> for Put {
    fn from(text: &str) -> Self {
        Put::Text(text.to_owned())
    }
}

/// A workbook.
#[derive(Debug, Clone)]
pub struct Spreadsheet {
    parts: Vec<(String, Vec<u8>)>,
    /// What a reader saw of the sheets since the last change.
    seen: RefCell<HashMap<String, Vec<Vec<String>>>>,
}

/// A row: its attributes without the number, and its cells as column, style and the rest.
#[derive(Debug, Clone)]
struct Row {
    attributes: String,
    cells: Vec<(String, String, String)>,
}

impl Spreadsheet {
    pub fn open(bytes: &[u8]) -> Self {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let parts = (0..archive.len())
            .map(|place| {
                let mut part = archive.by_index(place).expect("a part");
                let mut bytes = Vec::new();
                part.read_to_end(&mut bytes).expect("the part");
                (part.name().expect("a name").into_owned(), bytes)
            })
            .collect();
        Self { parts, seen: RefCell::default() }
    }

    pub fn save(&self) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for (name, bytes) in &self.parts {
            writer.start_file(name.as_str(), options).expect("a part");
            writer.write_all(bytes).expect("the part");
        }
        writer.finish().expect("an archive").into_inner()
    }

    fn text(&self, name: &str) -> String {
        let (_, bytes) = self.parts.iter().find(|(part, _)| part == name).unwrap_or_else(|| panic!("no part {name}"));
        String::from_utf8(bytes.clone()).expect("UTF-8")
    }

    /// Replaces a part.
    pub fn put_part(&mut self, name: &str, bytes: impl Into<Vec<u8>>) {
        let bytes = bytes.into();
        self.seen.borrow_mut().clear();
        match self.parts.iter_mut().find(|(part, _)| part == name) {
            Some((_, old)) => *old = bytes,
            None => self.parts.push((name.to_owned(), bytes)),
        }
    }

    /// Changes a byte somewhere.
    pub fn change_byte(&mut self, part: prop::sample::Index, place: prop::sample::Index, byte: u8) {
        let part = part.index(self.parts.len());
        let bytes = &mut self.parts[part].1;
        if !bytes.is_empty() {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
    }

    /// Replaces a text in a part, where it must be.
    pub fn replace(&mut self, name: &str, old: &str, new: &str) {
        let text = self.text(name);
        assert!(text.contains(old), "{name} has no {old}");
        self.put_part(name, text.replace(old, new));
    }

    fn part_of(&self, sheet: &str) -> String {
        let book = self.text("xl/workbook.xml");
        let sheets: Vec<&str> = book.split("<sheet name=\"").skip(1).collect();
        let place = sheets.iter().position(|rest| rest.starts_with(&format!("{sheet}\""))).expect("the sheet");
        let id = sheets[place].split("r:id=\"rId").nth(1).and_then(|rest| rest.split('"').next()).expect("an id");
        format!("xl/worksheets/sheet{id}.xml")
    }

    /// What a reader sees.
    pub fn values(&self, sheet: &str) -> Vec<Vec<String>> {
        if let Some(seen) = self.seen.borrow().get(sheet) {
            return seen.clone();
        }
        let mut book = Xlsx::new(Cursor::new(self.save())).expect("a workbook");
        let range = book.worksheet_range(sheet).expect("the sheet");
        let start = range.start().unwrap_or_default();
        let mut rows: Vec<Vec<String>> = vec![Vec::new(); start.0 as usize];
        rows.extend(range.rows().map(|row| {
            let mut cells = vec![String::new(); start.1 as usize];
            cells.extend(row.iter().map(|cell| cell.as_string().unwrap_or_else(|| cell.to_string())));
            cells
        }));
        self.seen.borrow_mut().insert(sheet.to_owned(), rows.clone());
        rows
    }

    /// The first row, from one, with these values below these titles.
    pub fn find(&self, sheet: &str, wanted: &[(&str, &str)]) -> usize {
        let rows = self.values(sheet);
        let head = rows.iter().position(|row| row.iter().any(|cell| cell == wanted[0].0)).expect("the head");
        let place = |title: &str| rows[head].iter().position(|cell| cell == title).expect("the column");
        let columns: Vec<(usize, &str)> = wanted.iter().map(|(title, value)| (place(title), *value)).collect();
        let matches = |row: &Vec<String>| {
            columns.iter().all(|(column, value)| row.get(*column).map_or("", |cell| cell) == *value)
        };
        head + 2 + rows[head + 1..].iter().position(matches).unwrap_or_else(|| panic!("{sheet}: no row {wanted:?}"))
    }

    /// The letters of the column with that title.
    pub fn column(&self, sheet: &str, title: &str) -> String {
        let rows = self.values(sheet);
        let place = rows.iter().find_map(|row| row.iter().position(|cell| cell == title));
        letters(place.unwrap_or_else(|| panic!("{sheet} has no {title}")))
    }

    /// Writes into the column with that title, in the row with these values.
    pub fn set(&mut self, sheet: &str, row: &[(&str, &str)], title: &str, value: impl Into<Put>) {
        let cell = (self.column(sheet, title), self.find(sheet, row));
        self.put(sheet, &cell.0, cell.1, value);
    }

    /// Writes into a cell.
    pub fn put(&mut self, sheet: &str, column: &str, row: usize, value: impl Into<Put>) {
        let value = value.into();
        let percent = matches!(value, Put::Percent(_)).then(|| self.percent_style());
        self.rows(sheet, |rows| {
            while rows.len() < row {
                rows.push(Row { attributes: String::new(), cells: Vec::new() });
            }
            let cells = &mut rows[row - 1].cells;
            let place = cells.iter().position(|(known, ..)| known == column).unwrap_or_else(|| {
                let place = cells
                    .iter()
                    .take_while(|(known, ..)| (known.len(), known.as_str()) < (column.len(), column))
                    .count();
                cells.insert(place, (column.to_owned(), String::new(), String::new()));
                place
            });
            let (_, style, rest) = &mut cells[place];
            match &value {
                Put::Percent(_) => *style = format!(" s=\"{}\"", percent.unwrap_or(0)),
                Put::Plain(_) => style.clear(),
                _ => {}
            }
            *rest = xml(&value);
        });
    }

    /// Changes the order of the rows below the head, or which there are.
    pub fn arrange(&mut self, sheet: &str, head: usize, change: impl FnOnce(&mut Vec<usize>)) {
        self.rows(sheet, |rows| {
            let mut order: Vec<usize> = (head..rows.len()).collect();
            change(&mut order);
            let mut new: Vec<Row> = rows[..head].to_vec();
            new.extend(order.into_iter().map(|place| rows[place].clone()));
            *rows = new;
        });
    }

    /// Inserts empty rows at the top.
    pub fn insert_above(&mut self, sheet: &str, count: usize) {
        self.rows(sheet, |rows| {
            for _ in 0..count {
                rows.insert(0, Row { attributes: String::new(), cells: Vec::new() });
            }
        });
    }

    /// Inserts a copy of a row below it.
    pub fn duplicate(&mut self, sheet: &str, row: usize) {
        self.rows(sheet, |rows| {
            let copy = rows[row - 1].clone();
            rows.insert(row, copy);
        });
    }

    pub fn rename(&mut self, sheet: &str, name: &str) {
        self.replace("xl/workbook.xml", &format!("<sheet name=\"{sheet}\""), &format!("<sheet name=\"{name}\""));
    }

    /// Puts a copy of a sheet in the place of another.
    pub fn copy(&mut self, sheet: &str, over: &str, name: &str) {
        let copy = self.text(&self.part_of(sheet));
        self.put_part(&self.part_of(over), copy);
        self.rename(over, name);
    }

    pub fn remove(&mut self, sheet: &str) {
        let book = self.text("xl/workbook.xml");
        let start = book.find(&format!("<sheet name=\"{sheet}\"")).expect("the sheet");
        let end = start + book[start..].find("/>").expect("its end") + 2;
        self.put_part("xl/workbook.xml", format!("{}{}", &book[..start], &book[end..]));
    }

    pub fn merge(&mut self, sheet: &str, range: &str) {
        let part = self.part_of(sheet);
        let merged = format!("</sheetData><mergeCells count=\"1\"><mergeCell ref=\"{range}\"/></mergeCells>");
        self.replace(&part, "</sheetData>", &merged);
    }

    fn percent_style(&mut self) -> usize {
        let styles = self.text("xl/styles.xml");
        let formats =
            styles.split("<cellXfs").nth(1).and_then(|rest| rest.split("</cellXfs>").next()).expect("formats");
        let count = formats.matches("<xf ").count();
        self.replace(
            "xl/styles.xml",
            "</cellXfs>",
            "<xf numFmtId=\"9\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/></cellXfs>",
        );
        count
    }

    /// Changes the rows of a sheet. Their numbers, and those of their cells, follow their places.
    fn rows(&mut self, sheet: &str, change: impl FnOnce(&mut Vec<Row>)) {
        let part = self.part_of(sheet);
        let text = self.text(&part);
        let (before, rest) = text.split_once("<sheetData>").expect("rows");
        let (data, after) = rest.split_once("</sheetData>").expect("the end of the rows");
        let mut rows: Vec<Row> = Vec::new();
        for row in data.split("<row r=\"").skip(1) {
            let (number, row) = row.split_once('"').expect("a number");
            let number: usize = number.parse().expect("a number");
            while rows.len() + 1 < number {
                rows.push(Row { attributes: String::new(), cells: Vec::new() });
            }
            let (attributes, inner) = row.split_once('>').expect("a row");
            let cells = inner
                .split("<c r=\"")
                .skip(1)
                .map(|cell| {
                    let (name, cell) = cell.split_once('"').expect("a name");
                    let column = name.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned();
                    let (style, cell) = match cell.strip_prefix(" s=\"") {
                        Some(cell) => {
                            let (style, cell) = cell.split_once('"').expect("a style");
                            (format!(" s=\"{style}\""), cell)
                        }
                        None => (String::new(), cell),
                    };
                    let end = cell.find("</c>").map_or_else(|| cell.find("/>").expect("the end") + 2, |end| end + 4);
                    (column, style, cell[..end].to_owned())
                })
                .collect();
            rows.push(Row { attributes: attributes.trim_end_matches('/').to_owned(), cells });
        }
        change(&mut rows);
        let mut data = String::new();
        for (number, row) in (1..).zip(&rows).filter(|(_, row)| !row.cells.is_empty()) {
            let _ = write!(data, "<row r=\"{number}\"{}>", row.attributes);
            for (column, style, rest) in &row.cells {
                let _ = write!(data, "<c r=\"{column}{number}\"{style}{rest}");
            }
            data.push_str("</row>");
        }
        self.put_part(&part, format!("{before}<sheetData>{data}</sheetData>{after}"));
    }
}

fn letters(mut place: usize) -> String {
    let mut text = String::new();
    loop {
        text.insert(0, char::from(b'A' + u8::try_from(place % 26).expect("a letter")));
        if place < 26 {
            return text;
        }
        place = place / 26 - 1;
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn xml(value: &Put) -> String {
    match value {
        Put::Text(text) => format!(" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", escape(text)),
        Put::Rich(first, second) => format!(
            " t=\"inlineStr\"><is><r><t>{}</t></r><r><rPr><b/></rPr><t>{}</t></r><rPh sb=\"0\" eb=\"1\"><t>ヨミ</t></rPh></is></c>",
            escape(first),
            escape(second)
        ),
        Put::Number(number) | Put::Percent(number) | Put::Plain(number) => format!("><v>{number}</v></c>"),
        Put::Bool(value) => format!(" t=\"b\"><v>{}</v></c>", u8::from(*value)),
        Put::Error(error) => format!(" t=\"e\"><v>{error}</v></c>"),
        Put::Formula(formula, Some(value)) => {
            format!(" t=\"str\"><f>{}</f><v>{}</v></c>", escape(formula), escape(value))
        }
        Put::Formula(formula, None) => format!("><f>{}</f></c>", escape(formula)),
        Put::Empty => "/>".to_owned(),
    }
}
