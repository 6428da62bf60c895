"""Kinesis, MSK, Amazon MQ and SQS, and the rules on them."""

import json
from collections.abc import Iterator
from datetime import timedelta

from .core import Organisation, Resource, Workload, by_key, pages, verdict

HOUR = timedelta(hours=1)
# How people name the dead-letter queues of functions and topics.
DEAD_LETTERS = ("dlq", "DLQ", "dead-letter", "deadletter", "DeadLetter")


def _must_survive_a_zone(workload: Workload) -> bool:
    return (
        workload.rto.get("az", timedelta.max) <= 4 * HOUR
        or workload.rpo.get("az", timedelta.max) <= HOUR
    )


class Stream(Resource):
    """A Kinesis data stream."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rule on streams."""
        rto = organisation.workload(self).rto.get("region")
        kept = timedelta(hours=self.raw["RetentionPeriodHours"])
        yield "kinesis-retention", verdict(rto is not None, rto is None or kept >= rto)


class KafkaCluster(Resource):
    """An MSK cluster."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rule on clusters."""
        brokers = self.raw.get("Provisioned", {}).get("BrokerNodeGroupInfo", {})
        applies = bool(brokers) and _must_survive_a_zone(organisation.workload(self))
        # Every subnet is in another zone.
        zones = len(brokers.get("ClientSubnets", []))
        yield "msk-multi-az", verdict(applies, zones >= 3)


class Broker(Resource):
    """An Amazon MQ broker."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rule on brokers."""
        applies = _must_survive_a_zone(organisation.workload(self))
        is_redundant = self.raw["DeploymentMode"].endswith("_MULTI_AZ")
        yield "mq-multi-az", verdict(applies, is_redundant)


class Queue(Resource):
    """An SQS queue."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rule on queues."""
        rto = organisation.workload(self).rto.get("region", timedelta())
        kept = timedelta(seconds=int(self.raw["MessageRetentionPeriod"]))
        is_one = any(
            self.arn == queue.target
            for queue in organisation.of_type(Queue)
            if (queue.account, queue.region) == (self.account, self.region)
        )
        covered = (
            self.target is not None
            or is_one
            or any(word in self.id for word in DEAD_LETTERS)
        )
        yield "sqs-dlq-and-retention", verdict(True, covered and kept >= rto)

    @property
    def target(self) -> str | None:
        """Its dead-letter queue."""
        policy = json.loads(self.raw.get("RedrivePolicy", "{}"))
        return policy.get("deadLetterTargetArn")


def read(organisation: Organisation) -> Iterator[Resource]:
    """What is under way in every account and Region."""
    for account in organisation.accounts:
        for region in organisation.manifest["regions"]:
            yield from _kinesis(organisation, account, region)
            kafka = organisation.client("kafka", account, region)
            for raw in pages(kafka, "list_clusters_v2", "ClusterInfoList"):
                name, arn = raw["ClusterName"], raw["ClusterArn"]
                yield KafkaCluster(account, region, name, arn, raw["Tags"], raw)
            mq = organisation.client("mq", account, region)
            for raw in pages(mq, "list_brokers", "BrokerSummaries"):
                arn = raw["BrokerArn"]
                tags = mq.list_tags(ResourceArn=arn).get("Tags", {})
                yield Broker(account, region, raw["BrokerId"], arn, tags, raw)
            yield from _sqs(organisation, account, region)


def _kinesis(
    organisation: Organisation, account: str, region: str
) -> Iterator[Resource]:
    kinesis = organisation.client("kinesis", account, region)
    for name in pages(kinesis, "list_streams", "StreamNames"):
        raw = kinesis.describe_stream_summary(StreamName=name)[
            "StreamDescriptionSummary"
        ]
        tags = by_key(kinesis.list_tags_for_stream(StreamName=name)["Tags"])
        yield Stream(account, region, name, raw["StreamARN"], tags, raw)


def _sqs(organisation: Organisation, account: str, region: str) -> Iterator[Resource]:
    sqs = organisation.client("sqs", account, region)
    for url in pages(sqs, "list_queues", "QueueUrls"):
        raw = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])[
            "Attributes"
        ]
        arn = raw["QueueArn"]
        tags = sqs.list_queue_tags(QueueUrl=url).get("Tags", {})
        yield Queue(account, region, arn.rsplit(":", 1)[1], arn, tags, raw)
