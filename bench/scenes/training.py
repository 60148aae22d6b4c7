"""From encoded examples to shipped heads, each with the figures of pictures it had not seen."""

from dataclasses import dataclass

import numpy as np

from bench.scenes.examples import CAMERA, DECOY, SPOILT
from bench.scenes.fitting import RECIPES, Floats, Recipe, calibrate
from bench.scenes.metrics import FALSE_POSITIVE_GOAL, Separation, separation, share_above, threshold_at
from bench.scenes.validation import (
    EncodedSet,
    fit_kind,
    group_folds,
    logits_without,
    made_by,
    of_source,
    out_of_fold,
    quiet_rows,
)
from chalicelib.vision.scene_heads import SceneHead


@dataclass(frozen=True, slots=True)
class Validation:
    """One kind's out-of-fold figures: cameras held out, whole collections held out, side sets and simulations."""

    cameras_held_out: Separation
    recall_at_threshold: float
    false_positives_at_threshold: float
    source_held_out_recall: dict[str, float]
    false_positives_by_class: dict[str, float]
    simulated_found_by_whole_view: dict[str, float]
    decoys_mistaken_by_whole_view: float


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
    truth, real = encoded.truth(kind), made_by(encoded.examples, CAMERA)
    judged = real & (truth >= 0)
    slope, offset = calibrate(logits[judged], truth[judged] == 1)
    quiet = quiet_rows(encoded.examples)
    at_logit = max(threshold_at(logits[rows], FALSE_POSITIVE_GOAL) for rows in (quiet, real & (truth == 0)))
    weights, constant = fit_kind(encoded, kind, recipe, np.full(len(truth), fill_value=True))
    head = SceneHead(
        kind, weights, _pooling(recipe, constant, slope, offset), threshold=sigmoid(slope * at_logit + offset)
    )
    return TrainedHead(head, recipe, _validation(encoded, kind, recipe, logits, at_logit))


def _pooling(recipe: Recipe, constant: float, slope: float, offset: float) -> tuple[float, float, float, float]:
    """Fold the probe's constant and the calibration into the pooling, so that a head is one product and one sum."""
    whole, highest, mean = (slope * factor for factor in recipe.pooling)
    return whole, highest, mean, slope * constant * sum(recipe.pooling) + offset


def sigmoid(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


def _validation(encoded: EncodedSet, kind: str, recipe: Recipe, logits: Floats, at_logit: float) -> Validation:
    quiet = quiet_rows(encoded.examples)
    positive = made_by(encoded.examples, CAMERA) & (encoded.truth(kind) == 1)
    return Validation(
        cameras_held_out=separation(logits[positive], logits[quiet]),
        recall_at_threshold=share_above(logits[positive], at_logit),
        false_positives_at_threshold=share_above(logits[quiet], at_logit),
        source_held_out_recall=_source_held_out_recall(encoded, kind, recipe, at_logit),
        false_positives_by_class=_false_positives_by_class(encoded, kind, logits, at_logit),
        simulated_found_by_whole_view=_simulated_found(encoded, kind, logits, at_logit),
        decoys_mistaken_by_whole_view=share_above(logits[made_by(encoded.examples, DECOY)], at_logit),
    )


def _source_held_out_recall(encoded: EncodedSet, kind: str, recipe: Recipe, at_logit: float) -> dict[str, float]:
    """The share of each collection's positives found by a probe that learnt nothing from the collection.

    Empty for a kind that only one collection has.
    """
    positive = made_by(encoded.examples, CAMERA) & (encoded.truth(kind) == 1)
    sources = sorted({encoded.examples[row].photo.source for row in np.flatnonzero(positive)})
    found = {}
    for source in sources if len(sources) > 1 else ():
        held_out = of_source(encoded.examples, source)
        logits = logits_without(encoded, kind, recipe, held_out)
        found[source] = share_above(logits[positive[held_out]], at_logit)
    return found


def _false_positives_by_class(encoded: EncodedSet, kind: str, logits: Floats, at_logit: float) -> dict[str, float]:
    real = made_by(encoded.examples, CAMERA)
    labels = np.array([example.photo.label for example in encoded.examples])
    others = sorted(set(labels) - {kind})
    return {label: share_above(logits[real & (labels == label)], at_logit) for label in others}


def _simulated_found(encoded: EncodedSet, kind: str, logits: Floats, at_logit: float) -> dict[str, float]:
    makers = {example.made_by for example in encoded.examples if example.shows[kind]} - {CAMERA, SPOILT, DECOY}
    return {maker: share_above(logits[made_by(encoded.examples, maker)], at_logit) for maker in sorted(makers)}
