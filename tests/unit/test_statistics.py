"""What is counted, and how long things took, on made-up incidents."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.incidents import Handling, Incident, Reason, Review
from chalicelib.domain.lifecycle import Status
from chalicelib.domain.statistics import Dismissed, Spread, Statistics, statistics
from tests.unit.happenings import START, opened

DAY = timedelta(days=1)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def flood(handling: Handling | None = None, **changes: Any) -> Incident:
    return replace(opened("flood").incident, handling=handling or Handling(), **changes)


def count(*incidents: Incident) -> Statistics:
    return statistics(incidents, from_utc=START, until_utc=START + DAY)


def acknowledged(seconds: float) -> Incident:
    return flood(Handling("olga", after(seconds)), status=Status.ACKNOWLEDGED)


def test_nothing_is_nothing_and_has_no_times() -> None:
    assert count() == Statistics(0, {}, {}, {}, None, None, 0, ())


def test_incident_counts_at_its_kind_its_area_and_each_of_its_units() -> None:
    jam = opened("congestion").incident
    counted = count(flood(), flood(), jam)
    assert counted.incidents == 3
    assert list(counted.by_kind.items()) == [("flood", 2), ("congestion", 1)]
    assert counted.by_area == {"new-town": 3}
    assert counted.by_unit == {"ioc": 3, "services": 3}


@pytest.mark.parametrize(
    ("opened_s", "counts"),
    [
        pytest.param(-1, False, id="before"),
        pytest.param(0, True, id="at the beginning"),
        pytest.param(86_399, True, id="at last"),
        pytest.param(86_400, False, id="at the end"),
    ],
)
def test_time_holds_its_beginning_and_not_its_end(opened_s: float, *, counts: bool) -> None:
    assert count(flood(opened_at_utc=after(opened_s))).incidents == counts


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"exercise": True}, id="an exercise"),
        pytest.param({"children": ("a", "b")}, id="what stands for others that are counted"),
        pytest.param({"status": Status.AWAITING_CONFIRMATION, "last_told": None}, id="a candidate that waits"),
    ],
)
def test_what_counts_nowhere(changes: dict[str, Any]) -> None:
    assert count(flood(**changes)) == count()


@pytest.mark.parametrize(
    ("seconds", "spread"),
    [
        pytest.param([30], Spread(1, 30, 30), id="one"),
        pytest.param([10, 40], Spread(2, 25, 40), id="two"),
        pytest.param(range(1, 11), Spread(10, 5.5, 9), id="ten: the ninth"),
        pytest.param(range(1, 12), Spread(11, 6, 10), id="eleven: the tenth, for nine would be too few"),
        pytest.param([-5], Spread(1, 0, 0), id="by a clock that is late"),
    ],
)
def test_middle_and_ninth_of_ten(seconds: list[float], spread: Spread) -> None:
    assert count(*map(acknowledged, seconds)).to_acknowledge == spread


def test_only_what_was_resolved_took_time_to_resolve() -> None:
    over = flood(Handling(ended_at_utc=after(90)), status=Status.RESOLVED)
    none = flood(Handling(ended_at_utc=after(5), dismissed_because=Reason.DUPLICATE), status=Status.DISMISSED)
    assert count(over, none, flood()).to_resolve == Spread(1, 90, 90)


def test_nobody_is_late_while_people_had_to_confirm_it() -> None:
    reviews = (Review("rosa", after(60), confirmed=True), Review("rudi", after(600), confirmed=True))
    candidate = flood(Handling("olga", after(630), reviews=reviews), status=Status.ACKNOWLEDGED)
    assert count(candidate).to_acknowledge == Spread(1, 30, 30)


@pytest.mark.parametrize(
    ("handling", "status", "unanswered"),
    [
        pytest.param(Handling(), Status.OPEN, 0, id="there is still time"),
        pytest.param(Handling(level=1), Status.OPEN, 1, id="it climbed"),
        pytest.param(Handling(level=1), Status.RESOLVED, 1, id="it climbed and went away by itself"),
        pytest.param(Handling("olga", START, level=1), Status.ACKNOWLEDGED, 0, id="somebody answered late"),
        pytest.param(Handling(level=1), Status.DISMISSED, 0, id="somebody answered that it is none"),
    ],
)
def test_unanswered_is_what_climbed_and_nobody_acknowledged(
    handling: Handling, status: Status, unanswered: int
) -> None:
    assert count(flood(handling, status=status)).unanswered == unanswered


def test_dismissed_ones_count_by_camera_and_reason_the_worst_first() -> None:
    false_alarm = Handling(dismissed_because=Reason.FALSE_ALARM)
    one = flood(false_alarm, status=Status.DISMISSED, camera_ids=("a",))
    two = flood(false_alarm, status=Status.DISMISSED, camera_ids=("a", "b"))
    works = flood(Handling(dismissed_because=Reason.PLANNED_WORKS), status=Status.DISMISSED, camera_ids=("a",))
    assert count(works, one, two, flood(camera_ids=("a",))).dismissed == (
        Dismissed("a", Reason.FALSE_ALARM, 2),
        Dismissed("a", Reason.PLANNED_WORKS, 1),
        Dismissed("b", Reason.FALSE_ALARM, 1),
    )
