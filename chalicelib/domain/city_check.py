"""What must hold of a city pack beyond its types, each breach told with its place and value.

Everything is checked and everything that is wrong is told at once: a pack is edited by hand, and one error a run is
how a person gives up.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chalicelib.domain.camera_check import check_cameras, check_profiles
from chalicelib.domain.checking import area_ids, not_above, numbered, repeated, roles, unknown
from chalicelib.domain.city import CityPack
from chalicelib.domain.duty_check import check_escalations, check_routes, check_units, check_windows
from chalicelib.domain.kind_check import check_kinds
from chalicelib.domain.routing import OPERATIONS_CENTRE, UNROUTED_DESK
from chalicelib.domain.thresholds import flaws


def check_pack(pack: CityPack) -> tuple[str, ...]:
    """Every breach as `cameras[3].areas[0]: 'w-99' is no area`; none when the pack is sound."""
    return tuple(problem for check in _CHECKS for problem in check(pack))


_VERSION = re.compile(r"(?a)[A-Za-z0-9._+-]{1,64}")
"""It names an object and stands in a header."""


def _check_city(pack: CityPack) -> Iterator[str]:
    if not _VERSION.fullmatch(pack.version):
        yield f"version: {pack.version!r} is not made of letters, digits and . _ + -"
    if not _is_timezone(pack.timezone):
        yield f"timezone: {pack.timezone!r} is no time zone"
    yield from unknown("default_area", pack.default_area, area_ids(pack), "area")
    for role in (OPERATIONS_CENTRE, UNROUTED_DESK):
        if role not in roles(pack):
            yield f"units: no unit has the role {role!r}"
    for name, value in asdict(pack.face_budget).items():
        yield from not_above(f"face_budget.{name}", value)
    if pack.face_threshold is not None:
        yield from (f"face_threshold: {flaw}" for flaw in flaws(pack.face_threshold))


def _check_duplicates(pack: CityPack) -> Iterator[str]:
    yield from repeated("areas", [area.id for area in pack.areas])
    yield from repeated("units", [unit.id for unit in pack.units])
    yield from repeated("routes", [route.id for route in pack.routes])
    yield from repeated("kinds", [policy.kind for policy in pack.kinds])
    yield from repeated("profiles", [profile.id for profile in pack.profiles])
    yield from repeated("cameras", [camera.id for camera in pack.cameras])
    yield from repeated("categories", [category.id for category in pack.categories])
    yield from repeated("escalations", [chain.id for chain in pack.escalations])
    yield from repeated("windows", [window.id for window in pack.windows])


def _check_categories(pack: CityPack) -> Iterator[str]:
    for at, category in numbered("categories", pack.categories):
        if category.confirmations not in {1, 2}:
            yield f"{at}.confirmations: {category.confirmations} is neither 1 nor 2"
        if not 0 < category.default_hours <= category.most_hours:
            yield f"{at}.default_hours: {category.default_hours} is not in 1…most_hours ({category.most_hours})"


def _check_areas(pack: CityPack) -> Iterator[str]:
    for at, area in numbered("areas", pack.areas):
        if area.part_of is not None:
            yield from unknown(f"{at}.part_of", area.part_of, area_ids(pack), "area")
        if area.valid_until is not None and area.valid_until <= area.valid_from:
            yield f"{at}.valid_until: {area.valid_until} is not after valid_from {area.valid_from}"
        for place, ring in numbered(f"{at}.rings_lonlat", area.rings_lonlat):
            if len(ring) < 3:
                yield f"{place}: {len(ring)} corners are no polygon"


_CHECKS: tuple[Callable[[CityPack], Iterator[str]], ...] = (
    _check_city,
    _check_duplicates,
    _check_categories,
    _check_areas,
    check_units,
    check_routes,
    check_kinds,
    check_escalations,
    check_windows,
    check_profiles,
    check_cameras,
)


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True
