"""Which vehicles stand, told by the frame before where a camera sends bursts; from one frame alone nobody knows.

Frames of one bundle are looked at after one another, so nothing needs to be written to remember the one before.
"""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.city import CameraProfile, PolygonRel
from chalicelib.domain.footing import PERSON, iou, vehicles_in
from chalicelib.domain.kinds import CONGESTION
from chalicelib.domain.observations import Detection, Observation
from chalicelib.domain.queues import queue_share

BURST = timedelta(seconds=2.5)
"""A gateway's bursts have two seconds between frames."""
SAME_PLACE = 0.5
"""Overlap of the boxes from which a vehicle stands: in two seconds it moved by less than a third of its length."""


def with_stillness(observation: Observation, before: Observation | None, profile: CameraProfile) -> Observation:
    """The observation with who of its vehicles stand, and queues of those alone; as it is where that isn't known."""
    traffic = observation.traffic
    if traffic is None or before is None or not _is_burst(before, observation):
        return observation
    on_road = vehicles_in(profile.road_zone_rel, observation, profile, CONGESTION)
    if not on_road:
        return observation
    share = sum(stands(one, before) for one in on_road) / len(on_road)
    zones = {
        zone.id: replace(traffic.zones[zone.id], queue=_standing_queue(observation, before, profile, zone.polygon_rel))
        for zone in profile.road_zones
        if zone.id in traffic.zones
    }
    return replace(observation, traffic=replace(traffic, standing=share, zones=zones))


def stands(vehicle: Detection, before: Observation) -> bool:
    """Whether some vehicle, whatever it was taken for, was at the same place in the frame before."""
    return any(iou(vehicle.box_xyxy, one.box_xyxy) >= SAME_PLACE for one in before.detections if one.label != PERSON)


def _standing_queue(
    observation: Observation, before: Observation, profile: CameraProfile, zone_rel: PolygonRel
) -> float:
    in_zone = vehicles_in(zone_rel, observation, profile, CONGESTION)
    return queue_share((one for one in in_zone if stands(one, before)), zone_rel, observation.image_wh)


def _is_burst(before: Observation, now: Observation) -> bool:
    if before.image_wh != now.image_wh or before.traffic is None:
        return False
    return timedelta() < now.frame.captured_at_utc - before.frame.captured_at_utc <= BURST
