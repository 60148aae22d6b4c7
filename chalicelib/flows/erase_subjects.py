"""Does the erasures that people asked for and the data protection officer ordered, and reports each line by line.

The API orders and deletes nothing itself: the function that may delete does it within the hour.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain.audit import Act
from chalicelib.domain.evidence import is_unconfirmed
from chalicelib.domain.incidents import Incident
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.outcomes import told_of_erased
from chalicelib.domain.retention import DataClass, Hold, held_subjects
from chalicelib.domain.subject_requests import (
    Because,
    ReportLine,
    RequestState,
    Seen,
    SubjectRequest,
    Thing,
    report_erasure,
)
from chalicelib.domain.watchlists import Entry
from chalicelib.flows.do_deeds import DoDeed
from chalicelib.flows.find_subject import FindSubject, frames_until, kept_until
from chalicelib.flows.keep_audit import RecordAct
from chalicelib.store.evidence_ports import EvidenceVault
from chalicelib.store.law_ports import DeedStore, Erasure
from chalicelib.store.ports import Clock

ACTOR = "matpho/keep_the_law"


@dataclass(frozen=True, slots=True)
class EraseSubjects:
    """A hold, what goes on, and what the law wants kept stay; everything else about the person goes."""

    requests: DeedStore[SubjectRequest]
    find: FindSubject
    holds: DeedStore[Hold]
    erasure: Erasure
    vault: EvidenceVault
    do: DoDeed[SubjectRequest]
    record: RecordAct
    clock: Clock

    def __call__(self) -> int:
        """Do what was ordered; returns how many requests are answered by it."""
        ordered = [one for one in self.requests.current() if one.state is RequestState.ORDERED]
        for request in ordered:
            report = tuple(self._erase(request))
            deed = report_erasure(request, report, by=ACTOR, at_utc=self.clock())
            erased = sum(line.erased for line in report)
            self.do(deed, purpose=request.purpose, details={"erased": str(erased), "kept": str(len(report) - erased)})
        return len(ordered)

    def _erase(self, request: SubjectRequest) -> Iterator[ReportLine]:
        held = held_subjects(self.holds.current())
        for entry in self.find.entries_of(request):
            yield from _of_entry(entry, held)
        for incident in self.find.incidents_of(request):
            yield from self._erase_incident(incident, request, held)
        yield from (self._of_frames(seen) for seen in request.sightings)

    def _erase_incident(
        self, incident: Incident, request: SubjectRequest, held: frozenset[str]
    ) -> Iterator[ReportLine]:
        """A candidate goes altogether; of what happened on a street the pictures go.

        It is closed first: its frames are still there, and its next event would have the pictures made anew.
        """
        subject, until = f"incident/{incident.id}", kept_until(incident, DataClass.INCIDENTS)
        of_person = incident.kind == WATCHLIST_CANDIDATE
        record = Thing.CANDIDATE if of_person else Thing.INCIDENT
        if (because := _why_kept(incident, held)) is not None:
            yield ReportLine(subject, record, False, because, until)
            return
        details = {**told_of_erased(incident), "request": request.id}
        act = "incident_erased" if of_person else "pictures_erased"
        self.record(Act(ACTOR, request.purpose, act, subject, self.clock(), details))
        self.vault.close(incident.id)
        if self.vault.erase(incident.id):
            yield ReportLine(subject, Thing.PICTURES, True, Because.ASKED_FOR)
        if of_person:
            self.erasure.erase(incident)
            yield ReportLine(subject, record, True, Because.ASKED_FOR)
        else:
            yield ReportLine(subject, record, False, Because.NAMES_NOBODY, until)

    def _of_frames(self, seen: Seen) -> ReportLine:
        """Whoever is in them nobody knows, and they are gone before an answer is due."""
        until = frames_until(seen)
        gone = until <= self.clock()
        return ReportLine(f"camera/{seen.camera_id}", Thing.FRAMES, gone, Because.EXPIRES, None if gone else until)


def _of_entry(entry: Entry, held: frozenset[str]) -> Iterator[ReportLine]:
    """Photographs go with their entry, by the function that alone may delete them."""
    subject = f"entry/{entry.id}"
    yield ReportLine(subject, Thing.ENTRY, False, Because.LEDGER)
    if entry.erased_at_utc is not None:
        yield ReportLine(subject, Thing.PHOTOGRAPHS, True, Because.ENDED)
    elif subject in held:
        yield ReportLine(subject, Thing.PHOTOGRAPHS, False, Because.LEGAL_HOLD)
    else:
        yield ReportLine(subject, Thing.PHOTOGRAPHS, False, Because.IN_FORCE, entry.valid_until_utc)


def _why_kept(incident: Incident, held: frozenset[str]) -> Because | None:
    if f"incident/{incident.id}" in held:
        return Because.LEGAL_HOLD
    if incident.is_live:
        return Because.GOES_ON
    return Because.CONFIRMED if _is_case(incident) else None


def _is_case(incident: Incident) -> bool:
    """Whether people said that it is who is searched for, and never took that back."""
    confirmed = incident.kind == WATCHLIST_CANDIDATE and not is_unconfirmed(incident)
    return confirmed and incident.handling.dismissed_because is None
