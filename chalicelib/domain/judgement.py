"""What a policy makes of recorded frames, and how another's judgement of the same frames differs.

Only what frames cause is judged: an escalation depends on people, and no one is there to acknowledge.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.incidents import Incident, TimelineEvent


@dataclass(frozen=True, slots=True)
class Judgement:
    """The incidents that there would have been, the first seen first, and everything that happened to them."""

    incidents: tuple[Incident, ...]
    events: tuple[TimelineEvent, ...]

    def alerts_by_unit(self) -> Mapping[str, int]:
        """How many alerts each unit would have got."""
        return Counter(unit for event in self.events if event.is_told for unit in event.incident.routed.units)


class Outcome(StrEnum):
    """What becomes of an incident under the proposed policy; one that is both goes by the first that fits."""

    OPENED = "opened"
    LOST = "lost"
    REROUTED = "re-routed"
    REGRADED = "other severity"
    SAME = "as before"


@dataclass(frozen=True, slots=True)
class Pair:
    """One event under both policies; None where a policy sees nothing in it."""

    today: Incident | None
    proposed: Incident | None

    @property
    def outcome(self) -> Outcome:
        if self.today is None or self.proposed is None:
            return Outcome.OPENED if self.today is None else Outcome.LOST
        if set(self.today.routed.units) != set(self.proposed.routed.units):
            return Outcome.REROUTED
        return Outcome.SAME if self.today.severity == self.proposed.severity else Outcome.REGRADED

    @property
    def incident(self) -> Incident:
        """Either, for what both have in common."""
        incident = self.proposed or self.today
        if incident is None:
            raise ValueError("a pair of no incidents")
        return incident


def compare(today: Judgement, proposed: Judgement) -> tuple[Pair, ...]:
    """Every incident of either with its counterpart: the same id, else the same kind and camera at the same time."""
    pairs, left = [], list(proposed.incidents)
    for one in today.incidents:
        other = _counterpart(one, left)
        if other is not None:
            left.remove(other)
        pairs.append(Pair(one, other))
    pairs += [Pair(None, one) for one in left]
    return tuple(sorted(pairs, key=lambda pair: (pair.incident.first_seen_utc, pair.incident.id)))


def _counterpart(one: Incident, others: list[Incident]) -> Incident | None:
    by_id = (other for other in others if other.id == one.id)
    return next(by_id, None) or next(_alike(one, others), None)


def _alike(one: Incident, others: list[Incident]) -> Iterator[Incident]:
    for other in others:
        same = (one.kind, one.subject) == (other.kind, other.subject) and set(one.camera_ids) & set(other.camera_ids)
        if same and one.first_seen_utc <= other.last_seen_utc and other.first_seen_utc <= one.last_seen_utc:
            yield other
