"""DynamoDB: global tables of the older version, of which there are none unless a test says so."""

from typing import Any

from ..call import Call
from ..registry import answers
from ..state import State


@answers("dynamodb", "ListGlobalTables")
def list_global_tables(_: Call, __: State) -> dict[str, Any]:
    """None."""
    return {"GlobalTables": []}
