//! `report.json`: the report model as it is, schema `sonae.report/1`.

use std::path::{Path, PathBuf};

use crate::assess::model::Report;

/// The schema that this version writes and reads.
pub const SCHEMA: &str = "sonae.report/1";

/// The model as indented JSON with a newline at the end. The same model gives the same bytes.
///
/// # Errors
/// A value that JSON cannot hold.
pub fn render(report: &Report) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}

/// Why a text is no report of this version.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// It is no JSON, or not whole.
    #[error("{} is no report: it is no JSON, or it is cut off", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// Where, and what is wrong there.
        source: serde_json::Error,
    },
    /// It is JSON, but of another schema.
    #[error("{}: the schema is `{found}`, and this version of sonae reads `{SCHEMA}`", path.display())]
    Schema {
        /// The file.
        path: PathBuf,
        /// What it says; empty when it says nothing.
        found: String,
    },
    /// It claims to be a report, but a part does not fit.
    #[error("{} is a damaged report", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where, and what is wrong there.
        source: serde_json::Error,
    },
}

/// Reads a `report.json` back.
///
/// # Errors
/// Why it is none.
pub fn read(path: &Path) -> Result<Report, ReadError> {
    let bytes = std::fs::read(path).map_err(|source| ReadError::File { path: path.to_owned(), source })?;
    parse(&bytes, path)
}

/// Reads the text of a `report.json`; the path is for errors.
///
/// # Errors
/// Why it is none.
pub fn parse(bytes: &[u8], path: &Path) -> Result<Report, ReadError> {
    let path = || path.to_owned();
    let json: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|source| ReadError::Json { path: path(), source })?;
    let found = json.get("schema").and_then(serde_json::Value::as_str).unwrap_or_default();
    if found != SCHEMA {
        return Err(ReadError::Schema { path: path(), found: found.to_owned() });
    }
    // Once more from the text, so that an error names its line.
    serde_json::from_slice(bytes).map_err(|source| ReadError::Damaged { path: path(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;
    use crate::report::sample::sample;

    #[test]
    fn reads_back_as_the_same_model() {
        for language in [Language::Ja, Language::En] {
            let report = sample(language);
            let text = render(&report).expect("JSON");
            assert_eq!(text, render(&report).expect("JSON"));
            assert!(text.starts_with("{\n  \"schema\": \"sonae.report/1\"") && text.ends_with("}\n"));
            assert_eq!(parse(text.as_bytes(), Path::new("report.json")).expect("the model"), report);
        }
    }

    #[test]
    fn what_is_no_report_is_told_from_a_damaged_one() {
        let text = render(&sample(Language::En)).expect("JSON");
        let problem = |text: &str| parse(text.as_bytes(), Path::new("old.json")).expect_err("no report").to_string();
        assert!(problem(&text[..200]).contains("old.json is no report"));
        assert!(problem("{}").contains("the schema is ``"));
        assert!(problem(&text.replacen("sonae.report/1", "sonae.report/9", 1)).contains("`sonae.report/9`"));
        assert!(problem(&text.replacen("\"findings\"", "\"found\"", 1)).contains("old.json is a damaged report"));
    }

    #[test]
    fn control_characters_are_escaped() {
        let text = render(&sample(Language::En)).expect("JSON");
        assert!(text.contains("\\u001b[31m") && !text.contains('\u{1b}'));
    }
}
