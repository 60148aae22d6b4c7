"""Every minute: what the clock brings. Costs a query of what is tracked, one of what is due, and every heartbeat."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from chalicelib.domain.city import CityPack
from chalicelib.domain.confirmation import Tracker, is_quiet
from chalicelib.domain.deadlines import on_due
from chalicelib.domain.incidents import Incident
from chalicelib.errors import Conflict, NotFound
from chalicelib.flows.end_incident import with_parent
from chalicelib.flows.follow_sightings import FollowSightings
from chalicelib.store.ports import CameraStore, Clock, IncidentStore

log = logging.getLogger(__name__)

T = TypeVar("T")


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
    count_unswept: Callable[[str, NotFound], None]

    def __call__(self) -> Swept:
        """What another writer changes meanwhile is left to the next minute, and what fails keeps no other waiting."""
        tracked = tuple(self.cameras.tracked_incidents())
        ended = sum(self._try(self._end_if_quiet, one, one.incident_id or one.id) for one in tracked)
        deadlines = sum(self._try(self._take_steps, one, one.id) for one in self.incidents.due(self.clock()))
        return Swept(ended, deadlines, self.notice_silence())

    def _try(self, sweep: Callable[[T], int], one: T, name: str) -> int:
        """A pack without an incident's kind or area says nothing of what is due: counted, and left to people."""
        try:
            return sweep(one)
        except Conflict:
            log.info("changed while sweeping; the next sweep sees it", extra={"swept": name})
        except NotFound as error:
            self.count_unswept(name, error)
        return 0

    def _end_if_quiet(self, tracker: Tracker) -> bool:
        heartbeat = self.cameras.load(tracker.camera_id).heartbeat
        policy = self.pack().kind(tracker.kind)
        if heartbeat is None or not is_quiet(tracker, policy, seen_until_utc=heartbeat.captured_at_utc):
            return False
        self.follow.end(tracker, seen_until_utc=heartbeat.captured_at_utc)
        return True

    def _take_steps(self, listed: Incident) -> int:
        """Every deadline that has passed, in order; an index may lag, so the incident itself is asked."""
        incident, taken, at_utc = self.incidents.get(listed.id), 0, self.clock()
        while incident is not None and incident.due_utc is not None and incident.due_utc <= at_utc:
            due = on_due(incident, self.pack(), at_utc=at_utc)
            self.incidents.commit(*with_parent(due, self.incidents, at_utc=at_utc))
            incident, taken = due.incident, taken + 1
        return taken
