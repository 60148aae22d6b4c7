"""What reaches a unit's subscription, and what SNS would refuse."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import boto3
import pytest
from moto import mock_aws
from mypy_boto3_sns import SNSClient
from mypy_boto3_sqs import SQSClient

from chalicelib.errors import InvalidInput, Transient
from chalicelib.store.alerts import SnsAlertBus
from chalicelib.store.clients import sns_client
from chalicelib.store.fakes import FakeAlertBus
from chalicelib.store.ports import AlertBus
from tests.store.conftest import REGION
from tests.store.samples import alert

pytestmark = pytest.mark.xdist_group("store")


@dataclass(frozen=True)
class Topic:
    """A topic with one subscription, of the drainage unit."""

    client: SNSClient
    bus: SnsAlertBus
    received: Callable[[], list[dict[str, Any]]]


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> Iterator[Topic]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        sns, sqs = sns_client(), boto3.client("sqs")
        arn = sns.create_topic(Name="alerts")["TopicArn"]
        queue = sqs.create_queue(QueueName="drainage")["QueueUrl"]
        queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        only_drainage = {"FilterPolicy": json.dumps({"units": ["drainage"]})}
        sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn, Attributes=only_drainage)
        yield Topic(sns, SnsAlertBus(sns, arn), partial(_receive, sqs, queue))


@pytest.fixture(params=["fake", "moto"])
def bus_and_ids(request: pytest.FixtureRequest) -> tuple[AlertBus, Callable[[], list[str]]]:
    if request.param == "fake":
        fake = FakeAlertBus()
        return fake, lambda: [one.id for one in fake.published]
    topic: Topic = request.getfixturevalue("topic")
    return topic.bus, lambda: [json.loads(one["Message"])["id"] for one in topic.received()]


def test_every_alert_arrives_and_a_repeat_has_the_same_id(
    bus_and_ids: tuple[AlertBus, Callable[[], list[str]]],
) -> None:
    bus, ids = bus_and_ids
    for number in (1, 2, 1):
        bus.publish(alert(number))
    assert sorted(ids()) == [alert(1).id, alert(1).id, alert(2).id]


@pytest.mark.parametrize(
    ("units", "received"),
    [
        pytest.param(("drainage",), 1, id="for the unit"),
        pytest.param(("ioc", "drainage"), 1, id="for the unit among others"),
        pytest.param(("ioc",), 0, id="for another unit"),
        pytest.param((), 0, id="for nobody"),
    ],
)
def test_a_subscription_hears_what_is_for_its_unit(topic: Topic, units: tuple[str, ...], received: int) -> None:
    topic.bus.publish(alert(units=units))
    assert len(topic.received()) == received


def test_attributes_and_default_text_are_what_subscribers_were_promised(topic: Topic) -> None:
    topic.bus.publish(alert())
    (received,) = topic.received()
    assert json.loads(received["Message"]) == alert().body
    assert received["Subject"] == alert().subject_line
    assert {name: (one["Type"], one["Value"]) for name, one in received["MessageAttributes"].items()} == {
        "units": ("String.Array", '["drainage"]'),
        "kind": ("String", "flood"),
        "severity": ("String", "severe"),
        "area": ("String", "area-1"),
        "type": ("String", "opened"),
    }


def test_sms_and_email_have_texts_of_their_own(topic: Topic) -> None:
    sent: list[str] = []
    topic.client.meta.events.register(
        "provide-client-params.sns.Publish", lambda params, **_: sent.append(params["Message"])
    )
    topic.bus.publish(alert())
    (texts,) = map(json.loads, sent)
    assert (json.loads(texts["default"]), texts["sms"], texts["email"]) == (alert().body, alert().sms, alert().email)


def test_a_subject_is_cut_and_spelt_as_sns_wants_it(topic: Topic) -> None:
    topic.bus.publish(replace(alert(), subject_line="[nặng] " + "x" * 200))
    (received,) = topic.received()
    assert received["Subject"] == "[n?ng] " + "x" * 92


def test_an_alert_larger_than_sns_takes_is_refused_for_good(topic: Topic) -> None:
    """Letters outside ASCII count as the bytes they are."""
    with pytest.raises(InvalidInput, match="20260301-abc/1"):
        topic.bus.publish(alert(sms="ờ" * 90_000))
    assert topic.received() == []


def test_a_topic_that_fails_is_transient_and_keeps_the_code(topic: Topic) -> None:
    gone = SnsAlertBus(sns_client(), f"arn:aws:sns:{REGION}:123456789012:gone")
    with pytest.raises(Transient, match="NotFound"):
        gone.publish(alert())


def _receive(sqs: SQSClient, queue: str) -> list[dict[str, Any]]:
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(one["Body"]) for one in messages]
