"""DynamoDB tables, and the rules on them."""

from collections.abc import Iterator
from datetime import timedelta

from .core import (
    DAY,
    LONGEST_AUTOMATED_RETENTION,
    Organisation,
    Resource,
    Stored,
    Tri,
    by_key,
    pages,
    some,
    verdict,
)

CURRENT = "2019.11.21"
PITR_LAG = timedelta(minutes=5)
# A replica in another state may lag behind, or hold nothing yet.
REPLICATING = {"ACTIVE", "UPDATING"}


class Table(Stored):
    """A table."""

    backup_type = "DynamoDB"

    @property
    def pitr(self) -> dict:
        """What continuous backups say of point-in-time recovery."""
        return self.raw["backups"]["PointInTimeRecoveryDescription"]

    @property
    def restores_itself(self) -> bool:  # type: ignore[override]
        """Whether PITR is on."""
        return self.pitr["PointInTimeRecoveryStatus"] == "ENABLED"

    @property
    def version(self) -> str | None:
        """The version of its global table, if it belongs to one."""
        if self.raw["table"].get("Replicas"):
            return self.raw["table"]["GlobalTableVersion"]
        return "2017.11.29" if self.raw["legacy_regions"] else None

    def live_copies(self, _: Organisation) -> list[str | None]:
        """The other Regions that its items reach."""
        replicas = self.raw["table"].get("Replicas", [])
        regions = [
            replica["RegionName"]
            for replica in replicas
            if replica["ReplicaStatus"] in REPLICATING
        ]
        return [
            region
            for region in regions + self.raw["legacy_regions"]
            if region != self.region
        ]

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rules on tables."""
        workload = organisation.workload(self)
        rules = organisation.backup_rules(self)
        data, region = workload.rpo.get("data"), workload.rpo.get("region")
        on_demand_is_enough = data is not None and data >= DAY
        by_plan = some(
            None
            if rule.longest_gap is None
            else rule.longest_gap + rule.start_window <= (data or timedelta())
            for rule in rules
        )
        by_pitr = self.restores_itself and (data or timedelta()) >= PITR_LAG
        yield (
            "ddb-pitr",
            verdict(
                data is not None,
                some([by_pitr, by_plan if on_demand_is_enough else False]),
            ),
        )
        wanted = workload.shortest_retention
        reach = timedelta(days=self.pitr.get("RecoveryPeriodInDays", 35))
        kept_by_plan = wanted > LONGEST_AUTOMATED_RETENTION and any(
            rule.keeps(wanted) for rule in rules
        )
        yield (
            "ddb-pitr-window",
            verdict(self.restores_itself, reach >= wanted or kept_by_plan),
        )
        # Only strong consistency loses nothing at all.
        is_strong = self.raw["table"].get("MultiRegionConsistency") == "STRONG"
        agrees = region is None or region > timedelta() or is_strong
        yield (
            "ddb-global-table-version",
            verdict(self.version is not None, self.version == CURRENT and agrees),
        )
        yield (
            "ddb-global-table-dr",
            verdict(
                workload.dr_region not in (None, self.region),
                self._in_dr_region(organisation, workload.dr_region, region, agrees),
            ),
        )
        yield (
            "ddb-deletion-protection",
            verdict(True, self.raw["table"].get("DeletionProtectionEnabled", False)),
        )
        yield from self.backup_verdicts(organisation)

    def _in_dr_region(
        self,
        organisation: Organisation,
        dr_region: str | None,
        rpo: timedelta | None,
        agrees: bool,
    ) -> Tri:
        replicated = dr_region in self.live_copies(organisation) and agrees
        # An hour is the least that AWS Backup can do.
        copied = (rpo is None or rpo >= timedelta(hours=1)) and any(
            point.region == dr_region
            and (rpo is None or organisation.now - point.created <= rpo)
            for point in organisation.points(self)
        )
        return replicated or copied


def read(organisation: Organisation) -> Iterator[Resource]:
    """The tables of every account and Region."""
    for account in organisation.accounts:
        for region in organisation.manifest["regions"]:
            dynamodb = organisation.client("dynamodb", account, region)
            legacy = {
                found["GlobalTableName"]: [
                    replica["RegionName"] for replica in found["ReplicationGroup"]
                ]
                for found in dynamodb.list_global_tables()["GlobalTables"]
            }
            for name in pages(dynamodb, "list_tables", "TableNames"):
                table = dynamodb.describe_table(TableName=name)["Table"]
                raw = {
                    "table": table,
                    "backups": dynamodb.describe_continuous_backups(TableName=name)[
                        "ContinuousBackupsDescription"
                    ],
                    "legacy_regions": legacy.get(name, []),
                }
                arn = table["TableArn"]
                tags = dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"]
                yield Table(account, region, name, arn, by_key(tags), raw)
