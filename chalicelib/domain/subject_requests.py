"""What a person may ask about the own data: to find it, to be given it, to have it erased, each within its time.

A request names what it is about by number, or by where and when; nobody's face is searched for to answer one. It holds
the number of the person's letter and no name. The terms are Decree 356/2025's for who answers without a third party.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.deeds import NEVER, Deed
from chalicelib.domain.retention import DataClass
from chalicelib.errors import InvalidInput, WrongState

LONGEST_SIGHTING = timedelta(days=1)


class Wish(StrEnum):
    """What the person asks for."""

    FIND = "find"
    EXPORT = "export"
    ERASE = "erase"


ANSWERED_WITHIN: Mapping[Wish, timedelta] = {
    Wish.FIND: timedelta(days=10),
    Wish.EXPORT: timedelta(days=10),
    Wish.ERASE: timedelta(days=20),
}


class RequestState(StrEnum):
    """`ordered` is an erasure that was decided and is still to be done."""

    OPEN = "open"
    ORDERED = "ordered"
    ANSWERED = "answered"
    REFUSED = "refused"


class Thing(StrEnum):
    """What may be held; an entry and an incident are the record without photographs and pictures."""

    ENTRY = "entry"
    PHOTOGRAPHS = "photographs"
    CANDIDATE = "candidate"
    INCIDENT = "incident"
    PICTURES = "pictures"
    FRAMES = "frames"


class Because(StrEnum):
    """Why something went, or stays; docs/law.md says each in full."""

    ASKED_FOR = "asked_for"
    ENDED = "ended"
    LEGAL_HOLD = "legal_hold"
    GOES_ON = "goes_on"
    CONFIRMED = "confirmed"
    NAMES_NOBODY = "names_nobody"
    LEDGER = "ledger"
    IN_FORCE = "in_force"
    EXPIRES = "expires"


@dataclass(frozen=True, slots=True)
class Seen:
    """Where and when the person says to have been."""

    camera_id: str
    from_utc: datetime
    until_utc: datetime

    def covers(self, camera_ids: tuple[str, ...], first_utc: datetime, last_utc: datetime) -> bool:
        """Whether cameras saw something then that went on from the first instant to the last."""
        return self.camera_id in camera_ids and first_utc < self.until_utc and self.from_utc <= last_utc


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is held: of which class, since when, and how long still; None: until it ends, or for good."""

    subject: str
    what: Thing
    data_class: DataClass
    since_utc: datetime
    kept_until_utc: datetime | None
    held: bool = False
    count: int = 1


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What an erasure made of one thing, and why."""

    subject: str
    what: Thing
    erased: bool
    because: Because
    until_utc: datetime | None = None


@dataclass(frozen=True, slots=True)
class SubjectRequest:
    """A person's request and what became of it. `version` is the number of its last deed."""

    id: str
    wish: Wish
    reference: str
    purpose: str
    received_at_utc: datetime
    recorded_by: str
    recorded_at_utc: datetime
    incidents: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    sightings: tuple[Seen, ...] = ()
    state: RequestState = RequestState.OPEN
    answer: str = ""
    answered_by: str | None = None
    answered_at_utc: datetime | None = None
    report: tuple[ReportLine, ...] = ()
    changed_at_utc: datetime = NEVER
    version: int = 0

    @property
    def due_utc(self) -> datetime:
        """When the person must have the answer."""
        return self.received_at_utc + ANSWERED_WITHIN[self.wish]

    @property
    def is_current(self) -> bool:
        return self.state in {RequestState.OPEN, RequestState.ORDERED}


def receive_request(request: SubjectRequest) -> Deed[SubjectRequest]:
    """Take a request in; raises InvalidInput where it says too little, or what can't be."""
    if not (request.incidents or request.entries or request.sightings):
        raise InvalidInput("a request names an incident, an entry, or where and when: nobody's face is searched for")
    if request.received_at_utc > request.recorded_at_utc:
        raise InvalidInput("a request can't have been received later than now")
    for seen in request.sightings:
        if not timedelta(0) < seen.until_utc - seen.from_utc <= LONGEST_SIGHTING:
            raise InvalidInput(f"a sighting ends after it begins, and within a day: {seen.camera_id!r}")
    taken = replace(request, state=RequestState.OPEN, version=0)
    return _deed(taken, "received", request.recorded_by, request.recorded_at_utc)


def answer_request(request: SubjectRequest, *, answer: str, by: str, at_utc: datetime) -> Deed[SubjectRequest]:
    """Answer what was asked, or order the erasure; raises WrongState when that was done before."""
    _require_open(request)
    state = RequestState.ORDERED if request.wish is Wish.ERASE else RequestState.ANSWERED
    answered = replace(request, state=state, answer=answer, answered_by=by, answered_at_utc=at_utc)
    return _deed(answered, state.value, by, at_utc)


def refuse_request(request: SubjectRequest, *, answer: str, by: str, at_utc: datetime) -> Deed[SubjectRequest]:
    """Refuse it with a reason that the person gets; raises InvalidInput without one, WrongState."""
    _require_open(request)
    if not answer.strip():
        raise InvalidInput("a refusal needs a text that says why")
    state = RequestState.REFUSED
    return _deed(
        replace(request, state=state, answer=answer, answered_by=by, answered_at_utc=at_utc), state.value, by, at_utc
    )


def report_erasure(
    request: SubjectRequest, report: tuple[ReportLine, ...], *, by: str, at_utc: datetime
) -> Deed[SubjectRequest]:
    """Say what an erasure made of it; raises WrongState when nobody ordered one."""
    if request.state is not RequestState.ORDERED:
        raise WrongState(f"request {request.id!r} is {request.state.value}: there is no erasure to report")
    return _deed(replace(request, state=RequestState.ANSWERED, report=report), "erased", by, at_utc)


def _require_open(request: SubjectRequest) -> None:
    if request.state is not RequestState.OPEN:
        raise WrongState(f"request {request.id!r} is {request.state.value}")


def _deed(request: SubjectRequest, name: str, by: str, at_utc: datetime) -> Deed[SubjectRequest]:
    return Deed(name, by, at_utc, replace(request, version=request.version + 1, changed_at_utc=at_utc))
