"""A few cameras of the same script through the whole local cloud: it must give the incidents that memory gave."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from bench.simulate.city import SimulatedCity, with_drills
from bench.simulate.script import Script
from bench.simulate.sights import ScriptedSights
from chalicelib.domain.city import CityPack
from chalicelib.domain.frames import frame_key
from chalicelib.domain.incidents import Incident, TimelineEvent
from local.city import running_city

Found = Mapping[tuple[str, tuple[str, ...], bool], tuple[str, tuple[str, ...]]]
"""By kind, cameras and whether it is a drill: the status, and what its timeline tells of."""


def cut(pack: CityPack, script: Script, *, cameras: int, minutes: float) -> tuple[CityPack, Script]:
    """The happenings that begin first, on no more than so many cameras and for the first minutes of them."""
    chosen: list[str] = []
    for one in sorted(script.happenings, key=lambda one: one.from_utc):
        if len(chosen) + len(one.camera_ids) <= cameras:
            chosen += one.camera_ids
    happenings = tuple(one for one in script.happenings if set(one.camera_ids) <= set(chosen))
    start = min(one.from_utc for one in happenings).replace(second=0, microsecond=0)
    small = replace(pack, cameras=tuple(one for one in pack.cameras if one.id in chosen))
    return small, replace(script, start_utc=start, lasts=timedelta(minutes=minutes), happenings=happenings, silences=())


def in_memory(pack: CityPack, script: Script) -> Found:
    """What the flows on fakes find, frames in order and nobody answering."""
    city = SimulatedCity(with_drills(pack, script), script, seed=0, in_order=True)
    city.run(lambda: None)
    return found_of((one, city.timeline(one)) for one in city.incidents.incidents.values())


def in_the_cloud(pack: CityPack, script: Script) -> Found:
    """What the deployed template's resources and app.py's handlers find in the same frames."""
    parts: Mapping[str, Any] = {"analyser": partial(ScriptedSights, script)}
    with running_city(with_drills(pack, script), start_utc=script.start_utc, parts=parts) as city:
        for number, round_utc in enumerate(script.rounds()):
            for camera in pack.cameras:
                city.put(frame_key(camera.id, round_utc, number), b"scripted")
            city.settle(round_utc)
        outcome = city.outcome()
    return found_of(outcome.incidents)


def found_of(incidents: Iterable[tuple[Incident, tuple[TimelineEvent, ...]]]) -> Found:
    """Incidents with their timelines, told so that two runs can be compared."""
    return {_key(incident): _found(incident, timeline) for incident, timeline in incidents}


def _key(incident: Incident) -> tuple[str, tuple[str, ...], bool]:
    return incident.kind, tuple(sorted(incident.camera_ids)), incident.exercise


def _found(incident: Incident, timeline: tuple[TimelineEvent, ...]) -> tuple[str, tuple[str, ...]]:
    return incident.status.value, tuple(sorted(event.type.value for event in timeline))
