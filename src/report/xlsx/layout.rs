//! What the workbook and its import must agree on: the hidden sheet, the columns that people fill in, and the texts by
//! which an import tells what was there from what was entered.

use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use super::cell;
use crate::assess::model::{AnswerStatus, Scope};
use crate::report::messages::Messages;

/// The name of the hidden sheet, the same in both languages.
pub const MARKER: &str = "_sonae";
/// The layout of the sheets that people fill in; a change that an import must know changes the number.
pub const SCHEMA: &str = "sonae.workbook/1";
/// How a line of the hidden sheet begins that holds what a cell of an answer held.
pub const ANSWER: &str = "answer";
/// The same for a waiver.
pub const WAIVER: &str = "waiver";
/// The same for a workload's fingerprint.
pub const ARCHITECTURE: &str = "architecture";
/// The field under which the hidden sheet has the status as the answers file had it.
pub const RECORDED: &str = "recorded_status";
/// What stands before the name of a fact.
pub const FACT: &str = "facts.";

/// The title of a column: its group and key among the words.
pub type Title = (&'static str, &'static str);

/// What people fill in on the checklist: the key of the answers file, and the column.
pub const CHECKLIST_INPUTS: [(&str, Title); 9] = [
    ("status", ("column", "answer_status")),
    ("owner", ("column", "owner")),
    ("due", ("column", "due")),
    ("text", ("column", "answer")),
    ("comment", ("column", "comment")),
    ("evidence", ("column", "evidence")),
    ("answered_by", ("column", "answered_by")),
    ("answered_at", ("column", "answered_at")),
    ("next_review", ("column", "next_review")),
];
/// The rule of a row.
pub const RULE: Title = ("column", "rule");
/// The workload of a row.
pub const WORKLOAD: Title = ("column", "workload");
/// The name of a row's fact.
pub const FACT_ID: Title = ("column", "fact_id");
/// What people state as a fact.
pub const VALUE: Title = ("column", "value");
/// By what the waiver of a row is found again.
pub const WAIVER_ID: Title = ("column", "waiver_id");
/// What a new waiver covers: the key of the scope, and the column.
pub const SCOPE_INPUTS: [(&str, Title); 5] = [
    ("resource", ("column", "resource")),
    ("workload", ("column", "workload")),
    ("account", ("column", "account")),
    ("region", ("column", "region")),
    ("tags", ("workbook", "waiver_tags")),
];
/// What people fill in of every waiver: the key of the waivers file, and the column.
pub const WAIVER_INPUTS: [(&str, Title); 4] = [
    ("reason", ("workbook", "waiver_reason")),
    ("owner", ("column", "owner")),
    ("approver", ("workbook", "approver")),
    ("expires", ("workbook", "expires")),
];

/// A text as a cell holds it: control characters written out, cut to what a cell can hold.
pub fn cell_text(words: &Messages, text: &str) -> String {
    cell::clean(text, words.get("workbook", "truncated")).into_owned()
}

/// The word of the answers file for a status.
pub const fn status_key(status: AnswerStatus) -> &'static str {
    match status {
        AnswerStatus::NotStarted => "not_started",
        AnswerStatus::InProgress => "in_progress",
        AnswerStatus::Done => "done",
        AnswerStatus::NotApplicable => "not_applicable",
    }
}

/// A fact as a text: lists by commas or, where an item holds one, line by line.
pub fn fact_text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(fact_text).collect();
            let commas = items.iter().any(|item| item.contains([',', '、', '，', ';']));
            items.join(if commas { "\n" } else { ", " })
        }
        other => other.to_string(),
    }
}

/// Tags as a cell holds them, a line each.
pub fn tags_text(scope: &Scope) -> String {
    scope.tags.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("\n")
}

/// By what a waiver is found again: its rule and its scope. The second of the same has `-2` behind it.
pub fn waiver_id(rule: &str, scope: &Scope, earlier: usize) -> String {
    let mut digest = Sha256::new();
    let parts = [&scope.resource, &scope.workload, &scope.account, &scope.region];
    let parts = parts.map(|part| part.as_deref().unwrap_or_default());
    for part in [rule].into_iter().chain(parts).chain([tags_text(scope).as_str()]) {
        digest.update(part);
        digest.update([0]);
    }
    let digest = digest.finalize();
    let short: String = digest.iter().take(5).map(|byte| format!("{byte:02x}")).collect();
    if earlier == 0 { short } else { format!("{short}-{}", earlier + 1) }
}

/// The ids of waivers, in their order.
pub fn waiver_ids<'a>(waivers: impl IntoIterator<Item = (&'a str, &'a Scope)>) -> Vec<String> {
    let mut seen: Vec<(&str, &Scope)> = Vec::new();
    waivers
        .into_iter()
        .map(|(rule, scope)| {
            let earlier = seen.iter().filter(|known| **known == (rule, scope)).count();
            seen.push((rule, scope));
            waiver_id(rule, scope, earlier)
        })
        .collect()
}
