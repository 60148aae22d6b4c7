"""How long each class of data is kept, in one table: what the template expires and what the purge deletes follow it.

A legal hold beats every term here. S3 knows no hold: whoever places one keeps copies of the frames that it is about.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.deeds import Deed
from chalicelib.errors import InvalidInput, WrongState


class DataClass(StrEnum):
    FRAMES = "frames"
    EVIDENCE = "evidence"
    UNCONFIRMED = "unconfirmed"
    HELD = "held"
    INCIDENTS = "incidents"
    CANDIDATES = "candidates"
    PORTRAITS = "portraits"
    READINGS = "readings"
    RECORDED = "recorded"
    REPORTS = "reports"
    LEDGER = "ledger"
    AUDIT = "audit"
    ACCESS_LOGS = "access_logs"


@dataclass(frozen=True, slots=True)
class Term:
    """How long, from when, and why no longer and no shorter; `keep` None: as long as the deployment lives."""

    keep: timedelta | None
    counted_from: str
    why: str


RETENTION: dict[DataClass, Term] = {
    DataClass.FRAMES: Term(timedelta(days=3), "capture", "time to notice what was missed, and no archive of streets"),
    DataClass.EVIDENCE: Term(timedelta(days=180), "last change of the incident", "half a year to act on it or contest"),
    DataClass.UNCONFIRMED: Term(timedelta(days=1), "opening of the candidate", "two people can look at it in a day"),
    DataClass.HELD: Term(None, "end of the hold", "frames copied under a legal hold go when it is lifted"),
    DataClass.INCIDENTS: Term(timedelta(days=730), "last change", "two years show whether a street gets better"),
    DataClass.CANDIDATES: Term(timedelta(days=1), "last change", "a person who was not confirmed is not our affair"),
    DataClass.PORTRAITS: Term(timedelta(0), "end of the entry", "who is not searched for needs no portrait"),
    DataClass.READINGS: Term(timedelta(days=90), "reading", "a camera's state and traffic of a season"),
    DataClass.RECORDED: Term(timedelta(days=30), "run", "time to judge a proposed policy"),
    DataClass.REPORTS: Term(timedelta(days=800), "day", "a year against the one before"),
    DataClass.LEDGER: Term(None, "act", "whether somebody was listed must be answerable after everything else is gone"),
    DataClass.AUDIT: Term(timedelta(days=1826), "act", "five years, as long as a decision may be contested"),
    DataClass.ACCESS_LOGS: Term(timedelta(days=400), "request", "a year and the time to look"),
}


@dataclass(frozen=True, slots=True)
class Hold:
    """Somebody's order to keep what would be deleted: `subject` is `incident/<id>` or `entry/<id>`."""

    id: str
    subject: str
    reason: str
    placed_by: str
    placed_at_utc: datetime
    lifted_at_utc: datetime | None = None
    version: int = 0

    @property
    def is_current(self) -> bool:
        return self.lifted_at_utc is None

    @property
    def changed_at_utc(self) -> datetime:
        return self.lifted_at_utc or self.placed_at_utc


def kept(data_class: DataClass) -> timedelta | None:
    return RETENTION[data_class].keep


def is_due(data_class: DataClass, since_utc: datetime, at_utc: datetime, *, held: bool) -> bool:
    """Whether something must be gone by now; never while it is held."""
    keep = kept(data_class)
    return not held and keep is not None and at_utc - since_utc >= keep


def held_subjects(holds: Iterable[Hold]) -> frozenset[str]:
    """What is held at the moment."""
    return frozenset(hold.subject for hold in holds if hold.is_current)


def place_hold(hold: Hold) -> Deed[Hold]:
    """Put a hold in force; raises InvalidInput on a subject that can't be held."""
    kind, _, name = hold.subject.partition("/")
    if kind not in {"incident", "entry"} or not name:
        raise InvalidInput(f"a hold is on incident/<id> or entry/<id>, not on {hold.subject!r}")
    if not hold.reason:
        raise InvalidInput("a hold needs a reason")
    return Deed("placed", hold.placed_by, hold.placed_at_utc, _next(hold, None))


def lift_hold(hold: Hold, *, by: str, at_utc: datetime) -> Deed[Hold]:
    """End a hold; raises WrongState when it has ended."""
    if not hold.is_current:
        raise WrongState(f"hold {hold.id!r} was lifted before")
    return Deed("lifted", by, at_utc, _next(hold, at_utc))


def _next(hold: Hold, lifted_at_utc: datetime | None) -> Hold:
    return Hold(hold.id, hold.subject, hold.reason, hold.placed_by, hold.placed_at_utc, lifted_at_utc, hold.version + 1)
