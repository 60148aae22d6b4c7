"""Entries of the lists of people who may be searched for: asked for by one, decided on by another.

An entry names nobody and shows nobody: photographs and templates have no way out through here.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, Field, model_validator

from chalicelib import bootstrap, bootstrap_law
from chalicelib.api import scopes
from chalicelib.api.deeds import Category, Purpose, RecordId, Records, Version, id_of
from chalicelib.api.endpoints import Call, Routes, Strict
from chalicelib.api.fields import Instant, Page, PageQuery, UnitId
from chalicelib.api.paging import page_by_id
from chalicelib.api.problems import refusal
from chalicelib.api.searchable import SearchableList, SearchableQuery, searchable_within
from chalicelib.domain.deeds import Deed
from chalicelib.domain.permissions import Permission, may
from chalicelib.domain.uploads import UploadGrant
from chalicelib.domain.watchlists import Entry, EntryStatus, Portrait, require_category
from chalicelib.errors import NotAllowed, WrongState

LIVES = timedelta(minutes=15)

routes = Routes("watchlist")


class EntryAction(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"
    RENEW = "renew"
    WITHDRAW = "withdraw"


_DEEDS = {
    EntryAction.APPROVE: "approved",
    EntryAction.REFUSE: "refused",
    EntryAction.RENEW: "renewed",
    EntryAction.WITHDRAW: "withdrawn",
}


class PortraitView(BaseModel):
    """A photograph by name, and what the quality gate had against it; the picture itself is never shown."""

    name: str
    accepted: bool
    refused_because: str | None

    @classmethod
    def of(cls, portrait: Portrait) -> "PortraitView":
        return cls(name=portrait.name, accepted=portrait.accepted, refused_because=portrait.refused or None)


class EntryView(BaseModel):
    """Somebody on a list, by the number in the requesting unit's own file. `version` is named in an act."""

    id: str
    version: int
    category: str
    nominal: str
    reason: str
    legal_basis: str
    requesting_unit: str
    requested_by: str
    requested_at: Instant
    hours: int
    under_18: bool
    status: EntryStatus
    searchable: bool = Field(description="Now, on the cameras of an authorisation for this list.")
    portraits: tuple[PortraitView, ...]
    approved_by: str | None
    valid_from: Instant | None
    valid_until: Instant | None
    ended_at: Instant | None
    erased_at: Instant | None

    @classmethod
    def of(cls, entry: Entry, now_utc: datetime) -> "EntryView":
        terms = entry.terms
        return cls(
            id=entry.id,
            version=entry.version,
            category=entry.category,
            nominal=entry.nominal,
            reason=entry.reason,
            legal_basis=entry.legal_basis,
            requesting_unit=entry.requesting_unit,
            requested_by=entry.requested_by,
            requested_at=entry.requested_at_utc,
            hours=entry.hours,
            under_18=entry.under_18,
            status=entry.status,
            searchable=terms is not None and terms.searchable(now_utc),
            portraits=tuple(map(PortraitView.of, entry.portraits)),
            approved_by=entry.approved_by,
            valid_from=entry.valid_from_utc,
            valid_until=entry.valid_until_utc,
            ended_at=entry.ended_at_utc,
            erased_at=entry.erased_at_utc,
        )


class PhotographForm(BaseModel):
    """A form to POST as multipart/form-data: `fields`, which name the photograph, and the file last."""

    url: str
    fields: dict[str, str]
    expires_at: Instant = Field(description="The upload must have begun by then.")

    @classmethod
    def of(cls, grant: UploadGrant) -> "PhotographForm":
        return cls(url=grant.url, fields=dict(grant.fields), expires_at=grant.expires_at_utc)


class EntryPage(Page[EntryView]):
    pass


class EntryQuery(PageQuery):
    category: Category | None = None
    status: EntryStatus | None = None


class EntryWish(Strict):
    """A new entry. Without `hours` it is for as long as its list says."""

    category: Category
    nominal: str = Field(min_length=1, max_length=64, description="Under which your own file knows the person.")
    reason: str = Field(min_length=1, max_length=500)
    legal_basis: str = Field(min_length=1, max_length=200)
    requesting_unit: UnitId
    hours: int | None = Field(default=None, ge=1, le=720)
    under_18: bool
    purpose: Purpose


class EntryAct(Strict):
    """What to do with an entry; `renew` alone needs `hours`, counted from now."""

    action: EntryAction
    version: Version
    purpose: Purpose
    hours: int | None = Field(default=None, ge=1, le=720)

    @model_validator(mode="after")
    def _hours_with_renew_alone(self) -> "EntryAct":
        if (self.action is EntryAction.RENEW) != (self.hours is not None):
            raise ValueError("`renew` needs `hours`, and nothing else takes them")
        return self

    def is_it(self, deed: Deed[Entry], by: str) -> bool:
        same_hours = self.hours in (None, deed.after.hours)
        return same_hours and (deed.name, deed.by) == (_DEEDS[self.action], by)

    def do(self, record_id: str, by: str) -> Entry:
        change, seen = bootstrap_law.change_watchlist(), self.version
        if self.hours is not None:
            return change.renew(record_id, hours=self.hours, by=by, purpose=self.purpose, version=seen)
        acts = {
            EntryAction.APPROVE: change.approve,
            EntryAction.REFUSE: change.refuse,
            EntryAction.WITHDRAW: change.withdraw,
        }
        return acts[self.action](record_id, by=by, purpose=self.purpose, version=seen)


@routes.get("/watchlist/entries", needs=Permission.WATCHLIST_READ)
def list_entries(call: Call, query: EntryQuery) -> EntryPage:
    """The entries of your areas' units with which something is still to be done, by id.

    One that has ended and whose photographs are erased is read by its id alone.
    """
    found = [one for one in _records().reached(call) if _fits(one, query)]
    part, following = page_by_id(found, query, key=lambda one: one.id)
    return EntryPage(items=tuple(map(_view, part)), next=following)


@routes.post("/watchlist/entries", needs=Permission.WATCHLIST_REQUEST, status=201, keyed=True)
def request_entry(call: Call, body: EntryWish) -> EntryView:
    """Ask for an entry, which somebody else has to approve once a photograph of it has passed the quality gate."""
    pack, entry_id = bootstrap.city_packs().current(), id_of(call)
    call.require(scopes.of_unit(pack, body.requesting_unit), what=f"unit {body.requesting_unit!r}")
    asked = Entry(
        id=entry_id,
        category=body.category,
        nominal=body.nominal,
        reason=body.reason,
        legal_basis=body.legal_basis,
        requesting_unit=body.requesting_unit,
        requested_by=call.actor.subject,
        requested_at_utc=bootstrap.clock(),
        hours=body.hours or require_category(pack.categories, body.category).default_hours,
        under_18=body.under_18,
    )
    change = bootstrap_law.change_watchlist()
    return _view(_records().request_once(entry_id, lambda: change.request(asked, purpose=body.purpose)))


@routes.get("/watchlist/entries/{entry_id}", needs=Permission.WATCHLIST_READ)
def read_entry(call: Call, entry_id: RecordId) -> EntryView:
    """One entry as it is now, however long ago it ended."""
    return _view(_records().require(call, entry_id))


@routes.get("/watchlist/entries/{entry_id}/searchable", needs=Permission.WATCHLIST_READ)
def read_searchable(call: Call, entry_id: RecordId, query: SearchableQuery) -> SearchableList:
    """On which cameras the entry could be searched that day, and when, however long ago its photographs went."""
    entry = _records().require(call, entry_id)
    return SearchableList(entry_id=entry.id, items=searchable_within(entry, query.span))


@routes.post("/watchlist/entries/{entry_id}/acts", needs=Permission.WATCHLIST_REQUEST)
def act_on_entry(call: Call, entry_id: RecordId, body: EntryAct) -> EntryView:
    """Approve, refuse or renew an entry that somebody else asked for, or withdraw any.

    All but withdrawing needs the permission `watchlist.approve`. The same act on the same version, sent again by the
    same person, is done once; on another version nothing is changed, and the answer is a 409 with the entry as it is.
    """
    entry = _records().require(call, entry_id)
    scope = scopes.of_unit(bootstrap.city_packs().current(), entry.requesting_unit)
    if body.action is not EntryAction.WITHDRAW and not may(call.actor, Permission.WATCHLIST_APPROVE, scope):
        raise NotAllowed(f"to {body.action.value} an entry needs the permission {Permission.WATCHLIST_APPROVE}")
    return _view(_records().act_once(entry_id, body, call.actor.subject))


@routes.post("/watchlist/entries/{entry_id}/photographs", needs=Permission.WATCHLIST_REQUEST, status=201, keyed=True)
def grant_photograph(call: Call, entry_id: RecordId) -> PhotographForm:
    """Leave to upload one photograph of an entry that nobody has decided on, for a quarter of an hour.

    Within a minute `portraits` says whether it passed the quality gate. Nobody can read it back.
    """
    entry = _records().require(call, entry_id)
    if entry.status is not EntryStatus.REQUESTED or entry.over(bootstrap.clock()):
        raise refusal(WrongState(f"entry {entry_id!r} takes no more photographs"), current=_view(entry))
    grant = bootstrap_law.portrait_desk().grant(entry_id, f"{id_of(call)}.jpg", lives=LIVES)
    return PhotographForm.of(grant)


def _fits(entry: Entry, query: EntryQuery) -> bool:
    return query.category in (None, entry.category) and query.status in (None, entry.status)


def _records() -> Records[Entry]:
    pack = bootstrap.city_packs().current()
    return Records(
        "entry",
        bootstrap_law.entries(),
        lambda one: scopes.of_unit(pack, one.requesting_unit),
        _view,
        again=bootstrap_law.publish_mandate(),
    )


def _view(entry: Entry) -> EntryView:
    return EntryView.of(entry, bootstrap.clock())
