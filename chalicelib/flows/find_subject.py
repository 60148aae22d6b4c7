"""What is held about a person who asks, by what the request names.

It looks through incidents since the first instant that matters, as statistics do; where those are too many, it says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice

from chalicelib.domain.evidence import is_unconfirmed
from chalicelib.domain.incidents import Incident
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.retention import DataClass, Hold, held_subjects, kept
from chalicelib.domain.subject_requests import Finding, Seen, SubjectRequest, Thing
from chalicelib.domain.watchlists import Entry
from chalicelib.errors import InvalidInput
from chalicelib.store.evidence_ports import EvidenceVault
from chalicelib.store.law_ports import DeedStore
from chalicelib.store.ports import Clock, IncidentStore

MOST_LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True)
class FindSubject:
    """Finds by number, by place and time, and by the entry that a candidate resembles; by no face."""

    incidents: IncidentStore
    entries: DeedStore[Entry]
    holds: DeedStore[Hold]
    vault: EvidenceVault
    clock: Clock

    def __call__(self, request: SubjectRequest) -> tuple[Finding, ...]:
        """Everything, with how long it is kept; raises InvalidInput when there is too much to look through."""
        held = held_subjects(self.holds.current())
        return (
            *(one for entry in self.entries_of(request) for one in _of_entry(entry, held)),
            *(one for incident in self.incidents_of(request) for one in self._of_incident(incident, held)),
            *(one for seen in request.sightings for one in self._of_frames(seen)),
        )

    def entries_of(self, request: SubjectRequest) -> tuple[Entry, ...]:
        """The entries that it names and that there ever were."""
        return tuple(entry for name in request.entries if (entry := self.entries.get(name)) is not None)

    def incidents_of(self, request: SubjectRequest) -> tuple[Incident, ...]:
        """The incidents that it names, those of its places and times, and the candidates for its entries."""
        named = (incident for name in request.incidents if (incident := self.incidents.get(name)) is not None)
        found = (one for one in self._since_it_matters(request) if _concerns(request, one))
        return tuple({one.id: one for one in chain(named, found)}.values())

    def _since_it_matters(self, request: SubjectRequest) -> Iterator[Incident]:
        """All that changed since, and what goes on unchanged since before."""
        begins = [seen.from_utc for seen in request.sightings]
        begins += [entry.requested_at_utc for entry in self.entries_of(request)]
        if not begins:
            return
        changed = tuple(islice(self.incidents.changed_since(min(begins)), MOST_LOOKED_AT + 1))
        if len(changed) > MOST_LOOKED_AT:
            raise InvalidInput(f"more than {MOST_LOOKED_AT} incidents changed since: name them by number")
        yield from chain(self.incidents.live(), changed)

    def _of_incident(self, incident: Incident, held: frozenset[str]) -> Iterator[Finding]:
        is_held, since = f"incident/{incident.id}" in held, incident.opened_at_utc

        def found(what: Thing, data_class: DataClass, count: int = 1) -> Finding:
            until = kept_until(incident, data_class)
            return Finding(f"incident/{incident.id}", what, data_class, since, until, is_held, count)

        of_person, unconfirmed = incident.kind == WATCHLIST_CANDIDATE, is_unconfirmed(incident)
        yield found(
            Thing.CANDIDATE if of_person else Thing.INCIDENT,
            DataClass.CANDIDATES if unconfirmed else DataClass.INCIDENTS,
        )
        if pictures := self.vault.pictures(incident.id):
            yield found(Thing.PICTURES, DataClass.UNCONFIRMED if unconfirmed else DataClass.EVIDENCE, len(pictures))

    def _of_frames(self, seen: Seen) -> Iterator[Finding]:
        """Whoever is in them, nobody knows; they go by themselves."""
        until = frames_until(seen)
        if until > self.clock():
            yield Finding(f"camera/{seen.camera_id}", Thing.FRAMES, DataClass.FRAMES, seen.from_utc, until)


def frames_until(seen: Seen) -> datetime:
    """When the last frame of a sighting is gone."""
    return seen.until_utc + (kept(DataClass.FRAMES) or timedelta.max)


def kept_until(incident: Incident, data_class: DataClass) -> datetime | None:
    """When it goes by itself; None while it goes on."""
    keep = kept(data_class)
    return None if incident.is_live or keep is None else incident.changed_at_utc + keep


def _of_entry(entry: Entry, held: frozenset[str]) -> Iterator[Finding]:
    subject, since, is_held = f"entry/{entry.id}", entry.requested_at_utc, f"entry/{entry.id}" in held
    yield Finding(subject, Thing.ENTRY, DataClass.LEDGER, since, None, is_held)
    if entry.portraits:
        until, count = entry.valid_until_utc, len(entry.portraits)
        yield Finding(subject, Thing.PHOTOGRAPHS, DataClass.PORTRAITS, since, until, is_held, count)


def _concerns(request: SubjectRequest, incident: Incident) -> bool:
    resembles = incident.kind == WATCHLIST_CANDIDATE and incident.subject in request.entries
    first, last = incident.first_seen_utc, incident.last_seen_utc
    return resembles or any(seen.covers(incident.camera_ids, first, last) for seen in request.sightings)
