"""When a camera's sightings are confirmed: which incident they are of, an old one or a new one.

Read before written, and written together: the tracker, the incident, what opened of late, and the one for the whole
city where many open at once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.city import Camera, CityPack, KindPolicy
from chalicelib.domain.confirmation import Tracker, close
from chalicelib.domain.ground import ground_lonlat
from chalicelib.domain.incidents import Change, Incident, Place, Provenance
from chalicelib.domain.jurisdiction import area_at
from chalicelib.domain.openings import Kinship, Opening, Openings, burst, kinship, nearby, note
from chalicelib.domain.seen import adopt, come_back, group, join, open_incident, open_parent, under
from chalicelib.domain.signals import Signal
from chalicelib.domain.windows import is_exercise, suppressed
from chalicelib.store.ports import Clock, IncidentStore


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A tracker whose sightings are confirmed, and the signal that confirmed them."""

    camera: Camera
    pack: CityPack
    tracker: Tracker
    signal: Signal
    model_digests: Mapping[str, str]

    @property
    def policy(self) -> KindPolicy:
        return self.pack.kind(self.tracker.kind)


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """Raises Conflict when somebody changed anything that it rests on first."""

    incidents: IncidentStore
    clock: Clock

    def __call__(self, confirmed: Confirmed) -> None:
        """Join the incident that it is, have one that was over come back, let it pass, or open a new one."""
        tracker, at_utc = confirmed.tracker, self.clock()
        place = _place(confirmed)
        opening = _opening(confirmed, place, at_utc)
        openings = self.incidents.openings(tracker.kind)
        relation, incident = self._kin(confirmed, openings, opening)
        if relation is Kinship.SAME and incident is not None:
            joined = join(incident, confirmed.camera.id, tracker.positives, confirmed.pack, at_utc=at_utc)
            self.incidents.commit(joined, tracker=_following(tracker, joined))
        elif relation is Kinship.PAST:
            self.incidents.commit(tracker=close(tracker, through_utc=tracker.positives[-1].captured_at_utc))
        elif _is_suppressed(confirmed, place, at_utc):
            self.incidents.commit(tracker=tracker)
        elif relation is Kinship.RETURNED and incident is not None:
            back = come_back(incident, confirmed.camera.id, tracker.positives, confirmed.pack, at_utc=at_utc)
            self.incidents.commit(back, tracker=_following(tracker, back))
        else:
            self._open(confirmed, place, openings, opening)

    def _kin(self, confirmed: Confirmed, openings: Openings, opening: Opening) -> tuple[Kinship, Incident | None]:
        sightings = confirmed.tracker.positives
        for one in nearby(openings, opening, confirmed.policy):
            incident = self.incidents.get(one.incident_id)
            relation = incident and kinship(incident, confirmed.camera.id, sightings, confirmed.policy)
            if relation and relation is not Kinship.STRANGER:
                return relation, incident
        return Kinship.STRANGER, None

    def _open(self, confirmed: Confirmed, place: Place, openings: Openings, opening: Opening) -> None:
        tracker, signal = confirmed.tracker, confirmed.signal
        opened = open_incident(
            confirmed.pack,
            camera_id=confirmed.camera.id,
            kind=tracker.kind,
            subject=tracker.subject,
            label=signal.label,
            sightings=tracker.positives,
            place=place,
            exercise=opening.exercise,
            provenance=Provenance(confirmed.model_digests, confirmed.pack.version),
            at_utc=opening.at_utc,
        )
        changes = self._in_burst(confirmed, openings, opening, opened)
        parent_id = changes[0].incident.parent_id
        noted = note(openings, replace(opening, incident_id=opened.incident.id), parent_id=parent_id)
        self.incidents.commit(*changes, tracker=_following(tracker, opened), openings=noted)

    def _in_burst(
        self, confirmed: Confirmed, openings: Openings, opening: Opening, opened: Change
    ) -> tuple[Change, ...]:
        """The opening first, then what it means to the one for the whole city and to the others of the burst."""
        pack, policy, at_utc = confirmed.pack, confirmed.policy, opening.at_utc
        parent = self.incidents.get(openings.parent_id) if openings.parent_id else None
        if parent is not None and parent.is_live and parent.exercise == opening.exercise:
            child = under(opened, parent.id)
            return child, adopt(parent, child.incident, pack, at_utc=at_utc)
        together = burst(openings, opening, policy)
        siblings = tuple(self._live(one.incident_id for one in together[:-1]))
        if not together or len(siblings) + 1 < policy.burst_count:
            return (opened,)
        city = open_parent(pack, (*siblings, opened.incident), at_utc=at_utc)
        grouped = (group(one, city.incident.id, at_utc=at_utc) for one in siblings)
        return under(opened, city.incident.id), city, *grouped

    def _live(self, incident_ids: Iterable[str]) -> Iterator[Incident]:
        """Those that go on and belong to no other."""
        for incident in filter(None, map(self.incidents.get, incident_ids)):
            if incident.is_live and incident.parent_id is None:
                yield incident


def _opening(confirmed: Confirmed, place: Place, at_utc: datetime) -> Opening:
    tracker, camera = confirmed.tracker, confirmed.camera
    exercise = is_exercise(confirmed.pack, kind=tracker.kind, area_id=place.area_id, camera_id=camera.id, at_utc=at_utc)
    return Opening("", camera.id, tracker.subject, camera.latitude, camera.longitude, at_utc, exercise)


def _is_suppressed(confirmed: Confirmed, place: Place, at_utc: datetime) -> bool:
    kind, camera_id = confirmed.tracker.kind, confirmed.camera.id
    return suppressed(confirmed.pack, kind=kind, area_id=place.area_id, camera_id=camera_id, at_utc=at_utc) is not None


def _following(tracker: Tracker, change: Change) -> Tracker:
    return replace(tracker, incident_id=change.incident.id)


def _place(confirmed: Confirmed) -> Place:
    """On the ground where the picture shows it and the camera's view is surveyed, else where the camera stands."""
    camera, spot = confirmed.camera, confirmed.signal.spot_rel
    lonlat = ground_lonlat(camera, *spot) if spot else None
    at_utc = confirmed.tracker.positives[0].captured_at_utc
    area = area_at(confirmed.pack, camera, at_utc, ground_lonlat=lonlat)
    longitude, latitude = lonlat or (camera.longitude, camera.latitude)
    return Place(area.id, area.name, latitude, longitude)
