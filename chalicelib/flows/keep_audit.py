"""The audit is written before what it tells of is done, so that nothing is done that it doesn't know."""

from dataclasses import dataclass
from datetime import date, timedelta

import stamina

from chalicelib.domain.audit import Act, Anchor, Record, chain_of, head_of, link
from chalicelib.errors import Conflict
from chalicelib.store.law_ports import AuditLog, AuditVault

ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class RecordAct:
    """Puts acts into the audit, each behind the last of its chain."""

    log: AuditLog

    def __call__(self, act: Act) -> Record:
        """Record an act; raises Conflict when others go on writing first, Transient when the store fails."""
        for attempt in stamina.retry_context(on=Conflict, attempts=ATTEMPTS, wait_initial=0.02, wait_max=0.5):
            with attempt:
                record = link(act, self.log.head(chain_of(act)))
                self.log.append(record)
        return record


@dataclass(frozen=True, slots=True)
class AnchorDay:
    """Fixes a day that is over where nobody can change it: its records, and its heads tied to the day before."""

    log: AuditLog
    vault: AuditVault

    def __call__(self, day: date) -> Anchor:
        """Anchor a day; one that is anchored already is left as it is, however often this runs."""
        known = self.vault.anchor(day)
        if known is not None:
            return known
        before = self.vault.anchor(day - timedelta(days=1))
        records = tuple(self.log.read(day))
        last = {record.chain: head_of(record) for record in records}
        anchor = Anchor(day, tuple(last.values()), before.hash if before else "")
        self.vault.keep(anchor, records)
        return anchor
