"""The audit of a day, for who watches over all of it: who did what to what, for which purpose, under which hash."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from pydantic import BaseModel, Field

from chalicelib import bootstrap_law
from chalicelib.api.endpoints import Call, Routes
from chalicelib.api.fields import Day, Instant, Page, PageQuery
from chalicelib.api.paging import after, cursor
from chalicelib.domain.audit import Record
from chalicelib.domain.city import EVERYWHERE
from chalicelib.domain.permissions import Permission, Scope
from chalicelib.errors import InvalidInput

routes = Routes("audit")


class RecordView(BaseModel):
    """An act in its place in a chain; `previous` is the hash of the record before it."""

    chain: str = Field(examples=["2026-03-01/2"])
    sequence: int
    actor: str
    purpose: str
    action: str
    subject: str
    at: Instant
    details: dict[str, str]
    previous: str
    hash: str

    @classmethod
    def of(cls, record: Record) -> "RecordView":
        act = record.act
        return cls(
            chain=record.chain,
            sequence=record.sequence,
            actor=act.actor,
            purpose=act.purpose,
            action=act.action,
            subject=act.subject,
            at=act.at_utc,
            details=dict(act.details),
            previous=record.previous,
            hash=record.hash,
        )


class AuditPage(Page[RecordView]):
    pass


class AuditQuery(PageQuery):
    day: Day = Field(description="In UTC, by which the chains are kept.")
    actor: str | None = Field(default=None, max_length=200)
    subject: str | None = Field(default=None, max_length=200, examples=["entry/5f1d0c7a9b3e4826"])


@routes.get("/audit", needs=Permission.AUDIT_READ)
def read_audit(call: Call, query: AuditQuery) -> AuditPage:
    """The records of a day, chain after chain, each in order; it is the whole city's and has no part for an area.

    `python -m ops.audit verify` says whether an exported day is whole.
    """
    call.require(Scope(areas=(EVERYWHERE,)), what="audit of an area")
    fitting = (one for one in _records(query.day, _start(query)) if _fits(one, query))
    found = list(islice(fitting, query.limit + 1))
    part = found[: query.limit]
    following = cursor(query, _place(part[-1])) if len(found) > len(part) else None
    return AuditPage(items=tuple(map(RecordView.of, part)), next=following)


def _records(day: date, start: tuple[str, int]) -> Iterator[Record]:
    records: Iterable[Record] = bootstrap_law.audit_log().read(day)
    return (one for one in records if _place(one) > start)


def _place(record: Record) -> tuple[str, int]:
    return record.chain, record.sequence


def _start(query: AuditQuery) -> tuple[str, int]:
    match after(query):
        case None:
            return "", 0
        case [str(chain), int(sequence)]:
            return chain, sequence
        case _:
            raise InvalidInput("the cursor is none of ours")


def _fits(record: Record, query: AuditQuery) -> bool:
    act = record.act
    return query.actor in (None, act.actor) and query.subject in (None, act.subject)
