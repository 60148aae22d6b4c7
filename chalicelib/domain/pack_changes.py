"""What a proposed city pack changes, item by item and field by field, and what must wait for an incident's end."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from chalicelib.domain.city import EVERYWHERE, CityPack, KindPolicy
from chalicelib.domain.confirmation import Tracker
from chalicelib.domain.incidents import Incident

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"


@dataclass(frozen=True, slots=True)
class PackChange:
    """One thing that differs: an item of a section, or with `field` one field of it, before and after."""

    section: str
    item: str
    what: str
    field: str = ""
    before: Any = None
    after: Any = None


def pack_changes(before: CityPack | None, after: CityPack) -> tuple[PackChange, ...]:
    """Everything that differs but the version; without a pack before, all is added."""
    names = [one.name for one in fields(CityPack) if one.name != "version"]
    return tuple(change for name in names for change in _section(name, getattr(before, name, ()), getattr(after, name)))


def still_needed(after: CityPack, live: Iterable[Incident], trackers: Iterable[Tracker]) -> Iterator[str]:
    """What a pack drops although something goes on that is about it, a sentence for each."""
    kinds, areas = {one.kind for one in after.kinds}, {one.id for one in after.areas} | {EVERYWHERE}
    cameras = {one.id for one in after.cameras}
    for incident in live:
        told = f"can't go while incident {incident.id} is {incident.status.value}"
        yield from _gone("kind", (incident.kind,), kinds, told)
        yield from _gone("area", (incident.place.area_id,), areas, told)
        yield from _gone("camera", incident.camera_ids, cameras, told)
    for tracker in trackers:
        told = f"can't go while camera {tracker.camera_id!r} still sees {tracker.kind}, incident {tracker.incident_id}"
        yield from _gone("kind", (tracker.kind,), kinds, told)
        yield from _gone("camera", (tracker.camera_id,), cameras, told)


def _gone(what: str, names: Iterable[str], kept: Collection[str], told: str) -> Iterator[str]:
    return (f"{what} {name!r} {told}" for name in names if name not in kept)


def _section(name: str, before: Any, after: Any) -> Iterator[PackChange]:
    """A section is a tuple of items; the rest stands in city.yaml."""
    if isinstance(after, tuple):
        yield from _items(name, before, after)
    elif before != after:
        yield PackChange("city", name, CHANGED if before != () else ADDED, "", before or None, after)


def _items(name: str, before: Iterable[Any], after: Iterable[Any]) -> Iterator[PackChange]:
    old, new = ({_name(item): item for item in items} for items in (before, after))
    yield from (PackChange(name, item, ADDED) for item in new if item not in old)
    yield from (PackChange(name, item, REMOVED) for item in old if item not in new)
    for item in new:
        if item in old:
            yield from _fields(name, item, old[item], new[item])
    yield from _order(name, [one for one in old if one in new], [one for one in new if one in old])


def _fields(section: str, item: str, before: Any, after: Any) -> Iterator[PackChange]:
    for one in fields(after):
        old, new = getattr(before, one.name), getattr(after, one.name)
        if old != new:
            yield PackChange(section, item, CHANGED, one.name, old, new)


def _order(section: str, before: list[str], after: list[str]) -> Iterator[PackChange]:
    """Order decides whose a border is and in which order units are called; the first that moved is named."""
    moved = next((new for old, new in zip(before, after, strict=True) if old != new), None)
    if moved is not None:
        yield PackChange(section, moved, MOVED, "", before.index(moved) + 1, after.index(moved) + 1)


def _name(item: Any) -> str:
    return str(item.kind if isinstance(item, KindPolicy) else item.id)
