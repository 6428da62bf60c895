//! AWS Secrets Manager.

use super::{STR, api, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// A replica of a secret.
pub static SECRET_REPLICA: RecordType = RecordType {
    name: "secret replica",
    fields: &[
        part("region", STR, "The replica's Region."),
        part("status", Type::Enum(&["InSync", "InProgress", "Failed"]), "Whether it is up to date."),
        part("status_message", STR, "Why it is not; null when there is nothing to say."),
        part("kms_key_id", STR, "The key of the replica; null for the AWS managed key."),
    ],
};

/// A secret, or a replica of one.
pub static SECRET: ResourceType = ResourceType {
    name: "AWS::SecretsManager::Secret",
    title: ("シークレット", "Secret"),
    service: "secretsmanager",
    listed_by: Some(operation::LIST_SECRETS),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::LIST_SECRETS, "The tags."),
        api("kms_key_id", STR, operation::LIST_SECRETS, "The key; null for the AWS managed key aws/secretsmanager."),
        api(
            "primary_region",
            STR,
            operation::LIST_SECRETS,
            "The Region that it is changed in; null where AWS leaves it out, as for a secret without replicas.",
        ),
        api(
            "owning_service",
            STR,
            operation::LIST_SECRETS,
            "The AWS service that made the secret and manages it; null for the customer's own.",
        ),
        api(
            "replicas",
            Type::List(&Type::Record(&SECRET_REPLICA)),
            operation::DESCRIBE_SECRET,
            "Its replicas in other Regions; empty for a replica.",
        ),
    ],
};
