"""All that a search must be allowed by, as one value without anything biometric: authorisations and entries' terms.

Published whenever somebody decides, and read by every analyser, so that a withdrawal counts within seconds whatever the
snapshot of templates still holds. It also answers later who was searchable where.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from chalicelib.domain.authorisations import Authorisation, authorised_search
from chalicelib.domain.deeds import Deed, Span, states_within
from chalicelib.domain.watchlists import Entry, EntryValidity, turning_points

MOST_KNOWN = 64
"""Answers that a mandate remembers: one for each set of lists, of the cameras that a function sees."""


@dataclass(frozen=True, slots=True)
class Permitted:
    """Whom to search for on one frame's camera: entries, and the authorisations that allow it."""

    entry_ids: frozenset[str]
    authorisations: tuple[Authorisation, ...]


@dataclass(frozen=True)
class Mandate:
    """What was decided and is not over, at one moment.

    Asked for every frame: who is in force is worked out once between two instants at which that changes.
    """

    published_at_utc: datetime
    authorisations: tuple[Authorisation, ...]
    entries: tuple[EntryValidity, ...]

    def permitted(self, camera_id: str, *, captured_at_utc: datetime, now_utc: datetime) -> Permitted:
        """Whom a frame may be searched for: allowed when it was taken and still allowed now."""
        allowed = authorised_search(self.authorisations, camera_id, captured_at_utc, now_utc)
        return Permitted(self._searchable(allowed.lists, captured_at_utc, now_utc), allowed.authorisations)

    def _searchable(self, lists: frozenset[str], *instants_utc: datetime) -> frozenset[str]:
        """The entries of some lists that are in force at all of the instants."""
        key = (lists, *(bisect_right(self._turning_points, at_utc.timestamp()) for at_utc in instants_utc))
        if key not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            entries = (one for one in self.entries if one.category in lists)
            self._known[key] = frozenset(one.entry_id for one in entries if all(map(one.searchable, instants_utc)))
        return self._known[key]

    @cached_property
    def _turning_points(self) -> list[float]:
        return turning_points(self.entries)

    @cached_property
    def _known(self) -> dict[tuple[object, ...], frozenset[str]]:
        return {}


def mandate(authorisations: Iterable[Authorisation], entries: Iterable[Entry], *, at_utc: datetime) -> Mandate:
    """Draw up what is in force or will be; what is over by then is left out."""
    running = tuple(one for one in authorisations if one.in_force and one.in_force.until_utc > at_utc)
    terms = tuple(entry.terms for entry in entries if entry.terms and not entry.over(at_utc))
    return Mandate(at_utc, running, terms)


def searchable_where(
    deeds: Sequence[Deed[Entry]], authorisations: Iterable[Authorisation], span: Span
) -> Mapping[str, tuple[Span, ...]]:
    """The cameras on which an entry could be searched within a stretch of time, and when.

    Answered from the ledger alone: from the entry's deeds and the authorisations, long after the portraits are gone.
    """
    found: dict[str, list[Span]] = {}
    for stood, entry in states_within(deeds, span):
        for one in authorisations:
            searched = _searched(entry, one, stood)
            for camera_id in one.camera_ids if searched else ():
                found.setdefault(camera_id, []).append(searched)  # type: ignore[arg-type]  # None has no cameras here
    return {camera_id: tuple(sorted(spans, key=lambda one: one.from_utc)) for camera_id, spans in found.items()}


def _searched(entry: Entry, authorisation: Authorisation, stood: Span) -> Span | None:
    """The part of a stretch in which both the entry and the authorisation were in force."""
    terms = entry.terms
    if terms is None or authorisation.in_force is None or entry.category not in authorisation.lists:
        return None
    if not terms.searchable(max(stood.from_utc, terms.valid_from_utc)):
        return None
    of_entry = Span(terms.valid_from_utc, terms.valid_until_utc).cut(stood)
    return of_entry.cut(authorisation.in_force) if of_entry else None
