"""Subscriptions follow the units' contacts, within SNS's limits, and leave alone what somebody else subscribed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import boto3
import pytest
from moto import mock_aws
from mypy_boto3_sns import SNSClient
from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

from chalicelib.domain.city import CityPack, Contact, Unit
from chalicelib.store.clients import s3_client, sns_client
from chalicelib.store.subscriptions import (
    Planned,
    SnsSubscriptions,
    Step,
    Subscription,
    beyond_limits,
    plan,
    wanted_subscriptions,
)
from city.reading import read_pack
from tests.store.conftest import REGION

PACK = read_pack(Path(__file__).parents[2] / "city" / "testville")
MAIL, PHONE = Contact("email", "desk@testville.example"), Contact("sms", "+84900000002")
QUEUE = Contact("sqs", f"arn:aws:sqs:{REGION}:123456789012:alerts")


def units(*given: Unit) -> CityPack:
    return replace(PACK, units=given)


def unit(unit_id: str, *contacts: Contact, drills: bool = False) -> Unit:
    return Unit(unit_id, "role", unit_id, unit_id, drills=drills, contacts=contacts)


def policy(*names: str) -> str:
    return json.dumps({"units": names})


def test_an_address_hears_of_the_units_it_stands_for_and_of_their_drills() -> None:
    pack = units(unit("ioc", MAIL, drills=True), unit("fire", MAIL, PHONE), unit("ward"))
    assert wanted_subscriptions(pack) == {MAIL: policy("ioc", "drill/ioc", "fire"), PHONE: policy("fire")}


@pytest.mark.parametrize(
    ("addresses", "units_each", "others", "told"),
    [
        pytest.param(200, 1, 0, 0, id="200 filters are just allowed"),
        pytest.param(150, 1, 51, 1, id="filters of others count"),
        pytest.param(1, 150, 0, 0, id="150 units in a filter are just allowed"),
        pytest.param(1, 151, 0, 1, id="151 are not"),
    ],
)
def test_limits(addresses: int, units_each: int, others: int, told: int) -> None:
    names = [f"unit-{n}" for n in range(units_each)]
    wanted = {Contact("sms", f"+849{n:08d}"): policy(*names) for n in range(addresses)}
    assert len(list(beyond_limits(wanted, others=others))) == told


THERE = Subscription(MAIL, policy("ioc"), "arn:aws:sns:1")


@pytest.mark.parametrize(
    ("wanted", "present", "managed", "steps"),
    [
        pytest.param({MAIL: policy("ioc")}, (), (), [Step.SUBSCRIBE], id="a new address"),
        pytest.param({MAIL: policy("ioc")}, (THERE,), (MAIL,), [Step.KEEP], id="one that is as it should be"),
        pytest.param({MAIL: policy("fire")}, (THERE,), (MAIL,), [Step.FILTER], id="one that stands for others now"),
        pytest.param({MAIL: policy("ioc")}, (Subscription(MAIL),), (MAIL,), [Step.WAIT], id="one nobody confirmed"),
        pytest.param({}, (THERE,), (MAIL,), [Step.UNSUBSCRIBE], id="one the pack dropped"),
        pytest.param({}, (THERE,), (), [], id="somebody else's stays"),
        pytest.param({}, (), (MAIL,), [], id="one that left by itself"),
        pytest.param(
            {PHONE: policy("ioc")}, (THERE,), (MAIL,), [Step.SUBSCRIBE, Step.UNSUBSCRIBE], id="new before old goes"
        ),
    ],
)
def test_steps(
    wanted: Mapping[Contact, str], present: tuple[Subscription, ...], managed: tuple[Contact, ...], steps: list[Step]
) -> None:
    assert [one.step for one in plan(wanted, present, managed)] == steps


@dataclass(frozen=True)
class Topic:
    """A topic on moto, and what subscribes to it."""

    sns: SNSClient
    arn: str
    subscriptions: SnsSubscriptions

    def bring_in_line(self, pack: CityPack) -> tuple[Planned, ...]:
        steps = plan(wanted_subscriptions(pack), self.subscriptions.present(), self.subscriptions.managed())
        self.subscriptions.apply(steps)
        return steps

    def filters(self) -> dict[Contact, str]:
        return {one.contact: one.policy for one in self.subscriptions.present()}


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> Iterator[Topic]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        s3, sns = s3_client(), sns_client()
        s3.create_bucket(Bucket="city-packs", CreateBucketConfiguration={"LocationConstraint": REGION})
        boto3.client("sqs").create_queue(QueueName="alerts")
        arn = sns.create_topic(Name="alerts")["TopicArn"]
        yield Topic(sns, arn, SnsSubscriptions(sns, arn, s3, "city-packs"))


def test_the_topic_follows_the_pack(topic: Topic) -> None:
    topic.bring_in_line(units(unit("ioc", QUEUE), unit("fire", MAIL)))
    assert topic.filters() == {QUEUE: policy("ioc"), MAIL: policy("fire")}
    topic.bring_in_line(units(unit("ioc", QUEUE, drills=True), unit("fire", PHONE)))
    assert topic.filters() == {QUEUE: policy("ioc", "drill/ioc"), PHONE: policy("fire")}
    assert set(topic.subscriptions.managed()) == {QUEUE, PHONE}


def test_a_second_run_changes_nothing(topic: Topic) -> None:
    pack = units(unit("ioc", QUEUE, MAIL))
    topic.bring_in_line(pack)
    assert [one.step for one in topic.bring_in_line(pack)] == [Step.KEEP, Step.KEEP]


def test_a_queue_gets_the_event_without_an_envelope(topic: Topic) -> None:
    topic.bring_in_line(units(unit("ioc", QUEUE)))
    (there,) = topic.subscriptions.present()
    attributes = topic.sns.get_subscription_attributes(SubscriptionArn=there.arn)["Attributes"]
    assert attributes["RawMessageDelivery"] == "true"


def test_what_somebody_else_subscribed_stays(topic: Topic) -> None:
    topic.sns.subscribe(TopicArn=topic.arn, Protocol="sms", Endpoint=PHONE.endpoint)
    topic.bring_in_line(units(unit("ioc", MAIL)))
    topic.bring_in_line(units())
    assert topic.filters() == {PHONE: ""}


def test_the_filters_let_through_what_they_should(topic: Topic) -> None:
    """SNS itself decides here: an alert to the fire brigade and one of a drill."""
    sqs = boto3.client("sqs")
    topic.bring_in_line(units(unit("fire", QUEUE, drills=True)))
    for to in (["fire", "ioc"], ["drill/fire"], ["ioc"], ["drill/ioc"]):
        names: MessageAttributeValueTypeDef = {"DataType": "String.Array", "StringValue": json.dumps(to)}
        topic.sns.publish(TopicArn=topic.arn, Message=to[0], MessageAttributes={"units": names})
    url = sqs.get_queue_url(QueueName="alerts")["QueueUrl"]
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    assert sorted(one["Body"] for one in messages) == ["drill/fire", "fire"]
