"""CloudWatch: composite alarms, and the types of alarms that are asked for."""

from dataclasses import dataclass, field
from typing import Any

from ..call import Call
from ..registry import amends, answers
from ..state import State

TYPES = {"MetricAlarm": "MetricAlarms", "CompositeAlarm": "CompositeAlarms"}


@dataclass
class Composites:
    """The composite alarms of an account and Region, by name."""

    alarms: dict[str, dict[str, Any]] = field(default_factory=dict)


@answers("cloudwatch", "PutCompositeAlarm")
def put_composite_alarm(call: Call, state: State) -> dict[str, Any]:
    """Keeps a composite alarm."""
    name = call.params["AlarmName"]
    state.scoped(Composites, call.account, call.region).alarms[name] = {
        "AlarmArn": f"arn:aws:cloudwatch:{call.region}:{call.account}:alarm:{name}",
        "ActionsEnabled": True,
        "AlarmActions": [],
        **{key: value for key, value in call.params.items() if key != "Tags"},
    }
    return {}


@amends("cloudwatch", "DescribeAlarms")
def describe_alarms(call: Call, state: State, output: dict[str, Any]) -> dict[str, Any]:
    """Moto's metric alarms and the composite ones, as far as they are asked for."""
    kept = state.scoped(Composites, call.account, call.region).alarms
    output["CompositeAlarms"] = list(kept.values())
    wanted = call.params.get("AlarmTypes") or ["MetricAlarm"]
    for kind, member in TYPES.items():
        if kind not in wanted:
            output[member] = []
    return output
