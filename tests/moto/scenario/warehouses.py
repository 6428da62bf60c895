"""Redshift clusters and OpenSearch Service domains."""

from typing import Any

from .builder import OSAKA, TOKYO, Builder, tags

SMALL = "r6g.large.search"
MASTERS = {
    "DedicatedMasterEnabled": True,
    "DedicatedMasterType": SMALL,
    "DedicatedMasterCount": 3,
}
SPREAD = {
    "InstanceType": SMALL,
    "InstanceCount": 3,
    "ZoneAwarenessEnabled": True,
    "ZoneAwarenessConfig": {"AvailabilityZoneCount": 3},
}


def build(builder: Builder) -> None:
    """Clusters and domains that survive more or less."""
    _redshift(builder)
    _opensearch(builder)


def _redshift(builder: Builder) -> None:
    account = builder.accounts["databases"]
    cases = builder.cases
    cases["redshift_hourly"] = _cluster(
        builder, account, "hourly", 7, Tags=tags(System="mks")
    )
    cases["redshift_default"] = _cluster(
        builder, account, "eight-hours", 7, Tags=tags(System="mks")
    )
    cases["redshift_retention_1"] = _cluster(builder, account, "one-day", 1)
    cases["redshift_in_plan"] = _cluster(
        builder, account, "planned", 1, Tags=tags(Backup="yes")
    )
    cases["redshift_no_objectives"] = _cluster(
        builder, builder.accounts["vault"], "no-objectives", 7
    )
    redshift = builder.client("redshift", account)
    for name in ("hourly", "eight-hours"):
        redshift.enable_snapshot_copy(
            ClusterIdentifier=name, DestinationRegion=OSAKA, RetentionPeriod=7
        )
        _override(builder, account, name, MultiAZ="Enabled")
    _override(builder, account, "hourly", SnapshotScheduleIdentifier="every-hour")
    schedule = {
        "ScheduleIdentifier": "every-hour",
        "ScheduleDefinitions": ["rate(12 hours)", "rate(1 hour)"],
    }
    builder.admin(
        "answers",
        account=account,
        region=TOKYO,
        service="redshift",
        operation="DescribeSnapshotSchedules",
        answer={"SnapshotSchedules": [schedule]},
    )


def _cluster(
    builder: Builder, account: str, name: str, days: int, **options: Any
) -> str:
    builder.client("redshift", account).create_cluster(
        ClusterIdentifier=name,
        NodeType="ra3.large",
        NumberOfNodes=2,
        MasterUsername="admin",
        MasterUserPassword="Password-1",
        AutomatedSnapshotRetentionPeriod=days,
        **options,
    )
    return name


def _override(builder: Builder, account: str, name: str, **members: str) -> None:
    builder.admin(
        "overrides",
        account=account,
        service="redshift",
        operation="DescribeClusters",
        match={"ClusterIdentifier": name},
        set=members,
    )


def _opensearch(builder: Builder) -> None:
    account = builder.accounts["databases"]
    domains: dict[str, dict[str, Any]] = {
        "three-zones": SPREAD | MASTERS,
        "two-zones": SPREAD
        | MASTERS
        | {"InstanceCount": 4, "ZoneAwarenessConfig": {"AvailabilityZoneCount": 2}},
        "no-masters": SPREAD | {"DedicatedMasterEnabled": False},
        "one-zone": {
            "InstanceType": SMALL,
            "InstanceCount": 3,
            "ZoneAwarenessEnabled": False,
            "DedicatedMasterEnabled": False,
        },
        # A call describes five domains at most.
        "three-zones-too": SPREAD | MASTERS,
        "three-zones-again": SPREAD | MASTERS,
    }
    opensearch = builder.client("opensearch", account)
    for name, configuration in domains.items():
        opensearch.create_domain(
            DomainName=name,
            EngineVersion="OpenSearch_2.19",
            ClusterConfig=configuration,
            TagList=tags(Kind=name),
        )
    builder.client("opensearch", builder.accounts["vault"]).create_domain(
        DomainName="no-objectives",
        ClusterConfig={
            "InstanceType": SMALL,
            "InstanceCount": 1,
            "ZoneAwarenessEnabled": False,
            "DedicatedMasterEnabled": False,
        },
    )
    builder.cases["opensearch_domains"] = [*domains, "no-objectives"]
