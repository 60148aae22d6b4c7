"""What people ask about their own data: recorded with the day by which they must have an answer, found, given, erased.

It is the whole city's: a person's data keeps to no ward. Nobody's face is searched for here.
"""

from itertools import chain
from typing import Annotated

from pydantic import Field

from chalicelib import bootstrap, bootstrap_subjects
from chalicelib.api.deeds import Purpose, RecordId, Records, Version, id_of
from chalicelib.api.endpoints import Call, Routes, Strict
from chalicelib.api.fields import IncidentId, Instant, PageQuery
from chalicelib.api.paging import page_by_id
from chalicelib.api.subject_views import (
    Export,
    ExportedEntry,
    ExportedIncident,
    Findings,
    FindingView,
    SightingView,
    SubjectRequestPage,
    SubjectRequestView,
)
from chalicelib.domain.city import EVERYWHERE
from chalicelib.domain.deeds import Deed
from chalicelib.domain.permissions import Permission, Scope
from chalicelib.domain.subject_requests import RequestState, SubjectRequest, Wish
from chalicelib.errors import WrongState

routes = Routes("subject requests")

MOST_NAMED = 100

LetterNumber = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./_-]{0,63}$", examples=["CV-114/2026"])]
"""Of the person's letter, which alone says who it is."""


class SubjectRequestQuery(PageQuery):
    state: RequestState | None = Field(default=None, description="Those that wait for an answer, unless said.")


class SubjectRequestWish(Strict):
    """What a person asks for, by numbers, or by where and when."""

    action: Wish
    reference: LetterNumber
    received_at: Instant
    incidents: tuple[IncidentId, ...] = Field(default=(), max_length=MOST_NAMED)
    entries: tuple[RecordId, ...] = Field(default=(), max_length=MOST_NAMED)
    sightings: tuple[SightingView, ...] = Field(default=(), max_length=MOST_NAMED)
    purpose: Purpose


class Answer(Strict):
    """`text` is what the person is told; a refusal needs one."""

    version: Version
    refused: bool = False
    text: str = Field(default="", max_length=2000)
    purpose: Purpose

    def is_it(self, deed: Deed[SubjectRequest], by: str) -> bool:
        return (deed.by, deed.name == "refused", deed.after.answer) == (by, self.refused, self.text)

    def do(self, record_id: str, by: str) -> SubjectRequest:
        answer = bootstrap_subjects.answer_subject()
        act = answer.refuse if self.refused else answer.answer
        return act(record_id, answer=self.text, by=by, purpose=self.purpose, version=self.version)


@routes.get("/subject-requests", needs=Permission.SUBJECT_REQUEST)
def list_subject_requests(call: Call, query: SubjectRequestQuery) -> SubjectRequestPage:
    """Those that wait for an answer or an erasure, the soonest due first; `state` shows others."""
    _require_city(call)
    store = bootstrap_subjects.requests()
    known = store.current() if query.state is None else chain(store.current(), store.over())
    found = [one for one in known if query.state in (None, one.state)]
    part, following = page_by_id(found, query, key=lambda one: f"{one.due_utc.isoformat()} {one.id}")
    return SubjectRequestPage(items=tuple(map(SubjectRequestView.of, part)), next=following)


@routes.post("/subject-requests", needs=Permission.SUBJECT_REQUEST, status=201, keyed=True)
def record_subject_request(call: Call, body: SubjectRequestWish) -> SubjectRequestView:
    """Take in what a person asked for; `due_at` says by when the answer is due."""
    _require_city(call)
    wanted = SubjectRequest(
        id=id_of(call),
        wish=body.action,
        reference=body.reference,
        purpose=body.purpose,
        received_at_utc=body.received_at,
        recorded_by=call.actor.subject,
        recorded_at_utc=bootstrap.clock(),
        incidents=body.incidents,
        entries=body.entries,
        sightings=tuple(one.value() for one in body.sightings),
    )
    receive = bootstrap_subjects.answer_subject().receive
    return SubjectRequestView.of(_records().request_once(wanted.id, lambda: receive(wanted)))


@routes.get("/subject-requests/{request_id}", needs=Permission.SUBJECT_REQUEST)
def read_subject_request(call: Call, request_id: RecordId) -> SubjectRequestView:
    """One request and what became of it."""
    return SubjectRequestView.of(_records().require(call, request_id))


@routes.get("/subject-requests/{request_id}/findings", needs=Permission.SUBJECT_REQUEST)
def find_subject(call: Call, request_id: RecordId) -> Findings:
    """What is held about the person, by what the request names. Each look is in the audit."""
    request = _records().require(call, request_id)
    look = bootstrap_subjects.answer_subject().look
    return Findings.of(look(request, by=call.actor.subject, action="subject_found"))


@routes.get("/subject-requests/{request_id}/export", needs=Permission.SUBJECT_REQUEST, stateful=True)
def export_subject(call: Call, request_id: RecordId) -> Export:
    """All of it for the person, of a request to export. Each export is in the audit."""
    request = _records().require(call, request_id)
    if request.wish is not Wish.EXPORT:
        raise WrongState(f"the person asked to {request.wish.value}, not to export")
    findings = bootstrap_subjects.answer_subject().look(request, by=call.actor.subject, action="subject_exported")
    find = bootstrap_subjects.find_subject()
    return Export(
        reference=request.reference,
        made_at=bootstrap.clock(),
        findings=tuple(map(FindingView.of, findings)),
        entries=tuple(map(ExportedEntry.of, find.entries_of(request))),
        incidents=tuple(ExportedIncident.of(one, request.entries) for one in find.incidents_of(request)),
    )


@routes.post("/subject-requests/{request_id}/answers", needs=Permission.SUBJECT_REQUEST)
def answer_subject_request(call: Call, request_id: RecordId, body: Answer) -> SubjectRequestView:
    """Say that the person has the answer, or a refusal; of an erasure, order it, to be done within the hour."""
    _records().require(call, request_id)
    return SubjectRequestView.of(_records().act_once(request_id, body, call.actor.subject))


def _require_city(call: Call) -> None:
    call.require(Scope((EVERYWHERE,)), what="request of an area")


def _records() -> Records[SubjectRequest]:
    everywhere = Scope((EVERYWHERE,))
    return Records("request", bootstrap_subjects.requests(), lambda _: everywhere, SubjectRequestView.of)
