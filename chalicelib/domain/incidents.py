"""One real event over time, and the numbered changes that are its timeline and its outbox.

Whoever changes an incident gets a `Change`: the incident as it became and the event that says so. The store writes both
in one transaction, so neither exists without the other. What changes it is apart: frames (seen.py), people (handled.py)
and the clock (deadlines.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.doubts import Doubt
from chalicelib.domain.lifecycle import LIVE, Action, Status, next_status
from chalicelib.domain.observations import BoxRel, Hint


class EventType(StrEnum):
    OPENED = "opened"
    CONFIRMED = "confirmed"
    UPDATED = "updated"
    JOINED = "joined"
    ESCALATED = "escalated"
    UNANSWERED = "unanswered"
    ACKNOWLEDGED = "acknowledged"
    STARTED = "started"
    TRANSFERRED = "transferred"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    REOPENED = "reopened"
    LEFT = "left"
    GROUPED = "grouped"
    REVIEWED = "reviewed"
    ASSIGNED = "assigned"
    CHECKED = "checked"
    COMMENTED = "commented"


INTERNAL = frozenset(
    {EventType.LEFT, EventType.GROUPED, EventType.REVIEWED, EventType.ASSIGNED, EventType.CHECKED, EventType.COMMENTED}
)
"""What is in the timeline and alerts nobody."""


class Reason(StrEnum):
    """Why an incident was dismissed; `other` says it in text, `lapsed` is a candidate that nobody reviewed."""

    FALSE_ALARM = "false_alarm"
    DUPLICATE = "duplicate"
    EXERCISE = "exercise"
    PLANNED_WORKS = "planned_works"
    OTHER = "other"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is and whose that is: an area as in force then, and WGS 84 degrees."""

    area_id: str
    area_name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Routed:
    """The units it was sent to, and in plain words why."""

    units: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A frame that shows it: enough to fetch the very bytes and judge them again.

    `excess` is what the camera's normal had taken off the logit of `score`, `heat` where in the view it was, `hints`
    what a candidate's face wears.
    """

    frame_key: str
    sha256: str
    captured_at_utc: datetime
    score: float
    box_rel: BoxRel | None = field(default=None, kw_only=True)
    excess: float = 0.0
    heat: str = ""
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the decision rests on: the digests of the models that ran and the version of the city pack."""

    model_digests: Mapping[str, str]
    config_version: str


@dataclass(frozen=True, slots=True)
class Review:
    """One person's word on a candidate."""

    by: str
    at_utc: datetime
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A step of the procedure that somebody ticked off."""

    step: str
    by: str
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class Handling:
    """What people did about it and when. `level` counts the steps of escalation that were taken."""

    acknowledged_by: str = ""
    acknowledged_at_utc: datetime | None = None
    assignee: str = ""
    ended_at_utc: datetime | None = None
    dismissed_because: Reason | None = None
    level: int = 0
    reviews: tuple[Review, ...] = ()
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """The number and time of an event that went out to the units."""

    number: int
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class Incident:
    """One real event. `version` is the number of its last timeline event.

    `seen_by` is what still sees it, of all the `camera_ids` that ever did (of a parent: the incidents that go on, of
    `children`). `doubts` are those that no look has dispelled yet. `due_utc` is when the clock has a say next; a live
    incident always has one. `last_told` is None as long as no unit has heard of it.
    """

    id: str
    kind: str
    subject: str
    label: str
    camera_ids: tuple[str, ...]
    seen_by: tuple[str, ...]
    place: Place
    severity: str
    extent: float
    status: Status
    routed: Routed
    evidence: tuple[Evidence, ...]
    provenance: Provenance
    first_seen_utc: datetime
    last_seen_utc: datetime
    opened_at_utc: datetime
    changed_at_utc: datetime
    due_utc: datetime | None
    version: int = 0
    exercise: bool = False
    parent_id: str | None = None
    children: tuple[str, ...] = ()
    handling: Handling = Handling()
    last_told: Told | None = None
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_live(self) -> bool:
        return self.status in LIVE


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """Change number `number` of an incident, with the incident as it became.

    `by` is who asked for it (empty: cameras or the clock), `key` the mark of that command, `replaces` the last event
    that the units had heard before.
    """

    number: int
    type: EventType
    at_utc: datetime
    incident: Incident
    by: str = ""
    text: str = ""
    key: str = ""
    replaces: Told | None = None

    @property
    def id(self) -> str:
        """The same wherever and however often the event is told."""
        return f"{self.incident.id}/{self.number}"

    @property
    def is_told(self) -> bool:
        """Whether the units hear of it: nothing internal, and nothing of what people have yet to confirm."""
        told = self.incident.last_told
        return told is not None and told.number == self.number


@dataclass(frozen=True, slots=True)
class Change:
    """An incident as it became and the event that says so."""

    incident: Incident
    event: TimelineEvent


def act(incident: Incident, action: Action) -> Incident:
    """The incident in the status that an action leads to; raises WrongState when it leads nowhere."""
    return replace(incident, status=next_status(incident.status, action))


def change(
    after: Incident, event_type: EventType, at_utc: datetime, *, by: str = "", text: str = "", key: str = ""
) -> Change:
    """Number a change. An incident that was never told stays untold until it is open.

    One person's word on a candidate moves it nowhere in a list: others are not to know that somebody spoke.
    """
    number, replaces = after.version + 1, after.last_told
    hushed = event_type in INTERNAL or (replaces is None and after.status is not Status.OPEN)
    told = replaces if hushed else Told(number, at_utc)
    moved_utc = after.changed_at_utc if event_type is EventType.REVIEWED else at_utc
    after = replace(after, version=number, changed_at_utc=moved_utc, last_told=told)
    return Change(after, TimelineEvent(number, event_type, at_utc, after, by, text, key, replaces))
