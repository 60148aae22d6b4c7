"""Deletes incidents for good: the record, its timeline and the trackers that name it."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.incidents import Incident
from chalicelib.store.aws_errors import aws_errors
from chalicelib.store.documents import INCIDENTS, TRACKERS
from chalicelib.store.models import FEED, TRACKER_PREFIX, CameraItem, IncidentItem, bind


class DynamoErasure:
    """The Erasure of a deployment."""

    def __init__(self, incidents_table: str, cameras_table: str) -> None:
        self._items = bind(IncidentItem, incidents_table)
        self._cameras = bind(CameraItem, cameras_table)

    def changed_between(self, from_utc: datetime, until_utc: datetime) -> Iterator[Incident]:
        within = self._items.changed_at.between(from_utc, until_utc)
        with aws_errors("list changed incidents"):
            for item in self._items.newest_index.query(FEED, within):
                incident = INCIDENTS.load(item.document)
                if incident.changed_at_utc < until_utc:
                    yield incident

    def erase(self, incident: Incident) -> None:
        """Trackers first: one that names an incident which isn't there would be tried again and again."""
        with aws_errors(f"erase incident {incident.id!r}"):
            for camera_id in incident.camera_ids:
                self._forget(camera_id, incident.id)
            with self._items.batch_write() as batch:
                for item in list(self._items.query(incident.id, consistent_read=True)):
                    batch.delete(item)

    def _forget(self, camera_id: str, incident_id: str) -> None:
        trackers = self._cameras.item.startswith(TRACKER_PREFIX)
        for item in list(self._cameras.query(camera_id, trackers, consistent_read=True)):
            if TRACKERS.load(item.document).incident_id == incident_id:
                item.delete(self._cameras.version == item.version)
