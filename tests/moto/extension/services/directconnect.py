"""Direct Connect: no virtual interfaces, unless a test dictates some."""

from typing import Any

from ..call import Call
from ..registry import answers
from ..state import State


@answers("directconnect", "DescribeVirtualInterfaces")
def describe_virtual_interfaces(_: Call, __: State) -> dict[str, Any]:
    """No virtual interfaces."""
    return {"virtualInterfaces": []}


@answers("directconnect", "DescribeDirectConnectGatewayAttachments")
def describe_attachments(_: Call, __: State) -> dict[str, Any]:
    """Nothing is attached."""
    return {"directConnectGatewayAttachments": []}
