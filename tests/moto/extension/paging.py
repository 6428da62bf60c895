"""Cuts whole answers into pages, as the service's paginator model describes."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.exceptions import DataNotFoundError

from .call import MODELS, Call
from .errors import ApiError, condition
from .registry import endpoint
from .state import State

# What moto answers in one piece, whatever page size the caller asks for.
UNPAGED_BY_MOTO = {
    "backup": {"ListBackupPlans", "ListBackupVaults"},
    "ec2": {
        "DescribeInternetGateways",
        "DescribeNatGateways",
        "DescribeNetworkInterfaces",
        "DescribeRouteTables",
        "DescribeSecurityGroups",
        "DescribeSnapshots",
        "DescribeSubnets",
        "DescribeTransitGateways",
        "DescribeVolumes",
        "DescribeVpcEndpoints",
        "DescribeVpcs",
    },
    "ecr": {"DescribeRepositories"},
    "elbv2": {"DescribeTargetGroups"},
    "kms": {"ListAliases", "ListKeys"},
    "redshift": {"DescribeClusters"},
}
DEFAULT_LIMIT = 1000
DEFAULT_LIMITS = {
    "config:DescribeComplianceByConfigRule": 25,
    "config:GetComplianceDetailsByConfigRule": 10,
    "rds:DescribeDBClusterAutomatedBackups": 100,
    "rds:DescribeDBInstanceAutomatedBackups": 100,
    "s3:ListBuckets": 10_000,
}
INVALID_TOKEN = {"config": "InvalidNextTokenException", "kms": "InvalidMarkerException"}


@dataclass(kw_only=True)
class PageLimit:
    """The most items of a page, for one operation (`service:Operation`) or for all."""

    limit: int | None
    operation: str = "*"

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise ValueError("a page holds at least one item")


def page(call: Call, state: State, output: dict[str, Any]) -> dict[str, Any]:
    """The page of the answer that the caller asks for."""
    paginator = _paginator(call.service, call.operation)
    if paginator is None:
        return output
    items = output.get(paginator["result_key"])
    if items is None:
        return output
    start = _start(call, paginator)
    end = start + _size(call, state, paginator)
    output[paginator["result_key"]] = items[start:end]
    has_more = end < len(items)
    if has_more:
        output[paginator["output_token"]] = _token(call, end)
    if "more_results" in paginator:
        output[paginator["more_results"]] = has_more
    return output


@cache
def _paginator(service: str, operation: str) -> dict[str, Any] | None:
    """The paginator of an operation, if it has one with a single list and token."""
    try:
        paginators = MODELS.load_service_model(service, "paginators-1")["pagination"]
    except DataNotFoundError:
        return None
    paginator = paginators.get(operation, {})
    names = [
        paginator.get(key) for key in ("result_key", "input_token", "output_token")
    ]
    return paginator if all(isinstance(name, str) for name in names) else None


def _size(call: Call, state: State, paginator: dict[str, Any]) -> int:
    limit_key = paginator.get("limit_key")
    size = call.params.get(limit_key) if limit_key else None
    if size is None:
        size = DEFAULT_LIMITS.get(call.name, DEFAULT_LIMIT)
    else:
        allowed = call.operation_model.input_shape.members[limit_key].metadata
        least, most = allowed.get("min", 1), allowed.get("max", size)
        if not least <= size <= most:
            message = (
                f"Value ({size}) for parameter {limit_key} is not in {least} to {most}"
            )
            raise condition("invalid_parameter", call.dialect, message)
    limit = state.page_limits.get(call.name, state.page_limits.get("*", size))
    return min(size, limit)


def _start(call: Call, paginator: dict[str, Any]) -> int:
    token = call.params.get(paginator["input_token"])
    if not token:
        return 0
    try:
        operation, start = json.loads(urlsafe_b64decode(token))
    except (TypeError, ValueError):
        operation, start = None, 0
    if operation != call.operation:
        message = f"The token is not one of {call.operation}"
        if call.service in INVALID_TOKEN:
            raise ApiError(INVALID_TOKEN[call.service], message)
        raise condition("invalid_parameter", call.dialect, message)
    return start


def _token(call: Call, start: int) -> str:
    return urlsafe_b64encode(json.dumps([call.operation, start]).encode()).decode()


@endpoint("POST", "page-limits", PageLimit)
def set_page_limit(state: State, limit: PageLimit) -> dict[str, int]:
    """Makes pages smaller than the service's own; a null limit restores them."""
    if limit.limit is None:
        state.page_limits.pop(limit.operation, None)
    else:
        state.page_limits[limit.operation] = limit.limit
    return state.page_limits
