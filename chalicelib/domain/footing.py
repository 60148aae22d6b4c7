"""Where on the ground of a picture something stands, and whether that place counts: zones and masks both go by it."""

from collections.abc import Iterator

from chalicelib.domain.city import EVERYWHERE, CameraProfile, PolygonRel
from chalicelib.domain.observations import BoxXyxy, Detection, Observation
from chalicelib.domain.polygons import Point, contains

PERSON = "person"
"""The one label of the vehicle detector that is no vehicle."""


def masks_of(profile: CameraProfile, kind: str) -> tuple[tuple[Point, ...], ...]:
    """The parts of the picture that don't count for a kind."""
    return tuple(mask.polygon_rel for mask in profile.masks if kind in mask.kinds or EVERYWHERE in mask.kinds)


def is_masked(profile: CameraProfile, kind: str, spot_rel: Point) -> bool:
    return any(contains((polygon_rel,), spot_rel) for polygon_rel in masks_of(profile, kind))


def foot_rel(box_xyxy: BoxXyxy, image_wh: tuple[int, int]) -> Point:
    """Where what a box holds stands on the ground: the middle of its lower side, in shares of the picture."""
    left, _, right, bottom = box_xyxy
    width, height = image_wh
    return (left + right) / 2 / width, bottom / height


def vehicles_in(
    zone_rel: PolygonRel, observation: Observation, profile: CameraProfile, kind: str
) -> tuple[Detection, ...]:
    """The vehicles that stand in a zone and in no mask of a kind, best score first."""
    return tuple(one for one in _in(zone_rel, observation, profile, kind) if one.label != PERSON)


def people_in(
    zone_rel: PolygonRel, observation: Observation, profile: CameraProfile, kind: str
) -> tuple[Detection, ...]:
    """As `vehicles_in`, of people."""
    return tuple(one for one in _in(zone_rel, observation, profile, kind) if one.label == PERSON)


def iou(one_xyxy: BoxXyxy, other_xyxy: BoxXyxy) -> float:
    """Intersection over union of two boxes in one unit; 0 where both are empty."""
    shared = _area(
        (
            max(one_xyxy[0], other_xyxy[0]),
            max(one_xyxy[1], other_xyxy[1]),
            min(one_xyxy[2], other_xyxy[2]),
            min(one_xyxy[3], other_xyxy[3]),
        )
    )
    union = _area(one_xyxy) + _area(other_xyxy) - shared
    return shared / union if union else 0.0


def _in(zone_rel: PolygonRel, observation: Observation, profile: CameraProfile, kind: str) -> Iterator[Detection]:
    for one in observation.detections:
        foot = foot_rel(one.box_xyxy, observation.image_wh)
        if contains((zone_rel,), foot) and not is_masked(profile, kind, foot):
            yield one


def _area(box_xyxy: BoxXyxy) -> float:
    left, top, right, bottom = box_xyxy
    return max(0.0, right - left) * max(0.0, bottom - top)
