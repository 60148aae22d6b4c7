"""The bench of speed and its guard: a slow work is caught, a busy machine isn't, and who can't race is named."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from bench.speed import guard
from bench.speed.guard import Check, ratio
from bench.speed.pictures import saved
from bench.speed.quiet import time_quiet
from bench.speed.race import Contestant, race, running
from bench.speed.search import random_units, seen_again
from tests.unit.happenings import PACK

HERE = Path(sys.executable)


def measured(*works_ms: float) -> Iterator[Mapping[str, float]]:
    """What a try after the other measures, the reference always 10 ms."""
    return iter([{"work": ms, "reference": 10.0} for ms in works_ms])


@pytest.mark.parametrize(
    ("works_ms", "expected"),
    [
        pytest.param((9.0,), 0.9, id="quick at once"),
        pytest.param((30.0, 11.0), 1.1, id="disturbed at first"),
        pytest.param((30.0, 25.0, 28.0), 2.5, id="slow at every try"),
    ],
)
def test_a_work_is_slow_only_if_it_is_so_at_every_try(
    works_ms: tuple[float, ...], expected: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = measured(*works_ms)
    monkeypatch.setattr(guard, "interleaved_ms", lambda *_args, **_options: next(tries))
    assert ratio(Check("work", int, int, limit=1.5)) == pytest.approx(expected)
    assert list(tries) == []


def test_work_that_takes_ten_times_its_reference_is_caught() -> None:
    """With real clocks, far from the limit."""
    slow = Check("slow", lambda: sum(range(300_000)), lambda: sum(range(30_000)), limit=2.0)
    assert ratio(slow, rounds=5) > 2


@pytest.mark.parametrize(
    ("contestant", "reason"),
    [
        pytest.param(Contestant("x", "faiss_search", Path("no/python")), "no virtual environment", id="no interpreter"),
        pytest.param(Contestant("x", "no_such_peer", HERE), "No module named", id="no package"),
    ],
)
def test_who_cannot_race_is_left_out_with_a_reason(contestant: Contestant, reason: str) -> None:
    with running([contestant]) as (runners, missing):
        told = missing.get("x") or runners[0].prepare()
    assert told is not None
    assert reason in told


def test_a_race_gives_the_median_and_what_was_found(tmp_path: Path) -> None:
    """In a process of its own, through the same orders as every peer."""
    templates = random_units(50, seed=1)
    data = saved(seen_again(templates[:2]), tmp_path, "queries")
    with running([Contestant("ours", "matpho_search", HERE)]) as (runners, _missing):
        assert runners[0].prepare(saved(templates, tmp_path, "list")) is None
        result = race(runners, data, rounds=2, times=3)["ours"]
    assert result.rows == [[0.0], [1.0]]
    assert 0 < result.ms < 1000


def test_templates_seen_again_are_unit_rows_near_themselves_and_nobody_else() -> None:
    templates = random_units(100, seed=1)
    again = seen_again(templates)
    np.testing.assert_allclose(np.linalg.norm(again, axis=1), 1, atol=1e-5)
    assert ((again @ templates.T > 0.45) == np.eye(100, dtype=bool)).all()


def test_quiet_frames_write_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant 2, as the bench counts it."""
    monkeypatch.setattr("bench.speed.quiet.CAMERAS", (1,))
    monkeypatch.setattr("bench.speed.quiet.LISTS", (10,))
    told = time_quiet(PACK, rounds=1)
    assert told["writes"] == 0
    assert told["cameras"]["1"] > 0
