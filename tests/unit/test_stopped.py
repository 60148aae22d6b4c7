"""A vehicle that stays where it is on a road that flows is noticed after its time, and nothing else is."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from chalicelib.domain.city import CameraProfile, Mask
from chalicelib.domain.observations import Observation
from chalicelib.domain.stopped import MOST_PLACES, Place, remember, stopped_vehicle
from chalicelib.store.documents import Document
from tests.unit.street import ALL, STREET, box, frame

WRECK = box(500)
PARKED = [box(0), box(150), box(300)]


def places(*beats: Observation, profile: CameraProfile = STREET) -> tuple[Place, ...]:
    known: tuple[Place, ...] = ()
    for beat in beats:
        known = remember(known, beat, profile)
    return known


def minutes(count: int, *boxes: Sequence[tuple[float, float, float, float]]) -> list[Observation]:
    """A beat a minute; the boxes are those of each minute in turn, over and over."""
    return [frame(60 * n, boxes[n % len(boxes)]) for n in range(count)]


@pytest.mark.parametrize(
    ("beats", "now", "stood_s"),
    [
        pytest.param(minutes(5, [WRECK]), frame(299, [WRECK]), None, id="not yet five minutes"),
        pytest.param(minutes(5, [WRECK]), frame(300, [WRECK]), 300, id="five minutes"),
        pytest.param(minutes(5, [WRECK], [box(505, 502)]), frame(300, [WRECK]), 300, id="its box wavers"),
        pytest.param(minutes(5, [WRECK]), frame(300, [box(700)]), None, id="it has gone"),
        pytest.param(minutes(5, [WRECK]), frame(300, [WRECK, box(100), box(250)]), 300, id="others pass"),
        pytest.param(minutes(5, [WRECK], [box(600)]), frame(300, [WRECK]), None, id="seen at one beat in two: a queue"),
        pytest.param(
            [*minutes(3, [WRECK]), frame(180), *(frame(60 * n, [WRECK]) for n in (4, 5))],
            frame(310, [WRECK]),
            310,
            id="hidden at one beat",
        ),
        pytest.param(
            [*minutes(2, [WRECK]), *(frame(60 * n) for n in (2, 3, 4)), frame(300, [WRECK])],
            frame(310, [WRECK]),
            None,
            id="gone for minutes",
        ),
        pytest.param(minutes(6, [WRECK]), frame(900, [WRECK]), None, id="the camera was silent since"),
        pytest.param(
            minutes(6, [box(200 * n) for n in range(5)]),
            frame(310, [box(200 * n) for n in range(5)]),
            None,
            id="many that stand as long are parked",
        ),
        pytest.param(minutes(181, [WRECK]), frame(10_810, [WRECK]), None, id="for hours: it is parked"),
        pytest.param(
            [*minutes(181, PARKED), *(frame(60 * n, [*PARKED, WRECK]) for n in range(181, 187))],
            frame(60 * 186, [*PARKED, WRECK]),
            300,
            id="beside three that are parked",
        ),
        pytest.param(
            [*minutes(4, [WRECK]), frame(240, [WRECK], occupancy=0.6), frame(300, [WRECK])],
            frame(310, [WRECK]),
            None,
            id="a jam in between begins anew",
        ),
        pytest.param(minutes(6, [WRECK]), frame(310, [WRECK], occupancy=0.6), None, id="in a jam nobody can tell"),
    ],
)
def test_how_long_one_has_stood(beats: list[Observation], now: Observation, stood_s: float | None) -> None:
    found = stopped_vehicle(places(*beats), now, STREET)
    assert (found and found[1].total_seconds()) == stood_s


@pytest.mark.parametrize(
    "profile",
    [
        pytest.param(replace(STREET, stopped_after_s=0), id="where it isn't looked for"),
        pytest.param(replace(STREET, masks=(Mask(ALL, ("stopped_vehicle",)),)), id="in a mask of the kind"),
        pytest.param(replace(STREET, road_zone_rel=((0, 0), (0.2, 0), (0.2, 0.2))), id="beside the road"),
    ],
)
def test_nothing_is_remembered(profile: CameraProfile) -> None:
    assert places(*minutes(6, [WRECK]), profile=profile) == ()


def test_memory_stays_small_and_keeps_who_stood_longest() -> None:
    """A kilobyte begun is a write more, a camera and minute."""
    crowd = [box(90 * n, side=60) for n in range(10)] + [box(90 * n, 700, side=60) for n in range(10)]
    known = places(frame(0, [WRECK]), frame(60, [WRECK, *crowd]), frame(120, [WRECK, *crowd]))
    assert len(known) == MOST_PLACES
    assert known[0].box == WRECK
    assert len(Document(tuple[Place, ...]).dump(known)) < 40 * MOST_PLACES
