//! Amazon ECR, private registries.

use super::{STR, STRINGS, TIME, api, derived, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// Where replicated images go.
pub static DESTINATION: RecordType = RecordType {
    name: "replication destination",
    fields: &[part("region", STR, "The Region."), part("account", STR, "The account.")],
};

/// A rule of a registry's replication.
pub static REPLICATION_RULE: RecordType = RecordType {
    name: "registry replication rule",
    fields: &[
        part("destinations", Type::List(&Type::Record(&DESTINATION)), "Where images are copied to."),
        part("prefixes", STRINGS, "The beginnings of the names of the repositories it takes; empty for all."),
    ],
};

/// How the registry of an account and Region replicates what is pushed to it.
pub static REPLICATION_CONFIGURATION: ResourceType = ResourceType {
    name: "AWS::ECR::ReplicationConfiguration",
    title: ("ECRのレプリケーション設定", "ECR replication configuration"),
    service: "ecr",
    listed_by: Some(operation::DESCRIBE_REGISTRY),
    listed_within: None,
    stateful: false,
    fields: &[api(
        "rules",
        Type::List(&Type::Record(&REPLICATION_RULE)),
        operation::DESCRIBE_REGISTRY,
        "The rules; empty without replication.",
    )],
};

/// A repository of container images.
pub static REPOSITORY: ResourceType = ResourceType {
    name: "AWS::ECR::Repository",
    title: ("ECRリポジトリ", "ECR repository"),
    service: "ecr",
    listed_by: Some(operation::DESCRIBE_REPOSITORIES),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::LIST_TAGS_FOR_REPOSITORY, "The tags."),
        api("created", TIME, operation::DESCRIBE_REPOSITORIES, "When the repository was created."),
        api("kms_key_id", STR, operation::DESCRIBE_REPOSITORIES, "The key; null for encryption with Amazon S3's keys."),
        derived(
            "destinations",
            Type::List(&Type::Record(&DESTINATION)),
            &["AWS::ECR::ReplicationConfiguration.rules"],
            "Where rules of its registry copy the images that are pushed to it.",
        ),
    ],
};
