//! The calendar as iCalendar (RFC 5545): whole days, times in UTC, the same bytes for the same report.

use std::fmt::Write as _;

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use super::Event;
use crate::assess::model::Report;
use crate::report::messages::Messages;
use crate::report::visible;

/// What RFC 5545 allows in a line, in octets and without its end.
const OCTETS: usize = 75;

/// The calendar as a file.
pub fn write(report: &Report) -> String {
    let words = Messages::of(report.language);
    let stamp = report.snapshot.taken_at.strftime("%Y%m%dT%H%M%SZ").to_string();
    let name = words.format("schedule", "calendar", &[("organization", &visible::prose(&report.organization))]);
    let mut file = Lines::default();
    file.line("BEGIN", "VCALENDAR");
    file.line("VERSION", "2.0");
    file.text("PRODID", &format!("-//Sonae//Sonae {}//EN", visible::line(&report.sonae)));
    file.line("CALSCALE", "GREGORIAN");
    file.line("METHOD", "PUBLISH");
    file.text("NAME", &name);
    file.text("X-WR-CALNAME", &name);
    for event in super::events(report) {
        one(&mut file, &event, &report.organization, &stamp, words);
    }
    file.line("END", "VCALENDAR");
    file.0
}

fn one(file: &mut Lines, event: &Event, organization: &str, stamp: &str, words: &Messages) {
    file.line("BEGIN", "VEVENT");
    file.line("UID", &uid(organization, &event.key));
    file.line("DTSTAMP", stamp);
    file.line("DTSTART;VALUE=DATE", &day(event.date));
    // The end is the first day that no longer belongs to it.
    file.line("DTEND;VALUE=DATE", &day(super::days_after(event.date, 1)));
    file.text("SUMMARY", &event.title);
    if !event.description.is_empty() {
        file.text("DESCRIPTION", &event.description);
    }
    file.text("CATEGORIES", words.get("schedule", event.kind.as_str()));
    file.line("STATUS", if event.tentative { "TENTATIVE" } else { "CONFIRMED" });
    file.line("TRANSP", "TRANSPARENT");
    if let Some(days) = event.reminder {
        file.line("BEGIN", "VALARM");
        file.line("ACTION", "DISPLAY");
        file.text("DESCRIPTION", &event.title);
        file.line("TRIGGER", &format!("-P{days}D"));
        file.line("END", "VALARM");
    }
    file.line("END", "VEVENT");
}

/// The same for the same thing of the same organisation: a calendar that imports the file again moves its events instead
/// of adding others.
fn uid(organization: &str, key: &str) -> String {
    let digest = Sha256::digest(format!("{organization}\n{key}").as_bytes());
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{hex}@sonae")
}

fn day(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A property with a value of type TEXT.
    fn text(&mut self, name: &str, text: &str) {
        let mut value = String::with_capacity(text.len() + 8);
        for character in text.chars() {
            match character {
                '\\' | ';' | ',' => value.extend(['\\', character]),
                '\n' => value.push_str("\\n"),
                // No other control is allowed in a value.
                other if other.is_control() => value.push(' '),
                other => value.push(other),
            }
        }
        self.line(name, &value);
    }

    /// A property, folded so that no line is longer than allowed.
    fn line(&mut self, name: &str, value: &str) {
        let mut room = OCTETS;
        for character in format!("{name}:{value}").chars() {
            if character.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = OCTETS - 1;
            }
            room -= character.len_utf8();
            self.0.push(character);
        }
        // Writing to a String cannot fail.
        let _ = write!(self.0, "\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters() {
        let mut file = Lines::default();
        file.text("SUMMARY", &"災害対策訓練".repeat(20));
        for line in file.0.split_terminator("\r\n") {
            assert!(line.len() <= OCTETS, "{line}");
        }
        assert_eq!(file.0.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", "災害対策訓練".repeat(20)));
    }

    #[test]
    fn texts_cannot_add_properties() {
        let mut file = Lines::default();
        file.text("SUMMARY", "a;b,c\\d\r\nEND:VEVENT\u{7}");
        assert_eq!(file.0, "SUMMARY:a\\;b\\,c\\\\d \\nEND:VEVENT \r\n");
    }
}
