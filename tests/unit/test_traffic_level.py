"""A road's level follows its occupancy, but a road at the edge of one doesn't flap."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.traffic import STEP, TrafficStep
from chalicelib.domain.traffic_level import Level, leveled, next_level

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def steps(*occupancies: float | None) -> list[TrafficStep]:
    """Five minutes after one another; None is five minutes without a sample."""
    return [
        TrafficStep("tv-1", START + place * STEP, 2, 2 * occupancy, {})
        for place, occupancy in enumerate(occupancies)
        if occupancy is not None
    ]


@pytest.mark.parametrize(
    ("before", "occupancy", "level"),
    [
        pytest.param(None, 0.1, Level.FREE, id="a free road at first"),
        pytest.param(None, 0.25, Level.SLOW, id="a slow one from a quarter on"),
        pytest.param(None, 0.45, Level.JAM, id="a jam at once"),
        pytest.param(Level.SLOW, 0.21, Level.SLOW, id="slow stays slow a little below"),
        pytest.param(Level.SLOW, 0.19, Level.FREE, id="and is free further below"),
        pytest.param(Level.JAM, 0.41, Level.JAM, id="a jam stays one a little below"),
        pytest.param(Level.JAM, 0.39, Level.SLOW, id="and is slow further below"),
        pytest.param(Level.JAM, 0.21, Level.SLOW, id="what was fuller also leaves slow late"),
        pytest.param(Level.JAM, 0.0, Level.FREE, id="an empty road is free whatever it was"),
        pytest.param(Level.SLOW, 0.44, Level.SLOW, id="slow is no jam before its limit"),
    ],
)
def test_a_level_is_left_later_than_reached(before: Level | None, occupancy: float, level: Level) -> None:
    assert next_level(before, occupancy) is level


@pytest.mark.parametrize(
    ("standing", "level"),
    [
        pytest.param(None, Level.JAM, id="unknown does no harm"),
        pytest.param(0.5, Level.JAM, id="half of them stand"),
        pytest.param(0.1, Level.SLOW, id="nearly all drive"),
    ],
)
def test_a_jam_needs_vehicles_that_stand_where_that_is_known(standing: float | None, level: Level) -> None:
    assert next_level(None, 0.6, standing=standing) is level
    step = TrafficStep("tv-1", START, 2, 1.2, {}, standing_sum=standing or 0, standing_samples=standing is not None)
    assert [one.level for one in leveled([step])] == [level]


def test_a_level_lasts_from_its_first_step_to_the_end_of_its_last() -> None:
    *_, jam = leveled(steps(0.1, 0.5, 0.42, 0.6))
    assert (jam.level, jam.since_utc, jam.lasted) == (Level.JAM, START + STEP, timedelta(minutes=15))


def test_a_gap_forgets_what_was_before() -> None:
    after_gap = list(leveled(steps(0.5, None, 0.42)))[-1]
    assert (after_gap.level, after_gap.lasted) == (Level.SLOW, STEP)
