"""Puts cameras into areas: by the boundaries where a camera states none, and against them where it does."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from chalicelib.domain.city import Area, Camera
from chalicelib.domain.jurisdiction import area_of_ground


def place_cameras(cameras: Sequence[Camera], areas: tuple[Area, ...]) -> tuple[Camera, ...]:
    """Give each camera without an area those it ever stood in, one for each time in which no boundary changed."""
    return tuple(replace(one, areas=tuple(_history(one, areas))) if not one.areas else one for one in cameras)


def contradictions(cameras: Sequence[Camera], areas: tuple[Area, ...]) -> Iterator[str]:
    """Where a camera says that it stands in another area than the boundaries do: the camera's word holds."""
    stated_areas = {area.id: area for area in areas}
    for n, camera in enumerate(cameras):
        for day, drawn in _by_period(camera, areas):
            stated = [one for one in camera.areas if one in stated_areas and stated_areas[one].in_force(day)]
            if stated and stated[0] != drawn.id:
                yield f"cameras[{n}].areas: {stated[0]!r} is stated, but it stands in the boundary of {drawn.id!r}"


def _history(camera: Camera, areas: tuple[Area, ...]) -> Iterator[str]:
    yield from dict.fromkeys(area.id for _, area in _by_period(camera, areas))


def _by_period(camera: Camera, areas: tuple[Area, ...]) -> Iterator[tuple[date, Area]]:
    """The drawn area a camera stands in at the start of each time in which no boundary changed."""
    drawn = [area for area in areas if area.rings_lonlat]
    for day in sorted({area.valid_from for area in drawn} | {area.valid_until for area in drawn if area.valid_until}):
        area = area_of_ground(areas, (camera.longitude, camera.latitude), day)
        if area is not None:
            yield day, area
