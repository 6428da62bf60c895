//! Amazon Data Lifecycle Manager.

use super::{BOOL, DURATION, STR, STRINGS, api, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// A tag that a policy looks for.
pub static POLICY_TAG: RecordType = RecordType {
    name: "policy tag",
    fields: &[part("key", STR, "The tag's key."), part("value", STR, "The tag's value.")],
};

/// When a policy takes snapshots or AMIs, and where it copies them.
pub static POLICY_SCHEDULE: RecordType = RecordType {
    name: "policy schedule",
    fields: &[
        part("name", STR, "The schedule's name; null for a default policy."),
        part("interval", DURATION, "The time between two runs; null where a cron expression says it."),
        part("cron", STR, "The cron expression; null where an interval says it."),
        part("copy_regions", STRINGS, "The Regions that copies go to."),
    ],
};

/// A lifecycle policy.
pub static LIFECYCLE_POLICY: ResourceType = ResourceType {
    name: "AWS::DLM::LifecyclePolicy",
    title: ("ライフサイクルポリシー", "Lifecycle policy"),
    service: "dlm",
    listed_by: Some(operation::GET_LIFECYCLE_POLICIES),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::GET_LIFECYCLE_POLICIES, "The tags of the policy itself."),
        api(
            "state",
            Type::Enum(&["ENABLED", "DISABLED", "ERROR"]),
            operation::GET_LIFECYCLE_POLICIES,
            "Only an enabled policy does anything.",
        ),
        api(
            "policy_type",
            Type::Enum(&["EBS_SNAPSHOT_MANAGEMENT", "IMAGE_MANAGEMENT", "EVENT_BASED_POLICY"]),
            operation::GET_LIFECYCLE_POLICIES,
            "Snapshots, AMIs, or copies of snapshots that another account shares.",
        ),
        api(
            "default_policy",
            BOOL,
            operation::GET_LIFECYCLE_POLICIES,
            "Whether it takes everything of the Region that has no recent backup, instead of what its tags select.",
        ),
        api("resource_types", STRINGS, operation::GET_LIFECYCLE_POLICY, "VOLUME or INSTANCE."),
        api(
            "target_tags",
            Type::List(&Type::Record(&POLICY_TAG)),
            operation::GET_LIFECYCLE_POLICY,
            "What has any of these tags is covered.",
        ),
        api(
            "schedules",
            Type::List(&Type::Record(&POLICY_SCHEDULE)),
            operation::GET_LIFECYCLE_POLICY,
            "When it runs; a default policy has one.",
        ),
        api("exclude_boot_volumes", BOOL, operation::GET_LIFECYCLE_POLICY, "Whether it leaves out boot volumes."),
        api("exclude_volume_types", STRINGS, operation::GET_LIFECYCLE_POLICY, "The volume types it leaves out."),
        api(
            "exclude_tags",
            Type::List(&Type::Record(&POLICY_TAG)),
            operation::GET_LIFECYCLE_POLICY,
            "What has any of these tags is left out.",
        ),
    ],
};
