"""File systems of EFS and FSx, in one zone and in several, with and without copies."""

from typing import Any

from .builder import OSAKA, SCRIPT, TOKYO, Builder, hostile_tags, tags


def build(builder: Builder) -> None:
    """The network account's file systems and the replica of one in Osaka."""
    account = builder.accounts["network"]
    ec2 = builder.client("ec2", account)
    vpc = ec2.create_vpc(CidrBlock="10.51.0.0/16")["Vpc"]["VpcId"]
    subnets = {
        zone: ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=f"10.51.{number}.0/24",
            AvailabilityZone=f"{TOKYO}{zone}",
        )["Subnet"]["SubnetId"]
        for number, zone in enumerate("ac")
    }
    _efs(builder, account, subnets)
    _fsx(builder, account, subnets)


def _efs(builder: Builder, account: str, subnets: dict[str, str]) -> None:
    tokyo = builder.client("efs", account)
    osaka = builder.client("efs", account, OSAKA)

    def create(client: Any, name: str, zones: str = "", **options: Any) -> str:
        made = client.create_file_system(
            CreationToken=name,
            Tags=options.pop("Tags", []) + tags(Name=name),
            **options,
        )["FileSystemId"]
        for zone in zones:
            client.create_mount_target(FileSystemId=made, SubnetId=subnets[zone])
        return made

    mks = tags(System="mks")
    shared = create(tokyo, "shared", "ac", Tags=mks, Backup=True)
    paused = create(tokyo, "paused", "a", Tags=mks, Backup=False)
    one_zone = create(
        tokyo, SCRIPT, "a", AvailabilityZoneName=f"{TOKYO}a", Backup=True
    )
    unused = create(tokyo, "unused", Tags=hostile_tags(2))
    replicas = {name: create(osaka, f"{name} replica") for name in ("shared", "paused")}
    builder.cases |= {
        "file_system_replicated": shared,
        "file_system_with_paused_replication": paused,
        "file_system_in_one_zone": one_zone,
        "file_system_without_mount_target": unused,
        "file_system_replicas": replicas,
    }

    def replication(name: str, source: str, status: str, **age: float) -> dict[str, Any]:
        arn = f"arn:aws:elasticfilesystem:{TOKYO}:{account}:file-system/{source}"
        return {
            "SourceFileSystemId": source,
            "SourceFileSystemRegion": TOKYO,
            "SourceFileSystemArn": arn,
            "OriginalSourceFileSystemArn": arn,
            "CreationTime": builder.ago(days=90),
            "Destinations": [
                {
                    "FileSystemId": replicas[name],
                    "Region": OSAKA,
                    "Status": status,
                    "LastReplicatedTimestamp": builder.ago(**age),
                }
            ],
        }

    builder.admin(
        "file-system-replications",
        account=account,
        region=TOKYO,
        items=[
            replication("shared", shared, "ENABLED", minutes=6),
            replication("paused", paused, "PAUSED", hours=2),
        ],
    )


def _fsx(builder: Builder, account: str, subnets: dict[str, str]) -> None:
    """Moto numbers FSx file systems at random, so no case names them."""
    fsx = builder.client("fsx", account)
    both = [subnets["a"], subnets["c"]]
    for name, deployment, retention, where, tagged in (
        ("shared", "MULTI_AZ_1", 30, both, tags(System="mks")),
        ("local", "SINGLE_AZ_2", 0, both[:1], tags(System="mks")),
        ("homes", "SINGLE_AZ_2", 7, both[:1], []),
    ):
        fsx.create_file_system(
            FileSystemType="WINDOWS",
            StorageCapacity=300,
            SubnetIds=where,
            Tags=tags(Name=name) + tagged,
            WindowsConfiguration={
                "ThroughputCapacity": 32,
                "DeploymentType": deployment,
                "PreferredSubnetId": where[0],
                "AutomaticBackupRetentionDays": retention,
            },
        )
    fsx.create_file_system(
        FileSystemType="LUSTRE",
        StorageCapacity=1200,
        SubnetIds=both[:1],
        Tags=tags(Name="scratch", System="mks"),
        LustreConfiguration={"DeploymentType": "SCRATCH_2"},
    )
