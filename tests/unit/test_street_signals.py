"""Boxes add kinds where a profile asks for them, at its hours, and take a jam back whose vehicles drive."""

from dataclasses import replace
from datetime import time

import pytest

from chalicelib.domain.city import CameraProfile, CrowdLimit, Hours, Mask, Schedule
from chalicelib.domain.observations import Observation
from chalicelib.domain.signals import Reading, Signal
from chalicelib.domain.stopped import Place
from chalicelib.domain.street_signals import with_street
from tests.unit.street import ALL, START, STREET, box, frame

JAM = Reading((Signal("congestion", 0.9), Signal("flood", 0.9)), frozenset({"congestion", "flood"}))
NOTHING = Reading((), frozenset({"flood"}))
WRECK = box(500)
HERE = Place(500, 500, 600, 600, int(START.timestamp()) - 400, int(START.timestamp()) - 20)
PEOPLE = [box(100, 800), box(300, 800), box(600, 800)]
NIGHT = (Hours(time(22), time(5)),)


def read(now: Observation, profile: CameraProfile = STREET, *, reading: Reading = NOTHING) -> Reading:
    return with_street(reading, now, profile, places=(HERE,), local=START)


@pytest.mark.parametrize(
    ("standing", "kinds"),
    [
        pytest.param(None, {"congestion", "flood"}, id="nobody knows who stands"),
        pytest.param(0.5, {"congestion", "flood"}, id="half of them stand"),
        pytest.param(0.1, {"flood"}, id="nearly all drive"),
    ],
)
def test_a_jam_needs_standing_vehicles_where_that_is_known(standing: float | None, kinds: set[str]) -> None:
    reading = read(frame(0, standing=standing), reading=JAM)
    assert {one.kind for one in reading.positives} == kinds
    assert "congestion" in reading.looked_for


def test_a_stopped_vehicle_is_named_and_has_a_place() -> None:
    (signal,) = read(frame(0, [WRECK])).positives
    assert (signal.kind, signal.label, signal.score, signal.spot_rel) == ("stopped_vehicle", "car", 0.9, (0.55, 0.6))


@pytest.mark.parametrize(
    ("people", "crowd", "is_crowd"),
    [
        pytest.param(PEOPLE, CrowdLimit(3), True, id="as many as the limit"),
        pytest.param(PEOPLE[:2], CrowdLimit(3), False, id="fewer"),
        pytest.param(PEOPLE, CrowdLimit(3, ((0, 0), (0.5, 0), (0.5, 1), (0, 1))), False, id="not all in the zone"),
    ],
)
def test_a_crowd_is_people_in_a_zone(people: list[tuple[float, ...]], crowd: CrowdLimit, *, is_crowd: bool) -> None:
    reading = read(frame(0, people=people), replace(STREET, crowd=crowd))  # type: ignore[arg-type]
    assert [one.kind for one in reading.positives] == (["crowd"] if is_crowd else [])
    assert "crowd" in reading.looked_for


def test_a_crowd_stands_in_its_midst() -> None:
    (signal,) = read(frame(0, people=PEOPLE)).positives
    assert signal.spot_rel == (0.35, 0.9)
    assert signal.score == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("now", "profile", "looked_for"),
    [
        pytest.param(frame(0), STREET, {"stopped_vehicle", "crowd"}, id="what the profile asks for"),
        pytest.param(frame(0), CameraProfile("plain", vehicles=True), set(), id="nothing by default"),
        pytest.param(frame(0, occupancy=0.6), STREET, {"crowd"}, id="in a jam no vehicle is called stopped or not"),
        pytest.param(replace(frame(0), traffic=None), STREET, set(), id="nothing through a covered lens"),
        pytest.param(
            frame(0),
            replace(STREET, schedules=(Schedule(("crowd",), NIGHT),)),
            {"stopped_vehicle"},
            id="not outside its hours",
        ),
    ],
)
def test_only_what_was_looked_for_can_be_quiet(now: Observation, profile: CameraProfile, looked_for: set[str]) -> None:
    assert read(now, profile).looked_for == {"flood", *looked_for}


def test_masked_people_are_nobodys_business() -> None:
    assert not read(frame(0, people=PEOPLE), replace(STREET, masks=(Mask(ALL, ("crowd",)),))).positives
