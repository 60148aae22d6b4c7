"""Every deed takes one way: into the audit, onto the record, and with it into the mandate that analysers read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import stamina

from chalicelib.domain.audit import Act
from chalicelib.domain.authorisations import Authorisation
from chalicelib.domain.deeds import Deed, Kept
from chalicelib.domain.mandate import Mandate, mandate
from chalicelib.domain.watchlists import Entry
from chalicelib.errors import Conflict
from chalicelib.flows.keep_audit import RecordAct
from chalicelib.store.law_ports import DeedStore, MandateBoard
from chalicelib.store.ports import Clock

ATTEMPTS = 8

K = TypeVar("K", bound=Kept)


@dataclass(frozen=True, slots=True)
class PublishMandate:
    """Draws the mandate up anew and replaces the one it saw before it read anything."""

    entries: DeedStore[Entry]
    authorisations: DeedStore[Authorisation]
    board: MandateBoard
    clock: Clock

    def __call__(self) -> Mandate:
        """Publish what is in force; raises Conflict when others go on publishing first."""
        for attempt in stamina.retry_context(on=Conflict, attempts=ATTEMPTS, wait_initial=0.02, wait_max=0.5):
            with attempt:
                seen = self.board.seen()
                drawn = self.draw()
                self.board.put(drawn, seen=seen)
        return drawn

    def draw(self) -> Mandate:
        """What is in force by the records, published or not."""
        return mandate(self.authorisations.current(), self.entries.current(), at_utc=self.clock())


@dataclass(frozen=True, slots=True)
class MendMandate:
    """Whoever decided may have died before it was published: a withdrawal must count all the same."""

    publish: PublishMandate
    published: Callable[[], Mandate | None]

    def __call__(self) -> bool:
        """Publish, unless what is published says the same; returns whether it did."""
        drawn, known = self.publish.draw(), self.published()
        if known is not None and (known.authorisations, known.entries) == (drawn.authorisations, drawn.entries):
            return False
        self.publish()
        return True


@dataclass(frozen=True, slots=True)
class DoDeed(Generic[K]):
    """Does deeds to records of one kind; `kind` is what the audit calls them."""

    kind: str
    store: DeedStore[K]
    record: RecordAct
    then: Callable[[], object]

    def __call__(self, deed: Deed[K], *, purpose: str, details: dict[str, str] | None = None) -> K:
        """Audit, commit, publish; raises Conflict when somebody else's deed came first."""
        subject = f"{self.kind}/{deed.after.id}"
        details = {"version": str(deed.after.version), **(details or {})}
        self.record(Act(deed.by, purpose, f"{self.kind}_{deed.name}", subject, deed.at_utc, details))
        self.store.commit(deed)
        self.then()
        return deed.after
