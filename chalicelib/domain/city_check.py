"""What must hold of a city pack beyond its types, each breach told with its place and value.

Everything is checked and everything that is wrong is told at once: a pack is edited by hand, and one error a run is
how a person gives up.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict
from datetime import date
from itertools import pairwise
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chalicelib.domain.city import EVERYWHERE, Area, CameraProfile, CityPack
from chalicelib.domain.routing import OPERATIONS_CENTRE, UNROUTED_DESK
from chalicelib.domain.severity import SEVERITIES

RECORD_START = date(2024, 1, 1)
"""From this day on every camera must have exactly one area on every day."""

_T = TypeVar("_T")
_CAMERA_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def check_pack(pack: CityPack) -> tuple[str, ...]:
    """Every breach as `cameras[3].areas[0]: 'w-99' is no area`; none when the pack is sound."""
    return tuple(problem for check in _CHECKS for problem in check(pack))


def _check_city(pack: CityPack) -> Iterator[str]:
    if not _is_timezone(pack.timezone):
        yield f"timezone: {pack.timezone!r} is no time zone"
    yield from _unknown("default_area", (pack.default_area,), _area_ids(pack), "area")
    for role in (OPERATIONS_CENTRE, UNROUTED_DESK):
        if role not in _roles(pack):
            yield f"units: no unit has the role {role!r}"
    for name, value in asdict(pack.face_budget).items():
        if not value > 0:
            yield f"face_budget.{name}: {value!r} is not above 0"


def _check_duplicates(pack: CityPack) -> Iterator[str]:
    ids = {
        "areas": [area.id for area in pack.areas],
        "units": [unit.id for unit in pack.units],
        "routes": [route.id for route in pack.routes],
        "kinds": [policy.kind for policy in pack.kinds],
        "profiles": [profile.id for profile in pack.profiles],
        "cameras": [camera.id for camera in pack.cameras],
    }
    for section, names in ids.items():
        yield from (f"{section}: {name!r} is there {n} times" for name, n in Counter(names).items() if n > 1)


def _check_areas(pack: CityPack) -> Iterator[str]:
    for at, area in _numbered("areas", pack.areas):
        if area.part_of is not None:
            yield from _unknown(f"{at}.part_of", (area.part_of,), _area_ids(pack), "area")
        if area.valid_until is not None and area.valid_until <= area.valid_from:
            yield f"{at}.valid_until: {area.valid_until} is not after valid_from {area.valid_from}"


def _check_units(pack: CityPack) -> Iterator[str]:
    for at, unit in _numbered("units", pack.units):
        yield from _unknown_each(f"{at}.areas", unit.areas, {EVERYWHERE, *_area_ids(pack)}, "area")


def _check_routes(pack: CityPack) -> Iterator[str]:
    kinds, roles, areas = _kinds(pack), _roles(pack), {EVERYWHERE, *_area_ids(pack)}
    for at, route in _numbered("routes", pack.routes):
        yield from _unknown_each(f"{at}.kinds", route.kinds, kinds, "kind")
        yield from _unknown_each(f"{at}.roles", route.roles, roles, "role of a unit")
        yield from _unknown_each(f"{at}.areas", route.areas, areas, "area")
        yield from _unknown(f"{at}.min_severity", (route.min_severity,), SEVERITIES, "severity")


def _check_kinds(pack: CityPack) -> Iterator[str]:
    routed = {kind for route in pack.routes for kind in route.kinds}
    for at, policy in _numbered("kinds", pack.kinds):
        yield from _unknown(f"{at}.severity", (policy.severity,), SEVERITIES, "severity")
        if policy.kind not in routed:
            yield f"{at}.kind: no route for {policy.kind!r}"
        if not 1 <= policy.positives <= policy.of_frames:
            yield f"{at}.positives: {policy.positives} is not in 1…of_frames ({policy.of_frames})"
        if policy.threshold is not None and not 0 <= policy.threshold <= 1:
            yield f"{at}.threshold: {policy.threshold} is not in [0,1]"
        for name in ("window_s", "hold_s"):
            if not getattr(policy, name) > 0:
                yield f"{at}.{name}: {getattr(policy, name)} is not above 0"


def _check_profiles(pack: CityPack) -> Iterator[str]:
    for at, profile in _numbered("profiles", pack.profiles):
        yield from _unknown_each(f"{at}.scenes", profile.scenes, _kinds(pack), "kind")
        for kind, threshold in profile.thresholds.items():
            yield from _unknown(f"{at}.thresholds", (kind,), _kinds(pack), "kind")
            if not 0 <= threshold <= 1:
                yield f"{at}.thresholds.{kind}: {threshold} is not in [0,1]"
        yield from _check_zone(f"{at}.road_zone_rel", profile)


def _check_zone(at: str, profile: CameraProfile) -> Iterator[str]:
    if len(profile.road_zone_rel) < 3:
        yield f"{at}: {len(profile.road_zone_rel)} corners are no polygon"
    for n, corner in enumerate(profile.road_zone_rel):
        if not all(0 <= share <= 1 for share in corner):
            yield f"{at}[{n}]: {corner} is not in [0,1]"


def _check_cameras(pack: CityPack) -> Iterator[str]:
    areas, profiles = {area.id: area for area in pack.areas}, {profile.id for profile in pack.profiles}
    for at, camera in _numbered("cameras", pack.cameras):
        if not _CAMERA_ID.fullmatch(camera.id):
            yield f"{at}.id: {camera.id!r} can't stand in a frame's key"
        if not (-90 <= camera.latitude <= 90 and -180 <= camera.longitude <= 180):
            yield f"{at}.latitude: ({camera.latitude}, {camera.longitude}) is no place on earth"
        yield from _unknown(f"{at}.profile", (camera.profile,), profiles, "profile")
        yield from _unknown_each(f"{at}.areas", camera.areas, areas, "area")
        if areas.keys() >= set(camera.areas):
            yield from _check_days(f"{at}.areas", [areas[area_id] for area_id in camera.areas])


def _check_days(at: str, unordered: list[Area]) -> Iterator[str]:
    """One area on every day since the record starts: the first is early enough, each follows the last, one goes on."""
    areas = sorted(unordered, key=lambda area: area.valid_from)
    if not areas or areas[0].valid_from > RECORD_START:
        yield f"{at}: no area in force on {RECORD_START}"
    for before, after in pairwise(areas):
        if before.valid_until is None or before.valid_until > after.valid_from:
            yield f"{at}: {before.id!r} and {after.id!r} are both in force on {after.valid_from}"
        elif before.valid_until < after.valid_from:
            yield f"{at}: no area in force on {before.valid_until}"
    if areas and areas[-1].valid_until is not None:
        yield f"{at}: no area in force on {areas[-1].valid_until}"


_CHECKS: tuple[Callable[[CityPack], Iterator[str]], ...] = (
    _check_city,
    _check_duplicates,
    _check_areas,
    _check_units,
    _check_routes,
    _check_kinds,
    _check_profiles,
    _check_cameras,
)


def _numbered(section: str, items: tuple[_T, ...]) -> Iterator[tuple[str, _T]]:
    return ((f"{section}[{n}]", item) for n, item in enumerate(items))


def _unknown(at: str, names: tuple[str, ...], known: Collection[str], what: str) -> Iterator[str]:
    return (f"{at}: {name!r} is no {what}" for name in names if name not in known)


def _unknown_each(at: str, names: tuple[str, ...], known: Collection[str], what: str) -> Iterator[str]:
    return (f"{at}[{n}]: {name!r} is no {what}" for n, name in enumerate(names) if name not in known)


def _area_ids(pack: CityPack) -> frozenset[str]:
    return frozenset(area.id for area in pack.areas)


def _roles(pack: CityPack) -> frozenset[str]:
    return frozenset(unit.role for unit in pack.units)


def _kinds(pack: CityPack) -> frozenset[str]:
    return frozenset(policy.kind for policy in pack.kinds)


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True
