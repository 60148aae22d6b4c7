"""How often the system was right, from what people decided: the accuracy that is published, and no other.

Of what was alerted: how much people found to be nothing. Of candidates: how many they confirmed. By kind, area or
camera, so that a group that fares worse is seen. Candidates are erased within a day, so theirs comes from the audit.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.incidents import Incident, Reason
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.lifecycle import Status


class Verdict(StrEnum):
    """What people made of an incident; `other`: nobody decided yet, or it was planned, a duplicate, an exercise."""

    CONFIRMED = "confirmed"
    FALSE = "false"
    LAPSED = "lapsed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the incidents of one group ended."""

    group: str
    opened: int
    confirmed: int
    false: int
    lapsed: int
    other: int

    @property
    def false_share(self) -> float | None:
        """The share of false ones among those that people decided on; None where they decided on none."""
        decided = self.confirmed + self.false
        return self.false / decided if decided else None


def tally(verdicts: Iterable[tuple[str, Verdict]]) -> tuple[Outcome, ...]:
    """The outcomes of each group, by its name."""
    counted: dict[str, Counter[Verdict]] = {}
    for group, verdict in verdicts:
        counted.setdefault(group, Counter())[verdict] += 1
    return tuple(
        Outcome(group, counts.total(), **{verdict.value: counts[verdict] for verdict in Verdict})
        for group, counts in sorted(counted.items())
    )


def verdict_of(incident: Incident) -> Verdict:
    """What people made of an incident."""
    handling = incident.handling
    if handling.dismissed_because is Reason.LAPSED:
        return Verdict.LAPSED
    if handling.dismissed_because is Reason.FALSE_ALARM or any(not one.confirmed for one in handling.reviews):
        return Verdict.FALSE
    if handling.dismissed_because is not None or incident.is_live:
        return Verdict.OTHER
    return Verdict.CONFIRMED if incident.status is Status.RESOLVED else Verdict.OTHER


def told_of_erased(incident: Incident) -> dict[str, str]:
    """What the audit keeps of an incident that is erased: enough to count it by, and nobody."""
    return {
        "kind": incident.kind,
        "camera": incident.camera_ids[0],
        "area": incident.place.area_id,
        "list": incident.label if incident.kind == WATCHLIST_CANDIDATE else "",
        "status": incident.status.value,
        "because": str(incident.handling.dismissed_because or ""),
        "score": f"{max((one.score for one in incident.evidence), default=0.0):.3f}",
    }


def verdict_of_erased(because: str) -> Verdict:
    """What people had made of a candidate that is erased, from the reason that the audit kept."""
    if because == Reason.LAPSED.value:
        return Verdict.LAPSED
    return Verdict.FALSE if because else Verdict.OTHER
