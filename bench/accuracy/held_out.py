"""Holds the false-alert budget against people whom neither the average face nor the curve was learnt from."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.face_templates import FacePhotos
from bench.accuracy.identification import FPIR, search_lists
from bench.accuracy.labels import mend_labels
from bench.impostors import TAIL_FMR, pairs_of
from bench.tails import fit_tail
from chalicelib.domain.thresholds import ImpostorCurve
from chalicelib.vision.face_space import unit_rows

SPLITS = 10
FEWEST_PEOPLE = 200
SEED = 7


def judge_budget(photos: FacePhotos, curve: ImpostorCurve) -> dict[str, Any] | None:
    """Learn from half of the people, list all of the other half; repeated with halves drawn anew.

    The photographs' own templates are already relative to the shipped average, of which half of them are innocent; what
    is learnt anew moves it. Suspected errors of the labels are mended. None where there are too few people.
    """
    _, labelled = np.unique(photos.people, return_inverse=True)
    person, _ = mend_labels(photos.searched @ photos.enrolled.T, labelled, curve)
    people = int(person.max(initial=-1)) + 1
    if people < FEWEST_PEOPLE:
        return None
    sides = list(halves(person))
    rates = np.array([_rate(photos, person, side) for side in sides])
    return {
        "list_size": people // 2,
        "splits": len(sides),
        "fpir_budget": FPIR,
        "fpir_mean": round(float(rates.mean()), 5),
        "fpir_over_budget": round(float(rates.mean()) / FPIR, 2),
        "fpir_over_budget_10_to_90_percent": (np.quantile(rates, [0.1, 0.9]) / FPIR).round(2).tolist(),
    }


def halves(person: NDArray[np.intp]) -> Iterator[NDArray[np.bool_]]:
    """Which photographs to learn from: those of half of the people, then of the other half, drawn anew ten times."""
    people = int(person.max()) + 1
    for split in range(SPLITS):
        half = np.random.default_rng((SEED, split)).permutation(people) < people // 2
        yield half[person]
        yield ~half[person]


def _rate(photos: FacePhotos, person: NDArray[np.intp], learnt: NDArray[np.bool_]) -> float:
    """The share of strangers of one half who are taken for somebody, at the other half's threshold."""
    centre = photos.enrolled[learnt].mean(axis=0)
    enrolled, searched = unit_rows(photos.enrolled - centre), unit_rows(photos.searched - centre)
    _, learnt_person = np.unique(person[learnt], return_inverse=True)
    strangers = pairs_of(searched[learnt] @ enrolled[learnt].T, learnt_person, same=False)
    tail = fit_tail(*strangers, fmr=TAIL_FMR)
    judged = ~learnt
    _, judged_person = np.unique(person[judged], return_inverse=True)
    list_size = int(judged_person.max()) + 1
    cosines = searched[judged] @ enrolled[judged].T
    searches = search_lists(cosines, judged_person, list_size=list_size)
    threshold = tail.cosine_at(-np.expm1(np.log1p(-FPIR) / list_size))
    return float((searches.best_of_others >= threshold).mean())
