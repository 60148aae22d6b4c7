"""Whose ground a camera stood on at an instant: boundaries change on a day, incidents keep the area of theirs."""

from datetime import datetime

from chalicelib.domain.city import Area, Camera, CityPack


def area_at(pack: CityPack, camera: Camera | None, at_utc: datetime) -> Area:
    """The camera's area in force on the city's calendar day of an instant.

    A temporary camera (None, or one without an area of its own) stands in the pack's default area.
    """
    day = pack.local_day(at_utc)
    places = map(pack.area, camera.areas if camera else ())
    return next((area for area in places if area.in_force(day)), pack.area(pack.default_area))
