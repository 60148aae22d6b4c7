"""What a camera would see of an incident, where: simulated ones of falling size on its own quiet pictures.

A size counts as found where at least half of the tries at it score above the threshold, and half of all at it and at
the larger ones: one unlucky try doesn't make a blind spot. What would rise over the upper edge isn't tried, as nobody
could see that much of it. The cost is a rendering and a look a try.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from overlays import SHOWS, render
from overlays.lights import LIGHTS

Image = NDArray[np.uint8]
Look = Callable[[Image], Mapping[str, float]]
"""Scores a picture: a probability in [0,1] for each kind that the camera looks for."""

COLUMNS_REL = (0.14, 0.38, 0.62, 0.86)
ROWS_REL = (0.45, 0.68, 0.92)
SIZES: Mapping[str, tuple[float, ...]] = {
    "fire": (0.4, 0.25, 0.16, 0.1, 0.06),
    "smoke": (0.8, 0.5, 0.3, 0.2),
    "flood": (0.6, 0.4, 0.25, 0.15),
    "garbage": (0.4, 0.25, 0.16, 0.1),
}
"""Heights in shares of the picture's height, the largest first."""

_FOUND = 0.5


@dataclass(frozen=True, slots=True)
class Quiet:
    """A picture that shows nothing to report, in one of the lights."""

    name: str
    light: str
    image_bgr: Image


@dataclass(frozen=True, slots=True)
class Try:
    """One simulation of a size in one of the lights, and whether it was found."""

    size: float
    light: str
    found: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """One part of the view; `foot_rel` is where the incident stands, in shares of width and height."""

    overlay: str
    foot_rel: tuple[float, float]
    tries: tuple[Try, ...]

    @property
    def found_by_size(self) -> dict[float, float]:
        """The share found at each size, the largest first."""
        sizes = dict.fromkeys(one.size for one in self.tries)
        return {size: fmean(one.found for one in self.tries if one.size == size) for size in sizes}

    @property
    def smallest(self) -> float | None:
        """The smallest size found; None where none is."""
        found = [size for size, share in self.found_by_size.items() if min(share, self._from(size)) >= _FOUND]
        return min(found, default=None)

    def _from(self, size: float) -> float:
        return fmean(one.found for one in self.tries if one.size >= size)


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """One kind on quiet pictures in one light."""

    kind: str
    light: str
    pictures: int
    above_threshold: int
    highest_score: float


def in_all_lights(named: Sequence[tuple[str, Image]]) -> list[Quiet]:
    """Every picture as it is, then every one at dusk, then in infrared."""
    return [Quiet(name, light, relit(image)) for light, relit in LIGHTS.items() for name, image in named]


def false_alarms(quiet: Sequence[Quiet], look: Look, thresholds: Mapping[str, float]) -> list[FalseAlarms]:
    """How the quiet pictures score, by kind and light."""
    scores = [(one.light, look(one.image_bgr)) for one in quiet]
    return [
        _alarms(kind, light, [score[kind] for of, score in scores if of == light], thresholds[kind])
        for kind in thresholds
        for light in dict.fromkeys(of for of, _ in scores)
    ]


def places(overlay: str) -> list[tuple[float, float]]:
    """Where a simulation is tried; water always reaches the lower edge, so that it has no rows."""
    rows = (1.0,) if overlay == "flood" else ROWS_REL
    return [(x, y) for y in rows for x in COLUMNS_REL]


def sizes_at(overlay: str, foot_rel: tuple[float, float]) -> tuple[float, ...]:
    """The sizes that a view has room for above a place, the largest first."""
    return tuple(size for size in SIZES[overlay] if size <= foot_rel[1])


def explore(
    overlay: str,
    foot_rel: tuple[float, float],
    quiet: Sequence[Quiet],
    look: Look,
    *,
    threshold: float,
    tries: int,
    seed: int,
) -> Spot:
    """Try each size at one place, on `tries` of the quiet pictures drawn by the seed."""
    rng = np.random.default_rng((seed, *(round(100 * share) for share in foot_rel)))
    made = []
    for size in sizes_at(overlay, foot_rel):
        for one in _drawn(quiet, tries, rng):
            score = look(_with_incident(one, overlay, foot_rel, size, rng))[SHOWS[overlay]]
            made.append(Try(size, one.light, score >= threshold))
    return Spot(overlay, foot_rel, tuple(made))


def found_by_light(spots: Sequence[Spot], overlay: str) -> dict[str, float]:
    """The share of all tries of one overlay that was found in each light, whatever size and place."""
    tries = [one for spot in spots if spot.overlay == overlay for one in spot.tries]
    by_light = {light: [one.found for one in tries if one.light == light] for light in LIGHTS}
    return {light: fmean(found) for light, found in by_light.items() if found}


def _with_incident(
    quiet: Quiet, overlay: str, foot_rel: tuple[float, float], size: float, rng: np.random.Generator
) -> Image:
    seed = int(rng.integers(2**31))
    return render(quiet.image_bgr, overlay, size_share=size, position_rel=foot_rel, seed=seed)


def _drawn(quiet: Sequence[Quiet], tries: int, rng: np.random.Generator) -> list[Quiet]:
    """Every picture once before any is drawn again."""
    order = [place for _ in range(-(-tries // len(quiet))) for place in rng.permutation(len(quiet))]
    return [quiet[place] for place in order[:tries]]


def _alarms(kind: str, light: str, scores: Sequence[float], threshold: float) -> FalseAlarms:
    above = sum(score >= threshold for score in scores)
    return FalseAlarms(kind, light, len(scores), above, max(scores))
