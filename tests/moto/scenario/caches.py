"""ElastiCache and MemoryDB: zones of nodes, backups, Global Datastores."""

from typing import Any

from .builder import FORMULA, OSAKA, TOKYO, Builder, tags

RECORD = tags(SystemOfRecord="true")
ZONES = (f"{TOKYO}a", f"{TOKYO}c")


def build(builder: Builder) -> None:
    """Caches with and without a standby, some of them systems of record."""
    _replication_groups(builder)
    _serverless(builder)
    _memorydb(builder)


def _replication_groups(builder: Builder) -> None:
    account = builder.accounts["databases"]
    cases = builder.cases

    cases["cache_multi_az"] = _group(builder, account, "multi-az", [ZONES, ZONES])
    cases["cache_one_shard_in_one_zone"] = _group(
        builder, account, "one-shard", [ZONES, (ZONES[0], ZONES[0])]
    )
    cases["cache_without_failover"] = _group(
        builder, account, "manual", [ZONES], AutomaticFailoverEnabled=False
    )
    cases["cache_single"] = _group(
        builder,
        account,
        "single",
        [ZONES[:1]],
        AutomaticFailoverEnabled=False,
        MultiAZEnabled=False,
        Tags=tags(Owner=FORMULA),
    )
    cases["cache_of_record"] = _group(
        builder, account, "record", [ZONES], Tags=RECORD, SnapshotRetentionLimit=35
    )
    cases["cache_of_record_of_mks"] = _group(
        builder,
        account,
        "record-mks",
        [ZONES],
        Tags=RECORD + tags(System="mks"),
        SnapshotRetentionLimit=7,
    )
    _global_datastore(
        builder, account, _group(builder, account, "global", [ZONES], Tags=RECORD)
    )
    cases["cache_global"] = "global"
    # Replication is asynchronous: no match for an RPO of zero.
    storage = builder.accounts["storage"]
    _global_datastore(
        builder, storage, _group(builder, storage, "zero", [ZONES], Tags=RECORD)
    )
    cases["cache_global_with_rpo_0"] = "zero"


def _group(
    builder: Builder,
    account: str,
    name: str,
    shards: list[tuple[str, ...]],
    **options: Any,
) -> str:
    configuration = [
        {
            "NodeGroupId": f"{number:04}",
            "PrimaryAvailabilityZone": zones[0],
            "ReplicaAvailabilityZones": list(zones[1:]),
            "ReplicaCount": len(zones) - 1,
        }
        for number, zones in enumerate(shards, start=1)
    ]
    settings = {"AutomaticFailoverEnabled": True, "MultiAZEnabled": True} | options
    builder.client("elasticache", account).create_replication_group(
        ReplicationGroupId=name,
        ReplicationGroupDescription=name,
        Engine="valkey",
        ClusterMode="enabled",
        NumNodeGroups=len(shards),
        NodeGroupConfiguration=configuration,
        **settings,
    )
    return name


def _global_datastore(builder: Builder, account: str, name: str) -> None:
    identifier = f"ldgnf-{name}"
    builder.admin(
        "overrides",
        account=account,
        region=TOKYO,
        service="elasticache",
        operation="DescribeReplicationGroups",
        match={"ReplicationGroupId": name},
        set={
            "GlobalReplicationGroupInfo": {
                "GlobalReplicationGroupId": identifier,
                "GlobalReplicationGroupMemberRole": "PRIMARY",
            }
        },
    )
    members = [
        {
            "ReplicationGroupId": f"{name}-{region}",
            "ReplicationGroupRegion": region,
            "Role": role,
            "Status": "associated",
        }
        for region, role in {OSAKA: "SECONDARY", TOKYO: "PRIMARY"}.items()
    ]
    group = {
        "GlobalReplicationGroupId": identifier,
        "Status": "available",
        "Engine": "valkey",
        "Members": members,
        "ARN": f"arn:aws:elasticache::{account}:globalreplicationgroup:{identifier}",
    }
    builder.admin(
        "answers",
        account=account,
        region=TOKYO,
        service="elasticache",
        operation="DescribeGlobalReplicationGroups",
        answer={"GlobalReplicationGroups": [group]},
    )


def _serverless(builder: Builder) -> None:
    account = builder.accounts["vault"]
    caches = {"serverless-record": (14, RECORD), "serverless-cache": (0, [])}
    arn = f"arn:aws:elasticache:{TOKYO}:{account}:serverlesscache"
    builder.admin(
        "answers",
        account=account,
        region=TOKYO,
        service="elasticache",
        operation="DescribeServerlessCaches",
        answer={
            "ServerlessCaches": [
                {
                    "ServerlessCacheName": name,
                    "Status": "available",
                    "Engine": "valkey",
                    "SnapshotRetentionLimit": days,
                    "ARN": f"{arn}:{name}",
                }
                for name, (days, _) in caches.items()
            ]
        },
    )
    for name, (_, tagging) in caches.items():
        builder.admin(
            "answers",
            account=account,
            service="elasticache",
            operation="ListTagsForResource",
            params={"ResourceName": f"{arn}:{name}"},
            answer={"TagList": tagging},
        )
    builder.cases["cache_serverless"] = list(caches)


def _memorydb(builder: Builder) -> None:
    account = builder.accounts["databases"]
    memorydb = builder.client("memorydb", account)
    for name in ("multi", "single"):
        memorydb.create_cluster(
            ClusterName=name,
            NodeType="db.t4g.small",
            ACLName="open-access",
            TLSEnabled=False,
            Tags=tags(Kind=name),
        )
    # Moto gives every cluster a replica.
    builder.admin(
        "overrides",
        account=account,
        service="memorydb",
        operation="DescribeClusters",
        match={"Name": "single"},
        set={"AvailabilityMode": "singleaz"},
    )
    builder.cases["memorydb_clusters"] = ["multi", "single"]
    # Moto has no MemoryDB in Osaka at all.
    builder.admin(
        "answers",
        region=OSAKA,
        service="memorydb",
        operation="DescribeClusters",
        answer={"Clusters": []},
    )
    builder.client("memorydb", builder.accounts["network"]).create_cluster(
        ClusterName="defaults", NodeType="db.t4g.small", ACLName="open-access"
    )
