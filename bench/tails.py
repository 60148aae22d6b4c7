"""The tail of a distribution, fitted: what is rarer than what could be counted."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]
Weights = NDArray[np.float64]
ROUNDS = 200
SEED = 20261122


class Tail(NamedTuple):
    """A generalised Pareto law of what exceeds `cosine`, which happens at the rate `fmr`."""

    cosine: float
    fmr: float
    shape: float
    scale: float

    def cosine_at(self, fmr: float) -> float:
        """The value exceeded at a rate no higher than the tail's own."""
        ratio = self.fmr / fmr
        grown = (ratio**self.shape - 1) / self.shape if self.shape else np.log(ratio)
        return float(self.cosine + self.scale * grown)


def fit_tail(values: Values, weights: Weights, *, fmr: float) -> Tail:
    """Fit by probability-weighted moments (Hosking and Wallis 1987), which need no search and no start.

    `weights` say how much each value counts: comparisons of two people with many photographs are many, yet they are
    but one pair of strangers. A shape below 0, by which the tail would end, is taken for 0: it is known to a few
    hundredths only, and each hundredth below 0 lowers thresholds that nobody could check.
    """
    order = np.argsort(values)
    return _fit(values[order], weights[order], float(weights.sum()), fmr)


def bootstrap_cosines(
    cosines: Values, person: NDArray[np.intp], *, fmr: float, at: Sequence[float], rounds: int = ROUNDS
) -> NDArray[np.float64]:
    """The 5 % and 95 % bounds `(2, len(at))` of the fitted cosines, were other people photographed.

    People are drawn, not pairs: a person's photographs, and all comparisons with one lookalike, come and go together.
    `cosines` `(n, n)` has row and column i of `person[i]`; rates above the tail's own give its start.
    """
    rng, people = np.random.default_rng(SEED), int(person.max()) + 1
    different = person[:, None] != person[None]
    rows, columns = np.nonzero(different & (cosines >= np.quantile(cosines[different], 1 - 4 * fmr)))
    order = np.argsort(cosines[rows, columns])
    near, rows, columns = cosines[rows, columns][order], person[rows][order], person[columns][order]
    once = 1 / np.bincount(person)
    drawn = []
    for _ in range(rounds):
        times = rng.multinomial(people, np.full(people, 1 / people)).astype(np.float64)
        weights = (times * once)[rows] * (times * once)[columns]
        tail = _fit(near, weights, float(times.sum() ** 2 - (times**2).sum()), fmr)
        drawn.append([tail.cosine_at(min(one, fmr)) for one in at])
    return np.quantile(drawn, [0.05, 0.95], axis=0)


def _fit(rising: Values, weights: Weights, whole: float, fmr: float) -> Tail:
    """`whole` is the weight of all values, of which only the highest need be given."""
    above = np.cumsum(weights[::-1])[::-1] / whole
    start = int(np.searchsorted(-above, -fmr))
    excesses, counted = rising[start:] - rising[start], weights[start:]
    still_above = (above[start:] - counted / whole / 2) / above[start]
    first = float(np.average(excesses, weights=counted))
    second = float(np.average(excesses * still_above, weights=counted))
    shape = 2 - first / (first - 2 * second)
    scale = 2 * first * second / (first - 2 * second)
    if shape < 0:
        shape, scale = 0.0, first
    return Tail(round(float(rising[start]), 5), round(float(above[start]), 9), round(shape, 4), round(scale, 5))
