"""Who is told when a backup job fails."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from .core import Json, Organisation, Resource, or_none, pages, verdict

FAILED = {
    "source": "aws.backup",
    "detail-type": "Backup Job State Change",
    "detail": {"state": "FAILED"},
}


@dataclass
class PlannedVault(Resource):
    """A vault; `raw` says who hears of its failed jobs."""

    def verdicts(self, _: Organisation) -> Iterator[tuple[str, str]]:
        """The rule on failures."""
        told = bool(self.raw["rules"]) or self.raw["heard"]
        status = verdict(bool(self.raw["plans"]), told)
        yield "backup-job-failure-notified", status


def read(organisation: Organisation) -> Iterator[Resource]:
    """The vaults of all accounts and Regions."""
    for account in organisation.accounts:
        for region in organisation.manifest["regions"]:
            yield from _vaults(organisation, account, region)


def _vaults(
    organisation: Organisation, account: str, region: str
) -> Iterator[PlannedVault]:
    backup = organisation.client("backup", account, region)
    events = organisation.client("events", account, region)
    sns = organisation.client("sns", account, region)
    rules = [
        rule["Name"]
        for rule in pages(events, "list_rules", "Rules")
        if rule["State"] != "DISABLED"
        and _takes(json.loads(rule.get("EventPattern", "null")), FAILED)
        and events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    ]
    topics = {
        found["TopicArn"]
        for found in pages(sns, "list_subscriptions", "Subscriptions")
        if found["SubscriptionArn"].startswith("arn:")
    }
    plans = {
        rule["TargetBackupVaultName"]
        for plan in pages(backup, "list_backup_plans", "BackupPlansList")
        for rule in backup.get_backup_plan(BackupPlanId=plan["BackupPlanId"])[
            "BackupPlan"
        ]["Rules"]
    }
    for vault in pages(backup, "list_backup_vaults", "BackupVaultList"):
        name, arn = vault["BackupVaultName"], vault["BackupVaultArn"]
        notified = or_none(
            "ResourceNotFoundException",
            lambda: backup.get_backup_vault_notifications(BackupVaultName=name),
        )
        # BACKUP_JOB_FAILED is deprecated: AWS does not send it.
        heard = (
            notified is not None
            and "BACKUP_JOB_COMPLETED" in notified["BackupVaultEvents"]
            and notified["SNSTopicArn"] in topics
        )
        raw = {"rules": rules, "plans": name in plans, "heard": heard}
        yield PlannedVault(account, region, name, arn, {}, raw)


def _takes(pattern: Json | None, event: Json) -> bool:
    """Whether a pattern of plain values and prefixes takes an event."""
    if pattern is None:
        return False
    return all(
        _takes(wanted, event[key])
        if isinstance(wanted, dict)
        else any(
            event[key].startswith(value["prefix"])
            if isinstance(value, dict)
            else event[key] == value
            for value in wanted
        )
        for key, wanted in pattern.items()
        if key in event
    )
