"""Buckets with every state of versioning, replication, lock and lifecycle."""

from typing import Any

from .builder import OSAKA, SCRIPT, TOKYO, Builder, hostile_tags, tags

OUTSIDER = "999999999999"
EXPIRY = {
    "ID": SCRIPT,
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 3},
}


class Buckets:
    """Makes buckets in one account."""

    def __init__(self, builder: Builder, account: str) -> None:
        self.builder = builder
        self.account = account
        self.role = f"arn:aws:iam::{account}:role/replication"

    def create(
        self,
        name: str,
        region: str = TOKYO,
        *,
        versioning: str | None = "Enabled",
        tagging: list[dict[str, str]] | None = None,
        **options: Any,
    ) -> str:
        """A bucket; its versioning is Enabled, Suspended or None for never."""
        s3 = self.builder.client("s3", self.account, region)
        location = {"LocationConstraint": region}
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=location, **options)
        if versioning is not None:
            s3.put_bucket_versioning(
                Bucket=name, VersioningConfiguration={"Status": versioning}
            )
        if tagging:
            s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tagging})
        return name

    def replicate(
        self,
        source: str,
        destination: str,
        *,
        region: str = TOKYO,
        account: str | None = None,
        status: str = "Enabled",
        delete_markers: str = "Enabled",
    ) -> str:
        """A replication rule from one bucket to another; returns the source."""
        target: dict[str, Any] = {"Bucket": f"arn:aws:s3:::{destination}"}
        if account:
            target["Account"] = account
        else:
            target["ReplicationTime"] = {"Status": "Enabled", "Time": {"Minutes": 15}}
            target["Metrics"] = {"Status": "Enabled", "EventThreshold": {"Minutes": 15}}
        rule = {
            "ID": "dr",
            "Priority": 1,
            "Status": status,
            "Filter": {"Prefix": ""},
            "DeleteMarkerReplication": {"Status": delete_markers},
            "Destination": target,
        }
        self.builder.client("s3", self.account, region).put_bucket_replication(
            Bucket=source, ReplicationConfiguration={"Role": self.role, "Rules": [rule]}
        )
        return source


def build(builder: Builder) -> None:
    """The storage account's buckets, and those elsewhere that they replicate to."""
    storage = Buckets(builder, builder.accounts["storage"])
    vault = Buckets(builder, builder.accounts["vault"])
    outside = Buckets(builder, OUTSIDER)
    cases = builder.cases

    _versioning(builder, storage, cases)
    _replication(storage, vault, outside, cases)
    cases["bucket_many"] = [
        storage.create(
            f"data-{number:04}.works.example",
            versioning=("Enabled", "Suspended", None)[number % 3],
            tagging=hostile_tags(number),
        )
        for number in range(builder.resources)
    ]
    cases["bucket_in_suspended_account"] = Buckets(
        builder, builder.accounts["suspended"]
    ).create("retired-data", versioning=None)
    for purpose, account in builder.accounts.items():
        if purpose.startswith("other_"):
            Buckets(builder, account).create(f"{purpose.replace('_', '-')}-data")


def _versioning(builder: Builder, storage: Buckets, cases: dict[str, Any]) -> None:
    cases["bucket_versioning_enabled"] = storage.create(
        "versioned", tagging=tags(System="mks")
    )
    cases["bucket_versioning_suspended"] = storage.create(
        "suspended", versioning="Suspended", tagging=tags(System="mks")
    )
    cases["bucket_never_versioned"] = storage.create(
        "never-versioned", versioning=None, tagging=tags(System="mks")
    )
    cases["bucket_with_longest_name"] = storage.create("longest-" + "x" * 55)
    cases["bucket_mfa_delete"] = storage.create("mfa-delete")
    builder.admin(
        "overrides",
        account=storage.account,
        service="s3",
        operation="GetBucketVersioning",
        params={"Bucket": cases["bucket_mfa_delete"]},
        set={"MFADelete": "Enabled"},
    )

    s3 = builder.client("s3", storage.account)
    locked = storage.create("object-lock", ObjectLockEnabledForBucket=True)
    retention = {"Mode": "COMPLIANCE", "Days": 35}
    s3.put_object_lock_configuration(
        Bucket=locked,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": retention},
        },
    )
    cases["bucket_object_lock"] = locked
    expiring = storage.create("noncurrent-expiry")
    s3.put_bucket_lifecycle_configuration(
        Bucket=expiring, LifecycleConfiguration={"Rules": [EXPIRY]}
    )
    cases["bucket_lifecycle"] = expiring


def _replication(
    storage: Buckets, vault: Buckets, outside: Buckets, cases: dict[str, Any]
) -> None:
    osaka = storage.create("replica-osaka", OSAKA)
    cases["bucket_replica_in_osaka"] = osaka
    cases["bucket_replicated_to_osaka"] = storage.replicate(
        storage.create("replicated-to-osaka", tagging=tags(System="mks")), osaka
    )
    cases["bucket_replicated_to_other_account"] = storage.replicate(
        storage.create("replicated-to-vault"),
        vault.create("vault-replica-osaka", OSAKA),
        account=vault.account,
    )
    cases["bucket_replicated_outside_organisation"] = storage.replicate(
        storage.create("replicated-outside"),
        outside.create("somebody-elses", OSAKA),
        account=OUTSIDER,
    )
    cases["bucket_replicated_in_same_region"] = storage.replicate(
        storage.create("replicated-in-tokyo"), storage.create("replica-tokyo")
    )
    cases["bucket_replication_disabled"] = storage.replicate(
        storage.create("replication-disabled"), osaka, status="Disabled"
    )
    cases["bucket_replication_without_delete_markers"] = storage.replicate(
        storage.create("replicated-without-deletes"), osaka, delete_markers="Disabled"
    )
    # What arrives in the middle by replication does not travel on.
    middle = storage.create("chain-middle")
    cases["bucket_replication_chain"] = [
        storage.replicate(storage.create("chain-start"), middle),
        storage.replicate(middle, osaka),
        osaka,
    ]
