"""Who may be searched for, and until when: only approved entries, in force and not withdrawn."""

from dataclasses import dataclass
from datetime import datetime


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
