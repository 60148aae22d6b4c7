"""Rejected frames in DynamoDB, each once, for as long as somebody may ask what became of it."""

from contextlib import suppress
from datetime import datetime, timedelta

from chalicelib.errors import Conflict
from chalicelib.store.aws_errors import aws_errors
from chalicelib.store.models import RejectionItem, bind

REJECTION_KEPT = timedelta(days=30)


class DynamoRejectionLog:
    """The RejectionLog of a deployment."""

    def __init__(self, rejections_table: str) -> None:
        self._items = bind(RejectionItem, rejections_table)

    def record(self, key: str, *, reason: str, at_utc: datetime) -> None:
        item = self._items(key, reason=reason, at=at_utc, expires_at=REJECTION_KEPT)
        with suppress(Conflict), aws_errors(f"record rejection of {key!r}"):
            item.save(self._items.frame_key.does_not_exist())
