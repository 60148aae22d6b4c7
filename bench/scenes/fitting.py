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
_MAX_ITERATIONS = 300


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one kind is learnt; `pooling` weighs the whole view's, the highest and the mean logit of all views.

    `tile_weight` is what a tile of an example counts against its whole view; `simulated_weight` what a simulated
    incident counts against a photograph. `inverse_l2` is scikit-learn's C.
    """

    pooling: tuple[float, float, float]
    tile_weight: float = 0.0
    simulated_weight: float = 0.0
    inverse_l2: float = 0.3


RECIPES: Mapping[str, Recipe] = {
    FIRE_SMOKE: Recipe(pooling=(0.0, 1.0, 0.0)),
    FLOOD: Recipe(pooling=(1.0, 0.0, 0.0)),
    CONGESTION: Recipe(pooling=(0.0, 0.0, 1.0), tile_weight=0.2),
    GARBAGE: Recipe(pooling=(0.5, 0.5, 0.0), tile_weight=0.2),
}
"""What won in grouped cross-validation; the decision record has the figures of what lost."""


def fit_probe(views: Floats, shows: Bools, weights: Floats, recipe: Recipe) -> tuple[Floats, float]:
    """Fit on unit features (examples, views, features); returns the weights (features,) and the constant."""
    if recipe.tile_weight == 0:
        features, truth, counts = views[:, 0], shows, weights
    else:
        of_views = np.r_[1.0, np.full(views.shape[1] - 1, recipe.tile_weight)]
        features = views.reshape(-1, views.shape[2])
        truth = np.repeat(shows, views.shape[1])
        counts = np.outer(weights, of_views).ravel()
    model = LogisticRegression(C=recipe.inverse_l2, class_weight="balanced", max_iter=_MAX_ITERATIONS)
    model.fit(features * _SCALE, truth, sample_weight=counts)
    return np.asarray(model.coef_[0] * _SCALE, np.float32), float(model.intercept_[0])


def pooled(views: Floats, weights: Floats, constant: float, recipe: Recipe) -> Floats:
    """One uncalibrated logit an example."""
    logits = views @ weights + constant
    parts = np.stack((logits[:, 0], logits.max(axis=1), logits.mean(axis=1)), axis=1)
    return np.asarray(parts @ np.array(recipe.pooling), np.float32)


def calibrate(logits: Floats, shows: Bools) -> tuple[float, float]:
    """Platt's slope and offset from out-of-fold logits; a class-balanced prior, since no street has the set's mix."""
    model = LogisticRegression(C=1e3, class_weight="balanced").fit(logits[:, None], shows)
    return float(model.coef_[0, 0]), float(model.intercept_[0])
