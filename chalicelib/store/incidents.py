"""Incidents in DynamoDB: an incident and its timeline share a partition and change together with their tracker.

All three are written in one transaction, or none. Versions make a repeated commit harmless: the second finds the
records moved on and ends as a Conflict, and whoever then reads sees that it was done. A transaction costs twice the
writes; a tracker that changes alone is written alone.
"""

from collections.abc import Iterator
from datetime import datetime

from pynamodb.connection import Connection
from pynamodb.transactions import TransactWrite

from chalicelib.domain.confirmation import Tracker
from chalicelib.domain.incidents import Change, Incident, TimelineEvent
from chalicelib.store.aws_errors import aws_errors
from chalicelib.store.cameras import tracker_item
from chalicelib.store.clients import CONNECT_TIMEOUT_S, MAX_RETRIES, READ_TIMEOUT_S
from chalicelib.store.documents import EVENTS, INCIDENTS
from chalicelib.store.models import EVENT_PREFIX, FEED, INCIDENT, CameraItem, IncidentItem, bind, unchanged


class DynamoIncidentStore:
    """The IncidentStore of a deployment."""

    def __init__(self, incidents_table: str, cameras_table: str) -> None:
        self._items = bind(IncidentItem, incidents_table)
        self._trackers = bind(CameraItem, cameras_table)
        self._connection = Connection(
            connect_timeout_seconds=CONNECT_TIMEOUT_S,
            read_timeout_seconds=READ_TIMEOUT_S,
            max_retry_attempts=MAX_RETRIES,
        )

    def commit(self, tracker: Tracker, change: Change | None = None) -> None:
        with aws_errors(f"commit tracker {tracker.id!r} of camera {tracker.camera_id!r}"):
            if change is None:
                tracker_item(self._trackers, tracker).save(unchanged(self._trackers, tracker.version))
            else:
                self._commit_both(tracker, change)

    def get(self, incident_id: str) -> Incident | None:
        with aws_errors(f"get incident {incident_id!r}"):
            try:
                item = self._items.get(incident_id, INCIDENT, consistent_read=True)
            except self._items.DoesNotExist:
                return None
        return INCIDENTS.load(item.document)

    def timeline(self, incident_id: str) -> tuple[TimelineEvent, ...]:
        events = self._items.item.startswith(EVENT_PREFIX)
        with aws_errors(f"read timeline of incident {incident_id!r}"):
            items = list(self._items.query(incident_id, events, consistent_read=True))
        return tuple(EVENTS.load(item.document) for item in items)

    def newest(self, limit: int = 100) -> tuple[Incident, ...]:
        with aws_errors("list newest incidents"):
            items = list(self._items.newest_index.query(FEED, scan_index_forward=False, limit=limit))
        return tuple(INCIDENTS.load(item.document) for item in items)

    def changed_since(self, at_utc: datetime) -> Iterator[Incident]:
        with aws_errors("list changed incidents"):
            for item in self._items.newest_index.query(FEED, self._items.changed_at >= at_utc):
                yield INCIDENTS.load(item.document)

    def _commit_both(self, tracker: Tracker, change: Change) -> None:
        incident_before = unchanged(self._items, change.incident.version - 1)
        with TransactWrite(connection=self._connection) as write:
            write.save(tracker_item(self._trackers, tracker), unchanged(self._trackers, tracker.version))
            write.save(self._incident_item(change.incident), incident_before)
            write.save(self._event_item(change.event), self._items.item.does_not_exist())

    def _incident_item(self, incident: Incident) -> IncidentItem:
        return self._items(
            incident.id,
            INCIDENT,
            document=INCIDENTS.dump(incident),
            version=incident.version,
            feed=FEED,
            changed_at=incident.changed_at_utc,
        )

    def _event_item(self, event: TimelineEvent) -> IncidentItem:
        return self._items(
            event.incident.id,
            f"{EVENT_PREFIX}{event.number:06d}",
            document=EVENTS.dump(event),
            type=event.type.value,
            kind=event.incident.kind,
        )
