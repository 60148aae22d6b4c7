"""Where in a view a scene's score comes from: a map so coarse that it is one word, which a sighting carries along.

Six rows of six blocks from the top left, a hexadecimal digit each, a step of logit a digit. `LEVEL` is where a picture
of nothing but such blocks would just be positive. An empty word is a map that nobody made.
"""

from collections.abc import Sequence
from itertools import pairwise

from chalicelib.domain.observations import BoxRel

BLOCKS_A_SIDE = 6
LEVEL = 4
HIGHEST = 15

_NOISE = 1
"""Of one view taken again and again by a camera that stands firm, 95 % change by no more in any block."""


def extent(heat: str) -> float:
    """The share of the picture that it fills, 0 where nobody knows."""
    return len(_hot(heat)) / BLOCKS_A_SIDE**2


def box_of(heat: str) -> BoxRel | None:
    """The box around all that it fills, as coarse as the blocks are."""
    hot = _hot(heat)
    if not hot:
        return None
    rows, columns = [block // BLOCKS_A_SIDE for block in hot], [block % BLOCKS_A_SIDE for block in hot]
    left, top, right, bottom = min(columns), min(rows), max(columns) + 1, max(rows) + 1
    return left / BLOCKS_A_SIDE, top / BLOCKS_A_SIDE, right / BLOCKS_A_SIDE, bottom / BLOCKS_A_SIDE


def moves(maps: Sequence[str]) -> bool:
    """Whether any block changed from one map to the next by more than noise does."""
    return any(_differ(one, other) for one, other in pairwise(maps))


def _hot(heat: str) -> list[int]:
    return [block for block, digit in enumerate(heat) if _step(digit) >= LEVEL]


def _differ(one: str, other: str) -> bool:
    return any(abs(_step(a) - _step(b)) > _NOISE for a, b in zip(one, other, strict=True))


def _step(digit: str) -> int:
    return int(digit, 16)
