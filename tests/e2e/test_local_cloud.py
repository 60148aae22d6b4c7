"""Frames to alerts through the deployed template: moto for the resources, app.py for the handlers."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from chalicelib.domain.incidents import EventType
from chalicelib.domain.lifecycle import Status
from city.reading import read_pack
from local.city import City, Outcome, running_city
from tests.e2e.conftest import START_UTC, TESTVILLE, ScriptedAnalyser, key_at

pytestmark = pytest.mark.xdist_group("city")

FIRE = "tv-1"
DUPLICATED = "tv-2"
REVERSED = "tv-5"
TROUBLED = "tv-3"
LATER = START_UTC + timedelta(minutes=2)


@pytest.fixture(scope="module")
def outcome() -> Iterator[Outcome]:
    """One city and everything that can befall its frames, so that the rules below are judged on one story."""
    pack = read_pack(TESTVILLE)
    alone = replace(pack, kinds=tuple(replace(one, join_radius_m=0) for one in pack.kinds))
    with running_city(alone, start_utc=START_UTC, parts={"analyser": cache(ScriptedAnalyser)}) as city:
        _put_fire(city, FIRE, (0, 1, 2, 3))
        _put_fire(city, DUPLICATED, (0, 0, 0, 1, 1, 1, 2, 2, 2))
        _put_fire(city, REVERSED, (4, 3, 2, 1, 0))
        city.put(key_at(TROUBLED, 0), b"broken")
        city.put(key_at(TROUBLED, 1), b"stuck")
        city.put(key_at(TROUBLED, 2), b"quiet")
        city.put(key_at("nobodys", 0), b"quiet")
        city.put("frames/no-frame.txt", b"quiet")
        city.settle(LATER)
        yield city.outcome()


def test_every_frame_ends_exactly_once(outcome: Outcome) -> None:
    """Invariant 1: processed, rejected by reason, or dead-lettered; the parts add up to what was put in."""
    frames = outcome.frames
    assert frames.rejected == {"not_an_image": 1, "unknown_camera": 1, "bad_key": 1}
    assert frames.dead_lettered == 1
    assert frames.processed == 4 + 3 + 5 + 1
    assert frames.received == frames.processed + sum(frames.rejected.values()) + frames.dead_lettered


@pytest.mark.parametrize("camera_id", [FIRE, DUPLICATED, REVERSED], ids=["in order", "each three times", "reversed"])
def test_frames_open_one_incident_however_they_arrive(outcome: Outcome, camera_id: str) -> None:
    """Invariant 3: duplicates and disorder neither open a second incident nor tell of one twice."""
    (timeline,) = [timeline for incident, timeline in outcome.incidents if incident.camera_ids == (camera_id,)]
    assert [event.type for event in timeline] == [EventType.OPENED]
    assert [alert["id"] for alert in outcome.alerts if alert["data"]["cameras"] == [camera_id]] == [timeline[0].id]


def test_nothing_else_opens_an_incident(outcome: Outcome) -> None:
    assert Counter(incident.status for incident, _ in outcome.incidents) == {Status.OPEN: 3}


def test_every_alert_reaches_the_units_it_names_and_no_other(outcome: Outcome) -> None:
    """The subscriptions' filters on `units` do the routing, so they must agree with what the incident says."""
    for alert in outcome.alerts:
        assert outcome.received_by[alert["id"]] == tuple(sorted(alert["data"]["units"]))
    (harbour,) = [alert for alert in outcome.alerts if alert["data"]["cameras"] == [REVERSED]]
    assert set(harbour["data"]["units"]) == {"ioc", "fire", "police-harbour"}


def test_alert_names_its_hops_in_the_time_of_the_frames(outcome: Outcome) -> None:
    """The chain's clock follows the capture times, so nothing in a replay bears the laptop's own time."""
    (alert,) = [one for one in outcome.alerts if one["data"]["cameras"] == [FIRE]]
    assert alert["data"]["hops"]["first_captured_at"] == START_UTC.isoformat()
    assert alert["data"]["hops"]["published_at"] == LATER.isoformat()


def _put_fire(city: City, camera_id: str, numbers: tuple[int, ...]) -> None:
    for number in numbers:
        city.put(key_at(camera_id, number), f"fire_smoke {number}".encode())
