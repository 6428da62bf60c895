"""Instances, volumes and images, protected in every way and in none."""

from typing import Any

from botocore.client import BaseClient

from .builder import OSAKA, SCRIPT, TOKYO, Builder, hostile_tags, tags

MKS = {"System": "mks"}
AMAZON = "801119661308"


class Servers:
    """Makes instances and volumes of the network account in Tokyo."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.account = builder.accounts["network"]
        self.ec2: BaseClient = builder.client("ec2", self.account)
        vpc = self.ec2.create_vpc(CidrBlock="10.50.0.0/16")["Vpc"]["VpcId"]
        self.subnets = {
            zone: self.ec2.create_subnet(
                VpcId=vpc,
                CidrBlock=f"10.50.{number}.0/24",
                AvailabilityZone=f"{TOKYO}{zone}",
            )["Subnet"]["SubnetId"]
            for number, zone in enumerate("acd")
        }

    def override(
        self, operation: str, match: dict[str, Any], region: str = TOKYO, **set: Any
    ) -> None:
        """Changes what the account is told."""
        self.builder.admin(
            "overrides",
            account=self.account,
            region=region,
            service="ec2",
            operation=operation,
            match=match,
            set=set,
        )

    def image(self, name: str, region: str = TOKYO, **set: Any) -> str:
        """An AMI of the account."""
        ec2 = self.builder.client("ec2", self.account, region)
        made = ec2.register_image(Name=name, Architecture="x86_64")["ImageId"]
        known = {"OwnerId": self.account, "ImageOwnerAlias": None} | set
        unset = [member for member, value in known.items() if value is None]
        self.builder.admin(
            "overrides",
            account=self.account,
            region=region,
            service="ec2",
            operation="DescribeImages",
            match={"ImageId": made},
            set={k: v for k, v in known.items() if v is not None},
            unset=unset,
        )
        return made

    def instance(self, image: str, zone: str, **values: str) -> str:
        """A running instance in a zone, whose root volume goes with it."""
        [made] = self.ec2.run_instances(
            ImageId=image,
            InstanceType="t3.micro",
            MinCount=1,
            MaxCount=1,
            SubnetId=self.subnets[zone],
            BlockDeviceMappings=[
                {
                    "DeviceName": "/dev/sda1",
                    "Ebs": {"VolumeSize": 8, "DeleteOnTermination": True},
                }
            ],
            TagSpecifications=[
                {"ResourceType": "instance", "Tags": tags(**values)},
            ],
        )["Instances"]
        return made["InstanceId"]

    def volume(
        self,
        size: int,
        *,
        instance: str | None = None,
        zone: str = "a",
        hostile: int | None = None,
        **values: str,
    ) -> str:
        """A volume of long ago; its size, which is its own, tells it apart."""
        tagging = tags(**values)
        if hostile is not None:
            tagging += hostile_tags(hostile)
        made = self.ec2.create_volume(
            AvailabilityZone=f"{TOKYO}{zone}",
            Size=size,
            TagSpecifications=[{"ResourceType": "volume", "Tags": tagging}]
            if tagging
            else [],
        )["VolumeId"]
        self.override(
            "DescribeVolumes",
            {"VolumeId": made, "Size": size},
            CreateTime=self.builder.ago(days=400),
        )
        if instance:
            self.ec2.attach_volume(
                VolumeId=made, InstanceId=instance, Device="/dev/sdf"
            )
        return made

    def snapshot(self, volume: str, **age: float) -> str:
        """A snapshot of a volume, of some age."""
        made = self.ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
        self.override(
            "DescribeSnapshots",
            {"SnapshotId": made},
            StartTime=self.builder.ago(**age),
        )
        return made

    def copy(self, snapshot: str, **age: float) -> str:
        """A copy of a snapshot in Osaka, which says of what in its description only."""
        osaka = self.builder.client("ec2", self.account, OSAKA)
        made = osaka.copy_snapshot(
            SourceRegion=TOKYO,
            SourceSnapshotId=snapshot,
            Description=f"[Copied {snapshot} from {TOKYO}]",
        )["SnapshotId"]
        self.override(
            "DescribeSnapshots",
            {"SnapshotId": made},
            OSAKA,
            StartTime=self.builder.ago(**age),
            VolumeId="vol-ffffffff",
        )
        return made

    def template(self, name: str, *images: str) -> str:
        """A launch template with a version for each image."""
        first, *others = images
        made = self.ec2.create_launch_template(
            LaunchTemplateName=name,
            LaunchTemplateData={"ImageId": first, "InstanceType": "t3.micro"},
            TagSpecifications=[
                {"ResourceType": "launch-template", "Tags": tags(**MKS)},
            ],
        )["LaunchTemplate"]["LaunchTemplateId"]
        for image in others:
            self.ec2.create_launch_template_version(
                LaunchTemplateId=made, LaunchTemplateData={"ImageId": image}
            )
        return made


def build(builder: Builder) -> None:
    """The network account's servers, and what becomes of them in Osaka."""
    servers = Servers(builder)
    cases = builder.cases
    golden = servers.image("golden")
    servers.image("golden copy", OSAKA, SourceImageId=golden, SourceImageRegion=TOKYO)
    local = servers.image("local")
    of_amazon = servers.image(
        "al2023", OwnerId=AMAZON, ImageOwnerAlias="amazon", Public=True
    )
    cases["template_copied"] = servers.template("golden", golden)
    cases["template_not_copied"] = servers.template("local", golden, local)
    cases["template_of_amazon"] = servers.template("public", of_amazon)

    cases["instances_in_two_zones"] = [
        servers.instance(golden, zone, Role="web", **MKS) for zone in "ac"
    ]
    cases["instances_in_one_zone"] = [
        servers.instance(golden, "a", Role="batch", Name=SCRIPT, **MKS)
        for _ in range(2)
    ]
    alone = servers.instance(golden, "d", Name="bastion", **MKS)
    replicated = servers.instance(golden, "a", Name="ledger", **MKS)
    cases["instance_replicated"] = replicated
    cases["volume_of_replicated_instance"] = servers.volume(11, instance=replicated)
    cases["volume_kept_without_backup"] = servers.volume(
        12, instance=alone, zone="d", **MKS
    )
    cases["instance_with_kept_volume"] = alone
    covered = servers.instance(golden, "c", Name="covered", **MKS)
    cases["instance_with_covered_volume"] = covered
    servers.volume(13, instance=covered, zone="c", Snapshot="hourly", **MKS)
    group = servers.instance(
        golden, "a", **{"aws:autoscaling:groupName": "fleet"}, **MKS
    )
    cases["instance_of_group"] = group

    fresh = servers.volume(21, Snapshot="hourly", hostile=0, **MKS)
    cases["volume_fresh"] = fresh
    servers.snapshot(fresh, days=3)
    newest = servers.snapshot(fresh, minutes=20)
    servers.copy(newest, minutes=5)
    stale = servers.volume(22, Snapshot="off", hostile=1, **MKS)
    cases["volume_stale"] = stale
    servers.copy(servers.snapshot(stale, days=9), days=9)
    cases["volume_weekly_by_default"] = servers.volume(23, hostile=2)
    servers.snapshot(cases["volume_weekly_by_default"], hours=30)

    _policies(builder, servers.account)
    _replication(builder, servers.account, replicated)


def _policies(builder: Builder, account: str) -> None:
    """A policy that works, one that is off, and one that copies what others share."""
    hourly = {
        "Name": SCRIPT,
        "CreateRule": {"Interval": 1, "IntervalUnit": "HOURS"},
        "RetainRule": {"Count": 168},
        "CrossRegionCopyRules": [{"Target": OSAKA, "Encrypted": True}],
    }
    policies = [
        ("hourly", "ENABLED", "EBS_SNAPSHOT_MANAGEMENT", "hourly"),
        ("off", "DISABLED", "EBS_SNAPSHOT_MANAGEMENT", "off"),
    ]
    items = [
        {
            "PolicyId": f"policy-{name}",
            "Description": name,
            "State": state,
            "DefaultPolicy": False,
            "PolicyDetails": {
                "PolicyType": kind,
                "ResourceTypes": ["VOLUME"],
                "TargetTags": [{"Key": "Snapshot", "Value": value}],
                "Schedules": [hourly],
            },
        }
        for name, state, kind, value in policies
    ]
    builder.admin("lifecycle-policies", account=account, region=TOKYO, items=items)
    builder.cases["lifecycle_policies"] = [item["PolicyId"] for item in items]


def _replication(builder: Builder, account: str, instance: str) -> None:
    """Servers in Osaka: in step and tried, in step and never tried, stalled."""

    def server(
        name: str, state: str, lag: str | None, result: str, **launch_age: float
    ) -> dict[str, Any]:
        number = f"s-{name:0<17}"
        made: dict[str, Any] = {
            "sourceServerID": number,
            "arn": f"arn:aws:drs:{OSAKA}:{account}:source-server/{number}",
            "tags": dict(MKS),
            "replicationDirection": "FAILOVER",
            "lastLaunchResult": result,
            "dataReplicationInfo": {"dataReplicationState": state},
            "sourceCloudProperties": {
                "originAccountID": account,
                "originRegion": TOKYO,
            },
            "sourceProperties": {
                "identificationHints": {"hostname": name, "awsInstanceID": ""}
            },
            "lifeCycle": {},
        }
        if lag:
            made["dataReplicationInfo"]["lagDuration"] = lag
        if launch_age:
            made["lifeCycle"]["lastLaunch"] = {
                "initiated": {
                    "apiCallDateTime": builder.ago(**launch_age),
                    "type": "DRILL",
                    "jobID": f"drsjob-{0:017}",
                }
            }
        return made

    ledger = server("ledger", "CONTINUOUS", "PT4.5S", "SUCCEEDED", days=100)
    ledger["sourceProperties"]["identificationHints"]["awsInstanceID"] = instance
    items = [
        ledger,
        server("untried", "CONTINUOUS", None, "NOT_STARTED"),
        server("forgotten", "CONTINUOUS", "P0DT0H1M", "SUCCEEDED", days=900),
        server("stalled", "STALLED", "P2DT3H", "SUCCEEDED", days=30),
    ]
    builder.admin("source-servers", account=account, region=OSAKA, items=items)
