"""What every RecordedStore promises: a run's findings come back, the same frames once."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.domain.frames import FrameRef
from chalicelib.domain.observations import (
    CameraHealth,
    Detection,
    FaceCandidate,
    FaceReading,
    Observation,
    TrafficReading,
)
from chalicelib.domain.recorded import RecordedBatch, RecordedFrame
from chalicelib.errors import InvalidInput
from chalicelib.store.fakes import FakeRecordedStore
from chalicelib.store.ports import RecordedStore
from chalicelib.store.recorded import RecordedMessage, S3RecordedStore, parse_recorded_message
from tests.store.conftest import BUCKET, Cloud
from tests.store.samples import NOON

pytestmark = pytest.mark.xdist_group("store")

SEEN = Observation(
    FrameRef("cam-1", NOON, 3, "frames/3.jpg", 9),
    "ab" * 32,
    (640, 480),
    CameraHealth({"dark": 0.25}, b"\xff\x00\xfe"),
    scene_scores={"flood": 0.1 + 0.2},
    detections=(Detection("car", 0.5, (1.0, 2.0, 3.5, 4.0)),),
    traffic=TrafficReading({"car": 1}, 0.125),
    faces=FaceReading(2, {"small": 1}, (FaceCandidate("entry#1", 0.75, (0.0, 0.0, 5.0, 5.0)),)),
    model_digests={"scenes": "cd"},
)
BATCH = RecordedBatch(
    "night", {"flood": 0.5}, (RecordedFrame("frames/3.jpg", SEEN), RecordedFrame("frames/4.jpg", rejected="truncated"))
)


@pytest.fixture(params=["fake", "moto"])
def recorded(request: pytest.FixtureRequest) -> RecordedStore:
    def on_moto() -> RecordedStore:
        cloud: Cloud = request.getfixturevalue("cloud")
        return S3RecordedStore(cloud.s3, BUCKET)

    makers: dict[str, Callable[[], RecordedStore]] = {"fake": FakeRecordedStore, "moto": on_moto}
    return makers[request.param]()


def test_what_frames_showed_comes_back_as_it_went_in(recorded: RecordedStore) -> None:
    recorded.put(BATCH)
    assert list(recorded.read("night")) == [BATCH]


def test_the_same_frames_again_replace_what_was_kept(recorded: RecordedStore) -> None:
    """A message that is delivered twice leaves one finding."""
    recorded.put(BATCH)
    again = replace(BATCH, frames=(RecordedFrame("frames/3.jpg", rejected="missing"), BATCH.frames[1]))
    recorded.put(again)
    assert list(recorded.read("night")) == [again]


def test_runs_are_strangers_to_each_other(recorded: RecordedStore) -> None:
    """Even when one's name begins with the other's."""
    recorded.put(BATCH)
    recorded.put(replace(BATCH, run="night-2"))
    assert list(recorded.read("night")) == [BATCH]
    assert list(recorded.read("nig")) == []


def test_a_message_comes_back_as_it_went_out() -> None:
    message = RecordedMessage(run="night", frames=(("frames/3.jpg", 9),))
    assert parse_recorded_message(message.model_dump_json()) == message


@pytest.mark.parametrize("body", ["", "{}", '{"run": 1, "frames": []}', '{"Records": []}'])
def test_a_message_of_somebody_else_is_refused(body: str) -> None:
    with pytest.raises(InvalidInput, match="recorded"):
        parse_recorded_message(body)
