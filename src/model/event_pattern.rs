//! Event patterns of EventBridge: which events of AWS services a rule takes.

use serde_json::{Map, Value as Json, json};

/// The events that rules of ours ask for: a word for each, with an example of it.
///
/// What a pattern asks of a field that the example does not have narrows the events without ruling them out, such as
/// AWS Health events of some services only.
fn watched() -> [(&'static str, Json); 2] {
    [
        (
            "health_issue",
            json!({
                "source": "aws.health",
                "detail-type": "AWS Health Event",
                "detail": { "eventTypeCategory": "issue", "eventScopeCode": "PUBLIC", "statusCode": "open" },
            }),
        ),
        (
            "backup_failed",
            json!({ "source": "aws.backup", "detail-type": "Backup Job State Change", "detail": { "state": "FAILED" } }),
        ),
    ]
}

/// The words of the events that a pattern takes; none for what is no pattern.
pub fn takes(pattern: &str) -> Vec<&'static str> {
    let Ok(Json::Object(pattern)) = serde_json::from_str(pattern) else { return Vec::new() };
    let taken =
        watched().into_iter().filter(|(_, event)| event.as_object().is_some_and(|event| holds(&pattern, event)));
    taken.map(|(word, _)| word).collect()
}

/// Whether an event has what a pattern asks for: every key of it, and any of the `$or`.
fn holds(pattern: &Map<String, Json>, event: &Map<String, Json>) -> bool {
    pattern.iter().all(|(key, wanted)| match (wanted, event.get(key)) {
        (Json::Array(any), _) if key == "$or" => {
            any.iter().any(|pattern| pattern.as_object().is_some_and(|pattern| holds(pattern, event)))
        }
        (Json::Object(inner), Some(Json::Object(event))) => holds(inner, event),
        (Json::Array(any), Some(Json::String(text))) => any.iter().any(|filter| matches(filter, text)),
        (_, None) => true,
        _ => false,
    })
}

/// Whether a text is what one filter of a pattern asks for.
fn matches(filter: &Json, text: &str) -> bool {
    let same = |other: &Json| other.as_str() == Some(text);
    match filter {
        Json::String(_) => same(filter),
        Json::Object(filter) => filter.iter().all(|(kind, operand)| match (kind.as_str(), operand) {
            ("prefix", Json::String(prefix)) => text.starts_with(prefix.as_str()),
            ("suffix", Json::String(suffix)) => text.ends_with(suffix.as_str()),
            ("prefix", Json::Object(inner)) => {
                ignoring_case(inner).is_some_and(|prefix| text.to_lowercase().starts_with(&prefix))
            }
            ("suffix", Json::Object(inner)) => {
                ignoring_case(inner).is_some_and(|suffix| text.to_lowercase().ends_with(&suffix))
            }
            ("equals-ignore-case", Json::String(other)) => text.to_lowercase() == other.to_lowercase(),
            ("wildcard", Json::String(pattern)) => wildcard(pattern, text),
            ("exists", Json::Bool(exists)) => *exists,
            ("anything-but", Json::Array(others)) => !others.iter().any(same),
            ("anything-but", Json::Object(_)) => !matches(operand, text),
            ("anything-but", other) => !same(other),
            _ => false,
        }),
        _ => false,
    }
}

fn ignoring_case(filter: &Map<String, Json>) -> Option<String> {
    filter.get("equals-ignore-case")?.as_str().map(str::to_lowercase)
}

/// Whether a text matches a pattern in which `*` stands for anything and `\*` for itself.
fn wildcard(pattern: &str, text: &str) -> bool {
    wildmatch::WildMatchPattern::<'*', '\0'>::new(pattern).matches(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_what_event_bridge_would_send_them() {
        for (pattern, taken) in [
            (r#"{"source": ["aws.health"]}"#, vec!["health_issue"]),
            (
                r#"{"source": ["aws.health"], "detail": {"eventTypeCategory": ["issue"], "service": ["EC2"]}}"#,
                vec!["health_issue"],
            ),
            (r#"{"source": ["aws.health"], "detail": {"eventTypeCategory": ["scheduledChange"]}}"#, vec![]),
            (r#"{"source": [{"prefix": "aws."}]}"#, vec!["health_issue", "backup_failed"]),
            (
                r#"{"source": [{"anything-but": ["aws.ec2"]}], "detail-type": [{"wildcard": "Backup*"}]}"#,
                vec!["backup_failed"],
            ),
            (
                r#"{"source": ["aws.backup"], "detail-type": ["Backup Job State Change"], "detail": {"state": ["FAILED", "ABORTED"]}}"#,
                vec!["backup_failed"],
            ),
            (
                r#"{"source": ["aws.backup"], "detail": {"state": [{"anything-but": "COMPLETED"}]}}"#,
                vec!["backup_failed"],
            ),
            (r#"{"source": ["aws.backup"], "detail": {"state": ["COMPLETED"]}}"#, vec![]),
            (r#"{"source": ["aws.backup"], "detail-type": ["Copy Job State Change"]}"#, vec![]),
            (r#"{"$or": [{"source": ["aws.backup"]}, {"source": ["aws.ec2"]}]}"#, vec!["backup_failed"]),
            (r#"{"source": [{"anything-but": {"prefix": "aws."}}]}"#, vec![]),
            (r#"{"account": ["111111111111"]}"#, vec!["health_issue", "backup_failed"]),
            ("not json", vec![]),
            ("[]", vec![]),
        ] {
            assert_eq!(takes(pattern), taken, "{pattern}");
        }
    }
}
