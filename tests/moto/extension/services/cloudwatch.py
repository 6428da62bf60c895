"""CloudWatch: alarms of both kinds, also for callers that speak CBOR."""

from dataclasses import dataclass, field
from typing import Any

from moto.cloudwatch.models import Alarm, cloudwatch_backends

from ..call import Call
from ..registry import answers
from ..state import State


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


@answers("cloudwatch", "DescribeAlarms")
def describe_alarms(call: Call, state: State) -> dict[str, Any]:
    """Moto's metric alarms and the composite ones, as far as they are asked for."""
    wanted = call.params.get("AlarmTypes") or ["MetricAlarm"]
    metric = cloudwatch_backends[call.account][call.region].alarms.values()
    composite = state.scoped(Composites, call.account, call.region).alarms.values()
    return {
        "MetricAlarms": [
            _described(alarm) for alarm in metric if "MetricAlarm" in wanted
        ],
        "CompositeAlarms": list(composite) if "CompositeAlarm" in wanted else [],
    }


def _described(alarm: Alarm) -> dict[str, Any]:
    return {
        "AlarmName": alarm.name,
        "AlarmArn": alarm.alarm_arn,
        "ActionsEnabled": alarm.actions_enabled,
        "AlarmActions": alarm.alarm_actions,
        "MetricName": alarm.metric_name,
        "Namespace": alarm.namespace,
        "Dimensions": [
            {"Name": dimension.name, "Value": dimension.value}
            for dimension in alarm.dimensions
        ],
        "Statistic": alarm.statistic,
        "Period": alarm.period,
        "EvaluationPeriods": alarm.evaluation_periods,
        "Threshold": float(alarm.threshold),
        "ComparisonOperator": alarm.comparison_operator,
        "StateValue": alarm.state_value,
    }
