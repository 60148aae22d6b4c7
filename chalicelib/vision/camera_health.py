"""How well a camera sees, so that a blind one raises a fault of its own and not a flood.

Everything is measured on the middle rows of a picture 320 px long, where clocks and names that cameras write into
their pictures don't reach: some 1.6 ms. The limits were set on a thousand street photographs, day and night,
against covers, defocus and pictures encoded again that were made from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.observations import CameraHealth
from chalicelib.vision.frame_pixels import FramePixels
from chalicelib.vision.images import shrink
from chalicelib.vision.view_change import (
    MOVED,
    SKETCH_BYTES,
    TAMPERED,
    Sketch,
    is_same_view,
    remember,
    sketch_view,
    view_faults,
)

COVERED = "covered"
DARK = "dark"
WHITE_OUT = "white_out"
BLURRED = "blurred"
FROZEN = "frozen"

BLINDING = (COVERED, DARK, WHITE_OUT)
"""The faults with which nothing else in the picture means anything."""

FAULTY = 0.5
"""From this score on the fault is there."""

_SIDE_PX = 320
_MARGIN = 1 / 12  # of the height, above and below, left to what cameras write into the picture
_TILES = 8  # a side
_TEXTURE = 1.0  # levels of coarse detail from which a tile shows more than road or sky
_MIN_TEXTURED = 3
_SAMPLES = 17  # a side
_SAMPLE_PX = 4
_CLIPPED = 12  # levels from black or white where sensors show no noise
_MIN_SAMPLES = 40

_UNCHANGED = {MOVED: 0.0, TAMPERED: 0.0}

Grey = NDArray[np.uint8]
Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Memory:
    """What a fingerprint holds: the last picture's samples, its sketch, and the one remembered for longer."""

    samples: Grey
    latest: Sketch
    remembered: Sketch

    def to_bytes(self) -> bytes:
        return self.samples.tobytes() + self.latest.tobytes() + self.remembered.tobytes()


def assess_health(frame: FramePixels, *, previous_fingerprint: bytes | None = None) -> CameraHealth:
    """Score each fault of a frame in [0,1]; from 0.5 on it is there.

    `previous_fingerprint` is that of a picture taken a minute or more before: without one, `frozen`, `moved` and
    `tampered` are 0. A new view counts as a fault once the fingerprint shows it as well: a camera that is being turned,
    or that tours its presets, looks nowhere for long.
    """
    samples = _samples(frame.coarse_bgr, _SAMPLE_PX // frame.reduction)
    grey = _small_grey(frame.small_bgr)
    before = _read_memory(previous_fingerprint or b"")
    faults = {**_optical_faults(grey), FROZEN: _frozen(samples, before.samples), **_UNCHANGED}
    if is_blind(CameraHealth(faults, b"")):
        return CameraHealth(faults, replace(before, samples=samples).to_bytes())
    sketch = sketch_view(grey)
    if not before.remembered.size:
        return CameraHealth(faults, _Memory(samples, sketch, sketch).to_bytes())
    changes = view_faults(sketch, before.remembered)
    remembered = remember(sketch, before.remembered, strange=max(changes.values()) >= FAULTY)
    changes = changes if is_same_view(sketch, before.latest) else _UNCHANGED
    return CameraHealth({**faults, **changes}, _Memory(samples, sketch, remembered).to_bytes())


def is_blind(health: CameraHealth) -> bool:
    """Whether the lens is covered, or the picture black or white."""
    return any(health.faults.get(fault, 0.0) >= FAULTY for fault in BLINDING)


def _optical_faults(grey: Grey) -> Mapping[str, float]:
    """Detail is compared at two scales a tile: a cover has neither, defocus has only the coarse one.

    Quantiles over tiles let fog keep its few sharp things, and a cover a gap at the edge. Only tiles with
    something to see are asked how sharp they are: a smooth road looks the same through any lens.
    """
    medium_blur = cv2.GaussianBlur(grey, (0, 0), 1.2)
    fine_blur = cv2.GaussianBlur(grey, (0, 0), 0.6)  # takes the sensor's noise away, which is sharp on any picture
    half = np.ascontiguousarray(medium_blur[::2, ::2])  # which a blur by 1.64 leaves as 3.5 the whole, in .4 ms less
    coarse = _by_tile(cv2.absdiff(half, cv2.GaussianBlur(half, (0, 0), 1.64)))
    fine = _by_tile(cv2.absdiff(fine_blur, medium_blur))
    levels = np.percentile(grey[::2, ::2], (25, 99.5))
    blinding = {
        COVERED: _ramp(np.quantile(coarse, 0.85), zero_at=0.85, one_at=0.1),
        DARK: _ramp(levels[1], zero_at=96, one_at=0),
        WHITE_OUT: _ramp(levels[0], zero_at=190, one_at=234),
    }
    return {**blinding, BLURRED: min(_blurred(fine, coarse), 1 - max(blinding.values()))}


def _blurred(fine: Float32, coarse: Float32) -> float:
    """0 where too little is in the picture to tell: what a defocus leaves of such is called a cover."""
    telling = coarse >= _TEXTURE
    if telling.sum() < _MIN_TEXTURED:
        return 0.0
    return _ramp(np.quantile((fine / (coarse + 1))[telling], 0.85), zero_at=0.34, one_at=0.16)


def _small_grey(image_bgr: NDArray[np.uint8]) -> Grey:
    """The middle rows of a picture never enlarged, since what is made up has no detail."""
    small, _ = shrink(image_bgr, _SIDE_PX)
    margin = round(len(small) * _MARGIN)
    return np.asarray(cv2.cvtColor(small[margin : len(small) - margin], cv2.COLOR_BGR2GRAY), np.uint8)


def _by_tile(detail: NDArray[Any]) -> Float32:
    means = cv2.resize(detail.astype(np.float32), (_TILES, _TILES), interpolation=cv2.INTER_AREA)
    return np.asarray(means, np.float32).ravel()


def _ramp(value: float | np.floating, *, zero_at: float, one_at: float) -> float:
    return float(np.clip((value - zero_at) / (one_at - zero_at), 0, 1))


def _samples(image_bgr: NDArray[np.uint8], side_px: int) -> NDArray[np.uint8]:
    """289 means of the camera's 4x4 pixels: larger ones would average away the noise that tells a live still street."""
    height, width = image_bgr.shape[:2]
    rows = _sampled(height * _MARGIN, height * (1 - _MARGIN), side_px)
    columns = _sampled(0, width, side_px)
    picked = cv2.cvtColor(image_bgr[np.ix_(rows, columns)], cv2.COLOR_BGR2GRAY)
    means = picked.reshape(_SAMPLES, side_px, _SAMPLES, side_px).mean(axis=(1, 3))
    return np.asarray(np.rint(means), np.uint8).ravel()


def _sampled(start: float, end: float, side_px: int) -> NDArray[np.intp]:
    first = np.linspace(start, end - side_px, _SAMPLES).astype(np.intp)
    return (first[:, None] + np.arange(side_px)).ravel()


def _read_memory(fingerprint: bytes) -> _Memory:
    """One of another make is as good as none; that of a lens covered from the start has no sketches."""
    values = np.frombuffer(fingerprint, np.uint8)
    samples, sketches = values[: _SAMPLES**2], values[_SAMPLES**2 :]
    if sketches.size not in {0, 2 * SKETCH_BYTES}:
        samples, sketches = values[:0], values[:0]
    return _Memory(samples, sketches[:SKETCH_BYTES], sketches[SKETCH_BYTES:])


def _frozen(samples: Grey, previous: Grey) -> float:
    """How close to the same picture: encoding one again moves a sample by 0.15 levels, noise on a still street 0.4."""
    if len(previous) != len(samples):
        return 0.0
    before, now = previous.astype(np.int16), samples.astype(np.int16)
    telling = (np.abs(now - 128) < 128 - _CLIPPED) | (np.abs(before - 128) < 128 - _CLIPPED)
    if telling.sum() < _MIN_SAMPLES:
        return 0.0
    return _ramp(np.abs(now - before)[telling].mean(), zero_at=0.44, one_at=0)
