"""How every part of the bench finds and reads its pictures: through the run time's own decoder.

A file that the run time would refuse is named once and passed over: one broken photograph among thousands must not cost
an hour's figures. The cost: every picture is decoded once more than needed, some 3 ms.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from chalicelib.errors import FrameRejected
from chalicelib.vision.images import decode_image

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})

Item = TypeVar("Item")


class Progress(Protocol):
    """Shows how far a loop is."""

    def __call__(self, items: Sequence[Item], what: str) -> Iterable[Item]: ...


def picture_at(path: Path) -> NDArray[np.uint8]:
    """Decode a file to BGR (h,w,3); raises FrameRejected on what the run time would refuse."""
    return decode_image(path.read_bytes())


def pictures_in(folder: Path, limit: int | None = None, *, pattern: str = "*") -> list[Path]:
    """The readable pictures of a folder, in order of their paths: at most `limit`, evenly spread; others are named."""
    found = sorted(path for path in folder.glob(pattern) if path.suffix.lower() in SUFFIXES)
    return [path for path in limited(found, limit) if is_readable(path)]


@cache
def is_readable(path: Path) -> bool:
    """Whether the run time can decode a file; what it can't is named the first time."""
    try:
        picture_at(path)
    except FrameRejected as error:
        pass_over(path, str(error))
    except OSError as error:
        pass_over(path, str(error.strerror))
    else:
        return True
    return False


def pass_over(path: Path, why: str) -> None:
    """Name a file that doesn't count."""
    line = f"{path}: {why}, passed over"
    Console(stderr=True).print(line, style="yellow", markup=False, highlight=False, soft_wrap=True)


def source_of(path: Path) -> str:
    """The collection that a file's name begins with: `<source>__<name>.jpg`."""
    return path.stem.partition("__")[0] if "__" in path.stem else "unnamed"


def limited(items: list[Item], limit: int | None) -> list[Item]:
    """At most `limit` items, evenly spread, so that a quick look still sees every source."""
    if limit is None or len(items) <= limit:
        return items
    places = np.linspace(0, len(items) - 1, limit).round().astype(int)
    return [items[place] for place in places]
