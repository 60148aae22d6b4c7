"""Five minutes of traffic as NGSI-LD entities of FIWARE's Smart Data Models (dataModel.Transportation).

One camera is one TrafficFlowObserved entity, whose values a broker replaces every five minutes; a file holds a day.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.city import Camera, CityPack
from chalicelib.domain.traffic import LABELS, STEP, TrafficStep
from chalicelib.domain.traffic_level import Level, LeveledStep, leveled

CONTEXT = (
    "https://smartdatamodels.org/context.jsonld",
    "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld",
)

Entity = dict[str, Any]


def to_json(steps: Iterable[TrafficStep], pack: CityPack) -> bytes:
    """All steps as one JSON array, camera by camera, each in order of time."""
    by_camera: dict[str, list[TrafficStep]] = defaultdict(list)
    for step in steps:
        by_camera[step.camera_id].append(step)
    ordered = (sorted(mine, key=lambda step: step.start_utc) for mine in by_camera.values())
    entities = [traffic_flow_observed(one, pack) for mine in ordered for one in leveled(mine)]
    return json.dumps(entities, ensure_ascii=False, separators=(",", ":")).encode()


def traffic_flow_observed(leveled_step: LeveledStep, pack: CityPack) -> Entity:
    """A normalised entity; a temporary camera, which the pack doesn't know, has no location.

    `intensity` would be vehicles an hour, which no single frame tells: how many were in view at a time is
    `vehiclesInView`, an attribute of our own, as are what they were by label, the share that stood, and the zones.
    """
    step = leveled_step.step
    camera = pack.camera(step.camera_id)
    values: dict[str, Any] = {
        "dateObserved": f"{_time(step.start_utc)}/{_time(step.start_utc + STEP)}",
        "occupancy": round(step.occupancy, 4),
        "congested": leveled_step.level is Level.JAM,
        "trafficLevel": leveled_step.level.value,
        "trafficLevelSeconds": int(leveled_step.lasted.total_seconds()),
        "vehiclesInView": round(step.vehicles, 2),
        "meanCounts": {label: round(step.mean_count(label), 2) for label in LABELS},
        "samples": step.samples,
        **({} if step.standing is None else {"standingShare": round(step.standing, 4)}),
        **({"zones": _zones(step)} if step.zones else {}),
    }
    return {
        "id": f"urn:ngsi-ld:TrafficFlowObserved:{step.camera_id}",
        "type": "TrafficFlowObserved",
        **{name: {"type": "Property", "value": value} for name, value in values.items()},
        "dateObservedFrom": _moment(step.start_utc),
        "dateObservedTo": _moment(step.start_utc + STEP),
        **({"location": _point(camera)} if camera else {}),
        "refDevice": {"type": "Relationship", "object": f"urn:ngsi-ld:Device:{step.camera_id}"},
        "@context": list(CONTEXT),
    }


def _zones(step: TrafficStep) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "occupancy": round(zone.occupancy, 4),
            "queueShare": round(zone.queue, 4),
            "longestQueueShare": round(zone.longest_queue, 4),
        }
        for name, zone in step.zones.items()
    ]


def _point(camera: Camera) -> dict[str, Any]:
    return {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [camera.longitude, camera.latitude]}}


def _moment(at: datetime) -> dict[str, Any]:
    return {"type": "Property", "value": {"@type": "DateTime", "@value": _time(at)}}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
