"""Fit one kind's head: strongly regularised linear probes, pooled over views as suits the kind, then calibrated."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from chalicelib.domain.kinds import CONGESTION, FIRE_SMOKE, FLOOD, GARBAGE
from chalicelib.vision.scene_heads import NEVER, SqueezedRule, large_logits
from chalicelib.vision.scene_views import THINGS

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

_SCALE = 10.0  # unit vectors have tiny coordinates, on which the solver converges slowly
_MAX_ITERATIONS = 150
_TOTAL_WEIGHT = 1100  # about as many as photographs, so that made examples don't loosen the regularisation
_TOLERANCE = 1e-3

_SQUEEZED, _HIGHEST = 0, 2  # columns of `view_logits`


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one kind is learnt.

    `pooling` weighs the logits of the squeezed view, of the large one and of its highest windows. The other weights say
    what an example counts against a photograph: a spoilt copy, a simulation that shows the kind (for the squeezed and
    for the large view), one that shows something else, a street with a decoy, and a hard light. `inverse_l2` is
    scikit-learn's C, for the squeezed and for the large view; `surfaces` is what they count against things.
    `squeezed_share` is the share of ordinary streets whose squeezed view is looked at.
    """

    pooling: tuple[float, float, float]
    spoilt: float = 0.5
    simulated: tuple[float, float] = (0.0, 0.0)
    simulated_other: float = 0.2
    decoys: float = 0.2
    hard: float = 0.2
    inverse_l2: tuple[float, float] = (0.3, 0.3)
    surfaces: float = 2.0
    squeezed_share: float = 0.0

    @property
    def of_squeezed(self) -> bool:
        """Whether the kind has anything to see in the squeezed view."""
        return self.pooling[0] > 0


@dataclass(frozen=True, slots=True)
class Probe:
    """Two linear probes: `weights` (2, features) and `constants` (2,) for the squeezed view and for the large one."""

    weights: Floats
    constants: Floats


RECIPES: Mapping[str, Recipe] = {
    FIRE_SMOKE: Recipe(pooling=(1, 0, 1), simulated=(0.6, 0.6), hard=0.4, squeezed_share=0.1),
    FLOOD: Recipe(pooling=(3, 0, 1), simulated=(0.05, 0.2), decoys=0.8, hard=0.5, squeezed_share=0.25),
    CONGESTION: Recipe(pooling=(0, 1, 1), spoilt=0.0, simulated_other=0.0, decoys=0.0, hard=0.0, surfaces=5.0),
    GARBAGE: Recipe(pooling=(0, 1, 1), simulated=(0.04, 0.04), surfaces=3.0),
}
"""What won in grouped cross-validation; docs/adr/0020 to 0023 have the figures of what lost."""


def fit_probe(features: Floats, shows: Bools, weights: Floats, recipe: Recipe) -> Probe:
    """Fit each view's features (rows, 2, n) on its own; `weights` (rows, 2)."""
    scale = np.where(np.arange(features.shape[2]) < THINGS, 1.0, recipe.surfaces).astype(np.float32) * _SCALE
    probe = Probe(np.zeros((2, features.shape[2]), np.float32), np.zeros(2, np.float32))
    for view in (0, 1) if recipe.of_squeezed else (1,):
        model = LogisticRegression(C=recipe.inverse_l2[view], max_iter=_MAX_ITERATIONS, tol=_TOLERANCE)
        model.fit(features[:, view] * scale, shows, sample_weight=_balanced(shows, weights[:, view]))
        probe.weights[view], probe.constants[view] = model.coef_[0] * scale, model.intercept_[0]
    return probe


def _balanced(shows: Bools, weights: Floats) -> Floats:
    """Give both classes half of the weight, by weight and not by count as scikit-learn does."""
    halves = np.where(shows, weights[shows].sum(), weights[~shows].sum())
    return np.asarray(weights / halves * _TOTAL_WEIGHT / 2, np.float32)


def view_logits(views: Floats, probe: Probe) -> Floats:
    """Logits (examples, 3) of the squeezed view, the large one and its highest windows, given (examples, 27, n)."""
    squeezed = views[:, 0] @ probe.weights[0]
    logits = np.column_stack((squeezed, large_logits(views[:, 1:], probe.weights[1])))
    return np.asarray(logits + probe.constants[[0, 1, 1]], np.float32)


def squeezed_rule(logits: Floats, quiet: Bools, recipe: Recipe) -> SqueezedRule:
    """Where the recipe's share of ordinary streets begins, given what `view_logits` returned."""
    if not recipe.squeezed_share:
        return NEVER
    from_logit = np.quantile(logits[quiet, _HIGHEST], 1 - recipe.squeezed_share)
    passed = quiet & (logits[:, _HIGHEST] < from_logit)
    return SqueezedRule(float(from_logit), float(np.median(logits[passed, _SQUEEZED])))


def pooled(logits: Floats, recipe: Recipe, rule: SqueezedRule) -> Floats:
    """One uncalibrated logit an example, given what `view_logits` returned."""
    looked = logits[:, _HIGHEST] >= rule.from_logit
    squeezed = np.where(looked, logits[:, _SQUEEZED], rule.usual_logit)
    return np.asarray(np.column_stack((squeezed, logits[:, 1:])) @ np.array(recipe.pooling), np.float32)


def calibrate(logits: Floats, shows: Bools) -> tuple[float, float]:
    """Platt's slope and offset from out-of-fold logits; a class-balanced prior, since no street has the set's mix."""
    model = LogisticRegression(C=1e3, class_weight="balanced").fit(logits[:, None], shows)
    return float(model.coef_[0, 0]), float(model.intercept_[0])
