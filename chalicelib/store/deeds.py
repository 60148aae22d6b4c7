"""Records of the law in DynamoDB: each as it is, and every deed that made it so, in one transaction.

Nothing here deletes: the deeds are the ledger. One table holds all kinds, told apart by the id's prefix.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

from pynamodb.connection import Connection
from pynamodb.transactions import TransactWrite

from chalicelib.domain.authorisations import Authorisation
from chalicelib.domain.deeds import Deed, Kept
from chalicelib.domain.retention import Hold
from chalicelib.domain.subject_requests import SubjectRequest
from chalicelib.domain.watchlists import Entry
from chalicelib.errors import NotFound
from chalicelib.store.aws_errors import aws_errors
from chalicelib.store.clients import CONNECT_TIMEOUT_S, MAX_RETRIES, READ_TIMEOUT_S
from chalicelib.store.documents import Document
from chalicelib.store.law_models import DEED_PREFIX, STATE, LawItem
from chalicelib.store.models import bind

K = TypeVar("K", bound=Kept)


class DynamoDeedStore(Generic[K]):
    """The DeedStore of a deployment, for one kind of record."""

    def __init__(self, table: str, kind: str, states: Document[K], deeds: Document[Deed[K]]) -> None:
        self._items = bind(LawItem, table)
        self._kind = kind
        self._states = states
        self._deeds = deeds
        self._connection = Connection(
            connect_timeout_seconds=CONNECT_TIMEOUT_S,
            read_timeout_seconds=READ_TIMEOUT_S,
            max_retry_attempts=MAX_RETRIES,
        )

    def commit(self, deed: Deed[K]) -> None:
        record, absent = deed.after, self._items.item.does_not_exist()
        before = record.version - 1
        with (
            aws_errors(f"commit {self._kind} {record.id!r}"),
            TransactWrite(connection=self._connection) as write,
        ):
            write.save(self._state_item(record), self._items.version == before if before else absent)
            write.save(self._deed_item(deed), absent)

    def get(self, record_id: str) -> K | None:
        with aws_errors(f"get {self._kind} {record_id!r}"):
            try:
                item = self._items.get(self._id(record_id), STATE, consistent_read=True)
            except self._items.DoesNotExist:
                return None
        return self._states.load(item.document)

    def require(self, record_id: str) -> K:
        record = self.get(record_id)
        if record is None:
            raise NotFound(f"no such {self._kind}: {record_id!r}")
        return record

    def deeds(self, record_id: str) -> tuple[Deed[K], ...]:
        with aws_errors(f"read the deeds of {self._kind} {record_id!r}"):
            items = list(
                self._items.query(self._id(record_id), self._items.item.startswith(DEED_PREFIX), consistent_read=True)
            )
        return tuple(self._deeds.load(item.document) for item in items)

    def current(self) -> tuple[K, ...]:
        return tuple(self._listed(self._kind))

    def over(self) -> Iterator[K]:
        return self._listed(_over(self._kind))

    def _listed(self, feed: str) -> Iterator[K]:
        with aws_errors(f"list {feed!r}"):
            for item in self._items.kept_index.query(feed, scan_index_forward=False):
                yield self._states.load(item.document)

    def _state_item(self, record: K) -> LawItem:
        return self._items(
            self._id(record.id),
            STATE,
            document=self._states.dump(record),
            version=record.version,
            feed=self._kind if record.is_current else _over(self._kind),
            changed_at=record.changed_at_utc,
        )

    def _deed_item(self, deed: Deed[K]) -> LawItem:
        return self._items(
            self._id(deed.after.id), f"{DEED_PREFIX}{deed.after.version:06d}", document=self._deeds.dump(deed)
        )

    def _id(self, record_id: str) -> str:
        return f"{self._kind}#{record_id}"


def entry_store(table: str) -> DynamoDeedStore[Entry]:
    return DynamoDeedStore(table, "entry", Document(Entry), Document(Deed[Entry]))


def authorisation_store(table: str) -> DynamoDeedStore[Authorisation]:
    return DynamoDeedStore(table, "authorisation", Document(Authorisation), Document(Deed[Authorisation]))


def hold_store(table: str) -> DynamoDeedStore[Hold]:
    return DynamoDeedStore(table, "hold", Document(Hold), Document(Deed[Hold]))


def request_store(table: str) -> DynamoDeedStore[SubjectRequest]:
    return DynamoDeedStore(table, "request", Document(SubjectRequest), Document(Deed[SubjectRequest]))


def _over(kind: str) -> str:
    return f"{kind}#over"
