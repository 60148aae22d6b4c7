"""Silent cameras are offline, those at fault are trusted less, and what they missed is counted by ward."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.blindness import BlindTime, blind_times, minutes_by_area, offline, to_csv
from chalicelib.domain.cameras import Heartbeat
from chalicelib.domain.kinds import CAMERA_FAULT
from tests.unit.chain import Chain

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def heard(**minutes_ago: float) -> dict[str, Heartbeat]:
    return {
        camera: Heartbeat(camera, NOW - timedelta(minutes=minutes), b"", NOW) for camera, minutes in minutes_ago.items()
    }


def test_a_camera_is_offline_once_it_was_silent_for_five_minutes() -> None:
    known = heard(live=0, dropped_for_a_moment=4.9, silent=5, ahead=-3)
    assert offline([*known, "never_heard_of"], known, at_utc=NOW) == ("silent",)


def test_a_camera_that_sends_seldom_may_be_given_longer() -> None:
    known = heard(seldom=20)
    assert offline(known, known, at_utc=NOW, after=timedelta(minutes=30)) == ()


def test_minutes_add_up_by_ward_the_worst_first() -> None:
    times = [BlindTime("a", "North", 10), BlindTime("b", "South", 30), BlindTime("c", "North", 5)]
    assert list(minutes_by_area(times).items()) == [("South", 30), ("North", 15)]
    assert to_csv(times).decode("utf-8-sig").splitlines()[1:] == [
        "a,North,10",
        "b,South,30",
        "c,North,5",
        ",South,30",
        ",North,15",
    ]


@pytest.mark.parametrize(
    ("kind", "from_minute", "until_minute", "minutes"),
    [
        pytest.param(CAMERA_FAULT, -60, 60, [5], id="a fault within the span"),
        pytest.param(CAMERA_FAULT, 2, 60, [3], id="one that began before it"),
        pytest.param(CAMERA_FAULT, -60, 1, [1], id="one that ended after it"),
        pytest.param(CAMERA_FAULT, 10, 60, [], id="one that was over by then"),
        pytest.param("flood", -60, 60, [], id="no fault at all"),
    ],
)
def test_only_what_was_blind_within_the_span_counts(
    kind: str, from_minute: int, until_minute: int, minutes: list[int]
) -> None:
    chain = Chain()
    chain.deliver(*(chain.put(10 * number, "flood", camera_id="tv-1") for number in range(13)))
    chain.deliver(chain.put(2000, "", camera_id="tv-1"))
    (ended,) = chain.incidents
    start = ended.first_seen_utc
    fault = replace(ended, kind=kind, last_seen_utc=start + timedelta(minutes=5))
    span = (start + timedelta(minutes=minute) for minute in (from_minute, until_minute))
    times = blind_times([fault], chain.pack, from_utc=next(span), until_utc=next(span))
    assert [time.minutes for time in times] == minutes
