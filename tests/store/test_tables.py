"""What else a deployment relies on in the tables: expiry, what the stream is filtered on, failures by their names."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import shake_256

import pytest

from bench.cost.meter import write_units
from chalicelib.domain.cameras import CameraState
from chalicelib.domain.scene_reference import REFERRED, SceneReference, Usual
from chalicelib.domain.stopped import MOST_PLACES, Place
from chalicelib.domain.traffic import LABELS, TrafficStep
from chalicelib.errors import Conflict, Transient
from chalicelib.store.cameras import HEARTBEAT_KEPT, TRACKER_KEPT, DynamoCameraStore
from chalicelib.store.frame_events import parse_timeline_record
from chalicelib.store.incidents import DynamoIncidentStore
from chalicelib.store.rejections import REJECTION_KEPT, DynamoRejectionLog
from tests.store.conftest import Cloud
from tests.store.samples import at, heartbeat, opening, tracker, tracking

pytestmark = pytest.mark.xdist_group("store")

FINGERPRINT_BYTES = 577
"""Samples and two sketches, which a compressor can do as little about as about noise."""


@pytest.mark.parametrize(
    ("table", "write", "kept"),
    [
        pytest.param("cameras", lambda cloud: cloud.cameras.beat(heartbeat()), HEARTBEAT_KEPT, id="a heartbeat"),
        pytest.param(
            "cameras", lambda cloud: cloud.incidents.commit(tracker=tracker()), TRACKER_KEPT, id="an idle tracker"
        ),
        pytest.param(
            "rejections",
            lambda cloud: cloud.rejections.record("key", reason="missing", at_utc=at(0)),
            REJECTION_KEPT,
            id="a rejection",
        ),
    ],
)
def test_a_record_expires_some_time_after_its_last_write(
    cloud: Cloud, table: str, write: Callable[[Cloud], None], kept: timedelta
) -> None:
    before_s = int(time.time())
    write(cloud)
    (item,) = cloud.items(table)
    kept_s = int(item["expires_at"]["N"]) - kept.total_seconds()
    assert before_s <= kept_s <= time.time()


@pytest.mark.parametrize(
    ("places", "units"),
    [
        pytest.param(0, 1, id="of any camera"),
        pytest.param(MOST_PLACES, 2, id="of one that looks for stopped vehicles, on a full road"),
    ],
)
def test_what_the_fullest_heartbeat_is_in_write_units(cloud: Cloud, places: int, units: int) -> None:
    """Each camera writes one a minute, and a kilobyte begun is a write more: what is added must be small."""
    traffic = TrafficStep("bmt-0001", at(0), 5, 1 / 3, dict.fromkeys(LABELS, 123), vehicles_sum=1e3 / 3)
    usual = {f"{kind}@{band}": Usual(-1 / 3 - band / 7, 1234) for kind in REFERRED for band in range(4)}
    since_s = int(at(0).timestamp())
    fullest = replace(
        heartbeat(camera_id="bmt-0001"),
        traffic=traffic,
        fingerprint=shake_256().digest(FINGERPRINT_BYTES),
        normal=SceneReference(usual),
        places=tuple(Place(71 * n, 631 - 13 * n, 77 * n, 733, since_s - 17 * n, since_s) for n in range(places)),
    )
    cloud.cameras.beat(fullest)
    (item,) = cloud.items("cameras")
    assert write_units(item) == units


def test_a_tracker_with_an_open_incident_never_expires_and_is_indexed(cloud: Cloud) -> None:
    change = opening()
    cloud.incidents.commit(change, tracker=tracking(change))
    (item,) = cloud.items("cameras")
    assert "expires_at" not in item
    assert item["tracked"]


def test_a_tracker_without_one_is_not_indexed(cloud: Cloud) -> None:
    cloud.incidents.commit(tracker=tracker())
    assert "tracked" not in cloud.items("cameras")[0]


def test_only_events_carry_what_the_stream_is_filtered_on(cloud: Cloud) -> None:
    change = opening()
    cloud.incidents.commit(change, tracker=tracking(change))
    marks = {item["item"]["S"]: (item.get("type"), item.get("kind")) for item in cloud.items("incidents")}
    assert marks == {"incident": (None, None), "event#000001": ({"S": "opened"}, {"S": "flood"})}


def test_only_the_event_in_the_stream_is_told(cloud: Cloud) -> None:
    change = opening()
    cloud.incidents.commit(change, tracker=tracking(change))
    told = {item["item"]["S"]: parse_timeline_record(item) for item in cloud.items("incidents")}
    assert told == {"incident": None, "event#000001": change.event}


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda: DynamoCameraStore("gone").load("cam-1"), id="load"),
        pytest.param(lambda: DynamoCameraStore("gone").beat(heartbeat()), id="beat"),
        pytest.param(lambda: list(DynamoCameraStore("gone").tracked_incidents()), id="list tracked"),
        pytest.param(lambda: DynamoIncidentStore("gone", "gone").commit(tracker=tracker()), id="commit a tracker"),
        pytest.param(
            lambda: DynamoIncidentStore("gone", "gone").commit(opening(), tracker=tracking(opening())),
            id="commit a change",
        ),
        pytest.param(lambda: DynamoIncidentStore("gone", "gone").get("one"), id="get"),
        pytest.param(lambda: DynamoIncidentStore("gone", "gone").timeline("one"), id="timeline"),
        pytest.param(lambda: DynamoIncidentStore("gone", "gone").newest(), id="newest"),
        pytest.param(
            lambda: DynamoRejectionLog("gone").record("key", reason="missing", at_utc=at(0)), id="record a rejection"
        ),
    ],
)
def test_a_table_that_fails_is_transient_and_keeps_the_code(cloud: Cloud, ask: Callable[[], object]) -> None:
    with pytest.raises(Transient, match="ResourceNotFoundException") as failure:
        ask()
    assert not isinstance(failure.value, Conflict)


def test_more_than_a_page_of_trackers_is_loaded(cloud: Cloud) -> None:
    """DynamoDB answers a query with at most a megabyte at a time."""
    large = [replace(tracker(subject=f"{number:02d}"), incident_id="x" * 60_000) for number in range(30)]
    for one in large:
        cloud.incidents.commit(tracker=one)
    state = cloud.cameras.load("cam-1")
    assert state == CameraState(trackers=tuple(replace(one, version=1) for one in large))
    assert len(list(cloud.cameras.tracked_incidents())) == len(large)
