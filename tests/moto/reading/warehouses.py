"""Redshift clusters and OpenSearch Service domains, and the rules on them."""

import re
from collections.abc import Iterator
from datetime import timedelta

from .core import (
    Organisation,
    Resource,
    Stored,
    Tri,
    Workload,
    by_key,
    every,
    pages,
    some,
    verdict,
)

HOUR = timedelta(hours=1)
# About what Redshift does without a schedule.
DEFAULT_INTERVAL = 8 * HOUR


def _rate(definition: str) -> timedelta:
    number, unit = re.fullmatch(r"rate\((\d+) (hour|day)s?\)", definition).groups()  # type: ignore[union-attr]
    return timedelta(**{f"{unit}s": int(number)})


class Cluster(Stored):
    """A Redshift cluster."""

    backup_type = "Redshift"

    @property
    def restores_itself(self) -> bool:  # type: ignore[override]
        """Whether there are automated snapshots."""
        return self.raw["AutomatedSnapshotRetentionPeriod"] > 0

    @property
    def copied_to(self) -> str | None:
        """The Region that snapshots are copied to."""
        return self.raw.get("ClusterSnapshotCopyStatus", {}).get("DestinationRegion")

    def live_copies(self, _: Organisation) -> list[str | None]:
        """Where the service itself puts copies."""
        return [self.copied_to] if self.copied_to else []

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rules on clusters."""
        workload = organisation.workload(self)
        yield (
            "redshift-snapshots",
            verdict(
                True,
                every(
                    [
                        self._keeps(organisation, workload),
                        self._snapshots_often_enough(organisation, workload),
                        self._in_dr_region(organisation, workload),
                        workload.rto.get("az", timedelta.max) > HOUR
                        or self.raw.get("MultiAZ") == "Enabled",
                    ]
                ),
            ),
        )
        # Its copies in another Region are the rule's above.
        for rule, status in self.backup_verdicts(organisation):
            if rule != "backup-copy-dr-region":
                yield rule, status

    def _keeps(self, organisation: Organisation, workload: Workload) -> bool:
        days = timedelta(days=self.raw["AutomatedSnapshotRetentionPeriod"])
        wanted = workload.shortest_retention
        rules = organisation.backup_rules(self)
        return days >= wanted or any(rule.keeps(wanted) for rule in rules)

    def _snapshots_often_enough(self, organisation: Organisation, workload: Workload) -> Tri:
        rpo = workload.rpo.get("data")
        if rpo is None:
            return True
        by_plan = (
            None
            if rule.longest_gap is None
            else rule.longest_gap + rule.start_window <= rpo
            for rule in organisation.backup_rules(self)
        )
        return some([self.restores_itself and self.raw["interval"] <= rpo, *by_plan])

    def _in_dr_region(self, organisation: Organisation, workload: Workload) -> Tri:
        rpo, dr_region = workload.rpo.get("region"), workload.dr_region
        if rpo is None or dr_region in (None, self.region):
            return True
        copied = self.copied_to == dr_region and self.raw["interval"] <= rpo
        return (self.restores_itself and copied) or any(
            point.region == dr_region and organisation.now - point.created <= rpo
            for point in organisation.points(self)
        )


class Domain(Resource):
    """An OpenSearch Service domain."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rules on domains."""
        workload = organisation.workload(self)
        needed = (
            workload.rto.get("az", timedelta.max) <= 4 * HOUR
            or workload.rpo.get("az", timedelta.max) <= HOUR
        )
        cluster = self.raw["ClusterConfig"]
        zones = 1
        if cluster["ZoneAwarenessEnabled"]:
            config = cluster.get("ZoneAwarenessConfig", {})
            zones = config.get("AvailabilityZoneCount", 2)
        masters = cluster["DedicatedMasterEnabled"] and cluster["DedicatedMasterCount"]
        survives = zones >= 3 and cluster["InstanceCount"] >= 3 and masters >= 3
        yield "opensearch-fault-tolerance", verdict(needed, survives)
        # What leaves the domain is not to be seen: nobody has answered.
        asked = (
            workload.dr_region not in (None, self.region) and "region" in workload.rpo
        )
        yield "opensearch-dr-snapshot", "manual" if asked else "not_applicable"


def read(organisation: Organisation) -> Iterator[Resource]:
    """The clusters and domains of every account and Region."""
    for account in organisation.accounts:
        for region in organisation.manifest["regions"]:
            yield from _redshift(organisation, account, region)
            opensearch = organisation.client("opensearch", account, region)
            for listed in opensearch.list_domain_names()["DomainNames"]:
                name = listed["DomainName"]
                raw = opensearch.describe_domain(DomainName=name)["DomainStatus"]
                arn = raw["ARN"]
                tags = by_key(opensearch.list_tags(ARN=arn)["TagList"])
                yield Domain(account, region, name, arn, tags, raw)


def _redshift(
    organisation: Organisation, account: str, region: str
) -> Iterator[Resource]:
    redshift = organisation.client("redshift", account, region)
    schedules = {
        schedule["ScheduleIdentifier"]: min(
            map(_rate, schedule["ScheduleDefinitions"])
        )
        for schedule in redshift.describe_snapshot_schedules()["SnapshotSchedules"]
    }
    for raw in pages(redshift, "describe_clusters", "Clusters"):
        schedule = raw.get("SnapshotScheduleIdentifier")
        raw["interval"] = schedules[schedule] if schedule else DEFAULT_INTERVAL
        name = raw["ClusterIdentifier"]
        arn = f"arn:aws:redshift:{region}:{account}:cluster:{name}"
        tags = by_key(raw.get("Tags", []))
        yield Cluster(account, region, name, arn, tags, raw)
