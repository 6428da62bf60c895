"""MSK: times as the protocol writes them."""

from datetime import UTC
from typing import Any

from ..call import Call
from ..registry import amends
from ..state import State


@amends("kafka", "ListClustersV2")
def list_clusters_v2(_: Call, __: State, output: dict[str, Any]) -> dict[str, Any]:
    """Moto leaves the time zone out, which is no time to an SDK."""
    for cluster in output["ClusterInfoList"]:
        cluster["CreationTime"] = cluster["CreationTime"].replace(tzinfo=UTC)
    return output
