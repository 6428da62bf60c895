//! Service Quotas.

use super::{BOOL, STR, api};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// A quota of a Region that rebuilding a workload there runs into.
pub static QUOTA: ResourceType = ResourceType {
    name: "Sonae::ServiceQuotas::Quota",
    title: ("サービスクォータ", "Service quota"),
    service: "service-quotas",
    listed_by: Some(operation::GET_SERVICE_QUOTA),
    listed_within: None,
    stateful: false,
    fields: &[
        api("quota_name", STR, operation::GET_SERVICE_QUOTA, "What AWS calls it."),
        api(
            "value",
            Type::Double,
            operation::GET_SERVICE_QUOTA,
            "What applies to the account in the Region: the default where nothing else was granted.",
        ),
        api(
            "is_default",
            BOOL,
            operation::GET_AWS_DEFAULT_SERVICE_QUOTA,
            "Whether only the default is known, since the account has no value of its own.",
        ),
    ],
};

/// The quotas that are read: service and quota code.
pub const QUOTAS: &[(&str, &str)] = &[
    // Running On-Demand Standard instances, in vCPUs.
    ("ec2", "L-1216C47A"),
    // Elastic IP addresses.
    ("ec2", "L-0263D0A3"),
    // VPCs.
    ("vpc", "L-F678F1CE"),
    // DB instances.
    ("rds", "L-7B6409FD"),
    // Concurrent executions of Lambda functions.
    ("lambda", "L-B99A9384"),
];
