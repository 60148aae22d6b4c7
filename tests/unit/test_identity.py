"""One person over several frames: lower thresholds for means, at no more false alerts; posters are told from people."""

from datetime import UTC, datetime, timedelta
from statistics import NormalDist

import numpy as np
import pytest

from chalicelib.domain.identity import CORRELATION, BurstThresholds, Look, burst_thresholds, passes, stands_still

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


NORMAL = NormalDist(0, 0.1)
THRESHOLDS = BurstThresholds(single=0.5, mean=0.4, looks=3)


def threshold_at(budget: float) -> float:
    """Strangers in a bell, one look a day."""
    return NORMAL.inv_cdf(1 - budget)


def test_a_burst_asks_for_less_than_a_look() -> None:
    thresholds = burst_thresholds(threshold_at, 0.01)
    assert thresholds.mean < threshold_at(0.01) < thresholds.single
    assert thresholds.looks == 4


def test_strangers_pass_no_more_often_than_the_budget_says() -> None:
    """Bursts of four looks at strangers as the derivation has them: a bell, correlated."""
    rng, bursts, budget = np.random.default_rng(5), 100_000, 0.01
    shared, own = rng.normal(size=(bursts, 1)), rng.normal(size=(bursts, 4))
    looks = 0.1 * (np.sqrt(CORRELATION) * shared + np.sqrt(1 - CORRELATION) * own)
    thresholds = burst_thresholds(threshold_at, budget)
    passed = sum(passes(burst, thresholds) for burst in looks.tolist())
    assert 0.5 * budget < passed / (4 * bursts) < budget


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        pytest.param([0.5], "a candidate", id="one look is enough where it is very alike"),
        pytest.param([0.45], "nobody", id="one that is not does not do"),
        pytest.param([0.45, 0.45], "nobody", id="nor does half a burst"),
        pytest.param([0.45, 0.45, 0.31], "a candidate", id="a whole burst does by its mean"),
        pytest.param([0.45, 0.45, 0.29], "nobody", id="unless its mean is too low"),
        pytest.param([], "nobody", id="no look, no candidate"),
    ],
)
def test_a_look_or_a_whole_burst_carries_a_candidate(scores: list[float], expected: str) -> None:
    assert ("a candidate" if passes(scores, THRESHOLDS) else "nobody") == expected


@pytest.mark.parametrize(
    ("minutes", "shift_px", "expected"),
    [
        pytest.param(6, 1, "a picture", id="on the spot for minutes"),
        pytest.param(6, 20, "a person", id="moving about"),
        pytest.param(1, 0, "a person", id="on the spot for a moment"),
    ],
)
def test_a_face_that_nobody_could_hold_so_still_is_a_poster(minutes: int, shift_px: float, expected: str) -> None:
    step = timedelta(minutes=minutes) / 3
    looks = [Look(NOW + k * step, (100 + shift_px * (k % 2), 50, 160, 130)) for k in range(4)]
    assert ("a picture" if stands_still(looks) else "a person") == expected


def test_a_single_look_is_no_poster() -> None:
    assert not stands_still([Look(NOW, (0, 0, 9, 9))])
