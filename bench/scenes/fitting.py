"""Fit one kind's head: a strongly regularised linear probe, pooled over views as suits the kind, then calibrated."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from chalicelib.domain.kinds import CONGESTION, FIRE_SMOKE, FLOOD, GARBAGE

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

_SCALE = 10.0  # unit vectors have tiny coordinates, on which the solver converges slowly
_MAX_ITERATIONS = 150


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one kind is learnt.

    `pooling` weighs the whole view's, the highest and the mean logit of all views. The other weights say what an
    example counts against a photograph's whole view: a tile of a photograph, a spoilt copy, a simulation that shows
    the kind, one that shows something else, and a street with a decoy. `inverse_l2` is scikit-learn's C.
    """

    pooling: tuple[float, float, float]
    tiles: float = 0.0
    spoilt: float = 0.5
    simulated: float = 0.0
    simulated_other: float = 0.2
    decoys: float = 0.2
    inverse_l2: float = 0.3


RECIPES: Mapping[str, Recipe] = {
    FIRE_SMOKE: Recipe(pooling=(0.3, 0.7, 0.0), simulated=0.4, inverse_l2=0.1),
    FLOOD: Recipe(pooling=(0.7, 0.3, 0.0), simulated=0.05, decoys=0.3),
    CONGESTION: Recipe(pooling=(0.0, 0.0, 1.0), tiles=0.6, spoilt=0.0, simulated_other=0.0, decoys=0.0),
    GARBAGE: Recipe(pooling=(0.5, 0.5, 0.0), tiles=0.2, simulated=0.04, inverse_l2=1.0),
}
"""What won in grouped cross-validation; docs/adr/0003-scene-heads.md has the figures of what lost."""


def fit_probe(features: Floats, shows: Bools, weights: Floats, recipe: Recipe) -> tuple[Floats, float]:
    """Fit on unit features (rows, features); returns the weights (features,) and the constant."""
    model = LogisticRegression(C=recipe.inverse_l2, max_iter=_MAX_ITERATIONS)
    model.fit(features * _SCALE, shows, sample_weight=_balanced(shows, weights))
    return np.asarray(model.coef_[0] * _SCALE, np.float32), float(model.intercept_[0])


def _balanced(shows: Bools, weights: Floats) -> Floats:
    """Give both classes half of the weight, by weight and not by count as scikit-learn does.

    The sum is the number of photographs, so that the regularisation doesn't depend on how many examples were made.
    """
    photographs = float((weights == 1).sum())
    halves = np.where(shows, weights[shows].sum(), weights[~shows].sum())
    return np.asarray(weights / halves * photographs / 2, np.float32)


def pooled(views: Floats, weights: Floats, constant: float, recipe: Recipe) -> Floats:
    """One uncalibrated logit an example."""
    logits = views @ weights + constant
    parts = np.stack((logits[:, 0], logits.max(axis=1), logits.mean(axis=1)), axis=1)
    return np.asarray(parts @ np.array(recipe.pooling), np.float32)


def calibrate(logits: Floats, shows: Bools) -> tuple[float, float]:
    """Platt's slope and offset from out-of-fold logits; a class-balanced prior, since no street has the set's mix."""
    model = LogisticRegression(C=1e3, class_weight="balanced").fit(logits[:, None], shows)
    return float(model.coef_[0, 0]), float(model.intercept_[0])
