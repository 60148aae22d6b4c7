"""Times that the city announced: planned works and events in which nothing new opens, and drills that are marked so."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.city import EVERYWHERE, CityPack, Window

SUPPRESS = "suppress"
EXERCISE = "exercise"
EFFECTS = (SUPPRESS, EXERCISE)


def suppressed(pack: CityPack, *, kind: str, area_id: str, camera_id: str, at_utc: datetime) -> Window | None:
    """The window that keeps an incident from opening, None when nothing does; the first in the pack's order."""
    holding = _holding(pack, kind=kind, area_id=area_id, camera_id=camera_id, at_utc=at_utc)
    return next((window for window in holding if window.effect == SUPPRESS), None)


def is_exercise(pack: CityPack, *, kind: str, area_id: str, camera_id: str, at_utc: datetime) -> bool:
    """Whether what opens now is a drill."""
    holding = _holding(pack, kind=kind, area_id=area_id, camera_id=camera_id, at_utc=at_utc)
    return any(window.effect == EXERCISE for window in holding)


def _holding(pack: CityPack, *, kind: str, area_id: str, camera_id: str, at_utc: datetime) -> Iterator[Window]:
    for window in pack.windows:
        concerned = ((window.kinds, kind), (window.areas, area_id), (window.cameras, camera_id))
        if window.from_utc <= at_utc < window.until_utc and all(_names(*one) for one in concerned):
            yield window


def _names(names: tuple[str, ...], one: str) -> bool:
    return EVERYWHERE in names or one in names
