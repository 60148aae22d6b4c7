"""Photographs and templates go when their entry ends; the ledger stays."""

from dataclasses import dataclass

from chalicelib.domain.audit import Act
from chalicelib.domain.retention import Hold, held_subjects
from chalicelib.domain.watchlists import Entry, expire_entry, forget_portraits
from chalicelib.flows.do_deeds import DoDeed
from chalicelib.flows.keep_audit import RecordAct
from chalicelib.store.law_ports import Biometrics, DeedStore
from chalicelib.store.ports import Clock

ACTOR = "matpho/keep_watchlist"
PURPOSE = "retention: portraits"


@dataclass(frozen=True, slots=True)
class EraseEnded:
    """Ends what has run out, and erases what has ended unless somebody holds it; held or not, it isn't searched."""

    entries: DeedStore[Entry]
    do: DoDeed[Entry]
    holds: DeedStore[Hold]
    biometrics: Biometrics
    record: RecordAct
    clock: Clock

    def __call__(self) -> int:
        """Erase; returns how many entries' photographs and templates went."""
        held = held_subjects(self.holds.current())
        current = self.entries.current()
        over = [entry for entry in current if entry.over(self.clock())]
        gone = sum(self._end(entry, held=f"entry/{entry.id}" in held) for entry in over)
        kept = {entry.id for entry in current} | {subject.partition("/")[2] for subject in held}
        return gone + sum(map(self._erase_orphan, self.biometrics.entries() - kept))

    def _end(self, entry: Entry, *, held: bool) -> bool:
        if entry.is_open:
            entry = self.do(expire_entry(entry, by=ACTOR, at_utc=self.clock()), purpose=PURPOSE)
        if held:
            return False
        self.biometrics.erase(entry.id)
        self.do(forget_portraits(entry, by=ACTOR, at_utc=self.clock()), purpose=PURPOSE)
        return True

    def _erase_orphan(self, entry_id: str) -> bool:
        """What was uploaded when its entry had ended already."""
        self.biometrics.erase(entry_id)
        self.record(Act(ACTOR, PURPOSE, "portraits_erased", f"entry/{entry_id}", self.clock()))
        return True
