"""Incidents in DynamoDB: an incident and its timeline share a partition and change together with their tracker.

Whatever belongs together is written in one transaction, or nothing of it. Versions make a repeated commit harmless: the
second finds the records moved on and ends as a Conflict, and whoever then reads sees that it was done. A transaction
costs twice the writes; a tracker that changes alone is written alone.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from pynamodb.connection import Connection
from pynamodb.transactions import TransactWrite

from chalicelib.domain.confirmation import Tracker
from chalicelib.domain.incidents import Change, Incident, TimelineEvent
from chalicelib.domain.openings import Openings
from chalicelib.store import documents
from chalicelib.store.aws_errors import aws_errors
from chalicelib.store.cameras import tracker_item
from chalicelib.store.clients import CONNECT_TIMEOUT_S, MAX_RETRIES, READ_TIMEOUT_S
from chalicelib.store.documents import EVENTS, INCIDENTS
from chalicelib.store.models import (
    DUE,
    EVENT_PREFIX,
    FEED,
    INCIDENT,
    OPENINGS,
    CameraItem,
    IncidentItem,
    bind,
    unchanged,
)

_PAGE = 100
"""Incidents a request to DynamoDB, of what is read only as far as somebody asks."""


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

    def commit(self, *changes: Change, tracker: Tracker | None = None, openings: Openings | None = None) -> None:
        with aws_errors(_what(changes, tracker)):
            if tracker is not None and not changes and openings is None:
                tracker_item(self._trackers, tracker).save(unchanged(self._trackers, tracker.version))
            else:
                self._commit_together(changes, tracker, openings)

    def get(self, incident_id: str) -> Incident | None:
        with aws_errors(f"get incident {incident_id!r}"):
            try:
                item = self._items.get(incident_id, INCIDENT, consistent_read=True)
            except self._items.DoesNotExist:
                return None
        return INCIDENTS.load(item.document)

    def openings(self, kind: str) -> Openings:
        with aws_errors(f"get openings of {kind!r}"):
            try:
                item = self._items.get(_openings_key(kind), OPENINGS, consistent_read=True)
            except self._items.DoesNotExist:
                return Openings(kind)
        return documents.OPENINGS.load(item.document)

    def due(self, at_utc: datetime) -> tuple[Incident, ...]:
        with aws_errors("list due incidents"):
            items = list(self._items.due_index.query(DUE, self._items.due_at <= at_utc))
        return tuple(INCIDENTS.load(item.document) for item in items)

    def live(self) -> tuple[Incident, ...]:
        with aws_errors("list live incidents"):
            items = list(self._items.due_index.query(DUE))
        return tuple(INCIDENTS.load(item.document) for item in items)

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

    def changed_until(self, at_utc: datetime) -> Iterator[Incident]:
        until = self._items.changed_at <= at_utc
        with aws_errors("list changed incidents"):
            for item in self._items.newest_index.query(FEED, until, scan_index_forward=False, page_size=_PAGE):
                yield INCIDENTS.load(item.document)

    def _commit_together(self, changes: tuple[Change, ...], tracker: Tracker | None, openings: Openings | None) -> None:
        with TransactWrite(connection=self._connection) as write:
            for one in changes:
                write.save(self._incident_item(one.incident), unchanged(self._items, one.incident.version - 1))
                write.save(self._event_item(one.event), self._items.item.does_not_exist())
            if tracker is not None:
                write.save(tracker_item(self._trackers, tracker), unchanged(self._trackers, tracker.version))
            if openings is not None:
                write.save(self._openings_item(openings), unchanged(self._items, openings.version))

    def _incident_item(self, incident: Incident) -> IncidentItem:
        return self._items(
            incident.id,
            INCIDENT,
            document=INCIDENTS.dump(incident),
            version=incident.version,
            feed=FEED,
            changed_at=incident.changed_at_utc,
            due=DUE if incident.due_utc else None,
            due_at=incident.due_utc,
        )

    def _openings_item(self, openings: Openings) -> IncidentItem:
        written = replace(openings, version=openings.version + 1)
        document = documents.OPENINGS.dump(written)
        return self._items(_openings_key(openings.kind), OPENINGS, document=document, version=written.version)

    def _event_item(self, event: TimelineEvent) -> IncidentItem:
        return self._items(
            event.incident.id,
            f"{EVENT_PREFIX}{event.number:06d}",
            document=EVENTS.dump(event),
            type=event.type.value,
            kind=event.incident.kind,
        )


def _openings_key(kind: str) -> str:
    return f"{OPENINGS}#{kind}"


def _what(changes: tuple[Change, ...], tracker: Tracker | None) -> str:
    tracked = f"tracker {tracker.id!r} of camera {tracker.camera_id!r}" if tracker else "no tracker"
    return f"commit {tracked} and {[one.event.id for one in changes]}"
