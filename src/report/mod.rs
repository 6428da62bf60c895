//! Report: one renderer a format over the one report model.

pub mod diff;
pub mod documents;
pub mod html;
pub mod json;
pub mod messages;
pub mod schedule;
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
    /// A directory of what teams need on paper, as Markdown, and the calendar.
    Documents,
}

impl Format {
    /// All, in the order in which they are written.
    pub const ALL: [Format; 4] = [Format::Xlsx, Format::Html, Format::Json, Format::Documents];

    /// The word of the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Format::Xlsx => "xlsx",
            Format::Html => "html",
            Format::Json => "json",
            Format::Documents => "documents",
        }
    }

    /// The name of the file, or of the directory. It is part of the contract: scripts rely on it.
    pub const fn file_name(self) -> &'static str {
        match self {
            Format::Xlsx => "checklist.xlsx",
            Format::Html => "report.html",
            Format::Json => "report.json",
            Format::Documents => "documents",
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
#[error("`{0}` is no report format; the formats are xlsx, html, json and documents")]
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
    /// The texts of the documents are damaged, which the tests rule out.
    #[error("cannot read the texts of the documents")]
    Documents(#[from] crate::diagnostic::Diagnostics),
    /// The model cannot be written as JSON.
    #[error("cannot write the report model as JSON")]
    Json(#[from] serde_json::Error),
}

/// A file of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    /// Where it belongs, relative to the directory of the reports, with `/` between the parts.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The files of one report: one for most formats. The same model gives the same bytes.
///
/// # Errors
/// What the layout of that format refuses.
pub fn render(report: &Report, format: Format) -> Result<Vec<ReportFile>, ReportError> {
    let one = |bytes| vec![ReportFile { path: format.file_name().to_owned(), bytes }];
    Ok(match format {
        Format::Xlsx => one(xlsx::render(report)?),
        Format::Html => one(html::render(report)?.into_bytes()),
        Format::Json => one(json::render(report)?.into_bytes()),
        Format::Documents => documents::render(report)?
            .into_iter()
            .map(|(path, text)| ReportFile { path: format!("{}/{path}", format.file_name()), bytes: text.into_bytes() })
            .collect(),
    })
}

/// Writes the reports into a directory, which is made when it is not there, and returns what was written in the order
/// of `formats`: a file or directory for each. A format that is named twice is written once. Each file appears whole or
/// not at all: one that was there before stays until the new one is complete. Other files in a directory are left alone,
/// since people keep notes beside what is generated.
///
/// # Errors
/// A layout that fails or a disk that refuses; reports written before that stay.
pub fn write(report: &Report, formats: &[Format], out: &Path) -> Result<Vec<PathBuf>, ReportError> {
    let create = |path: &Path| {
        std::fs::create_dir_all(path).map_err(|source| ReportError::Directory { path: path.to_owned(), source })
    };
    create(out)?;
    let mut written = Vec::with_capacity(formats.len());
    for format in formats {
        let whole = out.join(format.file_name());
        if written.contains(&whole) {
            continue;
        }
        for file in render(report, *format)? {
            let path = out.join(&file.path);
            let directory = path.parent().unwrap_or(out);
            create(directory)?;
            replace(directory, &path, &file.bytes)
                .map_err(|source| ReportError::Write { path: path.clone(), source })?;
        }
        written.push(whole);
    }
    Ok(written)
}

/// Writes one file, whole or not at all.
///
/// # Errors
/// A disk that refuses.
pub fn replace_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    replace(directory, path, bytes)
}

/// The same, where the directory is known.
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
        assert_eq!(Format::ALL.map(Format::file_name), ["checklist.xlsx", "report.html", "report.json", "documents"]);
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
