"""CloudWatch: metrics and their figures, also for callers that speak CBOR, which moto does not."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.utils import parse_to_aware_datetime
from moto.cloudwatch.models import MetricDatumBase, cloudwatch_backends

from ..call import Call
from ..errors import ApiError
from ..registry import answers
from ..state import State

STATISTICS = {"Maximum": max, "Minimum": min, "Sum": sum}


@answers("cloudwatch", "ListMetrics")
def list_metrics(call: Call, _: State) -> dict[str, Any]:
    """The metrics that have figures, each once."""
    metrics: dict[str, dict[str, Any]] = {}
    for datum in _figures(call, call.params):
        metric = {
            "Namespace": datum.namespace,
            "MetricName": datum.name,
            "Dimensions": [
                {"Name": it.name, "Value": it.value} for it in datum.dimensions
            ],
        }
        metrics[repr(metric)] = metric
    return {"Metrics": list(metrics.values())}


@answers("cloudwatch", "GetMetricData")
def get_metric_data(call: Call, _: State) -> dict[str, Any]:
    """One statistic of metrics over periods, newest first."""
    start, end = (
        parse_to_aware_datetime(call.params[name]) for name in ("StartTime", "EndTime")
    )
    results = []
    for query in call.params["MetricDataQueries"]:
        if "MetricStat" not in query or query["MetricStat"]["Stat"] not in STATISTICS:
            raise ApiError("NotImplemented", "only a few statistics of one metric")
        stat = query["MetricStat"]
        period = timedelta(seconds=stat["Period"])
        values = defaultdict(list)
        for datum in _figures(call, stat["Metric"]):
            wanted = {(it["Name"], it["Value"]) for it in stat["Metric"]["Dimensions"]}
            of_metric = {(it.name, it.value) for it in datum.dimensions} == wanted
            if of_metric and start <= _time(datum) < end:
                epoch = datetime.fromtimestamp(0, UTC)
                values[_time(datum) - (_time(datum) - epoch) % period].append(
                    datum.value
                )
        times = sorted(values, reverse=True)
        results.append(
            {
                "Id": query["Id"],
                "Label": query.get("Label", stat["Metric"]["MetricName"]),
                "Timestamps": times,
                "Values": [
                    float(STATISTICS[stat["Stat"]](values[time])) for time in times
                ],
                "StatusCode": "Complete",
            }
        )
    return {"MetricDataResults": results}


def _figures(call: Call, wanted: dict[str, Any]) -> Iterator[MetricDatumBase]:
    """The figures of a namespace and metric that have at least these dimensions."""
    for datum in cloudwatch_backends[call.account][call.region].metric_data:
        named = {"Namespace": datum.namespace, "MetricName": datum.name}
        if any(wanted.get(key, value) != value for key, value in named.items()):
            continue
        values = {it.name: it.value for it in datum.dimensions}
        if all(
            it["Name"] in values
            and it.get("Value", values[it["Name"]]) == values[it["Name"]]
            for it in wanted.get("Dimensions", [])
        ):
            yield datum


def _time(datum: MetricDatumBase) -> datetime:
    return parse_to_aware_datetime(datum.timestamp)
