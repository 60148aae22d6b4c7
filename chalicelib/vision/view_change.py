"""Whether a camera still looks where it looked: its view's edges against those remembered, 144 bytes each.

Edges outlast rain, dusk and headlights better than brightness does. Where they agree after a shift, the camera was
turned a little; where they agree after none, it looks elsewhere or its glass was sprayed, if they are unlike enough
where they are: among many shifts of quite another view one agrees by chance. 0.2 ms where nothing changed.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

MOVED = "moved"
TAMPERED = "tampered"

_WH = (16, 9)
SKETCH_BYTES = _WH[0] * _WH[1]
_DETAIL_WH = (160, 96)
_LEVELS_PER_LOG = 32
_REACH = (4, 2)  # cells to either side: a quarter of the view
_ALIKE = 0.7
"""Correlation from which on two sketches show the same: those of one camera a minute apart have .8 and more."""
_BARE = 80
"""A bare road from above stays below, 99 of 100 streets above: it has too few edges to be known again by."""

Float32 = NDArray[np.float32]
Sketch = NDArray[np.uint8]


def sketch_view(grey: NDArray[np.uint8]) -> Sketch:
    """The strength of edges (144,) in 16x9 cells of a grey picture of any size."""
    small = cv2.resize(grey, _DETAIL_WH, interpolation=cv2.INTER_AREA).astype(np.float32)
    across, down = cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1)
    edges = cv2.log(cv2.magnitude(across, down) + 1) * _LEVELS_PER_LOG
    return np.asarray(np.rint(cv2.resize(edges, _WH, interpolation=cv2.INTER_AREA)), np.uint8).ravel()


def view_faults(now: Sketch, remembered: Sketch) -> dict[str, float]:
    """Score both faults in [0,1]; from 0.5 on one is there."""
    here = _correlation(_rows(now), _rows(remembered))
    if here >= _ALIKE or np.median(remembered) < _BARE:
        return {MOVED: 0.0, TAMPERED: 0.0}
    anywhere = _best_shifted(_rows(now), _rows(remembered))
    if anywhere >= _ALIKE:
        return {MOVED: _ramp(anywhere - here, zero_at=0.0, one_at=0.3), TAMPERED: 0.0}
    return {MOVED: 0.0, TAMPERED: _ramp(here, zero_at=0.5, one_at=0.0)}


def is_same_view(now: Sketch, before: Sketch) -> bool:
    """Whether two sketches show the same, which those of one unmoved camera do."""
    return _correlation(_rows(now), _rows(before)) >= _ALIKE


def remember(now: Sketch, remembered: Sketch, *, strange: bool) -> Sketch:
    """The sketch to remember: drawn to the new one by an eighth, to a strange one by a level in a quarter of its cells.

    So the sketch follows dusk within minutes, and takes a turned camera for granted after about an hour of beats. Which
    quarter is up to the picture's noise, which saves remembering it.
    """
    change = now.astype(np.int16) - remembered
    turn = np.arange(now.size) % 4 == (int(now.sum()) + int(remembered.sum())) % 4
    step = np.sign(change) * turn if strange else np.rint(change / 8)
    return np.asarray(remembered + step, np.uint8)


def _rows(sketch: Sketch) -> Float32:
    return sketch.astype(np.float32).reshape(_WH[::-1])


def _best_shifted(now: Float32, before: Float32) -> float:
    shifts = ((x, y) for x in range(-_REACH[0], _REACH[0] + 1) for y in range(-_REACH[1], _REACH[1] + 1))
    return max(_correlation(_part(now, x, y), _part(before, -x, -y)) for x, y in shifts)


def _part(rows: Float32, x: int, y: int) -> Float32:
    """What stays in view of a picture that is moved by so many cells."""
    width, height = _WH
    return rows[max(0, y) : height + min(0, y), max(0, x) : width + min(0, x)]


def _correlation(a: Float32, b: Float32) -> float:
    """Of a view without any edges nothing can be said, which counts as alike."""
    centred_a, centred_b = a - a.mean(), b - b.mean()
    spread = float(np.sqrt((centred_a**2).sum() * (centred_b**2).sum()))
    return float((centred_a * centred_b).sum()) / spread if spread else 1.0


def _ramp(value: float | np.floating[Any], *, zero_at: float, one_at: float) -> float:
    return float(np.clip((value - zero_at) / (one_at - zero_at), 0, 1))
