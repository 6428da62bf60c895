"""AWS Config: which resources comply with which rules."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from moto.config.models import config_backends

from .. import shapes
from ..call import Call, operation_model
from ..errors import ApiError
from ..registry import answers, endpoint
from ..state import State

# The most contributors that AWS counts for a rule.
CONTRIBUTOR_CAP = 25


@dataclass
class Evaluations:
    """The evaluation results of one account and Region, by rule."""

    by_rule: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass(kw_only=True)
class Compliance:
    """The results of a rule, in place of those it had."""

    account: str
    region: str
    rule: str
    results: list[dict[str, Any]]


def _rules(call: Call, state: State) -> dict[str, list[dict[str, Any]]]:
    """All rules with their results: those put to moto, and those only tests know."""
    created = config_backends[call.account][call.region].config_rules
    evaluated = state.scoped(Evaluations, call.account, call.region).by_rule
    return {name: evaluated.get(name, []) for name in [*created, *evaluated]}


def _require_rule(rules: dict[str, Any], name: str) -> None:
    if name not in rules:
        message = f"The ConfigRule '{name}' provided in the request is invalid."
        raise ApiError("NoSuchConfigRuleException", message)


@answers("config", "DescribeComplianceByConfigRule")
def describe_compliance_by_config_rule(call: Call, state: State) -> dict[str, Any]:
    """Each rule with its overall compliance."""
    rules = _rules(call, state)
    names = call.params.get("ConfigRuleNames") or list(rules)
    wanted = call.params.get("ComplianceTypes")
    answer = []
    for name in names:
        _require_rule(rules, name)
        compliance = _overall(rules[name])
        if not wanted or compliance["ComplianceType"] in wanted:
            answer.append({"ConfigRuleName": name, "Compliance": compliance})
    return {"ComplianceByConfigRules": answer}


@answers("config", "GetComplianceDetailsByConfigRule")
def get_compliance_details_by_config_rule(call: Call, state: State) -> dict[str, Any]:
    """The results of one rule, one per resource."""
    rules = _rules(call, state)
    _require_rule(rules, call.params["ConfigRuleName"])
    wanted = call.params.get("ComplianceTypes")
    return {
        "EvaluationResults": [
            result
            for result in rules[call.params["ConfigRuleName"]]
            if not wanted or result["ComplianceType"] in wanted
        ]
    }


def _overall(results: list[dict[str, Any]]) -> dict[str, Any]:
    counts = Counter(result["ComplianceType"] for result in results)
    failing = counts["NON_COMPLIANT"]
    if failing:
        count = {
            "CappedCount": min(failing, CONTRIBUTOR_CAP),
            "CapExceeded": failing > CONTRIBUTOR_CAP,
        }
        return {"ComplianceType": "NON_COMPLIANT", "ComplianceContributorCount": count}
    return {
        "ComplianceType": "COMPLIANT" if counts["COMPLIANT"] else "INSUFFICIENT_DATA"
    }


@endpoint("POST", "config-compliance", Compliance)
def set_compliance(state: State, compliance: Compliance) -> dict[str, Any]:
    """Sets a rule's results; each is flat: ResourceType, ResourceId and result members."""
    results = []
    for flat in compliance.results:
        result = dict(flat)
        qualifier = {
            "ConfigRuleName": compliance.rule,
            "ResourceType": result.pop("ResourceType"),
            "ResourceId": result.pop("ResourceId"),
        }
        result["EvaluationResultIdentifier"] = {"EvaluationResultQualifier": qualifier}
        results.append(result)
    model = operation_model("config", "GetComplianceDetailsByConfigRule")
    shapes.check_output(model, {"EvaluationResults": results})
    evaluations = state.scoped(Evaluations, compliance.account, compliance.region)
    evaluations.by_rule[compliance.rule] = results
    return {"results": len(results)}
