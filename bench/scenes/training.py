"""From encoded examples to shipped heads, each with the figures of pictures it had not seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.scenes.examples import CAMERA, DECOY, HARD, NIGHT, SIMULATIONS
from bench.scenes.fitting import RECIPES, Bools, Floats, Probe, Recipe, calibrate, pooled, squeezed_rule
from bench.scenes.metrics import (
    FALSE_POSITIVE_GOAL,
    NIGHT_GOAL,
    Separation,
    reliability_bins,
    roc_points,
    separation,
    share_above,
    threshold_at,
)
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
from chalicelib.vision.scene_heads import SceneHead, SqueezedRule


@dataclass(frozen=True, slots=True)
class Validation:
    """One kind's out-of-fold figures: cameras held out, whole collections held out, side sets and simulations."""

    cameras_held_out: Separation
    recall_at_threshold: float
    false_positives_at_threshold: float
    source_held_out_recall: dict[str, float]
    false_positives_by_class: dict[str, float]
    simulated_found: dict[str, float]
    hard_mistaken: dict[str, float]
    missed_by_source: dict[str, float]


@dataclass(frozen=True, slots=True)
class Curves:
    """For the card's pictures: rate of false positives and recall; mean score, share of positives and count."""

    roc: list[tuple[float, float]]
    reliability: list[tuple[float, float, int]]


@dataclass(frozen=True, slots=True)
class TrainedHead:
    """A head ready to ship and its figures."""

    head: SceneHead
    recipe: Recipe
    validation: Validation
    curves: Curves


@dataclass(frozen=True, slots=True)
class _Trial:
    """One kind of the examples, whose views are pooled by its recipe and rule."""

    encoded: EncodedSet
    kind: str
    recipe: Recipe
    rule: SqueezedRule


def train_head(encoded: EncodedSet, kind: str, *, seed: int) -> TrainedHead:
    """Validate, calibrate and fit one kind."""
    recipe = RECIPES[kind]
    quiet = quiet_rows(encoded.examples)
    of_views = out_of_fold(encoded, kind, recipe, group_folds(encoded.examples, seed=seed))
    rule = squeezed_rule(of_views, quiet, recipe)
    logits = pooled(of_views, recipe, rule)
    truth, real = encoded.truth(kind), made_by(encoded.examples, CAMERA)
    judged = real & (truth >= 0)
    slope, offset = calibrate(logits[judged], truth[judged] == 1)
    at_logit = _strictest(encoded, logits, truth)
    probe = fit_kind(encoded, kind, recipe, np.full(len(truth), fill_value=True))
    head = SceneHead(
        kind,
        probe.weights,
        _pooling(recipe, probe, slope, offset),
        threshold=sigmoid(slope * at_logit + offset),
        typical_logit=float(slope * np.median(logits[quiet]) + offset),
        squeezed_rule=_of_probe(rule, probe),
    )
    validation = _validation(_Trial(encoded, kind, recipe, rule), logits, at_logit)
    curves = _curves(logits[judged], truth[judged] == 1, logits[quiet], (slope, offset))
    return TrainedHead(head, recipe, validation, curves)


def _strictest(encoded: EncodedSet, logits: Floats, truth: NDArray[np.int8]) -> float:
    """The logit that keeps every promise: on ordinary streets, on all others without the kind, past buses, at night."""
    promises = (
        (quiet_rows(encoded.examples), FALSE_POSITIVE_GOAL),
        (made_by(encoded.examples, CAMERA), FALSE_POSITIVE_GOAL),
        (made_by(encoded.examples, DECOY), FALSE_POSITIVE_GOAL),
        (made_by(encoded.examples, NIGHT), NIGHT_GOAL),
    )
    negatives = [(logits[rows & (truth == 0)], rate) for rows, rate in promises]
    return max(threshold_at(scores, rate) for scores, rate in negatives if len(scores))


def _pooling(recipe: Recipe, probe: Probe, slope: float, offset: float) -> tuple[float, float, float, float]:
    """Fold the probes' constants and the calibration into the pooling, so that a head is products and one sum."""
    squeezed, large, highest = (slope * factor for factor in recipe.pooling)
    constant = squeezed * probe.constants[0] + (large + highest) * probe.constants[1] + offset
    return squeezed, large, highest, float(constant)


def _of_probe(rule: SqueezedRule, probe: Probe) -> SqueezedRule:
    """A head's own logits lack the probes' constants, which its pooling holds."""
    squeezed, large = (float(constant) for constant in probe.constants)
    return SqueezedRule(rule.from_logit - large, rule.usual_logit - squeezed)


def _curves(logits: Floats, shows: Bools, quiet_logits: Floats, calibration: tuple[float, float]) -> Curves:
    slope, offset = calibration
    probabilities = np.asarray(1 / (1 + np.exp(-(slope * logits + offset))), np.float32)
    return Curves(roc_points(logits[shows], quiet_logits), reliability_bins(probabilities, shows))


def sigmoid(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


def _validation(trial: _Trial, logits: Floats, at_logit: float) -> Validation:
    encoded, kind = trial.encoded, trial.kind
    quiet = quiet_rows(encoded.examples)
    positive = made_by(encoded.examples, CAMERA) & (encoded.truth(kind) == 1)
    return Validation(
        cameras_held_out=separation(logits[positive], logits[quiet]),
        recall_at_threshold=share_above(logits[positive], at_logit),
        false_positives_at_threshold=share_above(logits[quiet], at_logit),
        source_held_out_recall=_source_held_out_recall(trial, at_logit),
        false_positives_by_class=_false_positives_by_class(encoded, kind, logits, at_logit),
        simulated_found=_simulated_found(encoded, kind, logits, at_logit),
        hard_mistaken=_hard_mistaken(encoded, kind, logits, at_logit),
        missed_by_source=_missed_by_source(encoded, positive, logits, at_logit),
    )


def _source_held_out_recall(trial: _Trial, at_logit: float) -> dict[str, float]:
    """The share of each collection's positives found by a probe that learnt nothing from the collection.

    Empty for a kind that only one collection has.
    """
    encoded = trial.encoded
    positive = made_by(encoded.examples, CAMERA) & (encoded.truth(trial.kind) == 1)
    sources = sorted({encoded.examples[row].photo.source for row in np.flatnonzero(positive)})
    found = {}
    for source in sources if len(sources) > 1 else ():
        held_out = of_source(encoded.examples, source)
        logits = pooled(logits_without(encoded, trial.kind, trial.recipe, held_out), trial.recipe, trial.rule)
        found[source] = share_above(logits[positive[held_out]], at_logit)
    return found


def _hard_mistaken(encoded: EncodedSet, kind: str, logits: Floats, at_logit: float) -> dict[str, float]:
    negative = encoded.truth(kind) == 0
    scores = {maker: logits[negative & made_by(encoded.examples, maker)] for maker in (DECOY, *HARD)}
    return {maker: share_above(of_maker, at_logit) for maker, of_maker in scores.items() if len(of_maker)}


def _missed_by_source(encoded: EncodedSet, positive: Bools, logits: Floats, at_logit: float) -> dict[str, float]:
    sources = np.array([example.photo.source for example in encoded.examples])
    return {
        str(source): 1 - share_above(logits[positive & (sources == source)], at_logit)
        for source in np.unique(sources[positive])
    }


def _false_positives_by_class(encoded: EncodedSet, kind: str, logits: Floats, at_logit: float) -> dict[str, float]:
    real = made_by(encoded.examples, CAMERA)
    labels = np.array([example.photo.label for example in encoded.examples])
    others = sorted(set(labels) - {kind})
    return {label: share_above(logits[real & (labels == label)], at_logit) for label in others}


def _simulated_found(encoded: EncodedSet, kind: str, logits: Floats, at_logit: float) -> dict[str, float]:
    makers = {example.made_by for example in encoded.examples if example.shows[kind]} & SIMULATIONS
    return {maker: share_above(logits[made_by(encoded.examples, maker)], at_logit) for maker in sorted(makers)}
