"""Keys, secrets and container images, and the buckets that are encrypted with keys."""

from typing import Any

from .buckets import EXPIRY, OUTSIDER, Buckets
from .builder import JAPANESE, OSAKA, TOKYO, Builder, hostile_tags, tags

PASSWORD = "not-a-secret"


def build(builder: Builder) -> None:
    """What the storage and the databases account have of them."""
    _buckets(builder)
    _encrypted_buckets(builder)
    _encrypted_databases(builder)
    _secrets(builder)
    _repositories(builder)


class Keys:
    """Makes keys in one account and Region."""

    def __init__(self, builder: Builder, account: str, region: str = TOKYO) -> None:
        self.kms = builder.client("kms", account, region)

    def create(self, alias: str, tagging: dict[str, str], **options: Any) -> str:
        """A key with a name; returns its ARN."""
        tag_list = [{"TagKey": key, "TagValue": tagging[key]} for key in tagging]
        key = self.kms.create_key(Tags=tag_list, **options)["KeyMetadata"]
        self.kms.create_alias(AliasName=f"alias/{alias}", TargetKeyId=key["KeyId"])
        return key["Arn"]


def _id(arn: str) -> str:
    """The id of a key: some operations of moto take no ARN."""
    return arn.rpartition("/")[2]


def _rule(name: str, destination: str, **options: Any) -> dict[str, Any]:
    return {
        "ID": name,
        "Priority": len(name),
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{destination}"},
    } | options


def _buckets(builder: Builder) -> None:
    """Ways through several buckets, rules that leave objects out, and short retention."""
    cases = builder.cases
    storage = Buckets(builder, builder.accounts["storage"])
    s3 = builder.client("s3", storage.account)

    def replicated(name: str, *rules: dict[str, Any], **options: Any) -> str:
        storage.create(name, **options)
        s3.put_bucket_replication(
            Bucket=name,
            ReplicationConfiguration={"Role": storage.role, "Rules": list(rules)},
        )
        return name

    def expiring(name: str, region: str = TOKYO, **changed: Any) -> str:
        client = builder.client("s3", storage.account, region)
        rule = EXPIRY | {"ID": "old"} | changed
        client.put_bucket_lifecycle_configuration(
            Bucket=name, LifecycleConfiguration={"Rules": [rule]}
        )
        return name

    osaka, (_, middle, _) = (
        cases["bucket_replica_in_osaka"],
        cases["bucket_replication_chain"],
    )
    mks = tags(System="mks")
    cases["bucket_chain_and_direct"] = replicated(
        "chain-and-direct", _rule("middle", middle), _rule("osaka", osaka), tagging=mks
    )
    outside = replicated(
        "chain-to-outside", _rule("out", cases["bucket_replicated_outside_organisation"])
    )
    cases["bucket_chain_to_outside"] = outside
    # A way that leads back is followed once.
    storage.create("loop-b")
    replicated("loop-a", _rule("there", "loop-b"))
    storage.replicate("loop-b", "loop-a")
    cases["bucket_loop"] = ["loop-a", "loop-b"]

    cases["bucket_prefix_replicated"] = replicated(
        "replicated-prefix", _rule("logs", osaka, Filter={"Prefix": "logs/"})
    )
    tagged = {"Tag": {"Key": "tier", "Value": "gold"}}
    cases["bucket_tag_replicated"] = replicated(
        "replicated-tag", _rule("gold", osaka, Filter=tagged), tagging=mks
    )

    suspended = storage.create("replica-suspended", OSAKA, versioning="Suspended")
    cases["bucket_with_suspended_replica"] = storage.replicate(
        storage.create("replicated-to-suspended", tagging=mks), suspended
    )
    short = storage.create("replica-short-lived", OSAKA)
    days = {"NoncurrentDays": 1, "NewerNoncurrentVersions": 5}
    expiring(short, OSAKA, NoncurrentVersionExpiration=days)
    cases["bucket_with_short_lived_replica"] = storage.replicate(
        storage.create("replicated-to-short-lived"), short
    )

    cases["bucket_short_noncurrent"] = expiring(
        storage.create("noncurrent-one-day"), NoncurrentVersionExpiration=days
    )
    cases["bucket_short_noncurrent_disabled"] = expiring(
        storage.create("noncurrent-rule-off", tagging=mks),
        NoncurrentVersionExpiration=days,
        Status="Disabled",
    )
    cases["bucket_lock_without_default"] = storage.create(
        "object-lock-only", ObjectLockEnabledForBucket=True
    )


def _encrypted_buckets(builder: Builder) -> None:
    cases, account = builder.cases, builder.accounts["storage"]
    storage = Buckets(builder, account)
    tokyo, osaka = Keys(builder, account), Keys(builder, account, OSAKA)
    s3 = builder.client("s3", account)
    replica = storage.create("replica-encrypted", OSAKA)

    def encrypted(name: str, key: str | None, algorithm: str = "aws:kms") -> str:
        default = {"SSEAlgorithm": algorithm}
        if key:
            default["KMSMasterKeyID"] = key
        s3.put_bucket_encryption(
            Bucket=storage.create(name),
            ServerSideEncryptionConfiguration={
                "Rules": [{"ApplyServerSideEncryptionByDefault": default}]
            },
        )
        return name

    def replicate(name: str, destination: str, key: str | None) -> str:
        target: dict[str, Any] = {"Bucket": f"arn:aws:s3:::{destination}"}
        rule = _rule("dr", destination)
        if key:
            target["EncryptionConfiguration"] = {"ReplicaKmsKeyID": key}
            rule["SourceSelectionCriteria"] = {
                "SseKmsEncryptedObjects": {"Status": "Enabled"}
            }
        s3.put_bucket_replication(
            Bucket=name,
            ReplicationConfiguration={
                "Role": storage.role,
                "Rules": [rule | {"Destination": target}],
            },
        )
        return name

    there = osaka.create("replicas", {"System": "mks"})
    disabled = osaka.create("replicas-disabled", {})
    osaka.kms.disable_key(KeyId=_id(disabled))

    single = tokyo.create("single", {"System": JAPANESE})
    replicate(encrypted("kms-reencrypted", single), replica, there)
    cases["key_reencrypted"] = single

    # Named by its alias, as S3 allows.
    unselected = tokyo.create("unselected", {"System": "mks"})
    replicate(encrypted("kms-not-selected", "alias/unselected"), replica, None)
    cases["key_of_unselected_objects"] = unselected

    multi = tokyo.create("multi", {"System": "mks"}, MultiRegion=True)
    tokyo.kms.replicate_key(KeyId=_id(multi), ReplicaRegion=OSAKA)
    replicate(encrypted("kms-multi-region", multi, "aws:kms:dsse"), replica, None)
    cases["key_multi_region"] = multi

    locked = tokyo.create("copies-disabled", {})
    replicate(encrypted("kms-copies-disabled", locked), replica, disabled)
    cases["key_whose_copy_is_disabled"] = locked

    outside = tokyo.create("outside", {})
    somewhere = f"arn:aws:kms:{OSAKA}:{OUTSIDER}:key/11111111-2222-3333-4444-555555555555"
    replicate(encrypted("kms-outside", outside), replica, somewhere)
    cases["key_whose_copy_is_outside"] = outside

    # AWS's own key is nobody's finding.
    tokyo.kms.describe_key(KeyId="alias/aws/s3")
    replicate(encrypted("kms-aws-managed", None), replica, "alias/aws/s3")

    dying = tokyo.create("dying", {})
    encrypted("kms-dying", dying)
    cases["key_pending_deletion"] = dying
    unused = tokyo.create("unused", {})
    for key in (dying, unused):
        tokyo.kms.schedule_key_deletion(KeyId=_id(key), PendingWindowInDays=7)
    cases["key_unused"] = unused


def _encrypted_databases(builder: Builder) -> None:
    account = builder.accounts["databases"]
    tokyo, osaka = Keys(builder, account), Keys(builder, account, OSAKA)
    keys = {"here": tokyo.create("databases", {}), "there": osaka.create("copies", {})}
    builder.cases["key_of_databases"] = keys["here"]
    for name, region, key in (
        ("multi-az", TOKYO, keys["here"]),
        ("replica-osaka", OSAKA, keys["there"]),
    ):
        builder.admin(
            "overrides",
            account=account,
            region=region,
            service="rds",
            operation="DescribeDBInstances",
            match={"DBInstanceIdentifier": name},
            set={"StorageEncrypted": True, "KmsKeyId": key},
        )
    # The members of a global cluster each have a key of their Region.
    disabled = osaka.create("global-copies", {})
    osaka.kms.disable_key(KeyId=_id(disabled))
    for name, region, key in (
        ("global-tokyo", TOKYO, tokyo.create("global", {})),
        ("global-osaka", OSAKA, disabled),
    ):
        builder.admin(
            "overrides",
            account=account,
            region=region,
            service="rds",
            operation="DescribeDBClusters",
            match={"DBClusterIdentifier": name},
            set={"StorageEncrypted": True, "KmsKeyId": key},
        )


def _secrets(builder: Builder) -> None:
    account, cases = builder.accounts["databases"], builder.cases
    secrets = builder.client("secretsmanager", account)

    def secret(name: str, *regions: str, **options: Any) -> str:
        if regions:
            options["AddReplicaRegions"] = [{"Region": region} for region in regions]
        secrets.create_secret(Name=name, SecretString=PASSWORD, **options)
        return name

    cases["secret_replicated"] = secret("mks/db", OSAKA, Tags=tags(System="mks"))
    cases["secret_not_replicated"] = secret("mks/api", Tags=hostile_tags(1))
    cases["secret_elsewhere"] = secret("mks/elsewhere", "us-west-2")
    # A secret of that name is there already.
    taken = builder.client("secretsmanager", account, OSAKA)
    taken.create_secret(Name="mks/taken", SecretString=PASSWORD)
    cases["secret_replication_failed"] = secret("mks/taken", OSAKA)
    cases["secret_of_a_service"] = secret("rds!db-1")
    builder.admin(
        "overrides",
        account=account,
        region=TOKYO,
        service="secretsmanager",
        operation="ListSecrets",
        match={"Name": cases["secret_of_a_service"]},
        set={"OwningService": "rds"},
    )


def _repositories(builder: Builder) -> None:
    account, cases = builder.accounts["storage"], builder.cases
    ecr = builder.client("ecr", account)
    for case, name in (
        ("repository_replicated", "app/web"),
        ("repository_left_out", "batch/nightly"),
    ):
        ecr.create_repository(repositoryName=name, tags=tags(System="mks"))
        cases[case] = name
    ecr.put_replication_configuration(
        replicationConfiguration={
            "rules": [
                {
                    "destinations": [{"region": OSAKA, "registryId": account}],
                    "repositoryFilters": [
                        {"filter": "app/", "filterType": "PREFIX_MATCH"},
                        {"filter": "shared", "filterType": "PREFIX_MATCH"},
                    ],
                }
            ]
        }
    )
    builder.client("ecr", account, OSAKA).create_repository(repositoryName="app/web")
