"""What nobody may keep any longer goes, each with a word in the audit that says what, not who; a hold beats every term.

Frames, readings and reports expire by themselves (domain/retention.py and the template agree); this deletes what only
the application can tell apart: candidates that nobody confirmed, old incidents, and what a lapsed emergency produced.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chalicelib.domain.audit import Act
from chalicelib.domain.authorisations import Authorisation, close_authorisation
from chalicelib.domain.incidents import Incident
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.retention import RETENTION, DataClass, Hold, held_subjects, is_due
from chalicelib.domain.watchlists import Entry
from chalicelib.flows.do_deeds import DoDeed
from chalicelib.flows.keep_audit import RecordAct
from chalicelib.store.law_ports import DeedStore, Erasure
from chalicelib.store.ports import Clock

ACTOR = "matpho/keep_the_law"
EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
CANDIDATES_LOOKED_BACK = timedelta(days=8)
"""How far back candidates are looked for; a hold that is lifted later is the hold's own to purge."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How many incidents went, by why."""

    candidates: int
    incidents: int
    of_lapsed: int


@dataclass(frozen=True, slots=True)
class Purge:
    """Safe to run as often as one likes: what is gone is not found again."""

    erasure: Erasure
    entries: DeedStore[Entry]
    authorisations: DeedStore[Authorisation]
    do: DoDeed[Authorisation]
    holds: DeedStore[Hold]
    record: RecordAct
    clock: Clock

    def __call__(self) -> Purged:
        """Delete what is due; returns what went."""
        held = held_subjects(self.holds.current())
        return Purged(
            candidates=self._erase_due(DataClass.CANDIDATES, self._candidates(), held),
            incidents=self._erase_due(DataClass.INCIDENTS, self._old_incidents(), held),
            of_lapsed=sum(self._close(one, held) for one in self.authorisations.current() if one.over(self.clock())),
        )

    def _candidates(self) -> Iterator[Incident]:
        """Those that ended without anybody's confirmation."""
        now = self.clock()
        for incident in self.erasure.changed_between(now - CANDIDATES_LOOKED_BACK, now):
            if incident.kind == WATCHLIST_CANDIDATE and not incident.is_live and incident.last_told is None:
                yield incident

    def _old_incidents(self) -> Iterator[Incident]:
        keep = RETENTION[DataClass.INCIDENTS].keep or timedelta.max
        old = self.erasure.changed_between(EARLIEST, self.clock() - keep + timedelta(seconds=1))
        return (incident for incident in old if not incident.is_live)

    def _erase_due(self, data_class: DataClass, incidents: Iterable[Incident], held: frozenset[str]) -> int:
        now = self.clock()
        due = [
            one for one in incidents if is_due(data_class, one.changed_at_utc, now, held=f"incident/{one.id}" in held)
        ]
        for incident in due:
            self._erase(incident, f"retention: {data_class.value}")
        return len(due)

    def _close(self, over: Authorisation, held: frozenset[str]) -> int:
        """Put an authorisation away, and with a lapsed one all that it alone allowed; what is held keeps it open."""
        produced = list(self._produced(over)) if over.lapsed(self.clock()) else []
        free = [one for one in produced if f"incident/{one.id}" not in held]
        for incident in free:
            self._erase(incident, f"authorisation {over.id} lapsed")
        if len(free) == len(produced):
            deed = close_authorisation(over, by=ACTOR, at_utc=self.clock())
            self.do(deed, purpose=over.purpose, details={"erased": str(len(free))})
        return len(free)

    def _produced(self, lapsed: Authorisation) -> Iterator[Incident]:
        """The candidates that were found under an authorisation and under no other."""
        others = [one for one in (*self.authorisations.current(), *self.authorisations.over()) if one.id != lapsed.id]
        for incident in self.erasure.changed_between(lapsed.requested_at_utc, self.clock()):
            if incident.kind != WATCHLIST_CANDIDATE or not self._allowed_by(lapsed, incident):
                continue
            if not any(self._allowed_by(one, incident) for one in others if not one.lapsed(self.clock())):
                yield incident

    def _allowed_by(self, authorisation: Authorisation, incident: Incident) -> bool:
        entry = self.entries.get(incident.subject)
        on_its_list = entry is None or entry.category in authorisation.lists
        seen = incident.first_seen_utc
        return on_its_list and any(authorisation.covers(camera, seen) for camera in incident.camera_ids)

    def _erase(self, incident: Incident, purpose: str) -> None:
        details = {
            "kind": incident.kind,
            "camera": incident.camera_ids[0],
            "status": incident.status.value,
            "because": str(incident.handling.dismissed_because or ""),
            "score": f"{max((one.score for one in incident.evidence), default=0.0):.3f}",
        }
        self.record(Act(ACTOR, purpose, "incident_erased", f"incident/{incident.id}", self.clock(), details))
        self.erasure.erase(incident)
