"""The training set: the photographs, spoilt copies of them, and quiet ones with a simulated incident.

A simulated incident is the counterfactual twin of its quiet picture: only the incident differs, so a head can't lean
on the camera, the country or the bus. Everything is drawn from one seed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from bench.scenes.augment import like_cctv
from bench.scenes.data import Photo
from bench.scenes.decoys import set_decoy
from bench.scenes.hard_negatives import low_sun, wet_night
from chalicelib.domain.kinds import CONGESTION, SCENE_KINDS
from overlays import SHOWS, render
from overlays.raster import BgrImage

CAMERA, SPOILT, DECOY, NIGHT, SUN = "camera", "spoilt", "decoy", "wet_night", "low_sun"
"""How an example was made: as it came, degraded, with a vehicle set in, as a hard negative; simulations by name."""
HARD = (NIGHT, SUN)
SIMULATIONS = frozenset(SHOWS)

_SPOILT_COPIES = 2
_SPOILT_SIMULATIONS = 0.4

_SIZES: Mapping[str, tuple[float, float]] = {
    "fire": (0.06, 0.4),
    "smoke": (0.3, 0.8),
    "flood": (0.25, 0.6),
    "garbage": (0.12, 0.4),
}
_TURNS = (("fire", "flood", "garbage"), ("fire", "fire", "smoke"))
"""Which simulations a street gets, in turn: fire most, because it is the smallest in the picture."""

_STREETS = {"normal", "free_flow", "congestion", "free_flow_uk_cctv_unlabelled", "vehicles"}


@dataclass(frozen=True, slots=True)
class Example:
    """One picture to learn from: what it shows by kind (None: unknown) and how it was made from its photo."""

    photo: Photo
    made_by: str
    shows: Mapping[str, bool | None]

    @property
    def is_real(self) -> bool:
        return self.made_by == CAMERA


def draw_examples(photos: list[Photo], decoys: list[BgrImage], *, seed: int) -> Iterator[tuple[Example, BgrImage]]:
    """Every photo as it is and its spoilt copies; every street also with three simulations and a decoy.

    Every other street comes in a hard light as well.
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
            if decoys:
                street = set_decoy(image, decoys[rng.integers(len(decoys))], rng)
                yield Example(photo, DECOY, {**labels, CONGESTION: None}), street
            if number % 2:
                yield _in_hard_light(photo, image, labels, number, rng)


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
        spoilt = like_cctv(incident, rng) if rng.random() < _SPOILT_SIMULATIONS else incident
        # Vehicles under water or behind smoke are no longer evidence of congestion.
        yield Example(photo, overlay, {**labels, SHOWS[overlay]: True, CONGESTION: None}), spoilt


def _in_hard_light(
    photo: Photo, image: BgrImage, labels: Mapping[str, bool | None], number: int, rng: np.random.Generator
) -> tuple[Example, BgrImage]:
    name, relit = ((NIGHT, wet_night), (SUN, low_sun))[number // 2 % 2]
    return Example(photo, name, labels), relit(image, rng)


def count_examples(photos: list[Photo], decoys: list[BgrImage]) -> int:
    """How many examples `draw_examples` will draw."""
    streets = [number for number, photo in enumerate(photos) if photo.label in _STREETS]
    hard = sum(number % 2 for number in streets)
    return len(photos) * (1 + _SPOILT_COPIES) + len(streets) * (len(_TURNS[0]) + bool(decoys)) + hard
