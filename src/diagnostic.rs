//! Problems in files that people write: rules, manifests, answers, waivers.
//!
//! All problems of all files are gathered and shown at once, each with file, line, column, cause and cure.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// A file with its text, for quoting.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The path as the user wrote it.
    pub path: PathBuf,
    /// The text.
    pub text: Arc<str>,
}

impl SourceFile {
    /// Reads a file.
    ///
    /// # Errors
    /// It is missing, unreadable or no UTF-8.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Self { path: path.to_owned(), text: text.into() }),
            Err(source) => Err(FileError { path: path.to_owned(), source }),
        }
    }

    /// A text that stands for a file.
    pub fn new(path: impl Into<PathBuf>, text: &str) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// Line and column of a byte, both counted from one.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset.min(self.text.len())).unwrap_or(&self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        (line, column)
    }
}

/// A file that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}", path.display())]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// The system's answer.
    #[source]
    pub source: std::io::Error,
}

/// A value with its place in a file, for problems that show later.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// The file.
    pub file: SourceFile,
    /// The bytes of the file that hold it.
    pub span: Range<usize>,
}

impl<T> Placed<T> {
    /// An error at the value's place.
    pub fn error(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(&self.file, self.span.clone(), message)
    }
}

/// Whether a problem stops the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// It does.
    Error,
    /// It does not.
    Warning,
}

/// A problem at one place of a file.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// Whether it stops the run.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What is wrong right here, under the quoted text.
    pub label: String,
    /// The cure.
    pub help: Option<String>,
    /// The file.
    pub file: SourceFile,
    /// The bytes of the file that are meant.
    pub span: Range<usize>,
}

impl Diagnostic {
    /// An error at that place.
    pub fn error(file: &SourceFile, span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            label: String::new(),
            help: None,
            file: file.clone(),
            span,
        }
    }

    /// A warning at that place.
    pub fn warning(file: &SourceFile, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(file, span, message) }
    }

    /// Adds what is wrong right here.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds the cure.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Renders with the quoted line, for a terminal.
    pub fn render(&self, color: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let length = self.file.text.len();
        let start = floor_char(&self.file.text, self.span.start.min(length));
        let end = floor_char(&self.file.text, self.span.end.clamp(start, length));
        let path = self.file.path.display().to_string();
        let mut annotation = AnnotationKind::Primary.span(start..end);
        if !self.label.is_empty() {
            annotation = annotation.label(self.label.as_str());
        }
        let mut group = level
            .primary_title(self.message.as_str())
            .element(Snippet::source(&*self.file.text).path(path.as_str()).annotation(annotation));
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

fn floor_char(text: &str, mut index: usize) -> usize {
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

impl fmt::Display for Diagnostic {
    /// One line: `file:line:column: message`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.file.position(self.span.start);
        write!(formatter, "{}:{line}:{column}: {}", self.file.path.display(), self.message)?;
        if !self.label.is_empty() {
            write!(formatter, ": {}", self.label)?;
        }
        Ok(())
    }
}

/// All problems that were found; at least one is an error.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Diagnostics(pub Vec<Diagnostic>);

/// "did you mean" for a misspelt name.
pub fn suggestion<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let best = names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&wrong.to_lowercase(), &name.to_lowercase()), name))
        .min_by_key(|(distance, _)| *distance)?;
    // A third of the letters may be wrong: enough for slips of the finger, too little for another word.
    (best.0 <= (wrong.chars().count().max(3)).div_ceil(3)).then_some(best.1)
}
