"""RDS instances, Aurora and DocumentDB clusters."""

from typing import Any

from .builder import OSAKA, TOKYO, Builder, hostile_tags, tags

PASSWORD = "not-a-secret"
DOCUMENTDB_VERSION = "5.0.0"


class Databases:
    """Makes databases in one account and Region."""

    def __init__(self, builder: Builder, account: str, region: str = TOKYO) -> None:
        self.builder = builder
        self.account = account
        self.region = region
        self.rds = builder.client("rds", account, region)

    def instance(self, name: str, *, zone: str = "a", **options: Any) -> str:
        """An instance; returns its identifier."""
        self.rds.create_db_instance(
            **{
                "DBInstanceIdentifier": name,
                "DBInstanceClass": "db.t3.medium",
                "Engine": "mysql",
                "EngineVersion": "8.0.36",
                "AllocatedStorage": 20,
                "MasterUsername": "root",
                "MasterUserPassword": PASSWORD,
                "BackupRetentionPeriod": 7,
                "AvailabilityZone": f"{self.region}{zone}",
            }
            | options
        )
        return name

    def cluster(self, name: str, zones: str, **options: Any) -> str:
        """An Aurora cluster with a member in each of the zones, given by letter."""
        options = {"Engine": "aurora-postgresql", "EngineVersion": "16.2"} | options
        if "GlobalClusterIdentifier" not in options or self.region == TOKYO:
            options |= {"MasterUsername": "root", "MasterUserPassword": PASSWORD}
        self.rds.create_db_cluster(
            **{"DBClusterIdentifier": name, "BackupRetentionPeriod": 7} | options
        )
        for number, zone in enumerate(zones, start=1):
            self.rds.create_db_instance(
                DBInstanceIdentifier=f"{name}-{number}",
                DBClusterIdentifier=name,
                DBInstanceClass="db.r6g.large",
                Engine=options["Engine"],
                EngineVersion=options["EngineVersion"],
                AvailabilityZone=f"{self.region}{zone}",
            )
        return name

    def override(self, operation: str, match: dict[str, str], **members: Any) -> None:
        """Replaces members of what an operation answers about one database."""
        self.builder.admin(
            "overrides",
            account=self.account,
            region=self.region,
            service="rds",
            operation=operation,
            match=match,
            set=members,
        )

    def arn(self, name: str) -> str:
        """The ARN of an instance."""
        return f"arn:aws:rds:{self.region}:{self.account}:db:{name}"


def build(builder: Builder) -> None:
    """The databases account's databases in both Regions."""
    account = builder.accounts["databases"]
    tokyo, osaka = Databases(builder, account), Databases(builder, account, OSAKA)
    _instances(builder, tokyo, osaka)
    _clusters(builder.cases, tokyo, osaka)
    builder.cases["db_many"] = [
        tokyo.instance(
            f"many-{number:04}",
            zone="acd"[number % 3],
            MultiAZ=number % 2 == 0,
            BackupRetentionPeriod=(0, 1, 7, 35)[number % 4],
            Tags=hostile_tags(number),
        )
        for number in range(builder.resources)
    ]
    for purpose, other in builder.accounts.items():
        if purpose.startswith("other_"):
            Databases(builder, other).instance("orders", MultiAZ=True)


def _instances(builder: Builder, tokyo: Databases, osaka: Databases) -> None:
    cases = builder.cases
    cases["db_multi_az"] = tokyo.instance(
        "multi-az",
        MultiAZ=True,
        DeletionProtection=True,
        Tags=tags(System="mks", Backup="yes"),
    )
    cases["db_single_az"] = tokyo.instance("single-az", Tags=tags(System="mks"))
    for days in (0, 1, 35):
        cases[f"db_retention_{days}"] = tokyo.instance(
            f"retention-{days}", BackupRetentionPeriod=days, MultiAZ=True
        )
    cases["db_retention_7"] = cases["db_multi_az"]

    tokyo.rds.create_db_instance_read_replica(
        DBInstanceIdentifier="replica", SourceDBInstanceIdentifier="multi-az"
    )
    osaka.rds.create_db_instance_read_replica(
        DBInstanceIdentifier="replica-osaka",
        SourceDBInstanceIdentifier=tokyo.arn("multi-az"),
    )
    # Moto gives a replica its source's retention, AWS none.
    for region, name in ((tokyo, "replica"), (osaka, "replica-osaka")):
        region.rds.modify_db_instance(
            DBInstanceIdentifier=name, BackupRetentionPeriod=0, ApplyImmediately=True
        )
    cases["db_read_replica_retention_0"] = "replica"
    cases["db_read_replica_in_osaka"] = "replica-osaka"

    cases["db_stale_restore_window"] = tokyo.instance("stale", MultiAZ=True)
    stale = {"DBInstanceIdentifier": "stale"}
    latest, earliest = builder.ago(days=3), builder.ago(days=10)
    tokyo.override("DescribeDBInstances", stale, LatestRestorableTime=latest)
    tokyo.override(
        "DescribeDBInstanceAutomatedBackups",
        stale,
        RestoreWindow={"EarliestTime": earliest, "LatestTime": latest},
    )

    cases["db_backups_replicated_to_osaka"] = tokyo.instance("replicated", MultiAZ=True)
    osaka.rds.start_db_instance_automated_backups_replication(
        SourceDBInstanceArn=tokyo.arn("replicated"), BackupRetentionPeriod=14
    )
    snapshot = "copied-to-osaka"
    source = tokyo.rds.create_db_snapshot(
        DBInstanceIdentifier="single-az", DBSnapshotIdentifier=snapshot
    )["DBSnapshot"]["DBSnapshotArn"]
    osaka.rds.copy_db_snapshot(
        SourceDBSnapshotIdentifier=source, TargetDBSnapshotIdentifier=snapshot
    )
    osaka.override(
        "DescribeDBSnapshots", {"DBSnapshotIdentifier": snapshot}, SourceRegion=TOKYO
    )
    cases["db_snapshot_copied_to_osaka"] = snapshot


def _clusters(cases: dict[str, Any], tokyo: Databases, osaka: Databases) -> None:
    cases["aurora_one_member"] = tokyo.cluster("aurora-one-member", "a")
    cases["aurora_members_in_one_zone"] = tokyo.cluster("aurora-one-zone", "aa")
    cases["aurora_members_in_two_zones"] = tokyo.cluster(
        "aurora-two-zones", "ac", DeletionProtection=True, Tags=tags(System="mks")
    )
    cases["aurora_readers_in_one_zone"] = tokyo.cluster("aurora-readers", "acc")

    # Moto has no DocumentDB: it is an Aurora cluster with another engine's name.
    cases["documentdb_in_two_zones"] = tokyo.cluster("documents", "ac")
    engine = {"Engine": "docdb", "EngineVersion": DOCUMENTDB_VERSION}
    cluster = {"DBClusterIdentifier": "documents"}
    tokyo.override("DescribeDBClusters", cluster, **engine)
    tokyo.override("DescribeDBInstances", cluster, **engine)

    tokyo.rds.create_global_cluster(
        GlobalClusterIdentifier="global",
        Engine="aurora-postgresql",
        EngineVersion="16.2",
    )
    cases["aurora_global"] = {
        "global_cluster": "global",
        "primary": tokyo.cluster(
            "global-tokyo", "ac", GlobalClusterIdentifier="global"
        ),
        "secondary": osaka.cluster(
            "global-osaka", "a", GlobalClusterIdentifier="global"
        ),
    }
