"""DynamoDB tables: PITR, replicas of both versions of global tables, backups."""

from typing import Any

from .backups import vault_arn
from .builder import OSAKA, TOKYO, Builder, hostile_tags, tags

SEOUL = "ap-northeast-2"
MKS = tags(System="mks")


class Tables:
    """Makes tables in one account and Region."""

    def __init__(self, builder: Builder, account: str, region: str = TOKYO) -> None:
        self.builder = builder
        self.account = account
        self.region = region
        self.dynamodb = builder.client("dynamodb", account, region)

    def create(
        self,
        name: str,
        *,
        pitr_days: int | None = 35,
        tagging: list[dict[str, str]] | None = None,
        **options: Any,
    ) -> str:
        """A table; without days its PITR stays off."""
        self.dynamodb.create_table(
            TableName=name,
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            Tags=tagging or [],
            **options,
        )
        if pitr_days is not None:
            self.dynamodb.update_continuous_backups(
                TableName=name,
                PointInTimeRecoverySpecification={
                    "PointInTimeRecoveryEnabled": True,
                    "RecoveryPeriodInDays": pitr_days,
                },
            )
        return name

    def replicate(
        self, name: str, replicas: dict[str, str], consistency: str = "EVENTUAL"
    ) -> str:
        """Makes it a replica of a global table, whose others have these statuses by Region."""
        self.builder.admin(
            "overrides",
            account=self.account,
            region=self.region,
            service="dynamodb",
            operation="DescribeTable",
            match={"TableName": name},
            set={
                "GlobalTableVersion": "2019.11.21",
                "MultiRegionConsistency": consistency,
                "Replicas": [
                    {"RegionName": region, "ReplicaStatus": status}
                    for region, status in replicas.items()
                ],
            },
        )
        return name


def build(builder: Builder) -> None:
    """Tables with every state of PITR and replication."""
    account = builder.accounts["databases"]
    tokyo = Tables(builder, account)
    osaka = Tables(builder, account, OSAKA)
    cases = builder.cases

    cases["table_replicated_to_osaka"] = tokyo.replicate(
        tokyo.create("orders", tagging=MKS, DeletionProtectionEnabled=True),
        {OSAKA: "ACTIVE"},
    )
    # DynamoDB synchronises neither PITR nor deletion protection.
    osaka.replicate(
        osaka.create("orders", tagging=MKS, pitr_days=None), {TOKYO: "ACTIVE"}
    )
    cases["table_without_anything"] = tokyo.create(
        "sessions", tagging=MKS, pitr_days=None
    )
    cases["table_pitr_3_days"] = tokyo.create("short", tagging=MKS, pitr_days=3)
    cases["table_replica_in_creation"] = tokyo.replicate(
        tokyo.create("starting", tagging=MKS), {OSAKA: "CREATING"}
    )
    cases["table_replicated_outside_scan"] = tokyo.replicate(
        tokyo.create("abroad", tagging=hostile_tags(0)), {"us-east-1": "ACTIVE"}
    )
    cases["table_in_plan"] = tokyo.create(
        "planned", pitr_days=None, tagging=tags(Backup="yes")
    )
    cases["table_copied_to_osaka"] = tokyo.create("copied", tagging=hostile_tags(1))
    _copy_to_osaka(builder, account, "copied")
    cases["table_legacy_global"] = tokyo.create("legacy", tagging=MKS)
    regions = [{"RegionName": region} for region in (TOKYO, OSAKA)]
    builder.admin(
        "answers",
        account=account,
        region=TOKYO,
        service="dynamodb",
        operation="ListGlobalTables",
        answer={
            "GlobalTables": [
                {"GlobalTableName": "legacy", "ReplicationGroup": regions}
            ]
        },
    )

    storage = Tables(builder, builder.accounts["storage"])
    both = {OSAKA: "ACTIVE", SEOUL: "UPDATING"}
    cases["table_strong"] = storage.replicate(storage.create("strong"), both, "STRONG")
    cases["table_eventual"] = storage.replicate(storage.create("eventual"), both)

    Tables(builder, builder.accounts["vault"]).create("no-objectives", pitr_days=None)
    Tables(builder, builder.accounts["network"]).create(
        "defaults", DeletionProtectionEnabled=True
    )


def _copy_to_osaka(builder: Builder, account: str, table: str) -> None:
    name = "compliance"
    point = {
        "RecoveryPointArn": f"arn:aws:backup:{OSAKA}:{account}:recovery-point:{table}",
        "BackupVaultName": name,
        "BackupVaultArn": vault_arn(account, OSAKA, name),
        "ResourceArn": f"arn:aws:dynamodb:{TOKYO}:{account}:table/{table}",
        "ResourceType": "DynamoDB",
        "ResourceName": table,
        "Status": "COMPLETED",
        "CreationDate": builder.ago(hours=6),
        "CompletionDate": builder.ago(hours=5),
        "IsEncrypted": True,
        "VaultType": "BACKUP_VAULT",
    }
    builder.admin("recovery-points", account=account, region=OSAKA, items=[point])
