//! AWS Backup.

use std::sync::Arc;

use aws_sdk_backup::Client;
use aws_sdk_backup::error::ProvideErrorMetadata;
use aws_sdk_backup::operation::get_backup_vault_access_policy::GetBackupVaultAccessPolicyOutput;
use aws_sdk_backup::types as sdk;
use futures_util::{StreamExt, stream};

use super::convert::{Arn, Tags, arn, because, list, positive_days, strings, time, unheld};
use super::{Fields, Listing, PREPARED, UNLISTED, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{
    DESCRIBE_PROTECTED_RESOURCE, DESCRIBE_REGION_SETTINGS, GET_BACKUP_PLAN, GET_BACKUP_SELECTION,
    GET_BACKUP_VAULT_ACCESS_POLICY, GET_BACKUP_VAULT_NOTIFICATIONS, LIST_BACKUP_PLANS, LIST_BACKUP_SELECTIONS,
    LIST_BACKUP_TAGS, LIST_BACKUP_VAULTS, LIST_PROTECTED_RESOURCES, LIST_RECOVERY_POINTS_BY_BACKUP_VAULT,
    LIST_RESTORE_JOBS,
};
use crate::model::types::backup::{
    BACKUP_PLAN, BACKUP_SELECTION, BACKUP_VAULT, COPY_ACTION, PLAN_RULE, PROTECTED_RESOURCE, RECOVERY_POINT,
    REGION_SETTINGS, RESTORE_JOB, SCHEDULED_RUN, TAG_CONDITION,
};
use crate::model::{Operation, Resource, ResourceType, Seconds, Unknown, UnknownReason, Value};
use crate::record;

/// The largest pages that the operations accept.
const PAGE: i32 = 1000;

/// The most of the next runs that AWS announces; without asking it announces none.
const SCHEDULED_RUNS: i32 = 10;

/// The windows of a rule that names none: "Creating a backup plan" of the AWS Backup Developer Guide has jobs start
/// within 8 hours and complete within 7 days by default.
const START_WINDOW: i64 = 8 * 60;
const COMPLETION_WINDOW: i64 = 7 * 24 * 60;

/// Reads the plans, selections, vaults, recovery points and restores of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    let client = &task.clients.backup();
    let (plans, vaults, protected, restores, settings) = tokio::join!(
        plans_and_selections(task, client),
        vaults_and_points(task, client),
        protected_resources(task, client),
        restore_jobs(task, client),
        region_settings(task, client),
    );
    [plans, vaults, protected, restores, settings].concat()
}

async fn plans_and_selections(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&BACKUP_PLAN, LIST_BACKUP_PLANS) {
        return Vec::new();
    }
    let listing = pages(
        LIST_BACKUP_PLANS,
        |token| {
            let request = client.list_backup_plans().max_results(PAGE).set_next_token(token);
            task.call(LIST_BACKUP_PLANS, request.send())
        },
        |page| (page.backup_plans_list, page.next_token),
    )
    .await;
    let plans = listing.into_resources(task, &BACKUP_PLAN, LIST_BACKUP_PLANS, |plan| {
        let id = plan.backup_plan_id?;
        let mut resource = task.resource(&BACKUP_PLAN, &id);
        resource.arn =
            plan.backup_plan_arn.map_or_else(|| arn(task, "backup", &format!("backup-plan:{id}")), Into::into);
        if let Some(name) = plan.backup_plan_name {
            resource.name = name.into();
        }
        fill!(resource, BACKUP_PLAN { "last_execution": time(plan.last_execution_date) });
        Some(resource)
    });
    let (mut resources, selections) = tokio::join!(
        async {
            if task.wants(&BACKUP_PLAN, GET_BACKUP_PLAN) {
                complete(plans.clone(), |resource| plan(task, client, Arc::clone(&resource.id))).await
            } else {
                plans.clone()
            }
        },
        selections(task, client, &plans),
    );
    resources.extend(selections);
    resources
}

/// Reads the rules of a plan.
async fn plan(task: &Task, client: &Client, id: Arc<str>) -> Fields {
    let request = client.get_backup_plan().backup_plan_id(&*id).max_scheduled_runs_preview(SCHEDULED_RUNS).send();
    let answer = task.call(GET_BACKUP_PLAN, request).await;
    fields!(answer, BACKUP_PLAN, |answer| {
        "rules": list(answer.backup_plan.map(|plan| plan.rules), plan_rule),
        "scheduled_runs": list(answer.scheduled_runs_preview, |run| record!(SCHEDULED_RUN {
            "rule_id": run.rule_id,
            "time": time(run.execution_time),
            "execution_type": run.rule_execution_type.as_ref().map(sdk::RuleExecutionType::as_str),
        })),
    })
}

fn plan_rule(rule: sdk::BackupRule) -> Value {
    record!(PLAN_RULE {
        "rule_id": rule.rule_id,
        "rule_name": rule.rule_name,
        "vault_name": rule.target_backup_vault_name,
        "schedule": rule.schedule_expression,
        "timezone": rule.schedule_expression_timezone,
        "start_window": Seconds::from_minutes(rule.start_window_minutes.unwrap_or(START_WINDOW)),
        "completion_window": Seconds::from_minutes(rule.completion_window_minutes.unwrap_or(COMPLETION_WINDOW)),
        "continuous": rule.enable_continuous_backup.unwrap_or(false),
        "delete_after": delete_after(rule.lifecycle),
        "copy_actions": list(rule.copy_actions, copy_action),
    })
}

fn copy_action(action: sdk::CopyAction) -> Value {
    let destination = action.destination_backup_vault_arn;
    // Null would read as "another Region than ours", which is just what a copy is to prove.
    let (region, account) = match Arn::parse(&destination) {
        Some(arn) => (Value::from(arn.region), Value::from(arn.account)),
        None => {
            let unknown = unheld(GET_BACKUP_PLAN, "the destination of the copy is no ARN");
            (unknown.clone(), unknown)
        }
    };
    record!(COPY_ACTION {
        "region": region,
        "account": account,
        "delete_after": delete_after(action.lifecycle),
        "destination_vault_arn": destination,
    })
}

/// How long recovery points are kept: AWS says "for ever" by leaving the number out or by -1.
fn delete_after(lifecycle: Option<sdk::Lifecycle>) -> Value {
    until_event(GET_BACKUP_PLAN, lifecycle.as_ref())
        .unwrap_or_else(|| positive_days(lifecycle.and_then(|lifecycle| lifecycle.delete_after_days)))
}

/// When a recovery point is deleted, for those that go after an event (once copied) instead of after a time.
fn until_event(operation: Operation, lifecycle: Option<&sdk::Lifecycle>) -> Option<Value> {
    let event = lifecycle?.delete_after_event.as_ref()?;
    Some(unheld(operation, &format!("recovery points go by an event ({event}), not after a time")))
}

/// Reads the selections of the plans that were listed.
async fn selections(task: &Task, client: &Client, plans: &[Resource]) -> Vec<Resource> {
    if !task.wants(&BACKUP_SELECTION, LIST_BACKUP_SELECTIONS) {
        return Vec::new();
    }
    within(task, plans, &BACKUP_SELECTION, |plan| selections_of(task, client, Arc::clone(&plan.id))).await
}

async fn selections_of(task: &Task, client: &Client, plan: Arc<str>) -> Vec<Resource> {
    let listing = pages(
        LIST_BACKUP_SELECTIONS,
        |token| {
            let request = client.list_backup_selections().backup_plan_id(&*plan).max_results(PAGE);
            task.call(LIST_BACKUP_SELECTIONS, request.set_next_token(token).send())
        },
        |page| (page.backup_selections_list, page.next_token),
    )
    .await;
    let selections = listing.into_resources(task, &BACKUP_SELECTION, LIST_BACKUP_SELECTIONS, |selection| {
        let mut resource = task.resource(&BACKUP_SELECTION, &selection.selection_id?);
        if let Some(name) = selection.selection_name {
            resource.name = name.into();
        }
        fill!(resource, BACKUP_SELECTION { "plan_id": &*plan });
        Some(resource)
    });
    if !task.wants(&BACKUP_SELECTION, GET_BACKUP_SELECTION) {
        return selections;
    }
    complete(selections, |resource| selection(task, client, Arc::clone(&plan), Arc::clone(&resource.id))).await
}

/// Reads what a selection selects.
async fn selection(task: &Task, client: &Client, plan: Arc<str>, id: Arc<str>) -> Fields {
    let request = client.get_backup_selection().backup_plan_id(&*plan).selection_id(&*id).send();
    let answer = task.call(GET_BACKUP_SELECTION, request).await;
    let selection = answer.and_then(|answer| {
        let detail = "the answer holds no selection";
        answer.backup_selection.ok_or_else(|| because(UnknownReason::Error, GET_BACKUP_SELECTION, detail))
    });
    fields!(selection, BACKUP_SELECTION, |selection| {
        "resources": strings(selection.resources),
        "not_resources": strings(selection.not_resources),
        "any_tag": list(selection.list_of_tags, any_tag),
        "all_tags": all_tags(selection.conditions),
    })
}

/// A condition of `ListOfTags`, which knows no other operator than equality.
fn any_tag(condition: sdk::Condition) -> Value {
    tag_condition("equals", Some(&condition.condition_key), Some(condition.condition_value))
}

/// The four lists of `Conditions` as one.
fn all_tags(conditions: Option<sdk::Conditions>) -> Value {
    let Some(conditions) = conditions else { return Value::list([]) };
    let by_operator = [
        ("equals", conditions.string_equals),
        ("not_equals", conditions.string_not_equals),
        ("like", conditions.string_like),
        ("not_like", conditions.string_not_like),
    ];
    Value::list(by_operator.into_iter().flat_map(|(operator, parameters)| {
        let parameters = parameters.unwrap_or_default().into_iter();
        parameters.map(move |it| tag_condition(operator, it.condition_key.as_deref(), it.condition_value))
    }))
}

fn tag_condition(operator: &str, key: Option<&str>, value: Option<String>) -> Value {
    record!(TAG_CONDITION {
        "operator": operator,
        // The key of a condition is that of IAM policies; the tag's own key follows the slash.
        "key": key.map(|key| key.strip_prefix("aws:ResourceTag/").unwrap_or(key)),
        "value": value,
    })
}

async fn vaults_and_points(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&BACKUP_VAULT, LIST_BACKUP_VAULTS) {
        return Vec::new();
    }
    let listing = pages(
        LIST_BACKUP_VAULTS,
        |token| {
            let request = client.list_backup_vaults().max_results(PAGE).set_next_token(token);
            task.call(LIST_BACKUP_VAULTS, request.send())
        },
        |page| (page.backup_vault_list, page.next_token),
    )
    .await;
    let vaults = listing.into_resources(task, &BACKUP_VAULT, LIST_BACKUP_VAULTS, |vault| {
        let name = vault.backup_vault_name?;
        let mut resource = task.resource(&BACKUP_VAULT, &name);
        resource.arn =
            vault.backup_vault_arn.map_or_else(|| arn(task, "backup", &format!("backup-vault:{name}")), Into::into);
        fill!(resource, BACKUP_VAULT {
            "vault_type": vault.vault_type.as_ref().map(sdk::VaultType::as_str),
            "locked": vault.locked.unwrap_or(false),
            "min_retention": positive_days(vault.min_retention_days),
            "max_retention": positive_days(vault.max_retention_days),
            "lock_date": time(vault.lock_date),
            "number_of_recovery_points": vault.number_of_recovery_points,
            "encryption_key_arn": vault.encryption_key_arn,
        });
        Some(resource)
    });
    let (mut resources, points) = tokio::join!(
        complete(vaults.clone(), |vault| vault_details(task, client, Arc::clone(&vault.id), Arc::clone(&vault.arn))),
        recovery_points(task, client, &vaults),
    );
    resources.extend(points);
    resources
}

/// Reads what is asked for each vault.
async fn vault_details(task: &Task, client: &Client, name: Arc<str>, arn: Arc<str>) -> Fields {
    let (tags, policy, notifications) = tokio::join!(
        tags(task, client, arn),
        access_policy(task, client, Arc::clone(&name)),
        notifications(task, client, name),
    );
    [tags, policy, notifications].concat()
}

async fn access_policy(task: &Task, client: &Client, vault: Arc<str>) -> Fields {
    if !task.wants(&BACKUP_VAULT, GET_BACKUP_VAULT_ACCESS_POLICY) {
        return Fields::new();
    }
    let request = client.get_backup_vault_access_policy().backup_vault_name(&*vault).send();
    // A vault without a policy answers that there is none.
    let none = GetBackupVaultAccessPolicyOutput::builder().build();
    let answer = task
        .call_unless(GET_BACKUP_VAULT_ACCESS_POLICY, request, |error| {
            error.is_resource_not_found_exception().then_some(none)
        })
        .await;
    fields!(answer, BACKUP_VAULT, |answer| {
        "denied_actions": answer.policy.as_deref().map_or_else(|| Value::list([]), denied_actions),
    })
}

/// The actions that a policy denies to everyone. Exceptions for named principals are what such a policy is made of, so
/// they do not count against it; any other condition does, and so does a statement for some resources only.
fn denied_actions(policy: &str) -> Value {
    use serde_json::Value as Json;
    let Ok(policy) = serde_json::from_str::<Json>(policy) else {
        return unheld(GET_BACKUP_VAULT_ACCESS_POLICY, "the access policy is no JSON");
    };
    // Wherever a policy takes a list, it takes a single item as well.
    let listed = |json: &Json| match json {
        Json::Array(items) => items.clone(),
        Json::Null => Vec::new(),
        item => vec![item.clone()],
    };
    let everything = |json: &Json| listed(json).iter().any(|item| item == "*");
    let everyone = |statement: &Json| {
        statement.get("NotPrincipal").is_some()
            || everything(&statement["Principal"])
            || everything(&statement["Principal"]["AWS"])
    };
    let mut denied: Vec<String> = listed(&policy["Statement"])
        .iter()
        .filter(|statement| {
            statement["Effect"] == "Deny"
                && everyone(statement)
                && everything(&statement["Resource"])
                && only_excepts_principals(&statement["Condition"])
        })
        .flat_map(|statement| listed(&statement["Action"]))
        .filter_map(|action| action.as_str().map(str::to_owned))
        .collect();
    denied.sort_unstable();
    denied.dedup();
    strings(Some(denied))
}

/// Whether a condition holds for everyone but named principals.
fn only_excepts_principals(condition: &serde_json::Value) -> bool {
    let Some(operators) = condition.as_object() else { return condition.is_null() };
    operators.iter().all(|(operator, operands)| {
        let negative = ["ArnNotEquals", "ArnNotLike", "StringNotEquals", "StringNotLike"];
        let principal = ["aws:principalarn", "aws:userid", "aws:username"];
        negative.iter().any(|negative| negative.eq_ignore_ascii_case(operator))
            && operands.as_object().is_some_and(|operands| {
                operands.keys().all(|key| principal.contains(&key.to_ascii_lowercase().as_str()))
            })
    })
}

async fn tags(task: &Task, client: &Client, vault: Arc<str>) -> Fields {
    if !task.wants(&BACKUP_VAULT, LIST_BACKUP_TAGS) {
        return Fields::new();
    }
    let listing = pages(
        LIST_BACKUP_TAGS,
        |token| {
            let request = client.list_tags().resource_arn(&*vault).max_results(PAGE).set_next_token(token);
            task.call(LIST_BACKUP_TAGS, request.send())
        },
        |page| (page.tags.map(|tags| tags.into_iter().collect()), page.next_token),
    )
    .await;
    fields!(listing.complete(), BACKUP_VAULT, |tags| {
        "tags": Tags::new(tags.into_iter().map(|(key, value)| (Some(key), Some(value)))),
    })
}

async fn notifications(task: &Task, client: &Client, vault: Arc<str>) -> Fields {
    if !task.wants(&BACKUP_VAULT, GET_BACKUP_VAULT_NOTIFICATIONS) {
        return Fields::new();
    }
    let request = client.get_backup_vault_notifications().backup_vault_name(&*vault);
    let answer = task.call_unless(
        GET_BACKUP_VAULT_NOTIFICATIONS,
        async { request.send().await.map(Some) },
        // A vault that notifies nobody has no notifications to get.
        |error| (error.code() == Some("ResourceNotFoundException")).then_some(None),
    );
    fields!(answer.await, BACKUP_VAULT, |answer| {
        "notified_events": strings(answer.as_ref().and_then(|answer| answer.backup_vault_events.as_ref()).map(
            |events| events.iter().map(|event| event.as_str().to_owned()).collect(),
        )),
        "notified_topic": answer.and_then(|answer| answer.sns_topic_arn),
    })
}

/// Reads the recovery points of the vaults that were listed.
async fn recovery_points(task: &Task, client: &Client, vaults: &[Resource]) -> Vec<Resource> {
    if !task.wants(&RECOVERY_POINT, LIST_RECOVERY_POINTS_BY_BACKUP_VAULT) {
        return Vec::new();
    }
    within(task, vaults, &RECOVERY_POINT, |vault| recovery_points_of(task, client, Arc::clone(&vault.id))).await
}

async fn recovery_points_of(task: &Task, client: &Client, vault: Arc<str>) -> Vec<Resource> {
    let listing = pages(
        LIST_RECOVERY_POINTS_BY_BACKUP_VAULT,
        |token| {
            let request = client.list_recovery_points_by_backup_vault().backup_vault_name(&*vault).max_results(PAGE);
            task.call(LIST_RECOVERY_POINTS_BY_BACKUP_VAULT, request.set_next_token(token).send())
        },
        |page| (page.recovery_points, page.next_token),
    )
    .await;
    listing.into_resources(task, &RECOVERY_POINT, LIST_RECOVERY_POINTS_BY_BACKUP_VAULT, |point| {
        let arn = point.recovery_point_arn?;
        let mut resource = task.resource(&RECOVERY_POINT, &arn);
        resource.arn = arn.into();
        let delete_at = point.calculated_lifecycle.and_then(|lifecycle| lifecycle.delete_at);
        let event = until_event(LIST_RECOVERY_POINTS_BY_BACKUP_VAULT, point.lifecycle.as_ref());
        fill!(resource, RECOVERY_POINT {
            "resource_arn": point.resource_arn,
            "vault_name": point.backup_vault_name.as_deref().unwrap_or(&vault),
            "status": point.status.as_ref().map(sdk::RecoveryPointStatus::as_str),
            "created": time(point.creation_date),
            "delete_at": event.unwrap_or_else(|| time(delete_at)),
            "source_vault_arn": point.source_backup_vault_arn,
        });
        Some(resource)
    })
}

/// Lists the resources of a type within each of the resources that hold them. However many of these listings fail, one
/// resource stands for what is missing, since all have the same id; the first reason speaks for the others.
pub(super) async fn within<F>(
    task: &Task,
    holders: &[Resource],
    ty: &'static ResourceType,
    list: impl Fn(&Resource) -> F,
) -> Vec<Resource>
where
    F: Future<Output = Vec<Resource>>,
{
    let mut missing: Option<Arc<Unknown>> = None;
    let mut note = |stand_in: &Resource| {
        if missing.is_none() {
            missing = stand_in.fields.first().and_then(Value::as_unknown).cloned();
        }
    };
    // Holders that could not be listed hide what is within them.
    holders.iter().filter(|holder| &*holder.id == UNLISTED).for_each(&mut note);
    let lists: Vec<F> = holders.iter().filter(|holder| &*holder.id != UNLISTED).map(list).collect();
    // In the order of the holders, so that the same answers give the same reason.
    let found: Vec<Vec<Resource>> = stream::iter(lists).buffered(PREPARED).collect().await;
    let (mut resources, stand_ins): (Vec<_>, Vec<_>) =
        found.into_iter().flatten().partition(|resource| &*resource.id != UNLISTED);
    stand_ins.iter().for_each(&mut note);
    if let Some(unknown) = missing {
        resources.push(task.unlisted(ty, &unknown));
    }
    resources
}

async fn protected_resources(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&PROTECTED_RESOURCE, LIST_PROTECTED_RESOURCES) {
        return Vec::new();
    }
    let listing = pages(
        LIST_PROTECTED_RESOURCES,
        |token| {
            let request = client.list_protected_resources().max_results(PAGE).set_next_token(token);
            task.call(LIST_PROTECTED_RESOURCES, request.send())
        },
        |page| (page.results, page.next_token),
    )
    .await;
    let protected = listing.into_resources(task, &PROTECTED_RESOURCE, LIST_PROTECTED_RESOURCES, |protected| {
        let arn = protected.resource_arn?;
        let mut resource = task.resource(&PROTECTED_RESOURCE, &arn);
        resource.arn = arn.into();
        if let Some(name) = protected.resource_name.filter(|name| !name.is_empty()) {
            resource.name = name.into();
        }
        fill!(resource, PROTECTED_RESOURCE {
            "resource_type": protected.resource_type,
            "last_backup": time(protected.last_backup_time),
        });
        Some(resource)
    });
    if !task.wants(&PROTECTED_RESOURCE, DESCRIBE_PROTECTED_RESOURCE) {
        return protected;
    }
    complete(protected, |resource| last_restore(task, client, Arc::clone(&resource.id))).await
}

/// Reads how the newest restore of a resource went.
async fn last_restore(task: &Task, client: &Client, arn: Arc<str>) -> Fields {
    let request = client.describe_protected_resource().resource_arn(&*arn).send();
    let answer = task.call(DESCRIBE_PROTECTED_RESOURCE, request).await;
    fields!(answer, PROTECTED_RESOURCE, |answer| {
        "last_restore": time(answer.latest_restore_job_creation_date),
        "last_restore_duration": answer.latest_restore_execution_time_minutes.map(Seconds::from_minutes),
    })
}

async fn restore_jobs(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&RESTORE_JOB, LIST_RESTORE_JOBS) {
        return Vec::new();
    }
    let listing = pages(
        LIST_RESTORE_JOBS,
        |token| {
            let request = client.list_restore_jobs().max_results(PAGE).set_next_token(token);
            task.call(LIST_RESTORE_JOBS, request.send())
        },
        |page| (page.restore_jobs, page.next_token),
    )
    .await;
    listing.into_resources(task, &RESTORE_JOB, LIST_RESTORE_JOBS, |job| {
        let mut resource = task.resource(&RESTORE_JOB, &job.restore_job_id?);
        fill!(resource, RESTORE_JOB {
            "resource_arn": job.source_resource_arn,
            "created": time(job.creation_date),
            "completed": time(job.completion_date),
            "status": job.status.as_ref().map(sdk::RestoreJobStatus::as_str),
            "validation_status": job.validation_status.as_ref().map(sdk::RestoreValidationStatus::as_str),
            "restore_testing_plan_arn": job.created_by.and_then(|creator| creator.restore_testing_plan_arn),
        });
        Some(resource)
    })
}

async fn region_settings(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&REGION_SETTINGS, DESCRIBE_REGION_SETTINGS) {
        return Vec::new();
    }
    let answer = task.call(DESCRIBE_REGION_SETTINGS, client.describe_region_settings().send()).await;
    let settings = answer.map(|answer| Some(vec![answer.resource_type_opt_in_preference.unwrap_or_default()]));
    Listing::whole(settings).into_resources(task, &REGION_SETTINGS, DESCRIBE_REGION_SETTINGS, |opt_in| {
        let mut resource = task.resource(&REGION_SETTINGS, "settings");
        fill!(resource, REGION_SETTINGS {
            "opt_in": Value::map(opt_in.into_iter().map(|(name, on)| (name, if on { "true" } else { "false" }))),
        });
        Some(resource)
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_backup::types::{
        BackupRule, Condition, ConditionParameter, ConditionType, Conditions, CopyAction, Lifecycle,
        LifecycleDeleteAfterEvent,
    };

    use super::*;
    use crate::collect::aws::services::tests::task;
    use crate::model::RecordType;

    fn part(record: &Value, ty: &RecordType, name: &str) -> Value {
        record.as_record().unwrap()[ty.slot(name)].clone()
    }

    #[tokio::test]
    async fn one_stand_in_is_left_however_many_vaults_refuse() {
        let task = &task("backup");
        let denied = because(UnknownReason::Denied, LIST_RECOVERY_POINTS_BY_BACKUP_VAULT, "");
        let vaults = ["a", "b", "c"].map(|name| task.resource(&BACKUP_VAULT, name));
        let points = within(task, &vaults, &RECOVERY_POINT, |vault| {
            let readable = &*vault.id == "b";
            let point = if readable {
                task.resource(&RECOVERY_POINT, "point")
            } else {
                task.unlisted(&RECOVERY_POINT, &denied)
            };
            std::future::ready(vec![point])
        });
        assert_eq!(points.await.iter().map(|point| &*point.id).collect::<Vec<_>>(), ["point", UNLISTED]);
    }

    #[tokio::test]
    async fn plans_that_cannot_be_listed_hide_their_selections() {
        let task = &task("backup");
        let denied = because(UnknownReason::Denied, LIST_BACKUP_PLANS, "");
        let plans = [task.unlisted(&BACKUP_PLAN, &denied)];
        let selections = within(task, &plans, &BACKUP_SELECTION, |_| std::future::ready(Vec::new())).await;
        assert_eq!(selections.iter().map(|selection| &*selection.id).collect::<Vec<_>>(), [UNLISTED]);
        assert_eq!(selections[0].fields[0].as_unknown(), Some(&denied));
    }

    #[test]
    fn a_policy_denies_what_it_denies_to_everyone() {
        let denied = |statement: &str| denied_actions(&format!(r#"{{"Statement": {statement}}}"#));
        let actions = |actions: &[&str]| strings(Some(actions.iter().map(|&action| action.to_owned()).collect()));
        let everyone =
            r#"{"Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint", "Resource": "*"}"#;
        assert_eq!(denied(everyone), actions(&["backup:DeleteRecoveryPoint"]));
        assert_eq!(denied(&everyone.replace("Deny", "Allow")), actions(&[]));
        let but_one = r#"[{"Effect": "Deny", "Principal": {"AWS": ["*"]}, "Action": ["b", "a"], "Resource": ["*"],
            "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/BreakGlass"}}}]"#;
        assert_eq!(denied(but_one), actions(&["a", "b"]));
        for partial in [
            but_one.replace("ArnNotLike", "ArnLike"),
            but_one.replace("aws:PrincipalArn", "aws:SourceIp"),
            but_one.replace(r#"{"AWS": ["*"]}"#, r#"{"AWS": "arn:aws:iam::111111111111:root"}"#),
            but_one.replace(r#""Resource": ["*"]"#, r#""Resource": "arn:aws:ec2:*::snapshot/*""#),
        ] {
            assert_eq!(denied(&partial), actions(&[]), "{partial}");
        }
        assert!(denied_actions("nothing").as_unknown().is_some());
    }

    #[test]
    fn a_rule_without_windows_has_those_of_aws() {
        let rule = |start, completion| {
            let rule = BackupRule::builder().rule_name("daily").target_backup_vault_name("main");
            plan_rule(rule.set_start_window_minutes(start).set_completion_window_minutes(completion).build().unwrap())
        };
        assert_eq!(part(&rule(None, None), &PLAN_RULE, "start_window"), Value::Duration(Seconds(8 * 3600)));
        assert_eq!(part(&rule(None, None), &PLAN_RULE, "completion_window"), Value::Duration(Seconds::from_days(7)));
        assert_eq!(part(&rule(Some(60), None), &PLAN_RULE, "start_window"), Value::Duration(Seconds(3600)));
        assert_eq!(part(&rule(None, None), &PLAN_RULE, "delete_after"), Value::Null);
        assert_eq!(part(&rule(None, None), &PLAN_RULE, "copy_actions"), Value::list([]));
    }

    #[test]
    fn recovery_points_are_kept_for_days_or_for_ever() {
        let after = |days| delete_after(Some(Lifecycle::builder().set_delete_after_days(days).build()));
        assert_eq!(after(Some(35)), Value::Duration(Seconds::from_days(35)));
        assert_eq!(after(Some(-1)), Value::Null);
        assert_eq!(after(None), Value::Null);
        let event = Lifecycle::builder().delete_after_event(LifecycleDeleteAfterEvent::DeleteAfterCopy).build();
        assert!(delete_after(Some(event)).as_unknown().is_some(), "deleted once copied is not kept for ever");
    }

    #[test]
    fn a_copy_goes_where_its_vault_is() {
        let copy = |arn: &str| copy_action(CopyAction::builder().destination_backup_vault_arn(arn).build().unwrap());
        let arn = "arn:aws:backup:ap-northeast-3:222222222222:backup-vault:dr";
        assert_eq!(part(&copy(arn), &COPY_ACTION, "region"), Value::from("ap-northeast-3"));
        assert_eq!(part(&copy(arn), &COPY_ACTION, "account"), Value::from("222222222222"));
        assert_eq!(part(&copy(arn), &COPY_ACTION, "destination_vault_arn"), Value::from(arn));
        assert!(part(&copy("dr"), &COPY_ACTION, "region").as_unknown().is_some());
    }

    #[test]
    fn conditions_name_tags_as_the_tags_do() {
        let parameter = |key: &str, value: &str| {
            let parameter = ConditionParameter::builder();
            parameter.condition_key(key).condition_value(value).build()
        };
        let conditions = Conditions::builder()
            .string_not_like(parameter("aws:ResourceTag/env", "test*"))
            .string_equals(parameter("aws:ResourceTag/backup", "daily"))
            .build();
        let expected = |operator: &str, key: &str, value: &str| record!(TAG_CONDITION { "operator": operator, "key": key, "value": value });
        assert_eq!(
            all_tags(Some(conditions)),
            Value::list([expected("equals", "backup", "daily"), expected("not_like", "env", "test*")])
        );
        assert_eq!(all_tags(None), Value::list([]));

        let condition = |key: &str| {
            let condition = Condition::builder().condition_type(ConditionType::Stringequals);
            any_tag(condition.condition_key(key).condition_value("daily").build().unwrap())
        };
        assert_eq!(condition("backup"), expected("equals", "backup", "daily"));
        assert_eq!(condition("aws:ResourceTag/a/b"), expected("equals", "a/b", "daily"));
    }
}
