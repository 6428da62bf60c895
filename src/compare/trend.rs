//! The trend: how many findings of each verdict there were, quarter by quarter, and which objectives were met.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::assess::model::{Outcome, Report, Status, TrendObjective, TrendPoint, WorkloadReport};

/// How many quarters are shown at most: this one stands beside itself a year ago.
const QUARTERS: usize = 5;

/// What a report adds to the trend.
pub fn point(report: &Report) -> TrendPoint {
    TrendPoint {
        quarter: quarter(report.snapshot.taken_at),
        taken_at: report.snapshot.taken_at,
        digest: report.snapshot.digest.clone(),
        complete: report.summary.complete,
        by_status: report.summary.by_status.clone(),
        objectives: report.workloads.iter().flat_map(objectives).collect(),
    }
}

/// Writes the trend into a report: of each earlier quarter its last report, then this one. Stays empty when nothing of
/// the history is from an earlier quarter.
pub fn attach(report: &mut Report, history: &[TrendPoint]) {
    let now = point(report);
    let mut quarters: BTreeMap<&str, &TrendPoint> = BTreeMap::new();
    for earlier in history.iter().filter(|earlier| earlier.quarter < now.quarter) {
        let last = quarters.entry(&earlier.quarter).or_insert(earlier);
        if (last.taken_at, &last.digest) < (earlier.taken_at, &earlier.digest) {
            *last = earlier;
        }
    }
    if quarters.is_empty() {
        return;
    }
    let skipped = quarters.len().saturating_sub(QUARTERS - 1);
    report.trend = quarters.into_values().skip(skipped).cloned().chain([now]).collect();
}

/// `2026-Q3`: the calendar quarter in UTC, in which reports show all times.
fn quarter(time: Timestamp) -> String {
    let date = time.to_zoned(TimeZone::UTC).date();
    format!("{:04}-Q{}", date.year(), (date.month() - 1) / 3 + 1)
}

/// The objectives of a workload, with what its recovery estimates say of them. What is not declared, or what no store
/// is behind, is no objective.
fn objectives(workload: &WorkloadReport) -> impl Iterator<Item = TrendObjective> + '_ {
    workload.recovery.iter().flat_map(|line| {
        [("rpo", line.rpo_status), ("rto", line.rto_status)].into_iter().filter_map(|(kind, status)| {
            Some(TrendObjective {
                workload: workload.name.clone(),
                title: workload.title.clone(),
                scope: line.scope.clone(),
                kind: kind.to_owned(),
                outcome: outcome(status)?,
            })
        })
    })
}

/// Unknown is never met.
const fn outcome(status: Status) -> Option<Outcome> {
    match status {
        Status::Pass => Some(Outcome::Met),
        Status::Fail | Status::Waived => Some(Outcome::Missed),
        Status::Unknown | Status::Manual => Some(Outcome::Unknown),
        Status::NotApplicable => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_are_those_of_the_calendar() {
        for (time, expected) in [
            ("2026-01-01T00:00:00Z", "2026-Q1"),
            ("2026-03-31T23:59:59Z", "2026-Q1"),
            ("2026-04-01T00:00:00Z", "2026-Q2"),
            ("2026-12-31T23:59:59Z", "2026-Q4"),
        ] {
            assert_eq!(quarter(time.parse().expect("a time")), expected);
        }
    }
}
