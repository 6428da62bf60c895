"""MemoryDB: the availability mode as the service model has it."""

from typing import Any

from ..call import Call
from ..registry import amends
from ..state import State


@amends("memorydb", "DescribeClusters")
def describe_clusters(_: Call, __: State, output: dict[str, Any]) -> dict[str, Any]:
    """`multiaz`, and not `MultiAZ`."""
    for cluster in output["Clusters"]:
        cluster["AvailabilityMode"] = cluster["AvailabilityMode"].lower()
    return output
