"""One to many: of people on a list, how many are missed, and how often a stranger is taken for one of them.

A list is drawn with one photograph a person (or several). Each listed person is then looked for by another photograph,
and everybody by one photograph on the list without himself: so all are strangers once, and none is compared with his
own. Lists are drawn many times; intervals come from drawing people.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Places = NDArray[np.intp]

FPIR = 0.003
"""As NIST's tests of one-to-many recognition report it (FRTE 1:N)."""
ROUNDS = 20
RESAMPLES = 300
SEED = 20261122
MISSED = np.float32(-1)


@dataclass(frozen=True, slots=True, eq=False)
class Searches:
    """Scores of all rounds together, and the person who was searched: the own entry's, and a stranger's best."""

    own: Scores
    own_person: Places
    best_of_others: Scores
    stranger: Places


def search_lists(cosines: Scores, person: Places, *, list_size: int, per_entry: int = 1) -> Searches:
    """Draw lists and search them; `cosines` `(n, n)` has searched rows and enrolled columns of `person` `(n,)`.

    A person of whom there is only one photograph is on lists, but never looked for.
    """
    rounds = [_search_once(cosines, person, rng, list_size, per_entry) for rng in _generators(ROUNDS)]
    return Searches(*(np.concatenate(parts) for parts in zip(*rounds, strict=True)))


def templates_on_lists(person: Places, *, list_size: int, per_entry: int) -> int:
    """How many templates a list drawn so has in the mean: a photograph of each is left to be looked for by."""
    enrolled = np.clip(np.bincount(person) - 1, 1, per_entry)
    return round(list_size * float(enrolled.mean()))


def judge_searches(searches: Searches, *, shipped_threshold: float) -> dict[str, Any]:
    """FNIR at the budget's FPIR as measured here, and both rates at the threshold that ships for that budget."""
    drawn = [_rates(*weights, searches, shipped_threshold) for weights in _resamples(searches)]
    rates = _rates(np.ones(len(searches.own)), np.ones(len(searches.stranger)), searches, shipped_threshold)
    intervals = np.quantile(drawn, [0.05, 0.95], axis=0).T
    names = ("threshold", "fnir", "shipped_fpir", "shipped_fnir")
    figures: dict[str, Any] = {"searches": len(searches.own), "shipped_threshold": round(shipped_threshold, 4)}
    for name, rate, interval in zip(names, rates, intervals.tolist(), strict=True):
        figures |= {name: round(rate, 4), f"{name}_90_percent": [round(bound, 4) for bound in interval]}
    return figures | {"fpir_over_budget": round(rates[2] / FPIR, 2)}


def _search_once(
    cosines: Scores, person: Places, rng: np.random.Generator, list_size: int, per_entry: int
) -> tuple[Scores, Places, Scores, Places]:
    order = rng.permutation(len(person))
    grouped = order[np.argsort(person[order], kind="stable")]
    rank = np.arange(len(person)) - np.searchsorted(person[grouped], person[grouped])
    several = np.bincount(person) > 1
    listed = np.isin(person[grouped], rng.choice(person.max() + 1, list_size, replace=False))
    looked_for = grouped[(rank == 0) & listed & several[person[grouped]]]
    strangers = grouped[rank == 0]
    enrolled = grouped[listed & np.where(several[person[grouped]], (rank > 0) & (rank <= per_entry), rank == 0)]
    return (
        _best(cosines[np.ix_(looked_for, enrolled)], person[looked_for, None] == person[enrolled]),
        person[looked_for],
        _best(cosines[np.ix_(strangers, enrolled)], person[strangers, None] != person[enrolled]),
        person[strangers],
    )


def _best(scores: Scores, counted: NDArray[np.bool_]) -> Scores:
    best: Scores = np.where(counted, scores, MISSED).max(axis=1)
    return best


def _rates(
    own_weights: NDArray[np.float64], stranger_weights: NDArray[np.float64], searches: Searches, shipped: float
) -> tuple[float, float, float, float]:
    order = np.argsort(-searches.best_of_others)
    share = np.cumsum(stranger_weights[order]) / stranger_weights.sum()
    threshold = float(searches.best_of_others[order][np.searchsorted(share, FPIR + 1e-9, side="right")])
    return (
        threshold,
        float(np.average(searches.own <= threshold, weights=own_weights)),
        float(np.average(searches.best_of_others >= shipped, weights=stranger_weights)),
        float(np.average(searches.own < shipped, weights=own_weights)),
    )


def _resamples(searches: Searches) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """How often each search counts, were other people drawn."""
    people = int(searches.stranger.max()) + 1
    for rng in _generators(RESAMPLES):
        times = rng.multinomial(people, np.full(people, 1 / people)).astype(np.float64)
        yield times[searches.own_person], times[searches.stranger]


def _generators(count: int) -> list[np.random.Generator]:
    return list(np.random.default_rng(SEED).spawn(count))
