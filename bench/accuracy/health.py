"""Camera health on real pictures: how often an ordinary street is called faulty, how often a made fault is seen."""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.accuracy.pictures import Progress, limited, picture_at, pictures_in
from bench.scenes.data import QUIET_CLASSES
from chalicelib.domain.observations import CameraHealth
from chalicelib.vision.camera_health import BLURRED, COVERED, DARK, FAULTY, FROZEN, WHITE_OUT, assess_health
from chalicelib.vision.frame_pixels import pixels_of_image
from chalicelib.vision.view_change import MOVED, TAMPERED
from overlays import render

FOLDER = "scenes"
CHANGED = 120
"""So many streets are changed by what is no fault, which takes a rendering each."""

Image = NDArray[np.uint8]
Pair = tuple[Image, Image]
"""What a camera showed a minute ago, and what it shows now."""

_SIDE_PX = 640
_SECONDS_BETWEEN = 2.0  # of a clip: they are too short for minutes


def judge_health(data: Path, _models: Path, limit: int | None, progress: Progress) -> dict[str, Any]:
    """Shares of quiet pictures, of clips' frames after one another, and of pictures spoilt in each way."""
    paths = [path for label in QUIET_CLASSES for path in pictures_in(data / FOLDER / label)]
    streets = [picture_at(path) for path in progress(limited(paths, limit), "health")]
    clips = [pair for clip in sorted(data.glob("video/*.mp4")) for pair in _minutes(clip)]
    others = streets[len(streets) // 2 :] + streets[: len(streets) // 2]
    return {
        "pictures": len(streets),
        "quiet_pictures_with_a_fault": _share(bool(_faults((street, street)) - {FROZEN}) for street in streets),
        "the_same_view_dimmed_with_a_fault": _share(bool(_faults((one, _dimmed(one)))) for one in streets),
        "clip_pairs": len(clips),
        "clip_pairs_with_a_fault": _share(bool(_faults(pair)) for pair in clips),
        "the_same_view_changed_with_a_fault": {
            change: _share(bool(_faults((one, make(one)))) for one in map(_no_larger, limited(streets, CHANGED)))
            for change, make in CHANGES.items()
        },
        "seen_of_what_was_made": {
            fault: _share(fault in _faults(make(street, other)) for street, other in zip(streets, others, strict=True))
            for fault, make in MADE.items()
        },
    }


def _faults(pair: Pair) -> set[str]:
    """What is said of the second picture; whether it is another view is told a minute later, once it stays."""
    before, now = pair
    first = assess_health(pixels_of_image(now), previous_fingerprint=assess_health(pixels_of_image(before)).fingerprint)
    later = assess_health(pixels_of_image(_grained(now)), previous_fingerprint=first.fingerprint)
    return _at_fault(first) | (_at_fault(later) & {MOVED, TAMPERED})


def _at_fault(health: CameraHealth) -> set[str]:
    return {fault for fault, score in health.faults.items() if score >= FAULTY}


def _share(yes: Iterable[bool]) -> float | None:
    answers = list(yes)
    return float(np.mean(answers)) if answers else None


def _minutes(clip: Path) -> list[Pair]:
    capture = cv2.VideoCapture(str(clip))
    every = max(1, round(capture.get(cv2.CAP_PROP_FPS) * _SECONDS_BETWEEN))
    frames = []
    while capture.grab():
        if int(capture.get(cv2.CAP_PROP_POS_FRAMES)) % every == 0:
            frames.append(np.asarray(capture.retrieve()[1], np.uint8))
    return list(pairwise(frames))


def _no_larger(street: Image) -> Image:
    """Twice as long as what health is measured on, so that spoiling it costs little."""
    scale = min(1.0, _SIDE_PX / max(street.shape[:2]))
    return np.asarray(cv2.resize(street, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _dimmed(street: Image) -> Image:
    noise = np.random.default_rng(1).normal(0, 4, street.shape)
    return np.clip(street * 0.6 + noise, 0, 255).astype(np.uint8)


def _grained(street: Image) -> Image:
    return np.clip(street + np.random.default_rng(4).normal(0, 3, street.shape), 0, 255).astype(np.uint8)


def _covered(street: Image, _other: Image) -> Pair:
    folds = np.random.default_rng(2).normal(0, 8, (5, 8, 3)).astype(np.float32)
    cloth = 90 + cv2.resize(folds, street.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    return street, np.clip(cloth, 0, 255).astype(np.uint8)


def _sprayed(street: Image, _other: Image) -> Pair:
    """Paint in blots over most of the glass, too near to be sharp."""
    rng = np.random.default_rng(3)
    height, width = street.shape[:2]
    paint = np.zeros((height, width), np.float32)
    for _ in range(60):
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
        cv2.circle(paint, (x, y), int(width * 0.08), 1.0, -1)
    glass = cv2.GaussianBlur(paint, (0, 0), width * 0.01)[..., None]
    return street, (street * (1 - glass) + np.array([40, 40, 150]) * glass).astype(np.uint8)


def _turned(share: float) -> Callable[[Image, Image], Pair]:
    def turn(street: Image, _other: Image) -> Pair:
        cut = int(street.shape[1] * share)
        return street[:, :-cut], street[:, cut:]

    return turn


def _with(overlay: str, *, size_share: float) -> Callable[[Image], Image]:
    return lambda street: render(street, overlay, size_share=size_share, position_rel=(0.5, 0.95), seed=1)


def _with_a_lorry(street: Image) -> Image:
    """Half as wide as the view and four fifths as high, in one colour, which stands for minutes."""
    height, width = street.shape[:2]
    parked = street.copy()
    parked[height // 5 :, width // 4 : 3 * width // 4] = (90, 110, 120)
    return parked


CHANGES: Mapping[str, Callable[[Image], Image]] = {
    "water over .4 of the height": _with("flood", size_share=0.4),
    "water over .6": _with("flood", size_share=0.6),
    "a fire .4 high": _with("fire", size_share=0.4),
    "smoke .8 high": _with("smoke", size_share=0.8),
    "a lorry before the lens": _with_a_lorry,
}
"""What changes a view and is no fault, as large as it comes: the camera still looks where it looked."""

MADE: Mapping[str, Callable[[Image, Image], Pair]] = {
    COVERED: _covered,
    DARK: lambda street, _other: (street, (street * 0.03).astype(np.uint8)),
    WHITE_OUT: lambda street, _other: (street, np.asarray(cv2.convertScaleAbs(street, alpha=3, beta=140), np.uint8)),
    BLURRED: lambda street, _other: (street, np.asarray(cv2.GaussianBlur(street, (0, 0), 0.012 * max(street.shape)))),
    FROZEN: lambda street, _other: (street, street),
    MOVED: _turned(0.15),
    TAMPERED: lambda street, other: (street, other),
}
"""How a street is spoilt in each way; for `tampered` the camera looks at quite another street."""
