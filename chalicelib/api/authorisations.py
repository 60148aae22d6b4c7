"""Where and when faces may be looked for: asked for by one, approved by another, ended by anybody in charge."""

from enum import StrEnum

from pydantic import BaseModel, Field

from chalicelib import bootstrap, bootstrap_law
from chalicelib.api import scopes
from chalicelib.api.cameras import require_camera
from chalicelib.api.deeds import Category, Purpose, RecordId, Records, Version, id_of
from chalicelib.api.endpoints import Call, Routes, Strict
from chalicelib.api.fields import CameraId, Instant, Page, PageQuery, UnitId
from chalicelib.api.paging import page_by_id
from chalicelib.domain.authorisations import Authorisation
from chalicelib.domain.deeds import Deed
from chalicelib.domain.permissions import Permission, may
from chalicelib.errors import NotAllowed

routes = Routes("authorisations")


class AuthorisationAction(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"
    END = "end"


_DEEDS = {
    AuthorisationAction.APPROVE: "approved",
    AuthorisationAction.REFUSE: "refused",
    AuthorisationAction.END: "ended",
}


class AuthorisationView(BaseModel):
    """Cameras, a time, a purpose and lists. `version` is named in an act.

    `in_force_from` and `in_force_until` say when faces may really be looked for, as far as is decided.
    """

    id: str
    version: int
    purpose: str
    legal_basis: str
    camera_ids: tuple[str, ...]
    lists: tuple[str, ...]
    valid_from: Instant
    valid_until: Instant
    requesting_unit: str
    requested_by: str
    requested_at: Instant
    emergency: bool
    approved_by: str | None
    approved_at: Instant | None
    refused_at: Instant | None
    ended_at: Instant | None
    in_force_from: Instant | None
    in_force_until: Instant | None

    @classmethod
    def of(cls, given: Authorisation) -> "AuthorisationView":
        span = given.in_force
        return cls(
            id=given.id,
            version=given.version,
            purpose=given.purpose,
            legal_basis=given.legal_basis,
            camera_ids=given.camera_ids,
            lists=given.lists,
            valid_from=given.valid_from_utc,
            valid_until=given.valid_until_utc,
            requesting_unit=given.requesting_unit,
            requested_by=given.requested_by,
            requested_at=given.requested_at_utc,
            emergency=given.emergency,
            approved_by=given.approved_by,
            approved_at=given.approved_at_utc,
            refused_at=given.refused_at_utc,
            ended_at=given.ended_at_utc,
            in_force_from=span.from_utc if span else None,
            in_force_until=span.until_utc if span else None,
        )


class AuthorisationPage(Page[AuthorisationView]):
    pass


class AuthorisationWish(Strict):
    """A new authorisation, for at most 31 days. One in an emergency is in force at once, for a day at most."""

    purpose: Purpose
    legal_basis: str = Field(min_length=1, max_length=200)
    camera_ids: tuple[CameraId, ...] = Field(min_length=1, max_length=500)
    lists: tuple[Category, ...] = Field(min_length=1, max_length=20)
    valid_from: Instant
    valid_until: Instant
    requesting_unit: UnitId
    emergency: bool = False


class AuthorisationAct(Strict):
    action: AuthorisationAction
    version: Version
    purpose: Purpose

    def is_it(self, deed: Deed[Authorisation], by: str) -> bool:
        return (deed.name, deed.by) == (_DEEDS[self.action], by)

    def do(self, record_id: str, by: str) -> Authorisation:
        change = bootstrap_law.change_authorisations()
        acts = {
            AuthorisationAction.APPROVE: change.approve,
            AuthorisationAction.REFUSE: change.refuse,
            AuthorisationAction.END: change.end,
        }
        return acts[self.action](record_id, by=by, purpose=self.purpose, version=self.version)


@routes.get("/authorisations", needs=Permission.AUTHORISATION_READ)
def list_authorisations(call: Call, query: PageQuery) -> AuthorisationPage:
    """The authorisations of your areas' units that are not closed, by id."""
    part, following = page_by_id(_records().reached(call), query, key=lambda one: one.id)
    return AuthorisationPage(items=tuple(map(AuthorisationView.of, part)), next=following)


@routes.post("/authorisations", needs=Permission.AUTHORISATION_REQUEST, status=201, keyed=True)
def request_authorisation(call: Call, body: AuthorisationWish) -> AuthorisationView:
    """Ask for leave to look for faces on cameras of yours, which somebody else has to approve."""
    pack, authorisation_id, now = bootstrap.city_packs().current(), id_of(call), bootstrap.clock()
    call.require(scopes.of_unit(pack, body.requesting_unit), what=f"unit {body.requesting_unit!r}")
    for camera_id in body.camera_ids:
        require_camera(call, pack, camera_id, now)
    asked = Authorisation(
        id=authorisation_id,
        purpose=body.purpose,
        legal_basis=body.legal_basis,
        camera_ids=body.camera_ids,
        lists=body.lists,
        valid_from_utc=body.valid_from,
        valid_until_utc=body.valid_until,
        requesting_unit=body.requesting_unit,
        requested_by=call.actor.subject,
        requested_at_utc=now,
        emergency=body.emergency,
    )
    change = bootstrap_law.change_authorisations()
    return AuthorisationView.of(_records().request_once(authorisation_id, lambda: change.request(asked)))


@routes.get("/authorisations/{authorisation_id}", needs=Permission.AUTHORISATION_READ)
def read_authorisation(call: Call, authorisation_id: RecordId) -> AuthorisationView:
    """One authorisation as it is now, however long ago it was closed."""
    return AuthorisationView.of(_records().require(call, authorisation_id))


@routes.post("/authorisations/{authorisation_id}/acts", needs=Permission.AUTHORISATION_REQUEST)
def act_on_authorisation(call: Call, authorisation_id: RecordId, body: AuthorisationAct) -> AuthorisationView:
    """Approve or refuse what somebody else asked for, or end any before its time.

    All but ending needs the permission `authorisation.approve`. The same act on the same version, sent again by the
    same person, is done once; on another version nothing is changed, and the answer is a 409 with it as it is.
    """
    given = _records().require(call, authorisation_id)
    if body.action is not AuthorisationAction.END and not _may_decide(call, given):
        raise NotAllowed(f"to {body.action.value} it needs {Permission.AUTHORISATION_APPROVE}, for all its cameras")
    return AuthorisationView.of(_records().act_once(authorisation_id, body, call.actor.subject))


def _may_decide(call: Call, given: Authorisation) -> bool:
    """Whether both the unit and every camera are on the decider's ground."""
    pack, now = bootstrap.city_packs().current(), bootstrap.clock()
    cameras = (scopes.of_camera(pack, pack.camera(one), now) for one in given.camera_ids)
    grounds = (scopes.of_unit(pack, given.requesting_unit), *cameras)
    return all(may(call.actor, Permission.AUTHORISATION_APPROVE, one) for one in grounds)


def _records() -> Records[Authorisation]:
    pack = bootstrap.city_packs().current()
    return Records(
        "authorisation",
        bootstrap_law.authorisations(),
        lambda one: scopes.of_unit(pack, one.requesting_unit),
        AuthorisationView.of,
        again=bootstrap_law.publish_mandate(),
    )
