"""One person over several frames: lower thresholds for means, at no more false alerts; posters are told from people."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import NormalDist

import numpy as np
import pytest

from chalicelib.domain.frames import frame_key, parse_frame_key
from chalicelib.domain.identity import (
    CORRELATION,
    BurstThresholds,
    Look,
    burst_thresholds,
    hints,
    stands_still,
    with_burst,
)
from chalicelib.domain.incidents import Evidence
from chalicelib.domain.observations import CameraHealth, FaceCandidate, FaceReading, Hint, Observation

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


NORMAL = NormalDist(0, 0.1)
THRESHOLDS = BurstThresholds(single=0.5, mean=0.4, looks=3)
ENTRY = "e1"


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
    passed = (looks >= thresholds.single).any(axis=1) | (looks.mean(axis=1) >= thresholds.mean)
    assert 0.5 * budget < passed.sum() / (4 * bursts) < budget


def frame_with(*scores: float | None) -> Observation:
    """What the finder tells of a frame of a burst in which the entry was seen so alike, once or more often."""
    frame = parse_frame_key(frame_key("tv-1", NOW, 0), 0)
    looks = tuple(FaceCandidate(ENTRY, one, (0, 0, 9, 9), "missing") for one in scores if one is not None)
    by_themselves = tuple(look for look in looks if look.score >= THRESHOLDS.single)
    reading = FaceReading(len(looks), {}, by_themselves, looks=looks)
    return Observation(frame, "00", (9, 9), CameraHealth({}, b""), faces=reading)


def bundle(frames: Sequence[Observation]) -> list[Observation]:
    """As a bundle's frames are judged, each shown what the one before it showed."""
    judged: list[Observation] = []
    for one in frames:
        judged.append(with_burst(one, judged[-1] if judged else None, THRESHOLDS))
    return judged


def candidates(judged: Sequence[Observation]) -> list[tuple[int, float, bool]]:
    """Frame, score and whether by a burst of each candidate."""
    return [
        (number, round(one.score, 3), one.by_burst)
        for number, observation in enumerate(judged)
        for one in (observation.faces.candidates if observation.faces else ())
    ]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        pytest.param([0.5], [(0, 0.5, False)], id="one look is enough where it is very alike"),
        pytest.param([0.45], [], id="one that is not does not do"),
        pytest.param([0.45, 0.45], [], id="nor does half a burst"),
        pytest.param([0.45, 0.45, 0.31], [(2, 0.403, True)], id="a whole burst does by its mean"),
        pytest.param([0.45, 0.45, 0.29], [], id="unless its mean is too low"),
        pytest.param([0.45, 0.45, None, 0.45], [], id="or a frame in between doesn't show him"),
        pytest.param([0.45] * 5, [(2, 0.45, True)], id="each look counts in one burst only"),
        pytest.param([0.45] * 6, [(2, 0.45, True), (5, 0.45, True)], id="and the next burst is another"),
        pytest.param([0.5, 0.5, 0.5], [(0, 0.5, False), (1, 0.5, False), (2, 0.5, True)], id="who passes twice is one"),
        pytest.param([None], [], id="no look, no candidate"),
    ],
)
def test_a_look_or_a_whole_burst_carries_a_candidate(
    scores: list[float | None], expected: list[tuple[int, float, bool]]
) -> None:
    assert candidates(bundle([frame_with(one) for one in scores])) == expected


def test_two_faces_that_resemble_one_entry_in_a_frame_are_one_look() -> None:
    """Else two strangers side by side would fill a burst in half of its frames."""
    assert candidates(bundle([frame_with(0.45, 0.44), frame_with(0.45, 0.44)])) == []


def test_a_frame_without_faces_ends_a_burst() -> None:
    blind = replace(frame_with(), faces=None)
    assert candidates(bundle([frame_with(0.45), frame_with(0.45), blind, frame_with(0.45)])) == []


def test_of_who_nearly_passes_no_look_goes_on_and_no_printed_word_tells() -> None:
    """Only a score by entry is shown to the next frame; what is logged of an observation has neither."""
    (first, second) = bundle([frame_with(0.45), frame_with(None)])
    assert first.faces is not None
    assert second.faces is not None
    assert (first.faces.looks, first.faces.streaks, second.faces.streaks) == ((), {ENTRY: (0.45,)}, {})
    assert ENTRY not in repr(first)


def picture(minute: float, shift: float = 0.0, camera_id: str = "tv-1", worn: tuple[Hint, ...] = ()) -> Evidence:
    at_utc = NOW + timedelta(minutes=minute)
    box_rel = (0.1 + shift, 0.1, 0.2 + shift, 0.3)
    return Evidence(frame_key(camera_id, at_utc, 0), "00", at_utc, 0.6, hints=worn, box_rel=box_rel)


MASKED = (Hint.COVERED,)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        pytest.param([picture(0), picture(6, 0.002)], {Hint.STANDS_STILL}, id="a poster"),
        pytest.param([picture(0), picture(6, 0.02)], set(), id="a person who moves"),
        pytest.param([picture(0), picture(6, camera_id="tv-2")], set(), id="two cameras that show the same place"),
        pytest.param([picture(0, worn=MASKED)], {Hint.COVERED}, id="a mask"),
        pytest.param([picture(0, worn=MASKED), picture(1, 0.2), picture(2, 0.3)], set(), id="taken for one once"),
        pytest.param([], set(), id="nothing to see"),
    ],
)
def test_who_judges_a_candidate_is_told_what_makes_its_face_worth_less(
    evidence: list[Evidence], expected: set[Hint]
) -> None:
    assert set(hints(evidence)) == expected


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
