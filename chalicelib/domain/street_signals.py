"""What boxes say beyond the scenes' scores: a vehicle that stands where others drive, a crowd, a jam that is none.

Each is looked for where a camera's profile says so, under the same hours and masks as every kind.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from statistics import fmean, median

from chalicelib.domain.city import CameraProfile
from chalicelib.domain.footing import foot_rel, people_in
from chalicelib.domain.kinds import CONGESTION, CROWD, STOPPED_VEHICLE
from chalicelib.domain.observations import Observation
from chalicelib.domain.signals import Reading, Signal, is_scheduled
from chalicelib.domain.stopped import Place, looks_for_stopped, stopped_vehicle
from chalicelib.domain.traffic_level import flows


def with_street(
    reading: Reading, observation: Observation, profile: CameraProfile, *, places: Iterable[Place], local: datetime
) -> Reading:
    """The reading with what the boxes add to it and take from it.

    `places` is what is remembered of vehicles that stand, `local` the frame's moment on the city's clock.
    """
    kinds = frozenset(kind for kind in _looked_for(observation, profile) if is_scheduled(profile, kind, local))
    seen = (_stopped(places, observation, profile), _crowd(observation, profile))
    added = tuple(signal for signal in seen if signal is not None and signal.kind in kinds)
    drives = observation.traffic is not None and flows(observation.traffic.standing)
    kept = tuple(one for one in reading.positives if not (drives and one.kind == CONGESTION))
    return replace(reading, positives=(*kept, *added), looked_for=reading.looked_for | kinds)


def _looked_for(observation: Observation, profile: CameraProfile) -> frozenset[str]:
    stopped = {STOPPED_VEHICLE} if looks_for_stopped(observation, profile) else set()
    crowd = {CROWD} if profile.crowd and observation.traffic else set()
    return frozenset(stopped | crowd)


def _stopped(places: Iterable[Place], observation: Observation, profile: CameraProfile) -> Signal | None:
    found = stopped_vehicle(places, observation, profile)
    if found is None:
        return None
    vehicle, _ = found
    spot = foot_rel(vehicle.box_xyxy, observation.image_wh)
    return Signal(STOPPED_VEHICLE, vehicle.score, label=vehicle.label, spot_rel=spot)


def _crowd(observation: Observation, profile: CameraProfile) -> Signal | None:
    """It stands in the midst of its people, and is as sure as they are on average."""
    if profile.crowd is None or observation.traffic is None:
        return None
    people = people_in(profile.crowd.zone_rel, observation, profile, CROWD)
    if len(people) < profile.crowd.people:
        return None
    feet = [foot_rel(one.box_xyxy, observation.image_wh) for one in people]
    spot = median(x for x, _ in feet), median(y for _, y in feet)
    return Signal(CROWD, fmean(one.score for one in people), spot_rel=spot)
