"""What queue messages of S3 and stream records of DynamoDB say."""

import json
from typing import Any

import pytest

from chalicelib.errors import InvalidInput
from chalicelib.store.frame_events import parse_frame_message, parse_timeline_record


def record(key: str, size: int | None = 7, *, event: str = "ObjectCreated:Put") -> dict[str, Any]:
    thing = {"key": key, "eTag": "0", "sequencer": "0"} | ({} if size is None else {"size": size})
    return {"eventVersion": "2.1", "eventName": event, "s3": {"bucket": {"name": "frames"}, "object": thing}}


def message(*records: dict[str, Any]) -> str:
    return json.dumps({"Records": records})


TEST_EVENT = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "frames"})


@pytest.mark.parametrize(
    ("body", "objects"),
    [
        pytest.param(message(record("a.jpg")), (("a.jpg", 7),), id="one object"),
        pytest.param(message(record("a", 1), record("b", 2)), (("a", 1), ("b", 2)), id="several in order"),
        pytest.param(message(record("cam+1%2Fa%2Bb.jpg")), (("cam 1/a+b.jpg", 7),), id="a key encoded for URLs"),
        pytest.param(message(record("ph%C6%B0%E1%BB%9Dng")), (("phường", 7),), id="letters outside ASCII"),
        pytest.param(
            message(record("a", event="ObjectCreated:CompleteMultipartUpload")), (("a", 7),), id="a multipart upload"
        ),
        pytest.param(
            message(record("a", None, event="ObjectRemoved:Delete"), record("b")),
            (("b", 7),),
            id="removals don't count",
        ),
        pytest.param(message(), (), id="no records"),
        pytest.param(TEST_EVENT, (), id="the test event of a new notification"),
    ],
)
def test_a_message_tells_what_was_created(body: str, objects: tuple[tuple[str, int], ...]) -> None:
    assert parse_frame_message(body) == objects


@pytest.mark.parametrize(
    ("body", "place"),
    [
        pytest.param("", "''", id="empty"),
        pytest.param("{", "''", id="no JSON"),
        pytest.param("[]", "''", id="no object"),
        pytest.param("{}", "neither records", id="neither records nor test event"),
        pytest.param('{"Event": "s3:Other"}', "neither records", id="another event"),
        pytest.param('{"Records": 1}', "Records", id="records that are none"),
        pytest.param('{"Records": [{"eventName": "ObjectCreated:Put"}]}', "Records.0.s3", id="a record without object"),
        pytest.param(message(record("a", "many")), "object.size", id="a size that is no number"),  # type: ignore[arg-type]
    ],
)
def test_a_malformed_message_is_refused_with_its_place(body: str, place: str) -> None:
    with pytest.raises(InvalidInput, match=place):
        parse_frame_message(body)


@pytest.mark.parametrize(
    "image",
    [
        pytest.param({}, id="empty"),
        pytest.param({"item": {"S": "event#000001"}}, id="an event without document"),
        pytest.param({"item": {"S": "incident"}, "document": {"S": "{}"}}, id="an incident"),
    ],
)
def test_an_image_that_is_no_event_is_none(image: dict[str, Any]) -> None:
    assert parse_timeline_record(image) is None


def test_an_event_that_does_not_hold_is_refused() -> None:
    with pytest.raises(InvalidInput, match="TimelineEvent"):
        parse_timeline_record({"item": {"S": "event#000001"}, "document": {"S": "{}"}})
