"""Frames of a made-up road for tests: boxes at given places, at given times."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from chalicelib.domain.city import CameraProfile, CrowdLimit, RoadZone
from chalicelib.domain.frames import FrameRef, frame_key
from chalicelib.domain.observations import (
    BoxXyxy,
    CameraHealth,
    Detection,
    Observation,
    TrafficReading,
    ZoneReading,
)

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
WH = (1000, 1000)
ALL = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
STREET = CameraProfile(
    "street",
    vehicles=True,
    road_zone_rel=ALL,
    road_zones=(RoadZone("north", ALL),),
    stopped_after_s=300,
    crowd=CrowdLimit(3),
)


def box(x: float, y: float = 500, *, side: float = 100) -> BoxXyxy:
    return x, y, x + side, y + side


def frame(
    at_s: float,
    vehicles: Sequence[BoxXyxy] = (),
    *,
    people: Sequence[BoxXyxy] = (),
    occupancy: float = 0.1,
    standing: float | None = None,
) -> Observation:
    """What one frame shows of the road."""
    at = START + timedelta(seconds=at_s)
    finds = [Detection("car", 0.9, one) for one in vehicles] + [Detection("person", 0.8, one) for one in people]
    return Observation(
        FrameRef("tv-1", at, 0, frame_key("tv-1", at, 0), 1),
        "00",
        WH,
        CameraHealth({}, b""),
        detections=tuple(finds),
        traffic=TrafficReading({}, occupancy, zones={"north": ZoneReading(occupancy, 0.9)}, standing=standing),
    )
