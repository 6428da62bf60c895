"""Where Incident Manager keeps its data."""

from collections.abc import Iterator

from .core import Organisation, Resource, pages, verdict


class ReplicationSet(Resource):
    """A replication set, as its first Region lists it."""

    def verdicts(self, _: Organisation) -> Iterator[tuple[str, str]]:
        """The rule on its Regions."""
        several = len(self.raw["regionMap"]) >= 2
        yield "incident-manager-two-regions", verdict(True, several)


def read(organisation: Organisation) -> Iterator[Resource]:
    """The replication sets."""
    seen = set()
    for account in organisation.accounts:
        for region in organisation.manifest["regions"]:
            client = organisation.client("ssm-incidents", account, region)
            for arn in pages(client, "list_replication_sets", "replicationSetArns"):
                if arn not in seen:
                    seen.add(arn)
                    raw = client.get_replication_set(arn=arn)["replicationSet"]
                    name = arn.split("/")[1]
                    yield ReplicationSet(account, region, name, arn, {}, raw)
