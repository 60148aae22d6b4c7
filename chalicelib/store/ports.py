"""What flows need of the world outside. Each port has an AWS adapter and a fake, held to one contract by one suite."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.alerts.model import Alert
from chalicelib.domain.cameras import CameraState, Heartbeat
from chalicelib.domain.city import CityPack
from chalicelib.domain.confirmation import Tracker
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.incidents import Change, Incident, TimelineEvent
from chalicelib.domain.openings import Openings
from chalicelib.domain.recorded import RecordedBatch
from chalicelib.domain.traffic import TrafficStep
from chalicelib.domain.uploads import UploadGrant

Clock = Callable[[], datetime]
"""Tells the time as an aware UTC datetime; tests turn it by hand."""


class FrameStore(Protocol):
    """Where frames lie."""

    def read(self, frame: FrameRef) -> bytes:
        """The frame's bytes; raises FrameRejected `missing` when the object is gone, Transient when S3 fails."""

    def open_bundle(self, key: str, size_bytes: int) -> tuple[tuple[str, int], ...]:
        """The key and size in bytes of each frame in a bundle, which are then read without another request.

        Raises FrameRejected `bad_bundle` or as `read` does.
        """


class CameraStore(Protocol):
    """What is remembered of cameras between frames."""

    def load(self, camera_id: str, *, fresh: bool = False) -> CameraState:
        """Everything known of a camera; `fresh` reads past caches and replicas, for the try after a Conflict."""

    def beat(self, heartbeat: Heartbeat) -> None:
        """Remember a camera's newest frame; one that is no newer than what is known changes nothing."""

    def keep_traffic(self, step: TrafficStep) -> None:
        """Write down a camera's five minutes of traffic, in place of what was known of the same five."""

    def traffic(self, camera_id: str, *, from_utc: datetime, until_utc: datetime) -> tuple[TrafficStep, ...]:
        """A camera's traffic that was written down, of the steps that begin in [from, until), in order."""

    def last_heard(self, camera_ids: Iterable[str]) -> Mapping[str, Heartbeat]:
        """The heartbeats of many cameras by camera id, without those that were never heard of."""

    def tracked_incidents(self) -> Iterator[Tracker]:
        """Every tracker with an open incident, from an index and never from a scan."""


class IncidentStore(Protocol):
    """Incidents, their timelines, and the trackers that must change with them."""

    def commit(self, *changes: Change, tracker: Tracker | None = None, openings: Openings | None = None) -> None:
        """Write incidents with their events, a tracker and what opened of late, all or nothing.

        `tracker.version` and `openings.version` are the versions that were read; what is written carries the next.
        Raises Conflict, with nothing written, when any of it has been changed by somebody else.
        """

    def get(self, incident_id: str) -> Incident | None:
        """An incident as it is now."""

    def openings(self, kind: str) -> Openings:
        """What opened of a kind of late, as it is now."""

    def due(self, at_utc: datetime) -> tuple[Incident, ...]:
        """The incidents with which the clock has had a say due by then, the longest due first, from a sparse index."""

    def live(self) -> tuple[Incident, ...]:
        """Those that somebody still has to see to: each is due some time, so they are in that index, and no other."""

    def timeline(self, incident_id: str) -> tuple[TimelineEvent, ...]:
        """Its events in order."""

    def newest(self, limit: int = 100) -> tuple[Incident, ...]:
        """The incidents that changed last, newest first, from an index."""

    def changed_since(self, at_utc: datetime) -> Iterator[Incident]:
        """Every incident that changed at that time or later, the oldest change first, from an index."""

    def changed_until(self, at_utc: datetime) -> Iterator[Incident]:
        """Every incident whose last change was at that time or earlier, the newest first, read as it is asked for."""


class UploadDesk(Protocol):
    """Leave to upload frames without rights of one's own; signing is arithmetic, so there is no fake of it."""

    def grant(self, camera_id: str, *, lives: timedelta) -> UploadGrant:
        """A form that takes frames of one camera for a while; raises Transient."""


class RejectionLog(Protocol):
    """Frames that will never be analysed, by reason; kept for a while for whoever looks after the cameras."""

    def record(self, key: str, *, reason: str, at_utc: datetime) -> None:
        """Remember a rejected frame once, however often it is delivered."""


class RecordedStore(Protocol):
    """What runs over recorded frames showed."""

    def put(self, batch: RecordedBatch) -> None:
        """Keep what a message's frames showed; the same frames of a run again replace what was kept."""

    def read(self, run: str) -> Iterator[RecordedBatch]:
        """Everything kept of a run, in no order."""


class ReportStore(Protocol):
    """Where reports for people lie."""

    def put(self, name: str, body: bytes, *, media_type: str) -> None:
        """Write a report, in place of one with the same name."""


class AlertBus(Protocol):
    """Where alerts go out to the units."""

    def publish(self, alert: Alert) -> None:
        """Publish an alert at least once; raises Transient when the bus fails."""


class Ledger(Protocol):
    """The account of frames: what was put in is processed, rejected by reason, or dead-lettered."""

    def note(self, key: str, *, outcome: str, reason: str = "") -> None:
        """Say how a frame ended; a frame delivered twice may be noted twice and counts by its key."""


@dataclass(frozen=True, slots=True)
class PackInForce:
    """The pack that holds and the mark of its object, without which it isn't replaced.

    `pack` is None before the first one, and when the object can't be read: then `broken` says why.
    """

    pack: CityPack | None
    etag: str | None
    broken: str = ""


class PackVersions(Protocol):
    """City packs as they are put into force, for whoever changes them."""

    def in_force(self) -> PackInForce:
        """The pack in force now, past every cache; raises Transient."""

    def replace(self, known: PackInForce, pack: CityPack) -> None:
        """Put a pack in force in place of the known one; raises Conflict when that isn't in force any more."""
