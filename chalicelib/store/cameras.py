"""Cameras in DynamoDB: one partition a camera, so that all that is known of one is a single query.

A record is kept for a while after its last write, so that a frame delivered late still meets what it repeats; a tracker
with an open incident is kept until that ends.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.cameras import CameraState, Heartbeat
from chalicelib.domain.confirmation import Tracker
from chalicelib.domain.traffic import TrafficStep
from chalicelib.errors import Conflict
from chalicelib.store.aws_errors import aws_errors
from chalicelib.store.documents import HEARTBEATS, TRACKERS, TRAFFIC
from chalicelib.store.models import HEARTBEAT, TRACKED, TRACKER_PREFIX, TRAFFIC_PREFIX, CameraItem, bind

HEARTBEAT_KEPT = timedelta(days=90)
TRACKER_KEPT = timedelta(days=14)
"""As long as a queue can hold a frame back."""
TRAFFIC_KEPT = timedelta(days=7)
"""A nightly report that failed can be made anew for so long."""


class DynamoCameraStore:
    """The CameraStore of a deployment."""

    def __init__(self, cameras_table: str) -> None:
        self._items = bind(CameraItem, cameras_table)

    def load(self, camera_id: str, *, fresh: bool = False) -> CameraState:
        with aws_errors(f"load camera {camera_id!r}"):
            items = {one.item: one for one in self._items.query(camera_id, consistent_read=fresh)}
        heartbeat = items.pop(HEARTBEAT, None)
        return CameraState(
            heartbeat=HEARTBEATS.unpack(heartbeat.packed) if heartbeat else None,
            trackers=tuple(TRACKERS.load(one.document) for one in items.values()),
        )

    def beat(self, heartbeat: Heartbeat) -> None:
        item = self._items(
            heartbeat.camera_id,
            HEARTBEAT,
            captured_at=heartbeat.captured_at_utc,
            packed=HEARTBEATS.pack(heartbeat),
            expires_at=HEARTBEAT_KEPT,
        )
        newer = self._items.item.does_not_exist() | (self._items.captured_at < heartbeat.captured_at_utc)
        with suppress(Conflict), aws_errors(f"beat of camera {heartbeat.camera_id!r}"):
            item.save(newer)

    def keep_traffic(self, step: TrafficStep) -> None:
        item = self._items(
            f"{TRAFFIC_PREFIX}{step.camera_id}",
            _start(step.start_utc),
            document=TRAFFIC.dump(step),
            expires_at=TRAFFIC_KEPT,
        )
        with aws_errors(f"keep traffic of camera {step.camera_id!r}"):
            item.save()

    def traffic(self, camera_id: str, *, from_utc: datetime, until_utc: datetime) -> tuple[TrafficStep, ...]:
        within = self._items.item.between(_start(from_utc), _start(until_utc))
        with aws_errors(f"read traffic of camera {camera_id!r}"):
            documents = [one.document for one in self._items.query(f"{TRAFFIC_PREFIX}{camera_id}", within)]
        return tuple(step for step in map(TRAFFIC.load, documents) if step.start_utc < until_utc)

    def last_heard(self, camera_ids: Iterable[str]) -> Mapping[str, Heartbeat]:
        with aws_errors("read heartbeats"):
            items = list(self._items.batch_get([(one, HEARTBEAT) for one in camera_ids]))
        return {item.camera_id: HEARTBEATS.unpack(item.packed) for item in items}

    def tracked_incidents(self) -> Iterator[Tracker]:
        with aws_errors("list tracked incidents"):
            for item in self._items.tracked_index.query(TRACKED):
                yield TRACKERS.load(item.document)


def _start(at_utc: datetime) -> str:
    return f"{at_utc:%Y-%m-%dT%H:%M:%SZ}"


def tracker_item(model: type[CameraItem], tracker: Tracker) -> CameraItem:
    """The record of a tracker at its next version; it is in the index only while an incident is open."""
    written = replace(tracker, version=tracker.version + 1)
    return model(
        tracker.camera_id,
        f"{TRACKER_PREFIX}{tracker.id}",
        document=TRACKERS.dump(written),
        version=written.version,
        tracked=TRACKED if tracker.incident_id else None,
        expires_at=None if tracker.incident_id else TRACKER_KEPT,
    )
