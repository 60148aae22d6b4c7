"""What people see of an incident: pictures that show no face, and for a stated purpose the original of one.

Every look is in the audit before an address is made. An address shows one picture for minutes to whoever has it, so
none is ever logged.
"""

from collections.abc import Mapping
from dataclasses import asdict

from pydantic import BaseModel, Field

from chalicelib import bootstrap, bootstrap_evidence, bootstrap_law
from chalicelib.api.deeds import Purpose
from chalicelib.api.endpoints import Call, Routes, Strict
from chalicelib.api.fields import CameraId, IncidentId, Instant
from chalicelib.api.incidents import require_incident
from chalicelib.domain.audit import Act
from chalicelib.domain.evidence import Exhibit, LentPicture, Missing, Part, Picture, exhibits
from chalicelib.domain.incidents import Incident
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.lifecycle import Status
from chalicelib.domain.permissions import Permission
from chalicelib.domain.watchlists import Entry
from chalicelib.errors import NotFound, WrongState

PURPOSE = "handling of the incident"
"""What a look at redacted pictures is for."""

routes = Routes("incidents")


class ImageView(BaseModel):
    """An address that shows the picture until then, to whoever has it. Don't keep it: ask again."""

    url: str
    expires_at_utc: Instant

    @classmethod
    def of(cls, lent: LentPicture) -> "ImageView":
        return cls(url=lent.url, expires_at_utc=lent.expires_at_utc)


class BoxView(BaseModel):
    """One thing in a picture: left, top, right, bottom in shares of it."""

    label: str
    box_rel: tuple[float, float, float, float]


class ExhibitView(BaseModel):
    """One picture: of the street before, of the thing itself, or of the street after. No face can be known in it."""

    number: int = Field(description="Name it to unseal the original.")
    role: Part
    camera_id: CameraId
    captured_at_utc: Instant
    score: float | None = Field(description="Of a sighting, in [0,1].")
    boxes: tuple[BoxView, ...]
    image: ImageView | None
    missing: Missing | None = Field(description="Why there is no image: still to be made, or gone for good.")


class EvidenceList(BaseModel):
    """The pictures of an incident in the order in which they were taken."""

    items: tuple[ExhibitView, ...]


class UnsealingWish(Strict):
    """Which original, and what for."""

    number: int = Field(ge=1, le=999)
    purpose: Purpose


class Unsealed(BaseModel):
    """A picture as it was taken."""

    image: ImageView


class ProbeView(BaseModel):
    """The face that a camera saw; `quality` says how well it can be judged."""

    image: ImageView | None
    score: float
    quality: Mapping[str, float] | None
    captured_at_utc: Instant
    camera_id: CameraId


class ReferenceView(BaseModel):
    """The face of a photograph of the entry."""

    image: ImageView


class WhyListed(BaseModel):
    """Whom the candidate resembles, by what stands in the list."""

    id: str
    category: str
    legal_basis: str
    why: str


class Comparison(BaseModel):
    """A candidate side by side with whom it resembles."""

    probe: ProbeView
    references: tuple[ReferenceView, ...]
    entry: WhyListed


@routes.get("/incidents/{incident_id}/evidence", needs=Permission.EVIDENCE_VIEW)
def list_evidence(call: Call, incident_id: IncidentId) -> EvidenceList:
    """The pictures of an incident, every face in them made unrecognisable. Each look is in the audit."""
    incident = require_incident(call, bootstrap.city_packs().current(), incident_id)
    shown = exhibits(incident, bootstrap_evidence.evidence_vault().pictures(incident.id), bootstrap.clock())
    _record(call, incident, "evidence_viewed", PURPOSE, {"pictures": str(len(shown))})
    return EvidenceList(items=tuple(_exhibit(incident, one) for one in shown))


@routes.post("/incidents/{incident_id}/unsealings", needs=Permission.EVIDENCE_VIEW_ORIGINAL, status=201)
def unseal_picture(call: Call, incident_id: IncidentId, body: UnsealingWish) -> Unsealed:
    """The original of one picture, for two minutes. Who, why and which is in the audit before it is shown."""
    incident = require_incident(call, bootstrap.city_packs().current(), incident_id)
    kept = bootstrap_evidence.evidence_vault().pictures(incident.id)
    if body.number not in {one.number for one in kept}:
        raise NotFound(f"picture {body.number} of incident {incident_id!r} is not kept")
    _record(call, incident, "original_unsealed", body.purpose, {"picture": str(body.number)})
    return Unsealed(image=ImageView.of(bootstrap_evidence.picture_desk().original(incident.id, body.number)))


@routes.get("/incidents/{incident_id}/comparison", needs=Permission.CANDIDATE_REVIEW, stateful=True)
def compare_candidate(call: Call, incident_id: IncidentId) -> Comparison:
    """The best face of a candidate beside those of the entry's photographs, for as long as it awaits confirmation.

    Each look is in the audit. A 409 once people have spoken.
    """
    incident = require_incident(call, bootstrap.city_packs().current(), incident_id)
    if incident.kind != WATCHLIST_CANDIDATE or incident.status is not Status.AWAITING_CONFIRMATION:
        raise WrongState(f"incident {incident_id!r} is no candidate under review")
    entry = bootstrap_law.entries().require(incident.subject)
    _record(call, incident, "faces_compared", PURPOSE, {"entry": entry.id})
    return Comparison(
        probe=_probe(incident),
        references=tuple(_references(entry)),
        entry=WhyListed(id=entry.id, category=entry.category, legal_basis=entry.legal_basis, why=entry.reason),
    )


def _exhibit(incident: Incident, exhibit: Exhibit) -> ExhibitView:
    one, desk = exhibit.picture, bootstrap_evidence.picture_desk()
    return ExhibitView(
        number=one.number,
        role=one.part,
        camera_id=one.camera_id,
        captured_at_utc=one.captured_at_utc,
        score=one.score,
        boxes=tuple(BoxView(label=box.label, box_rel=box.box_rel) for box in one.boxes),
        image=None if exhibit.missing else ImageView.of(desk.redacted(incident.id, one.number)),
        missing=exhibit.missing,
    )


def _probe(incident: Incident) -> ProbeView:
    """The most alike of the faces that are kept, else what is known of the most alike sighting."""
    kept = bootstrap_evidence.evidence_vault().pictures(incident.id)
    shown = exhibits(incident, kept, bootstrap.clock())
    best = max((one.picture for one in shown), key=lambda one: (one.face is not None, one.score or 0.0), default=None)
    if best is None:
        raise NotFound(f"incident {incident.id!r} has no sighting to compare")
    return ProbeView(
        image=_face(incident, best),
        score=best.score or 0.0,
        quality=asdict(best.face) if best.face and best.face.eye_distance_px else None,
        captured_at_utc=best.captured_at_utc,
        camera_id=best.camera_id,
    )


def _face(incident: Incident, picture: Picture) -> ImageView | None:
    if picture.face is None:
        return None
    return ImageView.of(bootstrap_evidence.picture_desk().face(incident.id, picture.number))


def _references(entry: Entry) -> list[ReferenceView]:
    desk = bootstrap_evidence.review_desk()
    accepted = [one.name for one in entry.portraits if one.accepted]
    return [ReferenceView(image=ImageView.of(desk.reference(entry.id, name))) for name in accepted]


def _record(call: Call, incident: Incident, action: str, purpose: str, details: Mapping[str, str]) -> None:
    subject = f"incident/{incident.id}"
    bootstrap.record_act(Act(call.actor.subject, purpose, action, subject, bootstrap.clock(), details))
