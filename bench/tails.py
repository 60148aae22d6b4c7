"""The tail of a distribution, fitted: what is rarer than what could be counted."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]
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


def fit_tail(values: Values, *, fmr: float) -> Tail:
    """Fit by probability-weighted moments (Hosking and Wallis 1987), which need no search and no start."""
    count = max(2, round(values.size * fmr))
    top = np.sort(np.partition(values.ravel(), -count - 1)[-count - 1 :])
    return _fit(top[1:] - top[0], cosine=float(top[0]), fmr=count / values.size)


def bootstrap_cosines(
    cosines: Values, person: NDArray[np.intp], *, fmr: float, at: Sequence[float], rounds: int = ROUNDS
) -> NDArray[np.float64]:
    """The 5 % and 95 % bounds `(2, len(at))` of the fitted cosines, were other people photographed.

    People are drawn, not pairs: a person's photographs, and all comparisons with one lookalike, come and go together.
    `cosines` `(n, n)` has row and column i of `person[i]`; rates above the tail's own give its start.
    """
    rng = np.random.default_rng(SEED)
    different = person[:, None] != person[None]
    bound = np.partition(cosines[different], -round(different.sum() * fmr * 4))[-round(different.sum() * fmr * 4)]
    rows, columns = np.nonzero(different & (cosines >= bound))
    near, order = cosines[rows, columns], np.argsort(cosines[rows, columns])
    rows, columns, near = rows[order], columns[order], near[order]
    drawn = []
    for _ in range(rounds):
        weights = rng.multinomial(person.max() + 1, np.full(person.max() + 1, 1 / (person.max() + 1)))[person]
        pairs = float(weights.sum()) ** 2 - float((np.bincount(person, weights) ** 2).sum())
        repeated = np.repeat(near, weights[rows] * weights[columns])
        top = repeated[-round(pairs * fmr) - 1 :]
        tail = _fit(top[1:] - top[0], cosine=float(top[0]), fmr=fmr)
        drawn.append([tail.cosine_at(min(one, fmr)) for one in at])
    return np.quantile(drawn, [0.05, 0.95], axis=0)


def _fit(excesses: NDArray[np.floating], *, cosine: float, fmr: float) -> Tail:
    """`excesses` rise."""
    share_above = 1 - (np.arange(len(excesses)) + 0.65) / len(excesses)
    first, second = float(excesses.mean()), float((excesses * share_above).mean())
    shape = 2 - first / (first - 2 * second)
    scale = 2 * first * second / (first - 2 * second)
    return Tail(round(cosine, 5), round(fmr, 9), round(shape, 4), round(scale, 5))
