"""Elastic Disaster Recovery, which moto does not have: source servers that tests give."""

from dataclasses import dataclass, field
from typing import Any

from .. import shapes
from ..call import Call, operation_model
from ..errors import ApiError
from ..registry import answers, endpoint
from ..state import State


@dataclass
class Servers:
    """The source servers that are replicated to one account and Region."""

    items: list[dict[str, Any]] = field(default_factory=list)


@dataclass(kw_only=True)
class SourceServers:
    """Source servers as `DescribeSourceServers` gives them."""

    account: str
    region: str
    items: list[dict[str, Any]]


@answers("drs", "DescribeSourceServers")
def describe_source_servers(call: Call, state: State) -> dict[str, Any]:
    """All servers, or the error of an account that never set the service up."""
    servers = state.scoped(Servers, call.account, call.region).items
    if not servers:
        message = "Account is not initialized for the service"
        raise ApiError("UninitializedAccountException", message)
    return {"items": list(servers)}


@endpoint("POST", "source-servers", SourceServers)
def add_servers(state: State, given: SourceServers) -> dict[str, Any]:
    """Adds servers to an account and Region."""
    model = operation_model("drs", "DescribeSourceServers")
    shapes.check_output(model, {"items": given.items})
    state.scoped(Servers, given.account, given.region).items.extend(given.items)
    return {"servers": len(given.items)}
