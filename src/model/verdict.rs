//! The words of verdicts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A finding's verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The rule holds.
    Pass,
    /// The rule does not hold.
    Fail,
    /// Something that the verdict depends on could not be read.
    Unknown,
    /// A question without a fresh answer.
    Manual,
    /// The rule does not apply to this resource or workload.
    NotApplicable,
    /// The rule does not hold, and a waiver accepts that.
    Waived,
}

impl Status {
    /// All, in the order of reports: what needs work first.
    pub const ALL: [Status; 6] =
        [Status::Fail, Status::Unknown, Status::Manual, Status::Waived, Status::Pass, Status::NotApplicable];

    /// The word of `report.json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Status::Pass => "pass",
            Status::Fail => "fail",
            Status::Unknown => "unknown",
            Status::Manual => "manual",
            Status::NotApplicable => "not_applicable",
            Status::Waived => "waived",
        }
    }
}

/// How bad it is when a rule fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Data or the service will be lost.
    Critical,
}

impl Severity {
    /// All, worst first.
    pub const ALL: [Severity; 5] =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

    /// The word of `report.json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// One step less.
    #[must_use]
    pub const fn lowered(self) -> Self {
        match self {
            Severity::Critical => Severity::High,
            Severity::High => Severity::Medium,
            Severity::Medium => Severity::Low,
            Severity::Low | Severity::Info => Severity::Info,
        }
    }
}

/// How far people are with an item of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerStatus {
    /// Nobody has begun.
    NotStarted,
    /// Somebody is at it.
    InProgress,
    /// Done.
    Done,
    /// It does not concern us, for a stated reason.
    NotApplicable,
}

impl AnswerStatus {
    /// All, in the order of the drop-down.
    pub const ALL: [AnswerStatus; 4] =
        [AnswerStatus::NotStarted, AnswerStatus::InProgress, AnswerStatus::Done, AnswerStatus::NotApplicable];

    /// All words, in the same order.
    pub const WORDS: [&str; 4] = ["not_started", "in_progress", "done", "not_applicable"];

    /// The word of answers files and `report.json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            AnswerStatus::NotStarted => "not_started",
            AnswerStatus::InProgress => "in_progress",
            AnswerStatus::Done => "done",
            AnswerStatus::NotApplicable => "not_applicable",
        }
    }
}
