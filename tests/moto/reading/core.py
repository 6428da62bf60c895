"""The organisation as boto3 reads it, and the first services' verdicts."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any, TypeVar

import boto3
import botocore.session
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import Loader, create_loader

Json = dict[str, Any]
# What is known of a condition; None is unknown.
Tri = bool | None
T = TypeVar("T")

ANYWHERE = {"0.0.0.0/0", "::/0"}
DAY = timedelta(days=1)
LONGEST_AUTOMATED_RETENTION = 35 * DAY
CONTINUOUS_LAG = timedelta(minutes=15)
# AWS Backup's own default.
START_WINDOW_MINUTES = 480
# A resource type that is named by ARN needs no opt-in, but for these.
OPT_IN_ALWAYS = {"Aurora", "DocumentDB", "Neptune"}
RUNS_PREVIEWED = 10
YEAR = 365 * DAY
WEEK = 7 * DAY
# What must be denied so that nobody can delete, or come to delete, recovery points.
DELETIONS = {
    "backup:DeleteRecoveryPoint",
    "backup:PutBackupVaultAccessPolicy",
    "backup:UpdateRecoveryPointLifecycle",
}


def every(conditions: Iterable[Tri]) -> Tri:
    """Whether all hold: one that does not decides, whatever is unknown."""
    seen = set(conditions)
    return False if False in seen else None if None in seen else True


def some(conditions: Iterable[Tri]) -> Tri:
    """Whether any holds: one that does decides, whatever is unknown."""
    seen = set(conditions)
    return True if True in seen else None if None in seen else False


def no(condition: Tri) -> Tri:
    """The opposite; of what is unknown it is unknown too."""
    return None if condition is None else not condition


def verdict(applies: Tri, passes: Tri) -> str:
    """The status of a finding."""
    if applies is False:
        return "not_applicable"
    if applies is None:
        return "unknown"
    return {True: "pass", False: "fail", None: "unknown"}[passes]


def duration(text: str) -> timedelta:
    """A manifest's duration, such as `1h` or `90d`."""
    units = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
    parts = re.findall(r"(\d+)([smhdw])", text)
    return sum(
        (timedelta(**{units[unit]: int(number)}) for number, unit in parts), timedelta()
    )


@dataclass(frozen=True)
class Workload:
    """What a resource is held to. A scope without an objective is None."""

    tier: str | None
    strategy: str | None
    dr_region: str | None
    rpo: dict[str, timedelta]
    rto: dict[str, timedelta]
    retention: timedelta | None
    month_budget: timedelta | None = None

    @classmethod
    def of(cls, declared: Json) -> "Workload":
        """A workload as the manifest declares it."""
        objectives = declared.get("objectives", {})
        retention = objectives.get("retention")
        return cls(
            tier=declared.get("tier"),
            strategy=declared.get("strategy"),
            dr_region=declared.get("dr_region"),
            rpo=cls._by_scope(objectives.get("rpo", {})),
            rto=cls._by_scope(objectives.get("rto", {})),
            retention=duration(retention) if retention else None,
            month_budget=cls._month_budget(objectives.get("slo")),
        )

    @staticmethod
    def _month_budget(slo: str | None) -> timedelta | None:
        """The downtime that an SLO leaves in a month of 30 days."""
        return slo and 30 * DAY * (100 - float(slo.rstrip("%"))) / 100

    @staticmethod
    def _by_scope(declared: str | dict[str, str]) -> dict[str, timedelta]:
        if isinstance(declared, str):
            declared = dict.fromkeys(
                ("data", "infrastructure", "az", "region"), declared
            )
        return {scope: duration(text) for scope, text in declared.items()}

    @property
    def shortest_retention(self) -> timedelta:
        """How long backups must be kept; a week where nothing is declared."""
        return self.retention or 7 * DAY


@dataclass(frozen=True)
class BackupRule:
    """A rule of a backup plan that covers a resource."""

    longest_gap: timedelta | None
    start_window: timedelta
    continuous: bool
    kept: timedelta | None

    def keeps(self, shortest: timedelta) -> bool:
        """Whether its recovery points live that long."""
        return self.kept is None or self.kept >= shortest


@dataclass(frozen=True)
class Point:
    """A recovery point that can be restored."""

    account: str
    region: str
    created: datetime
    is_copy: bool


@dataclass(frozen=True)
class Restore:
    """The newest restore of a resource in an account and Region."""

    account: str
    region: str
    created: datetime
    # None unless it completed.
    took: timedelta | None
    is_good: bool


@dataclass
class Resource:
    """Something that rules judge."""

    account: str
    region: str
    id: str
    arn: str
    tags: dict[str, str]
    raw: Json

    def verdicts(self, organisation: "Organisation") -> Iterator[tuple[str, str]]:
        """The rules on resources of this kind, with their verdicts."""
        raise NotImplementedError


class Stored(Resource):
    """A data store that AWS Backup can protect."""

    # AWS Backup's name of the type; None where it does not back such a thing up.
    backup_type: str | None
    # Whether the service itself keeps something to go back to.
    restores_itself: bool
    # Whether a cluster or a replica's source holds the data.
    is_held_elsewhere = False

    def live_copies(self, organisation: "Organisation") -> list[str | None]:
        """The Regions that the data is replicated to; None is one that is not known."""
        raise NotImplementedError

    def backup_verdicts(
        self, organisation: "Organisation"
    ) -> Iterator[tuple[str, str]]:
        """The rules on backups of any store."""
        workload = organisation.workload(self)
        rules = organisation.backup_rules(self)
        points = organisation.points(self)
        now = organisation.now
        data, region = workload.rpo.get("data"), workload.rpo.get("region")
        dr_region = workload.dr_region
        planned = bool(rules) and not self.is_held_elsewhere

        covered = self.restores_itself or bool(rules)
        yield (
            "backup-coverage",
            verdict(data is not None and not self.is_held_elsewhere, covered),
        )
        kept = some(rule.keeps(workload.shortest_retention) for rule in rules)
        yield "backup-retention", verdict(planned, kept)
        yield (
            "backup-frequency",
            verdict(
                planned and data is not None and not self.restores_itself,
                some(self._often_enough(rule, data or timedelta()) for rule in rules),
            ),
        )
        # The point of a continuous backup moves along: its date says nothing.
        by_schedule = not any(rule.continuous for rule in rules)
        yield (
            "backup-last-point-age",
            verdict(
                planned and data is not None and by_schedule,
                some(
                    self._young_enough(now - point.created, rule, data or timedelta())
                    for point in points
                    if not point.is_copy
                    for rule in rules
                ),
            ),
        )
        copies = self.live_copies(organisation)
        elsewhere = [None if copy is None else copy != dr_region for copy in copies]
        yield (
            "backup-copy-dr-region",
            verdict(
                every(
                    [
                        planned,
                        dr_region not in (None, self.region),
                        region is not None,
                        *elsewhere,
                    ]
                ),
                any(
                    point.region == dr_region and now - point.created <= region
                    for point in points
                    if region is not None
                ),
            ),
        )

    def restore_verdicts(
        self, organisation: "Organisation"
    ) -> Iterator[tuple[str, str]]:
        """The rules on restoring a store, and on copies out of its account's reach."""
        workload = organisation.workload(self)
        now = organisation.now
        planned = bool(organisation.backup_rules(self)) and not self.is_held_elsewhere
        restores = organisation.restores[self.arn]

        oldest = workload.rpo.get("region", DAY)
        yield (
            "backup-copy-other-account",
            verdict(
                workload.tier == "critical" and planned,
                any(
                    point.account != self.account and now - point.created <= oldest
                    for point in organisation.points(self)
                ),
            ),
        )
        yield (
            "backup-restore-test",
            verdict(
                planned,
                any(
                    found.is_good and found.took is not None
                    for found in restores
                    if now - found.created <= YEAR
                ),
            ),
        )
        at_home = [
            found.took
            for found in restores
            if (found.account, found.region) == (self.account, self.region)
            and found.took is not None
        ]
        rto = workload.rto.get("data")
        yield (
            "backup-restore-time",
            verdict(
                rto is not None and bool(at_home) and not self.is_held_elsewhere,
                all(took <= (rto or timedelta()) for took in at_home),
            ),
        )

    def in_dr_region(
        self,
        organisation: "Organisation",
        live: bool,
        copies: list[tuple[str, datetime]],
    ) -> Tri:
        """Whether something in the DR Region goes back to within the RPO."""
        workload = organisation.workload(self)
        rpo = workload.rpo.get("region")
        if not rpo:
            # Nothing that is copied afterwards loses nothing.
            return False
        reached = copies + [
            (point.region, point.created) for point in organisation.points(self)
        ]
        recent = any(
            region == workload.dr_region and organisation.now - latest <= rpo
            for region, latest in reached
        )
        searched = workload.dr_region in organisation.manifest["regions"]
        return some([live, recent, False if searched else None])

    def _often_enough(self, rule: BackupRule, rpo: timedelta) -> Tri:
        by_schedule = (
            None
            if rule.longest_gap is None
            else rule.longest_gap + rule.start_window <= rpo
        )
        return some([rule.continuous and CONTINUOUS_LAG <= rpo, by_schedule])

    def _young_enough(self, age: timedelta, rule: BackupRule, rpo: timedelta) -> Tri:
        # Where the service itself reaches the RPO, AWS Backup is held to its own plan.
        interval = rule.longest_gap if self.restores_itself else rpo
        return None if interval is None else age <= interval + rule.start_window


def takes_everything(rule: Json) -> bool:
    """Whether a replication rule is limited to no prefix and no tag."""
    chosen = rule.get("Filter", {"Prefix": rule.get("Prefix", "")})
    return not (chosen.get("Prefix") or chosen.get("Tag") or chosen.get("And"))


def takes_encrypted(rule: Json) -> bool:
    """Whether a replication rule takes objects that KMS keys encrypt."""
    selected = rule.get("SourceSelectionCriteria", {}).get("SseKmsEncryptedObjects", {})
    return selected.get("Status") == "Enabled"


def is_timed(rule: Json) -> bool:
    """Whether a replication rule has Replication Time Control."""
    time_control = rule["Destination"].get("ReplicationTime", {})
    return time_control.get("Status") == "Enabled"


class Bucket(Stored):
    """An S3 bucket."""

    backup_type = "S3"

    @property
    def restores_itself(self) -> bool:  # type: ignore[override]
        """Versioning keeps what was overwritten."""
        return self.raw["versioning"].get("Status") == "Enabled"

    def verdicts(self, organisation: "Organisation") -> Iterator[tuple[str, str]]:
        """The rules on buckets."""
        workload = organisation.workload(self)
        wants_data_back = "data" in workload.rpo
        versioning = self.raw["versioning"].get("Status")
        yield (
            "s3-versioning-enabled",
            verdict(wants_data_back, versioning == "Enabled"),
        )
        # Shown, never demanded.
        yield "s3-mfa-delete-shown", verdict(versioning is not None, True)
        yield from self._replication_verdicts(organisation, workload)
        wanted = workload.shortest_retention
        yield (
            "s3-noncurrent-retention",
            verdict(
                wants_data_back and versioning == "Enabled",
                self.noncurrent_kept is None or self.noncurrent_kept >= wanted,
            ),
        )
        lock = self.raw["lock"]
        default = lock.get("Rule", {}).get("DefaultRetention", {})
        days = default.get("Days", 0) + 365 * default.get("Years", 0)
        yield (
            "s3-object-lock",
            verdict(lock.get("ObjectLockEnabled") == "Enabled", days * DAY >= wanted),
        )
        yield from self.backup_verdicts(organisation)
        yield from self.restore_verdicts(organisation)

    def _replication_verdicts(
        self, organisation: "Organisation", workload: Workload
    ) -> Iterator[tuple[str, str]]:
        dr_region, oldest = workload.dr_region, workload.rpo.get("region")
        concerned = dr_region not in (None, self.region)
        copied = any(
            point.region == dr_region
            and (oldest is None or organisation.now - point.created <= oldest)
            for point in organisation.points(self)
        )
        there = [
            (rule, None if bucket is None else bucket.region == dr_region)
            for rule, bucket in self.rules(organisation)
        ]
        any_rule = some(leads for _, leads in there)
        whole = some(leads for rule, leads in there if takes_everything(rule))
        has_key = self.raw["encryption"].get("SSEAlgorithm", "AES256") != "AES256"
        complete = some(
            every([leads, takes_everything(rule), not has_key or takes_encrypted(rule)])
            for rule, leads in there
        )
        detour = self._detour(organisation, dr_region)
        # What arrives as a replica is a matter of the bucket that it comes from.
        passes_on = some(
            no(source.leads_whole_to(organisation, dr_region))
            for source in self._sources(organisation)
            if source.region != dr_region
        )
        yield (
            "s3-replication-dr-region",
            verdict(
                every(
                    [
                        concerned,
                        some([whole, no(detour)]),
                        no(every([passes_on, any_rule])),
                    ]
                ),
                some([complete, copied]),
            ),
        )
        yield (
            "s3-replication-chain",
            verdict(every([concerned, detour]), some([whole, copied])),
        )
        applies = every([concerned, any_rule, no(passes_on)])
        yield "s3-replication-coverage", verdict(applies, some([complete, copied]))
        in_time = oldest is not None and (
            oldest >= timedelta(hours=48)
            or every(
                some([no(leads), is_timed(rule)])
                for rule, leads in there
            )
        )
        if oldest is not None and oldest < timedelta(minutes=15):
            in_time = False
        yield (
            "s3-replication-rpo",
            verdict(every([oldest is not None, applies]), some([in_time, copied])),
        )
        kept = workload.shortest_retention
        yield (
            "s3-replica-versioning",
            verdict(
                bool(there),
                every(
                    None
                    if bucket is None
                    else bucket.raw["versioning"].get("Status") == "Enabled"
                    and (bucket.noncurrent_kept is None or bucket.noncurrent_kept >= kept)
                    for _, bucket in self.rules(organisation)
                ),
            ),
        )

    def rules(
        self, organisation: "Organisation"
    ) -> Iterator[tuple[Json, "Bucket | None"]]:
        """The enabled rules and where they lead; None is outside of what is read."""
        for rule in self.raw["replication"]:
            if rule["Status"] == "Enabled":
                name = rule["Destination"]["Bucket"].split(":::")[1]
                yield rule, organisation.buckets.get(name)

    def leads_whole_to(self, organisation: "Organisation", region: str | None) -> Tri:
        """Whether every object written to it is replicated to a Region, at one go."""
        return some(
            None if bucket is None else bucket.region == region
            for rule, bucket in self.rules(organisation)
            if takes_everything(rule)
        )

    def _sources(self, organisation: "Organisation") -> Iterator["Bucket"]:
        for other in organisation.of_type(Bucket):
            if any(bucket is self for _, bucket in other.rules(organisation)):
                yield other

    def _detour(self, organisation: "Organisation", region: str | None) -> Tri:
        """Whether rules lead to a Region only from a bucket that other rules lead to."""
        seen, between = {self.id}, [self]
        ends: list[Tri] = []
        while between:
            bucket = between.pop()
            for _, following in bucket.rules(organisation):
                if bucket is not self:
                    ends.append(None if following is None else following.region == region)
                if (
                    following is not None
                    and following.region != region
                    and following.id not in seen
                ):
                    seen.add(following.id)
                    between.append(following)
        return some(ends)

    @property
    def noncurrent_kept(self) -> timedelta | None:
        """How long older versions are kept at least; None is for ever."""
        days = [
            rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
            for rule in self.raw["lifecycle"]
            if rule["Status"] == "Enabled" and "NoncurrentVersionExpiration" in rule
        ]
        return min(days) * DAY if days else None

    def live_copies(self, organisation: "Organisation") -> list[str | None]:
        """Where enabled rules replicate to, as far as the buckets there are known."""
        return [
            None if bucket is None else bucket.region
            for _, bucket in self.rules(organisation)
        ]


class Instance(Stored):
    """A DB instance. Members of clusters are judged with their cluster."""

    @property
    def is_member(self) -> bool:
        """Whether it belongs to a cluster."""
        return bool(self.raw.get("DBClusterIdentifier"))

    @property
    def is_replica(self) -> bool:
        """Whether it is a read replica."""
        return bool(
            self.raw.get("ReadReplicaSourceDBInstanceIdentifier")
            or self.raw.get("ReadReplicaSourceDBClusterIdentifier")
        )

    @property
    def backup_type(self) -> str | None:  # type: ignore[override]
        """AWS Backup protects the cluster, not its members."""
        return None if self.is_member else "RDS"

    @property
    def retention(self) -> timedelta:
        """How long automated backups are kept; zero when they are off."""
        return timedelta(days=self.raw.get("BackupRetentionPeriod", 0))

    @property
    def restores_itself(self) -> bool:  # type: ignore[override]
        """Whether there are automated backups."""
        return self.retention > timedelta()

    @property
    def is_held_elsewhere(self) -> bool:  # type: ignore[override]
        """A member's data is its cluster's, a replica's that of its source."""
        return self.is_member or self.is_replica

    def live_copies(self, _: "Organisation") -> list[str | None]:
        """The Regions of its replicas: names are in its own, ARNs in others."""
        replicas = self.raw.get("ReadReplicaDBInstanceIdentifiers", [])
        return [
            name.split(":")[3] if name.startswith("arn:") else self.region
            for name in replicas
        ]

    def verdicts(self, organisation: "Organisation") -> Iterator[tuple[str, str]]:
        """The rules on DB instances."""
        workload = organisation.workload(self)
        on_its_own = not self.is_held_elsewhere
        hour, five_minutes = timedelta(hours=1), timedelta(minutes=5)
        needs_standby = (
            workload.rto.get("az", timedelta.max) <= hour
            or workload.rpo.get("az", timedelta.max) <= five_minutes
        )
        yield (
            "rds-multi-az",
            verdict(on_its_own and needs_standby, self.raw["MultiAZ"]),
        )
        yield "rds-backup-enabled", verdict(on_its_own, self.restores_itself)
        yield (
            "rds-backup-retention",
            verdict(on_its_own, self._keeps_long_enough(organisation, workload)),
        )
        yield (
            "rds-deletion-protection",
            verdict(not self.is_member, self.raw["DeletionProtection"]),
        )
        # A stopped instance takes no backups, one that is new has none yet.
        runs = self.raw["DBInstanceStatus"] not in {
            "creating",
            "starting",
            "stopped",
            "stopping",
        }
        rpo = workload.rpo.get("data")
        lag = max(rpo or timedelta(), five_minutes)
        latest = self.raw.get("LatestRestorableTime")
        restorable = (
            latest is not None
            and organisation.now - latest <= lag
            and not self._days_without_snapshot(organisation)
        )
        yield (
            "rds-restore-window",
            verdict(
                on_its_own and runs and self.restores_itself and rpo is not None,
                restorable,
            ),
        )
        dr_region = workload.dr_region
        has_objective = "region" in workload.rpo
        yield (
            "rds-dr-copy",
            verdict(
                on_its_own and has_objective and dr_region not in (None, self.region),
                self.in_dr_region(
                    organisation,
                    dr_region in self.live_copies(organisation),
                    organisation.copies[self.arn],
                ),
            ),
        )
        source = self.raw.get("ReadReplicaSourceDBInstanceIdentifier", "")
        is_used_for_dr = (
            not self.is_member
            and source.startswith("arn:")
            and has_objective
            and dr_region == self.region
        )
        yield (
            "rds-replica-lag",
            verdict(
                is_used_for_dr,
                is_used_for_dr
                and self._keeps_up(organisation, workload.rpo["region"]),
            ),
        )
        yield from self.backup_verdicts(organisation)
        yield from self.restore_verdicts(organisation)

    def _keeps_up(self, organisation: "Organisation", rpo: timedelta) -> bool:
        """Whether it replicates, and has been no further behind in a week."""
        client = organisation.client("cloudwatch", self.account, self.region)
        figures = client.get_metric_statistics(
            Namespace="AWS/RDS",
            MetricName="ReplicaLag",
            Dimensions=[{"Name": "DBInstanceIdentifier", "Value": self.id}],
            StartTime=organisation.now - WEEK,
            EndTime=organisation.now + DAY,
            Period=3600,
            Statistics=["Maximum"],
        )["Datapoints"]
        # -1 is no lag: replication is not active.
        lags = {
            figure["Timestamp"]: figure["Maximum"]
            for figure in figures
            if figure["Maximum"] >= 0
        }
        return (
            bool(lags)
            and timedelta(seconds=max(lags.values())) <= rpo
            and organisation.now - max(lags) <= timedelta(hours=3)
        )

    def _keeps_long_enough(
        self, organisation: "Organisation", workload: Workload
    ) -> bool:
        wanted = workload.shortest_retention
        return self.retention >= wanted or (
            wanted > LONGEST_AUTOMATED_RETENTION
            and self.restores_itself
            and any(rule.keeps(wanted) for rule in organisation.backup_rules(self))
        )

    def _days_without_snapshot(self, organisation: "Organisation") -> int:
        """Full days in UTC within the retention, without an automated snapshot."""
        now = organisation.now
        start = max(self.raw["InstanceCreateTime"], now - self.retention)
        taken = {
            snapshot["SnapshotCreateTime"].astimezone(UTC).date()
            for snapshot in organisation.snapshots[self.account, self.region]
            if snapshot["DBInstanceIdentifier"] == self.id
            and snapshot["SnapshotType"] == "automated"
            and snapshot["Status"] == "available"
        }
        days = (start.date() + n * DAY for n in range((now - start).days + 2))
        return sum(
            day not in taken
            for day in days
            if datetime.combine(day, time(), UTC) >= start
            and datetime.combine(day + DAY, time(), UTC) <= now
        )


class Cluster(Stored):
    """A DB cluster: Aurora, DocumentDB, Neptune, or RDS Multi-AZ with two standbys."""

    # All of these engines always have automated backups.
    restores_itself = True

    @property
    def engine(self) -> str:
        """The database engine."""
        return self.raw["Engine"]

    @property
    def backup_type(self) -> str:  # type: ignore[override]
        """How AWS Backup calls it."""
        if self.engine.startswith("aurora"):
            return "Aurora"
        return {"docdb": "DocumentDB", "neptune": "Neptune"}.get(self.engine, "RDS")

    def verdicts(self, organisation: "Organisation") -> Iterator[tuple[str, str]]:
        """The rules on DB clusters."""
        workload = organisation.workload(self)
        is_aurora = self.engine.startswith("aurora")
        names = {
            member["DBInstanceIdentifier"]
            for member in self.raw["DBClusterMembers"]
        }
        members = [
            found
            for found in organisation.of_type(Instance)
            if (found.account, found.region) == (self.account, self.region)
            and found.id in names
        ]
        zones = {member.raw["AvailabilityZone"] for member in members}
        rto = workload.rto.get("az")
        # A secondary cluster waits for the other Region to fail, not for its own zone.
        waits = self.is_secondary(organisation) and (
            workload.strategy != "active_active"
        )
        needs_zones = (
            bool(names)
            and rto is not None
            and rto <= timedelta(hours=1)
            and not waits
        )
        for rule, engine in (
            ("aurora-multi-az", is_aurora),
            ("docdb-multi-az", self.engine == "docdb"),
            ("neptune-multi-az", self.engine == "neptune"),
        ):
            yield rule, verdict(engine and needs_zones, len(zones) >= 2)
        public = {bool(member.raw.get("PubliclyAccessible")) for member in members}
        yield (
            "aurora-accessibility-consistent",
            verdict(is_aurora and len(names) > 1, len(public) <= 1),
        )
        data = workload.rpo.get("data")
        window = timedelta(seconds=self.raw.get("BacktrackWindow") or 0)
        yield (
            "aurora-backtrack",
            verdict(
                self.engine in {"aurora", "aurora-mysql"}
                and data is not None
                and not self.is_secondary(organisation),
                bool(window) and window >= (data or timedelta()),
            ),
        )
        leaves = "region" in workload.rpo and (
            workload.dr_region not in (None, self.region)
        )
        copied = self.in_dr_region(
            organisation, self._is_live_in_dr(organisation), self._copies(organisation)
        )
        yield "aurora-dr-region", verdict(is_aurora and leaves, copied)
        yield "rds-dr-copy", verdict(not is_aurora and leaves, copied)
        wanted = workload.shortest_retention
        rules = organisation.backup_rules(self)
        kept = timedelta(days=self.raw["BackupRetentionPeriod"])
        long_enough = kept >= wanted or (
            wanted > LONGEST_AUTOMATED_RETENTION
            and any(rule.keeps(wanted) for rule in rules)
        )
        is_other = self.engine in {"docdb", "neptune"}
        yield "aurora-backup-retention", verdict(not is_other, long_enough)
        yield "docdb-neptune-retention", verdict(is_other, long_enough)
        yield (
            "cluster-deletion-protection",
            verdict(True, self.raw["DeletionProtection"]),
        )
        yield from self.backup_verdicts(organisation)
        yield from self.restore_verdicts(organisation)

    def is_secondary(self, organisation: "Organisation") -> bool:
        """Whether it follows another cluster of its global database."""
        return any(
            not member["IsWriter"]
            for members in organisation.global_clusters
            for member in members
            if member["DBClusterArn"] == self.arn
        )

    def _is_live_in_dr(self, organisation: "Organisation") -> bool:
        dr_region = organisation.workload(self).dr_region
        lost = any(
            member.get("SynchronizationStatus") == "pending-resync"
            for member in self._others(organisation)
            if member["DBClusterArn"].split(":")[3] == dr_region
        )
        return dr_region in self.live_copies(organisation) and not lost

    def _copies(self, organisation: "Organisation") -> list[tuple[str, datetime]]:
        """Its snapshots in other Regions, with when their data was taken."""
        snapshots = organisation.cluster_snapshots
        found = []
        for arn, snapshot in snapshots.items():
            source = snapshot.get("SourceDBClusterSnapshotArn") or ""
            region, account = arn.split(":")[3:5]
            if (
                snapshot["DBClusterIdentifier"] == self.id
                and account == self.account
                and region != self.region
                and source.split(":")[3:4] == [self.region]
                and snapshot["Status"] == "available"
            ):
                original = snapshots.get(source, snapshot)
                found.append((region, original["SnapshotCreateTime"]))
        return found

    def _others(self, organisation: "Organisation") -> list[Json]:
        return [
            member
            for members in organisation.global_clusters
            if any(member["DBClusterArn"] == self.arn for member in members)
            for member in members
            if member["DBClusterArn"] != self.arn
        ]

    def live_copies(self, organisation: "Organisation") -> list[str | None]:
        """The other Regions of its global database, and those of its replicas."""
        members = [member["DBClusterArn"] for member in self._others(organisation)]
        replicas = self.raw.get("ReadReplicaIdentifiers", [])
        return [arn.split(":")[3] for arn in members + replicas]


class Subnet(Resource):
    """A subnet; `raw` holds its routes and the NAT gateways of the Region."""

    def verdicts(self, organisation: "Organisation") -> Iterator[tuple[str, str]]:
        """The rule on the way out."""
        ways = [
            way
            for route in self.raw["routes"]
            if (way := self._same_zone(route)) != "elsewhere"
        ]
        same_zone = every(ways)  # type: ignore[arg-type]
        yield "nat-az-independence", verdict(bool(ways), same_zone)

    def _same_zone(self, route: Json) -> Tri | str:
        """Whether the route keeps to the subnet's zone, if it is such a route."""
        if "NatGatewayId" in route:
            gateway = self.raw["gateways"].get(route["NatGatewayId"])
            if is_dead(route, gateway):
                # Lost rather than dependent on another zone: another rule's matter.
                return "elsewhere"
            if gateway.get("AutoProvisionZones") == "enabled":
                # It expands to the zone by itself; otherwise somebody must see to it.
                return True
            if gateway.get("AvailabilityMode") == "regional":
                zones = {
                    address.get("AvailabilityZoneId")
                    for address in gateway["NatGatewayAddresses"]
                }
            else:
                zones = {self.raw["zones"][gateway["SubnetId"]]}
            return self.raw["zone"] in zones
        if "TransitGatewayId" in route and destination(route) in ANYWHERE:
            # The NAT gateways are in the egress VPC, wherever that is.
            return "elsewhere" if route["State"] == "blackhole" else None
        return "elsewhere"


class RouteTable(Resource):
    """A route table; `raw` holds the NAT gateways of the Region too."""

    def verdicts(self, _: "Organisation") -> Iterator[tuple[str, str]]:
        """The rule on routes that lead nowhere."""
        routes = [route for route in self.raw["routes"] if "NatGatewayId" in route]
        dead = [
            is_dead(route, self.raw["gateways"].get(route["NatGatewayId"]))
            for route in routes
        ]
        yield "nat-blackhole-route", verdict(bool(routes), not any(dead))


class Vault(Resource):
    """A backup vault."""

    def verdicts(self, organisation: "Organisation") -> Iterator[tuple[str, str]]:
        """The rule on Vault Lock."""
        workload = organisation.workload(self)
        kind = self.raw.get("VaultType", "BACKUP_VAULT")
        enforced = self.raw.get("MinRetentionDays")
        locked = (
            self.raw.get("Locked", False)
            and enforced is not None
            and enforced * DAY >= workload.shortest_retention
        )
        applies = (
            workload.tier == "critical"
            and self.raw["NumberOfRecoveryPoints"] > 0
            and kind != "RESTORE_ACCESS_BACKUP_VAULT"
        )
        air_gapped = kind == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
        yield "backup-vault-lock", verdict(applies, air_gapped or locked)
        lock_date = self.raw.get("LockDate")
        for_good = (
            self.raw.get("Locked", False)
            and lock_date is not None
            and lock_date <= organisation.now
        )
        yield (
            "backup-manual-delete-denied",
            verdict(
                self.raw["NumberOfRecoveryPoints"] > 0 and kind == "BACKUP_VAULT",
                for_good or DELETIONS <= self._denied_to_everyone(organisation),
            ),
        )

    def _denied_to_everyone(self, organisation: "Organisation") -> set[str]:
        client = organisation.client("backup", self.account, self.region)
        policy = or_none(
            "ResourceNotFoundException",
            lambda: client.get_backup_vault_access_policy(BackupVaultName=self.id)[
                "Policy"
            ],
        )
        statements = json.loads(policy)["Statement"] if policy else []
        denied: set[str] = set()
        for statement in statements:
            if (
                statement["Effect"] == "Deny"
                and statement["Principal"] in ("*", {"AWS": "*"})
                and statement["Resource"] == "*"
                and set(statement.get("Condition", {})) <= {"ArnNotLike"}
            ):
                actions = statement["Action"]
                denied |= {actions} if isinstance(actions, str) else set(actions)
        return denied


def destination(route: Json) -> str | None:
    """Where a route leads."""
    return route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock")


def is_dead(route: Json, gateway: Json | None) -> bool:
    """Whether a route to a NAT gateway drops what it matches."""
    alive = gateway is not None and gateway["State"] in {"pending", "available"}
    return route["State"] == "blackhole" or not alive


def by_key(tags: Iterable[Json]) -> dict[str, str]:
    """Tags as a mapping."""
    return {tag["Key"]: tag.get("Value", "") for tag in tags}


def matches(pattern: str, text: str) -> bool:
    """Whether a text has a pattern's form; only `*` is special."""
    escaped = re.sub(r"[\[?]", lambda found: f"[{found[0]}]", pattern)
    return fnmatchcase(text, escaped)


@dataclass
class Organisation:
    """What boto3 reads of the accounts and Regions that the manifest means."""

    endpoint: str
    manifest: Json
    now: datetime
    # What the modules beside this one read.
    readers: list[Callable[["Organisation"], Iterable[Resource]]]
    snapshots: dict[tuple[str, str], list[Json]] = field(
        default_factory=lambda: defaultdict(list)
    )
    # The members of each global database.
    global_clusters: list[list[Json]] = field(default_factory=list)
    # Copies of DB instances in other Regions: where, and when their data was taken.
    copies: dict[str, list[tuple[str, datetime]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    cluster_snapshots: dict[str, Json] = field(default_factory=dict)
    restores: dict[str, list[Restore]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _covers: dict[tuple[str, str], list[tuple[Json, bool, list[BackupRule]]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _points: dict[str, list[Point]] = field(default_factory=lambda: defaultdict(list))
    _sessions: dict[str | None, boto3.Session] = field(default_factory=dict)
    _clients: dict[tuple[str, str | None, str], BaseClient] = field(
        default_factory=dict
    )
    _loader: Loader = field(default_factory=create_loader)

    @cached_property
    def resources(self) -> list[Resource]:
        """All resources that rules judge."""
        found = list(self.first)
        for read in self.readers:
            found += read(self)
        return found

    @cached_property
    def first(self) -> list[Resource]:
        """The resources of the first services, which the other modules may look at."""
        found: list[Resource] = []
        for account in self.accounts:
            found += self._buckets(account)
            for region in self.manifest["regions"]:
                found += self._databases(account, region)
                found += self._network(account, region)
                found += self._backups(account, region)
        return found

    @cached_property
    def accounts(self) -> list[str]:
        """The active accounts outside the organisational units that are left out."""
        organizations = self.client("organizations", None, "us-east-1")
        declared = self.manifest["accounts"]
        left_out = set(declared.get("exclude", []))
        units = list(declared.get("ous", {}).get("exclude", []))
        while units:
            unit = units.pop()
            left_out |= {
                child["Id"]
                for child in pages(
                    organizations, "list_accounts_for_parent", "Accounts", ParentId=unit
                )
            }
            units += [
                child["Id"]
                for child in pages(
                    organizations,
                    "list_organizational_units_for_parent",
                    "OrganizationalUnits",
                    ParentId=unit,
                )
            ]
        return [
            account["Id"]
            for account in pages(organizations, "list_accounts", "Accounts")
            if account["Status"] == "ACTIVE" and account["Id"] not in left_out
        ]

    def of_type(self, kind: type[T]) -> list[T]:
        """The resources of a kind; while modules still read, those of the first."""
        if "resources" not in self.__dict__:
            return [found for found in self.first if isinstance(found, kind)]
        if kind not in self._by_type:
            self._by_type[kind] = [
                found for found in self.resources if isinstance(found, kind)
            ]
        return self._by_type[kind]  # type: ignore[return-value]

    @cached_property
    def buckets(self) -> dict[str, Bucket]:
        """The buckets by name, which is theirs alone in all of AWS."""
        return {bucket.id: bucket for bucket in self.of_type(Bucket)}

    @cached_property
    def _by_type(self) -> dict[type[Resource], list[Resource]]:
        return {}

    def workload(self, resource: Resource) -> Workload:
        """The first workload that selects a resource, else the defaults."""
        for declared in self.manifest["workloads"]:
            select = declared.get("select", {})
            if select and all(self._holds(select, resource)):
                return Workload.of(declared)
        return Workload.of(self.manifest.get("defaults", {}))

    @staticmethod
    def _holds(select: Json, resource: Resource) -> Iterator[bool]:
        if accounts := select.get("accounts"):
            yield resource.account in accounts
        if arns := select.get("arns"):
            yield any(matches(pattern, resource.arn) for pattern in arns)
        for key, pattern in select.get("tags", {}).items():
            yield key in resource.tags and matches(pattern, resource.tags[key])

    def points(self, stored: Stored) -> list[Point]:
        """The recovery points of a store that can be restored, in all vaults."""
        return self._points[stored.arn]

    def backup_rules(self, stored: Stored) -> list[BackupRule]:
        """The rules of AWS Backup plans that cover a store."""
        if stored.backup_type is None:
            return []
        return [
            rule
            for selection, opt_in, rules in self._covers[stored.account, stored.region]
            if self._selects(selection, opt_in, stored)
            for rule in rules
        ]

    @staticmethod
    def _selects(selection: Json, opt_in: dict[str, bool], stored: Stored) -> bool:
        named = [
            arn for arn in selection.get("Resources", []) if matches(arn, stored.arn)
        ]
        one_of = selection.get("ListOfTags") or []
        tagged = any(
            stored.tags.get(tag["ConditionKey"]) == tag["ConditionValue"]
            for tag in one_of
        )
        if any(matches(arn, stored.arn) for arn in selection.get("NotResources", [])):
            return False
        if not (named or tagged):
            return False
        if not all(_conditions_hold(selection.get("Conditions") or {}, stored.tags)):
            return False
        # By its very ARN a resource is taken whatever the opt-in says.
        by_name = stored.arn in named and stored.backup_type not in OPT_IN_ALWAYS
        return by_name or opt_in.get(stored.backup_type or "", False)

    def client(self, service: str, account: str | None, region: str) -> BaseClient:
        """A client in an account, by the manifest's role; without one, the caller's."""
        key = (service, account, region)
        if key not in self._clients:
            config = Config(
                s3={"addressing_style": "path"}, retries={"total_max_attempts": 8}
            )
            self._clients[key] = self._session(account, region).client(
                service, region, endpoint_url=self.endpoint, config=config
            )
        return self._clients[key]

    def _session(self, account: str | None, region: str) -> boto3.Session:
        if account not in self._sessions:
            granted: Json = {}
            if account is not None:
                role = self.manifest["accounts"]["role"]
                granted = self.client("sts", None, region).assume_role(
                    RoleArn=f"arn:aws:iam::{account}:role/{role}",
                    RoleSessionName="independent",
                )["Credentials"]
            own = botocore.session.Session()
            # The models of services are large: they are read once for all sessions.
            own.register_component("data_loader", self._loader)
            self._sessions[account] = boto3.Session(
                granted.get("AccessKeyId"),
                granted.get("SecretAccessKey"),
                granted.get("SessionToken"),
                botocore_session=own,
            )
        return self._sessions[account]

    def _buckets(self, account: str) -> Iterator[Bucket]:
        s3 = self.client("s3", account, self.manifest["regions"][0])
        for listed in pages(s3, "list_buckets", "Buckets"):
            name = listed["Name"]
            constraint = s3.get_bucket_location(Bucket=name)["LocationConstraint"]
            region = {None: "us-east-1", "EU": "eu-west-1"}.get(constraint, constraint)
            if region not in self.manifest["regions"]:
                continue
            tags = or_none(
                "NoSuchTagSet", lambda: s3.get_bucket_tagging(Bucket=name)["TagSet"]
            )
            replication = or_none(
                "ReplicationConfigurationNotFoundError",
                lambda: s3.get_bucket_replication(Bucket=name)[
                    "ReplicationConfiguration"
                ]["Rules"],
            )
            lifecycle = or_none(
                "NoSuchLifecycleConfiguration",
                lambda: s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"],
            )
            lock = or_none(
                "ObjectLockConfigurationNotFoundError",
                lambda: s3.get_object_lock_configuration(Bucket=name)[
                    "ObjectLockConfiguration"
                ],
            )
            encryption = or_none(
                "ServerSideEncryptionConfigurationNotFoundError",
                lambda: s3.get_bucket_encryption(Bucket=name)[
                    "ServerSideEncryptionConfiguration"
                ]["Rules"],
            )
            raw = {
                "versioning": s3.get_bucket_versioning(Bucket=name),
                "replication": replication or [],
                "lifecycle": lifecycle or [],
                "lock": lock or {},
                "encryption": next(
                    (
                        rule["ApplyServerSideEncryptionByDefault"]
                        for rule in encryption or []
                        if "ApplyServerSideEncryptionByDefault" in rule
                    ),
                    {},
                ),
            }
            arn = f"arn:aws:s3:::{name}"
            yield Bucket(account, region, name, arn, by_key(tags or []), raw)

    def _databases(self, account: str, region: str) -> Iterator[Resource]:
        rds = self.client("rds", account, region)
        self.snapshots[account, region] = list(
            pages(rds, "describe_db_snapshots", "DBSnapshots")
        )
        self.global_clusters += [
            found["GlobalClusterMembers"]
            for found in pages(rds, "describe_global_clusters", "GlobalClusters")
        ]
        for snapshot in self.snapshots[account, region]:
            source = snapshot.get("SourceRegion")
            if source not in (None, region) and snapshot["Status"] == "available":
                name = snapshot["DBInstanceIdentifier"]
                taken = snapshot.get("OriginalSnapshotCreateTime")
                self.copies[f"arn:aws:rds:{source}:{account}:db:{name}"].append(
                    (region, taken or snapshot["SnapshotCreateTime"])
                )
        for backup in pages(
            rds,
            "describe_db_instance_automated_backups",
            "DBInstanceAutomatedBackups",
        ):
            if backup["DBInstanceArn"].split(":")[3] != region:
                self.copies[backup["DBInstanceArn"]].append(
                    (region, backup["RestoreWindow"]["LatestTime"])
                )
        for snapshot in pages(
            rds, "describe_db_cluster_snapshots", "DBClusterSnapshots"
        ):
            self.cluster_snapshots[snapshot["DBClusterSnapshotArn"]] = snapshot
        for raw in pages(rds, "describe_db_instances", "DBInstances"):
            yield Instance(
                account,
                region,
                raw["DBInstanceIdentifier"],
                raw["DBInstanceArn"],
                by_key(raw.get("TagList", [])),
                raw,
            )
        for raw in pages(rds, "describe_db_clusters", "DBClusters"):
            yield Cluster(
                account,
                region,
                raw["DBClusterIdentifier"],
                raw["DBClusterArn"],
                by_key(raw.get("TagList", [])),
                raw,
            )

    def _network(self, account: str, region: str) -> Iterator[Resource]:
        ec2 = self.client("ec2", account, region)
        subnets = list(pages(ec2, "describe_subnets", "Subnets"))
        tables = list(pages(ec2, "describe_route_tables", "RouteTables"))
        gateways = {
            gateway["NatGatewayId"]: gateway
            for gateway in pages(ec2, "describe_nat_gateways", "NatGateways")
        }
        zones = {subnet["SubnetId"]: subnet["AvailabilityZoneId"] for subnet in subnets}
        own = {
            association["SubnetId"]: table
            for table in tables
            for association in table["Associations"]
            if "SubnetId" in association
        }
        main = {
            table["VpcId"]: table
            for table in tables
            if any(association.get("Main") for association in table["Associations"])
        }
        prefix = f"arn:aws:ec2:{region}:{account}"
        for subnet in subnets:
            name = subnet["SubnetId"]
            table = own.get(name) or main[subnet["VpcId"]]
            raw = {
                "zone": subnet["AvailabilityZoneId"],
                "zones": zones,
                "routes": table["Routes"],
                "gateways": gateways,
            }
            tags = by_key(subnet.get("Tags", []))
            yield Subnet(account, region, name, f"{prefix}:subnet/{name}", tags, raw)
        for table in tables:
            name = table["RouteTableId"]
            raw = {"routes": table["Routes"], "gateways": gateways}
            tags = by_key(table.get("Tags", []))
            arn = f"{prefix}:route-table/{name}"
            yield RouteTable(account, region, name, arn, tags, raw)

    def _restores(self, account: str, region: str) -> None:
        backup = self.client("backup", account, region)
        jobs = list(pages(backup, "list_restore_jobs", "RestoreJobs"))
        for protected in pages(backup, "list_protected_resources", "Results"):
            arn = protected["ResourceArn"]
            found = backup.describe_protected_resource(ResourceArn=arn)
            created = found.get("LatestRestoreJobCreationDate")
            if created is None:
                continue
            job = next(
                (
                    job
                    for job in jobs
                    if job.get("SourceResourceArn") == arn
                    and job["CreationDate"] == created
                ),
                {},
            )
            minutes = found.get("LatestRestoreExecutionTimeMinutes")
            self.restores[arn].append(
                Restore(
                    account,
                    region,
                    created,
                    took=None if minutes is None else timedelta(minutes=minutes),
                    is_good=job.get("Status", "COMPLETED") == "COMPLETED"
                    and job.get("ValidationStatus") != "FAILED",
                )
            )

    def _backups(self, account: str, region: str) -> Iterator[Vault]:
        backup = self.client("backup", account, region)
        self._restores(account, region)
        opt_in = backup.describe_region_settings()["ResourceTypeOptInPreference"]
        for plan in pages(backup, "list_backup_plans", "BackupPlansList"):
            identifier = plan["BackupPlanId"]
            described = backup.get_backup_plan(
                BackupPlanId=identifier, MaxScheduledRunsPreview=RUNS_PREVIEWED
            )
            rules = list(_plan_rules(described))
            for listed in pages(
                backup,
                "list_backup_selections",
                "BackupSelectionsList",
                BackupPlanId=identifier,
            ):
                selection = backup.get_backup_selection(
                    BackupPlanId=identifier, SelectionId=listed["SelectionId"]
                )["BackupSelection"]
                self._covers[account, region].append((selection, opt_in, rules))
        for vault in pages(backup, "list_backup_vaults", "BackupVaultList"):
            name, arn = vault["BackupVaultName"], vault["BackupVaultArn"]
            for point in pages(
                backup,
                "list_recovery_points_by_backup_vault",
                "RecoveryPoints",
                BackupVaultName=name,
            ):
                if point["Status"] in {"COMPLETED", "AVAILABLE"}:
                    self._points[point["ResourceArn"]].append(
                        Point(
                            account,
                            region,
                            point["CreationDate"],
                            is_copy="SourceBackupVaultArn" in point,
                        )
                    )
            tags = backup.list_tags(ResourceArn=arn).get("Tags", {})
            yield Vault(account, region, name, arn, tags, vault)


def _plan_rules(described: Json) -> Iterator[BackupRule]:
    runs = defaultdict(list)
    for run in described.get("ScheduledRunsPreview", []):
        runs[run["RuleId"]].append(run["ExecutionTime"])
    for rule in described["BackupPlan"]["Rules"]:
        times = sorted(runs[rule["RuleId"]])
        gaps = [later - earlier for earlier, later in zip(times, times[1:])]
        days = rule.get("Lifecycle", {}).get("DeleteAfterDays")
        minutes = rule.get("StartWindowMinutes", START_WINDOW_MINUTES)
        yield BackupRule(
            longest_gap=max(gaps, default=None),
            start_window=timedelta(minutes=minutes),
            continuous=rule.get("EnableContinuousBackup", False),
            kept=None if days is None else timedelta(days=days),
        )


def _conditions_hold(conditions: Json, tags: dict[str, str]) -> Iterator[bool]:
    for operator, operands in conditions.items():
        for operand in operands:
            value = tags.get(operand["ConditionKey"].removeprefix("aws:ResourceTag/"))
            wanted = operand["ConditionValue"]
            match operator:
                case "StringEquals":
                    yield value == wanted
                case "StringNotEquals":
                    yield value != wanted
                case "StringLike":
                    yield value is not None and matches(wanted, value)
                case "StringNotLike":
                    yield value is None or not matches(wanted, value)


def pages(
    client: BaseClient, operation: str, member: str, **params: Any
) -> Iterator[Json]:
    """What a list operation answers, page by page."""
    if not client.can_paginate(operation):
        yield from getattr(client, operation)(**params)[member]
        return
    for page in client.get_paginator(operation).paginate(**params):
        yield from page.get(member, [])


def or_none(code: str, call: Callable[[], T]) -> T | None:
    """What a call answers; None if it fails with a code that says: there is none."""
    try:
        return call()
    except ClientError as error:
        if error.response["Error"]["Code"] != code:
            raise
        return None
