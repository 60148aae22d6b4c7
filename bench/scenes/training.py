"""From encoded examples to shipped heads, each with the figures of pictures it had not seen."""

from dataclasses import dataclass

import numpy as np

from bench.scenes.fitting import RECIPES, Bools, Floats, Recipe, calibrate
from bench.scenes.metrics import Separation, separation, share_above, threshold_at
from bench.scenes.validation import (
    EncodedSet,
    by_source,
    fit_kind,
    group_folds,
    made_by,
    out_of_fold,
    quiet_rows,
    source_folds,
)
from chalicelib.vision.scene_heads import SceneHead

THRESHOLD_FALSE_POSITIVE_RATE = 0.01


@dataclass(frozen=True, slots=True)
class Validation:
    """One kind's out-of-fold figures: cameras held out, whole collections held out, side sets and simulations."""

    cameras_held_out: Separation
    recall_at_threshold: float
    false_positives_at_threshold: float
    source_held_out_recall: dict[str, float]
    false_positives_by_class: dict[str, float]
    simulated_found: dict[str, float]


@dataclass(frozen=True, slots=True)
class TrainedHead:
    """A head ready to ship and its figures."""

    head: SceneHead
    recipe: Recipe
    validation: Validation


def train_head(encoded: EncodedSet, kind: str, *, seed: int) -> TrainedHead:
    """Validate, calibrate and fit one kind."""
    recipe = RECIPES[kind]
    logits = out_of_fold(encoded, kind, recipe, group_folds(encoded.examples, seed=seed))
    truth, real, quiet = encoded.truth(kind), made_by(encoded.examples, "camera"), quiet_rows(encoded.examples)
    judged = real & (truth >= 0)
    slope, offset = calibrate(logits[judged], truth[judged] == 1)
    probabilities = 1 / (1 + np.exp(-(slope * logits + offset)))
    threshold = _threshold(probabilities, quiet=quiet, negative=real & (truth == 0))
    weights, constant = fit_kind(encoded, kind, recipe, np.full(len(truth), fill_value=True))
    head = SceneHead(kind, weights, _pooling(recipe, constant, slope, offset), threshold)
    return TrainedHead(head, recipe, _validation(encoded, kind, recipe, probabilities, threshold))


def _threshold(probabilities: Floats, *, quiet: Bools, negative: Bools) -> float:
    """Hold the promised rate on quiet streets and on all pictures without the kind, whichever is stricter."""
    return max(threshold_at(probabilities[rows], THRESHOLD_FALSE_POSITIVE_RATE) for rows in (quiet, negative))


def _pooling(recipe: Recipe, constant: float, slope: float, offset: float) -> tuple[float, float, float, float]:
    """Fold the probe's constant and the calibration into the pooling, so that a head is one product and one sum."""
    whole, highest, mean = (slope * factor for factor in recipe.pooling)
    return whole, highest, mean, slope * constant * sum(recipe.pooling) + offset


def _validation(encoded: EncodedSet, kind: str, recipe: Recipe, probabilities: Floats, threshold: float) -> Validation:
    truth, real, quiet = encoded.truth(kind), made_by(encoded.examples, "camera"), quiet_rows(encoded.examples)
    positive = real & (truth == 1)
    return Validation(
        cameras_held_out=separation(probabilities[positive], probabilities[quiet]),
        recall_at_threshold=share_above(probabilities[positive], threshold),
        false_positives_at_threshold=share_above(probabilities[quiet], threshold),
        source_held_out_recall=_source_held_out_recall(encoded, kind, recipe),
        false_positives_by_class=_false_positives_by_class(encoded, kind, probabilities, threshold),
        simulated_found=_simulated_found(encoded, kind, probabilities, threshold),
    )


def _source_held_out_recall(encoded: EncodedSet, kind: str, recipe: Recipe) -> dict[str, float]:
    """Recall at 1 % false positives of each collection's positives, judged by a head that never saw the collection."""
    logits = out_of_fold(encoded, kind, recipe, source_folds(encoded.examples))
    seen = ~np.isnan(logits)
    truth, real = encoded.truth(kind), made_by(encoded.examples, "camera")
    negatives = logits[quiet_rows(encoded.examples) & seen]
    positives = by_source(encoded.examples, real & (truth == 1) & seen)
    if len(negatives) == 0:
        return {}
    threshold = threshold_at(negatives, THRESHOLD_FALSE_POSITIVE_RATE)
    return {source: share_above(logits[rows], threshold) for source, rows in positives}


def _false_positives_by_class(
    encoded: EncodedSet, kind: str, probabilities: Floats, threshold: float
) -> dict[str, float]:
    real = made_by(encoded.examples, "camera")
    labels = np.array([example.photo.label for example in encoded.examples])
    others = sorted(set(labels) - {kind})
    return {label: share_above(probabilities[real & (labels == label)], threshold) for label in others}


def _simulated_found(encoded: EncodedSet, kind: str, probabilities: Floats, threshold: float) -> dict[str, float]:
    makers = sorted({e.made_by for e in encoded.examples if not e.is_real and e.made_by != "spoilt" and e.shows[kind]})
    return {maker: share_above(probabilities[made_by(encoded.examples, maker)], threshold) for maker in makers}
