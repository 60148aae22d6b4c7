"""Every minute: cameras that were heard of and no longer are. What is silent can't say so, so the clock does."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.domain.blindness import OFFLINE, offline
from chalicelib.domain.cameras import Heartbeat
from chalicelib.domain.city import Camera, CityPack
from chalicelib.domain.confirmation import Sighting, Tracker
from chalicelib.domain.kinds import CAMERA_FAULT
from chalicelib.domain.signals import Signal
from chalicelib.errors import Conflict
from chalicelib.flows.open_incident import Confirmed, OpenIncident
from chalicelib.store.ports import CameraStore, Clock, IncidentStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NoticeSilence:
    """Opens a camera fault for each, once; its own frames end it when they come again and go on coming.

    The cost: every heartbeat of the city, read once a minute.
    """

    cameras: CameraStore
    incidents: IncidentStore
    pack: Callable[[], CityPack]
    clock: Clock

    def __call__(self) -> int:
        """How many cameras fell silent; what another writer changes meanwhile is left to the next minute."""
        pack = self.pack()
        watched = [camera.id for camera in pack.cameras if pack.profile(camera).health]
        heard = self.cameras.last_heard(watched)
        silent = offline(watched, heard, at_utc=self.clock())
        return sum(self._open(pack, camera, heard[camera.id]) for camera in map(pack.camera, silent) if camera)

    def _open(self, pack: CityPack, camera: Camera, last: Heartbeat) -> bool:
        trackers = {one.id: one for one in self.cameras.load(camera.id, fresh=True).trackers}
        fresh = Tracker(camera.id, CAMERA_FAULT)
        tracker = trackers.get(fresh.id, fresh)
        if tracker.incident_id is not None or _is_history(tracker, last):
            return False
        seen = replace(tracker, recent=(_silence(last),), last_positive_utc=last.captured_at_utc)
        try:
            OpenIncident(self.incidents, self.clock)(
                Confirmed(camera, pack, seen, Signal(CAMERA_FAULT, 1.0, label=OFFLINE), model_digests={})
            )
        except Conflict:
            log.info("camera changed while sweeping; the next sweep sees it", extra={"camera": camera.id})
            return False
        return True


def _is_history(tracker: Tracker, last: Heartbeat) -> bool:
    """Whether it was this silence already that people said was over."""
    return tracker.closed_through_utc is not None and last.captured_at_utc <= tracker.closed_through_utc


def _silence(last: Heartbeat) -> Sighting:
    """A sighting without a frame, at the time of the last one."""
    return Sighting(last.captured_at_utc, -1, positive=True, score=1.0, frame_key="", sha256="")
