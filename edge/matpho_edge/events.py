"""Listening to cameras that tell of events, with the adapter of each brand."""

import logging
from collections.abc import Callable, Mapping
from threading import Event

from .camera import CameraWorker, pause_s
from .camera_events import EventAdapter
from .config import Events
from .errors import SourceFailed
from .hikvision import HikvisionEvents

log = logging.getLogger(__name__)

ADAPTERS: Mapping[str, Callable[[Events], EventAdapter]] = {"hikvision": HikvisionEvents}


def listen(adapter: EventAdapter, worker: CameraWorker, stop: Event) -> None:
    """Have the camera looked at closer at each event, until the gateway stops."""
    failures = 0
    while not stop.is_set():
        try:
            for event in adapter.events():
                failures = 0
                log.info("%s tells of %s (%s)", worker.camera_id, event.kind, event.name)
                worker.notice()
                if stop.is_set():
                    return
        except SourceFailed as error:
            failures += 1
            log.warning("%s: %s", worker.camera_id, error)
            stop.wait(pause_s(failures))
