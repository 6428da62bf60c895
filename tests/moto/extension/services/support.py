"""AWS Support: Trusted Advisor checks, their results, and accounts without the plan for it."""

from dataclasses import dataclass, field
from typing import Any

from moto.support.models import ADVISOR_CHECKS

from .. import shapes
from ..call import Call, operation_model
from ..errors import ApiError
from ..registry import answers, endpoint, guards
from ..state import State

CONFIG_RULE_COLUMNS = [
    "Status",
    "Region",
    "Resource",
    "AWS Config Rule",
    "Input Parameters",
    "Last Updated Time",
]
RECOMMENDATION_COLUMNS = [
    "Status",
    "Region",
    "Resource",
    "Recommended Value",
    "Engine Name",
    "Last Updated Time",
]
LOAD_BALANCER_COLUMNS = ["Status", "Region", "Name", "ARN", "Number of AZs"]

# Checks that moto's list does not have yet: name and columns by identifier.
NEWER_CHECKS: dict[str, tuple[str, list[str]]] = {
    "c1dfptbg10": (
        "NAT Gateway AZ Independence",
        [
            "Status",
            "Region",
            "NAT Availability Zone",
            "NAT ID",
            "Subnet Availability Zone",
            "Subnet ID",
            "Route Table ID",
            "NAT ARN",
            "Last Updated Time",
        ],
    ),
    "44fde09ab5": (
        "Amazon RDS Continuous Backup Not Enabled",
        [
            "Status",
            "Region",
            "DB Instance Identifier",
            "DB Instance ARN",
            "Deployment Type",
            "Backup Type",
            "Reason",
            "Last Updated Time",
        ],
    ),
    "c18d2gz106": ("Amazon EBS Not in AWS Backup Plan", CONFIG_RULE_COLUMNS),
    "c18d2gz117": ("Amazon EFS Not in AWS Backup Plan", CONFIG_RULE_COLUMNS),
    "Cmsvnj8db1": (
        "Amazon RDS ReplicaLag",
        ["Status", "Region", "DB Instance ARN", "ReplicaLag Metric"],
    ),
    "c15vnddn2x": (
        "Amazon DocumentDB Single-AZ Clusters",
        ["Status", "Region", "AZ", "Identifier", "ARN"],
    ),
    "c18d2gz131": ("Amazon Aurora MySQL Backtracking", CONFIG_RULE_COLUMNS),
    "cIdfp1js9r": (
        "Incident Manager Replication Set Regions",
        ["Status", "Multi-Region", "Replication Set", "Last Updated Time"],
    ),
    "c18d2gz119": ("Amazon S3 Bucket Replication Not Enabled", CONFIG_RULE_COLUMNS),
    "c18d2gz156": ("Amazon RDS Multi-AZ Standby Not Enabled", CONFIG_RULE_COLUMNS),
    "c18d2gz159": ("Amazon RDS Not in AWS Backup Plan", CONFIG_RULE_COLUMNS),
    "c18d2gz161": ("Amazon RDS DB Cluster Multi-AZ Not Enabled", CONFIG_RULE_COLUMNS),
    "c18d2gz101": ("Auto Scaling Group Not in Multiple AZs", CONFIG_RULE_COLUMNS),
    "c18d2gz104": ("Auto Scaling Group ELB Health Check", CONFIG_RULE_COLUMNS),
    "c18d2gz105": ("NLB Cross Load Balancing", CONFIG_RULE_COLUMNS),
    "c18d2gz154": ("Classic Load Balancer Multiple AZs", CONFIG_RULE_COLUMNS),
    "c18d2gz169": ("Load Balancers Span Multiple AZs", CONFIG_RULE_COLUMNS),
    "c18d2gz182": ("Lambda Functions Without a DLQ", CONFIG_RULE_COLUMNS),
    "c1dfprch05": ("Lambda On-Failure Destination", CONFIG_RULE_COLUMNS),
    "Cjxm268ch1": (
        "Auto Scaling Available IPs in Subnets",
        ["Status", "Region", "Resource ARN"],
    ),
    "L4dfs2Q4C6": (
        "Lambda VPC Functions Multi-AZ",
        ["Status", "Region", "Function ARN", "VPC ID", "Daily Average Invokes"],
    ),
    "b92b83d667": (
        "ELB Target Imbalance",
        ["Status", "Region", "Load Balancer Name", "Type", "Target Group ARN"],
    ),
    "c1dfprch08": ("ALB Multi-AZ", LOAD_BALANCER_COLUMNS),
    "c1dfprch09": ("NLB Multi-AZ", LOAD_BALANCER_COLUMNS),
    "c1z7dfpz01": ("ECS Service in One AZ", ["Status", "Region", "Cluster/Service"]),
    "c1z7dfpz02": (
        "ECS Placement Strategy by AZ",
        ["Status", "Region", "Cluster/Service"],
    ),
    "c1dfprch01": (
        "Amazon EFS No Mount Target Redundancy",
        [
            "Status",
            "Region",
            "EFS ID",
            "Number of mount targets",
            "Number of AZs",
            "Last Updated Time",
        ],
    ),
    "c1qf5bt007": (
        "DB Cluster Instances in One Availability Zone",
        RECOMMENDATION_COLUMNS,
    ),
    "c1qf5bt011": ("DB Cluster With One DB Instance", RECOMMENDATION_COLUMNS),
    "c18d2gz112": ("CloudFront Origin Failover", CONFIG_RULE_COLUMNS),
    "c18d2gz123": ("AWS Site-to-Site VPN Tunnel Down", CONFIG_RULE_COLUMNS),
    "c1dfpnchv2": (
        "AWS Direct Connect Location Resiliency",
        [
            "Status",
            "Region",
            "Last Updated Time",
            "Resiliency Status",
            "Location",
            "Connection ID",
            "Gateway ID",
        ],
    ),
    "c1dfprch10": (
        "VPC Interface Endpoint Network Interfaces in Multiple AZs",
        ["Status", "Region", "Endpoint ID", "Is Multi AZ", "Last Updated Time"],
    ),
    "7040ea389a": (
        "Network Firewall Endpoint AZ Independence",
        [
            "Status",
            "Region",
            "Firewall ARN",
            "Endpoint AZ",
            "Cross AZ Subnets List",
            "Last Updated Time",
        ],
    ),
    "c2vlfg0gqd": (
        "Network Firewall Multi-AZ",
        ["Status", "Region", "Firewall ARN", "Last Updated Time"],
    ),
    "c1qf5bt018": (
        "DB Cluster Readers in One Availability Zone",
        RECOMMENDATION_COLUMNS,
    ),
    "c18d2gz138": (
        "Amazon DynamoDB Point-in-time Recovery Not Enabled",
        CONFIG_RULE_COLUMNS,
    ),
    "c18d2gz178": (
        "Amazon ElastiCache Redis Clusters Automatic Backup",
        CONFIG_RULE_COLUMNS,
    ),
    "c18d2gz183": (
        "Amazon OpenSearch Service Domains With Less Than Three Data Nodes",
        CONFIG_RULE_COLUMNS,
    ),
    "c18d2gz135": ("Amazon Redshift Cluster Automated Snapshots", CONFIG_RULE_COLUMNS),
    "ECHdfsQ402": (
        "Amazon ElastiCache Multi-AZ Clusters",
        ["Status", "Region", "Cluster Name", "Last Updated Time"],
    ),
    "MDBdfsQ401": (
        "Amazon MemoryDB Multi-AZ Clusters",
        ["Status", "Region", "Cluster Name", "Last Updated Time"],
    ),
    "90046ff5b5": (
        "Amazon MSK Multi-AZ",
        ["Status", "Region", "ARN", "Number of AZs", "Last Updated Time"],
    ),
    "c1t3k8mqv1": (
        "Amazon MQ ActiveMQ Broker Availability Zone Redundancy",
        ["Status", "Region", "Broker ID", "Engine", "Deployment Mode"],
    ),
    "c1t3k8mqv2": (
        "Amazon MQ RabbitMQ Broker Availability Zone Redundancy",
        ["Status", "Region", "Broker ID", "Engine", "Deployment Mode"],
    ),
}


@dataclass
class Support:
    """The support plan of an account and what Trusted Advisor found there."""

    has_trusted_advisor: bool = True
    results: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(kw_only=True)
class SupportPlan:
    """Whether an account's plan is high enough for the support API."""

    account: str
    sufficient: bool


@dataclass(kw_only=True)
class TrustedAdvisorResult:
    """A check's result for an account, with the members that the API has.

    Left out: `timestamp` is now, `status` the worst of the flagged resources,
    and `resourcesSummary` is counted from them.
    """

    account: str
    check: str
    result: dict[str, Any]


def _checks() -> dict[str, dict[str, Any]]:
    """All checks by identifier, in moto's order and then the newer ones."""
    checks = {check["id"]: check for check in ADVISOR_CHECKS["checks"]}
    for identifier, (name, columns) in NEWER_CHECKS.items():
        checks[identifier] = {
            "id": identifier,
            "name": name,
            "description": f"Checks for: {name}.",
            "category": "fault_tolerance",
            "metadata": columns,
        }
    return checks


def _require_check(identifier: str) -> None:
    if identifier not in _checks():
        message = f"Invalid checkId: {identifier}"
        raise ApiError("InvalidParameterValueException", message)


def _result(state: State, account: str, identifier: str) -> dict[str, Any]:
    """A check's result; a check that was never run has the status `not_available`."""
    _require_check(identifier)
    nothing = {"status": "not_available"}
    given = state.scoped(Support, account).results.get(identifier, nothing)
    return _completed(state, identifier, given)


def _completed(state: State, identifier: str, given: dict[str, Any]) -> dict[str, Any]:
    """A result with the members that a test has left out."""
    flagged = given.get("flaggedResources", [])
    statuses = {resource["status"] for resource in flagged}
    worst = next(
        (status for status in ("error", "warning") if status in statuses), "ok"
    )
    return {
        "checkId": identifier,
        "timestamp": state.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "status": worst,
        "flaggedResources": flagged,
        "resourcesSummary": {
            "resourcesProcessed": len(flagged),
            "resourcesFlagged": sum(r["status"] != "ok" for r in flagged),
            "resourcesIgnored": 0,
            "resourcesSuppressed": sum(r.get("isSuppressed", False) for r in flagged),
        },
        "categorySpecificSummary": {},
    } | given


@guards("support")
def require_plan(call: Call, state: State) -> None:
    """No support call works with a plan that is too low."""
    if not state.scoped(Support, call.account).has_trusted_advisor:
        message = "Amazon Web Services Premium Support Subscription is required to use this service."
        raise ApiError("SubscriptionRequiredException", message)


@answers("support", "DescribeTrustedAdvisorChecks")
def describe_trusted_advisor_checks(_: Call, __: State) -> dict[str, Any]:
    """Moto's checks and the newer ones."""
    return {"checks": list(_checks().values())}


@answers("support", "DescribeTrustedAdvisorCheckResult")
def describe_trusted_advisor_check_result(call: Call, state: State) -> dict[str, Any]:
    """What a check found."""
    return {"result": _result(state, call.account, call.params["checkId"])}


@answers("support", "DescribeTrustedAdvisorCheckSummaries")
def describe_trusted_advisor_check_summaries(
    call: Call, state: State
) -> dict[str, Any]:
    """How much each of the checks found."""
    summaries = []
    for identifier in call.params["checkIds"]:
        summary = _result(state, call.account, identifier)
        summary["hasFlaggedResources"] = bool(summary.pop("flaggedResources"))
        summaries.append(summary)
    return {"summaries": summaries}


@answers("support", "DescribeTrustedAdvisorCheckRefreshStatuses")
def describe_trusted_advisor_check_refresh_statuses(
    call: Call, state: State
) -> dict[str, Any]:
    """Checks that have a result were refreshed successfully."""
    results = state.scoped(Support, call.account).results
    statuses = []
    for identifier in call.params["checkIds"]:
        _require_check(identifier)
        status = "success" if identifier in results else "none"
        entry = {
            "checkId": identifier,
            "status": status,
            "millisUntilNextRefreshable": 0,
        }
        statuses.append(entry)
    return {"statuses": statuses}


@endpoint("POST", "support-plan", SupportPlan)
def set_support_plan(state: State, plan: SupportPlan) -> dict[str, Any]:
    """Sets whether support calls of the account work."""
    state.scoped(Support, plan.account).has_trusted_advisor = plan.sufficient
    return {"account": plan.account, "sufficient": plan.sufficient}


@endpoint("POST", "trusted-advisor", TrustedAdvisorResult)
def set_trusted_advisor_result(
    state: State, wanted: TrustedAdvisorResult
) -> dict[str, Any]:
    """Sets the result of a check."""
    if wanted.check not in _checks():
        raise LookupError(f"there is no check {wanted.check}")
    result = _completed(state, wanted.check, wanted.result)
    model = operation_model("support", "DescribeTrustedAdvisorCheckResult")
    shapes.check_output(model, {"result": result})
    state.scoped(Support, wanted.account).results[wanted.check] = wanted.result
    return result
