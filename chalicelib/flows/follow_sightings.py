"""Carry what one frame showed into the trackers of its camera, and open, tell on or end incidents with them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import stamina

from chalicelib.domain.city import Camera, CityPack, KindPolicy
from chalicelib.domain.confirmation import Sighting, Tracker, Verdict, close, step
from chalicelib.domain.incidents import Change, Incident, Place, Provenance, grow, open_incident, resolve
from chalicelib.domain.jurisdiction import area_at
from chalicelib.domain.observations import Observation
from chalicelib.domain.routing import route
from chalicelib.domain.signals import Reading, Signal
from chalicelib.errors import Conflict
from chalicelib.store.ports import CameraStore, Clock, IncidentStore

ATTEMPTS = 5


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
        """End a tracker's incident; raises Conflict when somebody changed either first."""
        incident = self._incident(tracker)
        last_seen = tracker.last_positive_utc or seen_until_utc
        change = resolve(incident, last_seen_utc=last_seen, at_utc=self.clock())
        self.incidents.commit(close(tracker, through_utc=seen_until_utc), change)

    def _follow(self, sight: Sight, tracker: Tracker, signal: Signal | None) -> None:
        policy = sight.pack.kind(tracker.kind)
        sighting = _sighting(sight.observation, signal)
        after, verdict = step(tracker, sighting, policy)
        if verdict is Verdict.END:
            self.end(after, seen_until_utc=sighting.captured_at_utc)
        elif verdict is Verdict.OPEN:
            change = self._open(sight, after, policy, signal.label if signal else "")
            told = change.incident.last_seen_utc
            self.incidents.commit(replace(after, incident_id=change.incident.id, told_utc=told), change)
        elif verdict is Verdict.GROW and _is_news(after, sighting, policy):
            change = grow(self._incident(after), sighting, at_utc=self.clock())
            self.incidents.commit(replace(after, told_utc=sighting.captured_at_utc), change)
        elif after is not tracker:
            self.incidents.commit(after)

    def _open(self, sight: Sight, tracker: Tracker, policy: KindPolicy, label: str) -> Change:
        camera, pack = sight.camera, sight.pack
        area = area_at(pack, camera, tracker.positives[0].captured_at_utc)
        return open_incident(
            camera_id=camera.id,
            kind=tracker.kind,
            subject=tracker.subject,
            label=label,
            sightings=tracker.positives,
            place=Place(area.id, area.name, camera.latitude, camera.longitude),
            severity=policy.severity,
            routed=route(
                pack, kind=tracker.kind, area=area, severity=policy.severity, at_utc=tracker.positives[0].captured_at_utc
            ),
            held_for_review=policy.held_for_review,
            provenance=Provenance(sight.observation.model_digests, pack.version),
            at_utc=self.clock(),
        )

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


def _is_news(tracker: Tracker, sighting: Sighting, policy: KindPolicy) -> bool:
    told = tracker.told_utc or sighting.captured_at_utc
    return (sighting.captured_at_utc - told).total_seconds() >= policy.update_s


def _sighting(observation: Observation, signal: Signal | None) -> Sighting:
    frame = observation.frame
    return Sighting(
        frame.captured_at_utc,
        frame.sequence,
        positive=signal is not None,
        score=signal.score if signal else 0.0,
        frame_key=frame.key,
        sha256=observation.sha256,
    )
