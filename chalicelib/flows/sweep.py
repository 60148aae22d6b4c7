"""Every minute: what the clock brings. Costs a query of what is tracked, one of what is due, and every heartbeat."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.city import CityPack
from chalicelib.domain.confirmation import Tracker, is_quiet
from chalicelib.domain.deadlines import on_due
from chalicelib.domain.incidents import Incident
from chalicelib.errors import Conflict
from chalicelib.flows.end_incident import with_parent
from chalicelib.flows.follow_sightings import FollowSightings
from chalicelib.store.ports import CameraStore, Clock, IncidentStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """How many trackers lost their incident from sight, how many deadlines passed, how many cameras fell silent."""

    ended: int
    deadlines: int
    silent: int


@dataclass(frozen=True, slots=True)
class Sweep:
    """Ends what has gone quiet and takes the steps that are due.

    Frames end incidents themselves; this catches those whose quiet frames came before the positive ones. A camera that
    sends nothing is blind, not quiet: its incidents stay open.
    """

    cameras: CameraStore
    incidents: IncidentStore
    follow: FollowSightings
    notice_silence: Callable[[], int]
    pack: Callable[[], CityPack]
    clock: Clock

    def __call__(self) -> Swept:
        """What another writer changes meanwhile is left to the next minute."""
        ended = sum(map(self._end_if_quiet, tuple(self.cameras.tracked_incidents())))
        deadlines = sum(map(self._take_steps, self.incidents.due(self.clock())))
        return Swept(ended, deadlines, self.notice_silence())

    def _end_if_quiet(self, tracker: Tracker) -> bool:
        heartbeat = self.cameras.load(tracker.camera_id).heartbeat
        policy = self.pack().kind(tracker.kind)
        if heartbeat is None or not is_quiet(tracker, policy, seen_until_utc=heartbeat.captured_at_utc):
            return False
        try:
            self.follow.end(tracker, seen_until_utc=heartbeat.captured_at_utc)
        except Conflict:
            log.info("tracker changed while sweeping; the next sweep sees it", extra={"tracker": tracker.id})
            return False
        return True

    def _take_steps(self, listed: Incident) -> int:
        """Every deadline that has passed, in order; an index may lag, so the incident itself is asked."""
        incident, taken, at_utc = self.incidents.get(listed.id), 0, self.clock()
        try:
            while incident is not None and incident.due_utc is not None and incident.due_utc <= at_utc:
                due = on_due(incident, self.pack(), at_utc=at_utc)
                self.incidents.commit(*with_parent(due, self.incidents, at_utc=at_utc))
                incident, taken = due.incident, taken + 1
        except Conflict:
            log.info("incident changed while sweeping; the next sweep sees it", extra={"incident": listed.id})
        return taken
