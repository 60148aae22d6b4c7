"""The city pack as a whole: compared with the one in force, and put in its place."""

from typing import Any

from pydantic import BaseModel, Field
from pydantic_core import to_jsonable_python

from chalicelib import bootstrap
from chalicelib.api.deeds import Purpose
from chalicelib.api.endpoints import Call, Routes, Strict, Versioned
from chalicelib.api.problems import refusal, unsound
from chalicelib.domain.city import EVERYWHERE, CityPack
from chalicelib.domain.pack_changes import PackChange
from chalicelib.domain.permissions import Permission, Scope
from chalicelib.errors import StaleVersion, Unsound, WrongState
from chalicelib.flows.change_city import Proposal, require_pack, sound_pack

MOST_BYTES = 4_000_000
"""Lambda takes 6 MB; a city of 554 cameras with its boundaries has 180 kB."""

routes = Routes("city")


class CityView(Versioned):
    """The city whose pack is in force, its version and how much of each there is."""

    id: str
    name_vi: str
    name_en: str
    timezone: str
    counts: dict[str, int]

    @classmethod
    def of(cls, pack: CityPack) -> "CityView":
        sections = ("areas", "units", "routes", "kinds", "profiles", "cameras")
        return cls(
            version=pack.version,
            id=pack.id,
            name_vi=pack.name_vi,
            name_en=pack.name_en,
            timezone=pack.timezone,
            counts={name: len(getattr(pack, name)) for name in sections},
        )


class PackProposal(Strict):
    pack: dict[str, Any] = Field(description="As `python -m ops.city compile` writes it.")


class PackWish(PackProposal):
    purpose: Purpose


class PackChangeView(BaseModel):
    """One thing that differs: an item of a section or, with `field`, one field of it, before and after."""

    section: str
    item: str
    what: str = Field(examples=["added", "removed", "changed", "moved"])
    field: str
    before: Any
    after: Any

    @classmethod
    def of(cls, change: PackChange) -> "PackChangeView":
        return cls(**to_jsonable_python(change))


class PackDiff(BaseModel):
    """What would change, and a sentence for each thing that must wait for an incident's end."""

    before: str | None
    after: str
    changes: tuple[PackChangeView, ...]
    blocked: tuple[str, ...]

    @classmethod
    def of(cls, proposal: Proposal) -> "PackDiff":
        return cls(
            before=proposal.before,
            after=proposal.pack.version,
            changes=tuple(map(PackChangeView.of, proposal.changes)),
            blocked=proposal.blocked,
        )


class PackApplied(BaseModel):
    before: str | None
    after: str
    changes: int


@routes.get("/city", needs=Permission.CITY_READ, stateful=True)
def read_city() -> CityView:
    """Which city pack is in force this very moment."""
    return CityView.of(require_pack(bootstrap.pack_versions().in_force()))


@routes.post("/city/diffs", needs=Permission.CITY_APPLY, most_bytes=MOST_BYTES)
def compare_city(call: Call, body: PackProposal) -> PackDiff:
    """What a city pack would change in the one in force; nothing is changed by it."""
    return PackDiff.of(_proposal(call, body))


@routes.put("/city", needs=Permission.CITY_APPLY, most_bytes=MOST_BYTES)
def apply_city(call: Call, body: PackWish) -> PackApplied:
    """Put a city pack in force as a whole, within a minute, unless incidents still need what it drops.

    On another version than you saw, or while incidents need it, nothing is changed, and the answer is a 409 with what
    it would have been.
    """
    proposal = _proposal(call, body)
    try:
        bootstrap.change_city().put(proposal, by=call.actor.subject, purpose=body.purpose, seen=call.seen)
    except (StaleVersion, WrongState) as error:
        raise refusal(error, current=PackDiff.of(proposal)) from error
    return PackApplied(before=proposal.before, after=proposal.pack.version, changes=len(proposal.changes))


def _proposal(call: Call, body: PackProposal) -> Proposal:
    """It is the whole city's, and has no part for an area."""
    call.require(Scope(areas=(EVERYWHERE,)), what="city pack of an area")
    try:
        return bootstrap.change_city().compare(sound_pack(body.pack))
    except Unsound as error:
        raise unsound("body.pack", error) from error
