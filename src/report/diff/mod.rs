//! Two reports compared, as text, JSON, Markdown and a sheet: one renderer a format over the comparison.

pub mod markdown;
pub mod text;

use std::path::{Path, PathBuf};

use super::messages::Messages;
use super::{ReportError, replace, words, xlsx};
use crate::assess::model::{Report, display};
use crate::compare::{Change, Class, Comparison, Difference, State, WorkloadCounts};

/// A format of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For terminals.
    Text,
    /// The comparison itself.
    Json,
    /// A workbook with one sheet.
    Xlsx,
    /// For merge requests and wikis.
    Md,
}

impl Format {
    /// All, in the order in which they are written.
    pub const ALL: [Format; 4] = [Format::Text, Format::Json, Format::Xlsx, Format::Md];

    /// The word of the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
            Format::Xlsx => "xlsx",
            Format::Md => "md",
        }
    }

    /// The name of the file; none for what is printed.
    pub const fn file_name(self) -> Option<&'static str> {
        match self {
            Format::Text => None,
            Format::Json => Some("diff.json"),
            Format::Xlsx => Some("diff.xlsx"),
            Format::Md => Some("diff.md"),
        }
    }
}

/// Writes the files of a comparison with that newer report, each in one piece, and returns them.
///
/// # Errors
/// A layout that fails or a disk that refuses.
pub fn write(
    comparison: &Comparison,
    new: &Report,
    formats: &[Format],
    out: &Path,
) -> Result<Vec<PathBuf>, ReportError> {
    let mut written = Vec::new();
    for format in Format::ALL.into_iter().filter(|format| formats.contains(format)) {
        let Some(name) = format.file_name() else { continue };
        std::fs::create_dir_all(out).map_err(|source| ReportError::Directory { path: out.to_owned(), source })?;
        let bytes = match format {
            Format::Json | Format::Text => json(comparison)?.into_bytes(),
            Format::Xlsx => xlsx::diff::render(comparison, new)?,
            Format::Md => markdown::render(comparison).into_bytes(),
        };
        let path = out.join(name);
        replace(out, &path, &bytes).map_err(|source| ReportError::Write { path: path.clone(), source })?;
        written.push(path);
    }
    Ok(written)
}

/// The comparison as indented JSON with a newline at the end.
fn json(comparison: &Comparison) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(comparison)?;
    text.push('\n');
    Ok(text)
}

/// The classes that a reader of text or Markdown sees one by one; what is still open is as it was, and only counted.
const SHOWN: [Class; 5] = [Class::New, Class::Changed, Class::Fixed, Class::Gone, Class::Unread];

/// The word for a class.
pub(super) fn class(messages: &Messages, class: Class) -> &str {
    messages.get("difference", class.as_str())
}

/// `New 3 / Fixed 1`: the classes that occur, without what is settled.
fn counts(messages: &Messages, counts: &std::collections::BTreeMap<Class, usize>) -> String {
    counts
        .iter()
        .filter(|(class, count)| **count > 0 && !matches!(class, Class::Settled | Class::Added))
        .map(|(key, count)| format!("{} {count}", class(messages, *key)))
        .collect::<Vec<_>>()
        .join(" / ")
}

/// Whether anything of a workload is worth a line.
fn told(workload: &WorkloadCounts) -> bool {
    workload.counts.iter().any(|(class, count)| *count > 0 && !matches!(class, Class::Settled | Class::Added))
}

/// What people call a workload.
pub(super) fn workload(messages: &Messages, key: &str, title: &str) -> String {
    match (key, title) {
        ("", _) => messages.get("diff", "unknown_workload").to_owned(),
        (key, title) if title.is_empty() || title == key => key.to_owned(),
        (key, title) => format!("{title} ({key})"),
    }
}

/// `Pass → Fail`; a side that has no finding is a dash.
fn verdicts(messages: &Messages, found: &Difference) -> String {
    let word = |state: &Option<State>| state.as_ref().map(|state| words::status(messages, state.status).to_owned());
    match (word(&found.old), word(&found.new)) {
        (Some(old), Some(new)) if old == new => new,
        (old, new) => {
            let side = |word: Option<String>| word.unwrap_or_else(|| messages.get("diff", "absent").to_owned());
            messages.format("diff", "from_to", &[("old", &side(old)), ("new", &side(new))])
        }
    }
}

/// What is different beside the verdict, one entry each: `Severity: Medium → High`.
pub(super) fn changes(messages: &Messages, found: &Difference) -> Vec<String> {
    let (Some(old), Some(new)) = (&found.old, &found.new) else { return Vec::new() };
    let mut lines = Vec::new();
    for change in &found.changes {
        let name = messages.get("change", change.as_str());
        let value = |name: &str, old: &str, new: &str| {
            messages.format("diff", "value", &[("name", name), ("old", old), ("new", new)])
        };
        match change {
            Change::Status => {}
            Change::Severity => {
                lines.push(value(
                    name,
                    words::severity(messages, old.severity),
                    words::severity(messages, new.severity),
                ));
            }
            Change::Workload => lines.push(value(name, &old.workload, &new.workload)),
            Change::Reason => lines.push(name.to_owned()),
            Change::Evidence => {
                for name in &found.values {
                    let show = |state: &State| state.evidence.0.get(name).map_or_else(|| "–".to_owned(), display);
                    lines.push(value(name, &show(old), &show(new)));
                }
            }
        }
    }
    lines
}

/// The finding as it is now, or as it was when it is gone.
fn state(found: &Difference) -> Option<&State> {
    found.new.as_ref().or(found.old.as_ref())
}

/// `111111111111/ap-northeast-1`; empty for a workload.
fn place(found: &Difference) -> String {
    let parts = [found.account.as_str(), found.region.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

/// A time for people, in UTC.
fn time(timestamp: jiff::Timestamp) -> String {
    timestamp.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
