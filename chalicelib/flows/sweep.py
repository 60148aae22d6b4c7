"""Every minute: end the incidents that have gone quiet without a frame left to say so."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.city import CityPack
from chalicelib.domain.confirmation import Tracker, is_quiet
from chalicelib.errors import Conflict
from chalicelib.flows.follow_sightings import FollowSightings
from chalicelib.store.ports import CameraStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sweep:
    """Frames end incidents themselves; this catches those whose quiet frames came before the positive ones.

    A camera that sends nothing is blind, not quiet: its incidents stay open.
    """

    cameras: CameraStore
    follow: FollowSightings
    pack: Callable[[], CityPack]

    def __call__(self) -> int:
        """End what is quiet; returns how many incidents ended."""
        return sum(map(self._end_if_quiet, tuple(self.cameras.tracked_incidents())))

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
