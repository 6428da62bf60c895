//! The workbook, opened the way a spreadsheet program opens it.

use std::io::{Cursor, Read as _};

use calamine::{Data, DataType as _, Reader as _, Xlsx};
use insta::assert_snapshot;

use crate::common::demo;

fn open(bytes: &[u8]) -> Xlsx<Cursor<&[u8]>> {
    Xlsx::new(Cursor::new(bytes)).expect("a workbook")
}

/// The rows of a sheet as texts.
fn rows(bytes: &[u8], sheet: &str) -> Vec<Vec<String>> {
    let range = open(bytes).worksheet_range(sheet).unwrap_or_else(|error| panic!("{sheet}: {error}"));
    range.rows().map(|row| row.iter().map(|cell| cell.as_string().unwrap_or_default()).collect()).collect()
}

/// The parts of the file whose name begins like this, as text.
fn parts(bytes: &[u8], prefix: &str) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip archive");
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.expect("UTF-8").into_owned())
        .filter(|name| name.starts_with(prefix))
        .collect();
    let mut parts = Vec::new();
    for name in names {
        let mut text = String::new();
        archive.by_name(&name).expect("the part").read_to_string(&mut text).expect("UTF-8");
        parts.push((name, text));
    }
    parts.sort();
    parts
}

/// The names of the sheets with the header of each table: the row with the most cells among the first ten.
fn layout(bytes: &[u8]) -> String {
    let names = open(bytes).sheet_names();
    let mut lines = Vec::new();
    for name in names {
        let rows = rows(bytes, &name);
        let filled = |row: &&Vec<String>| row.iter().filter(|cell| !cell.is_empty()).count();
        let header = rows.iter().take(1).max_by_key(filled).cloned().unwrap_or_default();
        lines.push(format!(
            "{name}: {}",
            header.iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>().join(" | ")
        ));
    }
    lines.join("\n")
}

#[test]
fn sheets_and_headers_in_japanese() {
    assert_snapshot!(layout(&demo("ja").xlsx));
}

#[test]
fn sheets_and_headers_in_english() {
    assert_snapshot!(layout(&demo("en").xlsx));
}

#[test]
fn the_checklist_has_a_row_for_each_line_with_its_verdict() {
    for (language, words) in [
        ("ja", ["不適合", "確認不能", "要回答", "適用除外", "適合", "対象外"]),
        ("en", ["Fail", "Unknown", "Needs an answer", "Waived", "Pass", "Not applicable"]),
    ] {
        let (bytes, report) = (&demo(language).xlsx, &demo(language).json);
        let sheet = open(bytes).sheet_names()[1].clone();
        let rows = rows(bytes, &sheet);
        let checklist = report["checklist"].as_array().expect("the checklist");
        assert_eq!(rows.len() - 1, checklist.len(), "{language}: one row a line below the header");
        for (row, line) in rows.iter().skip(1).zip(checklist) {
            let rule = line["rule"].as_str().expect("a rule");
            let item = line["item"].as_str().expect("an item");
            assert!(row.iter().any(|cell| cell.starts_with(item)), "{language} {rule}: {row:?}");
            let verdict = match line["verdict"].as_str().expect("a verdict") {
                "fail" => words[0],
                "unknown" => words[1],
                "manual" => words[2],
                "waived" => words[3],
                "pass" => words[4],
                _ => words[5],
            };
            assert!(row.iter().any(|cell| cell == verdict), "{language} {rule}: {verdict} is not in {row:?}");
        }
    }
}

#[test]
fn the_findings_have_a_row_each() {
    let (bytes, report) = (&demo("ja").xlsx, &demo("ja").json);
    let sheet = open(bytes).sheet_names()[3].clone();
    assert_eq!(rows(bytes, &sheet).len() - 1, report["findings"].as_array().expect("findings").len());
}

#[test]
fn no_cell_is_a_formula_or_an_error() {
    for language in ["ja", "en"] {
        let bytes = &demo(language).xlsx;
        let sheets = parts(bytes, "xl/worksheets/sheet");
        assert_eq!(sheets.len(), open(bytes).sheet_names().len());
        for (name, text) in sheets {
            assert!(!text.contains("<f>") && !text.contains("<f "), "{name} holds a formula");
        }
        for name in open(bytes).sheet_names() {
            let range = open(bytes).worksheet_range(&name).expect("the sheet");
            assert!(!range.used_cells().any(|(.., cell)| matches!(cell, Data::Error(_))), "{name}");
        }
    }
}

#[test]
fn answers_are_chosen_from_a_list_and_due_days_are_dates() {
    for (language, words) in
        [("ja", "未対応,対応中,完了,対象外"), ("en", "Not started,In progress,Done,Not applicable")]
    {
        let bytes = &demo(language).xlsx;
        let (_, checklist) = parts(bytes, "xl/worksheets/sheet2.xml").remove(0);
        assert!(checklist.contains("type=\"list\"") && checklist.contains("type=\"date\""));
        assert!(checklist.contains(words), "{language}: the list offers {words}");
    }
}

#[test]
fn nothing_leaves_the_workbook() {
    let bytes = &demo("ja").xlsx;
    for (name, text) in parts(bytes, "") {
        assert!(!name.contains("externalLink") && !name.contains("vbaProject"), "{name}");
        // A command of the demo names file://plan.json; a link to a file would stand in the relations.
        assert!(!name.contains("_rels/") || !text.contains("file:"), "{name}");
    }
}
