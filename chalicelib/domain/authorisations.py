"""Where and when faces may be looked for at all, for what, and who allowed it.

Without an authorisation in force for the camera the face code does not run. One in an emergency runs at once and lapses
after a day unless somebody approves it; what it produced alone is then purged.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.deeds import NEVER, Deed, Span
from chalicelib.errors import InvalidInput, NotAllowed, WrongState

EMERGENCY_RUNS = timedelta(hours=24)
LONGEST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Authorisation:
    """Cameras, a window, a purpose and lists (ids of categories). `version` is the number of its last deed."""

    id: str
    purpose: str
    legal_basis: str
    camera_ids: tuple[str, ...]
    lists: tuple[str, ...]
    valid_from_utc: datetime
    valid_until_utc: datetime
    requesting_unit: str
    requested_by: str
    requested_at_utc: datetime
    emergency: bool = False
    approved_by: str | None = None
    approved_at_utc: datetime | None = None
    refused_at_utc: datetime | None = None
    ended_at_utc: datetime | None = None
    closed_at_utc: datetime | None = None
    changed_at_utc: datetime = NEVER
    version: int = 0

    @property
    def is_approved(self) -> bool:
        return self.approved_by is not None and self.approved_by != self.requested_by

    @property
    def in_force(self) -> Span | None:
        """When faces may be looked for under it, as far as is decided; None for never."""
        begin = self.approved_at_utc if self.is_approved and not self.emergency else None
        if self.emergency:
            begin = self.requested_at_utc
        if begin is None:
            return None
        ends = [self.valid_until_utc, *filter(None, (self.ended_at_utc, self.refused_at_utc))]
        if not self.is_approved:
            ends.append(self.requested_at_utc + EMERGENCY_RUNS)
        begin, end = max(begin, self.valid_from_utc), min(ends)
        return Span(begin, end) if begin < end else None

    def covers(self, camera_id: str, at_utc: datetime) -> bool:
        """Whether faces may be looked for on a camera at an instant."""
        span = self.in_force
        return camera_id in self.camera_ids and span is not None and span.from_utc <= at_utc < span.until_utc

    @property
    def is_current(self) -> bool:
        return self.closed_at_utc is None

    def over(self, at_utc: datetime) -> bool:
        """Whether it can't allow anything any more."""
        if self.refused_at_utc or self.lapsed(at_utc):
            return True
        return at_utc >= min(self.valid_until_utc, self.ended_at_utc or self.valid_until_utc)

    def lapsed(self, at_utc: datetime) -> bool:
        """Whether it was an emergency's that nobody approved in time, or that somebody refused."""
        if not self.emergency or self.is_approved:
            return False
        return self.refused_at_utc is not None or at_utc >= self.requested_at_utc + EMERGENCY_RUNS


@dataclass(frozen=True, slots=True)
class Authorised:
    """What may be searched: lists, and the authorisations that allow it."""

    lists: frozenset[str]
    authorisations: tuple[Authorisation, ...]


def authorised_search(authorisations: Iterable[Authorisation], camera_id: str, *instants_utc: datetime) -> Authorised:
    """What may be searched on a camera at all of the instants, such as a frame's capture and now."""
    covering = tuple(one for one in authorisations if all(one.covers(camera_id, at) for at in instants_utc))
    return Authorised(frozenset(name for one in covering for name in one.lists), covering)


def request_authorisation(wanted: Authorisation, *, known_lists: Iterable[str]) -> Deed[Authorisation]:
    """Ask for an authorisation; raises InvalidInput where it says too little or asks for too much."""
    for name in ("purpose", "legal_basis", "requesting_unit", "requested_by"):
        if not getattr(wanted, name).strip():
            raise InvalidInput(f"an authorisation needs its {name}")
    if not wanted.camera_ids or not wanted.lists:
        raise InvalidInput("an authorisation names its cameras and lists, one at least of each")
    if unknown := sorted(set(wanted.lists) - set(known_lists)):
        raise InvalidInput(f"no such list: {unknown[0]!r}")
    if not timedelta(0) < wanted.valid_until_utc - wanted.valid_from_utc <= LONGEST:
        raise InvalidInput(f"an authorisation runs for at most {LONGEST.days} days, and ends after it begins")
    asked = replace(wanted, approved_by=None, approved_at_utc=None, refused_at_utc=None, ended_at_utc=None, version=0)
    return _deed(asked, "requested", wanted.requested_by, wanted.requested_at_utc)


def approve_authorisation(asked: Authorisation, *, by: str, at_utc: datetime) -> Deed[Authorisation]:
    """Put a request in force; raises NotAllowed to its requester, WrongState when it is too late."""
    _require_undecided(asked, by)
    if asked.over(at_utc):
        raise WrongState(f"authorisation {asked.id!r} is over")
    return _deed(replace(asked, approved_by=by, approved_at_utc=at_utc), "approved", by, at_utc)


def refuse_authorisation(asked: Authorisation, *, by: str, at_utc: datetime) -> Deed[Authorisation]:
    """Refuse a request, and end at once what an emergency began; raises WrongState when it was decided before."""
    _require_undecided(asked, by)
    return _deed(replace(asked, refused_at_utc=at_utc), "refused", by, at_utc)


def end_authorisation(given: Authorisation, *, by: str, at_utc: datetime) -> Deed[Authorisation]:
    """End it before its time; raises WrongState when it has ended."""
    if given.over(at_utc):
        raise WrongState(f"authorisation {given.id!r} is over")
    return _deed(replace(given, ended_at_utc=at_utc), "ended", by, at_utc)


def close_authorisation(given: Authorisation, *, by: str, at_utc: datetime) -> Deed[Authorisation]:
    """Put one that is over away, once what a lapsed emergency produced is purged; raises WrongState before."""
    if not given.over(at_utc) or not given.is_current:
        raise WrongState(f"authorisation {given.id!r} is not over, or was closed before")
    return _deed(replace(given, closed_at_utc=at_utc), "purged" if given.lapsed(at_utc) else "closed", by, at_utc)


def _require_undecided(asked: Authorisation, by: str) -> None:
    if asked.approved_by or asked.refused_at_utc or asked.ended_at_utc:
        raise WrongState(f"authorisation {asked.id!r} was decided before")
    if by == asked.requested_by:
        raise NotAllowed(f"{by!r} asked for authorisation {asked.id!r} and can't decide on it")


def _deed(after: Authorisation, name: str, by: str, at_utc: datetime) -> Deed[Authorisation]:
    return Deed(name, by, at_utc, replace(after, version=after.version + 1, changed_at_utc=at_utc))
