"""How full each named part of the road is; nothing where a camera names none."""

from collections.abc import Sequence

from chalicelib.domain.city import CameraProfile, RoadZone
from chalicelib.domain.footing import foot_rel
from chalicelib.domain.observations import Detection, ZoneReading
from chalicelib.domain.polygons import contains
from chalicelib.domain.queues import queue_share
from chalicelib.vision.vehicles import VEHICLES, read_traffic


def read_zones(
    detections: Sequence[Detection], *, image_wh: tuple[int, int], profile: CameraProfile
) -> dict[str, ZoneReading]:
    """Occupancy and queue by zone, for a frame of which nobody knows yet who stands."""
    vehicles = [one for one in detections if one.label in VEHICLES]
    return {zone.id: _read_zone(vehicles, zone, image_wh) for zone in profile.road_zones}


def _read_zone(vehicles: Sequence[Detection], zone: RoadZone, image_wh: tuple[int, int]) -> ZoneReading:
    inside = [one for one in vehicles if contains((zone.polygon_rel,), foot_rel(one.box_xyxy, image_wh))]
    occupancy = read_traffic(vehicles, image_wh=image_wh, road_zone_rel=zone.polygon_rel).occupancy
    return ZoneReading(occupancy, queue_share(inside, zone.polygon_rel, image_wh))
