"""Alarms, whom they reach, the events that somebody takes, and Incident Manager."""

import json
from typing import Any

from .buckets import OUTSIDER
from .builder import EMOJI, FORMULA, OSAKA, TOKYO, Builder


class Alarms:
    """Makes alarms and topics in one account and Region."""

    def __init__(self, builder: Builder, account: str, region: str = TOKYO) -> None:
        self.cloudwatch = builder.client("cloudwatch", account, region)
        self.sns = builder.client("sns", account, region)

    def topic(self, name: str, *addresses: str) -> str:
        """A topic that these addresses get mail from."""
        arn: str = self.sns.create_topic(Name=name)["TopicArn"]
        for address in addresses:
            self.sns.subscribe(TopicArn=arn, Protocol="email", Endpoint=address)
        return arn

    def alarm(
        self,
        name: str,
        *actions: str,
        metric: tuple[str, str] = ("AWS/RDS", "CPUUtilization"),
        threshold: float = 90,
        enabled: bool = True,
        **dimensions: str,
    ) -> str:
        """An alarm that goes off above a threshold."""
        namespace, metric_name = metric
        self.cloudwatch.put_metric_alarm(
            AlarmName=name,
            Namespace=namespace,
            MetricName=metric_name,
            Dimensions=[
                {"Name": key, "Value": value} for key, value in dimensions.items()
            ],
            Statistic="Maximum",
            Period=60,
            EvaluationPeriods=5,
            Threshold=threshold,
            ComparisonOperator="GreaterThanThreshold",
            ActionsEnabled=enabled,
            AlarmActions=list(actions),
        )
        return name

    def composite(self, name: str, rule: str, *actions: str) -> str:
        """An alarm over other alarms."""
        self.cloudwatch.put_composite_alarm(
            AlarmName=name,
            AlarmRule=rule,
            ActionsEnabled=True,
            AlarmActions=list(actions),
        )
        return name


def build(builder: Builder) -> None:
    """Alarms of the databases and storage accounts, and who is told of failures."""
    databases = builder.accounts["databases"]
    tokyo = Alarms(builder, databases)
    oncall = tokyo.topic("oncall", "oncall@works.example", "lead@works.example")
    _alarms(builder, tokyo, databases, oncall)
    _lag(builder, databases, oncall)
    _events(builder, databases, oncall)
    for purpose, regions in {"databases": [TOKYO, OSAKA], "vault": [TOKYO]}.items():
        account = builder.accounts[purpose]
        builder.admin("replication-sets", account=account, regions=regions)
    builder.admin(
        "answers",
        account=databases,
        region=TOKYO,
        service="fis",
        operation="ListExperiments",
        answer={
            "experiments": [
                {
                    "id": "EXP1",
                    "arn": f"arn:aws:fis:{TOKYO}:{databases}:experiment/EXP1",
                    "state": {"status": "completed"},
                    "creationTime": builder.now.timestamp(),
                    "tags": {"System": "mks"},
                }
            ]
        },
    )


def _alarms(builder: Builder, tokyo: Alarms, account: str, oncall: str) -> None:
    nobody = tokyo.topic("nobody")
    unconfirmed = tokyo.topic("unconfirmed", "somebody@works.example")
    builder.admin(
        "overrides",
        account=account,
        service="sns",
        operation="ListSubscriptions",
        match={"TopicArn": unconfirmed},
        set={"SubscriptionArn": "PendingConfirmation"},
    )
    builder.cases["alarms"] = {
        "heard": tokyo.alarm("heard", oncall),
        "formula": tokyo.alarm(FORMULA, oncall),
        "lambda": tokyo.alarm(
            "lambda", f"arn:aws:lambda:{TOKYO}:{account}:function:page"
        ),
        "to_nobody": tokyo.alarm("to-nobody", nobody),
        "to_unconfirmed": tokyo.alarm("to-unconfirmed", unconfirmed),
        "to_outside": tokyo.alarm(
            "to-outside", f"arn:aws:sns:{TOKYO}:{OUTSIDER}:oncall"
        ),
        "actions_off": tokyo.alarm("actions-off", oncall, enabled=False),
        "no_actions": tokyo.alarm("no-actions"),
        "in_composite": tokyo.alarm(f"part {EMOJI}"),
        "in_unheard_composite": tokyo.alarm("part-of-unheard"),
        "composite": tokyo.composite(
            "service", f'ALARM("part {EMOJI}") AND NOT OK(heard)', oncall
        ),
        "unheard_composite": tokyo.composite("unheard", "ALARM(part-of-unheard)"),
    }


def _lag(builder: Builder, databases: str, oncall: str) -> None:
    osaka = Alarms(builder, databases, OSAKA)
    there = osaka.topic("oncall", "oncall@works.example")
    replica = {"DBInstanceIdentifier": "replica-osaka"}
    osaka.alarm("lag", there, metric=("AWS/RDS", "ReplicaLag"), threshold=900, **replica)
    day = 25 * 3_600_000
    osaka.alarm(
        "global-lag",
        there,
        metric=("AWS/RDS", "AuroraGlobalDBReplicationLag"),
        threshold=day,
        DBClusterIdentifier="global-osaka",
    )
    storage = Alarms(builder, builder.accounts["storage"])
    topic = storage.topic("oncall", "oncall@works.example")

    def watch(bucket: str, metric: str, threshold: float, *actions: str) -> None:
        name = f"{metric} of {bucket}"
        dimensions = {"SourceBucket": bucket, "RuleId": "dr"}
        named = ("AWS/S3", metric)
        storage.alarm(name, *actions, metric=named, threshold=threshold, **dimensions)

    watch("replicated-to-osaka", "ReplicationLatency", 900, topic)
    watch("replicated-without-deletes", "OperationsFailedReplication", 0, topic)
    watch("replicated-to-vault", "ReplicationLatency", 900)


def _events(builder: Builder, account: str, oncall: str) -> None:
    events = builder.client("events", account)
    state = {"state": ["FAILED", "EXPIRED"]}
    failed: dict[str, Any] = {"source": ["aws.backup"], "detail": state}
    for name, pattern in {
        "backup-failed": failed,
        "health-issues": {"source": ["aws.health"]},
        "launches": {"source": ["aws.ec2"]},
    }.items():
        events.put_rule(Name=name, EventPattern=json.dumps(pattern))
        events.put_targets(Rule=name, Targets=[{"Id": "oncall", "Arn": oncall}])
    storage = builder.accounts["storage"]
    off = builder.client("events", storage)
    pattern = json.dumps({"source": [{"prefix": "aws."}]})
    off.put_rule(Name="everything", EventPattern=pattern, State="DISABLED")
    # Accepted by AWS, and never sent.
    builder.client("backup", storage).put_backup_vault_notifications(
        BackupVaultName="unlocked",
        SNSTopicArn=f"arn:aws:sns:{TOKYO}:{storage}:oncall",
        BackupVaultEvents=["BACKUP_JOB_FAILED"],
    )
    builder.cases["event_rules_asked_for_targets"] = 3
    builder.cases["replication_set_listings"] = 3
