"""Scores for pictures whose camera or source the head never saw in training."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.scenes.examples import CAMERA, DECOY, HARD, OTHER_FIRES, SIMULATIONS, SPOILT, UNSEEN, Example
from bench.scenes.fitting import Bools, Floats, Probe, Recipe, fit_probe, view_logits
from chalicelib.vision.scene_views import look_at
from chalicelib.vision.sessions import Model
from overlays.raster import BgrImage

FOLDS = 5
_PORTION = 500


@dataclass(frozen=True, slots=True)
class EncodedSet:
    """Examples and their features (examples, 27, n) in half precision: squeezed, large and its windows, row by row."""

    examples: list[Example]
    views: NDArray[np.float16]

    def truth(self, kind: str) -> NDArray[np.int8]:
        """1 where the kind is shown, 0 where not, -1 where the label doesn't tell."""
        numbers = {True: 1, False: 0, None: -1}
        return np.array([numbers[example.shows[kind]] for example in self.examples], np.int8)

    def weights(self, kind: str, recipe: Recipe) -> Floats:
        """What each row counts for the squeezed and for the large view (examples, 2)."""
        return np.array([_weights(example, kind, recipe) for example in self.examples], np.float32)

    def without(self, held_out: Bools) -> Bools:
        """The rows that share no camera with those held out, neither of the street nor of flames set into it."""
        unseen = {self.examples[row].photo.group for row in np.flatnonzero(held_out)}
        lent = [example.donor is not None and example.donor.group in unseen for example in self.examples]
        return np.asarray(~held_out & ~np.array(lent), np.bool_)


def encode(encoder: Model, drawn: Iterable[tuple[Example, BgrImage]]) -> EncodedSet:
    """All views of every picture; half precision keeps some 9,600 in 700 MB."""
    kept: list[Example] = []
    rows: list[NDArray[np.float16]] = []
    for example, image_bgr in drawn:
        views = look_at(encoder, image_bgr)
        kept.append(example)
        rows.append(np.concatenate((views.squeezed()[None], views.large)).astype(np.float16))
    return EncodedSet(kept, np.stack(rows))


def _weights(example: Example, kind: str, recipe: Recipe) -> tuple[float, float]:
    if example.made_by == UNSEEN or (example.made_by in OTHER_FIRES and not example.shows[kind]):
        return 0.0, 0.0
    if example.made_by in SIMULATIONS and example.shows[kind]:
        return recipe.simulated
    by_maker = {CAMERA: 1.0, SPOILT: recipe.spoilt, DECOY: recipe.decoys, **dict.fromkeys(HARD, recipe.hard)}
    weight = by_maker.get(example.made_by, recipe.simulated_other)
    return weight, weight


def fit_kind(encoded: EncodedSet, kind: str, recipe: Recipe, rows: Bools) -> Probe:
    """Fit the kind's probes on those of the rows that have a label and a weight."""
    truth, weights = encoded.truth(kind), encoded.weights(kind, recipe)
    usable = rows & (truth >= 0) & (weights > 0).any(axis=1)
    features = encoded.views[usable, :2].astype(np.float32)
    return fit_probe(features, truth[usable] == 1, weights[usable], recipe)


def out_of_fold(encoded: EncodedSet, kind: str, recipe: Recipe, fold_of_row: NDArray[np.int64]) -> Floats:
    """The views' logits of every row (rows, 3) from a probe fitted without its fold."""
    logits = np.full((len(encoded.examples), 3), np.nan, np.float32)
    for fold in np.unique(fold_of_row):
        held_out = fold_of_row == fold
        logits[held_out] = logits_without(encoded, kind, recipe, held_out)
    return logits


def logits_without(encoded: EncodedSet, kind: str, recipe: Recipe, held_out: Bools) -> Floats:
    """The views' logits of the rows held out, from a probe fitted on all others."""
    probe = fit_kind(encoded, kind, recipe, encoded.without(held_out))
    return _logits(encoded, np.flatnonzero(held_out), probe)


def _logits(encoded: EncodedSet, rows: NDArray[np.intp], probe: Probe) -> Floats:
    """In portions, because all views of all rows in single precision are a gigabyte."""
    portions = np.array_split(rows, 1 + len(rows) // _PORTION)
    return np.concatenate([view_logits(encoded.views[part].astype(np.float32), probe) for part in portions])


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
