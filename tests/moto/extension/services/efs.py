"""EFS: replications, and the protection of the file systems that they write to."""

from dataclasses import dataclass, field
from typing import Any

from botocore.utils import parse_to_aware_datetime

from ..call import Call
from ..errors import ApiError
from ..registry import amends, answers, endpoint
from ..state import State


@dataclass
class Replications:
    """The replications whose source is in one account and Region."""

    items: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class ReadOnly:
    """The file systems that replications write to, by Region and id."""

    ids: set[tuple[str, str]] = field(default_factory=set)


@dataclass(kw_only=True)
class FileSystemReplications:
    """Replications as `DescribeReplicationConfigurations` gives them."""

    account: str
    region: str
    items: list[dict[str, Any]]


@answers("efs", "DescribeReplicationConfigurations")
def describe_replication_configurations(call: Call, state: State) -> dict[str, Any]:
    """The replications of the Region, or that of one file system."""
    items = state.scoped(Replications, call.account, call.region).items
    wanted = call.params.get("FileSystemId")
    if wanted is None:
        return {"Replications": list(items)}
    found = [item for item in items if item["SourceFileSystemId"] == wanted]
    if not found:
        raise ApiError("ReplicationNotFound", "no replication of that file system", 404)
    return {"Replications": found}


@amends("efs", "DescribeFileSystems")
def describe_file_systems(
    call: Call, state: State, output: dict[str, Any]
) -> dict[str, Any]:
    """What a replication writes to is read-only."""
    read_only = state.scoped(ReadOnly).ids
    for system in output["FileSystems"]:
        replicating = (call.region, system["FileSystemId"]) in read_only
        system["FileSystemProtection"] = {
            "ReplicationOverwriteProtection": "REPLICATING" if replicating else "ENABLED"
        }
    return output


@endpoint("POST", "file-system-replications", FileSystemReplications)
def add_replications(state: State, given: FileSystemReplications) -> dict[str, Any]:
    """Adds replications to an account and Region."""
    for item in given.items:
        item["CreationTime"] = parse_to_aware_datetime(item["CreationTime"])
        for destination in item["Destinations"]:
            if last := destination.get("LastReplicatedTimestamp"):
                parsed = parse_to_aware_datetime(last)
                destination["LastReplicatedTimestamp"] = parsed
            place = (destination["Region"], destination["FileSystemId"])
            state.scoped(ReadOnly).ids.add(place)
    state.scoped(Replications, given.account, given.region).items.extend(given.items)
    return {"replications": len(given.items)}
