"""Kinesis, MSK, Amazon MQ and SQS: what is under way between systems."""

import json
from typing import Any

from .builder import JAPANESE, SCRIPT, TOKYO, Builder

MKS = {"System": "mks"}


def build(builder: Builder) -> None:
    """Streams, clusters, brokers and queues."""
    _kinesis(builder)
    _kafka(builder)
    _mq(builder)
    _sqs(builder)


def _kinesis(builder: Builder) -> None:
    account = builder.accounts["storage"]
    kinesis = builder.client("kinesis", account)
    for name, hours in {"a-day": 24, "a-week": 168}.items():
        kinesis.create_stream(StreamName=name, ShardCount=1)
        if hours > 24:
            kinesis.increase_stream_retention_period(
                StreamName=name, RetentionPeriodHours=hours
            )
    kinesis.add_tags_to_stream(StreamName="a-day", Tags={"Owner": SCRIPT} | MKS)
    # Nobody has said how long the loss of a Region may take here.
    builder.client("kinesis", builder.accounts["databases"]).create_stream(
        StreamName="no-rto", ShardCount=1
    )
    builder.cases["kinesis_streams"] = ["a-day", "a-week", "no-rto"]


def _kafka(builder: Builder) -> None:
    account = builder.accounts["network"]
    kafka = builder.client("kafka", account)
    for name, zones in {"three-zones": "acd", "two-zones": "ac"}.items():
        kafka.create_cluster_v2(
            ClusterName=name,
            Provisioned={
                "BrokerNodeGroupInfo": {
                    "ClientSubnets": [f"subnet-{zone}" for zone in zones],
                    "InstanceType": "kafka.m7g.large",
                },
                "KafkaVersion": "3.8.x",
                "NumberOfBrokerNodes": 6,
            },
            Tags=MKS,
        )
    kafka.create_cluster_v2(
        ClusterName="serverless",
        Serverless={"VpcConfigs": [{"SubnetIds": ["subnet-a", "subnet-c"]}]},
        Tags=MKS,
    )
    builder.cases["kafka_clusters"] = ["three-zones", "two-zones", "serverless"]


def _mq(builder: Builder) -> None:
    account = builder.accounts["network"]
    for name, engine, mode, tagging in (
        ("pair", "ACTIVEMQ", "ACTIVE_STANDBY_MULTI_AZ", MKS),
        ("cluster", "RABBITMQ", "CLUSTER_MULTI_AZ", MKS),
        ("alone", "RABBITMQ", "SINGLE_INSTANCE", MKS),
        ("relaxed", "ACTIVEMQ", "SINGLE_INSTANCE", {"Owner": JAPANESE}),
    ):
        builder.cases[f"mq_{name}"] = _broker(
            builder, account, name, engine, mode, tagging
        )


def _broker(
    builder: Builder,
    account: str,
    name: str,
    engine: str,
    mode: str,
    tagging: dict[str, str],
) -> str:
    return builder.client("mq", account).create_broker(
        BrokerName=name,
        EngineType=engine,
        DeploymentMode=mode,
        HostInstanceType="mq.m7g.medium",
        PubliclyAccessible=False,
        AutoMinorVersionUpgrade=True,
        Users=[{"Username": "admin", "Password": "password-of-12"}],
        Tags=tagging,
    )["BrokerId"]


def _sqs(builder: Builder) -> None:
    account = builder.accounts["storage"]
    sqs = builder.client("sqs", account)

    def create(name: str, **attributes: Any) -> str:
        url = sqs.create_queue(
            QueueName=name,
            Attributes={key: str(value) for key, value in attributes.items()},
            tags={"Owner": SCRIPT},
        )["QueueUrl"]
        return url

    redrive = {
        "deadLetterTargetArn": f"arn:aws:sqs:{TOKYO}:{account}:failed",
        "maxReceiveCount": 5,
    }
    create("failed", MessageRetentionPeriod=1_209_600)
    create("orders", RedrivePolicy=json.dumps(redrive))
    create(
        "forgetful", MessageRetentionPeriod=3600, RedrivePolicy=json.dumps(redrive)
    )
    create("endless")
    create("resize-dlq")
    builder.client("sqs", builder.accounts["databases"]).create_queue(
        QueueName="no-rto.fifo", Attributes={"FifoQueue": "true"}
    )
    builder.cases["sqs_queues"] = {
        "dead_letter_queue": "failed",
        "with_dead_letter_queue": "orders",
        "keeps_an_hour": "forgetful",
        "without_dead_letter_queue": "endless",
        "of_a_function": "resize-dlq",
        "without_rto": "no-rto.fifo",
    }
