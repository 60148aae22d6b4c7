"""The audit in DynamoDB, a chain a partition, and its anchors in a bucket where nobody can change them.

A record is put only where none is, and nothing here updates or deletes one. The cost: two who write to one chain at
once, of whom the second reads and tries again.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from chalicelib.domain.audit import (
    Anchor,
    Record,
    anchor_from_line,
    anchor_to_line,
    chains_of,
    record_from_line,
    record_to_line,
)
from chalicelib.domain.retention import DataClass, kept
from chalicelib.errors import Conflict
from chalicelib.store.aws_errors import aws_codes, aws_errors
from chalicelib.store.law_models import ONCE_PREFIX, AuditItem
from chalicelib.store.models import bind

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client

ONCE_KEPT = timedelta(days=2)


class DynamoAuditLog:
    """The AuditLog of a deployment."""

    def __init__(self, table: str) -> None:
        self._items = bind(AuditItem, table)

    def head(self, chain: str) -> Record | None:
        with aws_errors(f"read the head of chain {chain!r}"):
            items = list(self._items.query(chain, consistent_read=True, scan_index_forward=False, limit=1))
        return _record(items[0]) if items else None

    def append(self, record: Record) -> None:
        line, life = record_to_line(record), kept(DataClass.AUDIT)
        item = self._items(record.chain, record.sequence, line=line, expires_at=life)
        with aws_errors(f"append to chain {record.chain!r}"):
            item.save(self._items.chain.does_not_exist())

    def read(self, day: date) -> Iterator[Record]:
        for chain in chains_of(day):
            with aws_errors(f"read chain {chain!r}"):
                yield from map(_record, self._items.query(chain, consistent_read=True))

    def noted(self, key: str) -> bool:
        with aws_errors(f"look for {key!r}"):
            return self._items.count(f"{ONCE_PREFIX}{key}", consistent_read=True) > 0

    def note(self, key: str) -> None:
        item = self._items(f"{ONCE_PREFIX}{key}", 0, expires_at=ONCE_KEPT)
        with suppress(Conflict), aws_errors(f"note {key!r}"):
            item.save(self._items.chain.does_not_exist())


class S3AuditVault:
    """The AuditVault of a deployment; the bucket's Object Lock keeps what is written once."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def anchor(self, day: date) -> Anchor | None:
        with aws_errors(f"read the anchor of {day}"):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=_anchor_key(day))
            except ClientError as error:
                if aws_codes(error)[0] == "NoSuchKey":
                    return None
                raise
            return anchor_from_line(answer["Body"].read().decode())

    def keep(self, anchor: Anchor, records: Iterable[Record]) -> None:
        """The records first: an anchor without them would say that the day is safe. The first anchor stands."""
        lines = "".join(f"{record_to_line(record)}\n" for record in records)
        key = f"records/{anchor.day:%Y/%m/%d}.jsonl"
        with aws_errors(f"write {key!r}"):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=lines.encode())
        body = anchor_to_line(anchor).encode()
        with suppress(Conflict), aws_errors(f"anchor {anchor.day}"):
            self._client.put_object(Bucket=self._bucket, Key=_anchor_key(anchor.day), Body=body, IfNoneMatch="*")


def _anchor_key(day: date) -> str:
    return f"anchors/{day:%Y/%m/%d}.json"


def _record(item: AuditItem) -> Record:
    return record_from_line(item.line)
