//! Report: one renderer a format over the one report model.

pub mod diff;
pub mod html;
pub mod json;
pub mod messages;
pub mod text;
pub mod visible;
mod words;
pub mod xlsx;

#[cfg(test)]
pub(crate) mod sample;

use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::assess::model::Report;

/// A format of the reports that are files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// The development checklist as a workbook.
    Xlsx,
    /// One page for browsers, with everything inside.
    Html,
    /// The report model itself.
    Json,
}

impl Format {
    /// All, in the order in which they are written.
    pub const ALL: [Format; 3] = [Format::Xlsx, Format::Html, Format::Json];

    /// The word of the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Format::Xlsx => "xlsx",
            Format::Html => "html",
            Format::Json => "json",
        }
    }

    /// The name of the file. It is part of the contract: scripts rely on it.
    pub const fn file_name(self) -> &'static str {
        match self {
            Format::Xlsx => "checklist.xlsx",
            Format::Html => "report.html",
            Format::Json => "report.json",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// A word that names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no report format; the formats are xlsx, html and json")]
pub struct UnknownFormat(pub String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let word = text.trim();
        Self::ALL
            .into_iter()
            .find(|format| format.as_str().eq_ignore_ascii_case(word))
            .ok_or_else(|| UnknownFormat(word.to_owned()))
    }
}

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The directory for the reports cannot be made.
    #[error("cannot create the directory {} for the reports", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The workbook cannot be laid out.
    #[error("cannot lay out the workbook")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// The page cannot be laid out.
    #[error("cannot lay out the HTML page")]
    Html(#[from] askama::Error),
    /// The model cannot be written as JSON.
    #[error("cannot write the report model as JSON")]
    Json(#[from] serde_json::Error),
}

/// The bytes of one report. The same model gives the same bytes.
///
/// # Errors
/// What the layout of that format refuses.
pub fn render(report: &Report, format: Format) -> Result<Vec<u8>, ReportError> {
    Ok(match format {
        Format::Xlsx => xlsx::render(report)?,
        Format::Html => html::render(report)?.into_bytes(),
        Format::Json => json::render(report)?.into_bytes(),
    })
}

/// Writes the reports into a directory, which is made when it is not there, and returns the files in the order of
/// `formats`. A format that is named twice is written once. Each file appears whole or not at all: one that was there
/// before stays until the new one is complete.
///
/// # Errors
/// A layout that fails or a disk that refuses; reports written before that stay.
pub fn write(report: &Report, formats: &[Format], out: &Path) -> Result<Vec<PathBuf>, ReportError> {
    std::fs::create_dir_all(out).map_err(|source| ReportError::Directory { path: out.to_owned(), source })?;
    let mut written = Vec::with_capacity(formats.len());
    for format in formats {
        let path = out.join(format.file_name());
        if written.contains(&path) {
            continue;
        }
        let bytes = render(report, *format)?;
        replace(out, &path, &bytes).map_err(|source| ReportError::Write { path: path.clone(), source })?;
        written.push(path);
    }
    Ok(written)
}

pub(crate) fn replace(directory: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".sonae-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Temporary files are private by default; a report is meant to be handed on, so the umask decides.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(directory)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;

    #[test]
    fn formats_are_words_and_file_names() {
        for format in Format::ALL {
            assert_eq!(format.as_str().parse(), Ok(format));
            assert_eq!(format.to_string(), format.as_str());
        }
        assert_eq!(" XLSX ".parse(), Ok(Format::Xlsx));
        assert_eq!("pdf".parse::<Format>(), Err(UnknownFormat("pdf".to_owned())));
        assert_eq!(Format::ALL.map(Format::file_name), ["checklist.xlsx", "report.html", "report.json"]);
    }

    #[test]
    fn writes_each_file_once_and_replaces_what_was_there() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let out = directory.path().join("new").join("reports");
        let report = sample::sample(Language::En);
        for _ in 0..2 {
            let files = write(&report, &[Format::Json, Format::Xlsx, Format::Json], &out).expect("the reports");
            assert_eq!(files, [out.join("report.json"), out.join("checklist.xlsx")]);
        }
        let mut names: Vec<_> =
            out.read_dir().expect("the directory").map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        assert_eq!(names, ["checklist.xlsx", "report.json"], "no temporary file stays");
    }

    #[test]
    fn a_directory_that_cannot_be_made_is_named() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let error = write(&sample::sample(Language::Ja), &[Format::Json], file.path()).expect_err("it is a file");
        assert!(matches!(error, ReportError::Directory { .. }), "{error:?}");
        assert!(error.to_string().contains(&file.path().display().to_string()), "{error}");
    }
}
