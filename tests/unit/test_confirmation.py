"""Repeated positives become one incident and lasting quiet ends it, in whatever order and number frames arrive."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from chalicelib.domain.city import KindPolicy
from chalicelib.domain.confirmation import Sighting, Tracker, Verdict, step

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
POLICY = KindPolicy("flood", "Ngập", "Flood", "severe", positives=3, of_frames=5, window_s=60, hold_s=120)
EMPTY = Tracker("cam-1", "flood")


def sighting(at_s: float, *, positive: bool = True) -> Sighting:
    at = START + timedelta(seconds=at_s)
    return Sighting(at, 0, positive, 0.9 if positive else 0.1, f"frames/{at_s}", "00")


def feed(tracker: Tracker, *sightings: Sighting, policy: KindPolicy = POLICY) -> tuple[Tracker, list[Verdict]]:
    """Give sightings one by one, opening an incident when asked to, as the flow does."""
    verdicts = []
    for one in sightings:
        tracker, verdict = step(tracker, one, policy)
        if verdict is Verdict.OPEN:
            tracker = replace(tracker, incident_id="incident")
        verdicts.append(verdict)
    return tracker, verdicts


@pytest.mark.parametrize(
    ("pattern", "opens"),
    [
        pytest.param("+++", True, id="three in a row open"),
        pytest.param("++", False, id="two do not"),
        pytest.param("+-+-+", True, id="three of five open"),
        pytest.param("+--+--+", False, id="three of seven do not"),
        pytest.param("-----", False, id="quiet stays quiet"),
    ],
)
def test_three_of_five_positives_open(pattern: str, opens: bool) -> None:  # noqa: FBT001
    _, verdicts = feed(EMPTY, *(sighting(5 * n, positive=sign == "+") for n, sign in enumerate(pattern)))
    assert (Verdict.OPEN in verdicts) is opens


def test_several_frames_that_were_judged_together_open_by_themselves() -> None:
    _, verdicts = feed(EMPTY, sighting(0, positive=False), replace(sighting(5), confirms=True))
    assert verdicts == [Verdict.WAIT, Verdict.OPEN]


def test_positives_further_apart_than_the_window_do_not_confirm_each_other() -> None:
    _, verdicts = feed(EMPTY, sighting(0), sighting(50), sighting(100))
    assert Verdict.OPEN not in verdicts


@pytest.mark.parametrize(
    ("at_s", "opens"),
    [
        pytest.param((0, 5, 10, 15, 19), False, id="many at once count as one"),
        pytest.param((0, 5, 20, 25, 40), True, id="those far enough apart count"),
        pytest.param((40, 0, 20), True, id="in any order"),
    ],
)
def test_frames_closer_than_apart_s_count_once(at_s: tuple[float, ...], *, opens: bool) -> None:
    _, verdicts = feed(EMPTY, *(sighting(one) for one in at_s), policy=replace(POLICY, apart_s=20))
    assert (Verdict.OPEN in verdicts) is opens


def test_a_repeated_frame_counts_once() -> None:
    once, _ = feed(EMPTY, sighting(0))
    again, verdicts = feed(once, sighting(0), sighting(0))
    assert again is once
    assert verdicts == [Verdict.WAIT, Verdict.WAIT]


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_frames_confirm_in_every_order_of_arrival(order: tuple[int, ...]) -> None:
    tracker, verdicts = feed(EMPTY, *(sighting(5 * n) for n in order))
    assert verdicts.count(Verdict.OPEN) == 1
    assert [one.captured_at_utc for one in tracker.recent] == [START + timedelta(seconds=5 * n) for n in range(3)]


def test_a_positive_grows_an_open_incident_and_a_negative_leaves_no_trace() -> None:
    opened, _ = feed(EMPTY, sighting(0), sighting(5), sighting(10))
    grown, verdicts = feed(opened, sighting(15))
    assert verdicts == [Verdict.GROW]
    quiet, verdicts = feed(grown, sighting(20, positive=False))
    assert quiet is grown
    assert verdicts == [Verdict.WAIT]


@pytest.mark.parametrize(("quiet_s", "verdict"), [(119, Verdict.WAIT), (120, Verdict.END)])
def test_an_incident_ends_after_its_hold_time_without_a_positive(quiet_s: float, verdict: Verdict) -> None:
    opened, _ = feed(EMPTY, sighting(0), sighting(5), sighting(10))
    assert feed(opened, sighting(10 + quiet_s, positive=False))[1] == [verdict]


def test_a_forgotten_positive_leaves_an_idle_tracker_that_quiet_frames_do_not_touch() -> None:
    tracker, _ = feed(EMPTY, sighting(0), *(sighting(5 * n, positive=False) for n in range(1, 6)))
    assert not tracker.is_active
    assert feed(tracker, sighting(0))[0] is tracker
