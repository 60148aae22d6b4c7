"""Who may be searched for, why, until when, and who answers for it.

An entry names nobody: `nominal` is the number under which the requesting unit's own file knows the person. Portraits
and templates lie apart and go when the entry ends; what stays here is the ledger.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.deeds import NEVER, Deed
from chalicelib.errors import InvalidInput, NotAllowed, WrongState

DECIDED_WITHIN = timedelta(days=7)
"""A request that nobody decides on goes by itself."""


@dataclass(frozen=True, slots=True)
class Category:
    """A list and its policy: how many people confirm a candidate, for how long an entry may run, who may be on it."""

    id: str
    name_vi: str
    name_en: str
    confirmations: int = 2
    default_hours: int = 24
    most_hours: int = 24
    minors_allowed: bool = False


CATEGORIES = (
    Category("missing_person", "Người mất tích", "Missing person", 1, 72, 720, minors_allowed=True),
    Category("wanted", "Đối tượng truy nã", "Wanted person", 2, 24, 168),
    Category("trial", "Thử nghiệm", "Trial", 2, 24, 24),
)
"""What a city pack that names no categories has."""


class EntryStatus(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Portrait:
    """A photograph by its name in the bucket of portraits; `refused` says what the quality gate had against it.

    `embedder_digest` names the model that made its template, and is empty while there is none.
    """

    name: str
    sha256: str
    refused: str = ""
    embedder_digest: str = ""

    @property
    def accepted(self) -> bool:
        return bool(self.embedder_digest) and not self.refused


@dataclass(frozen=True, slots=True)
class EntryValidity:
    """The terms of one watchlist entry. `approved_by` must be another person than `requested_by`."""

    entry_id: str
    category: str
    requested_by: str
    approved_by: str | None
    valid_from_utc: datetime
    valid_until_utc: datetime
    withdrawn_at_utc: datetime | None = None

    def searchable(self, at_utc: datetime) -> bool:
        """Whether the entry may be searched at an instant, whatever a stale snapshot still holds."""
        approved = self.approved_by is not None and self.approved_by != self.requested_by
        withdrawn = self.withdrawn_at_utc is not None and self.withdrawn_at_utc <= at_utc
        return approved and not withdrawn and self.valid_from_utc <= at_utc < self.valid_until_utc


def turning_points(entries: Iterable[EntryValidity]) -> list[float]:
    """Every instant, in order and as a POSIX time, from which on some entry may or may no longer be searched.

    Comparing times that were read from JSON takes a call each: for 100,000 entries 1.0 s where numbers take 0.2.
    """
    terms = ((entry.valid_from_utc, entry.valid_until_utc, entry.withdrawn_at_utc) for entry in entries)
    return sorted({instant.timestamp() for instants in terms for instant in instants if instant is not None})


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody on a list, by number, with everybody who answers for it. `version` is the number of its last deed."""

    id: str
    category: str
    nominal: str
    reason: str
    legal_basis: str
    requesting_unit: str
    requested_by: str
    requested_at_utc: datetime
    hours: int
    under_18: bool
    status: EntryStatus = EntryStatus.REQUESTED
    portraits: tuple[Portrait, ...] = ()
    approved_by: str | None = None
    valid_from_utc: datetime | None = None
    valid_until_utc: datetime | None = None
    ended_at_utc: datetime | None = None
    erased_at_utc: datetime | None = None
    changed_at_utc: datetime = NEVER
    version: int = 0

    @property
    def is_open(self) -> bool:
        return self.status in {EntryStatus.REQUESTED, EntryStatus.APPROVED}

    @property
    def is_current(self) -> bool:
        return self.erased_at_utc is None

    @property
    def terms(self) -> EntryValidity | None:
        """What a search is held against; None before anybody approved it."""
        if self.valid_from_utc is None or self.valid_until_utc is None:
            return None
        return EntryValidity(
            self.id,
            self.category,
            self.requested_by,
            self.approved_by,
            self.valid_from_utc,
            self.valid_until_utc,
            self.ended_at_utc,
        )

    def over(self, at_utc: datetime) -> bool:
        """Whether nobody may be searched for by it any more, so that portraits and templates must go."""
        until = self.valid_until_utc or self.requested_at_utc + DECIDED_WITHIN
        return not self.is_open or at_utc >= until


def request_entry(entry: Entry, category: Category) -> Deed[Entry]:
    """Ask for an entry; raises InvalidInput where the category's policy or the law's papers don't allow it."""
    for name in ("nominal", "reason", "legal_basis", "requesting_unit", "requested_by"):
        if not getattr(entry, name).strip():
            raise InvalidInput(f"an entry needs its {name}")
    if entry.under_18 and not category.minors_allowed:
        raise InvalidInput(f"nobody under 18 may be on list {category.id!r}")
    _require_hours(entry.hours, category)
    asked = replace(entry, status=EntryStatus.REQUESTED, approved_by=None, version=0)
    return _deed(asked, "requested", entry.requested_by, entry.requested_at_utc)


def add_portrait(entry: Entry, portrait: Portrait, *, by: str, at_utc: datetime) -> Deed[Entry]:
    """Add a photograph, or what became of one of the same name.

    Raises WrongState when the entry has ended, or was approved with other photographs than this.
    """
    _require_open(entry, at_utc)
    known = {one.sha256 for one in entry.portraits}
    if entry.status is EntryStatus.APPROVED and portrait.sha256 not in known:
        raise WrongState(f"entry {entry.id!r} was approved without photograph {portrait.name!r}")
    others = tuple(one for one in entry.portraits if one.name != portrait.name)
    name = "portrait_refused" if portrait.refused else "portrait_accepted" if portrait.accepted else "portrait_added"
    return _deed(replace(entry, portraits=(*others, portrait)), name, by, at_utc)


def approve_entry(entry: Entry, *, by: str, at_utc: datetime) -> Deed[Entry]:
    """Put a request in force from now on; raises NotAllowed to its requester, WrongState without a good portrait."""
    _require_status(entry, EntryStatus.REQUESTED)
    _require_open(entry, at_utc)
    _require_another(entry, by)
    if not any(portrait.accepted for portrait in entry.portraits):
        raise WrongState(f"entry {entry.id!r} has no portrait that passed the quality gate")
    until = at_utc + timedelta(hours=entry.hours)
    approved = replace(entry, status=EntryStatus.APPROVED, approved_by=by, valid_from_utc=at_utc, valid_until_utc=until)
    return _deed(approved, "approved", by, at_utc)


def refuse_entry(entry: Entry, *, by: str, at_utc: datetime) -> Deed[Entry]:
    """Refuse a request, which any other person may; raises WrongState when it was decided before."""
    _require_status(entry, EntryStatus.REQUESTED)
    _require_another(entry, by)
    return _deed(replace(entry, status=EntryStatus.REFUSED, ended_at_utc=at_utc), "refused", by, at_utc)


def renew_entry(entry: Entry, category: Category, *, hours: int, by: str, at_utc: datetime) -> Deed[Entry]:
    """Let an entry run on from now, as somebody else than its requester decides anew; one that ended needs a new one.

    Raises NotAllowed, WrongState, and InvalidInput on hours that the list doesn't allow.
    """
    _require_status(entry, EntryStatus.APPROVED)
    _require_open(entry, at_utc)
    _require_another(entry, by)
    _require_hours(hours, category)
    renewed = replace(entry, hours=hours, approved_by=by, valid_until_utc=at_utc + timedelta(hours=hours))
    return _deed(renewed, "renewed", by, at_utc)


def withdraw_entry(entry: Entry, *, by: str, at_utc: datetime) -> Deed[Entry]:
    """End an entry at once, which anybody in charge may; raises WrongState when it has ended."""
    if not entry.is_open:
        raise WrongState(f"entry {entry.id!r} is {entry.status.value}")
    return _deed(replace(entry, status=EntryStatus.WITHDRAWN, ended_at_utc=at_utc), "withdrawn", by, at_utc)


def expire_entry(entry: Entry, *, by: str, at_utc: datetime) -> Deed[Entry]:
    """Say that an entry's time is over; searches have ended by themselves."""
    if not (entry.is_open and entry.over(at_utc)):
        raise WrongState(f"entry {entry.id!r} is still in force or has ended before")
    return _deed(replace(entry, status=EntryStatus.EXPIRED), "expired", by, at_utc)


def forget_portraits(entry: Entry, *, by: str, at_utc: datetime) -> Deed[Entry]:
    """Say that portraits and templates are gone; raises WrongState while they may be searched."""
    if not entry.over(at_utc):
        raise WrongState(f"entry {entry.id!r} is in force, its portraits are needed")
    if entry.is_open:
        raise WrongState(f"entry {entry.id!r} has not been ended")
    return _deed(replace(entry, portraits=(), erased_at_utc=at_utc), "erased", by, at_utc)


def require_category(categories: Iterable[Category], category_id: str) -> Category:
    """The policy of a list; raises InvalidInput for one that the city doesn't have."""
    for category in categories:
        if category.id == category_id:
            return category
    raise InvalidInput(f"no such list: {category_id!r}")


def _deed(entry: Entry, name: str, by: str, at_utc: datetime) -> Deed[Entry]:
    return Deed(name, by, at_utc, replace(entry, version=entry.version + 1, changed_at_utc=at_utc))


def _require_another(entry: Entry, by: str) -> None:
    if by == entry.requested_by:
        raise NotAllowed(f"{by!r} asked for entry {entry.id!r} and can't decide on it")


def _require_status(entry: Entry, status: EntryStatus) -> None:
    if entry.status is not status:
        raise WrongState(f"entry {entry.id!r} is {entry.status.value}, not {status.value}")


def _require_open(entry: Entry, at_utc: datetime) -> None:
    if entry.over(at_utc):
        raise WrongState(f"entry {entry.id!r} is over")


def _require_hours(hours: int, category: Category) -> None:
    if not 0 < hours <= category.most_hours:
        raise InvalidInput(f"an entry of list {category.id!r} may run 1 to {category.most_hours} hours, not {hours!r}")
