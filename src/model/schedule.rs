//! Schedules as AWS writes them: `cron(...)` and `rate(...)`.

use std::str::FromStr;

use croner::parser::{CronParser, Seconds as SecondsField, Year};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::duration::Seconds;

/// How many firings are looked at for the longest gap: more than a year of a daily schedule.
const FIRINGS: usize = 400;

/// How many years are looked at.
const YEARS: i64 = 5;

/// A schedule that cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the schedule `{0}` cannot be read")]
pub struct ScheduleError(pub String);

/// The longest time between two runs of a schedule: what the age of the newest backup can reach even when every job
/// succeeds. `from` fixes the calendar that is looked at.
///
/// AWS Backup cron expressions: "Managing backup plans", AWS Backup developer guide.
///
/// # Errors
/// A schedule in another form, or one that never runs again.
pub fn longest_interval(schedule: &str, timezone: Option<&str>, from: Timestamp) -> Result<Seconds, ScheduleError> {
    let problem = || ScheduleError(schedule.to_owned());
    let inside = |prefix: &str| schedule.trim().strip_prefix(prefix)?.strip_suffix(')');
    if let Some(rate) = inside("rate(") {
        return parse_rate(rate).ok_or_else(problem);
    }
    let zone = timezone.map_or(Ok(TimeZone::UTC), TimeZone::get).map_err(|_| problem())?;
    let start = from.to_zoned(zone);
    let end = start.checked_add(YEARS.years()).map_err(|_| problem())?;
    let mut fields: Vec<&str> = inside("cron(").ok_or_else(problem)?.split_whitespace().collect();
    // The parser takes an empty item for one that never matches.
    if fields.iter().any(|field| field.split(',').any(str::is_empty)) {
        return Err(problem());
    }
    // Without a last year a day that never comes, such as 30 February, is looked for until the year 5000.
    let years = format!("{}-{}", start.year(), end.year());
    if let Some(year) = fields.last_mut().filter(|year| **year == "*") {
        *year = &years;
    }
    let cron = CronParser::builder()
        .seconds(SecondsField::Required)
        .year(Year::Required)
        .alternative_weekdays(true)
        .dom_and_dow(true)
        .sloppy_ranges(true)
        .build()
        .parse(&format!("0 {}", fields.join(" ")))
        .map_err(|_| problem())?;
    let mut longest = 0;
    let mut previous: Option<Timestamp> = None;
    for firing in cron.iter_after(start).take(FIRINGS).take_while(|firing| *firing < end) {
        let firing = firing.timestamp();
        if let Some(previous) = previous {
            longest = longest.max(firing.as_second() - previous.as_second());
        }
        previous = Some(firing);
    }
    if longest == 0 { Err(problem()) } else { Ok(Seconds(longest)) }
}

fn parse_rate(rate: &str) -> Option<Seconds> {
    let (number, unit) = rate.trim().split_once(' ')?;
    let number = i64::from_str(number).ok().filter(|number| *number > 0)?;
    let unit = match unit.trim() {
        "minute" | "minutes" => 60,
        "hour" | "hours" => 3600,
        "day" | "days" => 86_400,
        _ => return None,
    };
    number.checked_mul(unit).map(Seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(schedule: &str) -> Result<i64, ScheduleError> {
        longest_interval(schedule, None, "2026-01-15T00:00:00Z".parse().expect("a time")).map(|seconds| seconds.0)
    }

    #[test]
    fn longest_gap_of_the_forms_that_aws_documents() {
        for (schedule, hours) in [
            ("cron(0 5 ? * * *)", 24),
            ("cron(0 5 * * ? *)", 24),
            ("cron(0 * ? * * *)", 1),
            ("cron(0 0/12 ? * * *)", 12),
            ("cron(0 5 ? * 1 *)", 24 * 7),
            ("cron(0 5 ? * MON-FRI *)", 24 * 3),
            ("cron(0 5 1 * ? *)", 24 * 31),
            ("cron(0 5 L * ? *)", 24 * 31),
            ("cron(0 5 ? * 6#1 *)", 24 * 35),
            ("rate(1 hour)", 1),
            ("rate(2 days)", 48),
        ] {
            assert_eq!(interval(schedule), Ok(hours * 3600), "{schedule}");
        }
    }

    #[test]
    fn what_never_runs_again_or_is_no_schedule_is_an_error() {
        for schedule in ["cron(0 5 ? * * 2020)", "cron(0 5 * * *)", "cron(", "rate(0 hours)", "rate(1 fortnight)", "daily", "", "cron(x y z)"] {
            assert!(interval(schedule).is_err(), "{schedule}");
        }
    }

    #[test]
    fn what_never_comes_is_not_looked_for_for_ever() {
        let begin = std::time::Instant::now();
        for schedule in ["cron(, 5 ? * * *)", "cron(0 5,, ? * * *)", "cron(0 5 30 2 ? *)", "cron(0 5 31 4,6 ? *)"] {
            assert!(interval(schedule).is_err(), "{schedule}");
        }
        assert!(begin.elapsed().as_secs() < 2, "it took {:?}", begin.elapsed());
    }
}
