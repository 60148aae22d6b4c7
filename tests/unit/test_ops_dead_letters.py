"""Looking at dead letters loses none, and what is done to one is done to no other."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from chalicelib import bootstrap
from chalicelib.errors import Transient
from chalicelib.store.fakes import FakeFrameStore
from edge.matpho_edge.bundles import make_bundle
from ops import dead_letters, dlq
from ops.dead_letters import DeadLetters

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

pytestmark = pytest.mark.xdist_group("store")

KEY = "frames/tv-1/2026/03/01/080000000Z-{}.jpg"
BUNDLE = "frames/tv-1/2026/03/01/080000000Z-1.tar"
QUEUE = "frames"


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator["SQSClient"]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-1")
    monkeypatch.setattr(dead_letters, "WAIT_S", 0)
    with mock_aws():
        client = boto3.client("sqs")
        dead = client.create_queue(QueueName=f"{QUEUE}-dead")["QueueUrl"]
        arn = client.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5})
        client.create_queue(QueueName=QUEUE, Attributes={"RedrivePolicy": policy})
        yield client


def announcement(number: int) -> str:
    record = {"eventName": "ObjectCreated:Put", "s3": {"object": {"key": KEY.format(number), "size": 9}}}
    return json.dumps({"Records": [record]})


def bury(sqs: "SQSClient", *bodies: str) -> None:
    url = sqs.get_queue_url(QueueName=f"{QUEUE}-dead")["QueueUrl"]
    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body)


def waiting(sqs: "SQSClient", queue: str) -> int:
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(answer["Attributes"]["ApproximateNumberOfMessages"])


def test_letters_that_were_looked_at_can_be_seen_again(sqs: "SQSClient") -> None:
    bury(sqs, *map(announcement, range(23)))
    letters = DeadLetters(sqs, QUEUE)
    for _ in range(2):
        with letters.held(100) as held:
            assert len(held) == 23
            assert waiting(sqs, "frames-dead") == 0, "held for whoever looks"
    assert waiting(sqs, "frames-dead") == 23


def test_no_more_letters_are_held_than_asked_for(sqs: "SQSClient") -> None:
    bury(sqs, *map(announcement, range(5)))
    with DeadLetters(sqs, QUEUE).held(2) as held:
        assert len(held) == 2


def test_a_letter_tells_its_frames_and_an_unreadable_one_tells_none(sqs: "SQSClient") -> None:
    bury(sqs, announcement(7), "not JSON")
    with DeadLetters(sqs, QUEUE).held(10) as held:
        assert sorted(letter.frames for letter in held) == [(), ((KEY.format(7), 9),)]


def test_a_letter_sent_again_leaves_the_dead_and_no_other_does(sqs: "SQSClient") -> None:
    bury(sqs, announcement(0), announcement(1))
    letters = DeadLetters(sqs, QUEUE)
    with letters.held(10) as held:
        letters.redrive(held[0])
    assert (waiting(sqs, QUEUE), waiting(sqs, "frames-dead")) == (1, 1)
    url = sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    (again,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert again["Body"] == held[0].body


def test_a_queue_that_is_not_there_is_named(sqs: "SQSClient") -> None:
    with pytest.raises(Transient, match="'nowhere'"):
        DeadLetters(sqs, "nowhere")


@pytest.mark.parametrize(
    ("key", "words"),
    [
        pytest.param("frames/tv-1/2026/03/01/080000000Z-1.jpg", "4 bytes can be read", id="a frame"),
        pytest.param("frames/tv-1/2026/03/01/080000000Z-1.tar", "2 frames can be read", id="a bundle"),
        pytest.param("frames/tv-1/2026/03/01/090000000Z-1.tar", "missing", id="a bundle that is gone"),
        pytest.param("notes.txt", "bad_key", id="no frame"),
    ],
)
def test_a_letter_says_what_is_left_of_its_frames(monkeypatch: pytest.MonkeyPatch, key: str, words: str) -> None:
    bundle = make_bundle([("080000000Z-1.jpg", b"jpeg"), ("080001000Z-2.jpg", b"jpeg")])
    frames = FakeFrameStore({"frames/tv-1/2026/03/01/080000000Z-1.jpg": b"jpeg", BUNDLE: bundle})
    monkeypatch.setattr(bootstrap, "frames", lambda: frames)
    assert dlq._state(key, 1) == words
