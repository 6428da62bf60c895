//! What people write into cells, as the files have it.

use jiff::civil::Date;
use serde_json::Value as Json;

use super::workbook::Content;
use crate::model::{AnswerStatus, Language, Seconds};
use crate::report::messages::Messages;
use crate::report::xlsx::layout;
use crate::rules::raw::ParamType;

/// What a cell is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// An answer status.
    Status,
    /// A text.
    Text,
    /// A day.
    Day,
    /// A fact.
    Fact(ParamType),
}

/// Why a cell is not taken: the key of the sentence, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reason {
    pub(super) key: &'static str,
    pub(super) value: String,
    /// What may be meant instead; empty for nothing.
    pub(super) instead: String,
}

fn no(key: &'static str, value: impl Into<String>) -> Reason {
    Reason { key, value: value.into(), instead: String::new() }
}

/// The form of a field of the answers or waivers file.
pub(super) fn form(field: &str) -> Form {
    match field {
        "status" => Form::Status,
        "due" | "answered_at" | "next_review" | "expires" => Form::Day,
        _ => Form::Text,
    }
}

/// What a cell says, in the words of the files; empty for an empty cell. `before` is what the cell held when it was
/// exported: it stands as it was, whatever its form.
pub(super) fn read(content: Option<&Content>, form: Form, before: Option<&str>) -> Result<String, Reason> {
    let Some(content) = content else { return Ok(String::new()) };
    let text = shown(content)?;
    let text = normal(&text);
    if before.is_some_and(|before| normal(before) == text) {
        return Ok(before.unwrap_or_default().to_owned());
    }
    if text.is_empty() {
        return Ok(text);
    }
    match form {
        Form::Text => Ok(text),
        Form::Status => {
            status(&text).map(|status| layout::status_key(status).to_owned()).ok_or(no("not_a_status", text))
        }
        Form::Day => day(content, &text).map(|day| day.to_string()),
        Form::Fact(ParamType::Timestamp) => match content {
            Content::Text(_) if text.parse::<jiff::Timestamp>().is_ok() => Ok(text),
            _ => day(content, &text).map(|day| day.to_string()),
        },
        Form::Fact(ParamType::Bool) => match yes_no(content, &text) {
            Some(value) => Ok(value.to_string()),
            None => Err(no("not_yes_no", text)),
        },
        Form::Fact(ParamType::Int) => match ascii(&text).parse::<i64>() {
            Ok(number) => Ok(number.to_string()),
            Err(_) => Err(no("not_an_int", text)),
        },
        Form::Fact(ParamType::Duration) => match duration(&text) {
            Some(length) if matches!(content, Content::Text(_)) => Ok(length.to_string()),
            _ => Err(no("not_a_duration", text)),
        },
        Form::Fact(ParamType::String) => Ok(text),
        Form::Fact(ParamType::Strings) => Ok(layout::fact_text(&strings(&text))),
    }
}

/// A fact as the answers file has it. The text is one that [`read`] returned.
pub(super) fn fact(text: &str, ty: ParamType) -> Json {
    match ty {
        _ if text.is_empty() => Json::Null,
        ParamType::Bool => Json::Bool(text == "true"),
        ParamType::Int => text.parse::<i64>().map_or_else(|_| Json::from(text), Json::from),
        ParamType::Strings => strings(text),
        ParamType::String | ParamType::Duration | ParamType::Timestamp => Json::from(text),
    }
}

/// What people see in a cell.
fn shown(content: &Content) -> Result<String, Reason> {
    Ok(match content {
        Content::Text(text) => text.clone(),
        Content::Number(number) => number.to_string(),
        // Two digits behind the point are more than anybody writes.
        Content::Percent(number) => format!("{}%", (number * 10_000.0).round() / 100.0),
        Content::Bool(value) => value.to_string(),
        Content::Day(day) if day.time() == jiff::civil::Time::midnight() => day.date().to_string(),
        Content::Day(day) => day.to_string(),
        Content::OtherTime(serial) => return Err(no("time_of_day", serial.to_string())),
        Content::Error(error) => return Err(no("error_value", error)),
        Content::Formula => return Err(no("formula", "")),
        Content::Merged => return Err(no("merged", "")),
    })
}

/// Without the differences that programs make: line breaks, and white space at the ends of lines and of the text.
pub(super) fn normal(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// Full-width letters, digits and marks as ASCII.
pub(super) fn ascii(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\u{3000}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
            other => other,
        })
        .collect()
}

/// A status in either language, or as the file has it.
fn status(text: &str) -> Option<AnswerStatus> {
    let text = ascii(text).trim().to_lowercase();
    AnswerStatus::ALL.into_iter().find(|status| {
        let key = layout::status_key(*status);
        [Language::Ja, Language::En]
            .into_iter()
            .any(|language| Messages::of(language).get("answer_status", key).to_lowercase() == text)
            || key == text
    })
}

fn yes_no(content: &Content, text: &str) -> Option<bool> {
    if let Content::Bool(value) = content {
        return Some(*value);
    }
    let text = ascii(text).to_lowercase();
    let is = |key: &str| {
        [Language::Ja, Language::En]
            .into_iter()
            .any(|language| Messages::of(language).get("fact_value", key).to_lowercase() == text)
    };
    match text.as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ if is("yes") => Some(true),
        _ if is("no") => Some(false),
        _ => None,
    }
}

/// The first and last day that a program's calendar and a plan agree on.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2199;

fn day(content: &Content, text: &str) -> Result<Date, Reason> {
    let found = match content {
        Content::Day(day) => Some(day.date()),
        // A day whose format was lost is the number of days since the end of 1899.
        Content::Number(number) if number.fract() == 0.0 && (36_526.0..=109_574.0).contains(number) => {
            #[allow(clippy::cast_possible_truncation)]
            let days = *number as i64;
            Date::new(1899, 12, 30).ok().and_then(|start| start.checked_add(jiff::Span::new().days(days)).ok())
        }
        Content::Text(_) => written_day(&ascii(text)),
        _ => None,
    };
    match found {
        Some(day) if YEARS.contains(&day.year()) => Ok(day),
        Some(_) => Err(no("day_out_of_range", text)),
        None => Err(no("not_a_day", text)),
    }
}

/// `2026-10-01`, `2026/10/1`, `2026.10.1`, `2026年10月1日`, `令和8年10月1日`, with or without a time of day behind it.
/// What begins with a day or month may mean two days, and is none.
fn written_day(text: &str) -> Option<Date> {
    let text = text.trim();
    let (era, rest) = match text.strip_prefix("令和").or_else(|| text.strip_prefix('R')) {
        Some(rest) => (2018, rest.trim_start()),
        None => (0, text),
    };
    let rest = rest.replace("元年", "1年");
    let day = rest.split(['T', ' ']).next().filter(|_| !rest.contains('年')).unwrap_or(&rest);
    let parts: Vec<&str> = day
        .split(['-', '/', '.', '年', '月', '日'])
        .map(str::trim)
        .enumerate()
        .filter(|(place, part)| *place < 3 || !part.is_empty())
        .map(|(_, part)| part)
        .collect();
    let [year, month, day] = parts.as_slice() else { return None };
    if era == 0 && year.len() != 4 {
        return None;
    }
    let digits = |part: &str| (!part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())).then_some(());
    digits(year)?;
    digits(month)?;
    digits(day)?;
    Date::new(era + year.parse::<i16>().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `1h 30m`, `PT2H`, `2時間30分`, `7日`.
fn duration(text: &str) -> Option<Seconds> {
    let mut text = ascii(text);
    // The longer words first: 時間 holds 時 and 間.
    for (word, unit) in [("週間", "w "), ("日間", "d "), ("時間", "h "), ("分間", "m "), ("秒間", "s ")] {
        text = text.replace(word, unit);
    }
    for (word, unit) in [("日", "d "), ("分", "m "), ("秒", "s ")] {
        text = text.replace(word, unit);
    }
    Seconds::parse(&text).ok()
}

/// By lines where there are several, or else by commas.
fn strings(text: &str) -> Json {
    let lines = text.contains('\n');
    let items = text.split(|character: char| match character {
        '\n' => true,
        ',' | '、' | '，' | ';' => !lines,
        _ => false,
    });
    items.map(str::trim).filter(|item| !item.is_empty()).map(Json::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Content {
        Content::Text(text.to_owned())
    }

    #[test]
    fn days_as_people_write_them() {
        for written in [
            "2026-10-01",
            "2026/10/1",
            "2026.10.01",
            "２０２６／１０／１",
            "2026年10月1日",
            "2026年 10月 1日",
            "令和8年10月1日",
            "R8.10.1",
            "2026-10-01 00:00:00",
            "2026-10-01T09:00:00",
        ] {
            assert_eq!(read(Some(&text(written)), Form::Day, None), Ok("2026-10-01".to_owned()), "{written}");
        }
        assert_eq!(read(Some(&Content::Number(46_296.0)), Form::Day, None), Ok("2026-10-01".to_owned()));
        for wrong in ["2026/13/01", "10/1/2026", "1/10", "soon", "2026-02-30", "26-10-01", "2026-10", "2026-10-01-02"] {
            assert_eq!(read(Some(&text(wrong)), Form::Day, None).unwrap_err().key, "not_a_day", "{wrong}");
        }
        assert_eq!(read(Some(&text("1999-12-31")), Form::Day, None).unwrap_err().key, "day_out_of_range");
        assert_eq!(read(Some(&Content::Number(5.5)), Form::Day, None).unwrap_err().key, "not_a_day");
    }

    #[test]
    fn facts_in_both_languages() {
        let fact_of = |written: &str, ty| read(Some(&text(written)), Form::Fact(ty), None).map(|read| fact(&read, ty));
        for (written, meant) in
            [("7時間", "7h"), ("1時間30分", "1h 30m"), ("PT2H", "2h"), ("７日", "7d"), ("1h30m", "1h 30m")]
        {
            assert_eq!(fact_of(written, ParamType::Duration), Ok(Json::from(meant)), "{written}");
        }
        for (written, meant) in [("はい", true), ("いいえ", false), ("Yes", true), ("no", false), ("TRUE", true)] {
            assert_eq!(fact_of(written, ParamType::Bool), Ok(Json::from(meant)), "{written}");
        }
        let list = Json::from(vec!["az", "region"]);
        for written in ["az, region", "az、region", "az\nregion\n", " az ; region "] {
            assert_eq!(fact_of(written, ParamType::Strings), Ok(list.clone()), "{written}");
        }
        assert_eq!(fact_of("東京, 大阪\n福岡", ParamType::Strings), Ok(Json::from(vec!["東京, 大阪", "福岡"])));
        assert_eq!(fact_of("１２", ParamType::Int), Ok(Json::from(12)));
        for (wrong, ty, key) in [
            ("maybe", ParamType::Bool, "not_yes_no"),
            ("3.5", ParamType::Int, "not_an_int"),
            ("5%", ParamType::Int, "not_an_int"),
            ("a month", ParamType::Duration, "not_a_duration"),
        ] {
            assert_eq!(read(Some(&text(wrong)), Form::Fact(ty), None).unwrap_err().key, key, "{wrong}");
        }
        // A spreadsheet takes 1:30 for a time of the day, and a bare number has no unit.
        assert_eq!(
            read(Some(&Content::OtherTime(0.0625)), Form::Fact(ParamType::Duration), None).unwrap_err().key,
            "time_of_day"
        );
        assert!(read(Some(&Content::Number(90.0)), Form::Fact(ParamType::Duration), None).is_err());
    }

    #[test]
    fn what_was_there_stands_as_it_was() {
        let before = "PT7H";
        let form = Form::Fact(ParamType::Duration);
        assert_eq!(read(Some(&text("PT7H\r\n")), form, Some(before)), Ok(before.to_owned()));
        assert_eq!(read(Some(&text("8h")), form, Some(before)), Ok("8h".to_owned()));
        assert_eq!(read(None, form, Some(before)), Ok(String::new()));
    }

    #[test]
    fn numbers_are_what_people_see() {
        assert_eq!(read(Some(&Content::Number(1042.0)), Form::Text, None), Ok("1042".to_owned()));
        assert_eq!(read(Some(&Content::Percent(0.05)), Form::Text, None), Ok("5%".to_owned()));
        assert_eq!(read(Some(&text("進行中")), Form::Status, None).unwrap_err().key, "not_a_status");
        assert_eq!(read(Some(&text("対応中 ")), Form::Status, None), Ok("in_progress".to_owned()));
        assert_eq!(read(Some(&text("DONE")), Form::Status, None), Ok("done".to_owned()));
    }
}
