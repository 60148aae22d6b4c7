"""The box's clock is put right by the servers', and by nothing else."""

from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest

from edge.matpho_edge.clock import CheckedClock
from tests.edge.cloud import START, Clock


def answer(off_s: float) -> httpx.Response:
    return httpx.Response(200, headers={"Date": format_datetime(START + timedelta(seconds=off_s), usegmt=True)})


@pytest.mark.parametrize("off_s", [-3600, -6, 6, 40 * 365 * 86400])
def test_a_clock_that_is_off_is_corrected(clock: Clock, off_s: float) -> None:
    checked = CheckedClock(5, clock.now)
    checked.hear(answer(off_s))
    clock.passed_s = 10
    assert checked() == START + timedelta(seconds=off_s + 10)
    assert checked.correction_s == off_s


@pytest.mark.parametrize(
    "heard",
    [
        pytest.param(answer(4), id="a date that came late"),
        pytest.param(httpx.Response(200), id="no date"),
        pytest.param(httpx.Response(200, headers={"Date": "yesterday"}), id="no date that can be read"),
        pytest.param(httpx.Response(200, headers={"Date": "Sun, 99 Mar 2026 08:00:00 GMT"}), id="a day that isn't"),
    ],
)
def test_a_clock_that_is_right_is_left_alone(clock: Clock, heard: httpx.Response) -> None:
    checked = CheckedClock(5, clock.now)
    checked.hear(heard)
    assert checked() == START


def test_a_clock_that_was_set_right_meanwhile_is_no_longer_corrected(clock: Clock) -> None:
    checked = CheckedClock(5, clock.now)
    checked.hear(answer(3600))
    clock.passed_s = 3600
    checked.hear(answer(3600))
    assert checked.correction_s == 0
