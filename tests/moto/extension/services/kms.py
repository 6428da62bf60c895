"""KMS: what a multi-Region key is in each of its Regions."""

from typing import Any

from ..call import Call
from ..registry import amends
from ..state import State


@amends("kms", "DescribeKey")
def describe_key(_: Call, __: State, output: dict[str, Any]) -> dict[str, Any]:
    """moto shares one structure among all Regions of a key, so the primary turns into
    a replica as soon as somebody looks at a replica."""
    key = output["KeyMetadata"]
    if configuration := key.get("MultiRegionConfiguration"):
        primary = configuration["PrimaryKey"]["Arn"] == key["Arn"]
        kind = "PRIMARY" if primary else "REPLICA"
        key["MultiRegionConfiguration"] = configuration | {"MultiRegionKeyType": kind}
    return output
