"""ElastiCache: Global Datastores and serverless caches, none unless a test says so."""

from typing import Any

from ..call import Call
from ..registry import amends, answers
from ..state import State


@answers("elasticache", "DescribeGlobalReplicationGroups")
def describe_global_replication_groups(_: Call, __: State) -> dict[str, Any]:
    """None."""
    return {"GlobalReplicationGroups": []}


@answers("elasticache", "DescribeServerlessCaches")
def describe_serverless_caches(_: Call, __: State) -> dict[str, Any]:
    """None."""
    return {"ServerlessCaches": []}


@amends("elasticache", "DescribeReplicationGroups")
def describe_replication_groups(
    _: Call, __: State, output: dict[str, Any]
) -> dict[str, Any]:
    """A group outside a Global Datastore has nothing to say of one."""
    for group in output["ReplicationGroups"]:
        info = group.get("GlobalReplicationGroupInfo", {})
        if not info.get("GlobalReplicationGroupId"):
            group.pop("GlobalReplicationGroupInfo", None)
    return output
