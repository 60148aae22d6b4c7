"""Which pictures are worth a request: those in which something is unlike what this camera usually shows.

Each pixel of a small picture has a running mean and deviation, so a road that always moves is no news and a fire beside
it is. What changes too slowly to be noticed so is held against the last picture sent; and every so often one is sent
regardless, as proof that the camera lives. A look at 1080p costs six milliseconds, a camera half a megabyte.
"""

import math
from datetime import datetime, timedelta

import cv2
import numpy as np
from numpy.typing import NDArray

from .config import Cadence, Sensitivity
from .frames import Worth

Small = NDArray[np.float32]
"""A small picture, BGR (90, 160, 3), in [0, 255]. In colour, as a red car on asphalt is as bright as the asphalt."""

SIZE_WH = (160, 90)
SHAPE = (90, 160, 3)


class Gate:
    """The gate of one camera. Time is the pictures' own, so a recording is judged alike however fast it is read."""

    def __init__(self, cadence: Cadence, sensitivity: Sensitivity) -> None:
        self._cadence = cadence
        self._sensitivity = sensitivity
        self._usual = _Usual(sensitivity.memory_s)
        self._sent: tuple[Small, datetime] | None = None
        self._burst: tuple[Worth, datetime] | None = None

    def judge(self, image_bgr: NDArray[np.uint8], at_utc: datetime) -> Worth | None:
        """Why a picture (BGR uint8) should be sent, or None; it is taken for sent when it should be."""
        small = _shrink(image_bgr)
        limit = self._usual.limit(self._sensitivity)
        if self._usual.known and _share(small, self._usual.mean, limit) >= self._sensitivity.moved_share:
            self._start_burst(Worth.MOTION, at_utc)
        worth = self._worth(small, limit, at_utc)
        self._usual.learn(small, at_utc)
        if worth is not None:
            self._sent = small, at_utc
        return worth

    def trigger(self, at_utc: datetime) -> None:
        """Begin a burst because the camera itself noticed something; safe from another thread."""
        self._start_burst(Worth.EVENT, at_utc)

    def _start_burst(self, worth: Worth, at_utc: datetime) -> None:
        going_on = self._burst_at(at_utc)
        self._burst = (worth if going_on is None else max(worth, going_on)), at_utc

    def _burst_at(self, at_utc: datetime) -> Worth | None:
        if self._burst is None or _apart_s(at_utc, self._burst[1]) >= self._cadence.burst_for_s:
            return None
        return self._burst[0]

    def _worth(self, small: Small, limit: Small, at_utc: datetime) -> Worth | None:
        if self._sent is None:
            return Worth.PROOF
        sent, sent_at_utc = self._sent
        since_s = _apart_s(at_utc, sent_at_utc)
        burst = self._burst_at(at_utc)
        if since_s >= self._cadence.burst_every_s:
            if burst is not None:
                return burst
            if _share(small, sent, limit) >= self._sensitivity.changed_share:
                return Worth.CHANGE
        return Worth.PROOF if since_s >= self._cadence.proof_every_s else None


class _Usual:
    """The running mean and variance of each pixel; early pictures weigh more, so that it soon knows a new camera."""

    def __init__(self, memory_s: float) -> None:
        self._memory_s = memory_s
        self._looks = 0
        self._at_utc: datetime | None = None
        self.mean: Small = np.zeros(SHAPE, np.float32)
        self._variance: Small = np.zeros(SHAPE, np.float32)

    @property
    def known(self) -> bool:
        return self._looks > 0

    def limit(self, sensitivity: Sensitivity) -> Small:
        """How far each pixel may be off before it counts, in levels of its colour."""
        return np.maximum(np.float32(sensitivity.levels), np.sqrt(self._variance) * sensitivity.deviations)

    def learn(self, small: Small, at_utc: datetime) -> None:
        passed_s = _apart_s(at_utc, self._at_utc) if self._at_utc else 0.0
        weight = max(1 / (self._looks + 1), 1 - math.exp(-passed_s / self._memory_s))
        off = small - self.mean
        self.mean = self.mean + np.float32(weight) * off
        self._variance = np.float32(1 - weight) * (self._variance + np.float32(weight) * off * off)
        self._looks, self._at_utc = self._looks + 1, at_utc


def _shrink(image_bgr: NDArray[np.uint8]) -> Small:
    """Averaged down and blurred, so that neither sensor noise nor rain drops are motion."""
    small = cv2.resize(image_bgr, SIZE_WH, interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(small, (5, 5), 0).astype(np.float32)


def _share(small: Small, reference: Small, limit: Small) -> float:
    """The share of the view that differs; what all pixels have in common is a cloud or the camera's own exposure."""
    off = small - reference
    off -= np.median(off, axis=(0, 1))
    return float(np.mean((np.abs(off) > limit).any(axis=2)))


def _apart_s(one_utc: datetime, other_utc: datetime) -> float:
    """Never negative: a clock that was set back must not silence a camera until it has caught up."""
    return abs(one_utc - other_utc) / timedelta(seconds=1)
