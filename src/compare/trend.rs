//! The trend: how many findings of each verdict there were, quarter by quarter, and which objectives were met.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::assess::model::{Outcome, Report, TrendObjective, TrendPoint, WorkloadReport};
use crate::model::Seconds;

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

/// The declared objectives of a workload, with what its recovery estimates say of them.
fn objectives(workload: &WorkloadReport) -> impl Iterator<Item = TrendObjective> + '_ {
    workload.objectives.iter().flat_map(|declared| {
        let line = workload.recovery.iter().find(|line| line.scope == declared.scope);
        let rpo = (declared.rpo.as_deref(), line.and_then(|line| line.rpo_estimate.as_deref()));
        let rto = (declared.rto.as_deref(), None);
        [("rpo", rpo), ("rto", rto)].into_iter().filter_map(|(kind, (objective, estimate))| {
            Some(TrendObjective {
                workload: workload.name.clone(),
                title: workload.title.clone(),
                scope: declared.scope.clone(),
                kind: kind.to_owned(),
                outcome: outcome(objective?, estimate),
            })
        })
    })
}

/// Whether an estimate is within the objective. What cannot be read is unknown, and unknown is not met.
fn outcome(objective: &str, estimate: Option<&str>) -> Outcome {
    match (Seconds::parse(objective), estimate.map(Seconds::parse)) {
        (Ok(objective), Some(Ok(estimate))) if estimate <= objective => Outcome::Met,
        (Ok(_), Some(Ok(_))) => Outcome::Missed,
        _ => Outcome::Unknown,
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

    #[test]
    fn an_unknown_estimate_meets_nothing() {
        assert_eq!(outcome("PT1H", None), Outcome::Unknown);
        assert_eq!(outcome("PT1H", Some("PT1H")), Outcome::Met);
        assert_eq!(outcome("PT1H", Some("PT61M")), Outcome::Missed);
        assert_eq!(outcome("PT1H", Some("soon")), Outcome::Unknown);
    }
}
