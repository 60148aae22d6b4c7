"""Exercises: an incident that no camera saw, which goes the way of a real one to those who take part in drills.

It is opened and ended on purpose. Until then it escalates like any other, which is what there is to practise.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.city import Camera, CityPack
from chalicelib.domain.confirmation import Sighting
from chalicelib.domain.handled import Command
from chalicelib.domain.incidents import Change, Incident, Place, Provenance, Reason
from chalicelib.domain.jurisdiction import area_at
from chalicelib.domain.lifecycle import Action, Status
from chalicelib.domain.seen import open_incident
from chalicelib.domain.severity import SEVERITIES
from chalicelib.errors import InvalidInput, WrongState
from chalicelib.flows.command_incident import CommandIncident
from chalicelib.store.ports import Clock, IncidentStore

BY = "drill"
NO_FRAME = -1
"""A sequence that no frame has, so that no real incident ever gets the id of an exercise."""


@dataclass(frozen=True, slots=True)
class Drill:
    """No frames follow it and no real sighting joins it."""

    incidents: IncidentStore
    command: CommandIncident
    pack: Callable[[], CityPack]
    clock: Clock

    def start(self, *, kind: str, camera_id: str, severity: str | None = None) -> Incident:
        """Open an exercise, as severe as the kind is unless told; raises InvalidInput for what the city hasn't got."""
        pack, camera = _as_severe(self.pack(), kind, severity), self.pack().camera(camera_id)
        if camera is None:
            raise InvalidInput(f"there is no camera {camera_id!r} in the city pack")
        opened = _open(pack, camera, kind, self.clock())
        if not opened.incident.routed.units:
            raise InvalidInput("no unit takes part in drills: give those that do 'drills: true' in the city pack")
        self.incidents.commit(opened)
        return opened.incident

    def end(self, incident_id: str) -> Incident:
        """Sound the all-clear; raises NotFound, and WrongState for what is real or over."""
        incident = self.command.read(incident_id)
        if not incident.exercise:
            raise WrongState(f"incident {incident_id!r} is real: whoever handles it ends it")
        held = incident.status is Status.AWAITING_CONFIRMATION
        action, reason = (Action.REJECT, Reason.EXERCISE) if held else (Action.RESOLVE, None)
        return self.command(incident_id, Command(action, BY, incident.version, key="", reason=reason))


def _open(pack: CityPack, camera: Camera, kind: str, at_utc: datetime) -> Change:
    area = area_at(pack, camera, at_utc)
    key = f"{BY}/{camera.id}/{at_utc:%Y%m%dT%H%M%S%f}Z"
    made_up = Sighting(at_utc, NO_FRAME, positive=True, score=1.0, frame_key=key, sha256="")
    return open_incident(
        pack,
        camera_id=camera.id,
        kind=kind,
        subject="",
        label="",
        sightings=(made_up,),
        place=Place(area.id, area.name, camera.latitude, camera.longitude),
        exercise=True,
        provenance=Provenance({}, pack.version),
        at_utc=at_utc,
    )


def _as_severe(pack: CityPack, kind: str, severity: str | None) -> CityPack:
    """The pack with the kind as severe as the exercise wants it."""
    if kind not in {policy.kind for policy in pack.kinds}:
        raise InvalidInput(f"there is no kind {kind!r}: {', '.join(policy.kind for policy in pack.kinds)}")
    if severity is None:
        return pack
    if severity not in SEVERITIES:
        raise InvalidInput(f"there is no severity {severity!r}: {', '.join(SEVERITIES)}")
    kinds = (replace(policy, severity=severity) if policy.kind == kind else policy for policy in pack.kinds)
    return replace(pack, kinds=tuple(kinds))
