"""One to many is counted honestly: nobody meets his own photograph, every stranger is counted, labels are mended."""

import numpy as np
import pytest

from bench.accuracy.identification import FPIR, Searches, judge_searches, search_lists, templates_on_lists
from bench.accuracy.labels import mend_labels
from chalicelib.domain.thresholds import ImpostorCurve

CURVE = ImpostorCurve("digest", 1, floor=0.3, floor_fmr=1e-3, shape=0.0, scale=0.02)


def test_listed_people_are_searched_by_other_photographs_than_those_listed() -> None:
    """A photograph is exactly itself, so a score of 1 would be one met again."""
    person = np.repeat(np.arange(5), 2)
    cosines = np.where(person[:, None] == person[None], 0.8, 0.1).astype(np.float32)
    np.fill_diagonal(cosines, 1.0)
    searches = search_lists(cosines, person, list_size=3)
    assert set(searches.own.tolist()) == {np.float32(0.8)}
    assert len(searches.own) == 3 * 20
    assert set(searches.best_of_others.tolist()) == {np.float32(0.1)}
    assert sorted(set(searches.stranger.tolist())) == [0, 1, 2, 3, 4]


def test_a_person_with_one_photograph_is_listed_and_never_looked_for() -> None:
    person = np.asarray([0, 0, 1])
    searches = search_lists(np.zeros((3, 3), np.float32), person, list_size=2)
    assert set(searches.own_person.tolist()) == {0}
    assert set(searches.stranger.tolist()) == {0, 1}


def test_a_threshold_follows_from_the_templates_that_a_list_of_people_has() -> None:
    """Of three people with one, two and five photographs, lists have one, one and at most three."""
    person = np.repeat(np.arange(3), (1, 2, 5))
    assert templates_on_lists(person, list_size=3, per_entry=3) == 5
    assert templates_on_lists(person, list_size=3, per_entry=1) == 3


def searches_of(own: list[float], strangers: list[float]) -> Searches:
    return Searches(
        np.asarray(own, np.float32), np.arange(len(own)), np.asarray(strangers, np.float32), np.arange(len(strangers))
    )


def test_rates_are_those_at_the_threshold() -> None:
    """Three strangers in a thousand lie above .5, the threshold of the budget; a quarter of the own lies below."""
    strangers = [0.6, 0.6, 0.6, 0.5, *[0.1] * 996]
    figures = judge_searches(searches_of([0.4] * 20 + [0.9] * 60, strangers), shipped_threshold=0.65)
    assert FPIR == 0.003
    assert figures["threshold"] == 0.5
    assert figures["fnir"] == 0.25
    assert figures["shipped_fpir"] == 0
    assert figures["fpir_over_budget"] == 0
    low, high = figures["fnir_90_percent"]
    assert low <= 0.25 <= high


@pytest.mark.parametrize(
    ("likeness", "errors"),
    [
        pytest.param(0.9, 1, id="one person under two names"),
        pytest.param(0.25, 0, id="two people who look alike"),
    ],
)
def test_one_person_under_two_names_becomes_one(likeness: float, errors: int) -> None:
    cosines = np.full((4, 4), 0.1, np.float32)
    cosines[0, 3] = likeness
    person, suspected = mend_labels(cosines, np.asarray([0, 0, 1, 2]), CURVE)
    assert suspected == errors
    assert len({person[0], person[1], person[3]}) == 2 - errors
    assert person[2] != person[0]
