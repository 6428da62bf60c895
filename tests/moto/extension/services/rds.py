"""RDS: standby zones, restore windows, automated backups and their replication."""

from base64 import b32encode
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

from moto.ec2.models import ec2_backends
from moto.rds.models import DBCluster, DBInstance, rds_backends

from ..call import Call
from ..errors import ApiError
from ..registry import amends, answers
from ..state import State

# AWS uploads transaction logs every five minutes.
LOG_INTERVAL = timedelta(minutes=5)


@dataclass
class ReplicatedBackups:
    """The backups that one account and Region receives: retention by source ARN."""

    retention: dict[str, int] = field(default_factory=dict)


@amends("rds", "DescribeDBInstances")
def describe_db_instances(
    call: Call, state: State, output: dict[str, Any]
) -> dict[str, Any]:
    """Adds what moto leaves out of an instance and corrects what it gets wrong."""
    zones = _zones(call)
    for instance in output["DBInstances"]:
        arn = instance["DBInstanceArn"]
        instance["DbiResourceId"] = _resource_id(arn)
        _correct_zones(instance, zones)
        if instance.get("BackupRetentionPeriod"):
            instance["LatestRestorableTime"] = state.now() - LOG_INTERVAL
        else:
            instance.pop("LatestRestorableTime", None)
        instance.setdefault("BackupTarget", "region")
        # AWS always says it, and moto only where it was asked for.
        instance.setdefault("PubliclyAccessible", False)
        replications = [
            {"DBInstanceAutomatedBackupsArn": _backups_arn(arn, region)}
            for region in _regions_receiving(call, state, arn)
        ]
        if replications:
            instance["DBInstanceAutomatedBackupsReplications"] = replications
    return output


@amends("rds", "DescribeDBClusters")
def describe_db_clusters(
    call: Call, state: State, output: dict[str, Any]
) -> dict[str, Any]:
    """Gives clusters zones that exist and the restore window that their retention allows."""
    zones = _zones(call)
    for cluster in output["DBClusters"]:
        if not set(cluster["AvailabilityZones"]) <= set(zones):
            cluster["AvailabilityZones"] = zones[:3]
        window = _window(state, cluster.get("BackupRetentionPeriod", 1))
        cluster["EarliestRestorableTime"] = window["EarliestTime"]
        cluster["LatestRestorableTime"] = window["LatestTime"]
    return output


@amends("rds", "DescribeGlobalClusters")
def describe_global_clusters(
    call: Call, state: State, output: dict[str, Any]
) -> dict[str, Any]:
    """Says that the clusters of a global database keep up."""
    for cluster in output["GlobalClusters"]:
        for member in cluster["GlobalClusterMembers"]:
            member.setdefault("SynchronizationStatus", "connected")
    return output


@answers("rds", "DescribeDBInstanceAutomatedBackups")
def describe_db_instance_automated_backups(call: Call, state: State) -> dict[str, Any]:
    """The backups of this Region's instances and those replicated from other Regions."""
    own = [
        _automated_backup(
            state, instance, call.region, instance.backup_retention_period
        )
        for instance in rds_backends[call.account][call.region].databases.values()
        if instance.backup_retention_period and not instance.db_cluster_identifier
    ]
    received = [
        _automated_backup(state, instance, call.region, retention)
        for instance, retention in _received(call, state)
    ]
    wanted = {
        name: call.params[name]
        for name in (
            "DBInstanceIdentifier",
            "DbiResourceId",
            "DBInstanceAutomatedBackupsArn",
        )
        if name in call.params
    }
    return {
        "DBInstanceAutomatedBackups": [
            backup
            for backup in own + received
            if all(backup[name] == value for name, value in wanted.items())
        ]
    }


@answers("rds", "DescribeDBClusterAutomatedBackups")
def describe_db_cluster_automated_backups(call: Call, state: State) -> dict[str, Any]:
    """The backups of this Region's clusters."""
    identifier = call.params.get("DBClusterIdentifier")
    return {
        "DBClusterAutomatedBackups": [
            _cluster_backup(state, cluster, call.region)
            for cluster in rds_backends[call.account][call.region].clusters.values()
            if identifier in (None, cluster.db_cluster_identifier)
        ]
    }


@answers("rds", "StartDBInstanceAutomatedBackupsReplication")
def start_automated_backups_replication(call: Call, state: State) -> dict[str, Any]:
    """Replicates the backups of an instance of another Region to this one."""
    arn = call.params["SourceDBInstanceArn"]
    instance = _instance(call, arn)
    retention = call.params.get("BackupRetentionPeriod", 7)
    backups = state.scoped(ReplicatedBackups, call.account, call.region)
    backups.retention[arn] = retention
    backup = _automated_backup(state, instance, call.region, retention)
    return {"DBInstanceAutomatedBackup": backup}


def _instance(call: Call, arn: str) -> DBInstance:
    _, _, _, region, account, _, identifier = arn.split(":")
    instance = rds_backends[account][region].databases.get(identifier)
    if instance is None or region == call.region:
        message = f"{arn} is not an instance of another Region"
        raise ApiError("DBInstanceNotFound", message, 404)
    return instance


def _received(call: Call, state: State) -> list[tuple[DBInstance, int]]:
    backups = state.scoped(ReplicatedBackups, call.account, call.region)
    return [(_instance(call, arn), days) for arn, days in backups.retention.items()]


def _regions_receiving(call: Call, state: State, arn: str) -> list[str]:
    return [
        region
        for region in rds_backends[call.account]
        if arn in state.scoped(ReplicatedBackups, call.account, region).retention
    ]


def _zones(call: Call) -> list[str]:
    zones = ec2_backends[call.account][call.region].describe_availability_zones()
    return sorted(zone.name for zone in zones)


def _correct_zones(instance: dict[str, Any], zones_of_region: list[str]) -> None:
    """Puts a replica into its own Region, and a standby into another zone."""
    group = instance.get("DBSubnetGroup", {}).get("Subnets", [])
    in_group = {subnet["SubnetAvailabilityZone"]["Name"] for subnet in group}
    zones = [zone for zone in zones_of_region if zone in in_group] or zones_of_region
    if instance.get("AvailabilityZone") not in zones_of_region:
        instance["AvailabilityZone"] = zones[0]
    if instance.get("MultiAZ") and "DBClusterIdentifier" not in instance:
        others = [zone for zone in zones if zone != instance["AvailabilityZone"]]
        if others:
            instance["SecondaryAvailabilityZone"] = others[0]


def _automated_backup(
    state: State, instance: DBInstance, region: str, retention: int
) -> dict[str, Any]:
    """A backup as it is listed in a Region; its own `Region` is that of the instance."""
    arn = instance.db_instance_arn
    return {
        "DBInstanceArn": arn,
        "DBInstanceAutomatedBackupsArn": _backups_arn(arn, region),
        "DBInstanceIdentifier": instance.db_instance_identifier,
        "DbiResourceId": _resource_id(arn),
        "Region": instance.region,
        "RestoreWindow": _window(state, retention),
        "Status": "active" if region == instance.region else "replicating",
        "BackupRetentionPeriod": retention,
        "Engine": instance.engine,
        "EngineVersion": instance.engine_version,
        "Encrypted": bool(instance.storage_encrypted),
        "BackupTarget": "region",
    }


def _cluster_backup(state: State, cluster: DBCluster, region: str) -> dict[str, Any]:
    return {
        "DBClusterArn": cluster.db_cluster_arn,
        "DBClusterIdentifier": cluster.db_cluster_identifier,
        "DbClusterResourceId": cluster.db_cluster_resource_id,
        "Region": region,
        "RestoreWindow": _window(state, cluster.backup_retention_period),
        "Status": "active",
        "BackupRetentionPeriod": cluster.backup_retention_period,
        "Engine": cluster.engine,
    }


def _window(state: State, retention: int) -> dict[str, Any]:
    """The restore window of a database that is older than its retention in days."""
    latest = state.now() - LOG_INTERVAL
    return {"EarliestTime": latest - timedelta(days=retention), "LatestTime": latest}


def _resource_id(arn: str) -> str:
    return "db-" + b32encode(sha256(arn.encode()).digest()).decode()[:26]


def _backups_arn(arn: str, region: str) -> str:
    account = arn.split(":")[4]
    suffix = _resource_id(arn + region).removeprefix("db-").lower()
    return f"arn:aws:rds:{region}:{account}:auto-backup:ab-{suffix}"
