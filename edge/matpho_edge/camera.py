"""One camera: pictures from its source, through its gate, into the spool."""

import logging
import random
from threading import Event

from .clock import Now
from .config import Camera
from .errors import SourceFailed
from .frames import Passed, Picture
from .gate import Gate
from .metrics import CameraLife
from .pictures import jpeg_of
from .sources import Source
from .spool import Spool

log = logging.getLogger(__name__)

LONGEST_PAUSE_S = 60.0


class CameraWorker:
    """Everything about one camera that goes on at the same time as the others."""

    def __init__(self, camera: Camera, source: Source, spool: Spool, now: Now) -> None:
        self._camera = camera
        self._source = source
        self._spool = spool
        self._now = now
        self._gate = Gate(camera.cadence, camera.sensitivity)
        self.camera_id = camera.id
        self.life = CameraLife()

    def take(self, picture: Picture) -> str | None:
        """Judge one picture; the key it will have if it passed."""
        self.life.looks += 1
        self.life.last_look_s = self._now().timestamp()
        worth = self._gate.judge(picture.image_bgr, picture.captured_at_utc)
        if worth is None:
            return None
        jpeg = jpeg_of(picture, self._camera.jpeg)
        frame = Passed(self.camera_id, picture.captured_at_utc, worth, jpeg, picture.position)
        return self._spool.put(frame, self._now())

    def notice(self) -> None:
        """The camera itself told of something: look closer for a while."""
        self.life.events += 1
        self._gate.trigger(self._now())

    def run(self, stop: Event) -> None:
        """Until the recording ends or the gateway stops; a camera that fails is tried again, ever less often."""
        failures = 0
        while not stop.is_set():
            try:
                for picture in self._source.pictures():
                    failures = 0
                    self.take(picture)
                    if stop.is_set():
                        return
            except SourceFailed as error:
                failures += 1
                self.life.failures += 1
                log.warning("%s: %s", self.camera_id, error)
                stop.wait(pause_s(failures))
            else:
                return


def pause_s(failures: int) -> float:
    """Twice as long after each failure, up to a minute, and jittered as a switch brings many cameras back at once."""
    return random.uniform(0.5, 1.0) * min(LONGEST_PAUSE_S, 2.0 ** min(failures, 10))  # noqa: S311  # no secret
