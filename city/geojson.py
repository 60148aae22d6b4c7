"""Shapes of areas out of GeoJSON (RFC 7946): what is no sound polygon is told and never mended behind one's back."""

import json
from pathlib import Path
from typing import Any

from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from chalicelib.errors import InvalidInput


def read_features(path: Path) -> list[Any]:
    """The features of a FeatureCollection; raises InvalidInput with file and line."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise InvalidInput(f"{path}:{error.lineno}: not readable as JSON: {error.msg.lower()}") from error
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or data.get("type") != "FeatureCollection":
        raise InvalidInput(f"{path}:1: not a GeoJSON FeatureCollection")
    return features


def read_shape(feature: Any) -> tuple[str, BaseGeometry]:
    """The area's id and its shape; raises InvalidInput, without a place, on whatever doesn't hold."""
    properties, geometry = _object(feature, "properties"), _object(feature, "geometry")
    area_id, kind = properties.get("id"), geometry.get("type")
    if not isinstance(area_id, str):
        raise InvalidInput(f"properties.id is no area's id: {area_id!r}")
    if kind not in {"Polygon", "MultiPolygon"}:
        raise InvalidInput(f"{area_id!r} is no Polygon or MultiPolygon but {kind!r}")
    polygons = geometry.get("coordinates")
    try:
        shape = _multipolygon([polygons] if kind == "Polygon" else polygons)
    except (TypeError, ValueError, IndexError) as error:
        raise InvalidInput(f"{area_id!r}: {error}") from error
    west, south, east, north = shape.bounds
    if min(west + 180, south + 90, 180 - east, 90 - north) < 0:
        raise InvalidInput(f"{area_id!r} is no place on earth: longitude comes before latitude")
    if not shape.is_valid:
        raise InvalidInput(f"{area_id!r}: {explain_validity(shape)}")
    return area_id, shape


def _object(feature: Any, key: str) -> dict[str, Any]:
    value = feature.get(key) if isinstance(feature, dict) else None
    return value if isinstance(value, dict) else {}


def _multipolygon(polygons: Any) -> MultiPolygon:
    rings = [[_ring(ring) for ring in polygon] for polygon in polygons]
    if not rings:
        raise ValueError("there is no polygon in it")
    return MultiPolygon([Polygon(shell, holes) for shell, *holes in rings])


def _ring(positions: Any) -> list[tuple[float, float]]:
    ring = [(float(one[0]), float(one[1])) for one in positions]
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise ValueError(f"a ring of {len(ring)} positions isn't closed: the last must be the first again")
    return ring
