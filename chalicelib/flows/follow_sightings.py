"""Carry what one frame showed into the trackers of its camera, and open, tell on or end incidents with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import stamina

from chalicelib.domain.city import Camera, CityPack
from chalicelib.domain.confirmation import Sighting, Tracker, Verdict, close, release, step
from chalicelib.domain.incidents import Incident
from chalicelib.domain.observations import Observation
from chalicelib.domain.seen import grow, lose, would_worsen
from chalicelib.domain.signals import Reading, Signal
from chalicelib.errors import Conflict
from chalicelib.flows.end_incident import with_parent
from chalicelib.flows.open_incident import Confirmed, OpenIncident
from chalicelib.store.ports import CameraStore, Clock, IncidentStore

ATTEMPTS = 8
"""In a burst all over the city many cameras open incidents of one kind at once, and they get through one by one."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One camera's frame, judged: what there is to follow."""

    camera: Camera
    pack: CityPack
    observation: Observation
    reading: Reading


@dataclass(frozen=True, slots=True)
class FollowSightings:
    """Every write is conditional on what was read; who loses a race reads afresh and decides anew."""

    cameras: CameraStore
    incidents: IncidentStore
    clock: Clock

    def __call__(self, sight: Sight, trackers: tuple[Tracker, ...]) -> None:
        """Follow a frame, starting from trackers read before; raises Conflict when the races won't end."""
        for attempt in stamina.retry_context(on=Conflict, attempts=ATTEMPTS, wait_initial=0.02, wait_max=0.5):
            with attempt:
                if attempt.num > 1:
                    trackers = self.cameras.load(sight.camera.id, fresh=True).trackers
                for tracker, signal in _concerned(sight, trackers):
                    self._follow(sight, tracker, signal)

    def end(self, tracker: Tracker, *, seen_until_utc: datetime) -> None:
        """The camera sees it no more; raises Conflict when somebody changed either first."""
        incident, closed = self._incident(tracker), close(tracker, through_utc=seen_until_utc)
        if not incident.is_live:
            self.incidents.commit(tracker=closed)
            return
        last_seen, at_utc = tracker.last_positive_utc or seen_until_utc, self.clock()
        lost = lose(incident, tracker.camera_id, last_seen_utc=last_seen, at_utc=at_utc)
        self.incidents.commit(*with_parent(lost, self.incidents, at_utc=at_utc), tracker=closed)

    def _follow(self, sight: Sight, tracker: Tracker, signal: Signal | None) -> None:
        policy = sight.pack.kind(tracker.kind)
        sighting = _sighting(sight, signal)
        after, verdict = step(tracker, sighting, policy)
        if verdict is Verdict.END:
            self.end(after, seen_until_utc=sighting.captured_at_utc)
        elif verdict is Verdict.GROW:
            self._grow(sight, after, sighting)
        elif verdict is Verdict.OPEN and signal is not None:
            open_incident = OpenIncident(self.incidents, self.clock)
            open_incident(Confirmed(sight.camera, sight.pack, after, signal, sight.observation.model_digests))
        elif after is not tracker:
            self.incidents.commit(tracker=after)

    def _grow(self, sight: Sight, tracker: Tracker, sighting: Sighting) -> None:
        """Told only when it is news; an incident that people ended lets the tracker go."""
        incident = self._incident(tracker)
        if not incident.is_live:
            ended = incident.handling.ended_at_utc or incident.changed_at_utc
            self.incidents.commit(tracker=release(tracker, ended_utc=ended))
        elif _is_news(sighting, tracker, incident, sight.pack):
            self.incidents.commit(grow(incident, tracker.positives, sight.pack, at_utc=self.clock()), tracker=tracker)
        else:
            self.incidents.commit(tracker=tracker)

    def _incident(self, tracker: Tracker) -> Incident:
        incident = self.incidents.get(tracker.incident_id or "")
        if incident is None:
            raise Conflict(f"tracker {tracker.id!r} names incident {tracker.incident_id!r}, which can't be read yet")
        return incident


def _concerned(sight: Sight, trackers: tuple[Tracker, ...]) -> Iterator[tuple[Tracker, Signal | None]]:
    """Every positive with its tracker, then every active tracker of a kind that was looked for and not seen."""
    known = {tracker.id: tracker for tracker in trackers}
    for signal in sight.reading.positives:
        fresh = Tracker(sight.camera.id, signal.kind, signal.subject)
        yield known.pop(fresh.id, fresh), signal
    for tracker in known.values():
        if tracker.is_active and tracker.kind in sight.reading.looked_for:
            yield tracker, None


def _is_news(sighting: Sighting, tracker: Tracker, incident: Incident, pack: CityPack) -> bool:
    """Long after what was told last by any of its cameras, or worse."""
    since_s = (sighting.captured_at_utc - incident.last_seen_utc).total_seconds()
    return since_s >= pack.kind(incident.kind).update_s or would_worsen(incident, tracker.positives, pack)


def _sighting(sight: Sight, signal: Signal | None) -> Sighting:
    frame, seen = sight.observation.frame, signal or Signal("", 0.0)
    return Sighting(
        frame.captured_at_utc,
        frame.sequence,
        positive=signal is not None,
        score=seen.score,
        frame_key=frame.key,
        sha256=sight.observation.sha256,
        extent=seen.extent,
        box_rel=seen.box_rel,
        heat=seen.heat,
        excess=seen.excess,
        degraded=sight.reading.degraded,
        hints=seen.hints,
        confirms=seen.confirms,
    )
