//! From the words of the SDK to values of the model.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_smithy_types::DateTime;
use jiff::{Timestamp, Unit};

use crate::collect::aws::Task;
use crate::model::{Operation, Seconds, Unknown, UnknownReason, Value};

/// A time of an answer; absent is null.
pub fn time(time: Option<DateTime>) -> Value {
    let Some(time) = time else { return Value::Null };
    // The nanoseconds of the SDK count up from the second, before 1970 too, and are always below one second. JSON
    // protocols give times as floating-point numbers, whose noise starts right after the microseconds.
    i32::try_from(time.subsec_nanos())
        .ok()
        .and_then(|nanos| Timestamp::new(time.secs(), nanos).ok()?.round(Unit::Microsecond).ok())
        .map_or_else(
            || Value::unknown(Unknown::new(UnknownReason::Error, format!("{time:?} lies outside the calendar"))),
            Value::Timestamp,
        )
}

/// A time that an operation gives as text; absent is null.
pub fn instant(operation: Operation, text: Option<String>) -> Value {
    let Some(text) = text else { return Value::Null };
    text.parse().map_or_else(|_| unheld(operation, &format!("{text:?} is no time")), Value::Timestamp)
}

/// A number of days that stands for "never" or "none" when it is absent, zero or negative.
pub fn positive_days(days: Option<impl Into<i64>>) -> Value {
    days.map(Into::into).filter(|days| *days > 0).map(Seconds::from_days).into()
}

/// A number of days of which zero is one.
pub fn days(days: Option<impl Into<i64>>) -> Value {
    days.map(|days| Seconds::from_days(days.into())).into()
}

/// A list of texts; absent is empty.
pub fn strings(items: Option<Vec<String>>) -> Value {
    Value::list(items.unwrap_or_default().into_iter().map(Value::from))
}

/// A list of records; absent is empty.
pub fn list<T>(items: Option<Vec<T>>, convert: impl FnMut(T) -> Value) -> Value {
    Value::list(items.unwrap_or_default().into_iter().map(convert))
}

/// A value that AWS gave in a form that the model does not hold: neither absent nor something to compare.
pub fn unheld(operation: Operation, detail: &str) -> Value {
    Value::Unknown(because(UnknownReason::Unsupported, operation, detail))
}

/// Why an answer cannot be used although the call succeeded.
pub fn unusable(operation: Operation, detail: &str) -> Arc<Unknown> {
    because(UnknownReason::Error, operation, detail)
}

/// Why what an operation was to fill is unknown.
pub fn because(reason: UnknownReason, operation: Operation, detail: &str) -> Arc<Unknown> {
    Arc::new(Unknown { reason, operation: Some(operation.to_string()), detail: detail.to_owned() })
}

/// The tags of a resource, whose key and value every SDK crate holds in a type of its own.
#[derive(Debug, Default)]
pub struct Tags(BTreeMap<Arc<str>, Arc<str>>);

impl Tags {
    /// The tags from pairs of key and value; a tag without a value has the empty one, as in the console.
    pub fn new(pairs: impl IntoIterator<Item = (Option<String>, Option<String>)>) -> Self {
        Self(
            pairs
                .into_iter()
                .filter_map(|(key, value)| Some((Arc::from(key?), Arc::from(value.unwrap_or_default()))))
                .collect(),
        )
    }

    /// The `Name` tag, unless it is empty.
    pub fn name(&self) -> Option<Arc<str>> {
        self.0.get("Name").filter(|name| !name.is_empty()).cloned()
    }
}

impl From<Tags> for Value {
    fn from(tags: Tags) -> Self {
        Value::Map(Arc::new(tags.0))
    }
}

/// The partition of ARNs that a Region belongs to.
pub fn partition(region: &str) -> &'static str {
    match region.split_once('-') {
        Some(("cn", _)) => "aws-cn",
        Some(("us", rest)) if rest.starts_with("gov-") => "aws-us-gov",
        Some(("eusc", _)) => "aws-eusc",
        _ => "aws",
    }
}

/// The ARN of a resource of the account and Region of a task, for the types whose answers leave it out.
pub fn arn(task: &Task, service: &str, resource: &str) -> Arc<str> {
    owned_arn(task, service, &task.key.account, resource)
}

/// The ARN of a resource of the Region of a task that another account may own, such as a shared subnet.
pub fn owned_arn(task: &Task, service: &str, account: &str, resource: &str) -> Arc<str> {
    let region = &task.key.region;
    format!("arn:{}:{service}:{region}:{account}:{resource}", partition(region)).into()
}

/// The parts of an ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn` and the like.
    pub partition: &'a str,
    /// The service prefix.
    pub service: &'a str,
    /// The Region; empty where the ARN has none.
    pub region: &'a str,
    /// The account; empty where the ARN has none.
    pub account: &'a str,
    /// What follows, colons included.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Reads an ARN.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let (arn, partition, service) = (parts.next()?, parts.next()?, parts.next()?);
        let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
        (arn == "arn" && !resource.is_empty()).then_some(Self { partition, service, region, account, resource })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_their_fraction() {
        let converted = |seconds, nanos| time(Some(DateTime::from_secs_and_nanos(seconds, nanos)));
        assert_eq!(converted(1_768_435_200, 0), Value::Timestamp("2026-01-15T00:00:00Z".parse().unwrap()));
        assert_eq!(converted(0, 500_000_000), Value::Timestamp("1970-01-01T00:00:00.5Z".parse().unwrap()));
        assert_eq!(converted(-2, 500_000_000), Value::Timestamp("1969-12-31T23:59:58.5Z".parse().unwrap()));
        assert_eq!(converted(0, 263_000_011), Value::Timestamp("1970-01-01T00:00:00.263Z".parse().unwrap()));
        assert_eq!(time(None), Value::Null);
        assert!(
            converted(i64::MAX, 0).as_unknown().is_some(),
            "no time at all is not the same as a time we cannot hold"
        );
    }

    #[test]
    fn days_that_mean_never_are_null() {
        assert_eq!(positive_days(Some(35_i64)), Value::Duration(Seconds(35 * 86_400)));
        for never in [None, Some(0_i64), Some(-1)] {
            assert_eq!(positive_days(never), Value::Null);
        }
        assert_eq!(days(Some(0)), Value::Duration(Seconds(0)), "a retention of zero days is a value");
        assert_eq!(days(None::<i32>), Value::Null);
    }

    #[test]
    fn the_name_tag_is_the_name_unless_empty() {
        let tags =
            |value: &str| Tags::new([(Some("Name".to_owned()), Some(value.to_owned())), (Some("a".to_owned()), None)]);
        assert_eq!(tags("web").name().as_deref(), Some("web"));
        assert_eq!(tags("").name(), None);
        assert_eq!(Value::from(tags("web")), Value::map([("Name", "web"), ("a", "")]));
    }

    #[test]
    fn partitions_follow_from_regions() {
        for (region, expected) in [
            ("ap-northeast-1", "aws"),
            ("us-east-1", "aws"),
            ("us-gov-west-1", "aws-us-gov"),
            ("cn-north-1", "aws-cn"),
            ("eusc-de-east-1", "aws-eusc"),
            ("global", "aws"),
        ] {
            assert_eq!(partition(region), expected, "{region}");
        }
    }

    #[test]
    fn arns_keep_the_colons_of_the_resource() {
        let arn = Arn::parse("arn:aws:backup:ap-northeast-3:222222222222:backup-vault:dr").unwrap();
        assert_eq!((arn.region, arn.account, arn.resource), ("ap-northeast-3", "222222222222", "backup-vault:dr"));
        let bucket = Arn::parse("arn:aws:s3:::assets").unwrap();
        assert_eq!((bucket.region, bucket.account, bucket.resource), ("", "", "assets"));
        for text in ["", "assets", "arn:aws:s3", "arn:aws:s3:::", "urn:aws:s3:::assets"] {
            assert_eq!(Arn::parse(text), None, "{text}");
        }
    }
}
