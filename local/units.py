"""The units at the other end: a queue for each, subscribed to the alerts' topic as a live unit would be."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3

from chalicelib.domain.alerts.model import listens_for
from chalicelib.domain.city import CityPack, Unit
from local.events import queue_arn

EVERYTHING = "everything"
"""The queue that hears every alert, whomever it is for."""

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Units:
    """Queue URLs by unit id, `everything` among them."""

    queue_urls: Mapping[str, str]

    def received(self) -> dict[str, list[Body]]:
        """The alerts that each unit got since the last look, as CloudEvents."""
        sqs = boto3.client("sqs")
        return {unit: list(_take_all(sqs, url)) for unit, url in self.queue_urls.items()}


def subscribe_units(pack: CityPack, topic_arn: str) -> Units:
    """Subscribe every unit of the pack, each to what is for it, and one queue that hears all."""
    sns, sqs = boto3.client("sns"), boto3.client("sqs")

    def subscribe(name: str, attributes: dict[str, str]) -> str:
        url = sqs.create_queue(QueueName=f"matpho-unit-{name}")["QueueUrl"]
        raw = {"RawMessageDelivery": "true", **attributes}
        sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=queue_arn(url), Attributes=raw)
        return url

    return Units(
        {EVERYTHING: subscribe(EVERYTHING, {}), **{one.id: subscribe(one.id, _filter(one)) for one in pack.units}}
    )


def _filter(unit: Unit) -> dict[str, str]:
    """The one filter of a unit's subscription, on `units`, keeps within what SNS allows a topic."""
    return {"FilterPolicy": json.dumps({"units": listens_for(unit)})}


def _take_all(sqs: Any, url: str) -> Iterator[Body]:
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            yield json.loads(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
