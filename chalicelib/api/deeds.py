"""What routes on records of the law have in common: whose one is, a request makes one, and an act is done once."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Generic, Protocol, TypeVar

from pydantic import BaseModel, Field

from chalicelib.api.endpoints import Call
from chalicelib.api.problems import refusal
from chalicelib.domain.deeds import Deed, Kept
from chalicelib.domain.permissions import Scope
from chalicelib.errors import NotFound, StaleVersion, WrongState
from chalicelib.store.law_ports import DeedStore

K = TypeVar("K", bound=Kept)

RecordId = Annotated[str, Field(pattern="^[A-Za-z0-9-]{1,64}$", examples=["5f1d0c7a9b3e4826"])]
Category = Annotated[str, Field(pattern="^[a-z0-9_-]{1,64}$", examples=["missing_person"])]
Purpose = Annotated[str, Field(min_length=1, max_length=200, examples=["case 7/2026"])]
"""What something is done for, in the words of whoever does it; it goes into the audit."""

Version = Annotated[int, Field(ge=1, description="Of the record as you saw it.")]


class Asked(Protocol[K]):
    """What somebody wants done to a record, at the version that was seen."""

    @property
    def version(self) -> int: ...

    def do(self, record_id: str, by: str) -> K:
        """Do it; raises StaleVersion or WrongState."""

    def is_it(self, deed: Deed[K], by: str) -> bool:
        """Whether a deed is this very act."""


@dataclass(frozen=True, slots=True)
class Records(Generic[K]):
    """The records of one kind, called by a `word`.

    `again` is done when something is asked for a second time: the first time may have failed just before the end.
    """

    word: str
    store: DeedStore[K]
    scope: Callable[[K], Scope]
    view: Callable[[K], BaseModel]
    again: Callable[[], object] = lambda: None

    def reached(self, call: Call) -> Iterator[K]:
        """Those of the asker's with which something is still to be done."""
        return (one for one in self.store.current() if call.reaches(self.scope(one)))

    def require(self, call: Call, record_id: str) -> K:
        """One of the asker's as it is now; raises NotFound."""
        record = self.store.get(record_id)
        if record is None or not call.reaches(self.scope(record)):
            raise NotFound(f"there is no {self.word} {record_id!r}")
        return record

    def request_once(self, record_id: str, request: Callable[[], K]) -> K:
        """What a request makes, or has made before."""
        known = self.store.get(record_id)
        return request() if known is None else self._again(known)

    def act_once(self, record_id: str, asked: Asked[K], by: str) -> K:
        """The record as it became; an act is known among the deeds, in the place after the version it names.

        Raises Refusal with the record as it is now where it has moved on or doesn't allow the act.
        """
        try:
            return asked.do(record_id, by)
        except (StaleVersion, WrongState) as error:
            deeds = self.store.deeds(record_id)
            if any(asked.is_it(deed, by) for deed in deeds[asked.version : asked.version + 1]):
                return self._again(deeds[-1].after)
            raise refusal(error, current=self.view(deeds[-1].after)) from error

    def _again(self, record: K) -> K:
        self.again()
        return record


def id_of(call: Call) -> str:
    """The id of what a keyed request makes: the same when the same person sends it again."""
    return hashlib.sha256(f"{call.actor.subject}\n{call.key}".encode()).hexdigest()[:16]
