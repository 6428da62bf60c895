"""Lambda: the settings of asynchronous invocation."""

from typing import Any

from ..call import Call
from ..registry import amends
from ..state import State


@amends("lambda", "ListFunctionEventInvokeConfigs")
def list_function_event_invoke_configs(
    _: Call, __: State, output: dict[str, Any]
) -> dict[str, Any]:
    """Moto writes the time as text; written anew, it is the number that AWS sends."""
    return output
