"""What is left when something is lost: copies in Osaka, replicas, restores, clusters of every engine."""

import json
from datetime import timedelta

from .backups import db_arn, point
from .builder import OSAKA, TOKYO, Builder, tags
from .databases import Databases

AURORA_MYSQL = {"Engine": "aurora-mysql", "EngineVersion": "8.0.mysql_aurora.3.05.2"}


def build(builder: Builder) -> None:
    """More of the databases account, in both Regions."""
    account = builder.accounts["databases"]
    tokyo, osaka = Databases(builder, account), Databases(builder, account, OSAKA)
    _replicas(builder, tokyo, osaka)
    _aurora(builder, tokyo)
    _other_engines(builder, tokyo, osaka)
    _vault_policy(builder)
    _restores(builder, tokyo)


def _replicas(builder: Builder, tokyo: Databases, osaka: Databases) -> None:
    """Replicas in Osaka that keep up, that lag behind, and that have stopped."""
    for source in ("lagging", "stopped"):
        tokyo.instance(source, MultiAZ=True)
        osaka.rds.create_db_instance_read_replica(
            DBInstanceIdentifier=f"{source}-osaka",
            SourceDBInstanceIdentifier=tokyo.arn(source),
        )
        osaka.rds.modify_db_instance(
            DBInstanceIdentifier=f"{source}-osaka",
            BackupRetentionPeriod=0,
            ApplyImmediately=True,
        )
    hours = {
        "replica-osaka": {1: 0.4, 2: 40.0, 50: 3.0},
        "lagging-osaka": {1: 2.0, 30: 13 * 3600.0},
        # Nothing is replicated where the lag is -1.
        "stopped-osaka": {1: -1.0, 2: -1.0, 30: 1.0},
    }
    cloudwatch = builder.client("cloudwatch", builder.accounts["databases"], OSAKA)
    for replica, lags in hours.items():
        cloudwatch.put_metric_data(
            Namespace="AWS/RDS",
            MetricData=[
                {
                    "MetricName": "ReplicaLag",
                    "Dimensions": dimensions,
                    "Timestamp": builder.now - timedelta(hours=ago),
                    "Value": lag,
                    "Unit": "Seconds",
                }
                for ago, lag in lags.items()
                for dimensions in (
                    [{"Name": "DBInstanceIdentifier", "Value": replica}],
                    [
                        {"Name": "DBInstanceIdentifier", "Value": replica},
                        {"Name": "Role", "Value": "READER"},
                    ],
                )
            ],
        )
    builder.cases["db_replica_lags"] = list(hours)


def _aurora(builder: Builder, tokyo: Databases) -> None:
    cases = builder.cases
    member = "aurora-two-zones-2"
    tokyo.override(
        "DescribeDBInstances", {"DBInstanceIdentifier": member}, PubliclyAccessible=True
    )
    cases["aurora_member_public"] = member
    cases["aurora_backtracked"] = tokyo.cluster(
        "rewindable", "a", BacktrackWindow=86400, **AURORA_MYSQL
    )
    cases["aurora_not_backtracked"] = tokyo.cluster("final", "ac", **AURORA_MYSQL)


def _other_engines(builder: Builder, tokyo: Databases, osaka: Databases) -> None:
    """Clusters that the same API lists: DocumentDB, Neptune, Multi-AZ DB clusters."""
    mks = {"Tags": tags(System="mks")}
    clusters = {
        "documents-mks": ("docdb", "ac", mks),
        "documents-one-zone": ("docdb", "aa", {"BackupRetentionPeriod": 1}),
        "graph-mks": ("neptune", "ac", mks),
        "graph-one-zone": ("neptune", "a", {"BackupRetentionPeriod": 1}),
        "three-zones": ("postgres", "acd", mks),
        "three-zones-alone": ("mysql", "acd", mks | {"BackupRetentionPeriod": 1}),
    }
    for name, (engine, zones, options) in clusters.items():
        tokyo.cluster(name, zones, **options)
        match = {"DBClusterIdentifier": name}
        tokyo.override("DescribeDBClusters", match, Engine=engine)
        tokyo.override("DescribeDBInstances", match, Engine=engine)
    builder.cases["clusters_of_other_engines"] = list(clusters)

    source = tokyo.rds.create_db_cluster_snapshot(
        DBClusterIdentifier="three-zones", DBClusterSnapshotIdentifier="three-zones"
    )["DBClusterSnapshot"]
    copy = {
        "DBClusterSnapshotIdentifier": "three-zones-copy",
        "DBClusterSnapshotArn": f"arn:aws:rds:{OSAKA}:{osaka.account}:cluster-snapshot:three-zones-copy",
        "DBClusterIdentifier": "three-zones",
        "SourceDBClusterSnapshotArn": source["DBClusterSnapshotArn"],
        "SnapshotCreateTime": builder.ago(hours=1),
        "SnapshotType": "manual",
        "Status": "available",
        "Engine": "postgres",
    }
    builder.admin(
        "answers",
        account=osaka.account,
        region=OSAKA,
        service="rds",
        operation="DescribeDBClusterSnapshots",
        answer={"DBClusterSnapshots": [copy]},
    )
    builder.cases["cluster_snapshot_copied_to_osaka"] = copy["DBClusterSnapshotArn"]


def _vault_policy(builder: Builder) -> None:
    account = builder.accounts["databases"]
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": [
            "backup:DeleteRecoveryPoint",
            "backup:UpdateRecoveryPointLifecycle",
            "backup:PutBackupVaultAccessPolicy",
        ],
        "Resource": "*",
        "Condition": {
            "ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{account}:role/glass"}
        },
    }
    for region, kept in ((TOKYO, statement), (OSAKA, statement | {"Action": []})):
        vault = {TOKYO: "governance", OSAKA: "compliance"}[region]
        builder.client("backup", account, region).put_backup_vault_access_policy(
            BackupVaultName=vault,
            Policy=json.dumps({"Version": "2012-10-17", "Statement": [kept]}),
        )


def _restores(builder: Builder, tokyo: Databases) -> None:
    """A restore that took too long, and one whose data turned out to be wrong."""
    account = builder.accounts["databases"]
    home = (account, TOKYO, "governance")
    items, jobs = [], []
    for name, minutes, validation in (
        ("slow-restore", 300, "SUCCESSFUL"),
        ("wrong-restore", 20, "FAILED"),
    ):
        tokyo.instance(name, MultiAZ=True, Tags=tags(System="mks"))
        made = point(builder, name, home, hours=5)
        items.append(made)
        jobs.append(
            {
                "RestoreJobId": name,
                "AccountId": account,
                "RecoveryPointArn": made["RecoveryPointArn"],
                "SourceResourceArn": db_arn(account, name),
                "ResourceType": "RDS",
                "Status": "COMPLETED",
                "ValidationStatus": validation,
                "CreatedBy": {
                    "RestoreTestingPlanArn": f"arn:aws:backup:{TOKYO}:{account}:restore-testing-plan:quarterly"
                },
                "CreationDate": builder.ago(days=4),
                "CompletionDate": builder.ago(days=4, minutes=-minutes),
            }
        )
    builder.admin("recovery-points", account=account, region=TOKYO, items=items)
    builder.admin("restore-jobs", account=account, region=TOKYO, items=jobs)
    builder.cases["restores"] = [job["RestoreJobId"] for job in jobs]
