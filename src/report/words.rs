//! The words for the values of the report model, as every format says them.

use super::messages::Messages;
use crate::assess::model::{
    AnswerStatus, BaselineInfo, Counts, Outcome, Severity, Since, Status, TrendObjective, TrendPoint,
};
use crate::model::Seconds;

/// A verdict.
pub(super) fn status(messages: &Messages, status: Status) -> &str {
    messages.get("status", status.as_str())
}

/// A severity.
pub(super) fn severity(messages: &Messages, severity: Severity) -> &str {
    messages.get("severity", severity.as_str())
}

/// An answer status, as in the drop-down of the checklist.
pub(super) fn answer_status(messages: &Messages, status: AnswerStatus) -> &str {
    let key = match status {
        AnswerStatus::NotStarted => "not_started",
        AnswerStatus::InProgress => "in_progress",
        AnswerStatus::Done => "done",
        AnswerStatus::NotApplicable => "not_applicable",
    };
    messages.get("answer_status", key)
}

/// The counts that are not zero, what needs work first: `Fail 3 / Unknown 1`.
pub(super) fn counts(messages: &Messages, counts: &Counts) -> String {
    Status::ALL
        .into_iter()
        .filter_map(|key| counts.get(&key).filter(|count| **count > 0).map(|count| (key, count)))
        .map(|(key, count)| format!("{} {count}", status(messages, key)))
        .collect::<Vec<_>>()
        .join(" / ")
}

/// A quarter as people call it, with a remark when its scan was incomplete.
pub(super) fn quarter(messages: &Messages, point: &TrendPoint) -> String {
    let name = match point.quarter.split_once("-Q") {
        Some((year, number @ ("1" | "2" | "3" | "4"))) => {
            messages.format("trend", &format!("q{number}"), &[("year", year)])
        }
        _ => point.quarter.clone(),
    };
    if point.complete { name } else { messages.format("trend", "incomplete", &[("quarter", &name)]) }
}

/// Whether an objective was met; a dash where it was not declared.
pub(super) fn objective(messages: &Messages, outcome: Option<Outcome>) -> &str {
    outcome.map_or("–", |outcome| messages.get("trend", outcome.as_str()))
}

/// What became of a finding since the baseline; empty without one.
pub(super) fn since(messages: &Messages, since: Option<Since>) -> &str {
    since.map_or("", |since| messages.get("since", since.as_str()))
}

/// What became of the findings since the baseline, in one or two sentences.
pub(super) fn baseline(messages: &Messages, info: &BaselineInfo) -> Vec<String> {
    let time = info.taken_at.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let numbers = [("new", info.new), ("changed", info.changed), ("open", info.open), ("fixed", info.fixed)];
    let numbers = numbers.map(|(name, number)| (name, number.to_string()));
    let gone = info.gone.to_string();
    let mut values: Vec<(&str, &str)> = numbers.iter().map(|(name, number)| (*name, number.as_str())).collect();
    values.extend([("time", time.as_str()), ("gone", gone.as_str())]);
    let mut lines = vec![messages.format("diff", "baseline_line", &values)];
    if info.new_rule > 0 {
        lines.push(messages.format("diff", "baseline_rules", &[("n", &info.new_rule.to_string())]));
    }
    lines
}

/// An objective by its workload, scope and kind, with what became of it quarter by quarter.
pub(super) struct ObjectiveTrend {
    pub(super) name: String,
    /// In the order of the quarters: none where it was not declared.
    pub(super) outcomes: Vec<Option<Outcome>>,
}

/// The objectives of all quarters, in the order of the newest one that has them.
pub(super) fn objective_trends(messages: &Messages, trend: &[TrendPoint]) -> Vec<ObjectiveTrend> {
    let mut keys: Vec<(&str, &str, &str)> = Vec::new();
    let mut lines = Vec::new();
    for objective in trend.iter().rev().flat_map(|point| &point.objectives) {
        let key = (objective.workload.as_str(), objective.scope.as_str(), objective.kind.as_str());
        if keys.contains(&key) {
            continue;
        }
        keys.push(key);
        let of = |point: &TrendPoint| {
            let same =
                |other: &&TrendObjective| (other.workload.as_str(), other.scope.as_str(), other.kind.as_str()) == key;
            point.objectives.iter().find(same).map(|objective| objective.outcome)
        };
        let title = if objective.title.is_empty() { &objective.workload } else { &objective.title };
        lines.push(ObjectiveTrend {
            name: messages.format(
                "trend",
                "line",
                &[
                    ("workload", title),
                    ("scope", messages.get("scope", &objective.scope)),
                    ("kind", messages.get("trend", &objective.kind)),
                ],
            ),
            outcomes: trend.iter().map(of).collect(),
        });
    }
    lines
}

/// A length of time from ISO 8601; the text itself when it is none.
pub(super) fn duration(messages: &Messages, iso8601: &str) -> String {
    let Ok(Seconds(total)) = Seconds::parse(iso8601) else { return iso8601.to_owned() };
    // As in manifests: up to two days are hours, so that RPO 24 h is not "1 day".
    let (days, hours) = if total >= 172_800 { (total / 86_400, total / 3600 % 24) } else { (0, total / 3600) };
    let parts = [(days, "day"), (hours, "hour"), (total / 60 % 60, "minute"), (total % 60, "second")];
    let one = |number: i64, unit: &str| messages.format("unit", unit, &[("n", &number.to_string())]);
    if total == 0 {
        return one(0, "second");
    }
    let between = if messages.get("unit", "hour").is_ascii() { " " } else { "" };
    parts
        .iter()
        .filter(|(number, _)| *number != 0)
        .map(|(number, unit)| one(*number, unit))
        .collect::<Vec<_>>()
        .join(between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;

    #[test]
    fn durations_in_both_languages() {
        let (ja, en) = (Messages::of(Language::Ja), Messages::of(Language::En));
        for (iso8601, japanese, english) in [
            ("PT24H", "24時間", "24h"),
            ("P7D", "7日", "7d"),
            ("PT1H30M", "1時間30分", "1h 30m"),
            ("PT0S", "0秒", "0s"),
            ("soon", "soon", "soon"),
        ] {
            assert_eq!(duration(ja, iso8601), japanese);
            assert_eq!(duration(en, iso8601), english);
        }
    }

    #[test]
    fn counts_leave_zero_out() {
        let all: Counts = Status::ALL.into_iter().zip([2, 0, 0, 0, 5, 0]).collect();
        assert_eq!(counts(Messages::of(Language::Ja), &all), "不適合 2 / 適合 5");
        assert_eq!(counts(Messages::of(Language::En), &Counts::new()), "");
    }
}
