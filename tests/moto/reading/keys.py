"""KMS keys, secrets and container repositories."""

from collections.abc import Iterator
from typing import Any

from .core import (
    Bucket,
    Cluster,
    Instance,
    Organisation,
    Resource,
    Tri,
    by_key,
    every,
    pages,
    some,
    takes_encrypted,
    verdict,
)

AWS = "AWS"


class Key(Resource):
    """A key that the customer manages."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rules on keys."""
        stores = [
            found
            for found in organisation.resources
            if key_of(found) and self._is_meant(key_of(found), found)
        ]
        state = self.raw["KeyState"]
        yield "kms-not-pending-deletion", verdict(bool(stores), state == "Enabled")

        dr_region = organisation.workload(self).dr_region
        copies = [
            (region, readable)
            for store in stores
            for region, readable in self._copies(store, organisation)
        ]
        there: list[Tri] = [
            None if region is None else region == dr_region for region, _ in copies
        ]
        config = self.raw.get("MultiRegionConfiguration", {})
        related = [config.get("PrimaryKey"), *config.get("ReplicaKeys", [])]
        twin = some(
            usable(organisation, key["Arn"], self.account, dr_region)
            for key in related
            if key and key["Region"] == dr_region
        )
        readable = every(
            some([None if here is None else not here, decryptable])
            for here, (_, decryptable) in zip(there, copies, strict=True)
        )
        applies = every([dr_region not in (None, self.region), some(there)])
        yield "kms-multi-region-key", verdict(applies, some([twin, readable]))

    def _is_meant(self, name: str, user: Resource) -> bool:
        """Whether a store means this key by an id, a name or the ARN of either."""
        if name.startswith("arn:"):
            _, _, _, region, account, name = name.split(":", 5)
        else:
            region, account = user.region, user.account
        own = (self.region, self.account) == (region, account)
        return own and name.removeprefix("key/") in {self.id, *self.raw["aliases"]}

    def _copies(
        self, store: Resource, organisation: Organisation
    ) -> Iterator[tuple[str | None, Tri]]:
        """The copies of a store elsewhere: Region, and whether a key there reads them."""
        if isinstance(store, Bucket):
            for rule, bucket in store.rules(organisation):
                if bucket is None:
                    yield None, None
                elif bucket.region != self.region:
                    encryption = rule["Destination"].get("EncryptionConfiguration", {})
                    name = encryption.get("ReplicaKmsKeyID")
                    place = (bucket.account, bucket.region)
                    taken = takes_encrypted(rule) and bool(name)
                    yield (
                        bucket.region,
                        usable(organisation, name, *place) if taken else False,
                    )
        elif isinstance(store, Secret):
            for replica in store.raw.get("ReplicationStatus", []):
                name, region = replica.get("KmsKeyId"), replica["Region"]
                yield region, usable(organisation, name, self.account, region)
        elif isinstance(store, Instance | Cluster):
            databases = {
                found.arn: found
                for kind in (Instance, Cluster)
                for found in organisation.of_type(kind)
            }
            named = set(store.raw.get("ReadReplicaDBInstanceIdentifiers", []))
            for members in organisation.global_clusters:
                arns = {member["DBClusterArn"] for member in members}
                if store.arn in arns:
                    named |= arns
            for arn in sorted(name for name in named if name.startswith("arn:")):
                region = arn.split(":")[3]
                if region == self.region:
                    continue
                copy = databases.get(arn)
                if copy is None:
                    yield region, None
                else:
                    name = key_of(copy)
                    yield region, usable(organisation, name, copy.account, region)


def key_of(found: Resource) -> str | None:
    """The key of anything that has one, as its service names it."""
    if isinstance(found, Key):
        return None
    if isinstance(found, Bucket):
        return found.raw["encryption"].get("KMSMasterKeyID")
    name: str | None = found.raw.get("KmsKeyId")
    return name


def usable(
    organisation: Organisation, name: str | None, account: str, region: str | None
) -> Tri:
    """Whether a key in a Region is enabled. Without a name it is one of AWS's."""
    if name is None or "alias/aws/" in name:
        return True
    if name.startswith("arn:"):
        _, _, _, own_region, account, name = name.split(":", 5)
        if own_region != region:
            return False
    for key in organisation.of_type(Key):
        if (key.account, key.region) == (account, region) and (
            name.removeprefix("key/") in {key.id, *key.raw["aliases"]}
        ):
            return bool(key.raw["KeyState"] == "Enabled")
    return None


class Secret(Resource):
    """A secret, or a replica of one."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rule on secrets."""
        dr_region = organisation.workload(self).dr_region
        is_own = not self.raw.get("OwningService")
        is_primary = self.raw.get("PrimaryRegion", self.region) == self.region
        yield (
            "secrets-replicated",
            verdict(
                dr_region not in (None, self.region) and is_own and is_primary,
                ("InSync", dr_region)
                in [
                    (replica["Status"], replica["Region"])
                    for replica in self.raw.get("ReplicationStatus", [])
                ],
            ),
        )


class Repository(Resource):
    """A container repository."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rule on repositories."""
        dr_region = organisation.workload(self).dr_region
        regions = {
            destination["region"]
            for rule in self.raw["rules"]
            for destination in rule["destinations"]
            if self._is_taken(rule.get("repositoryFilters", []))
        }
        yield (
            "ecr-replication-dr",
            verdict(dr_region not in (None, self.region), dr_region in regions),
        )

    def _is_taken(self, filters: list[dict[str, Any]]) -> bool:
        prefixes = tuple(found["filter"] for found in filters)
        return not prefixes or self.id.startswith(prefixes)


def read(organisation: Organisation) -> Iterator[Resource]:
    """Reads all three services in every account and Region."""
    for account in organisation.accounts:
        for region in organisation.manifest["regions"]:
            yield from _keys(organisation, account, region)
            yield from _secrets(organisation, account, region)
            yield from _repositories(organisation, account, region)


def _keys(organisation: Organisation, account: str, region: str) -> Iterator[Key]:
    kms = organisation.client("kms", account, region)
    names: dict[str, list[str]] = {}
    for alias in pages(kms, "list_aliases", "Aliases"):
        names.setdefault(alias.get("TargetKeyId", ""), []).append(alias["AliasName"])
    for listed in pages(kms, "list_keys", "Keys"):
        key = kms.describe_key(KeyId=listed["KeyId"])["KeyMetadata"]
        aliases = names.get(key["KeyId"], [])
        if key["KeyManager"] == AWS or any(it.startswith("alias/aws/") for it in aliases):
            continue
        tags = {
            tag["TagKey"]: tag["TagValue"]
            for tag in pages(kms, "list_resource_tags", "Tags", KeyId=key["KeyId"])
        }
        raw = key | {"aliases": aliases}
        yield Key(account, region, key["KeyId"], key["Arn"], tags, raw)


def _secrets(organisation: Organisation, account: str, region: str) -> Iterator[Secret]:
    client = organisation.client("secretsmanager", account, region)
    for listed in pages(client, "list_secrets", "SecretList"):
        raw = client.describe_secret(SecretId=listed["ARN"]) | listed
        tags = by_key(listed.get("Tags", []))
        yield Secret(account, region, listed["Name"], listed["ARN"], tags, raw)


def _repositories(
    organisation: Organisation, account: str, region: str
) -> Iterator[Repository]:
    ecr = organisation.client("ecr", account, region)
    rules = ecr.describe_registry()["replicationConfiguration"]["rules"]
    for listed in pages(ecr, "describe_repositories", "repositories"):
        name, arn = listed["repositoryName"], listed["repositoryArn"]
        tags = by_key(ecr.list_tags_for_resource(resourceArn=arn)["tags"])
        yield Repository(account, region, name, arn, tags, listed | {"rules": rules})
