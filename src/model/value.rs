//! The values that resources hold and rules compare.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::duration::Seconds;

/// One value of one field: read, absent ([`Value::Null`]) or unknown.
///
/// Cheap to clone: everything of variable size is shared.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// AWS answered, and the answer holds no such value.
    Null,
    /// A flag.
    Bool(bool),
    /// A count.
    Int(i64),
    /// A percentage or another number with a fraction.
    Double(f64),
    /// A name, an identifier or a state.
    Str(Arc<str>),
    /// A point in time.
    Timestamp(Timestamp),
    /// A length of time in whole seconds.
    Duration(Seconds),
    /// Values of one type, in the order that AWS gave.
    List(Arc<[Value]>),
    /// The fields of a [`RecordType`](super::schema::RecordType), in its order.
    Record(Arc<[Value]>),
    /// Names and texts, such as tags.
    Map(Arc<BTreeMap<Arc<str>, Arc<str>>>),
    /// The value exists or not, but could not be read.
    Unknown(Arc<Unknown>),
}

impl Value {
    /// A text value.
    pub fn str(text: impl AsRef<str>) -> Self {
        Value::Str(Arc::from(text.as_ref()))
    }

    /// A list value.
    pub fn list(items: impl IntoIterator<Item = Value>) -> Self {
        Value::List(items.into_iter().collect())
    }

    /// A map value, such as tags.
    pub fn map<K: AsRef<str>, V: AsRef<str>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Value::Map(Arc::new(
            entries.into_iter().map(|(key, value)| (Arc::from(key.as_ref()), Arc::from(value.as_ref()))).collect(),
        ))
    }

    /// An unknown value with its reason.
    pub fn unknown(unknown: Unknown) -> Self {
        Value::Unknown(Arc::new(unknown))
    }

    /// The text, if this is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if this is a list that was read.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The fields, if this is a record.
    pub fn as_record(&self) -> Option<&[Value]> {
        match self {
            Value::Record(fields) => Some(fields),
            _ => None,
        }
    }

    /// The entries, if this is a map.
    pub fn as_map(&self) -> Option<&BTreeMap<Arc<str>, Arc<str>>> {
        match self {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The point in time, if this is one.
    pub fn as_timestamp(&self) -> Option<Timestamp> {
        match self {
            Value::Timestamp(time) => Some(*time),
            _ => None,
        }
    }

    /// The length of time, if this is one.
    pub fn as_duration(&self) -> Option<Seconds> {
        match self {
            Value::Duration(seconds) => Some(*seconds),
            _ => None,
        }
    }

    /// The flag, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The count, if this is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// Why the value is unknown, if it is.
    pub fn as_unknown(&self) -> Option<&Arc<Unknown>> {
        match self {
            Value::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// Whether AWS answered that there is no such value.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The order of two values of the same ordered type; `None` for anything else.
    pub fn order(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
            (Value::Double(a), Value::Double(b)) => a.partial_cmp(b),
            #[expect(clippy::cast_precision_loss, reason = "counts in AWS answers are far below 2^52")]
            (Value::Int(a), Value::Double(b)) => (*a as f64).partial_cmp(b),
            #[expect(clippy::cast_precision_loss, reason = "counts in AWS answers are far below 2^52")]
            (Value::Double(a), Value::Int(b)) => a.partial_cmp(&(*b as f64)),
            (Value::Str(a), Value::Str(b)) => Some(a.cmp(b)),
            (Value::Timestamp(a), Value::Timestamp(b)) => Some(a.cmp(b)),
            (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Value::Bool(flag)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Value::Int(number.into())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Int(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::str(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Str(text.into())
    }
}

impl From<Timestamp> for Value {
    fn from(time: Timestamp) -> Self {
        Value::Timestamp(time)
    }
}

impl From<Seconds> for Value {
    fn from(seconds: Seconds) -> Self {
        Value::Duration(seconds)
    }
}

impl From<Arc<Unknown>> for Value {
    fn from(unknown: Arc<Unknown>) -> Self {
        Value::Unknown(unknown)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    /// Absent is a value: `None` becomes [`Value::Null`].
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// Why a value could not be read. Never a pass, never a fail.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unknown {
    /// The class of the cause.
    pub reason: UnknownReason,
    /// The AWS operation that was to fill the value, such as `s3:GetBucketVersioning`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// What AWS or the network said, or what is missing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

impl Unknown {
    /// An unknown value that no AWS operation failed on.
    pub fn new(reason: UnknownReason, detail: impl Into<String>) -> Self {
        Self { reason, operation: None, detail: detail.into() }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.reason.as_str())?;
        if let Some(operation) = &self.operation {
            write!(formatter, ": {operation}")?;
        }
        if !self.detail.is_empty() {
            write!(formatter, ": {}", self.detail)?;
        }
        Ok(())
    }
}

/// The class of the cause of an [`Unknown`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownReason {
    /// AWS refused the call: a permission is missing.
    Denied,
    /// AWS answered "slow down" until the attempts were used up.
    Throttled,
    /// No answer: the network, the endpoint or a time-out.
    Unreachable,
    /// The service, the Region or the support plan does not offer the call.
    Unsupported,
    /// The Region does not have the service.
    NotOffered,
    /// AWS answered with another error.
    Error,
    /// The run ended before the call was made.
    Interrupted,
    /// The call was not made, since no rule of that scan needed it.
    NotCollected,
    /// The value lies in an account or Region outside the scan, or behind a resource that cannot be judged from here.
    OutsideScan,
    /// A Terraform plan or template cannot say it before it is applied.
    NotInPlan,
    /// The value is absent where the rule needs one to compare.
    Absent,
    /// Two values that do not compare.
    Mismatch,
    /// No API of AWS shows it.
    NotVisible,
    /// AWS documents no figure, and nobody has measured one.
    NotDocumented,
}

impl UnknownReason {
    /// The word used in reports and files.
    pub const fn as_str(self) -> &'static str {
        match self {
            UnknownReason::Denied => "denied",
            UnknownReason::Throttled => "throttled",
            UnknownReason::Unreachable => "unreachable",
            UnknownReason::Unsupported => "unsupported",
            UnknownReason::NotOffered => "not_offered",
            UnknownReason::Error => "error",
            UnknownReason::Interrupted => "interrupted",
            UnknownReason::NotCollected => "not_collected",
            UnknownReason::OutsideScan => "outside_scan",
            UnknownReason::NotInPlan => "not_in_plan",
            UnknownReason::Absent => "absent",
            UnknownReason::Mismatch => "mismatch",
            UnknownReason::NotVisible => "not_visible",
            UnknownReason::NotDocumented => "not_documented",
        }
    }
}
