"""Whose ground something happened on: boundaries change on a day, incidents keep the area of theirs."""

from datetime import date, datetime

from chalicelib.domain.city import EVERYWHERE, Area, Camera, CityPack
from chalicelib.domain.polygons import Point, contains


def area_at(
    pack: CityPack, camera: Camera | None, at_utc: datetime, *, ground_lonlat: tuple[float, float] | None = None
) -> Area:
    """The area in force on the city's calendar day of an instant: of the ground position, else of the camera.

    A position on a border belongs to the area that the pack lists first, one in no polygon to the camera's area. A
    temporary camera (None, or one without an area of its own) stands in the pack's default area.
    """
    day = pack.local_day(at_utc)
    placed = area_of_ground(pack.areas, ground_lonlat, day) if ground_lonlat else None
    if placed is not None:
        return placed
    places = map(pack.area, camera.areas if camera else ())
    return next((area for area in places if area.in_force(day)), pack.area(pack.default_area))


def area_of_ground(areas: tuple[Area, ...], lonlat: Point, day: date) -> Area | None:
    """The first area in force whose polygon holds a position."""
    return next((area for area in areas if area.in_force(day) and contains(area.rings_lonlat, lonlat)), None)


def whole_city(pack: CityPack) -> Area:
    """The place of what happens all over the city; only units and routes for everywhere reach it."""
    return Area(EVERYWHERE, EVERYWHERE, pack.name_vi, "city", date.min)
