//! Plain data: values, resource types, resources, durations. No input or output, no AWS SDK.

pub mod duration;
pub mod event_pattern;
pub mod json;
pub mod operation;
pub mod resource;
pub mod schedule;
pub mod schema;
pub mod types;
pub mod value;
pub mod verdict;

pub use duration::Seconds;
pub use operation::Operation;
pub use resource::Resource;
pub use schema::{Field, RecordType, ResourceType, Source, Type};
pub use value::{Unknown, UnknownReason, Value};
pub use verdict::{AnswerStatus, Severity, Status};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language of reports and messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Japanese.
    #[default]
    Ja,
    /// English.
    En,
}

impl Language {
    /// The word of the command line and of `report.json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Language::Ja => "ja",
            Language::En => "en",
        }
    }
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The text in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Ja => &self.ja,
            Language::En => &self.en,
        }
    }
}
