"""Judges a day of faces beside decoys: are strangers here as unlike those listed as the impostor curve has it.

Decoys are faces of nobody (chalicelib.vision.face_decoys). How often passers-by resemble one is known from the bench;
where it happens more often, every threshold worked out from the curve is too loose by the same factor. They are counted
from the curve's floor on, where strangers match once in a thousand times and decoys as often (.99): nearer to the
thresholds in force decoys match less often than people do, and a count would take months.
"""

import math
from dataclasses import dataclass

from chalicelib.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class LiveRate:
    """How many times likelier than expected strangers resemble decoys, with a 95 % interval."""

    ratio: float
    low: float
    high: float


def live_rate(*, faces: int, decoys: int, hits: int, expected_rate: float) -> LiveRate:
    """Judge counts of one period; `expected_rate` is that of one comparison, from the curve's file.

    The interval is Wilson and Hilferty's for a count, and a little narrow: one face may resemble several decoys. Raises
    InvalidInput where nothing was compared.
    """
    expected = faces * decoys * expected_rate
    if not expected > 0:
        raise InvalidInput(f"nothing was compared: {faces!r} faces with {decoys!r} decoys at {expected_rate!r}")
    return LiveRate(hits / expected, _bound(hits, -_Z) / expected, _bound(hits + 1, _Z) / expected)


_Z = 1.96


def _bound(count: int, z: float) -> float:
    return count * (1 - 1 / (9 * count) + z / (3 * math.sqrt(count))) ** 3 if count else 0.0
