"""The handlers as Lambda runs them: imported from app.py, given raw events, answering what their source understands."""

import json
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from chalice.test import Client

import app
from chalicelib import bootstrap_vision
from chalicelib.domain.frames import FrameRef
from chalicelib.errors import FrameRejected, Transient
from chalicelib.flows.take_frames import TakeFrames
from chalicelib.store.fakes import FakeFrameStore, FakeRejectionLog
from tests.unit.chain import START

CONTEXT = SimpleNamespace(
    function_name="f", memory_limit_in_mb=1, invoked_function_arn="arn", aws_request_id="r", log_group_name="g"
)
KEY = "frames/tv-1/2026/03/01/080000000Z-{}.jpg"


class Settled:
    """A ledger and an analyser in one: frame 1 is broken, frame 2 can't be read now, all others are fine."""

    def __init__(self) -> None:
        self.notes: dict[str, str] = {}
        self.rejections = FakeRejectionLog()

    def note(self, key: str, *, outcome: str, reason: str = "") -> None:
        self.notes[key] = reason or outcome

    def analyse(self, frame: FrameRef, **_: object) -> Any:
        if frame.sequence == 1:
            raise FrameRejected("truncated")
        if frame.sequence == 2:
            raise Transient("S3 is busy")


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> Settled:
    settled = Settled()
    take = TakeFrames(settled.analyse, FakeFrameStore(), settled.rejections, settled, lambda: START)
    monkeypatch.setattr(bootstrap_vision, "take_frames", lambda: take)
    return settled


def sqs_event(*bodies: str) -> dict[str, Any]:
    shared = {"receiptHandle": "h", "attributes": {}, "messageAttributes": {}, "md5OfBody": "", "awsRegion": "x"}
    source = {"eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:x:1:q"}
    return {"Records": [{"messageId": f"m{n}", "body": body, **shared, **source} for n, body in enumerate(bodies)]}


def announcement(*sequences: int) -> str:
    """What S3 says when objects are created."""
    objects = ({"key": KEY.format(n), "size": 9} for n in sequences)
    return json.dumps({"Records": [{"eventName": "ObjectCreated:Put", "s3": {"object": one}} for one in objects]})


def test_only_the_message_that_failed_comes_again(settled: Settled) -> None:
    answer = app.analyse_frames(sqs_event(announcement(0), announcement(2), announcement(1)), CONTEXT)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert settled.notes == {KEY.format(0): "processed", KEY.format(1): "truncated"}


def test_several_frames_in_a_message_are_each_settled(settled: Settled) -> None:
    assert app.analyse_frames(sqs_event(announcement(0, 1, 3)), CONTEXT) == {"batchItemFailures": []}
    assert settled.notes == {KEY.format(0): "processed", KEY.format(1): "truncated", KEY.format(3): "processed"}


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        pytest.param('{"Event": "s3:TestEvent"}', {}, id="S3's test message is no frame"),
        pytest.param("not JSON", {"message/m0": "bad_message"}, id="a message nobody can read is rejected by name"),
        pytest.param(
            announcement(0).replace("frames/", "other%2F+x/"),
            {"other/ x/tv-1/2026/03/01/080000000Z-0.jpg": "bad_key"},
            id="a key that is no frame's is rejected by its decoded name",
        ),
    ],
)
def test_messages_that_name_no_frame(settled: Settled, body: str, notes: dict[str, str]) -> None:
    assert app.analyse_frames(sqs_event(body), CONTEXT) == {"batchItemFailures": []}
    assert settled.notes == notes


def test_recorded_frames_are_looked_at_as_their_message_says(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, Any]] = []
    monkeypatch.setattr(bootstrap_vision, "read_recorded", lambda: lambda run, frames: asked.append((run, frames)))
    message = json.dumps({"run": "night", "frames": [[KEY.format(0), 9]]})
    answer = app.analyse_recorded(sqs_event(message, "not JSON"), CONTEXT)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert asked == [("night", ((KEY.format(0), 9),))]


def test_health_answers_with_the_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FRAMES_BUCKET", "CONFIG_BUCKET", "CAMERAS_TABLE", "INCIDENTS_TABLE", "REJECTIONS_TABLE"):
        monkeypatch.setenv(f"MATPHO_{name}", "x")
    monkeypatch.setenv("MATPHO_STAGE", "test")
    monkeypatch.setenv("MATPHO_ALERTS_TOPIC_ARN", "arn")
    with Client(app.app) as client:
        answer = client.http.get("/health")
    assert (answer.status_code, answer.json_body["stage"]) == (200, "test")


def test_importing_the_app_loads_no_model_library_and_needs_no_environment() -> None:
    """REST functions share app.py, and Chalice imports it while packaging."""
    heavy = "{'onnxruntime', 'cv2', 'chalicelib.vision'} & set(sys.modules)"
    code = f"import sys, app; print(sorted({heavy}))"
    done = subprocess.run([sys.executable, "-c", code], env={}, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
