//! AWS Backup.

use super::{BOOL, DURATION, INT, STR, STRINGS, TIME, api, derived, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// A copy that a backup rule makes.
pub static COPY_ACTION: RecordType = RecordType {
    name: "copy action",
    fields: &[
        part("destination_vault_arn", STR, "The vault that the copy goes to."),
        part("region", STR, "That vault's Region."),
        part("account", STR, "That vault's account."),
        part("delete_after", DURATION, "How long the copy is kept; null for ever."),
    ],
};

/// A rule of a backup plan.
pub static PLAN_RULE: RecordType = RecordType {
    name: "backup plan rule",
    fields: &[
        part("rule_id", STR, "The rule's id."),
        part("rule_name", STR, "The rule's name."),
        part("vault_name", STR, "The vault that the recovery points go to."),
        part("schedule", STR, "The schedule as cron() or rate(); null for the service's default."),
        part("timezone", STR, "The time zone of the schedule; null for UTC."),
        part("start_window", DURATION, "How long after the scheduled time a job may start; AWS's default is 8 hours."),
        part("completion_window", DURATION, "How long a job may take."),
        part("continuous", BOOL, "Whether the backup is continuous (point-in-time restore)."),
        part("delete_after", DURATION, "How long recovery points are kept; null for ever."),
        part("copy_actions", Type::List(&Type::Record(&COPY_ACTION)), "The copies that the rule makes."),
    ],
};

/// One of the next runs that AWS announces for a plan.
pub static SCHEDULED_RUN: RecordType = RecordType {
    name: "scheduled run",
    fields: &[
        part("rule_id", STR, "The rule."),
        part("time", TIME, "When it will run."),
        part("execution_type", STR, "Continuous, snapshots or both."),
    ],
};

/// A backup plan.
pub static BACKUP_PLAN: ResourceType = ResourceType {
    name: "AWS::Backup::BackupPlan",
    title: ("バックアッププラン", "Backup plan"),
    service: "backup",
    listed_by: Some(operation::LIST_BACKUP_PLANS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("last_execution", TIME, operation::LIST_BACKUP_PLANS, "When the plan last ran; null for never."),
        api("rules", Type::List(&Type::Record(&PLAN_RULE)), operation::GET_BACKUP_PLAN, "The rules."),
        api(
            "scheduled_runs",
            Type::List(&Type::Record(&SCHEDULED_RUN)),
            operation::GET_BACKUP_PLAN,
            "The next runs, at most ten.",
        ),
    ],
};

/// A tag condition of a selection.
pub static TAG_CONDITION: RecordType = RecordType {
    name: "tag condition",
    fields: &[
        part("operator", Type::Enum(&["equals", "not_equals", "like", "not_like"]), "How the value is compared."),
        part("key", STR, "The tag's key."),
        part("value", STR, "The tag's value; like compares with * as a wildcard."),
    ],
};

/// What a plan backs up.
pub static BACKUP_SELECTION: ResourceType = ResourceType {
    name: "AWS::Backup::BackupSelection",
    title: ("バックアップ対象の選択", "Backup selection"),
    service: "backup",
    listed_by: Some(operation::LIST_BACKUP_SELECTIONS),
    listed_within: Some("AWS::Backup::BackupPlan"),
    stateful: false,
    fields: &[
        api("plan_id", STR, operation::LIST_BACKUP_SELECTIONS, "The plan."),
        api("resources", STRINGS, operation::GET_BACKUP_SELECTION, "ARNs to include, * as a wildcard."),
        api("not_resources", STRINGS, operation::GET_BACKUP_SELECTION, "ARNs to leave out, * as a wildcard."),
        api(
            "any_tag",
            Type::List(&Type::Record(&TAG_CONDITION)),
            operation::GET_BACKUP_SELECTION,
            "ListOfTags: one of these must hold.",
        ),
        api(
            "all_tags",
            Type::List(&Type::Record(&TAG_CONDITION)),
            operation::GET_BACKUP_SELECTION,
            "Conditions: all of these must hold.",
        ),
    ],
};

/// A backup vault.
pub static BACKUP_VAULT: ResourceType = ResourceType {
    name: "AWS::Backup::BackupVault",
    title: ("バックアップボールト", "Backup vault"),
    service: "backup",
    listed_by: Some(operation::LIST_BACKUP_VAULTS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::LIST_BACKUP_TAGS, "The tags."),
        api(
            "vault_type",
            Type::Enum(&["BACKUP_VAULT", "LOGICALLY_AIR_GAPPED_BACKUP_VAULT", "RESTORE_ACCESS_BACKUP_VAULT"]),
            operation::LIST_BACKUP_VAULTS,
            "The kind of vault.",
        ),
        api("locked", BOOL, operation::LIST_BACKUP_VAULTS, "Whether Vault Lock is on."),
        api(
            "min_retention",
            DURATION,
            operation::LIST_BACKUP_VAULTS,
            "The shortest retention that the lock accepts; null for none.",
        ),
        api(
            "max_retention",
            DURATION,
            operation::LIST_BACKUP_VAULTS,
            "The longest retention that the lock accepts; null for none.",
        ),
        api(
            "lock_date",
            TIME,
            operation::LIST_BACKUP_VAULTS,
            "When the lock becomes immutable (compliance mode); null for governance mode.",
        ),
        api("number_of_recovery_points", INT, operation::LIST_BACKUP_VAULTS, "How many recovery points it holds."),
        api("encryption_key_arn", STR, operation::LIST_BACKUP_VAULTS, "The key of the vault."),
        api(
            "denied_actions",
            STRINGS,
            operation::GET_BACKUP_VAULT_ACCESS_POLICY,
            "The actions that the vault's access policy denies to everyone, or to all but named principals.",
        ),
        api(
            "notified_events",
            STRINGS,
            operation::GET_BACKUP_VAULT_NOTIFICATIONS,
            "The events that it sends to an SNS topic; empty without notifications.",
        ),
        api(
            "notified_topic",
            STR,
            operation::GET_BACKUP_VAULT_NOTIFICATIONS,
            "The topic that it sends them to; null without notifications.",
        ),
        derived(
            "backup_plans",
            STRINGS,
            &["AWS::Backup::BackupPlan.rules"],
            "The backup plans whose jobs put recovery points into it.",
        ),
        derived(
            "failures_reach_topic",
            BOOL,
            &[
                "AWS::Backup::BackupVault.notified_events",
                "AWS::Backup::BackupVault.notified_topic",
                "AWS::SNS::Subscription.topic_arn",
            ],
            "Whether the end of its backup jobs, failed ones among them, goes to a topic with a confirmed subscription.",
        ),
        derived(
            "failure_rules",
            STRINGS,
            &["AWS::Events::Rule.takes", "AWS::Events::Rule.state", "AWS::Events::Rule.targets"],
            "The EventBridge rules of its Region that are on, take failed backup jobs and have a target.",
        ),
    ],
};

/// A resource that AWS Backup has backed up at least once.
pub static PROTECTED_RESOURCE: ResourceType = ResourceType {
    name: "Sonae::Backup::ProtectedResource",
    title: ("保護されたリソース", "Protected resource"),
    service: "backup",
    listed_by: Some(operation::LIST_PROTECTED_RESOURCES),
    listed_within: None,
    stateful: false,
    fields: &[
        api("resource_type", STR, operation::LIST_PROTECTED_RESOURCES, "AWS Backup's name of the type, such as RDS."),
        api("last_backup", TIME, operation::LIST_PROTECTED_RESOURCES, "When it was last backed up."),
        api(
            "last_restore",
            TIME,
            operation::DESCRIBE_PROTECTED_RESOURCE,
            "When its newest restore job was created; null for never.",
        ),
        api(
            "last_restore_duration",
            DURATION,
            operation::DESCRIBE_PROTECTED_RESOURCE,
            "How long that job took; null unless it completed.",
        ),
    ],
};

/// A recovery point in a vault.
pub static RECOVERY_POINT: ResourceType = ResourceType {
    name: "Sonae::Backup::RecoveryPoint",
    title: ("復旧ポイント", "Recovery point"),
    service: "backup",
    listed_by: Some(operation::LIST_RECOVERY_POINTS_BY_BACKUP_VAULT),
    listed_within: Some("AWS::Backup::BackupVault"),
    stateful: false,
    fields: &[
        api("resource_arn", STR, operation::LIST_RECOVERY_POINTS_BY_BACKUP_VAULT, "The resource it was taken of."),
        api("vault_name", STR, operation::LIST_RECOVERY_POINTS_BY_BACKUP_VAULT, "The vault."),
        api(
            "status",
            Type::Enum(POINT_STATUS),
            operation::LIST_RECOVERY_POINTS_BY_BACKUP_VAULT,
            "COMPLETED or AVAILABLE when it can be restored.",
        ),
        api("created", TIME, operation::LIST_RECOVERY_POINTS_BY_BACKUP_VAULT, "When it was created."),
        api(
            "delete_at",
            TIME,
            operation::LIST_RECOVERY_POINTS_BY_BACKUP_VAULT,
            "When it will be deleted; null for never.",
        ),
        api(
            "source_vault_arn",
            STR,
            operation::LIST_RECOVERY_POINTS_BY_BACKUP_VAULT,
            "The vault it was copied from; null for an original.",
        ),
    ],
};

const POINT_STATUS: &[&str] = &["COMPLETED", "PARTIAL", "DELETING", "EXPIRED", "AVAILABLE", "STOPPED", "CREATING"];

/// The opt-in of resource types in a Region.
pub static REGION_SETTINGS: ResourceType = ResourceType {
    name: "Sonae::Backup::RegionSettings",
    title: ("AWS Backupのオプトイン設定", "AWS Backup opt-in settings"),
    service: "backup",
    listed_by: Some(operation::DESCRIBE_REGION_SETTINGS),
    listed_within: None,
    stateful: false,
    fields: &[api(
        "opt_in",
        Type::Map,
        operation::DESCRIBE_REGION_SETTINGS,
        "AWS Backup's type names, each with true or false.",
    )],
};

/// A restore job, also one of a restore testing plan.
pub static RESTORE_JOB: ResourceType = ResourceType {
    name: "Sonae::Backup::RestoreJob",
    title: ("復元ジョブ", "Restore job"),
    service: "backup",
    listed_by: Some(operation::LIST_RESTORE_JOBS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("resource_arn", STR, operation::LIST_RESTORE_JOBS, "The resource whose recovery point was restored."),
        api("created", TIME, operation::LIST_RESTORE_JOBS, "When the job was created."),
        api("completed", TIME, operation::LIST_RESTORE_JOBS, "When it ended; null before that."),
        api("status", Type::Enum(RESTORE_STATUS), operation::LIST_RESTORE_JOBS, "How it ended."),
        api(
            "validation_status",
            Type::Enum(VALIDATION_STATUS),
            operation::LIST_RESTORE_JOBS,
            "What validating the restored resource came to; null where nothing validates it.",
        ),
        api(
            "restore_testing_plan_arn",
            STR,
            operation::LIST_RESTORE_JOBS,
            "The restore testing plan that made it; null for a restore by hand.",
        ),
    ],
};

const RESTORE_STATUS: &[&str] = &["PENDING", "RUNNING", "COMPLETED", "ABORTED", "FAILED"];

const VALIDATION_STATUS: &[&str] = &["FAILED", "SUCCESSFUL", "TIMED_OUT", "VALIDATING"];

/// A backup rule that covers a resource, as the link stage finds it.
pub static COVERING_RULE: RecordType = RecordType {
    name: "covering backup rule",
    fields: &[
        part("plan_name", STR, "The plan."),
        part("rule_name", STR, "The rule."),
        part("vault_name", STR, "The vault."),
        part("schedule", STR, "The schedule."),
        part(
            "interval",
            DURATION,
            "The longest time between two runs of the schedule; unknown for a schedule that cannot be read.",
        ),
        part("start_window", DURATION, "How long after the scheduled time a job may start."),
        part("continuous", BOOL, "Whether the backup is continuous (point-in-time restore)."),
        part("delete_after", DURATION, "How long recovery points are kept; null for ever."),
        part("copy_actions", Type::List(&Type::Record(&COPY_ACTION)), "The copies that the rule makes."),
    ],
};

/// A recovery point of a resource, as the link stage finds it.
pub static POINT: RecordType = RecordType {
    name: "recovery point",
    fields: &[
        part("vault_name", STR, "The vault."),
        part("account", STR, "The vault's account."),
        part("region", STR, "The vault's Region."),
        part("status", Type::Enum(POINT_STATUS), "COMPLETED or AVAILABLE when it can be restored."),
        part("created", TIME, "When it was created."),
        part("copied_from", STR, "The vault that it was copied from; null for an original."),
    ],
};

/// The newest restore of a resource in an account and Region, as the link stage finds it.
pub static RESTORE: RecordType = RecordType {
    name: "restore",
    fields: &[
        part("account", STR, "The account that restored it."),
        part("region", STR, "The Region in which it was restored."),
        part("created", TIME, "When the restore job was created."),
        part("duration", DURATION, "How long the job took; null unless it completed."),
        part("status", Type::Enum(RESTORE_STATUS), "How the job ended; null once AWS Backup no longer lists it."),
        part(
            "validation_status",
            Type::Enum(VALIDATION_STATUS),
            "What validating the restored resource came to; null where nothing did, or the job is no longer listed.",
        ),
        part("restore_testing_plan_arn", STR, "The restore testing plan that made the job; null for none."),
    ],
};
