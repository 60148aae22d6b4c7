"""What people do with watchlist entries. Each act is audited, and in force within seconds of being done."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.city import CityPack
from chalicelib.domain.deeds import require_version
from chalicelib.domain.watchlists import (
    Category,
    Entry,
    approve_entry,
    refuse_entry,
    renew_entry,
    request_entry,
    require_category,
    withdraw_entry,
)
from chalicelib.flows.do_deeds import DoDeed
from chalicelib.store.law_ports import DeedStore
from chalicelib.store.ports import Clock


@dataclass(frozen=True, slots=True)
class ChangeWatchlist:
    """`by` is who is signed in, `purpose` what they say it is for; who may do what is the caller's to know.

    All raise InvalidInput, NotAllowed or WrongState where the rules don't allow it, NotFound, StaleVersion when the
    entry is not at the `version` that somebody saw, and Conflict when another deed came first.
    """

    entries: DeedStore[Entry]
    do: DoDeed[Entry]
    pack: Callable[[], CityPack]
    clock: Clock

    def request(self, entry: Entry, *, purpose: str) -> Entry:
        """Ask for an entry, made by the caller with a new id; its photographs follow."""
        deed = request_entry(entry, self._category(entry))
        return self.do(deed, purpose=purpose, details={"list": entry.category, "legal_basis": entry.legal_basis})

    def approve(self, entry_id: str, *, by: str, purpose: str, version: int | None = None) -> Entry:
        entry = self._seen(entry_id, version)
        return self.do(approve_entry(entry, by=by, at_utc=self.clock()), purpose=purpose)

    def refuse(self, entry_id: str, *, by: str, purpose: str, version: int | None = None) -> Entry:
        entry = self._seen(entry_id, version)
        return self.do(refuse_entry(entry, by=by, at_utc=self.clock()), purpose=purpose)

    def renew(self, entry_id: str, *, hours: int, by: str, purpose: str, version: int | None = None) -> Entry:
        entry = self._seen(entry_id, version)
        deed = renew_entry(entry, self._category(entry), hours=hours, by=by, at_utc=self.clock())
        return self.do(deed, purpose=purpose, details={"hours": str(hours)})

    def withdraw(self, entry_id: str, *, by: str, purpose: str, version: int | None = None) -> Entry:
        entry = self._seen(entry_id, version)
        return self.do(withdraw_entry(entry, by=by, at_utc=self.clock()), purpose=purpose)

    def _seen(self, entry_id: str, version: int | None) -> Entry:
        return require_version(self.entries.require(entry_id), version)

    def _category(self, entry: Entry) -> Category:
        return require_category(self.pack().categories, entry.category)
