//! Reading YAML with the place of every value.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_saphyr::{Error, Location, Spanned};

use crate::diagnostic::{Diagnostic, SourceFile, suggestion};

/// Reads a file into a type.
///
/// # Errors
/// The first thing that is not YAML or does not fit the type, with its place and, for a misspelt name, a suggestion.
pub fn parse<T: DeserializeOwned>(file: &SourceFile) -> Result<T, Box<Diagnostic>> {
    let options = serde_saphyr::options! {
        // Without it YAML 1.1 booleans such as `no` become false.
        strict_booleans: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(&file.text, options)
        .map_err(|error| Box::new(diagnose(file, error.without_snippet())))
}

/// The bytes of a value.
pub fn span<T>(value: &Spanned<T>) -> Range<usize> {
    bytes(value.defined)
}

fn bytes(location: Location) -> Range<usize> {
    let span = location.span();
    let start = usize::try_from(span.byte_offset().unwrap_or(0)).unwrap_or(usize::MAX);
    let length = usize::try_from(span.byte_len().unwrap_or(1)).unwrap_or(1).max(1);
    start..start.saturating_add(length)
}

fn diagnose(file: &SourceFile, error: &Error) -> Diagnostic {
    let span = error.location().map_or(0..0, |location| match location.span().byte_offset() {
        Some(_) => bytes(location),
        // What is no YAML at all is known by line and column only.
        None => {
            let lines = file.text.split_inclusive('\n');
            let before = usize::try_from(location.line()).unwrap_or(1).max(1) - 1;
            let column = usize::try_from(location.column()).unwrap_or(1).max(1) - 1;
            let start: usize = lines.clone().take(before).map(str::len).sum();
            let within = lines.skip(before).flat_map(str::chars).take(column).map(char::len_utf8).sum::<usize>();
            start + within..start + within + 1
        }
    });
    let names = |expected: &[&str]| format!("the names allowed here are {}", expected.join(", "));
    match error {
        Error::SerdeUnknownField { field, expected, .. } => {
            let diagnostic = Diagnostic::error(file, span, format!("there is no key `{field}` here"));
            match suggestion(field, expected.iter().copied()) {
                Some(name) => diagnostic.label("unknown key").help(format!("did you mean `{name}`?")),
                None => diagnostic.label("unknown key").help(names(expected)),
            }
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            let diagnostic = Diagnostic::error(file, span, format!("`{variant}` is not one of the words allowed here"));
            match suggestion(variant, expected.iter().copied()) {
                Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
                None => diagnostic.help(names(expected)),
            }
        }
        Error::SerdeMissingField { field, .. } => {
            Diagnostic::error(file, span, format!("the key `{field}` is missing"))
                .label("it belongs here")
                .help(format!("add `{field}:`"))
        }
        other => {
            let message = other.to_string();
            // The library appends "at line .., column .."; the quoted line says so already.
            let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
            Diagnostic::error(file, span, message)
                .help("check the indentation and the quotes of this line and the one above it")
        }
    }
}
