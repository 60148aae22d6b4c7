"""Legal holds: somebody's order to keep what would be deleted, on an incident or on an entry of a list."""

from typing import Annotated

from pydantic import BaseModel, Field

from chalicelib import bootstrap, bootstrap_law
from chalicelib.api import scopes
from chalicelib.api.deeds import Purpose, RecordId, Records, Version, id_of
from chalicelib.api.endpoints import Call, Routes, Strict
from chalicelib.api.fields import Instant, Page, PageQuery
from chalicelib.api.paging import page_by_id
from chalicelib.domain.city import EVERYWHERE
from chalicelib.domain.deeds import Deed
from chalicelib.domain.permissions import Permission, Scope
from chalicelib.domain.retention import Hold
from chalicelib.errors import NotFound

routes = Routes("holds")

Held = Annotated[
    str, Field(pattern="^(incident|entry)/[A-Za-z0-9-]{1,80}$", examples=["incident/20260301-0123456789ab"])
]


class HoldView(BaseModel):
    """An order to keep something, until it is lifted. `version` is named when it is."""

    id: str
    version: int
    subject: Held
    purpose: str
    placed_by: str
    placed_at: Instant
    lifted_at: Instant | None

    @classmethod
    def of(cls, hold: Hold) -> "HoldView":
        return cls(
            id=hold.id,
            version=hold.version,
            subject=hold.subject,
            purpose=hold.reason,
            placed_by=hold.placed_by,
            placed_at=hold.placed_at_utc,
            lifted_at=hold.lifted_at_utc,
        )


class HoldPage(Page[HoldView]):
    pass


class HoldQuery(PageQuery):
    subject: Held | None = None


class HoldWish(Strict):
    subject: Held
    purpose: Purpose


class Lift(Strict):
    """What ends a hold."""

    version: Version
    purpose: Purpose

    def is_it(self, deed: Deed[Hold], by: str) -> bool:
        return (deed.name, deed.by) == ("lifted", by)

    def do(self, record_id: str, by: str) -> Hold:
        return bootstrap_law.change_holds().lift(record_id, by=by, purpose=self.purpose, version=self.version)


@routes.get("/holds", needs=Permission.EVIDENCE_HOLD)
def list_holds(call: Call, query: HoldQuery) -> HoldPage:
    """The holds of your areas that are in force, by id; one that was lifted is read by its id alone."""
    found = [one for one in _records().reached(call) if query.subject in (None, one.subject)]
    part, following = page_by_id(found, query, key=lambda one: one.id)
    return HoldPage(items=tuple(map(HoldView.of, part)), next=following)


@routes.post("/holds", needs=Permission.EVIDENCE_HOLD, status=201, keyed=True)
def place_hold(call: Call, body: HoldWish) -> HoldView:
    """Keep an incident with its frames and pictures, or an entry's photographs, until somebody lifts it.

    It may be on a candidate that nobody judged. What an entry's hold keeps is not searched.
    """
    scope = _scope(body.subject)
    if scope is None or not call.reaches(scope):
        raise NotFound(f"there is no {body.subject.replace('/', ' ')}")
    wanted = Hold(id_of(call), body.subject, body.purpose, call.actor.subject, bootstrap.clock())
    change = bootstrap_law.change_holds()
    return HoldView.of(_records().request_once(wanted.id, lambda: change.place(wanted)))


@routes.get("/holds/{hold_id}", needs=Permission.EVIDENCE_HOLD)
def read_hold(call: Call, hold_id: RecordId) -> HoldView:
    """One hold as it is now, however long ago it was lifted."""
    return HoldView.of(_records().require(call, hold_id))


@routes.post("/holds/{hold_id}/lifts", needs=Permission.EVIDENCE_HOLD)
def lift_hold(call: Call, hold_id: RecordId, body: Lift) -> HoldView:
    """End a hold: what is due goes within the hour, unless another hold is on it."""
    _records().require(call, hold_id)
    return HoldView.of(_records().act_once(hold_id, body, call.actor.subject))


def _records() -> Records[Hold]:
    everywhere = Scope((EVERYWHERE,))
    return Records("hold", bootstrap_law.holds(), lambda one: _scope(one.subject) or everywhere, HoldView.of)


def _scope(subject: str) -> Scope | None:
    """Whose the held thing is; None when it isn't there any more, or never was."""
    pack, (kind, _, name) = bootstrap.city_packs().current(), subject.partition("/")
    if kind == "incident":
        incident = bootstrap.incidents().get(name)
        return scopes.of_incident(pack, incident) if incident else None
    entry = bootstrap_law.entries().get(name)
    return scopes.of_unit(pack, entry.requesting_unit) if entry else None
