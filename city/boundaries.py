"""Boundaries from `areas.geojson`, held to shapely and made disjoint: at run time a few lines place a point in them.

Of two areas in force on the same day the one that areas.yaml lists first keeps the ground that both claim. So a
function needs no rule for overlaps, and a hand-drawn border is told instead of refused.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import cos, radians
from pathlib import Path

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from chalicelib.domain.city import Area, Camera, RingLonLat
from chalicelib.errors import InvalidInput
from city.geojson import read_features, read_shape

FILE = "areas.geojson"
SLIVER_M2 = 100.0
"""A piece that small, where something was cut away, is an uneven border and no ground of its own."""
NOISE_M2 = 1.0
MOST_AWAY_DEGREES = 1.0
"""Farther than this from every camera (some 110 km) a boundary is another city's, or latitude and longitude swapped."""

_DECIMALS = 7  # a centimetre
_SQUARE_METRES_PER_DEGREE = 111_320.0**2


@dataclass(slots=True)
class Boundaries:
    """Areas with their rings, and what went against the rules: problems stop the pack, warnings don't."""

    areas: tuple[Area, ...]
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def draw_boundaries(path: Path, areas: tuple[Area, ...], cameras: Sequence[Camera]) -> Boundaries:
    """Give areas the rings that the file has for them; an area that it doesn't name has none."""
    drawn = Boundaries(areas)
    shapes = dict(_read_shapes(path, drawn, cameras))
    kept: dict[str, BaseGeometry] = {}
    for area in areas:
        if area.id in shapes:
            kept[area.id] = _cut(area, shapes[area.id], [(one, kept[one.id]) for one in areas if one.id in kept], drawn)
    drawn.areas = tuple(replace(area, rings_lonlat=tuple(_rings(kept.get(area.id)))) for area in areas)
    drawn.problems = [f"{path}: {problem}" for problem in drawn.problems]
    drawn.warnings = [f"{path}: {warning}" for warning in drawn.warnings]
    return drawn


def _read_shapes(path: Path, drawn: Boundaries, cameras: Sequence[Camera]) -> Iterator[tuple[str, BaseGeometry]]:
    """The shape of each area, without the features that don't hold, which become problems."""
    places = [shapely.Point(camera.longitude, camera.latitude) for camera in cameras]
    seen: set[str] = set()
    for n, feature in enumerate(read_features(path)):
        try:
            area_id, shape = read_shape(feature)
        except InvalidInput as error:
            drawn.problems.append(f"features[{n}]: {error}")
            continue
        refused = _refusal(area_id, drawn.areas, seen) or _far_away(shape, places)
        if refused:
            drawn.problems.append(f"features[{n}]: {area_id!r} {refused}")
        else:
            seen.add(area_id)
            yield area_id, shape


def _refusal(area_id: str, areas: tuple[Area, ...], seen: Collection[str]) -> str:
    if area_id not in {area.id for area in areas}:
        return "is no area"
    if area_id in {area.part_of for area in areas}:
        return "has parts: only they have boundaries"
    return "is there twice: make it one MultiPolygon" if area_id in seen else ""


def _far_away(shape: BaseGeometry, places: Sequence[shapely.Point]) -> str:
    if places and min(map(shape.distance, places)) > MOST_AWAY_DEGREES:
        return "lies far from every camera: longitude comes before latitude"
    return ""


def _cut(
    area: Area, shape: BaseGeometry, earlier: Sequence[tuple[Area, BaseGeometry]], drawn: Boundaries
) -> BaseGeometry:
    """What an area keeps of its shape beside those that are listed before it and in force with it."""
    for first, ground in earlier:
        shared_m2 = _square_metres(shape.intersection(ground)) if _meet(area, first) else 0.0
        if shared_m2 > NOISE_M2:
            drawn.warnings.append(
                f"{first.id!r} and {area.id!r} overlap by {shared_m2:,.0f} m²: {first.id!r}, listed first, keeps it"
            )
        if shared_m2:
            shape = _without_slivers(shape.difference(ground), area, drawn)
    if shape.is_empty:
        drawn.problems.append(f"nothing is left of {area.id!r} beside the areas that are listed before it")
    return shape


def _meet(one: Area, other: Area) -> bool:
    """Whether two areas are in force on a common day."""
    return _begins_in_time(one, other) and _begins_in_time(other, one)


def _begins_in_time(one: Area, other: Area) -> bool:
    return other.valid_until is None or one.valid_from < other.valid_until


def _without_slivers(shape: BaseGeometry, area: Area, drawn: Boundaries) -> BaseGeometry:
    polygons = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    kept = [part for part in polygons if _square_metres(part) >= SLIVER_M2]
    if len(kept) < len(polygons):
        drawn.warnings.append(f"{len(polygons) - len(kept)} slivers of {area.id!r} were dropped")
    return MultiPolygon(kept)


def _square_metres(shape: BaseGeometry) -> float:
    """Flat, which is good enough to tell a sliver from a street."""
    if shape.is_empty:
        return 0.0
    return float(shape.area * _SQUARE_METRES_PER_DEGREE * cos(radians(shape.centroid.y)))


def _rings(shape: BaseGeometry | None) -> Iterator[RingLonLat]:
    for polygon in shapely.get_parts(shape) if shape is not None else ():
        for ring in (polygon.exterior, *polygon.interiors):
            yield tuple((round(x, _DECIMALS), round(y, _DECIMALS)) for x, y in list(ring.coords)[:-1])
