"""Fit one kind's head: strongly regularised linear probes, pooled over views as suits the kind, then calibrated."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from chalicelib.domain.kinds import CONGESTION, FIRE_SMOKE, FLOOD, GARBAGE
from chalicelib.vision.scene_heads import view_logits
from chalicelib.vision.scenes import THINGS

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

_SCALE = 10.0  # unit vectors have tiny coordinates, on which the solver converges slowly
_MAX_ITERATIONS = 150
_TOTAL_WEIGHT = 1100  # about as many as photographs, so that made examples don't loosen the regularisation
_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one kind is learnt.

    `pooling` weighs the logits of the squeezed view, of the large one and of its highest windows. The other weights say
    what an example counts against a photograph: a spoilt copy, a simulation that shows the kind (for the squeezed and
    for the large view), one that shows something else, a street with a decoy, and a hard light. `inverse_l2` is
    scikit-learn's C, for the squeezed and for the large view; `surfaces` is what they count against things.
    """

    pooling: tuple[float, float, float]
    spoilt: float = 0.5
    simulated: tuple[float, float] = (0.0, 0.0)
    simulated_other: float = 0.2
    decoys: float = 0.2
    hard: float = 0.2
    inverse_l2: tuple[float, float] = (0.3, 0.3)
    surfaces: float = 2.0


@dataclass(frozen=True, slots=True)
class Probe:
    """Two linear probes: `weights` (2, features) and `constants` (2,) for the squeezed view and for the large one."""

    weights: Floats
    constants: Floats


RECIPES: Mapping[str, Recipe] = {
    FIRE_SMOKE: Recipe(pooling=(1, 0, 1), simulated=(0.6, 0.6), hard=0.4),
    FLOOD: Recipe(pooling=(3, 0, 1), simulated=(0.05, 0.2), decoys=0.8, hard=0.5),
    CONGESTION: Recipe(
        pooling=(1, 1, 1),
        spoilt=0.0,
        simulated_other=0.0,
        decoys=0.0,
        hard=0.0,
        inverse_l2=(0.1, 0.3),
        surfaces=3.0,
    ),
    GARBAGE: Recipe(pooling=(1, 0.5, 1), simulated=(0.04, 0.04), inverse_l2=(0.3, 1.0)),
}
"""What won in grouped cross-validation; docs/adr/0020 and 0021 have the figures of what lost."""


def fit_probe(features: Floats, shows: Bools, weights: Floats, recipe: Recipe) -> Probe:
    """Fit each view's features (rows, 2, n) on its own; `weights` (rows, 2)."""
    scale = np.where(np.arange(features.shape[2]) < THINGS, 1.0, recipe.surfaces).astype(np.float32) * _SCALE
    models = [
        LogisticRegression(C=inverse_l2, max_iter=_MAX_ITERATIONS, tol=_TOLERANCE).fit(
            features[:, view] * scale, shows, sample_weight=_balanced(shows, weights[:, view])
        )
        for view, inverse_l2 in enumerate(recipe.inverse_l2)
    ]
    weights_of_views = np.stack([model.coef_[0] * scale for model in models])
    return Probe(weights_of_views.astype(np.float32), np.array([model.intercept_[0] for model in models], np.float32))


def _balanced(shows: Bools, weights: Floats) -> Floats:
    """Give both classes half of the weight, by weight and not by count as scikit-learn does."""
    halves = np.where(shows, weights[shows].sum(), weights[~shows].sum())
    return np.asarray(weights / halves * _TOTAL_WEIGHT / 2, np.float32)


def pooled(views: Floats, probe: Probe, recipe: Recipe) -> Floats:
    """One uncalibrated logit an example, given all its views (examples, 27, features)."""
    logits = view_logits(views, probe.weights) + probe.constants[[0, 1, 1]]
    return np.asarray(logits @ np.array(recipe.pooling), np.float32)


def calibrate(logits: Floats, shows: Bools) -> tuple[float, float]:
    """Platt's slope and offset from out-of-fold logits; a class-balanced prior, since no street has the set's mix."""
    model = LogisticRegression(C=1e3, class_weight="balanced").fit(logits[:, None], shows)
    return float(model.coef_[0, 0]), float(model.intercept_[0])
