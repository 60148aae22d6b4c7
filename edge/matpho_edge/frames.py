"""What the gateway handles: pictures of a camera, those that passed the gate, and the keys under which they arrive.

The keys are those of chalicelib/domain/frames.py; a bundle's frames are named after it, so that a key says where the
bytes lie: `frames/{camera}/{yyyy}/{mm}/{dd}/{HHMMSSmmm}Z-{seq}.tar/{HHMMSSmmm}Z-{seq}.jpg`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

MAX_OBJECT_BYTES = 20_000_000
"""What the chain refuses unread, a frame or a bundle."""

MAX_BUNDLE_FRAMES = 12
"""As many as the chain takes, which must be done with ten bundles within a minute."""


class Worth(IntEnum):
    """Why a frame passed, the least valuable first: what is shed first when the disk is full."""

    PROOF = 0
    CHANGE = 1
    MOTION = 2
    EVENT = 3


@dataclass(frozen=True, slots=True)
class Position:
    """Where in a recording a picture stands, so that one read again after a crash isn't taken twice."""

    recording: str
    index: int


@dataclass(frozen=True, slots=True)
class Picture:
    """One look of a camera: BGR uint8 (height, width, 3), and the camera's own JPEG where it made one."""

    image_bgr: NDArray[np.uint8]
    captured_at_utc: datetime
    jpeg: bytes | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """A frame that the gate let pass."""

    camera_id: str
    captured_at_utc: datetime
    worth: Worth
    jpeg: bytes
    position: Position | None = None


def frame_name(captured_at_utc: datetime, sequence: int) -> str:
    """`{HHMMSSmmm}Z-{seq}`, the last part of a key without its extension."""
    at = captured_at_utc.astimezone(UTC)
    return f"{at:%H%M%S}{at.microsecond // 1000:03d}Z-{sequence}"


def day_prefix(camera_id: str, captured_at_utc: datetime) -> str:
    """`frames/{camera}/{yyyy}/{mm}/{dd}/`: where a camera's objects of one UTC day lie."""
    return f"frames/{camera_id}/{captured_at_utc.astimezone(UTC):%Y/%m/%d}/"
