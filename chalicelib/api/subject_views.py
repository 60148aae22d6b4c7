"""People's own requests as the data protection officer sees them, and what a person is given."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field

from chalicelib import bootstrap, bootstrap_evidence
from chalicelib.api.endpoints import Strict
from chalicelib.api.fields import CameraId, Instant, Page
from chalicelib.api.searchable import SearchableView, searchable_within
from chalicelib.domain.deeds import Span
from chalicelib.domain.incidents import Incident
from chalicelib.domain.lifecycle import Status
from chalicelib.domain.retention import DataClass
from chalicelib.domain.subject_requests import (
    Because,
    Finding,
    ReportLine,
    RequestState,
    Seen,
    SubjectRequest,
    Thing,
    Wish,
)
from chalicelib.domain.watchlists import Entry, EntryStatus


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class SightingView(Strict):
    """Where and when the person says to have been; at most a day."""

    model_config = ConfigDict(populate_by_name=True)

    camera_id: CameraId
    from_: Instant = Field(alias="from")
    until: Instant

    @classmethod
    def of(cls, seen: Seen) -> "SightingView":
        return cls(camera_id=seen.camera_id, from_=seen.from_utc, until=seen.until_utc)

    def value(self) -> Seen:
        return Seen(self.camera_id, self.from_, self.until)


class ReportLineView(BaseModel):
    """What became of one thing that is held about the person."""

    subject: str = Field(examples=["incident/20260301-0123456789ab"])
    what: Thing
    outcome: str = Field(pattern="^(erased|kept)$")
    because: Because
    until: Instant | None = Field(description="When what was kept goes by itself, if it does.")

    @classmethod
    def of(cls, line: ReportLine) -> "ReportLineView":
        outcome = "erased" if line.erased else "kept"
        return cls(subject=line.subject, what=line.what, outcome=outcome, because=line.because, until=line.until_utc)


class SubjectRequestView(BaseModel):
    """A person's request, by the number of the letter. `version` is named when it is answered."""

    id: str
    version: int
    action: Wish
    state: RequestState
    reference: str
    purpose: str
    incidents: tuple[str, ...]
    entries: tuple[str, ...]
    sightings: tuple[SightingView, ...]
    received_at: Instant
    recorded_by: str
    recorded_at: Instant
    due_at: Instant
    answer: str | None
    answered_by: str | None
    answered_at: Instant | None
    report: tuple[ReportLineView, ...] = Field(description="Of an erasure that was done.")

    @classmethod
    def of(cls, request: SubjectRequest) -> "SubjectRequestView":
        return cls(
            id=request.id,
            version=request.version,
            action=request.wish,
            state=request.state,
            reference=request.reference,
            purpose=request.purpose,
            incidents=request.incidents,
            entries=request.entries,
            sightings=tuple(map(SightingView.of, request.sightings)),
            received_at=request.received_at_utc,
            recorded_by=request.recorded_by,
            recorded_at=request.recorded_at_utc,
            due_at=request.due_utc,
            answer=request.answer or None,
            answered_by=request.answered_by,
            answered_at=request.answered_at_utc,
            report=tuple(map(ReportLineView.of, request.report)),
        )


class SubjectRequestPage(Page[SubjectRequestView]):
    pass


class FindingView(BaseModel):
    """Something that is held; `kept_until` null: until it ends, or, of an entry, for good."""

    subject: str = Field(examples=["incident/20260301-0123456789ab", "entry/5f1d0c7a9b3e4826", "camera/bmt-0001"])
    what: Thing
    count: int
    data_class: DataClass
    since: Instant
    kept_until: Instant | None
    held: bool = Field(description="By a legal hold.")

    @classmethod
    def of(cls, finding: Finding) -> "FindingView":
        return cls(
            subject=finding.subject,
            what=finding.what,
            count=finding.count,
            data_class=finding.data_class,
            since=finding.since_utc,
            kept_until=finding.kept_until_utc,
            held=finding.held,
        )


class Findings(BaseModel):
    items: tuple[FindingView, ...]

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> "Findings":
        return cls(items=tuple(map(FindingView.of, findings)))


class ExportedEntry(BaseModel):
    """What stands in a list about the person; who asked and decided is in the audit."""

    id: str
    category: str
    reason: str
    legal_basis: str
    requesting_unit: str
    requested_at: Instant
    status: EntryStatus
    valid_from: Instant | None
    valid_until: Instant | None
    ended_at: Instant | None
    photographs: int
    searchable: tuple[SearchableView, ...]

    @classmethod
    def of(cls, entry: Entry) -> "ExportedEntry":
        return cls(
            id=entry.id,
            category=entry.category,
            reason=entry.reason,
            legal_basis=entry.legal_basis,
            requesting_unit=entry.requesting_unit,
            requested_at=entry.requested_at_utc,
            status=entry.status,
            valid_from=entry.valid_from_utc,
            valid_until=entry.valid_until_utc,
            ended_at=entry.ended_at_utc,
            photographs=len(entry.portraits),
            searchable=searchable_within(entry, Span(entry.requested_at_utc, bootstrap.clock())),
        )


class ExportedPicture(_Shown):
    """A picture that is kept, by what proves it; the data protection officer hands out the one without faces."""

    number: int
    camera_id: str
    captured_at: Instant = Field(validation_alias="captured_at_utc")
    sha256: str


class ExportedIncident(BaseModel):
    """What is held of an incident that the person was part of."""

    id: str
    kind: str
    status: Status
    area_name: str
    camera_ids: tuple[str, ...]
    first_seen_at: Instant
    last_seen_at: Instant
    resembles_entry: str | None
    pictures: tuple[ExportedPicture, ...]

    @classmethod
    def of(cls, incident: Incident, entries: Iterable[str]) -> "ExportedIncident":
        kept = bootstrap_evidence.evidence_vault().pictures(incident.id)
        return cls(
            id=incident.id,
            kind=incident.kind,
            status=incident.status,
            area_name=incident.place.area_name,
            camera_ids=incident.camera_ids,
            first_seen_at=incident.first_seen_utc,
            last_seen_at=incident.last_seen_utc,
            resembles_entry=incident.subject if incident.subject in entries else None,
            pictures=tuple(ExportedPicture.model_validate(one) for one in kept),
        )


class Export(BaseModel):
    """All that is held about a person, for the person."""

    reference: str
    made_at: Instant
    findings: tuple[FindingView, ...]
    entries: tuple[ExportedEntry, ...]
    incidents: tuple[ExportedIncident, ...]
