"""A second look at the sightings that confirm each other: what makes people wonder whether it is what it seems.

A doubt never silences. The incident opens as soon as any other, is called a step less severe, says why, and loses the
doubt with the first look that gives no cause for it. Why so mild: docs/adr/0017-scenes-over-frames.md.
"""

from collections.abc import Sequence
from enum import StrEnum

from chalicelib.domain.confirmation import Sighting
from chalicelib.domain.heat import moves
from chalicelib.domain.kinds import CAMERA_FAULT, FIRE_SMOKE, FLOOD

STILL_FOR_S = 3.0
"""Flames change within a second, and so do their reflections; a lamp doesn't in an hour."""
STEADY_SHARE = 0.5
"""Water stays; a wave of spray behind a lorry and a glare on wet asphalt don't."""


class Doubt(StrEnum):
    """`degraded`: every look was poor; `still`: a fire that never moves; `unsteady`: water that comes and goes."""

    DEGRADED = "degraded"
    STILL = "still"
    UNSTEADY = "unsteady"


def doubts(kind: str, sightings: Sequence[Sighting]) -> tuple[Doubt, ...]:
    """What the positive sightings of one camera, in order, leave in doubt."""
    if kind == CAMERA_FAULT:
        return ()
    cast = {
        Doubt.DEGRADED: all(one.degraded for one in sightings),
        Doubt.STILL: kind == FIRE_SMOKE and _is_still(sightings),
        Doubt.UNSTEADY: kind == FLOOD and _is_unsteady(sightings),
    }
    return tuple(doubt for doubt, is_cast in cast.items() if is_cast)


def _is_still(sightings: Sequence[Sighting]) -> bool:
    """Long enough apart, each with a map, and all maps alike."""
    span_s = (sightings[-1].captured_at_utc - sightings[0].captured_at_utc).total_seconds()
    maps = [one.heat for one in sightings]
    return span_s >= STILL_FOR_S and all(maps) and not moves(maps)


def _is_unsteady(sightings: Sequence[Sighting]) -> bool:
    """Real floods taken again and again fill at least .81 of what they filled most."""
    extents = [one.extent for one in sightings]
    return 0 < min(extents) < STEADY_SHARE * max(extents)
