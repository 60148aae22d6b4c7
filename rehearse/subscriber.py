"""The units at the other end: queues subscribed to the alerts' topic, as live units' would be, and when alerts came."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3

from chalicelib.domain.blindness import OFFLINE
from chalicelib.domain.city import CityPack
from local.units import EVERYTHING, Units, subscribe_units

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef


@dataclass(slots=True)
class Subscriber:
    """All alerts so far by id, however often each was told; when each came first, and to whom."""

    units: Units
    alerts: dict[str, dict[str, Any]] = field(default_factory=dict)
    came_utc: dict[str, datetime] = field(default_factory=dict)
    received_by: dict[str, set[str]] = field(default_factory=dict)

    def look(self) -> None:
        """Take what has come since the last look."""
        sqs = boto3.client("sqs")
        for unit, url in self.units.queue_urls.items():
            for message in _take_all(sqs, url):
                alert = json.loads(message["Body"])
                self.alerts.setdefault(alert["id"], alert)
                self.came_utc.setdefault(alert["id"], _sent_utc(message))
                self.received_by.setdefault(alert["id"], set()).add(unit)

    def opened(self) -> list[dict[str, Any]]:
        """The alerts of new incidents, but for cameras that fell silent, as all do whose pictures come to an end."""
        return [
            alert
            for alert in self.alerts.values()
            if alert["data"]["type"] == "opened" and alert["data"]["label"] != OFFLINE
        ]

    def units_of(self, alert_id: str) -> set[str]:
        return self.received_by[alert_id] - {EVERYTHING}


def subscribe(pack: CityPack, topic_arn: str) -> Subscriber:
    """Subscribe every unit by a queue of its own that lets the topic in, and nobody else."""
    units, sqs = subscribe_units(pack, topic_arn), boto3.client("sqs")
    for url in units.queue_urls.values():
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(_only_from(topic_arn, arn))})
    return Subscriber(units)


def _only_from(topic_arn: str, arn: str) -> dict[str, Any]:
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
    }
    return {"Version": "2012-10-17", "Statement": [allow]}


def _take_all(sqs: "SQSClient", url: str) -> "Iterator[MessageTypeDef]":
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["SentTimestamp"]).get(
        "Messages"
    ):
        for message in messages:
            yield message
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def _sent_utc(message: "MessageTypeDef") -> datetime:
    return datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)
