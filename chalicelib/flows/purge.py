"""What nobody may keep any longer goes, each with a word in the audit that says what, not who; a hold beats every term.

Frames, readings and reports expire by themselves (domain/retention.py and the template agree); this deletes what only
the application can tell apart: candidates that nobody confirmed, old incidents, what a lapsed emergency produced, and
the pictures of all of them, which go sooner than what they show.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chalicelib.domain.audit import Act
from chalicelib.domain.authorisations import Authorisation, close_authorisation
from chalicelib.domain.evidence import is_over, is_unconfirmed
from chalicelib.domain.incidents import Incident
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.outcomes import told_of_erased
from chalicelib.domain.retention import RETENTION, DataClass, Hold, held_subjects, is_due
from chalicelib.domain.watchlists import Entry
from chalicelib.flows.do_deeds import DoDeed
from chalicelib.flows.keep_audit import RecordAct
from chalicelib.store.evidence_ports import EvidenceVault
from chalicelib.store.law_ports import DeedStore, Erasure
from chalicelib.store.ports import Clock

ACTOR = "matpho/keep_the_law"
EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
CANDIDATES_LOOKED_BACK = timedelta(days=8)
"""How far back candidates are looked for; a hold that is lifted later is the hold's own to purge."""


PICTURES_LOOKED_BACK = timedelta(days=2)
"""How long after their term pictures are still looked for, hour by hour."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How many incidents went, by why, and of how many others the pictures."""

    candidates: int
    incidents: int
    of_lapsed: int
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class Purge:
    """Safe to run as often as one likes: what is gone is not found again."""

    erasure: Erasure
    entries: DeedStore[Entry]
    authorisations: DeedStore[Authorisation]
    do: DoDeed[Authorisation]
    holds: DeedStore[Hold]
    vault: EvidenceVault
    record: RecordAct
    clock: Clock

    def __call__(self) -> Purged:
        """Delete what is due; returns what went."""
        held = held_subjects(self.holds.current())
        return Purged(
            candidates=self._erase_due(DataClass.CANDIDATES, self._candidates(), held),
            incidents=self._erase_due(DataClass.INCIDENTS, self._old_incidents(), held),
            of_lapsed=sum(self._close(one, held) for one in self.authorisations.current() if one.over(self.clock())),
            pictures=sum(self._erase_pictures(one) for one in self._pictures_due() if f"incident/{one.id}" not in held),
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

    def _pictures_due(self) -> Iterator[Incident]:
        """Candidates that nobody confirmed in a day, and what has been over for as long as pictures are kept.

        Where a hold was lifted of late every incident is looked at: its pictures may have been due long ago.
        """
        now, keep = self.clock(), RETENTION[DataClass.EVIDENCE].keep or timedelta.max
        lifted = any(now - hold.changed_at_utc < PICTURES_LOOKED_BACK for hold in self.holds.over())
        since = EARLIEST if lifted else now - keep - PICTURES_LOOKED_BACK
        for incident in self.erasure.changed_between(since, now - keep + timedelta(seconds=1)):
            if is_over(incident, now):
                yield incident
        for incident in self.erasure.changed_between(now - CANDIDATES_LOOKED_BACK, now):
            if is_unconfirmed(incident) and is_over(incident, now):
                yield incident

    def _erase_pictures(self, incident: Incident) -> bool:
        if not self.vault.keeps(incident.id):
            return False
        data_class = DataClass.UNCONFIRMED if is_unconfirmed(incident) else DataClass.EVIDENCE
        purpose, subject = f"retention: {data_class.value}", f"incident/{incident.id}"
        self.record(Act(ACTOR, purpose, "pictures_erased", subject, self.clock()))
        return self.vault.erase(incident.id)

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
        self.record(
            Act(ACTOR, purpose, "incident_erased", f"incident/{incident.id}", self.clock(), told_of_erased(incident))
        )
        self.vault.erase(incident.id)
        self.erasure.erase(incident)
