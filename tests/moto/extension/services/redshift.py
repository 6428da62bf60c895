"""Redshift: snapshot schedules, none unless a test says so."""

from typing import Any

from ..call import Call
from ..registry import answers
from ..state import State


@answers("redshift", "DescribeSnapshotSchedules")
def describe_snapshot_schedules(_: Call, __: State) -> dict[str, Any]:
    """None."""
    return {"SnapshotSchedules": []}
