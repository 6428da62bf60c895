//! Lengths of time: one unit (seconds), one way to read them, one way to write them.

use std::fmt;

use jiff::{SpanRelativeTo, SpanRound, Unit};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A length of time in whole seconds. A day is 24 hours, a week is seven days; months and years are refused, since
/// recovery objectives must not depend on the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Seconds(pub i64);

impl Seconds {
    /// Whole minutes, as AWS Backup counts its windows.
    pub const fn from_minutes(minutes: i64) -> Self {
        Self(minutes.saturating_mul(60))
    }

    /// Whole days, as AWS counts retention.
    pub const fn from_days(days: i64) -> Self {
        Self(days.saturating_mul(86_400))
    }

    /// Reads `1h`, `90m`, `7d`, `1 week 2 days`, `PT24H`.
    ///
    /// # Errors
    /// A text that is no length of time, is negative, or uses months or years.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        let span: jiff::Span = text.trim().parse().map_err(|_| DurationError::Syntax(text.to_owned()))?;
        if span.get_years() != 0 || span.get_months() != 0 {
            return Err(DurationError::Calendar(text.to_owned()));
        }
        if span.is_negative() {
            return Err(DurationError::Negative(text.to_owned()));
        }
        let rounded = span
            .round(
                SpanRound::new()
                    .largest(Unit::Second)
                    .smallest(Unit::Second)
                    .relative(SpanRelativeTo::days_are_24_hours()),
            )
            .map_err(|_| DurationError::Syntax(text.to_owned()))?;
        Ok(Self(rounded.get_seconds()))
    }

    /// ISO 8601, as in `report.json`: `PT24H`, `P7D`, `PT5M`.
    pub fn iso8601(self) -> String {
        if self.0 == 0 {
            return "PT0S".to_owned();
        }
        // What is computed, such as how late a copy is, can be negative; the sign stands before the whole.
        let (sign, total) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        if total % 86_400 == 0 && total / 86_400 > 1 {
            return format!("{sign}P{}D", total / 86_400);
        }
        let (hours, minutes, seconds) = (total / 3600, total / 60 % 60, total % 60);
        let mut text = format!("{sign}PT");
        for (number, unit) in [(hours, 'H'), (minutes, 'M'), (seconds, 'S')] {
            if number != 0 {
                text.push_str(&number.to_string());
                text.push(unit);
            }
        }
        text
    }

    /// The sum, at most the largest length of time.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Seconds {
    /// The short form that manifests use: `7d`, `24h`, `1h 30m`, `5m`, `0s`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.0.unsigned_abs();
        if self.0 < 0 {
            formatter.write_str("-")?;
        }
        let (days, hours) = if total >= 172_800 { (total / 86_400, total / 3600 % 24) } else { (0, total / 3600) };
        let parts = [(days, "d"), (hours, "h"), (total / 60 % 60, "m"), (total % 60, "s")];
        let mut first = true;
        for (number, unit) in parts {
            if number == 0 {
                continue;
            }
            if !first {
                formatter.write_str(" ")?;
            }
            write!(formatter, "{number}{unit}")?;
            first = false;
        }
        if first {
            formatter.write_str("0s")?;
        }
        Ok(())
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

/// A text that is no length of time.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DurationError {
    /// Not a length of time at all.
    #[error("`{0}` is not a duration; write a number and a unit, such as 5m, 1h, 24h or 7d")]
    Syntax(String),
    /// Months and years have no fixed length.
    #[error("`{0}` uses months or years, whose length varies; write days instead, such as 35d")]
    Calendar(String),
    /// Objectives and retention cannot be negative.
    #[error("`{0}` is negative; a recovery objective or a retention cannot be")]
    Negative(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        for (text, seconds) in
            [("1h", 3600), ("90m", 5400), ("7d", 604_800), ("1 week 2 days", 777_600), ("PT24H", 86_400), ("0s", 0)]
        {
            assert_eq!(Seconds::parse(text), Ok(Seconds(seconds)), "{text}");
        }
    }

    #[test]
    fn refuses_what_has_no_fixed_length() {
        assert!(matches!(Seconds::parse("1 month"), Err(DurationError::Calendar(_))));
        assert!(matches!(Seconds::parse("-1h"), Err(DurationError::Negative(_))));
        assert!(matches!(Seconds::parse("soon"), Err(DurationError::Syntax(_))));
        assert!(matches!(Seconds::parse("24"), Err(DurationError::Syntax(_))));
    }

    #[test]
    fn writes_what_people_read() {
        for (seconds, short, iso) in [
            (0, "0s", "PT0S"),
            (300, "5m", "PT5M"),
            (5400, "1h 30m", "PT1H30M"),
            (86_400, "24h", "PT24H"),
            (604_800, "7d", "P7D"),
        ] {
            assert_eq!(Seconds(seconds).to_string(), short);
            assert_eq!(Seconds(seconds).iso8601(), iso);
        }
    }
}
