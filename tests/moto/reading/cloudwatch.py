"""Alarms, whom they reach, and the lag of replicas that they watch."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from .core import Bucket, Instance, Json, Organisation, Resource, Tri, pages, some, verdict

# The unit of each metric of replication lag, and the dimension that names the store.
LAG = {
    "ReplicationLatency": ("SourceBucket", timedelta(seconds=1)),
    "ReplicaLag": ("DBInstanceIdentifier", timedelta(seconds=1)),
    "AuroraGlobalDBReplicationLag": ("DBClusterIdentifier", timedelta(milliseconds=1)),
    "AuroraGlobalDBRPOLag": ("DBClusterIdentifier", timedelta(milliseconds=1)),
}
FAILURES = {"OperationsFailedReplication": "SourceBucket"}


@dataclass
class Alarm(Resource):
    """A metric or composite alarm, with those of its Region and all subscriptions."""

    composites: list["Alarm"] = field(default_factory=list)
    subscribed: dict[str, int] = field(default_factory=dict)
    scanned: set[tuple[str, str]] = field(default_factory=set)

    def verdicts(self, _: Organisation) -> Iterator[tuple[str, str]]:
        """The rule on alarms."""
        yield "alarm-has-action", verdict(True, self.is_heard)

    @property
    def is_heard(self) -> Tri:
        """Whether it or an alarm that it is part of reaches somebody."""
        return some(
            [self._calls_somebody, *(whole.is_heard for whole in self._wholes())]
        )

    @property
    def _calls_somebody(self) -> Tri:
        if not self.raw["ActionsEnabled"]:
            return False
        return some(self._reaches(action) for action in self.raw["AlarmActions"])

    def _reaches(self, action: str) -> Tri:
        _, _, service, region, account, _ = action.split(":", 5)
        if service != "sns" or self.subscribed.get(action):
            return True
        return False if (account, region) in self.scanned else None

    def _wholes(self) -> Iterator["Alarm"]:
        for composite in self.composites:
            rule = composite.raw["AlarmRule"]
            quoted = re.findall(r'\(\s*"([^"]*)"\s*\)', rule)
            plain = re.findall(r"\(\s*([^\s()\"]+)\s*\)", rule)
            if self.id in {*quoted, *plain}:
                yield composite


@dataclass
class Replicated(Resource):
    """A store whose lag an alarm should watch; `raw` is nothing."""

    replicated: Tri = True
    # What the dimension of its metrics says, and where the alarms are.
    names: set[tuple[str | None, str]] = field(default_factory=set)
    alarms: list[Alarm] = field(default_factory=list)

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rule on lag."""
        rpo = organisation.workload(self).rpo.get("region")
        watched = some(self._tells(alarm, rpo or timedelta()) for alarm in self.alarms)
        applies = False if rpo is None else self.replicated
        yield "replication-lag-alarms", verdict(applies, watched)

    def _tells(self, alarm: Alarm, rpo: timedelta) -> Tri:
        metric = alarm.raw.get("MetricName", "")
        dimension, unit = LAG.get(metric, (FAILURES.get(metric), None))
        named = {
            (region, given["Value"])
            for given in alarm.raw.get("Dimensions", [])
            if given["Name"] == dimension
            for region in (None, alarm.region)
        }
        in_time = unit is None or alarm.raw["Threshold"] * unit <= rpo
        return alarm.is_heard if named & self.names and in_time else False


def read(organisation: Organisation) -> Iterator[Resource]:
    """The alarms, and the stores that are replicated."""
    places = [
        (account, region)
        for account in organisation.accounts
        for region in organisation.manifest["regions"]
    ]
    subscribed: dict[str, int] = {}
    for account, region in places:
        sns = organisation.client("sns", account, region)
        for found in pages(sns, "list_subscriptions", "Subscriptions"):
            if found["SubscriptionArn"].startswith("arn:"):
                topic = found["TopicArn"]
                subscribed[topic] = subscribed.get(topic, 0) + 1
    alarms = []
    for account, region in places:
        alarms += _alarms(organisation, account, region, subscribed, set(places))
    yield from alarms
    yield from _stores(organisation, alarms)


def _alarms(
    organisation: Organisation,
    account: str,
    region: str,
    subscribed: dict[str, int],
    scanned: set[tuple[str, str]],
) -> list[Alarm]:
    client = organisation.client("cloudwatch", account, region)
    kinds = ["MetricAlarm", "CompositeAlarm"]

    def alarm(raw: Json) -> Alarm:
        name, arn = raw["AlarmName"], raw["AlarmArn"]
        found = Alarm(account, region, name, arn, {}, raw)
        found.subscribed, found.scanned = subscribed, scanned
        return found

    read = {
        kind: [
            alarm(raw)
            for raw in pages(client, "describe_alarms", f"{kind}s", AlarmTypes=kinds)
        ]
        for kind in kinds
    }
    found = [*read["MetricAlarm"], *read["CompositeAlarm"]]
    for each in found:
        each.composites = [other for other in read["CompositeAlarm"] if other is not each]
    return found


def _stores(organisation: Organisation, alarms: list[Alarm]) -> Iterator[Replicated]:
    for bucket in organisation.of_type(Bucket):
        regions = organisation_regions(organisation)
        elsewhere = any(
            rule["Status"] == "Enabled"
            and regions.get(rule["Destination"]["Bucket"].split(":::")[1])
            != bucket.region
            for rule in bucket.raw["replication"]
        )
        yield Replicated(
            bucket.account,
            bucket.region,
            bucket.id,
            bucket.arn,
            bucket.tags,
            {},
            elsewhere,
            {(None, bucket.id)},
            alarms,
        )
    for instance in organisation.of_type(Instance):
        source = instance.raw.get("ReadReplicaSourceDBInstanceIdentifier") or ""
        yield Replicated(
            instance.account,
            instance.region,
            instance.id,
            instance.arn,
            instance.tags,
            {},
            source.startswith("arn:"),
            {(instance.region, instance.id)},
            [alarm for alarm in alarms if alarm.account == instance.account],
        )
    seen = set()
    for account in organisation.accounts:
        for region in organisation.manifest["regions"]:
            rds = organisation.client("rds", account, region)
            for raw in pages(rds, "describe_global_clusters", "GlobalClusters"):
                arn = raw["GlobalClusterArn"]
                if arn in seen:
                    continue
                seen.add(arn)
                members = {
                    member["DBClusterArn"] for member in raw["GlobalClusterMembers"]
                }
                yield Replicated(
                    account,
                    region,
                    raw["GlobalClusterIdentifier"],
                    arn,
                    {},
                    {},
                    len(members) > 1,
                    {(arn.split(":")[3], arn.split(":")[6]) for arn in members},
                    [alarm for alarm in alarms if alarm.account == account],
                )


def organisation_regions(organisation: Organisation) -> dict[str, str]:
    """Where the buckets are."""
    return {bucket.id: bucket.region for bucket in organisation.of_type(Bucket)}
