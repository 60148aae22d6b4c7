"""Requests for a camera's newest picture: one record a camera in the incidents table, whose stream carries them on.

No queue of their own: whatever keeps evidence reads that stream anyway, and a request that fails comes again with it.
"""

from datetime import datetime

from chalicelib.store.aws_errors import aws_errors
from chalicelib.store.documents import PICTURE_REQUESTS
from chalicelib.store.models import PICTURE, PICTURE_REQUEST, IncidentItem, bind


class DynamoPictureRequests:
    """The PictureRequests of a deployment."""

    def __init__(self, incidents_table: str) -> None:
        self._items = bind(IncidentItem, incidents_table)

    def ask(self, camera_id: str, at_utc: datetime) -> None:
        with aws_errors(f"ask for a picture of camera {camera_id!r}"):
            self._items(_key(camera_id), PICTURE_REQUEST, document=PICTURE_REQUESTS.dump(at_utc)).save()

    def asked_utc(self, camera_id: str) -> datetime | None:
        with aws_errors(f"get the request for camera {camera_id!r}"):
            try:
                item = self._items.get(_key(camera_id), PICTURE_REQUEST)
            except self._items.DoesNotExist:
                return None
        return PICTURE_REQUESTS.load(item.document)


def requested_camera(incident_id: str, item: str) -> str | None:
    """The camera that a record of the stream, by its keys, asks for a picture of; None for any other record."""
    is_request = item == PICTURE_REQUEST and incident_id.startswith(PICTURE)
    return incident_id.removeprefix(PICTURE) if is_request else None


def _key(camera_id: str) -> str:
    return f"{PICTURE}{camera_id}"
