"""Trials of face scores: what should lift a hub's strangers lifts them, and what ships is the measure of all."""

from pathlib import Path

import numpy as np
import pytest

from bench.accuracy.face_templates import FacePhotos, Float32
from bench.face_trials import SHIPPED, closer, cosines, judge_trials, less_nearest, s_norm
from chalicelib.errors import InvalidInput
from chalicelib.vision.face_space import unit_rows

RNG = np.random.default_rng(1)
COHORT = unit_rows(RNG.normal(size=(50, 16)).astype(np.float32))
ROWS = unit_rows(RNG.normal(size=(8, 16)).astype(np.float32))


def photographs(people: int) -> FacePhotos:
    """Two photographs of each, much alike."""
    own = np.repeat(RNG.normal(size=(people, 64)), 2, axis=0)
    rows = unit_rows((own + 0.3 * RNG.normal(size=own.shape)).astype(np.float32))
    paths = tuple(Path(f"{number:03}/{one}.jpg") for number in range(people) for one in "ab")
    return FacePhotos(paths, rows, rows, rows, np.ones(len(rows), bool), ())


def test_a_cohort_that_both_resemble_lowers_their_score() -> None:
    """Who resembles everybody is no closer to anybody."""
    hub = unit_rows(COHORT.mean(axis=0, keepdims=True) + 0.01)
    crowd = unit_rows(COHORT + 2 * hub)
    plain, lifted = cosines(ROWS, hub, crowd), less_nearest(ROWS, hub, crowd, nearest=10, share=1.0)
    assert (lifted < plain).all()


def test_normed_scores_are_in_standard_deviations_of_the_cohort() -> None:
    scores = s_norm(COHORT, COHORT, COHORT, nearest=10_000)
    off_diagonal = scores[~np.eye(len(COHORT), dtype=bool)]
    assert abs(float(off_diagonal.mean())) < 0.3
    assert 0.5 < float(off_diagonal.std()) < 1.5


def test_the_closer_look_alone_is_the_enrolled_row() -> None:
    searched: Float32 = unit_rows(ROWS + 0.1)
    assert closer(searched, ROWS, COHORT, share=1.0) == pytest.approx(ROWS @ ROWS.T)


def test_every_trial_is_held_against_what_ships() -> None:
    figures = judge_trials(photographs(220), {SHIPPED: cosines, "upside down": lambda s, e, _: -(s @ e.T)})
    shipped, worse = figures["trials"][SHIPPED], figures["trials"]["upside down"]
    assert shipped["fnir"][0] == 0
    assert shipped["less_than_shipped"] == [0, 0, 0]
    assert worse["less_than_shipped"][0] < -0.9


def test_a_few_people_are_no_trial() -> None:
    with pytest.raises(InvalidInput, match="too few"):
        judge_trials(photographs(20), {SHIPPED: cosines})
