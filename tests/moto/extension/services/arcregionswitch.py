"""ARC Region switch: no plans, unless a test dictates some."""

from typing import Any

from ..call import Call
from ..registry import answers
from ..state import State


@answers("arc-region-switch", "ListPlans")
def list_plans(_: Call, __: State) -> dict[str, Any]:
    """No plans."""
    return {"plans": []}
