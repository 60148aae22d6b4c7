"""How every part of the bench reads its pictures: through the run time's own decoder."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from chalicelib.vision.images import decode_image

Item = TypeVar("Item")


class Progress(Protocol):
    """Shows how far a loop is."""

    def __call__(self, items: Sequence[Item], what: str) -> Iterable[Item]: ...


def picture_at(path: Path) -> NDArray[np.uint8]:
    """Decode a file to BGR (h,w,3); raises FrameRejected on what the run time would refuse."""
    return decode_image(path.read_bytes())


def limited(items: list[Item], limit: int | None) -> list[Item]:
    """At most `limit` items, evenly spread, so that a quick look still sees every source."""
    if limit is None or len(items) <= limit:
        return items
    places = np.linspace(0, len(items) - 1, limit).round().astype(int)
    return [items[place] for place in places]
