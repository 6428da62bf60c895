"""Data Lifecycle Manager, which moto does not have: policies that tests give."""

from dataclasses import dataclass, field
from typing import Any

from .. import shapes
from ..call import Call, operation_model
from ..errors import ApiError
from ..registry import answers, endpoint
from ..state import State

SUMMARY = ("PolicyId", "Description", "State", "Tags", "PolicyType", "DefaultPolicy")


@dataclass
class Policies:
    """The policies of one account and Region."""

    items: list[dict[str, Any]] = field(default_factory=list)


@dataclass(kw_only=True)
class LifecyclePolicies:
    """Policies as `GetLifecyclePolicy` gives them."""

    account: str
    region: str
    items: list[dict[str, Any]]


@answers("dlm", "GetLifecyclePolicies")
def get_lifecycle_policies(call: Call, state: State) -> dict[str, Any]:
    """What all policies are called, not what they do."""
    policies = state.scoped(Policies, call.account, call.region).items
    return {
        "Policies": [
            {name: policy[name] for name in SUMMARY if name in policy}
            | {"PolicyType": policy["PolicyDetails"]["PolicyType"]}
            for policy in policies
        ]
    }


@answers("dlm", "GetLifecyclePolicy")
def get_lifecycle_policy(call: Call, state: State) -> dict[str, Any]:
    """One policy."""
    for policy in state.scoped(Policies, call.account, call.region).items:
        if policy["PolicyId"] == call.params["PolicyId"]:
            return {"Policy": policy}
    raise ApiError("ResourceNotFoundException", "there is no such policy", 404)


@endpoint("POST", "lifecycle-policies", LifecyclePolicies)
def add_policies(state: State, given: LifecyclePolicies) -> dict[str, Any]:
    """Adds policies to an account and Region."""
    model = operation_model("dlm", "GetLifecyclePolicy")
    for policy in given.items:
        shapes.check_output(model, {"Policy": policy})
    state.scoped(Policies, given.account, given.region).items.extend(given.items)
    return {"policies": len(given.items)}
