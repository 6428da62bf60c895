"""S3: bucket lists in pages, rules as they were put, buckets bound to their Region."""

from dataclasses import dataclass, field
from typing import Any

from moto.s3.models import FakeBucket, s3_backends

from ..call import Call
from ..errors import ApiError
from ..registry import amends, answers, endpoint, guards
from ..state import State

OWNER = {"ID": "0123456789abcdef" * 4}
PARTITION = "aws"
ANYWHERE = {"CreateBucket", "GetBucketLocation", "ListBuckets"}


@dataclass
class Rules:
    """Configurations that were put, some members of which moto loses, by bucket."""

    replication: dict[str, dict[str, Any]] = field(default_factory=dict)
    lifecycle: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class Regions:
    """Whether buckets answer in their own Region only."""

    strict: bool = False


@dataclass(kw_only=True)
class Redirects:
    """Whether a call to another Region than the bucket's is redirected."""

    enabled: bool


def _owner(bucket: str) -> str | None:
    return s3_backends.bucket_accounts.get(bucket, (None, None))[1]


def _rules(call: Call, state: State) -> Rules:
    return state.scoped(Rules, _owner(call.params["Bucket"]) or call.account)


def _with_ids(stored: list[dict[str, Any]], given: list[dict[str, Any]]) -> list[Any]:
    """Rules as they were given, with the identifiers that moto has made up."""
    pairs = zip(stored, given, strict=True)
    return [{"ID": kept["ID"]} | rule for kept, rule in pairs]


@answers("s3", "ListBuckets")
def list_buckets(call: Call, _: State) -> dict[str, Any]:
    """The account's buckets; AWS names their Region only if a parameter is given."""
    params = call.params
    answer: dict[str, Any] = {"Owner": OWNER, "Buckets": []}
    if params.get("Prefix"):
        answer["Prefix"] = params["Prefix"]
    names_region = any(
        params.get(name)
        for name in ("BucketRegion", "ContinuationToken", "MaxBuckets", "Prefix")
    )
    buckets = s3_backends[call.account][PARTITION].list_buckets(
        params.get("Prefix"), params.get("BucketRegion"), max_buckets=None
    )
    for bucket in sorted(buckets, key=lambda bucket: bucket.name):
        entry = {"Name": bucket.name, "CreationDate": bucket.creation_date_ISO8601}
        if names_region:
            entry["BucketRegion"] = bucket.region_name
        answer["Buckets"].append(entry)
    return answer


@amends("s3", "PutBucketReplication")
def put_bucket_replication(
    call: Call, state: State, output: dict[str, Any]
) -> dict[str, Any]:
    """Keeps the configuration."""
    configuration = call.params["ReplicationConfiguration"]
    _rules(call, state).replication[call.params["Bucket"]] = configuration
    return output


@amends("s3", "GetBucketReplication")
def get_bucket_replication(
    call: Call, state: State, output: dict[str, Any]
) -> dict[str, Any]:
    """The configuration as it was put: moto disables the replication of delete markers."""
    kept = _rules(call, state).replication.get(call.params["Bucket"])
    if kept is None:
        return output
    stored = output["ReplicationConfiguration"]["Rules"]
    rules = _with_ids(stored, kept["Rules"])
    return {"ReplicationConfiguration": kept | {"Rules": rules}}


@amends("s3", "PutBucketLifecycleConfiguration")
def put_bucket_lifecycle(
    call: Call, state: State, output: dict[str, Any]
) -> dict[str, Any]:
    """Keeps the rules."""
    configuration = call.params["LifecycleConfiguration"]
    _rules(call, state).lifecycle[call.params["Bucket"]] = configuration
    return output


@amends("s3", "GetBucketLifecycleConfiguration")
def get_bucket_lifecycle(
    call: Call, state: State, output: dict[str, Any]
) -> dict[str, Any]:
    """The rules as they were put: moto drops the number of noncurrent versions to keep."""
    kept = _rules(call, state).lifecycle.get(call.params["Bucket"])
    if kept is None:
        return output
    return output | {"Rules": _with_ids(output["Rules"], kept["Rules"])}


@amends("s3", "GetObjectLockConfiguration")
def get_object_lock_configuration(
    _: Call, __: State, output: dict[str, Any]
) -> dict[str, Any]:
    """The default retention is in days or in years; moto says zero for the other."""
    configuration = output.get("ObjectLockConfiguration", {})
    retention = configuration.get("Rule", {}).get("DefaultRetention", {})
    for unit in ("Days", "Years"):
        if retention.get(unit) == 0:
            del retention[unit]
    return output


@guards("s3")
def redirect(call: Call, state: State) -> None:
    """Refuses a call that is signed for another Region than the bucket's, if so set."""
    if not state.scoped(Regions).strict or call.operation in ANYWHERE:
        return
    name = call.params.get("Bucket", "")
    owner = _owner(name)
    if owner is None:
        return
    bucket: FakeBucket = s3_backends[owner][PARTITION].buckets[name]
    if bucket.region_name != call.region:
        message = "The bucket must be addressed using its own Region's endpoint."
        headers = {"x-amz-bucket-region": bucket.region_name}
        raise ApiError("PermanentRedirect", message, 301, headers)


@endpoint("POST", "s3-redirects", Redirects)
def set_redirects(state: State, redirects: Redirects) -> dict[str, bool]:
    """Sets whether buckets answer in their own Region only."""
    state.scoped(Regions).strict = redirects.enabled
    return {"enabled": redirects.enabled}
