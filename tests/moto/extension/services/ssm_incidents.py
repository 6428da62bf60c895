"""Incident Manager: the replication set of an account, in each of its Regions."""

from dataclasses import dataclass
from typing import Any

from .. import shapes
from ..call import Call, operation_model
from ..errors import ApiError
from ..registry import answers, endpoint
from ..state import State

WRITER = "arn:aws:iam::{}:root"


@dataclass
class Incidents:
    """The replication set of an account."""

    regions: list[str] | None = None


@dataclass(kw_only=True)
class ReplicationSet:
    """The Regions of an account's replication set."""

    account: str
    regions: list[str]


def _arn(account: str) -> str:
    return f"arn:aws:ssm-incidents::{account}:replication-set/set-{account}"


@answers("ssm-incidents", "ListReplicationSets")
def list_replication_sets(call: Call, state: State) -> dict[str, Any]:
    """The account's set, where the Region is one of its."""
    regions = state.scoped(Incidents, call.account).regions or []
    here = call.region in regions
    return {"replicationSetArns": [_arn(call.account)] if here else []}


@answers("ssm-incidents", "GetReplicationSet")
def get_replication_set(call: Call, state: State) -> dict[str, Any]:
    """The account's set."""
    regions = state.scoped(Incidents, call.account).regions
    if regions is None or call.params["arn"] != _arn(call.account):
        raise ApiError("ResourceNotFoundException", "There is no such replication set")
    return {"replicationSet": _described(state, call.account, regions)}


def _described(state: State, account: str, regions: list[str]) -> dict[str, Any]:
    now, writer = state.now(), WRITER.format(account)
    region = {"status": "ACTIVE", "statusUpdateDateTime": now}
    return {
        "arn": _arn(account),
        "createdBy": writer,
        "createdTime": now,
        "deletionProtected": False,
        "lastModifiedBy": writer,
        "lastModifiedTime": now,
        "regionMap": {name: dict(region) for name in regions},
        "status": "ACTIVE",
    }


@endpoint("POST", "replication-sets", ReplicationSet)
def set_replication_set(state: State, given: ReplicationSet) -> dict[str, Any]:
    """Gives an account its replication set."""
    described = _described(state, given.account, given.regions)
    model = operation_model("ssm-incidents", "GetReplicationSet")
    shapes.check_output(model, {"replicationSet": described})
    state.scoped(Incidents, given.account).regions = given.regions
    return {"arn": described["arn"]}
