//! AWS KMS.

use super::{BOOL, STR, STRINGS, TIME, api, derived, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

const KEY_STATES: &[&str] = &[
    "Creating",
    "Enabled",
    "Disabled",
    "PendingDeletion",
    "PendingImport",
    "PendingReplicaDeletion",
    "Unavailable",
    "Updating",
];

/// A multi-Region key of the same set in another Region.
pub static RELATED_KEY: RecordType = RecordType {
    name: "related key",
    fields: &[
        part("arn", STR, "The key over there."),
        part("region", STR, "Its Region."),
        part("key_state", Type::Enum(KEY_STATES), "Its state; unknown when it lies outside the scan."),
    ],
};

/// A copy, in another Region, of a store that a key encrypts.
pub static ENCRYPTED_COPY: RecordType = RecordType {
    name: "encrypted copy",
    fields: &[
        part("store", STR, "The store that is copied."),
        part("region", STR, "The Region of the copy."),
        part("kms_key_id", STR, "The customer's key of the copy; null when AWS holds its key or when there is none."),
        part("decryptable", BOOL, "Whether a key of the copy's own Region encrypts it, and is usable."),
    ],
};

/// A key of the customer's. AWS managed keys are left out: nobody can replicate, disable or delete them.
pub static KEY: ResourceType = ResourceType {
    name: "AWS::KMS::Key",
    title: ("KMSキー", "KMS key"),
    service: "kms",
    listed_by: Some(operation::LIST_KEYS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::LIST_RESOURCE_TAGS, "The tags."),
        api("key_manager", Type::Enum(&["AWS", "CUSTOMER"]), operation::DESCRIBE_KEY, "Who manages the key."),
        api("key_state", Type::Enum(KEY_STATES), operation::DESCRIBE_KEY, "The state; only Enabled can decrypt."),
        api(
            "deletion_date",
            TIME,
            operation::DESCRIBE_KEY,
            "When the key will be deleted; null when that is not scheduled, or waits for replica keys to go.",
        ),
        api("multi_region", BOOL, operation::DESCRIBE_KEY, "Whether it is a multi-Region key, which never changes."),
        api(
            "multi_region_key_type",
            Type::Enum(&["PRIMARY", "REPLICA"]),
            operation::DESCRIBE_KEY,
            "Its part among multi-Region keys; null for a single-Region key.",
        ),
        api(
            "multi_region_key_arns",
            STRINGS,
            operation::DESCRIBE_KEY,
            "All keys of its set, the primary first and itself among them; empty for a single-Region key.",
        ),
        derived(
            "related_keys",
            Type::List(&Type::Record(&RELATED_KEY)),
            &["AWS::KMS::Key.multi_region_key_arns", "AWS::KMS::Key.key_state"],
            "The keys of its set in other Regions.",
        ),
        derived("used_by", STRINGS, USERS, "The stores that it encrypts, by ARN."),
        derived(
            "copies",
            Type::List(&Type::Record(&ENCRYPTED_COPY)),
            COPIES,
            "The copies, in other Regions, of the stores that it encrypts.",
        ),
    ],
};

/// The keys of all types that have one.
const USERS: &[&str] = &[
    "AWS::KMS::Key.key_manager",
    "AWS::KMS::Alias.target_key_id",
    "AWS::S3::Bucket.kms_key_id",
    "AWS::RDS::DBInstance.kms_key_id",
    "AWS::RDS::DBCluster.kms_key_id",
    "AWS::SecretsManager::Secret.kms_key_id",
    "AWS::ECR::Repository.kms_key_id",
    "AWS::DynamoDB::Table.kms_key_id",
    "AWS::Redshift::Cluster.kms_key_id",
    "AWS::EFS::FileSystem.kms_key_id",
    "AWS::EC2::Volume.kms_key_id",
];

/// The Regions of the copies of all types that have a key, and the keys over there.
const COPIES: &[&str] = &[
    "AWS::KMS::Key.used_by",
    "AWS::KMS::Key.key_state",
    "AWS::S3::Bucket.sse_algorithm",
    "AWS::S3::Bucket.live_copy_regions",
    "AWS::RDS::DBInstance.live_copy_regions",
    "AWS::RDS::DBCluster.live_copy_regions",
    "AWS::SecretsManager::Secret.replicas",
    "AWS::DynamoDB::Table.live_copy_regions",
    "AWS::Redshift::Cluster.live_copy_regions",
    "AWS::EFS::FileSystem.live_copy_regions",
    "AWS::EC2::Volume.live_copy_regions",
];

/// A name of a key; those of AWS managed keys begin with `alias/aws/`.
pub static ALIAS: ResourceType = ResourceType {
    name: "AWS::KMS::Alias",
    title: ("KMSキーの別名", "KMS key alias"),
    service: "kms",
    listed_by: Some(operation::LIST_ALIASES),
    listed_within: None,
    stateful: false,
    fields: &[api("target_key_id", STR, operation::LIST_ALIASES, "The id of the key that it names.")],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::types;

    #[test]
    fn every_type_with_a_key_and_every_copy_of_one_is_asked_for() {
        for ty in types::ALL.iter().filter(|ty| ty.field("kms_key_id").is_some()) {
            let named = |field: &str, list: &[&str]| list.contains(&&*format!("{}.{field}", ty.name));
            assert!(named("kms_key_id", USERS), "{}.kms_key_id is missing in USERS", ty.name);
            if ty.field("live_copy_regions").is_some() {
                assert!(named("live_copy_regions", COPIES), "{}.live_copy_regions is missing in COPIES", ty.name);
            }
        }
    }
}
