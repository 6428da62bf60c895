"""AWS Backup: vaults, plans, what they select, and what came of them."""

from typing import Any

from botocore.client import BaseClient

from .builder import EMOJI, FORMULA, JAPANESE, OSAKA, REGIONS, SCRIPT, TOKYO, Builder

ROLE = "role/service-role/AWSBackupDefaultServiceRole"
VAULTS = ("unlocked", "governance", "compliance")


def build(builder: Builder) -> None:
    """Backups of the databases account, partly copied to Osaka and to the vault account."""
    for purpose in ("databases", "vault"):
        for region in REGIONS:
            _vaults(builder.client("backup", builder.accounts[purpose], region))
    _plans(builder)
    _region_without_s3(builder)
    _recovery_points(builder)


def _vaults(backup: BaseClient) -> None:
    for name in VAULTS:
        backup.create_backup_vault(BackupVaultName=name)
    limits = {"MinRetentionDays": 7, "MaxRetentionDays": 400}
    backup.put_backup_vault_lock_configuration(BackupVaultName="governance", **limits)
    backup.put_backup_vault_lock_configuration(
        BackupVaultName="compliance", ChangeableForDays=3, **limits
    )


def _plans(builder: Builder) -> None:
    account = builder.accounts["databases"]
    backup = builder.client("backup", account)
    osaka_vault = vault_arn(account, OSAKA, "compliance")
    other_vault = vault_arn(builder.accounts["vault"], OSAKA, "compliance")
    databases = f"arn:aws:rds:{TOKYO}:{account}"

    daily = _plan(
        backup,
        "daily",
        ScheduleExpression="cron(0 18 ? * * *)",
        ScheduleExpressionTimezone="Asia/Tokyo",
        StartWindowMinutes=60,
        Lifecycle={"DeleteAfterDays": 35},
        CopyActions=[
            {
                "DestinationBackupVaultArn": osaka_vault,
                "Lifecycle": {"DeleteAfterDays": 35},
            },
            {
                "DestinationBackupVaultArn": other_vault,
                "Lifecycle": {"DeleteAfterDays": 90},
            },
        ],
    )
    hourly = _plan(
        backup,
        "hourly",
        ScheduleExpression="cron(0 * ? * * *)",
        Lifecycle={"DeleteAfterDays": 7},
    )
    continuous = _plan(
        backup,
        "continuous",
        EnableContinuousBackup=True,
        ScheduleExpression="cron(0 5 ? * * *)",
        Lifecycle={"DeleteAfterDays": 35},
    )
    weekly = _plan(backup, "weekly", ScheduleExpression="cron(0 3 ? * SUN *)")
    monthly = _plan(
        backup,
        "monthly",
        ScheduleExpression="cron(0 3 1 * ? *)",
        Lifecycle={"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 365},
    )

    condition = {"ConditionKey": "aws:ResourceTag/System", "ConditionValue": "mks"}
    selections: dict[str, tuple[str, dict[str, Any]]] = {
        "by_arn": (daily, {"Resources": [f"{databases}:db:multi-az"]}),
        "by_wildcard": (hourly, {"Resources": ["arn:aws:rds:*:*:db:many-000*"]}),
        "by_tag": (
            continuous,
            {
                "ListOfTags": [
                    {
                        "ConditionType": "STRINGEQUALS",
                        "ConditionKey": "Backup",
                        "ConditionValue": "yes",
                    }
                ]
            },
        ),
        "by_condition": (
            weekly,
            {"Resources": ["*"], "Conditions": {"StringEquals": [condition]}},
        ),
        "with_exceptions": (
            monthly,
            {
                "Resources": [f"{databases}:db:*"],
                "NotResources": [f"{databases}:db:many-*", f"{databases}:db:stale"],
            },
        ),
    }
    for name, (plan, selection) in selections.items():
        made = backup.create_backup_selection(
            BackupPlanId=plan,
            BackupSelection={
                "SelectionName": name,
                "IamRoleArn": f"arn:aws:iam::{account}:{ROLE}",
                **selection,
            },
        )
        case = {"plan": plan, "selection": made["SelectionId"]}
        builder.cases[f"backup_selection_{name}"] = case
    builder.cases["backup_plans"] = {
        "daily": daily,
        "hourly_with_default_start_window": hourly,
        "continuous": continuous,
        "weekly": weekly,
        "monthly": monthly,
    }


def _region_without_s3(builder: Builder) -> None:
    """A plan that selects buckets in a Region where AWS Backup may not touch S3."""
    account = builder.accounts["storage"]
    backup = builder.client("backup", account)
    backup.update_region_settings(ResourceTypeOptInPreference={"S3": False})
    backup.create_backup_vault(BackupVaultName="unlocked")
    plan = _plan(backup, "buckets", ScheduleExpression="rate(1 day)")
    backup.create_backup_selection(
        BackupPlanId=plan,
        BackupSelection={
            "SelectionName": "by_tag",
            "IamRoleArn": f"arn:aws:iam::{account}:{ROLE}",
            "ListOfTags": [
                {
                    "ConditionType": "STRINGEQUALS",
                    "ConditionKey": "System",
                    "ConditionValue": "mks",
                }
            ],
        },
    )
    builder.cases["backup_region_without_s3"] = {"account": account, "plan": plan}


def _recovery_points(builder: Builder) -> None:
    account, vault_account = builder.accounts["databases"], builder.accounts["vault"]
    home = (account, TOKYO, "governance")
    in_osaka = (account, OSAKA, "compliance")
    in_vault_account = (vault_account, OSAKA, "compliance")
    points = {
        "fresh": point(builder, "multi-az", home, hours=2),
        "stale": point(builder, "stale", home, days=9),
        "failed": point(builder, "retention-0", home, hours=2, Status="PARTIAL"),
        "of_monthly_plan": point(builder, "retention-35", home, days=20),
        "copied_to_osaka": point(builder, "multi-az", in_osaka, hours=3),
        "copied_without_replica": point(builder, "retention-35", in_osaka, hours=3),
        "copied_to_other_account": point(
            builder, "multi-az", in_vault_account, hours=4
        ),
    }
    builder.cases["recovery_points"] = {
        name: point["RecoveryPointArn"] for name, point in points.items()
    }
    for (owner, region), names in {
        (account, TOKYO): ("fresh", "stale", "failed", "of_monthly_plan"),
        (account, OSAKA): ("copied_to_osaka", "copied_without_replica"),
        (vault_account, OSAKA): ("copied_to_other_account",),
    }.items():
        items = [points[name] for name in names]
        builder.admin("recovery-points", account=owner, region=region, items=items)

    copies = [
        _copy(builder, "multi-az", in_osaka, "COMPLETED", hours=3),
        _copy(builder, "multi-az", in_vault_account, "COMPLETED", hours=4),
        _copy(builder, "single-az", in_osaka, "FAILED", hours=5),
    ]
    builder.admin("copy-jobs", account=account, region=TOKYO, items=copies)
    failed = {
        "BackupJobId": "failed",
        "AccountId": account,
        "BackupVaultName": "governance",
        "ResourceArn": db_arn(account, "retention-0"),
        "ResourceType": "RDS",
        "State": "FAILED",
        "StatusMessage": SCRIPT,
        "CreationDate": builder.ago(hours=2),
    }
    builder.admin("backup-jobs", account=account, region=TOKYO, items=[failed])
    restore = {
        "RestoreJobId": "restore",
        "AccountId": account,
        "RecoveryPointArn": points["fresh"]["RecoveryPointArn"],
        "SourceResourceArn": db_arn(account, "multi-az"),
        "ResourceType": "RDS",
        "Status": "COMPLETED",
        "ValidationStatus": "SUCCESSFUL",
        "CreationDate": builder.ago(days=30),
        "CompletionDate": builder.ago(days=30, minutes=-42),
    }
    builder.admin("restore-jobs", account=account, region=TOKYO, items=[restore])


def vault_arn(account: str, region: str, name: str) -> str:
    """The ARN of a vault."""
    return f"arn:aws:backup:{region}:{account}:backup-vault:{name}"


def db_arn(account: str, name: str) -> str:
    """The ARN of an instance in Tokyo."""
    return f"arn:aws:rds:{TOKYO}:{account}:db:{name}"


def _plan(backup: BaseClient, name: str, **rule: Any) -> str:
    rule = {"RuleName": "rule", "TargetBackupVaultName": "unlocked"} | rule
    made = backup.create_backup_plan(
        BackupPlan={"BackupPlanName": name, "Rules": [rule]},
        BackupPlanTags={"Owner": SCRIPT, "Cost": FORMULA, JAPANESE: EMOJI},
    )
    return made["BackupPlanId"]


def point(
    builder: Builder, database: str, vault: tuple[str, str, str], **age_or_member: Any
) -> dict[str, Any]:
    """A recovery point of a database in a vault: account, Region and name."""
    owner, region, name = vault
    status = age_or_member.pop("Status", "COMPLETED")
    home = (builder.accounts["databases"], TOKYO)
    copied = {} if (owner, region) == home else {"SourceBackupVaultArn": vault_arn(*home, "governance")}
    return copied | {
        "RecoveryPointArn": f"arn:aws:rds:{region}:{owner}:snapshot:awsbackup:{database}",
        "BackupVaultName": name,
        "BackupVaultArn": vault_arn(owner, region, name),
        "ResourceArn": db_arn(builder.accounts["databases"], database),
        "ResourceType": "RDS",
        "ResourceName": database,
        "Status": status,
        "CreationDate": builder.ago(**age_or_member),
        "CompletionDate": builder.ago(**age_or_member),
        "Lifecycle": {"DeleteAfterDays": 35},
        "IsEncrypted": True,
        "VaultType": "BACKUP_VAULT",
    }


def _copy(
    builder: Builder,
    database: str,
    vault: tuple[str, str, str],
    state: str,
    **age: float,
) -> dict[str, Any]:
    """A copy job of a database's recovery point to a vault."""
    account = builder.accounts["databases"]
    return {
        "AccountId": account,
        "CopyJobId": f"{database}-{vault[0]}-{vault[1]}",
        "SourceBackupVaultArn": vault_arn(account, TOKYO, "governance"),
        "DestinationBackupVaultArn": vault_arn(*vault),
        "ResourceArn": db_arn(account, database),
        "ResourceType": "RDS",
        "State": state,
        "CreationDate": builder.ago(**age),
        "CompletionDate": builder.ago(**age),
    }
