"""Volumes, instances, launch templates, servers under DRS, and the file systems of EFS and FSx."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .core import (
    Json,
    Organisation,
    Resource,
    Stored,
    Tri,
    Workload,
    by_key,
    or_none,
    pages,
    some,
    verdict,
)

WEEK, YEAR = timedelta(days=7), timedelta(days=365)
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
# What EFS documents of its automatic backups.
AUTOMATIC_INTERVAL, AUTOMATIC_RETENTION = timedelta(days=1), timedelta(days=35)
SHARED_BY_ALL = {"amazon", "aws-marketplace"}
# The rules on any store that are not asked of a type, since rules of its own say it.
SAID_ELSEWHERE = {
    "volume": {"backup-coverage", "backup-copy-dr-region"},
    "instance": {"backup-coverage"},
    "files": {"backup-coverage", "backup-retention", "backup-copy-dr-region"},
}


@dataclass
class Place:
    """What one account has in one Region."""

    instances: dict[str, Json]
    volumes: dict[str, Json]
    snapshots: list[Json]
    images: dict[str, Json]
    policies: list[Json]


@dataclass
class Estate:
    """All places, and what is replicated between them."""

    places: dict[tuple[str, str], Place]
    # Where DRS replicates an instance to, by account and instance.
    replicated: dict[tuple[str, str], set[str]]
    organisation: Organisation

    def policies(self, account: str, region: str, kind: str, tags: Json) -> list[str]:
        """The enabled policies that look for any of these tags on that kind of thing."""
        return [
            policy["PolicyId"]
            for policy in self.places[account, region].policies
            if policy["State"] == "ENABLED"
            and kind in policy["PolicyDetails"].get("ResourceTypes", [])
            and any(
                tags.get(tag["Key"]) == tag["Value"]
                for tag in policy["PolicyDetails"].get("TargetTags", [])
            )
        ]


def _without(
    verdicts: Iterator[tuple[str, str]], kind: str
) -> Iterator[tuple[str, str]]:
    return (found for found in verdicts if found[0] not in SAID_ELSEWHERE[kind])


def _age(organisation: Organisation, then: datetime | None) -> timedelta:
    return timedelta.max if then is None else organisation.now - then


def _copied_in_time(
    organisation: Organisation, stored: Stored, workload: Workload
) -> bool:
    """Whether AWS Backup has a copy in the DR Region that is young enough."""
    return any(
        point.region == workload.dr_region
        and organisation.now - point.created <= workload.rpo["region"]
        for point in organisation.points(stored)
    )


class _OfEstate(Stored):
    estate: Estate

    @property
    def place(self) -> Place:
        """What is beside it."""
        return self.estate.places[self.account, self.region]


class Server(_OfEstate):
    """An EC2 instance."""

    backup_type = "EC2"

    @property
    def policies(self) -> list[str]:
        """The lifecycle policies on it as a whole."""
        return self.estate.policies(self.account, self.region, "INSTANCE", self.tags)

    @property
    def restores_itself(self) -> bool:  # type: ignore[override]
        """Data Lifecycle Manager is EC2's own."""
        return bool(self.policies)

    @property
    def kept(self) -> list[str]:
        """The volumes that outlive it."""
        mappings = [mapping["Ebs"] for mapping in self.raw["BlockDeviceMappings"]]
        return [
            volume["VolumeId"]
            for volume in mappings
            if not volume["DeleteOnTermination"]
        ]

    @property
    def group(self) -> str | None:
        """The Auto Scaling group that launched it."""
        return self.tags.get("aws:autoscaling:groupName")

    @property
    def is_held_elsewhere(self) -> bool:  # type: ignore[override]
        """What a group replaces with all its volumes holds nothing."""
        return self.group is not None and not self.kept

    def live_copies(self, _: Organisation) -> list[str | None]:
        """Where DRS replicates it to."""
        return sorted(self.estate.replicated.get((self.account, self.id), ()))

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rules on instances."""
        whole = bool(
            organisation.backup_rules(self)
            or self.policies
            or self.live_copies(organisation)
        )
        volumes = {
            volume.id: volume
            for volume in organisation.of_type(Volume)
            if (volume.account, volume.region) == (self.account, self.region)
        }
        each = all(volumes[name].covered_alone(organisation) for name in self.kept)
        yield (
            "ec2-stateful-protected",
            verdict(
                not self.is_held_elsewhere and (whole or bool(self.kept)), whole or each
            ),
        )
        peers = [peer for peer in organisation.of_type(Server) if self._beside(peer)]
        zones = [peer.raw["Placement"]["AvailabilityZone"] for peer in peers]
        counts = sorted(zones.count(zone) for zone in set(zones)) or [0]
        difference = counts[-1] - counts[0]
        even = difference <= 1 or difference / len(peers) * 100 < 21
        yield (
            "ec2-az-spread",
            verdict(
                self.role is not None and len(peers) > 1, len(counts) >= 2 and even
            ),
        )
        yield from _without(self.backup_verdicts(organisation), "instance")

    @property
    def role(self) -> str | None:
        """What it is for, unless a group spreads it or it is not running."""
        if self.group or self.raw["State"]["Name"] != "running":
            return None
        named = [self.tags[key] for key in ("Role", "role", "Name") if key in self.tags]
        return named[0] or None if named else None

    def _beside(self, peer: "Server") -> bool:
        def where(server: Server) -> Any:
            return server.account, server.region, server.raw["VpcId"], server.role

        return where(self) == where(peer)


class Volume(_OfEstate):
    """An EBS volume."""

    backup_type = "EBS"

    @property
    def policies(self) -> list[str]:
        """The lifecycle policies on it or on its instance."""
        found = self._own_policies()
        for server in self._servers():
            tags = by_key(server.get("Tags", []))
            found += self.estate.policies(self.account, self.region, "INSTANCE", tags)
        return found

    def _own_policies(self) -> list[str]:
        return self.estate.policies(self.account, self.region, "VOLUME", self.tags)

    def covered_alone(self, organisation: Organisation) -> bool:
        """Whether something takes it without its instance."""
        return bool(organisation.backup_rules(self) or self._own_policies())

    def _servers(self) -> list[Json]:
        attachments = self.raw.get("Attachments", [])
        return [self.place.instances[it["InstanceId"]] for it in attachments]

    @property
    def restores_itself(self) -> bool:  # type: ignore[override]
        """Data Lifecycle Manager is EBS's own."""
        return bool(self.policies)

    @property
    def is_held_elsewhere(self) -> bool:  # type: ignore[override]
        """Whether a group replaces it, or its instance is protected as a whole."""
        organisation = self.estate.organisation
        servers = {
            server.id: server
            for server in organisation.of_type(Server)
            if (server.account, server.region) == (self.account, self.region)
        }
        attachments = self.raw.get("Attachments", [])
        mine = [servers[attachment["InstanceId"]] for attachment in attachments]
        if any(
            organisation.backup_rules(server) or server.live_copies(organisation)
            for server in mine
        ):
            return True
        return bool(mine) and all(
            server.group and attachment["DeleteOnTermination"]
            for server, attachment in zip(mine, attachments, strict=True)
        )

    def live_copies(self, _: Organisation) -> list[str | None]:
        """EBS does not replicate."""
        return []

    def _snapshots(self) -> list[Json]:
        return [
            snapshot
            for snapshot in self.place.snapshots
            if snapshot["VolumeId"] == self.id and snapshot["State"] == "completed"
        ]

    def _copies(self, region: str | None) -> Iterator[datetime]:
        """How old the data in copied snapshots is."""
        elsewhere = self.estate.places.get((self.account, region or ""))
        taken = {it["SnapshotId"]: it["StartTime"] for it in self._snapshots()}
        for copy in elsewhere.snapshots if elsewhere else []:
            found = re.search(r"\[Copied (snap-\w+) from", copy.get("Description", ""))
            if found and found[1] in taken and copy["State"] == "completed":
                yield taken[found[1]]

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rules on volumes."""
        workload = organisation.workload(self)
        on_its_own = not self.is_held_elsewhere
        allowed = workload.rpo.get("data", WEEK)
        age = organisation.now - self.raw["CreateTime"]
        newest = max((it["StartTime"] for it in self._snapshots()), default=None)
        points = [organisation.now - it.created for it in organisation.points(self)]
        recent = min([_age(organisation, newest), *points]) <= allowed
        yield "ebs-snapshot-age", verdict(on_its_own and age > allowed, recent)
        planned = bool(organisation.backup_rules(self) or self.policies)
        yield "ebs-in-plan", verdict(on_its_own, planned)
        oldest = workload.rpo.get("region")
        applies = (
            on_its_own
            and workload.dr_region not in (None, self.region)
            and oldest is not None
            and age > oldest
        )
        copied = applies and (
            any(
                organisation.now - taken <= (oldest or timedelta())
                for taken in self._copies(workload.dr_region)
            )
            or _copied_in_time(organisation, self, workload)
        )
        yield "ebs-dr-copy", verdict(applies, copied)
        yield from _without(self.backup_verdicts(organisation), "volume")


class LaunchTemplate(_OfEstate):
    """A launch template."""

    backup_type = None

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rule on the image of its latest version."""
        workload = organisation.workload(self)
        image = self.place.images.get(self.raw.get("ImageId", ""))
        private = (
            image is not None
            and image.get("ImageOwnerAlias") not in SHARED_BY_ALL
            and not image["Public"]
        )
        applies = private and workload.dr_region not in (None, self.region)
        elsewhere = self.estate.places.get((self.account, workload.dr_region or ""))
        copied = any(
            copy["State"] == "available"
            and (
                copy.get("SourceImageId") == self.raw.get("ImageId")
                or (image or {}).get("Name") == copy["Name"]
            )
            for copy in (elsewhere.images.values() if elsewhere else ())
        )
        yield "ami-in-dr-region", verdict(applies, copied)


class SourceServer(Resource):
    """A server that DRS replicates."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rule on its replication and its last launch."""
        replication = self.raw["dataReplicationInfo"]
        behind = replication.get("lagDuration")
        rpo = organisation.workload(self).rpo.get("region")
        in_time = behind is None or rpo is None or _iso(behind) <= rpo
        last = self.raw.get("lifeCycle", {}).get("lastLaunch", {}).get("initiated", {})
        launched = last.get("apiCallDateTime")
        when = datetime.fromisoformat(launched) if launched else None
        healthy = (
            replication["dataReplicationState"] == "CONTINUOUS"
            and in_time
            and self.raw.get("lastLaunchResult") == "SUCCEEDED"
            and _age(organisation, when) <= YEAR
        )
        applies = self.raw.get("replicationDirection") != "FAILBACK"
        yield "drs-replication-healthy", verdict(applies, healthy)


class Files(Stored):
    """An EFS file system."""

    backup_type = "EFS"
    restores_itself = False

    @property
    def is_held_elsewhere(self) -> bool:  # type: ignore[override]
        """What replication writes to, its source holds."""
        protection = self.raw.get("FileSystemProtection", {})
        return protection.get("ReplicationOverwriteProtection") == "REPLICATING"

    def live_copies(self, _: Organisation) -> list[str | None]:
        """Where it is replicated to."""
        return [
            copy["Region"]
            for copy in self.raw["replicas"]
            if copy["Status"] == "ENABLED"
        ]

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rules on EFS file systems."""
        workload = organisation.workload(self)
        on_its_own = not self.is_held_elsewhere
        mounted = self.raw["NumberOfMountTargets"] > 0
        wants_zones = "az" in workload.rto or "az" in workload.rpo
        regional = "AvailabilityZoneId" not in self.raw
        regional = regional and "AvailabilityZoneName" not in self.raw
        yield (
            "efs-multi-az",
            verdict(
                on_its_own and mounted and wants_zones,
                regional and len(self.raw["zones"]) >= 2,
            ),
        )
        yield "efs-backup", verdict(on_its_own, self._backed_up(organisation, workload))
        rpo = workload.rpo.get("region")
        applies = (
            on_its_own
            and workload.dr_region not in (None, self.region)
            and rpo is not None
        )
        replicated = applies and any(
            copy["Region"] == workload.dr_region
            and copy["Status"] == "ENABLED"
            and _age(organisation, copy.get("LastReplicatedTimestamp"))
            <= max(QUARTER, rpo or QUARTER)
            for copy in self.raw["replicas"]
        )
        copied = applies and _copied_in_time(organisation, self, workload)
        yield "efs-replication-dr", verdict(applies, replicated or copied)
        yield from _without(self.backup_verdicts(organisation), "files")

    def _backed_up(self, organisation: Organisation, workload: Workload) -> Tri:
        rules = organisation.backup_rules(self)
        rpo = workload.rpo.get("data", timedelta.max)
        wanted = workload.shortest_retention
        if not rules and self.raw["policy"] in {"ENABLED", "ENABLING"}:
            return AUTOMATIC_INTERVAL <= rpo and AUTOMATIC_RETENTION >= wanted
        return some(
            rule.keeps(wanted)
            and (None if rule.longest_gap is None else rule.longest_gap <= rpo)
            for rule in rules
        )


class Shares(Stored):
    """An FSx file system."""

    backup_type = "FSx"

    @property
    def configuration(self) -> Json:
        """What its kind of file system has."""
        kinds = ("Windows", "Ontap", "OpenZFS", "Lustre")
        return next(
            self.raw[f"{kind}Configuration"]
            for kind in kinds
            if f"{kind}Configuration" in self.raw
        )

    @property
    def retention(self) -> timedelta:
        """How long the daily backups are kept; zero when there are none."""
        return timedelta(days=self.configuration.get("AutomaticBackupRetentionDays", 0))

    @property
    def restores_itself(self) -> bool:  # type: ignore[override]
        """Whether there are daily backups."""
        return self.retention > timedelta()

    def live_copies(self, _: Organisation) -> list[str | None]:
        """AWS shows none."""
        return []

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rules on FSx file systems."""
        workload = organisation.workload(self)
        deployment = self.configuration["DeploymentType"]
        needs_standby = (
            workload.rto.get("az", timedelta.max) <= HOUR
            or workload.rpo.get("az", timedelta.max) <= timedelta(minutes=5)
        )
        lustre = self.raw["FileSystemType"] == "LUSTRE"
        yield (
            "fsx-multi-az",
            verdict(not lustre and needs_standby, deployment.startswith("MULTI_AZ")),
        )
        rpo = workload.rpo.get("data", timedelta.max)
        wanted = workload.shortest_retention
        daily = self.retention >= wanted and rpo >= AUTOMATIC_INTERVAL
        planned = some(
            rule.keeps(wanted)
            and (None if rule.longest_gap is None else rule.longest_gap <= rpo)
            for rule in organisation.backup_rules(self)
        )
        needs_copy = (
            workload.dr_region not in (None, self.region) and "region" in workload.rpo
        )
        copied = not needs_copy or _copied_in_time(organisation, self, workload)
        scratch = lustre and deployment.startswith("SCRATCH")
        yield "fsx-backup", verdict(not scratch, some([daily, planned]) and copied)
        yield from _without(self.backup_verdicts(organisation), "files")


def read(organisation: Organisation) -> Iterator[Resource]:
    """What the accounts have of all this, in each Region."""
    estate = Estate({}, {}, organisation)
    found: list[Resource] = []
    for account in organisation.accounts:
        for region in organisation.manifest["regions"]:
            found += _servers(organisation, estate, account, region)
            found += _replicated(organisation, estate, account, region)
            found += _file_systems(organisation, account, region)
    yield from found


def _servers(
    organisation: Organisation, estate: Estate, account: str, region: str
) -> Iterator[Resource]:
    ec2 = organisation.client("ec2", account, region)
    dlm = organisation.client("dlm", account, region)
    listed = dlm.get_lifecycle_policies()["Policies"]
    reservations = pages(ec2, "describe_instances", "Reservations")
    place = Place(
        instances={
            instance["InstanceId"]: instance
            for reservation in reservations
            for instance in reservation["Instances"]
            if instance["State"]["Name"] not in {"terminated", "shutting-down"}
        },
        volumes={
            volume["VolumeId"]: volume
            for volume in pages(ec2, "describe_volumes", "Volumes")
        },
        snapshots=list(
            pages(ec2, "describe_snapshots", "Snapshots", OwnerIds=["self"])
        ),
        images={
            image["ImageId"]: image
            for image in pages(ec2, "describe_images", "Images", Owners=["self"])
        },
        policies=[
            dlm.get_lifecycle_policy(PolicyId=policy["PolicyId"])["Policy"]
            for policy in listed
        ],
    )
    estate.places[account, region] = place
    prefix = f"arn:aws:ec2:{region}:{account}"

    def made(kind: type[_OfEstate], path: str, name: str, raw: Json) -> Resource:
        tags = by_key(raw.get("Tags", []))
        resource = kind(account, region, name, f"{prefix}:{path}/{name}", tags, raw)
        resource.estate = estate
        return resource

    for name, raw in place.instances.items():
        yield made(Server, "instance", name, raw)
    for name, raw in place.volumes.items():
        yield made(Volume, "volume", name, raw)
    for template in pages(ec2, "describe_launch_templates", "LaunchTemplates"):
        name = template["LaunchTemplateId"]
        [latest] = ec2.describe_launch_template_versions(
            LaunchTemplateId=name, Versions=["$Latest"]
        )["LaunchTemplateVersions"]
        raw = template | {"ImageId": latest["LaunchTemplateData"].get("ImageId", "")}
        yield made(LaunchTemplate, "launch-template", name, raw)


def _replicated(
    organisation: Organisation, estate: Estate, account: str, region: str
) -> Iterator[Resource]:
    drs = organisation.client("drs", account, region)
    servers = or_none(
        "UninitializedAccountException",
        lambda: list(pages(drs, "describe_source_servers", "items")),
    )
    for raw in servers or []:
        hints = raw["sourceProperties"]["identificationHints"]
        origin = raw["sourceCloudProperties"]["originAccountID"]
        if instance := hints.get("awsInstanceID"):
            estate.replicated.setdefault((origin, instance), set()).add(region)
        yield SourceServer(
            account, region, raw["sourceServerID"], raw["arn"], raw["tags"], raw
        )


def _file_systems(
    organisation: Organisation, account: str, region: str
) -> Iterator[Resource]:
    efs = organisation.client("efs", account, region)
    fsx = organisation.client("fsx", account, region)
    replications = list(
        pages(efs, "describe_replication_configurations", "Replications")
    )
    for raw in pages(efs, "describe_file_systems", "FileSystems"):
        name = raw["FileSystemId"]
        targets = pages(
            efs, "describe_mount_targets", "MountTargets", FileSystemId=name
        )
        policy = or_none(
            "PolicyNotFound", lambda: efs.describe_backup_policy(FileSystemId=name)
        )
        raw |= {
            "zones": {
                target["AvailabilityZoneId"]
                for target in targets
                if target["LifeCycleState"] == "available"
            },
            "policy": (policy or {}).get("BackupPolicy", {}).get("Status", "DISABLED"),
            "replicas": [
                destination
                for replication in replications
                if replication["SourceFileSystemId"] == name
                for destination in replication["Destinations"]
            ],
        }
        tags = by_key(raw.get("Tags", []))
        yield Files(account, region, name, raw["FileSystemArn"], tags, raw)
    for raw in pages(fsx, "describe_file_systems", "FileSystems"):
        tags = by_key(raw.get("Tags", []))
        name, arn = raw["FileSystemId"], raw["ResourceARN"]
        yield Shares(account, region, name, arn, tags, raw)


def _iso(text: str) -> timedelta:
    """A length of time such as `P2DT3H` or `PT4.5S`."""
    units = {"D": "days", "H": "hours", "M": "minutes", "S": "seconds"}
    parts = re.findall(r"([\d.]+)([DHMS])", text)
    return sum(
        (timedelta(**{units[unit]: float(number)}) for number, unit in parts),
        timedelta(),
    )
