//! Values as JSON, read and written by their schema.
//!
//! Times are RFC 3339, durations ISO 8601, an unknown value is `{"$unknown": {"reason": ..., ...}}`. A field that
//! nothing has read is left out.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::duration::Seconds;
use super::resource::not_collected;
use super::schema::{Field, Type};
use super::value::{Unknown, UnknownReason, Value};

const UNKNOWN: &str = "$unknown";

/// A JSON value that does not fit the schema.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{path}: {problem}")]
pub struct ShapeError {
    /// Where in the resource, such as `replication_rules[0].status`.
    pub path: String,
    /// What was expected and what was found.
    pub problem: String,
}

/// Writes a value of that type.
pub fn to_json(value: &Value, ty: Type) -> Json {
    match (value, ty) {
        (Value::Null, _) => Json::Null,
        (Value::Bool(flag), _) => Json::from(*flag),
        (Value::Int(number), _) => Json::from(*number),
        (Value::Double(number), _) => Json::from(*number),
        (Value::Str(text), _) => Json::from(&**text),
        (Value::Timestamp(time), _) => Json::from(time.to_string()),
        (Value::Duration(seconds), _) => Json::from(seconds.iso8601()),
        (Value::Map(entries), _) => {
            Json::Object(entries.iter().map(|(key, value)| (key.to_string(), Json::from(&**value))).collect())
        }
        (Value::List(items), Type::List(item)) => {
            Json::Array(items.iter().map(|value| to_json(value, *item)).collect())
        }
        (Value::Record(fields), Type::Record(record)) => Json::Object(fields_to_json(record.fields, fields)),
        (Value::Unknown(unknown), _) => {
            let mut body = Map::new();
            body.insert("reason".to_owned(), Json::from(unknown.reason.as_str()));
            if let Some(operation) = &unknown.operation {
                body.insert("operation".to_owned(), Json::from(operation.as_str()));
            }
            if !unknown.detail.is_empty() {
                body.insert("detail".to_owned(), Json::from(unknown.detail.as_str()));
            }
            Json::Object(Map::from_iter([(UNKNOWN.to_owned(), Json::Object(body))]))
        }
        (Value::List(items), _) => Json::Array(items.iter().map(|value| to_json(value, ty)).collect()),
        (Value::Record(fields), _) => Json::Array(fields.iter().map(|value| to_json(value, ty)).collect()),
    }
}

/// Writes the fields of a record or resource by name, without those that nothing has read.
pub fn fields_to_json(fields: &[Field], values: &[Value]) -> Map<String, Json> {
    fields
        .iter()
        .zip(values)
        .filter(|(_, value)| !matches!(value, Value::Unknown(unknown) if unknown.reason == UnknownReason::NotCollected))
        .map(|(field, value)| (field.name.to_owned(), to_json(value, field.ty)))
        .collect()
}

/// Reads a value of that type.
///
/// # Errors
/// A value of another type, with its path.
pub fn from_json(json: &Json, ty: Type, path: &str) -> Result<Value, ShapeError> {
    let mismatch =
        |expected: &str| ShapeError { path: path.to_owned(), problem: format!("expected {expected}, found {json}") };
    if json.is_null() {
        return Ok(Value::Null);
    }
    // A tag may have that very name. It stands beside others, or its value is a text that is no reason.
    let entry = json.get(UNKNOWN).filter(|unknown| {
        ty != Type::Map
            || (json.as_object().is_some_and(|entries| entries.len() == 1) && read_unknown(unknown).is_some())
    });
    if let Some(unknown) = entry {
        return read_unknown(unknown).map(Value::unknown).ok_or_else(|| mismatch("a reason why the value is unknown"));
    }
    match ty {
        Type::Bool => json.as_bool().map(Value::Bool).ok_or_else(|| mismatch("true or false")),
        Type::Int => json.as_i64().map(Value::Int).ok_or_else(|| mismatch("a whole number")),
        Type::Double => json.as_f64().map(Value::Double).ok_or_else(|| mismatch("a number")),
        Type::Str | Type::Enum(_) => json.as_str().map(Value::str).ok_or_else(|| mismatch("a text")),
        Type::Timestamp => json
            .as_str()
            .and_then(|text| text.parse::<Timestamp>().ok())
            .map(Value::Timestamp)
            .ok_or_else(|| mismatch("a time such as 2026-01-15T00:00:00Z")),
        Type::Duration => json
            .as_str()
            .and_then(|text| Seconds::parse(text).ok())
            .map(Value::Duration)
            .ok_or_else(|| mismatch("a duration such as 7d or PT24H")),
        Type::Map => json
            .as_object()
            .and_then(|entries| {
                entries
                    .iter()
                    .map(|(key, value)| Some((Arc::from(key.as_str()), Arc::from(value.as_str()?))))
                    .collect::<Option<BTreeMap<_, _>>>()
            })
            .map(|entries| Value::Map(Arc::new(entries)))
            .ok_or_else(|| mismatch("texts by name")),
        Type::List(item) => json
            .as_array()
            .ok_or_else(|| mismatch("a list"))?
            .iter()
            .enumerate()
            .map(|(index, value)| from_json(value, *item, &format!("{path}[{index}]")))
            .collect::<Result<Arc<[Value]>, _>>()
            .map(Value::List),
        Type::Record(record) => {
            let entries = json.as_object().ok_or_else(|| mismatch(record.name))?;
            fields_from_json(record.fields, entries, path).map(|fields| Value::Record(fields.into()))
        }
    }
}

/// Reads the fields of a record or resource by name. A field that is left out was not read; a name that the schema
/// does not have is an error.
///
/// # Errors
/// The first field that does not fit.
pub fn fields_from_json(fields: &[Field], entries: &Map<String, Json>, path: &str) -> Result<Vec<Value>, ShapeError> {
    if let Some(name) = entries.keys().find(|name| !fields.iter().any(|field| field.name == name.as_str())) {
        return Err(ShapeError { path: join(path, name), problem: "there is no field of that name".to_owned() });
    }
    fields
        .iter()
        .map(|field| {
            entries
                .get(field.name)
                .map_or_else(|| Ok(not_collected()), |json| from_json(json, field.ty, &join(path, field.name)))
        })
        .collect()
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Either the whole object or, for people who write examples, just the reason: `{$unknown: denied}`.
fn read_unknown(json: &Json) -> Option<Unknown> {
    if json.is_string() {
        return Some(Unknown::new(serde_json::from_value(json.clone()).ok()?, ""));
    }
    serde_json::from_value(json.clone()).ok()
}
