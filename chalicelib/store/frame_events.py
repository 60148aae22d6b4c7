"""What AWS sends functions, read into the domain's words: S3's notifications and DynamoDB's stream records.

Pure functions; S3's shapes are documented at
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from pydantic import BaseModel, ValidationError

from chalicelib.domain.incidents import TimelineEvent
from chalicelib.errors import InvalidInput
from chalicelib.store.documents import EVENTS
from chalicelib.store.models import EVENT_PREFIX


def parse_frame_message(body: str) -> tuple[tuple[str, int], ...]:
    """The key, decoded, and the size in bytes of every object a message tells was created.

    Empty for S3's test event and for other changes; raises InvalidInput for anything that isn't a notification.
    """
    try:
        message = _Message.model_validate_json(body)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise InvalidInput(f"not a notification of S3 at {place!r}: {body[:80]!r}") from error
    if message.Records is None:
        return _no_records(message)
    created = (record.s3.object for record in message.Records if record.eventName.startswith("ObjectCreated:"))
    return tuple((unquote_plus(one.key), one.size) for one in created)


def parse_timeline_record(new_image: Mapping[str, Any]) -> TimelineEvent | None:
    """The timeline event in the new image of a stream record, in DynamoDB's typed form; None for other items."""
    match new_image:
        case {"item": {"S": str(item)}, "document": {"S": str(document)}} if item.startswith(EVENT_PREFIX):
            return EVENTS.load(document)
    return None


def parse_keys(keys: Mapping[str, Any]) -> tuple[str, str]:
    """The incident and the item that a stream record is of, from its keys in DynamoDB's typed form."""
    return str(keys["incident_id"]["S"]), str(keys["item"]["S"])


class _Object(BaseModel):
    key: str
    size: int = 0  # a notification of a removal has none


class _S3(BaseModel):
    object: _Object


class _Record(BaseModel):
    eventName: str  # noqa: N815  # S3's spelling
    s3: _S3


class _Message(BaseModel):
    Records: tuple[_Record, ...] | None = None
    Event: str | None = None


def _no_records(message: _Message) -> tuple[()]:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
    if message.Event != "s3:TestEvent":
        raise InvalidInput("not a notification of S3: it has neither records nor the name of the test event")
    return ()
