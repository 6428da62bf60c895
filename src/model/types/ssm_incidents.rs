//! Incident Manager, a part of AWS Systems Manager.

use super::{BOOL, STR, STRINGS, api};
use crate::model::operation;
use crate::model::schema::ResourceType;

/// The replication set of an account: where Incident Manager keeps response plans and incidents.
pub static REPLICATION_SET: ResourceType = ResourceType {
    name: "AWS::SSMIncidents::ReplicationSet",
    title: ("Incident Managerのレプリケーションセット", "Incident Manager replication set"),
    service: "ssm-incidents",
    listed_by: Some(operation::LIST_REPLICATION_SETS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("regions", STRINGS, operation::GET_REPLICATION_SET, "The Regions that it is replicated to."),
        api("status", STR, operation::GET_REPLICATION_SET, "Its state."),
        api(
            "deletion_protected",
            BOOL,
            operation::GET_REPLICATION_SET,
            "Whether its last Region is protected from deletion.",
        ),
    ],
};
