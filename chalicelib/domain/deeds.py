"""What people do to a record of the law: numbered, kept for good, and each with the record as it became.

An entry, an authorisation or a hold is never just changed: a deed is done to it, and the deeds are its ledger.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

from chalicelib.errors import StaleVersion

T = TypeVar("T")

NEVER = datetime.min.replace(tzinfo=UTC)
"""When a record changed that nothing was done to yet."""


class Kept(Protocol):
    """What a record must say of itself; `version` is the number of its last deed."""

    @property
    def id(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def changed_at_utc(self) -> datetime: ...

    @property
    def is_current(self) -> bool:
        """Whether something is still to be done with it; when nothing is, only the ledger needs it."""


K = TypeVar("K", bound=Kept)


@dataclass(frozen=True, slots=True)
class Deed(Generic[T]):
    """What was done by whom, when, and the record as it became."""

    name: str
    by: str
    at_utc: datetime
    after: T


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, its end left out."""

    from_utc: datetime
    until_utc: datetime

    def cut(self, other: "Span") -> "Span | None":
        """The time that both cover."""
        begin, end = max(self.from_utc, other.from_utc), min(self.until_utc, other.until_utc)
        return Span(begin, end) if begin < end else None


def require_version(record: K, version: int | None) -> K:
    """The record, if it still is as somebody saw it, or nobody says; raises StaleVersion with a sentence for people."""
    if version not in (None, record.version):
        raise StaleVersion(f"you saw version {version}, it is at {record.version} by now: look again")
    return record


def states_within(deeds: Sequence[Deed[T]], span: Span) -> Iterator[tuple[Span, T]]:
    """The record as it stood over a stretch of time, state after state."""
    ends = [after.at_utc for _, after in pairwise(deeds)] + [span.until_utc]
    for deed, end in zip(deeds, ends, strict=True):
        stood = Span(deed.at_utc, end).cut(span)
        if stood is not None:
            yield stood, deed.after
