"""The ports in memory, for tests, the city on a laptop, and to judge what was recorded; one suite holds both to AWS."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain.alerts.model import Alert
from chalicelib.domain.cameras import CameraState, Heartbeat
from chalicelib.domain.city import CityPack
from chalicelib.domain.confirmation import Tracker
from chalicelib.domain.frame_bundles import bundle_key, read_bundle
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.incidents import Change, Incident, TimelineEvent
from chalicelib.domain.openings import Openings
from chalicelib.domain.recorded import RecordedBatch
from chalicelib.domain.traffic import TrafficStep
from chalicelib.errors import Conflict, FrameRejected
from chalicelib.store.ports import PackInForce


@dataclass
class FakeFrameStore:
    """Frames and bundles by key."""

    frames: dict[str, bytes] = field(default_factory=dict)

    def read(self, frame: FrameRef) -> bytes:
        bundle = bundle_key(frame.key)
        frames = self.frames if bundle is None else self._frames_in(bundle)
        if frame.key not in frames:
            raise FrameRejected("missing", repr(frame.key))
        return frames[frame.key]

    def open_bundle(self, key: str, size_bytes: int) -> tuple[tuple[str, int], ...]:  # noqa: ARG002  # no limit here
        return tuple((frame_key, len(data)) for frame_key, data in self._frames_in(key).items())

    def _frames_in(self, key: str) -> Mapping[str, bytes]:
        if key not in self.frames:
            raise FrameRejected("missing", repr(key))
        return read_bundle(key, self.frames[key])


@dataclass
class FakeCameraStore:
    """Heartbeats by camera, trackers by camera and id, steps of traffic by camera and start."""

    heartbeats: dict[str, Heartbeat] = field(default_factory=dict)
    trackers: dict[tuple[str, str], Tracker] = field(default_factory=dict)
    steps: dict[tuple[str, datetime], TrafficStep] = field(default_factory=dict)

    def load(self, camera_id: str, *, fresh: bool = False) -> CameraState:  # noqa: ARG002  # memory is always fresh
        mine = sorted((one for one in self.trackers.values() if one.camera_id == camera_id), key=lambda one: one.id)
        return CameraState(self.heartbeats.get(camera_id), tuple(mine))

    def beat(self, heartbeat: Heartbeat) -> None:
        known = self.heartbeats.get(heartbeat.camera_id)
        if known is None or known.captured_at_utc < heartbeat.captured_at_utc:
            self.heartbeats[heartbeat.camera_id] = heartbeat

    def keep_traffic(self, step: TrafficStep) -> None:
        self.steps[step.camera_id, step.start_utc] = step

    def traffic(self, camera_id: str, *, from_utc: datetime, until_utc: datetime) -> tuple[TrafficStep, ...]:
        starts = sorted(start for camera, start in self.steps if camera == camera_id and from_utc <= start < until_utc)
        return tuple(self.steps[camera_id, start] for start in starts)

    def last_heard(self, camera_ids: Iterable[str]) -> Mapping[str, Heartbeat]:
        return {one: self.heartbeats[one] for one in camera_ids if one in self.heartbeats}

    def tracked_incidents(self) -> Iterator[Tracker]:
        return iter([one for one in self.trackers.values() if one.incident_id])


@dataclass
class FakeIncidentStore:
    """Incidents and events by id, beside the camera store that holds the trackers."""

    cameras: FakeCameraStore
    incidents: dict[str, Incident] = field(default_factory=dict)
    events: dict[str, list[TimelineEvent]] = field(default_factory=dict)
    recent: dict[str, Openings] = field(default_factory=dict)

    def commit(self, *changes: Change, tracker: Tracker | None = None, openings: Openings | None = None) -> None:
        self._check(changes, tracker, openings)
        for one in changes:
            self.incidents[one.incident.id] = one.incident
            self.events.setdefault(one.incident.id, []).append(one.event)
        if tracker is not None:
            self.cameras.trackers[tracker.camera_id, tracker.id] = replace(tracker, version=tracker.version + 1)
        if openings is not None:
            self.recent[openings.kind] = replace(openings, version=openings.version + 1)

    def openings(self, kind: str) -> Openings:
        return self.recent.get(kind, Openings(kind))

    def due(self, at_utc: datetime) -> tuple[Incident, ...]:
        due = [(one.due_utc, one.id, one) for one in self.incidents.values() if one.due_utc and one.due_utc <= at_utc]
        return tuple(one for *_, one in sorted(due, key=lambda item: item[:2]))

    def live(self) -> tuple[Incident, ...]:
        return tuple(one for one in self.incidents.values() if one.due_utc)

    def get(self, incident_id: str) -> Incident | None:
        return self.incidents.get(incident_id)

    def timeline(self, incident_id: str) -> tuple[TimelineEvent, ...]:
        return tuple(self.events.get(incident_id, ()))

    def newest(self, limit: int = 100) -> tuple[Incident, ...]:
        newest_first = sorted(self.incidents.values(), key=lambda one: one.changed_at_utc, reverse=True)
        return tuple(newest_first[:limit])

    def changed_since(self, at_utc: datetime) -> Iterator[Incident]:
        changed = [one for one in self.incidents.values() if one.changed_at_utc >= at_utc]
        return iter(sorted(changed, key=lambda one: one.changed_at_utc))

    def changed_until(self, at_utc: datetime) -> Iterator[Incident]:
        changed = [one for one in self.incidents.values() if one.changed_at_utc <= at_utc]
        return iter(sorted(changed, key=lambda one: one.changed_at_utc, reverse=True))

    def _check(self, changes: Iterable[Change], tracker: Tracker | None, openings: Openings | None) -> None:
        for one in changes:
            _require(one.incident.version - 1, self.incidents.get(one.incident.id))
        if tracker is not None:
            _require(tracker.version, self.cameras.trackers.get((tracker.camera_id, tracker.id)))
        if openings is not None:
            _require(openings.version, self.recent.get(openings.kind))


@dataclass
class FakeRejectionLog:
    """The first reason of each rejected frame, and when."""

    rejected: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def record(self, key: str, *, reason: str, at_utc: datetime) -> None:
        self.rejected.setdefault(key, (reason, at_utc))


@dataclass
class FakeRecordedStore:
    """Batches by run and frame keys."""

    batches: dict[tuple[str, ...], RecordedBatch] = field(default_factory=dict)

    def put(self, batch: RecordedBatch) -> None:
        self.batches[batch.run, *(frame.key for frame in batch.frames)] = batch

    def read(self, run: str) -> Iterator[RecordedBatch]:
        return iter([batch for batch in self.batches.values() if batch.run == run])


@dataclass
class FakeReportStore:
    """Body and media type of each report by name."""

    reports: dict[str, tuple[bytes, str]] = field(default_factory=dict)

    def put(self, name: str, body: bytes, *, media_type: str) -> None:
        self.reports[name] = (body, media_type)


@dataclass
class FakeAlertBus:
    """Every alert in the order it was published, repeats too."""

    published: list[Alert] = field(default_factory=list)

    def publish(self, alert: Alert) -> None:
        self.published.append(alert)


@dataclass
class FakePackVersions:
    """Every pack that was in force, the last one now; its mark is how many there were."""

    packs: list[CityPack] = field(default_factory=list)

    def in_force(self) -> PackInForce:
        return PackInForce(self.packs[-1], str(len(self.packs))) if self.packs else PackInForce(None, None)

    def replace(self, known: PackInForce, pack: CityPack) -> None:
        if known.etag != self.in_force().etag:
            raise Conflict("another city pack is in force by now")
        self.packs.append(pack)


def _require(version: int, known: Tracker | Incident | Openings | None) -> None:
    known_version = known.version if known else 0
    if known_version != version:
        raise Conflict(f"version {version} was read, {known_version} is there")
