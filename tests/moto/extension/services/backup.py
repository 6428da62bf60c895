"""AWS Backup: selections, recovery points, jobs, Region settings, run previews."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.utils import parse_to_aware_datetime
from moto.backup.models import backup_backends
from moto.moto_api._internal import mock_random

from .. import shapes
from ..call import Call, operation_model
from ..errors import ApiError
from ..registry import amends, answers, endpoint
from ..state import State
from .schedule import runs

RESOURCE_TYPES = (
    "Aurora",
    "CloudFormation",
    "DocumentDB",
    "DynamoDB",
    "EBS",
    "EC2",
    "EFS",
    "FSx",
    "Neptune",
    "RDS",
    "Redshift",
    "S3",
    "Storage Gateway",
    "VirtualMachine",
)

# The admin endpoints that take records, and the operation that lists such records.
RECORD_LISTS = {
    "recovery-points": ("ListRecoveryPointsByBackupVault", "RecoveryPoints"),
    "copy-jobs": ("ListCopyJobs", "CopyJobs"),
    "restore-jobs": ("ListRestoreJobs", "RestoreJobs"),
    "backup-jobs": ("ListBackupJobs", "BackupJobs"),
    "restore-testing-plans": ("ListRestoreTestingPlans", "RestoreTestingPlans"),
}

# Filters of the list operations: the member of a record that each is compared with.
EQUALITY_FILTERS = {
    "BackupVaultName": "BackupVaultName",
    "ByAccountId": "AccountId",
    "ByBackupVaultName": "BackupVaultName",
    "ByDestinationVaultArn": "DestinationBackupVaultArn",
    "ByMessageCategory": "MessageCategory",
    "ByParentJobId": "ParentJobId",
    "ByParentRecoveryPointArn": "ParentRecoveryPointArn",
    "ByResourceArn": "ResourceArn",
    "ByResourceType": "ResourceType",
    "BySourceRecoveryPointArn": "SourceRecoveryPointArn",
    "ByState": "State",
    "ByStatus": "Status",
}
CREATOR_FILTERS = {
    "ByBackupPlanId": "BackupPlanId",
    "ByRestoreTestingPlanArn": "RestoreTestingPlanArn",
}
BEFORE_FILTERS = {
    "ByCreatedBefore": "CreationDate",
    "ByCompleteBefore": "CompletionDate",
}
AFTER_FILTERS = {"ByCreatedAfter": "CreationDate", "ByCompleteAfter": "CompletionDate"}


@dataclass
class Vaults:
    """What one account and Region has in AWS Backup besides moto's plans and vaults."""

    selections: dict[str, dict[str, Any]] = field(default_factory=dict)
    notifications: dict[str, dict[str, Any]] = field(default_factory=dict)
    opt_in: dict[str, bool] = field(
        default_factory=lambda: dict.fromkeys(RESOURCE_TYPES, True)
    )
    management: dict[str, bool] = field(
        default_factory=lambda: {"DynamoDB": True, "EFS": True}
    )
    # Access policies by the vault's name.
    policies: dict[str, str] = field(default_factory=dict)
    records: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {name: [] for name in RECORD_LISTS}
    )


@dataclass(kw_only=True)
class Records:
    """Records of one account and Region, with the members that the list operation has."""

    account: str
    region: str
    items: list[dict[str, Any]]


def _vaults(call: Call, state: State) -> Vaults:
    return state.scoped(Vaults, call.account, call.region)


def _require_plan(call: Call) -> str:
    plan_id = call.params["BackupPlanId"]
    if plan_id not in backup_backends[call.account][call.region].plans:
        message = f"Cannot find Backup plan with ID {plan_id}"
        raise ApiError("ResourceNotFoundException", message)
    return plan_id


def _selection(call: Call, state: State) -> dict[str, Any]:
    selection = _vaults(call, state).selections.get(call.params["SelectionId"])
    if selection is None or selection["BackupPlanId"] != call.params["BackupPlanId"]:
        message = f"Cannot find Backup selection with ID {call.params['SelectionId']}"
        raise ApiError("ResourceNotFoundException", message)
    return selection


@answers("backup", "CreateBackupSelection")
def create_backup_selection(call: Call, state: State) -> dict[str, Any]:
    """Keeps the selection as it is given."""
    plan_id = _require_plan(call)
    vaults = _vaults(call, state)
    name = call.params["BackupSelection"]["SelectionName"]
    for other in vaults.selections.values():
        taken = other["BackupSelection"]["SelectionName"]
        if (other["BackupPlanId"], taken) == (plan_id, name):
            message = f"Backup selection {name} already exists"
            raise ApiError("AlreadyExistsException", message)
    selection = {
        "SelectionId": str(mock_random.uuid4()),
        "BackupPlanId": plan_id,
        "CreationDate": state.now(),
        "BackupSelection": call.params["BackupSelection"],
    }
    if "CreatorRequestId" in call.params:
        selection["CreatorRequestId"] = call.params["CreatorRequestId"]
    vaults.selections[selection["SelectionId"]] = selection
    return {
        key: selection[key] for key in ("SelectionId", "BackupPlanId", "CreationDate")
    }


@answers("backup", "GetBackupSelection")
def get_backup_selection(call: Call, state: State) -> dict[str, Any]:
    """One selection of a plan."""
    return dict(_selection(call, state))


@answers("backup", "DeleteBackupSelection")
def delete_backup_selection(call: Call, state: State) -> dict[str, Any]:
    """Forgets one selection of a plan."""
    _vaults(call, state).selections.pop(_selection(call, state)["SelectionId"])
    return {}


@answers("backup", "ListBackupSelections")
def list_backup_selections(call: Call, state: State) -> dict[str, Any]:
    """The selections of a plan, without what they select."""
    plan_id = _require_plan(call)
    return {
        "BackupSelectionsList": [
            {key: value for key, value in selection.items() if key != "BackupSelection"}
            | {
                "SelectionName": selection["BackupSelection"]["SelectionName"],
                "IamRoleArn": selection["BackupSelection"]["IamRoleArn"],
            }
            for selection in _vaults(call, state).selections.values()
            if selection["BackupPlanId"] == plan_id
        ]
    }


@answers("backup", "DescribeRegionSettings")
def describe_region_settings(call: Call, state: State) -> dict[str, Any]:
    """Which resource types AWS Backup may protect here."""
    vaults = _vaults(call, state)
    return {
        "ResourceTypeOptInPreference": dict(vaults.opt_in),
        "ResourceTypeManagementPreference": dict(vaults.management),
    }


@answers("backup", "UpdateRegionSettings")
def update_region_settings(call: Call, state: State) -> dict[str, Any]:
    """Changes the resource types that are named, leaves the others."""
    vaults = _vaults(call, state)
    vaults.opt_in.update(call.params.get("ResourceTypeOptInPreference") or {})
    vaults.management.update(call.params.get("ResourceTypeManagementPreference") or {})
    return {}


@answers("backup", "PutBackupVaultAccessPolicy")
def put_backup_vault_access_policy(call: Call, state: State) -> dict[str, Any]:
    """Keeps the policy as it is given."""
    _require_vault(call)
    name = call.params["BackupVaultName"]
    _vaults(call, state).policies[name] = call.params["Policy"]
    return {}


@answers("backup", "GetBackupVaultAccessPolicy")
def get_backup_vault_access_policy(call: Call, state: State) -> dict[str, Any]:
    """The policy of a vault; without one, an error."""
    _require_vault(call)
    name = call.params["BackupVaultName"]
    policy = _vaults(call, state).policies.get(name)
    if policy is None:
        message = f"Backup vault {name} has no policy"
        raise ApiError("ResourceNotFoundException", message)
    arn = f"arn:aws:backup:{call.region}:{call.account}:backup-vault:{name}"
    return {"BackupVaultName": name, "BackupVaultArn": arn, "Policy": policy}


@answers("backup", "ListRecoveryPointsByBackupVault")
def list_recovery_points_by_backup_vault(call: Call, state: State) -> dict[str, Any]:
    """The recovery points in a vault."""
    _require_vault(call)
    return {"RecoveryPoints": _listed(call, state, "recovery-points")}


@answers("backup", "ListRecoveryPointsByResource")
def list_recovery_points_by_resource(call: Call, state: State) -> dict[str, Any]:
    """The recovery points of a resource, with fewer members than a vault's list has."""
    member = shapes.member_shape(call.operation_model.output_shape, "RecoveryPoints")
    return {
        "RecoveryPoints": [
            {key: value for key, value in point.items() if key in member.members}
            for point in _vaults(call, state).records["recovery-points"]
            if point["ResourceArn"] == call.params["ResourceArn"]
        ]
    }


@answers("backup", "ListProtectedResources", "ListProtectedResourcesByBackupVault")
def list_protected_resources(call: Call, state: State) -> dict[str, Any]:
    """The resources that have a complete recovery point."""
    if "BackupVaultName" in call.params:
        _require_vault(call)
    points = _listed(call, state, "recovery-points")
    return {"Results": list(_protected(points).values())}


@answers("backup", "DescribeProtectedResource")
def describe_protected_resource(call: Call, state: State) -> dict[str, Any]:
    """One protected resource, with its newest restore."""
    arn = call.params["ResourceArn"]
    records = _vaults(call, state).records
    protected = _protected(records["recovery-points"]).get(arn)
    if protected is None:
        message = f"Resource {arn} has no recovery points"
        raise ApiError("ResourceNotFoundException", message)
    restores = [
        job
        for job in records["restore-jobs"]
        if job.get("SourceResourceArn") == arn and job.get("Status") == "COMPLETED"
    ]
    if restores:
        newest = max(restores, key=lambda job: _time(job["CompletionDate"]))
        started, ended = _time(newest["CreationDate"]), _time(newest["CompletionDate"])
        minutes = int((ended - started).total_seconds() // 60)
        protected["LatestRestoreExecutionTimeMinutes"] = minutes
        protected["LatestRestoreJobCreationDate"] = started
    return protected


@answers("backup", "ListCopyJobs")
def list_copy_jobs(call: Call, state: State) -> dict[str, Any]:
    """The copy jobs, filtered."""
    return {"CopyJobs": _listed(call, state, "copy-jobs")}


@answers("backup", "ListRestoreJobs")
def list_restore_jobs(call: Call, state: State) -> dict[str, Any]:
    """The restore jobs, filtered."""
    return {"RestoreJobs": _listed(call, state, "restore-jobs")}


@answers("backup", "ListBackupJobs")
def list_backup_jobs(call: Call, state: State) -> dict[str, Any]:
    """The backup jobs, filtered."""
    return {"BackupJobs": _listed(call, state, "backup-jobs")}


@answers("backup", "ListRestoreTestingPlans")
def list_restore_testing_plans(call: Call, state: State) -> dict[str, Any]:
    """The restore testing plans."""
    return {"RestoreTestingPlans": _listed(call, state, "restore-testing-plans")}


@amends("backup", "GetBackupPlan")
def get_backup_plan(call: Call, state: State, plan: dict[str, Any]) -> dict[str, Any]:
    """Adds the next runs of the plan's rules, as many as are asked for."""
    wanted = call.params.get("MaxScheduledRunsPreview", 0)
    if not 0 <= wanted <= 10:
        message = "MaxScheduledRunsPreview must be between 0 and 10"
        raise ApiError("InvalidParameterValueException", message)
    previews = [
        {
            "ExecutionTime": time,
            "RuleId": rule["RuleId"],
            "RuleExecutionType": "CONTINUOUS_AND_SNAPSHOTS"
            if rule.get("EnableContinuousBackup")
            else "SNAPSHOTS",
        }
        for rule in plan["BackupPlan"]["Rules"]
        for time in runs(
            rule["ScheduleExpression"],
            rule.get("ScheduleExpressionTimezone", "Etc/UTC"),
            start=plan["CreationDate"],
            after=state.now(),
            count=wanted,
        )
    ]
    if wanted:
        previews.sort(key=lambda preview: preview["ExecutionTime"])
        plan["ScheduledRunsPreview"] = previews[:wanted]
    return plan


@amends("backup", "DescribeBackupVault")
def describe_backup_vault(
    call: Call, state: State, vault: dict[str, Any]
) -> dict[str, Any]:
    """Adds the vault's type and counts its recovery points."""
    return _with_contents(call, state, vault)


@amends("backup", "ListBackupVaults")
def list_backup_vaults(
    call: Call, state: State, output: dict[str, Any]
) -> dict[str, Any]:
    """Adds to each vault its type and counts its recovery points."""
    vaults = [_with_contents(call, state, vault) for vault in output["BackupVaultList"]]
    vault_type = call.params.get("ByVaultType")
    return {
        "BackupVaultList": [
            vault for vault in vaults if vault_type in (None, vault["VaultType"])
        ]
    }


def _with_contents(call: Call, state: State, vault: dict[str, Any]) -> dict[str, Any]:
    points = _vaults(call, state).records["recovery-points"]
    vault["NumberOfRecoveryPoints"] = sum(
        point["BackupVaultName"] == vault["BackupVaultName"] for point in points
    )
    return {"VaultType": "BACKUP_VAULT", "VaultState": "AVAILABLE"} | vault


def _require_vault(call: Call) -> None:
    name = call.params["BackupVaultName"]
    if name not in backup_backends[call.account][call.region].vaults:
        # AWS says no more than this to keep the names of vaults private.
        message = "Insufficient privileges to perform this action."
        raise ApiError("AccessDeniedException", message, 403)


def _listed(call: Call, state: State, name: str) -> list[dict[str, Any]]:
    return [
        record
        for record in _vaults(call, state).records[name]
        if _passes(record, call.params)
    ]


def _passes(record: dict[str, Any], params: dict[str, Any]) -> bool:
    return all(_passes_one(record, name, value) for name, value in params.items())


def _passes_one(record: dict[str, Any], name: str, value: Any) -> bool:
    """Whether the record passes a filter; other parameters let every record pass."""
    if name in EQUALITY_FILTERS:
        return record.get(EQUALITY_FILTERS[name]) == value
    if name in CREATOR_FILTERS:
        return record.get("CreatedBy", {}).get(CREATOR_FILTERS[name]) == value
    if name in BEFORE_FILTERS:
        member = BEFORE_FILTERS[name]
        return member in record and _time(record[member]) < _time(value)
    if name in AFTER_FILTERS:
        member = AFTER_FILTERS[name]
        return member in record and _time(record[member]) >= _time(value)
    return True


def _protected(points: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The protected resources by ARN, with their newest complete recovery point."""
    newest: dict[str, dict[str, Any]] = {}
    for point in points:
        if point["Status"] not in ("COMPLETED", "AVAILABLE"):
            continue
        other = newest.get(point["ResourceArn"])
        if other is None or _time(point["CreationDate"]) > _time(other["CreationDate"]):
            newest[point["ResourceArn"]] = point
    return {
        arn: {
            "ResourceArn": arn,
            "ResourceType": point["ResourceType"],
            "LastBackupTime": point["CreationDate"],
            "LastBackupVaultArn": point["BackupVaultArn"],
            "LastRecoveryPointArn": point["RecoveryPointArn"],
        }
        | ({"ResourceName": point["ResourceName"]} if "ResourceName" in point else {})
        for arn, point in newest.items()
    }


def _time(value: Any) -> datetime:
    return parse_to_aware_datetime(value)


REQUIRED_OF_POINT = (
    "BackupVaultArn",
    "BackupVaultName",
    "CreationDate",
    "RecoveryPointArn",
    "ResourceArn",
    "ResourceType",
    "Status",
)


def _add_records(state: State, name: str, records: Records) -> dict[str, Any]:
    operation, member = RECORD_LISTS[name]
    model = operation_model("backup", operation)
    shapes.check_output(model, {member: records.items})
    if name == "recovery-points":
        for item in records.items:
            if missing := [key for key in REQUIRED_OF_POINT if key not in item]:
                raise ValueError(f"a recovery point needs {', '.join(missing)}")
    kept = state.scoped(Vaults, records.account, records.region).records[name]
    kept.extend(records.items)
    return {name: len(kept)}


@endpoint("POST", "recovery-points", Records)
def add_recovery_points(state: State, records: Records) -> dict[str, Any]:
    """Puts recovery points into vaults."""
    return _add_records(state, "recovery-points", records)


@endpoint("POST", "copy-jobs", Records)
def add_copy_jobs(state: State, records: Records) -> dict[str, Any]:
    """Adds copy jobs."""
    return _add_records(state, "copy-jobs", records)


@endpoint("POST", "restore-jobs", Records)
def add_restore_jobs(state: State, records: Records) -> dict[str, Any]:
    """Adds restore jobs."""
    return _add_records(state, "restore-jobs", records)


@endpoint("POST", "backup-jobs", Records)
def add_backup_jobs(state: State, records: Records) -> dict[str, Any]:
    """Adds backup jobs."""
    return _add_records(state, "backup-jobs", records)


@endpoint("POST", "restore-testing-plans", Records)
def add_restore_testing_plans(state: State, records: Records) -> dict[str, Any]:
    """Adds restore testing plans."""
    return _add_records(state, "restore-testing-plans", records)


def _require_vault(call: Call) -> str:
    name = call.params["BackupVaultName"]
    if name not in backup_backends[call.account][call.region].vaults:
        message = f"Backup vault {name} does not exist"
        raise ApiError("ResourceNotFoundException", message)
    return name


@answers("backup", "PutBackupVaultNotifications")
def put_backup_vault_notifications(call: Call, state: State) -> dict[str, Any]:
    """Keeps which events of a vault go to which topic."""
    name = _require_vault(call)
    _vaults(call, state).notifications[name] = {
        "SNSTopicArn": call.params["SNSTopicArn"],
        "BackupVaultEvents": call.params["BackupVaultEvents"],
    }
    return {}


@answers("backup", "GetBackupVaultNotifications")
def get_backup_vault_notifications(call: Call, state: State) -> dict[str, Any]:
    """What was kept; a vault without notifications is an error."""
    name = _require_vault(call)
    kept = _vaults(call, state).notifications.get(name)
    if kept is None:
        message = f"Failed reading notifications from database for Backup vault {name}"
        raise ApiError("ResourceNotFoundException", message)
    return {"BackupVaultName": name, **kept}
