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
from chalicelib.domain.kinds import CONGESTION, FIRE_SMOKE, FLOOD, GARBAGE, SCENE_KINDS
from overlays import render
from overlays.raster import BgrImage

CAMERA, SPOILT, DECOY = "camera", "spoilt", "decoy"
"""How an example was made: as it came, degraded, or with a vehicle set in; simulations carry their own name."""

_SPOILT_COPIES = 2
_SIMULATIONS_A_PHOTO = 2

_OVERLAYS: Mapping[str, tuple[str, float, float]] = {
    "fire": (FIRE_SMOKE, 0.1, 0.4),
    "smoke": (FIRE_SMOKE, 0.3, 0.8),
    "flood": (FLOOD, 0.25, 0.6),
    "garbage": (GARBAGE, 0.12, 0.4),
}
"""For each simulation the kind it shows and the range of its size."""

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
    """Every photo as it is and its spoilt copies; from every street also two simulations and one with a decoy."""
    for number, photo in enumerate(photos):
        rng = np.random.default_rng((seed, number))
        image = photo.read()
        labels = {kind: photo.shows(kind) for kind in SCENE_KINDS}
        yield Example(photo, CAMERA, labels), image
        for _ in range(_SPOILT_COPIES):
            yield Example(photo, SPOILT, labels), like_cctv(image, rng)
        if photo.label in _STREETS:
            yield from _simulated(photo, image, labels, rng)
            if decoys:
                street = set_decoy(image, decoys[rng.integers(len(decoys))], rng)
                yield Example(photo, DECOY, {**labels, CONGESTION: None}), street


def _simulated(
    photo: Photo, image: BgrImage, labels: Mapping[str, bool | None], rng: np.random.Generator
) -> Iterator[tuple[Example, BgrImage]]:
    for overlay in rng.permutation(list(_OVERLAYS))[:_SIMULATIONS_A_PHOTO]:
        kind, smallest, largest = _OVERLAYS[overlay]
        position = (rng.uniform(0.15, 0.85), rng.uniform(0.5, 0.95))
        incident = render(
            image,
            overlay,
            size_share=rng.uniform(smallest, largest),
            position_rel=position,
            seed=int(rng.integers(2**31)),
        )
        spoilt = like_cctv(incident, rng) if rng.random() < 0.5 else incident
        # Vehicles under water or behind smoke are no longer evidence of congestion.
        yield Example(photo, str(overlay), {**labels, kind: True, CONGESTION: None}), spoilt


def count_examples(photos: list[Photo], decoys: list[BgrImage]) -> int:
    """How many examples `draw_examples` will draw."""
    streets = sum(photo.label in _STREETS for photo in photos)
    return len(photos) * (1 + _SPOILT_COPIES) + streets * (_SIMULATIONS_A_PHOTO + bool(decoys))
