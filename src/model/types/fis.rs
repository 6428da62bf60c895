//! AWS Fault Injection Service.

use super::{TIME, api};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// An experiment that was run.
pub static EXPERIMENT: ResourceType = ResourceType {
    name: "Sonae::FIS::Experiment",
    title: ("FISの実験", "FIS experiment"),
    service: "fis",
    listed_by: Some(operation::LIST_EXPERIMENTS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::LIST_EXPERIMENTS, "The tags."),
        api(
            "status",
            Type::Enum(&[
                "pending",
                "initiating",
                "running",
                "completed",
                "stopping",
                "stopped",
                "failed",
                "cancelled",
            ]),
            operation::LIST_EXPERIMENTS,
            "How far it got.",
        ),
        api("created", TIME, operation::LIST_EXPERIMENTS, "When it was started."),
    ],
};
