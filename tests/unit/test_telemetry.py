"""Every line about a frame names the frame and the request, so that one leads to the other."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import EventType, process_partial_response

from chalicelib import telemetry
from chalicelib.errors import Transient
from chalicelib.flows.take_frames import PROCESSED
from chalicelib.telemetry import LoggedBatch, TelemetryLedger

KEY = "frames/tv-1/2026/03/01/081500000Z-0.jpg"
BUNDLE = "frames/tv-1/2026/03/01/081500000Z-1.tar"


@pytest.fixture
def lines(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """What the logger writes during an invocation."""
    stream = StringIO()
    logger = Logger(service=request.node.name, stream=stream)  # one name keeps the stream it was born with
    logger.append_keys(function_request_id="request-1")
    monkeypatch.setattr(telemetry, "logger", logger)
    yield stream
    logger.remove_keys(["function_request_id"])


def fail(record: Any) -> None:
    raise Transient("S3 is busy")


def handle(record: dict[str, Any], kind: EventType) -> None:
    processor = LoggedBatch(kind, raise_on_entire_batch_failure=False)
    process_partial_response(event={"Records": [record]}, record_handler=fail, processor=processor)


@pytest.mark.parametrize("key", [KEY, BUNDLE, f"{BUNDLE}/081501000Z-2.jpg"], ids=["", "a bundle", "a frame of one"])
def test_the_account_of_a_frame_names_frame_camera_hour_and_request(
    lines: StringIO, capsys: pytest.CaptureFixture[str], key: str
) -> None:
    TelemetryLedger().note(key, outcome=PROCESSED)
    told = json.loads(capsys.readouterr().out)
    assert (told["frame"], told["camera"], told["hour"]) == (key, "tv-1", "2026-03-01T08")
    assert told["function_request_id"] == "request-1"
    assert told["frames_processed"] == [1.0]


@pytest.mark.parametrize(
    ("body", "frames"),
    [
        pytest.param(
            {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"object": {"key": KEY}}}]}, [KEY], id="S3's"
        ),
        pytest.param({"x": 1}, [], id="one that nobody can read"),
    ],
)
def test_a_message_that_failed_is_named_with_its_frames(lines: StringIO, body: Any, frames: list[str]) -> None:
    handle({"messageId": "m1", "body": json.dumps(body)}, EventType.SQS)
    told = json.loads(lines.getvalue())
    assert (told["message_id"], told["frames"], told["function_request_id"]) == ("m1", frames, "request-1")
    assert "S3 is busy" in told["exception"]


def test_a_timeline_event_that_failed_is_named_by_its_keys(lines: StringIO) -> None:
    keys = {"incident_id": {"S": "20260301-abc"}, "item": {"S": "event#000001"}}
    handle({"eventID": "e", "dynamodb": {"SequenceNumber": "1", "Keys": keys}}, EventType.DynamoDBStreams)
    assert json.loads(lines.getvalue())["item"] == keys
