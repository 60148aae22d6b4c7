"""Vehicles that stay at one place of a road that flows: broken down, or after an accident.

What was on the road is remembered from heartbeat to heartbeat, a minute apart, as boxes and times; a frame in between
is held against it and writes nothing. Whether it is one vehicle all the time nobody knows: another at the very same
place a minute later counts as the one before, as at a red light. So the kind's policy asks for many frames, far enough
apart (`apart_s`) that a green light comes between them, and places where vehicles wait by rights for longer (a bus
stop, a kerb to park at) belong into a mask of this kind. The cost: some 30 bytes a place in the heartbeat, on cameras
that look for it.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from chalicelib.domain.city import CameraProfile
from chalicelib.domain.footing import iou, vehicles_in
from chalicelib.domain.kinds import STOPPED_VEHICLE
from chalicelib.domain.observations import BoxXyxy, Detection, Observation
from chalicelib.domain.traffic_level import Level, next_level

SAME_PLACE = 0.6
"""Overlap of boxes; lower than within a burst, since light and passers-by change a box within a minute."""
MOST_PLACES = 12
FEW = 3
"""More vehicles that stand as long are a queue, or parked."""
PARKED_S = 3 * 3600
"""Who has stood for longer is parked, and hides nobody who has just broken down."""
MISSED_S = 150
"""A place may go unseen at one beat, behind a passing bus."""


class Place(NamedTuple):
    """A box in thousandths of the picture, and when (seconds since 1970) it was first and last seen taken.

    A tuple, since it lies in a record that should be as small as can be.
    """

    left: int
    top: int
    right: int
    bottom: int
    since_s: int
    seen_s: int

    @property
    def box(self) -> BoxXyxy:
        return self.left, self.top, self.right, self.bottom


def looks_for_stopped(observation: Observation, profile: CameraProfile) -> bool:
    """Whether the frame can tell: in a jam all stand, and nothing follows from it."""
    traffic = observation.traffic
    if not profile.stopped_after_s or traffic is None:
        return False
    return next_level(None, traffic.occupancy, standing=traffic.standing) is not Level.JAM


def remember(places: Iterable[Place], observation: Observation, profile: CameraProfile) -> tuple[Place, ...]:
    """The places after one more beat, the longest taken first; a frame that can't tell forgets them."""
    if not looks_for_stopped(observation, profile):
        return ()
    now_s = _seconds(observation)
    left = [one for one in places if now_s - one.seen_s <= MISSED_S]
    kept: list[Place] = []
    for vehicle in _on_road(observation, profile):
        box = _thousandths(vehicle, observation.image_wh)
        known = _at(box, left)
        if known is not None:
            left.remove(known)
        kept.append(Place(*box, now_s, now_s) if known is None else known._replace(seen_s=now_s))
    kept += [one for one in left if one.seen_s > one.since_s]
    return tuple(sorted(kept, key=lambda one: one.since_s)[:MOST_PLACES])


def stopped_vehicle(
    places: Iterable[Place], observation: Observation, profile: CameraProfile
) -> tuple[Detection, timedelta] | None:
    """The vehicle that has stood longest of those that stand too long, and for how long; None where none or many do."""
    if not looks_for_stopped(observation, profile):
        return None
    now_s = _seconds(observation)
    fresh = [one for one in places if now_s - one.seen_s <= MISSED_S]
    stood = (
        (vehicle, timedelta(seconds=now_s - place.since_s))
        for vehicle in _on_road(observation, profile)
        if (place := _at(_thousandths(vehicle, observation.image_wh), fresh))
    )
    too_long = [one for one in stood if profile.stopped_after_s <= one[1].total_seconds() < PARKED_S]
    return max(too_long, key=lambda one: one[1]) if 1 <= len(too_long) <= FEW else None


def _on_road(observation: Observation, profile: CameraProfile) -> tuple[Detection, ...]:
    return vehicles_in(profile.road_zone_rel, observation, profile, STOPPED_VEHICLE)


def _at(box: BoxXyxy, places: Iterable[Place]) -> Place | None:
    best = max(places, key=lambda one: iou(box, one.box), default=None)
    return best if best is not None and iou(box, best.box) >= SAME_PLACE else None


def _thousandths(vehicle: Detection, image_wh: tuple[int, int]) -> tuple[int, int, int, int]:
    left, top, right, bottom = vehicle.box_xyxy
    across, down = 1e3 / image_wh[0], 1e3 / image_wh[1]
    return round(left * across), round(top * down), round(right * across), round(bottom * down)


def _seconds(observation: Observation) -> int:
    return int(observation.frame.captured_at_utc.timestamp())
