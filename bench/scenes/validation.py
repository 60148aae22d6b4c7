"""Scores for pictures whose camera or source the head never saw in training."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.scenes.examples import Example
from bench.scenes.fitting import Bools, Floats, Recipe, fit_probe, pooled

FOLDS = 5


@dataclass(frozen=True, slots=True)
class EncodedSet:
    """Examples and their unit features (examples, views, features), row by row."""

    examples: list[Example]
    views: Floats

    def truth(self, kind: str) -> NDArray[np.int8]:
        """1 where the kind is shown, 0 where not, -1 where the label doesn't tell."""
        numbers = {True: 1, False: 0, None: -1}
        return np.array([numbers[example.shows[kind]] for example in self.examples], np.int8)

    def weights(self, recipe: Recipe) -> Floats:
        of_maker = {"camera": 1.0, "spoilt": 0.5}
        return np.array(
            [of_maker.get(example.made_by, recipe.simulated_weight) for example in self.examples], np.float32
        )


def fit_kind(encoded: EncodedSet, kind: str, recipe: Recipe, rows: Bools) -> tuple[Floats, float]:
    """Fit the kind's probe on those of the rows that have a label and a weight."""
    truth, weights = encoded.truth(kind), encoded.weights(recipe)
    usable = rows & (truth >= 0) & (weights > 0)
    return fit_probe(encoded.views[usable], truth[usable] == 1, weights[usable], recipe)


def out_of_fold(encoded: EncodedSet, kind: str, recipe: Recipe, fold_of_row: NDArray[np.int64]) -> Floats:
    """The pooled logit of every row from a probe fitted without its fold; NaN where the rest taught no class."""
    logits = np.full(len(encoded.examples), np.nan, np.float32)
    truth = encoded.truth(kind)
    for fold in np.unique(fold_of_row):
        held_out = fold_of_row == fold
        if len(np.unique(truth[~held_out & (truth >= 0)])) == 2:
            weights, constant = fit_kind(encoded, kind, recipe, ~held_out)
            logits[held_out] = pooled(encoded.views[held_out], weights, constant, recipe)
    return logits


def group_folds(examples: list[Example], *, seed: int) -> NDArray[np.int64]:
    """Fold numbers that never split a camera, nor a photo from its copies and simulations."""
    groups = sorted({example.photo.group for example in examples})
    order = np.random.default_rng(seed).permutation(len(groups))
    fold = {group: int(place) % FOLDS for group, place in zip(groups, order, strict=True)}
    return np.array([fold[example.photo.group] for example in examples])


def source_folds(examples: list[Example]) -> NDArray[np.int64]:
    """Fold numbers that hold out one collection at a time, the hardest honest test the data allows."""
    sources = sorted({example.photo.source for example in examples})
    return np.array([sources.index(example.photo.source) for example in examples])


def made_by(examples: list[Example], maker: str) -> Bools:
    """The rows made one way: `camera`, `spoilt` or the name of a simulation."""
    return np.array([example.made_by == maker for example in examples])


def quiet_rows(examples: list[Example]) -> Bools:
    """The photographs, as they came, that show an ordinary street."""
    return np.array([example.is_real and example.photo.is_quiet for example in examples])


def by_source(examples: list[Example], rows: Bools) -> Iterator[tuple[str, Bools]]:
    """The rows of each collection."""
    sources = np.array([example.photo.source for example in examples])
    for source in sorted(set(sources[rows])):
        yield source, rows & (sources == source)
