"""The training set: the photographs, spoilt copies of them, and quiet ones with a simulated incident.

A simulated incident is the counterfactual twin of its quiet picture: only the incident differs, so a head can't lean
on the camera, the country or the bus. Everything is drawn from one seed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from bench.scenes.augment import like_cctv
from bench.scenes.data import Photo
from bench.scenes.decoys import set_decoy
from bench.scenes.fires import Flames, cut_flames, particle_fire, set_flames, tongue_fire
from bench.scenes.hard_negatives import grainy_night, low_sun, wet_night
from chalicelib.domain.kinds import CONGESTION, FIRE_SMOKE, SCENE_KINDS
from overlays import SHOWS, render
from overlays.raster import BgrImage

CAMERA, SPOILT, DECOY = "camera", "spoilt", "decoy"
NIGHT, SUN, GRAINY = "wet_night", "low_sun", "grainy_night"
CUT, TONGUES, PARTICLES = "cut_fire", "tongue_fire", "particle_fire"
"""How an example was made: as it came, degraded, with a vehicle set in, as a hard negative; simulations by name."""
HARD = (NIGHT, SUN, GRAINY)
OTHER_FIRES = (CUT, TONGUES, PARTICLES)
SIMULATIONS = frozenset({*SHOWS, *OTHER_FIRES})
UNSEEN = PARTICLES
"""What no head learns from: the fires of a renderer that training doesn't know."""

_SPOILT_COPIES = 2
_SPOILT_SIMULATIONS = 0.4

_SIZES: Mapping[str, tuple[float, float]] = {
    "fire": (0.06, 0.4),
    "smoke": (0.3, 0.8),
    "flood": (0.25, 0.6),
    "garbage": (0.12, 0.4),
}
_FIRE_SIZES = (0.06, 0.4)
_UNSEEN_SIZES = (0.1, 0.35)
_GRAINY_EVERY = 3
_TURNS = (("fire", "flood", "garbage"), ("fire", "fire", "smoke"))
"""Which simulations a street gets, in turn: fire most, because it is the smallest in the picture."""

_STREETS = {"normal", "free_flow", "congestion", "free_flow_uk_cctv_unlabelled", "vehicles"}


Cut: TypeAlias = tuple[Photo, Flames]
"""Flames and the photograph that they were cut out of."""


@dataclass(frozen=True, slots=True)
class Example:
    """One picture to learn from: what it shows by kind (None: unknown) and how it was made from its photo.

    `donor` is the photograph that flames were cut out of: whoever holds that one out must leave this one out as well.
    """

    photo: Photo
    made_by: str
    shows: Mapping[str, bool | None]
    donor: Photo | None = None

    @property
    def is_real(self) -> bool:
        return self.made_by == CAMERA


def cut_from(photos: list[Photo]) -> list[Cut]:
    """All flames of the photographs of fires, each with its photograph."""
    return [(photo, flames) for photo in photos if photo.label == FIRE_SMOKE for flames in cut_flames(photo.read())]


def draw_examples(
    photos: list[Photo], decoys: list[BgrImage], cuts: list[Cut], *, seed: int
) -> Iterator[tuple[Example, BgrImage]]:
    """Every photo as it is and its spoilt copies; every street also with simulations and a decoy.

    Every other street comes in a hard light as well, every third as a starved sensor sees it at night.
    """
    for number, photo in enumerate(photos):
        rng = np.random.default_rng((seed, number))
        image = photo.read()
        labels = {kind: photo.shows(kind) for kind in SCENE_KINDS}
        yield Example(photo, CAMERA, labels), image
        for _ in range(_SPOILT_COPIES):
            yield Example(photo, SPOILT, labels), like_cctv(image, rng)
        if photo.label in _STREETS:
            yield from _simulated(photo, image, labels, number, rng)
            yield from _burning(photo, image, labels, cuts, rng)
            if decoys:
                street = set_decoy(image, decoys[rng.integers(len(decoys))], rng)
                yield Example(photo, DECOY, {**labels, CONGESTION: None}), street
            if number % 2:
                yield _in_hard_light(photo, image, labels, number, rng)
            if number % _GRAINY_EVERY == 0:
                yield Example(photo, GRAINY, labels), grainy_night(image, rng)


def _simulated(
    photo: Photo, image: BgrImage, labels: Mapping[str, bool | None], number: int, rng: np.random.Generator
) -> Iterator[tuple[Example, BgrImage]]:
    for overlay in _TURNS[number % len(_TURNS)]:
        incident = render(
            image,
            overlay,
            size_share=rng.uniform(*_SIZES[overlay]),
            position_rel=(rng.uniform(0.1, 0.9), rng.uniform(0.4, 0.95)),
            seed=int(rng.integers(2**31)),
        )
        # Vehicles under water or behind smoke are no longer evidence of congestion.
        shows = {**labels, SHOWS[overlay]: True, CONGESTION: None}
        yield Example(photo, overlay, shows), _sometimes_spoilt(incident, rng)


def _burning(
    photo: Photo,
    image: BgrImage,
    labels: Mapping[str, bool | None],
    cuts: list[Cut],
    rng: np.random.Generator,
) -> Iterator[tuple[Example, BgrImage]]:
    """Fires of other looks; those of the unseen renderer on quiet streets only, where judging happens."""
    shows = {**labels, FIRE_SMOKE: True, CONGESTION: None}
    if cuts:
        donor, flames = cuts[rng.integers(len(cuts))]
        burning = set_flames(image, flames, rng, size_share=_size(rng))
        yield Example(photo, CUT, shows, donor), _sometimes_spoilt(burning, rng)
    yield Example(photo, TONGUES, shows), _sometimes_spoilt(tongue_fire(image, rng, size_share=_size(rng)), rng)
    if photo.is_quiet:
        yield Example(photo, PARTICLES, shows), particle_fire(image, rng, size_share=rng.uniform(*_UNSEEN_SIZES))


def _size(rng: np.random.Generator) -> float:
    """As many small as large ones, by factors."""
    return float(np.exp(rng.uniform(*np.log(_FIRE_SIZES))))


def _sometimes_spoilt(image: BgrImage, rng: np.random.Generator) -> BgrImage:
    return like_cctv(image, rng) if rng.random() < _SPOILT_SIMULATIONS else image


def _in_hard_light(
    photo: Photo, image: BgrImage, labels: Mapping[str, bool | None], number: int, rng: np.random.Generator
) -> tuple[Example, BgrImage]:
    name, relit = ((NIGHT, wet_night), (SUN, low_sun))[number // 2 % 2]
    return Example(photo, name, labels), relit(image, rng)


def count_examples(photos: list[Photo], decoys: list[BgrImage], cuts: list[Cut]) -> int:
    """How many examples `draw_examples` will draw."""
    streets = [number for number, photo in enumerate(photos) if photo.label in _STREETS]
    hard = sum((number % 2) + (number % _GRAINY_EVERY == 0) for number in streets)
    unseen = sum(photos[number].is_quiet for number in streets)
    a_street = len(_TURNS[0]) + 1 + bool(cuts) + bool(decoys)
    return len(photos) * (1 + _SPOILT_COPIES) + len(streets) * a_street + unseen + hard
