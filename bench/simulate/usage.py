"""The stores in memory, with an account of what the same calls of AWS would be billed for."""

import math
from collections import Counter
from dataclasses import dataclass, field

from chalicelib.domain.alerts.model import Alert
from chalicelib.domain.cameras import CameraState, Heartbeat
from chalicelib.domain.confirmation import Tracker
from chalicelib.domain.incidents import Change, Incident, TimelineEvent
from chalicelib.domain.openings import Openings
from chalicelib.domain.traffic import TrafficStep
from chalicelib.store import documents
from chalicelib.store.fakes import FakeAlertBus, FakeCameraStore, FakeIncidentStore

Bill = Counter[str]
"""How much of each item of the price list, and how often each thing was done (`did_…`)."""

KEYS_BYTES = 100
TRANSACTION = 2
"""A transaction is billed twice: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html"""
INDEXES_OF_AN_INCIDENT = 2
"""Each pays for the entry that goes and the one that comes."""


def units(document: str | bytes) -> int:
    """Write units of a record: kilobytes begun, with some 100 bytes of keys and attributes around the document."""
    data = document.encode() if isinstance(document, str) else document
    return math.ceil((len(data) + KEYS_BYTES) / 1024)


@dataclass
class MeteredCameras(FakeCameraStore):
    """Cameras by a dictionary of their own, so that a thousand trackers don't slow a hundred thousand frames."""

    bill: Bill = field(default_factory=Counter)

    def load(self, camera_id: str, *, fresh: bool = False) -> CameraState:
        self.bill["dynamodb_read"] += 1 if fresh else 0.5  # type: ignore[assignment]  # half a unit is a unit's half
        return super().load(camera_id, fresh=fresh)

    def beat(self, heartbeat: Heartbeat) -> None:
        self.bill["dynamodb_write"] += units(documents.HEARTBEATS.pack(heartbeat))
        self.bill["did_heartbeat"] += 1
        super().beat(heartbeat)

    def keep_traffic(self, step: TrafficStep) -> None:
        self.bill["dynamodb_write"] += units(documents.TRAFFIC.dump(step))
        super().keep_traffic(step)


@dataclass
class MeteredIncidents(FakeIncidentStore):
    """Incidents, with every event kept for the stream to take."""

    bill: Bill = field(default_factory=Counter)
    stream: list[TimelineEvent] = field(default_factory=list)

    def commit(self, *changes: Change, tracker: Tracker | None = None, openings: Openings | None = None) -> None:
        super().commit(*changes, tracker=tracker, openings=openings)
        self.stream += [one.event for one in changes]
        written = sum(map(_change_units, changes)) + _tracker_units(tracker) + _openings_units(openings)
        self.bill["dynamodb_write"] += written * (TRANSACTION if changes else 1)
        self.bill["did_commit" if changes else "did_tracker_write"] += 1

    def get(self, incident_id: str) -> Incident | None:
        self.bill["dynamodb_read"] += 1
        return super().get(incident_id)


@dataclass
class MeteredBus(FakeAlertBus):
    """Alerts, counted as they are sent."""

    bill: Bill = field(default_factory=Counter)

    def publish(self, alert: Alert) -> None:
        self.bill["sns_request"] += 1
        super().publish(alert)


def _change_units(change: Change) -> int:
    incident = units(documents.INCIDENTS.dump(change.incident))
    return incident * (1 + 2 * INDEXES_OF_AN_INCIDENT) + units(documents.EVENTS.dump(change.event))


def _tracker_units(tracker: Tracker | None) -> int:
    return units(documents.TRACKERS.dump(tracker)) * (2 if tracker.incident_id else 1) if tracker else 0


def _openings_units(openings: Openings | None) -> int:
    return units(documents.OPENINGS.dump(openings)) if openings else 0
