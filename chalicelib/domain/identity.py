"""One person over several frames: the mean of a burst may pass at a lower cosine than any single look.

A stranger's likeness to an entry changes from frame to frame, so a mean strays less than one look does; who is really
listed keeps his likeness. The frames of a burst resemble each other, though: with a correlation of r between two looks
at one stranger, the mean of m varies by (1 + (m - 1)·r) / m of one look's variance. Strangers' cosines lie in a bell
around zero (chalicelib.vision.face_space), so the threshold shrinks by the root of that.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.observations import BoxXyxy

LOOKS = 4
CORRELATION = 0.85
"""Between two looks at one stranger in a burst: .85 where one photograph of LFW was moved, blurred, lit and compressed
anew, .69 between different photographs of one person. The higher, the more careful."""

STANDS_STILL = timedelta(minutes=5)
MOST_STRAY = 0.05


@dataclass(frozen=True, slots=True)
class BurstThresholds:
    """The cosine that a single look must reach, or the mean of a whole burst of `looks`."""

    single: float
    mean: float
    looks: int


def burst_thresholds(
    threshold_at: Callable[[float], float], false_alerts_per_day: float, *, looks: int = LOOKS
) -> BurstThresholds:
    """Both thresholds, each within half of the budget, so that they keep it together whatever they have in common.

    `threshold_at` gives a single look's threshold for a budget (`face_threshold`, all else given). Means are judged
    once a burst and not once a look, so for the same alerts a day each may err `looks` times as often.
    """
    half = false_alerts_per_day / 2
    shrunk = math.sqrt((1 + (looks - 1) * CORRELATION) / looks)
    return BurstThresholds(threshold_at(half), threshold_at(half * looks) * shrunk, looks)


def passes(scores: Sequence[float], thresholds: BurstThresholds) -> bool:
    """Whether the looks of one burst, at most `looks` of them, make their entry a candidate."""
    if any(score >= thresholds.single for score in scores):
        return True
    return len(scores) == thresholds.looks and math.fsum(scores) / len(scores) >= thresholds.mean


@dataclass(frozen=True, slots=True)
class Look:
    """Where an entry's candidate was at one instant."""

    at_utc: datetime
    box_xyxy: BoxXyxy


def stands_still(looks: Sequence[Look]) -> bool:
    """Whether it must be a picture of a face, on a poster or a screen: nobody holds his face so for minutes.

    True where looks, in their order, span `STANDS_STILL`, and no edge of the box strays by more than a twentieth of the
    face's width.
    """
    if len(looks) < 2 or looks[-1].at_utc - looks[0].at_utc < STANDS_STILL:
        return False
    left, _, right, _ = looks[0].box_xyxy
    edges = zip(*(look.box_xyxy for look in looks), strict=True)
    return all(max(edge) - min(edge) <= MOST_STRAY * (right - left) for edge in edges)
