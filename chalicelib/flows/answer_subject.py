"""What the data protection officer does with people's requests: takes them in, looks, answers, refuses."""

from dataclasses import dataclass

from chalicelib.domain.audit import Act
from chalicelib.domain.deeds import require_version
from chalicelib.domain.subject_requests import (
    Finding,
    SubjectRequest,
    answer_request,
    receive_request,
    refuse_request,
)
from chalicelib.flows.do_deeds import DoDeed
from chalicelib.flows.find_subject import FindSubject
from chalicelib.flows.keep_audit import RecordAct
from chalicelib.store.law_ports import DeedStore
from chalicelib.store.ports import Clock


@dataclass(frozen=True, slots=True)
class AnswerSubject:
    """All raise InvalidInput or WrongState where the rules don't allow it, NotFound, StaleVersion and Conflict."""

    requests: DeedStore[SubjectRequest]
    do: DoDeed[SubjectRequest]
    find: FindSubject
    record: RecordAct
    clock: Clock

    def receive(self, request: SubjectRequest) -> SubjectRequest:
        """Take in a request, made by the caller with a new id."""
        details = {"wish": request.wish.value, "reference": request.reference, "due": request.due_utc.isoformat()}
        return self.do(receive_request(request), purpose=request.purpose, details=details)

    def look(self, request: SubjectRequest, *, by: str, action: str) -> tuple[Finding, ...]:
        """What is held about the person; the look is in the audit before it is taken."""
        self.record(Act(by, request.purpose, action, f"request/{request.id}", self.clock()))
        return self.find(request)

    def answer(self, request_id: str, *, answer: str, by: str, purpose: str, version: int) -> SubjectRequest:
        """Say that the person has the answer; of an erasure, order it."""
        request = require_version(self.requests.require(request_id), version)
        return self.do(answer_request(request, answer=answer, by=by, at_utc=self.clock()), purpose=purpose)

    def refuse(self, request_id: str, *, answer: str, by: str, purpose: str, version: int) -> SubjectRequest:
        request = require_version(self.requests.require(request_id), version)
        return self.do(refuse_request(request, answer=answer, by=by, at_utc=self.clock()), purpose=purpose)
