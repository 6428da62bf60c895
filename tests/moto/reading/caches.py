"""ElastiCache and MemoryDB, and the rules on them."""

from collections.abc import Iterator
from datetime import timedelta

from .core import DAY, Organisation, Resource, Workload, by_key, pages, verdict

HOUR = timedelta(hours=1)


class Cache(Resource):
    """Anything that keeps its data in memory."""

    @property
    def is_record(self) -> bool:
        """Whether its owner says that the data is nowhere else."""
        return self.tags.get("SystemOfRecord") == "true"

    def needs_a_standby(self, workload: Workload) -> bool:
        """Whether an hour is too long to build it anew in another zone."""
        return "az" in workload.rto and workload.rto["az"] <= HOUR

    def backup(self, workload: Workload) -> str:
        """Whether backups live long enough."""
        kept = timedelta(days=self.raw.get("SnapshotRetentionLimit", 0))
        return verdict(self.is_record, kept >= workload.shortest_retention)


class ReplicationGroup(Cache):
    """A node-based cache."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rules on replication groups."""
        workload = organisation.workload(self)
        spread = all(
            len({node["PreferredAvailabilityZone"] for node in shard}) > 1
            for shard in (
                group["NodeGroupMembers"] for group in self.raw["NodeGroups"]
            )
        )
        fails_over = (
            self.raw["MultiAZ"] == "enabled"
            and self.raw["AutomaticFailover"] == "enabled"
        )
        yield (
            "elasticache-multi-az",
            verdict(self.needs_a_standby(workload), spread and fails_over),
        )
        yield "elasticache-backup", self.backup(workload)
        rpo = workload.rpo.get("region")
        # A day is what daily backups give.
        needs_replica = (
            self.is_record
            and workload.dr_region not in (None, self.region)
            and rpo is not None
            and rpo < DAY
        )
        regions = {member["ReplicationGroupRegion"] for member in self.raw["members"]}
        is_there = workload.dr_region in regions - {self.region}
        yield (
            "elasticache-global-datastore",
            verdict(needs_replica, is_there and rpo != timedelta()),
        )


class ServerlessCache(Cache):
    """A serverless cache."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rule on serverless caches."""
        yield "elasticache-backup", self.backup(organisation.workload(self))


class MemoryDb(Cache):
    """A MemoryDB cluster."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rule on clusters."""
        needed = self.needs_a_standby(organisation.workload(self))
        is_spread = self.raw["AvailabilityMode"].lower() == "multiaz"
        yield "memorydb-multi-az", verdict(needed, is_spread)


def read(organisation: Organisation) -> Iterator[Resource]:
    """The caches of every account and Region."""
    for account in organisation.accounts:
        for region in organisation.manifest["regions"]:
            yield from _elasticache(organisation, account, region)
            memorydb = organisation.client("memorydb", account, region)
            for raw in pages(memorydb, "describe_clusters", "Clusters"):
                arn = raw["ARN"]
                tags = by_key(memorydb.list_tags(ResourceArn=arn)["TagList"])
                yield MemoryDb(account, region, raw["Name"], arn, tags, raw)


def _elasticache(
    organisation: Organisation, account: str, region: str
) -> Iterator[Resource]:
    elasticache = organisation.client("elasticache", account, region)

    def tags(arn: str) -> dict[str, str]:
        listed = elasticache.list_tags_for_resource(ResourceName=arn)
        return by_key(listed["TagList"])

    members = {
        found["GlobalReplicationGroupId"]: found["Members"]
        for found in elasticache.describe_global_replication_groups(
            ShowMemberInfo=True
        )["GlobalReplicationGroups"]
    }
    for raw in pages(elasticache, "describe_replication_groups", "ReplicationGroups"):
        info = raw.get("GlobalReplicationGroupInfo", {})
        raw["members"] = members.get(info.get("GlobalReplicationGroupId"), [])
        arn = raw["ARN"]
        name = raw["ReplicationGroupId"]
        yield ReplicationGroup(account, region, name, arn, tags(arn), raw)
    for raw in pages(elasticache, "describe_serverless_caches", "ServerlessCaches"):
        arn = raw["ARN"]
        name = raw["ServerlessCacheName"]
        yield ServerlessCache(account, region, name, arn, tags(arn), raw)
