"""Who stands is told by the frame just before, and by nothing else."""

from dataclasses import replace

import pytest

from chalicelib.domain.city import Mask
from chalicelib.domain.observations import Observation
from chalicelib.domain.stillness import with_stillness
from tests.unit.street import ALL, STREET, box, frame

ROW = [box(500, y) for y in (200, 300, 400)]


def standing(now: Observation, before: Observation | None) -> float | None:
    seen = with_stillness(now, before, STREET)
    assert seen.traffic is not None
    return seen.traffic.standing


@pytest.mark.parametrize(
    ("before", "now", "share"),
    [
        pytest.param(frame(0, ROW), frame(2, ROW), 1.0, id="all stand"),
        pytest.param(frame(0, ROW), frame(2, [box(508, y) for y in (200, 300, 400)]), 1.0, id="a box wavers a little"),
        pytest.param(frame(0, [box(500)]), frame(2, [box(540)]), 0.0, id="one that moved by half its length drives"),
        pytest.param(frame(0, ROW), frame(2, [*ROW, box(0)]), 0.75, id="a share of them"),
        pytest.param(frame(0, []), frame(2, ROW), 0.0, id="who wasn't there came"),
        pytest.param(frame(0, people=ROW), frame(2, ROW), 0.0, id="a person before was no vehicle"),
        pytest.param(frame(0, ROW), frame(2, []), None, id="of no vehicle nothing is known"),
        pytest.param(None, frame(2, ROW), None, id="nor of a frame alone"),
        pytest.param(frame(0, ROW), frame(3, ROW), None, id="nor of frames too far apart"),
        pytest.param(frame(2, ROW), frame(0, ROW), None, id="nor of one that was taken later"),
        pytest.param(frame(0, ROW), frame(0, ROW), None, id="nor of the same frame"),
        pytest.param(replace(frame(0, ROW), image_wh=(500, 500)), frame(2, ROW), None, id="nor of another size"),
        pytest.param(replace(frame(0), traffic=None), frame(2, ROW), None, id="nor after a covered lens"),
    ],
)
def test_the_share_that_stands(before: Observation | None, now: Observation, share: float | None) -> None:
    assert standing(now, before) == share


def test_where_it_is_known_only_standing_vehicles_are_a_queue() -> None:
    rolls = with_stillness(frame(2, [box(500, y) for y in (250, 350, 450)]), frame(0, ROW), STREET)
    stands = with_stillness(frame(2, ROW), frame(0, ROW), STREET)
    assert rolls.traffic is not None
    assert stands.traffic is not None
    assert rolls.traffic.zones["north"].queue == 0.0
    assert stands.traffic.zones["north"].queue == pytest.approx(0.3)


def test_masked_vehicles_tell_nothing() -> None:
    parked = replace(STREET, masks=(Mask(ALL, ("congestion",)),))
    seen = with_stillness(frame(2, ROW), frame(0, ROW), parked)
    assert seen == frame(2, ROW)
