"""Recorded frames are fed in order, once each, resumably, and only when there is room."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from moto import mock_aws

from chalicelib.domain.frames import frame_key
from chalicelib.errors import Transient
from chalicelib.store.recorded import parse_recorded_message
from ops.dead_letters import DeadLetters, QueueDepth
from ops.feeding import Place, Wanted, feed, list_frames
from ops.replay import LOOK_AGAIN_S, Room
from tests.unit.chain import START

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.xdist_group("store")

KEYS = [frame_key("tv-1", START + timedelta(seconds=number), number) for number in range(25)]
ALL = Wanted("frames/tv-1/")


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator["S3Client"]:
    """A bucket with 25 frames of a camera, one of another, and what is no frame."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="frames")
        for key in (*KEYS, frame_key("tv-10", START, 0), "frames/tv-1/notes.txt"):
            client.put_object(Bucket="frames", Key=key, Body=b"123")
        yield client


def queue(s3: "S3Client", wanted: Wanted = ALL, *, until_full: int = 99) -> list[list[str]]:
    """Feed what is wanted; the queue takes so many messages and then fails."""
    sent: list[list[str]] = []
    place = Place(s3, "frames", "run", wanted)

    def send(body: str) -> None:
        if len(sent) == until_full:
            raise Transient("the queue is gone")
        sent.append([key for key, _ in parse_recorded_message(body).frames])

    frames = list_frames(s3, "frames", wanted, after=place.read())
    try:
        for _ in feed("run", frames, place, send=send, wait_for_room=lambda: None):
            pass
    except Transient:
        pass
    return sent


def test_every_wanted_frame_is_queued_once_and_in_order(s3: "S3Client") -> None:
    assert queue(s3) == [KEYS[:10], KEYS[10:20], KEYS[20:]]


def test_a_run_that_stopped_goes_on_where_it_was(s3: "S3Client") -> None:
    assert queue(s3, until_full=1) == [KEYS[:10]]
    assert queue(s3) == [KEYS[10:20], KEYS[20:]]
    assert queue(s3) == []


def test_other_wishes_of_the_same_run_have_a_place_of_their_own(s3: "S3Client") -> None:
    queue(s3)
    assert queue(s3, Wanted("frames/tv-10/")) == [[frame_key("tv-10", START, 0)]]


@pytest.mark.parametrize(
    ("since_s", "until_s", "keys"),
    [
        pytest.param(3, None, KEYS[3:], id="from an instant on"),
        pytest.param(None, 3, KEYS[:3], id="before an instant"),
        pytest.param(3, 5, KEYS[3:5], id="between the two"),
        pytest.param(30, None, [], id="none as late"),
    ],
)
def test_frames_are_wanted_by_their_capture_time(s3: "S3Client", since_s: Any, until_s: Any, keys: list[str]) -> None:
    since, until = (None if one is None else START + timedelta(seconds=one) for one in (since_s, until_s))
    assert [key for key, _ in list_frames(s3, "frames", Wanted("frames/tv-1/", since, until), after="")] == keys


@pytest.mark.parametrize(
    ("since_s", "wanted"), [(30, True), (31, False)], ids=["its first frame is", "it began before"]
)
def test_bundles_are_wanted_by_their_first_frame(s3: "S3Client", since_s: int, *, wanted: bool) -> None:
    bundle = frame_key("tv-1", START + timedelta(seconds=30), 30, "tar")
    s3.put_object(Bucket="frames", Key=bundle, Body=b"123")
    since = Wanted("frames/tv-1/", START + timedelta(seconds=since_s))
    assert list(list_frames(s3, "frames", since, after="")) == [(bundle, 3)] * wanted


def test_feeding_waits_while_live_frames_wait_or_recorded_ones_do() -> None:
    """Live frames keep their latency: the feeder looks again until both queues are short."""
    live, recorded = _Depths(51, 50, 50), _Depths(101, 100)
    pauses: list[float] = []
    Room(cast(DeadLetters, live), cast(DeadLetters, recorded), pauses.append).wait()
    assert pauses == [LOOK_AGAIN_S] * 2


class _Depths(SimpleNamespace):
    """A queue whose depth is this at each look."""

    def __init__(self, *waiting: int) -> None:
        super().__init__(waiting=iter(waiting))

    def count(self) -> QueueDepth:
        return QueueDepth(next(self.waiting), 0, 0)
