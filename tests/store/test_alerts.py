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

from chalicelib.domain.alerts.cloud_event import cloud_event_json
from chalicelib.domain.alerts.model import listens_for
from chalicelib.domain.alerts.texts import email, sms, subject_line
from chalicelib.domain.alerts.words import Words
from chalicelib.domain.city import Unit
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
    """A topic with one subscription, of the services."""

    client: SNSClient
    bus: SnsAlertBus
    arn: str
    subscribe: Callable[[Unit], Callable[[], list[dict[str, Any]]]]
    received: Callable[[], list[dict[str, Any]]]


CONSOLE = "https://console.example/"
SERVICES = Unit("services", "services", "Dịch vụ đô thị", "City services")


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> Iterator[Topic]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        sns, sqs = sns_client(), boto3.client("sqs")
        arn = sns.create_topic(Name="alerts")["TopicArn"]
        subscribe = partial(_subscribe, sns, sqs, arn)
        yield Topic(sns, SnsAlertBus(sns, arn, console_url=CONSOLE), arn, subscribe, subscribe(SERVICES))


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
        pytest.param(("services",), 1, id="for the unit"),
        pytest.param(("ioc", "services"), 1, id="for the unit among others"),
        pytest.param(("ioc",), 0, id="for another unit"),
        pytest.param((), 0, id="for nobody"),
    ],
)
def test_a_subscription_hears_what_is_for_its_unit(topic: Topic, units: tuple[str, ...], received: int) -> None:
    topic.bus.publish(alert(units=units))
    assert len(topic.received()) == received


@pytest.mark.parametrize("exercise", [False, True], ids=["the real thing", "an exercise"])
def test_an_exercise_reaches_only_those_who_drill(topic: Topic, exercise: bool) -> None:  # noqa: FBT001
    """A unit that drills hears both; the filter holds back even an exercise that was routed to one that doesn't."""
    drilling = topic.subscribe(replace(SERVICES, id="rescue", drills=True))
    topic.bus.publish(alert(units=("services", "rescue"), exercise=exercise))
    assert len(topic.received()) == (0 if exercise else 1)
    assert len(drilling()) == 1


def test_attributes_and_default_text_are_what_subscribers_were_promised(topic: Topic) -> None:
    topic.bus.publish(alert())
    (received,) = topic.received()
    assert received["Message"] == cloud_event_json(alert())
    assert received["Subject"] == subject_line(alert())
    assert {name: (one["Type"], one["Value"]) for name, one in received["MessageAttributes"].items()} == {
        "units": ("String.Array", '["services"]'),
        "kind": ("String", "flood"),
        "severity": ("String", "moderate"),
        "area": ("String", "new-town"),
        "type": ("String", "opened"),
    }


def test_sms_and_email_have_texts_of_their_own(topic: Topic) -> None:
    sent: list[str] = []
    topic.client.meta.events.register(
        "provide-client-params.sns.Publish", lambda params, **_: sent.append(params["Message"])
    )
    topic.bus.publish(alert())
    (texts,) = map(json.loads, sent)
    assert texts == {
        "default": cloud_event_json(alert()),
        "sms": sms(alert()),
        "email": email(alert(), console_url=CONSOLE),
    }


def test_a_subject_is_cut_and_spelt_as_sns_wants_it(topic: Topic) -> None:
    topic.bus.publish(replace(alert(), headline=Words("", "NEW: Đường Nguyễn Tất Thành " + "x" * 200)))
    (received,) = topic.received()
    assert received["Subject"] == "[moderate] NEW: Duong Nguyen Tat Thanh " + "x" * 60


def test_an_alert_larger_than_sns_takes_is_refused_for_good(topic: Topic) -> None:
    """Letters outside ASCII count as the bytes they are."""
    with pytest.raises(InvalidInput, match=alert().id):
        topic.bus.publish(replace(alert(), label_name=Words("ờ" * 30_000, "ờ" * 30_000)))
    assert topic.received() == []


def test_a_topic_that_fails_is_transient_and_keeps_the_code(topic: Topic) -> None:
    gone = SnsAlertBus(sns_client(), f"arn:aws:sns:{REGION}:123456789012:gone")
    with pytest.raises(Transient, match="NotFound"):
        gone.publish(alert())


def _subscribe(sns: SNSClient, sqs: SQSClient, topic_arn: str, unit: Unit) -> Callable[[], list[dict[str, Any]]]:
    queue = sqs.create_queue(QueueName=unit.id)["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    only_its_own = {"FilterPolicy": json.dumps({"units": listens_for(unit)})}
    sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=queue_arn, Attributes=only_its_own)
    return partial(_receive, sqs, queue)


def _receive(sqs: SQSClient, queue: str) -> list[dict[str, Any]]:
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(one["Body"]) for one in messages]
