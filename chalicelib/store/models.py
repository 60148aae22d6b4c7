"""What lies in DynamoDB, as PynamoDB models without a table name; `bind` gives them one when a deployment is known.

Key schema (S string, N number), all on demand:

* cameras: hash `camera_id` S, range `item` S (`heartbeat` or `tracker#<kind>#<subject>`); time to live `expires_at` N;
  traffic lies apart, under `traffic#<camera>` and a step's start, so that loading a camera doesn't read it;
  index `tracked`: hash `tracked` S (only while an incident is open), projection ALL
* incidents: hash `incident_id` S, range `item` S (`incident` or `event#000001`); stream NEW_IMAGE; what opened of late
  lies apart, under `openings#<kind>`, and requests for a camera's picture under `picture#<camera>`;
  index `newest`: hash `feed` S, range `changed_at` S (both only on incidents), projection ALL;
  index `due`: hash `due` S, range `due_at` S (both only on live incidents), projection ALL
* rejections: hash `frame_key` S; time to live `expires_at` N

A timeline event, and nothing else in the incidents table, has top-level `type` and `kind`, which is what the stream is
filtered on. Everything else is one JSON document, so a domain value gains a field without a migration. The cost: no
query looks inside a document, and each index lives in one partition, good for a thousand changes a second.
"""

from typing import TypeVar

from pynamodb.attributes import BinaryAttribute, NumberAttribute, TTLAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.constants import PAY_PER_REQUEST_BILLING_MODE
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.store.clients import CONNECT_TIMEOUT_S, MAX_RETRIES, READ_TIMEOUT_S

HEARTBEAT = "heartbeat"
TRACKER_PREFIX = "tracker#"
TRAFFIC_PREFIX = "traffic#"
INCIDENT = "incident"
OPENINGS = "openings"
PICTURE = "picture#"
PICTURE_REQUEST = "request"
EVENT_PREFIX = "event#"

TRACKED = "open"
"""The only value of `tracked`."""
FEED = "incidents"
"""The only value of `feed`."""
DUE = "due"
"""The only value of `due`."""

SomeModel = TypeVar("SomeModel", bound=Model)


class TrackedIndex(GlobalSecondaryIndex["CameraItem"]):  # type: ignore[no-untyped-call]  # PynamoDB forgot it
    """Trackers with an open incident."""

    class Meta:
        index_name = "tracked"
        projection = AllProjection()

    tracked = UnicodeAttribute(hash_key=True)


class CameraItem(Model):
    """A heartbeat, which alone has `captured_at` and is `packed`, or a tracker, which alone has `version`."""

    camera_id = UnicodeAttribute(hash_key=True)
    item = UnicodeAttribute(range_key=True)
    document = UnicodeAttribute(null=True)
    packed = BinaryAttribute(legacy_encoding=False, null=True)
    captured_at = UTCDateTimeAttribute(null=True)
    version = NumberAttribute(null=True)
    tracked = UnicodeAttribute(null=True)
    expires_at = TTLAttribute(null=True)
    tracked_index = TrackedIndex()


class NewestIndex(GlobalSecondaryIndex["IncidentItem"]):  # type: ignore[no-untyped-call]  # PynamoDB forgot it
    """Incidents by their last change."""

    class Meta:
        index_name = "newest"
        projection = AllProjection()

    feed = UnicodeAttribute(hash_key=True)
    changed_at = UTCDateTimeAttribute(range_key=True)


class DueIndex(GlobalSecondaryIndex["IncidentItem"]):  # type: ignore[no-untyped-call]  # PynamoDB forgot it
    """Live incidents by when the clock has a say next."""

    class Meta:
        index_name = "due"
        projection = AllProjection()

    due = UnicodeAttribute(hash_key=True)
    due_at = UTCDateTimeAttribute(range_key=True)


class IncidentItem(Model):
    """An incident, which alone has `feed` and `changed_at`, a timeline event with `type` and `kind`, or openings."""

    incident_id = UnicodeAttribute(hash_key=True)
    item = UnicodeAttribute(range_key=True)
    document = UnicodeAttribute()
    version = NumberAttribute(null=True)
    feed = UnicodeAttribute(null=True)
    changed_at = UTCDateTimeAttribute(null=True)
    due = UnicodeAttribute(null=True)
    due_at = UTCDateTimeAttribute(null=True)
    type = UnicodeAttribute(null=True)
    kind = UnicodeAttribute(null=True)
    newest_index = NewestIndex()
    due_index = DueIndex()


class RejectionItem(Model):
    """A frame that will never be analysed."""

    frame_key = UnicodeAttribute(hash_key=True)
    reason = UnicodeAttribute()
    at = UTCDateTimeAttribute()
    expires_at = TTLAttribute()


def bind(model: type[SomeModel], table_name: str) -> type[SomeModel]:
    """A model of its own for one table; region, credentials and endpoint are found as botocore finds them.

    PynamoDB keeps a connection on each model class, so binding anew is also how tests start afresh.
    """
    meta = type("Meta", (_Settings,), {"table_name": table_name})
    return type(model.__name__, (model,), {"Meta": meta, "__module__": model.__module__})


def unchanged(model: type[CameraItem] | type[IncidentItem], version: int) -> Condition:
    """The condition that a record still is at the version that was read; 0 means that there was none."""
    return model.version == version if version else model.item.does_not_exist()


class _Settings:
    billing_mode = PAY_PER_REQUEST_BILLING_MODE
    connect_timeout_seconds = CONNECT_TIMEOUT_S
    read_timeout_seconds = READ_TIMEOUT_S
    max_retry_attempts = MAX_RETRIES
