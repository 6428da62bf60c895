"""Service Quotas: the defaults, unless a test dictates other values."""

from typing import Any

from ..call import Call
from ..errors import ApiError
from ..registry import answers
from ..state import State

# Name and default by service and code.
QUOTAS = {
    ("ec2", "L-1216C47A"): (
        "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
        5.0,
    ),
    ("ec2", "L-0263D0A3"): ("EC2-VPC Elastic IPs", 5.0),
    ("vpc", "L-F678F1CE"): ("VPCs per Region", 5.0),
    ("rds", "L-7B6409FD"): ("DB instances", 40.0),
    ("lambda", "L-B99A9384"): ("Concurrent executions", 1000.0),
}
# What AWS gives no value of the account's own for.
WITHOUT_APPLIED_VALUE = {("lambda", "L-B99A9384")}


@answers("service-quotas", "GetServiceQuota")
def get_service_quota(call: Call, _: State) -> dict[str, Any]:
    """What applies to the account."""
    if _key(call) in WITHOUT_APPLIED_VALUE:
        raise _missing()
    return _quota(call)


@answers("service-quotas", "GetAWSDefaultServiceQuota")
def get_default_service_quota(call: Call, _: State) -> dict[str, Any]:
    """What applies to an account that never asked for more."""
    return _quota(call)


def _key(call: Call) -> tuple[str, str]:
    return call.params["ServiceCode"], call.params["QuotaCode"]


def _quota(call: Call) -> dict[str, Any]:
    service, code = _key(call)
    if (service, code) not in QUOTAS:
        raise _missing()
    name, value = QUOTAS[service, code]
    arn = f"arn:aws:servicequotas:{call.region}:{call.account}:{service}/{code}"
    return {
        "Quota": {
            "ServiceCode": service,
            "QuotaCode": code,
            "QuotaName": name,
            "QuotaArn": arn,
            "Value": value,
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
        }
    }


def _missing() -> ApiError:
    return ApiError("NoSuchResourceException", "The request failed: no such quota", 400)
