"""Scores for pictures whose camera or source the head never saw in training."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.scenes.examples import CAMERA, DECOY, SPOILT, Example
from bench.scenes.fitting import Bools, Floats, Recipe, fit_probe, pooled

FOLDS = 5


@dataclass(frozen=True, slots=True)
class EncodedSet:
    """Examples and their unit features (examples, views, features), row by row.

    Tiles are encoded for photographs only. For made examples the whole view stands in for each tile, which makes
    their pooled score that of the whole view.
    """

    examples: list[Example]
    views: Floats

    def truth(self, kind: str) -> NDArray[np.int8]:
        """1 where the kind is shown, 0 where not, -1 where the label doesn't tell."""
        numbers = {True: 1, False: 0, None: -1}
        return np.array([numbers[example.shows[kind]] for example in self.examples], np.int8)

    def weights(self, kind: str, recipe: Recipe) -> Floats:
        return np.array([_weight(example, kind, recipe) for example in self.examples], np.float32)


def _weight(example: Example, kind: str, recipe: Recipe) -> float:
    if example.is_real:
        return 1.0
    if example.made_by == SPOILT:
        return recipe.spoilt
    if example.made_by == DECOY:
        return recipe.decoys
    return recipe.simulated if example.shows[kind] else recipe.simulated_other


def fit_kind(encoded: EncodedSet, kind: str, recipe: Recipe, rows: Bools) -> tuple[Floats, float]:
    """Fit the kind's probe on those of the rows that have a label and a weight."""
    truth, weights = encoded.truth(kind), encoded.weights(kind, recipe)
    usable = rows & (truth >= 0) & (weights > 0)
    features, shows, counts = encoded.views[usable, 0], truth[usable] == 1, weights[usable]
    if recipe.tiles > 0:
        tiled = usable & made_by(encoded.examples, CAMERA)
        tiles = encoded.views[tiled, 1:]
        features = np.concatenate((features, tiles.reshape(-1, tiles.shape[2])))
        shows = np.r_[shows, np.repeat(truth[tiled] == 1, tiles.shape[1])]
        counts = np.r_[counts, np.full(tiles.shape[0] * tiles.shape[1], recipe.tiles, np.float32)]
    return fit_probe(features, shows, counts, recipe)


def out_of_fold(encoded: EncodedSet, kind: str, recipe: Recipe, fold_of_row: NDArray[np.int64]) -> Floats:
    """The pooled logit of every row from a probe fitted without its fold."""
    logits = np.full(len(encoded.examples), np.nan, np.float32)
    for fold in np.unique(fold_of_row):
        held_out = fold_of_row == fold
        logits[held_out] = logits_without(encoded, kind, recipe, held_out)
    return logits


def logits_without(encoded: EncodedSet, kind: str, recipe: Recipe, held_out: Bools) -> Floats:
    """The pooled logits of the rows held out, from a probe fitted on all others."""
    weights, constant = fit_kind(encoded, kind, recipe, ~held_out)
    return pooled(encoded.views[held_out], weights, constant, recipe)


def group_folds(examples: list[Example], *, seed: int) -> NDArray[np.int64]:
    """Fold numbers that never split a camera, nor a photo from its copies and simulations."""
    groups = sorted({example.photo.group for example in examples})
    order = np.random.default_rng(seed).permutation(len(groups))
    fold = {group: int(place) % FOLDS for group, place in zip(groups, order, strict=True)}
    return np.array([fold[example.photo.group] for example in examples])


def made_by(examples: list[Example], maker: str) -> Bools:
    """The rows made one way: `camera`, `spoilt` or the name of a simulation."""
    return np.array([example.made_by == maker for example in examples])


def quiet_rows(examples: list[Example]) -> Bools:
    """The photographs, as they came, that show an ordinary street."""
    return np.array([example.is_real and example.photo.is_quiet for example in examples])


def of_source(examples: list[Example], source: str) -> Bools:
    """The rows of one collection, made ones included."""
    return np.array([example.photo.source == source for example in examples])
