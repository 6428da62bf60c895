//! Texts with `{placeholders}`, and the values that take their places.

use std::collections::BTreeMap;

use super::markdown::Md;
use crate::assess::model::{Evidence, display};
use crate::report::visible;

/// What stands for a value that nobody knows.
pub(super) const UNKNOWN: &str = "?";

/// The values by placeholder.
#[derive(Debug, Clone, Default)]
pub(super) struct Values(BTreeMap<String, Known>);

/// A value, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Known {
    /// The value.
    Value(String),
    /// There is none to put there; why.
    Unknown(String),
    /// It could not be read; why.
    Unread(String),
}

impl Known {
    /// As people read it: the value, that there is none, or a question mark with the reason.
    pub(super) fn shown(&self) -> String {
        match self {
            Known::Value(value) => value.clone(),
            Known::Unknown(reason) | Known::Unread(reason) if reason.is_empty() => UNKNOWN.to_owned(),
            Known::Unknown(reason) => reason.clone(),
            Known::Unread(reason) => format!("{UNKNOWN} ({reason})"),
        }
    }

    /// What stands in a report for a value that could not be read.
    pub(super) fn unread(value: &serde_json::Value) -> Self {
        let shown = display(value);
        let reason = shown.strip_prefix("? (").and_then(|rest| rest.strip_suffix(')')).unwrap_or(&shown);
        Known::Unread(reason.to_owned())
    }
}

impl Values {
    /// Adds a value. An empty one is unknown, with the reason.
    pub(super) fn set(&mut self, name: &str, value: impl Into<String>, otherwise: &str) {
        let value = value.into();
        let known = if value.is_empty() { Known::Unknown(otherwise.to_owned()) } else { Known::Value(value) };
        self.0.insert(name.to_owned(), known);
    }

    /// Adds the fields of a resource. A field that is not set is unknown too: a command has nothing to put there.
    pub(super) fn fields(&mut self, fields: &Evidence, unset: &str) {
        for (name, value) in &fields.0 {
            let known = match value {
                serde_json::Value::Null => Known::Unknown(unset.to_owned()),
                serde_json::Value::Array(items) if items.is_empty() => Known::Unknown(unset.to_owned()),
                serde_json::Value::Object(entries) if entries.contains_key("$unknown") => Known::unread(value),
                other => Known::Value(display(other)),
            };
            self.0.entry(name.clone()).or_insert(known);
        }
    }

    /// Adds what is known already.
    pub(super) fn put(&mut self, name: &str, known: Known) {
        self.0.insert(name.to_owned(), known);
    }

    /// The value of that name.
    pub(super) fn get(&self, name: &str) -> Option<&Known> {
        self.0.get(name)
    }

    /// The names.
    #[cfg(test)]
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether the value is known.
    pub(super) fn has(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Known::Value(_)))
    }
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// As it stands.
    Literal(&'t str),
    /// The name of a placeholder.
    Name(&'t str),
}

/// The pieces of a text. Braces around anything but a name are literal, so that JSON can stand in a command.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(place) = rest.get(from..).and_then(|tail| tail.find('{')).map(|place| place + from) {
        let name = rest.get(place + 1..).and_then(|tail| tail.split_once('}')).map(|(name, _)| name);
        match name.filter(|name| is_name(name)) {
            Some(name) => {
                found.push(Piece::Literal(rest.get(..place).unwrap_or_default()));
                found.push(Piece::Name(name));
                rest = rest.get(place + name.len() + 2..).unwrap_or_default();
                from = 0;
            }
            None => from = place + 1,
        }
    }
    found.push(Piece::Literal(rest));
    found.retain(|piece| *piece != Piece::Literal(""));
    found
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|other| other.is_ascii_lowercase() || other.is_ascii_digit() || other == '_')
}

/// The text with its values, for a cell or a calendar.
pub(super) fn plain(text: &str, values: &Values) -> String {
    let piece = |piece: &Piece<'_>| match piece {
        Piece::Literal(text) => (*text).to_owned(),
        Piece::Name(name) => visible::line(&shown(values, name)).into_owned(),
    };
    pieces(text).iter().map(piece).collect()
}

/// The text with its values, as Markdown.
pub(super) fn md(text: &str, values: &Values) -> Md {
    let mut result = Md::default();
    for piece in pieces(text) {
        result = match piece {
            // Markdown is trimmed at the ends of a line only, and a piece is no line.
            Piece::Literal(text) => result.then(&Md::piece(text)),
            Piece::Name(name) => {
                let shown = shown(values, name);
                result.then(&if is_identifier(&shown) { Md::code(&shown) } else { Md::piece(&shown) })
            }
        };
    }
    result
}

/// Whether a value is to be read letter by letter, unlike `6 h`.
fn is_identifier(value: &str) -> bool {
    value.is_ascii() && !value.contains(' ') && value.contains(['-', ':', '/', '_', '.'])
}

/// A command with its values, each one word of the shell whatever it holds.
pub(super) fn shell(text: &str, values: &Values) -> String {
    let piece = |piece: &Piece<'_>| match piece {
        Piece::Literal(text) => (*text).to_owned(),
        Piece::Name(name) => match values.get(name) {
            Some(Known::Value(value)) => quoted(&visible::line(value)),
            // A command must not run with a word that is no value.
            Some(Known::Unknown(_) | Known::Unread(_)) | None => UNKNOWN.to_owned(),
        },
    };
    pieces(text).iter().map(piece).collect()
}

fn shown(values: &Values, name: &str) -> String {
    values.get(name).map_or_else(|| UNKNOWN.to_owned(), Known::shown)
}

fn quoted(value: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_./:@%+=,".contains(character);
    if !value.is_empty() && value.chars().all(plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_take_their_places() {
        let mut values = Values::default();
        values.set("id", "mks auth'; rm -rf /", "");
        values.set("region", "ap-northeast-1", "");
        values.set("dr_region", "", "none is declared");
        let text = "aws x --id {id} --region {region} --to {dr_region} --json '{\"a\": {}}'";
        assert_eq!(
            shell(text, &values),
            "aws x --id 'mks auth'\\''; rm -rf /' --region ap-northeast-1 --to ? --json '{\"a\": {}}'"
        );
        assert_eq!(plain("{region} ({nothing})", &values), "ap-northeast-1 (?)");
        assert_eq!(md("*{region}*", &values), Md::piece("*").then(&Md::code("ap-northeast-1")).then(&Md::piece("*")));
        assert_eq!(values.get("dr_region").map(Known::shown).as_deref(), Some("none is declared"));
    }

    #[test]
    fn fields_that_are_not_known_say_why() {
        let fields = json!({
            "engine": "mysql", "zone": null, "replicas": [],
            "latest": { "$unknown": { "reason": "denied", "operation": "rds:DescribeDBInstances" } },
        });
        let mut values = Values::default();
        values.set("engine", "postgres", "");
        values.fields(&Evidence(fields.as_object().cloned().expect("an object")), "not set");
        let shown = |name: &str| values.get(name).map(Known::shown).expect("a value");
        assert_eq!(shown("engine"), "postgres", "what is set already stays");
        assert_eq!(shown("zone"), "not set");
        assert_eq!(shown("replicas"), "not set");
        assert_eq!(shown("latest"), "? (denied: rds:DescribeDBInstances)");
        assert!(!values.has("latest") && values.has("engine"));
    }
}
