"""An alert: what a timeline event means to the units, once, for every form that it goes out in.

It is a contract: its fields are the `data` of the CloudEvent as they stand, and docs/alert.schema.json is made from
their types. An incident may change inside; this changes with a new schema version. It names frames by key and digest:
no image, nothing biometric.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.alerts.words import EXERCISE, LABELS, MEANINGS, AlertType, Words, verb
from chalicelib.domain.city import EVERYWHERE, CityPack, KindPolicy, Unit
from chalicelib.domain.doubts import Doubt
from chalicelib.domain.incidents import Incident, Reason, TimelineEvent
from chalicelib.domain.lifecycle import Status
from chalicelib.errors import NotFound

DRILL = "drill/"


@dataclass(frozen=True, slots=True)
class City:
    """Whose incident it is; `timezone` by its IANA name."""

    id: str
    name: Words
    timezone: str


@dataclass(frozen=True, slots=True)
class Area:
    """The jurisdiction as in force then; the whole city is `*`."""

    id: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Location:
    """WGS 84 degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the kind's procedure."""

    id: str
    name: Words
    done: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that shows it, by key and SHA-256."""

    frame: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Previous:
    """The alert that this one takes the place of."""

    id: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Links:
    """Paths under the API: the incident, and this alert in the forms that SNS doesn't carry."""

    incident: str
    cap: str
    ngsi_ld: str


@dataclass(frozen=True, slots=True)
class Hops:
    """When it passed each station: seen, opened, decided (this alert), taken on, ended, and handed to SNS."""

    first_captured_at: datetime
    last_captured_at: datetime
    opened_at: datetime
    decided_at: datetime
    acknowledged_at: datetime | None
    ended_at: datetime | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Alert:
    """One message to the units; `id` is the same however often it is sent.

    `event` is the timeline's own word. `cameras` and `camera_names`, `units`, `unit_names` and `routed_because` go in
    step. `extent` is the share of the picture it fills, `doubts` say why to look twice. `due_at` is when the clock has
    a say next, so another alert comes by then. `entry` names the watchlist entry of a confirmed candidate, for the
    units alone: no form but the CloudEvent has it.
    """

    id: str
    incident: str
    sequence: int
    previous: Previous | None
    type: AlertType
    event: str
    exercise: bool
    city: City
    kind: str
    kind_name: Words
    label: str
    label_name: Words
    severity: str
    status: Status
    dismissed_because: Reason | None
    headline: Words
    cameras: tuple[str, ...]
    camera_names: tuple[str, ...]
    area: Area
    location: Location
    extent: float
    doubts: tuple[Doubt, ...]
    parent: str | None
    children: int
    level: int
    due_at: datetime | None
    units: tuple[str, ...]
    unit_names: tuple[Words, ...]
    routed_because: tuple[str, ...]
    checklist: tuple[Step, ...]
    evidence: tuple[Frame, ...]
    entry: str
    links: Links
    hops: Hops

    @property
    def audience(self) -> tuple[str, ...]:
        """Whom subscriptions must listen for: the units, in an exercise only those of them that take part in drills."""
        return tuple(f"{DRILL}{unit}" for unit in self.units) if self.exercise else self.units

    @property
    def is_everywhere(self) -> bool:
        """Whether it stands for many all over the city, so that no spot is its place."""
        return self.area.id == EVERYWHERE


def alert_of(event: TimelineEvent, pack: CityPack, *, published_at_utc: datetime | None = None) -> Alert:
    """What an event means to the units, in the words of the pack, or by ids where it has forgotten them meanwhile.

    Raises NotFound for one that nobody is told of.
    """
    if not event.is_told:
        raise NotFound(f"nobody was told of {event.id!r}: there is no alert of it")
    incident, policy = event.incident, _policy(event.incident, pack)
    return Alert(
        id=event.id,
        incident=incident.id,
        sequence=event.number,
        previous=_previous(event),
        type=MEANINGS[event.type][0],
        event=event.type.value,
        exercise=incident.exercise,
        city=City(pack.id, Words(pack.name_vi, pack.name_en), pack.timezone),
        kind=incident.kind,
        kind_name=Words(policy.name_vi, policy.name_en),
        label=incident.label,
        label_name=_label_name(incident.label, pack),
        severity=incident.severity,
        status=incident.status,
        dismissed_because=incident.handling.dismissed_because,
        headline=_headline(event, policy, pack),
        cameras=incident.camera_ids,
        camera_names=_camera_names(incident, pack),
        area=_area(incident, pack),
        location=Location(incident.place.latitude, incident.place.longitude),
        extent=incident.extent,
        doubts=incident.doubts,
        parent=incident.parent_id,
        children=len(incident.children),
        level=incident.handling.level,
        due_at=incident.due_utc,
        units=incident.routed.units,
        unit_names=tuple(_unit_names(incident.routed.units, pack)),
        routed_because=incident.routed.reasons,
        checklist=_checklist(incident, policy),
        evidence=tuple(Frame(one.frame_key, one.sha256) for one in incident.evidence),
        entry=incident.subject,
        links=_links(event),
        hops=_hops(event, published_at_utc),
    )


def listens_for(unit: Unit) -> tuple[str, ...]:
    """What a unit's subscription filters `units` on: its id, and that of drills if it takes part in them."""
    return (unit.id, f"{DRILL}{unit.id}") if unit.drills else (unit.id,)


def _previous(event: TimelineEvent) -> Previous | None:
    told = event.replaces
    return Previous(f"{event.incident.id}/{told.number}", told.at_utc) if told else None


def _policy(incident: Incident, pack: CityPack) -> KindPolicy:
    """What the pack says of its kind: a live incident keeps the kind in the pack, but not what is still to be told."""
    unknown = KindPolicy(incident.kind, incident.kind, incident.kind, incident.severity)
    return next((one for one in pack.kinds if one.kind == incident.kind), unknown)


def _label_name(label: str, pack: CityPack) -> Words:
    """A list's name in the pack, or a fault's or vehicle's word."""
    lists = {one.id: Words(one.name_vi, one.name_en) for one in pack.categories}
    return lists.get(label) or LABELS.get(label) or Words(label, label)


def _headline(event: TimelineEvent, policy: KindPolicy, pack: CityPack) -> Words:
    incident, what, spot = event.incident, verb(event), _spot(event.incident, pack)
    vi, en = f"{what.vi}: {policy.name_vi} - {spot.vi}", f"{what.en}: {policy.name_en} - {spot.en}"
    return Words(f"[{EXERCISE.vi}] {vi}", f"[{EXERCISE.en}] {en}") if incident.exercise else Words(vi, en)


def _spot(incident: Incident, pack: CityPack) -> Words:
    """Where people have to go: the first camera and how many more, or how many places all over the city."""
    if incident.children:
        many = len(incident.children)
        return Words(f"{many} điểm, {pack.name_vi}", f"{many} places, {pack.name_en}")
    first, *more = _camera_names(incident, pack)
    spot = f"{first}{f' +{len(more)}' if more else ''}, {incident.place.area_name}"
    return Words(spot, spot)


def _camera_names(incident: Incident, pack: CityPack) -> tuple[str, ...]:
    known = map(pack.camera, incident.camera_ids)
    return tuple(one.name if one else camera_id for one, camera_id in zip(known, incident.camera_ids, strict=True))


def _unit_names(unit_ids: Iterable[str], pack: CityPack) -> Iterable[Words]:
    known = {unit.id: Words(unit.name_vi, unit.name_en) for unit in pack.units}
    return (known.get(unit_id, Words(unit_id, unit_id)) for unit_id in unit_ids)


def _area(incident: Incident, pack: CityPack) -> Area:
    place = incident.place
    code = next((area.code for area in pack.areas if area.id == place.area_id), place.area_id)
    return Area(place.area_id, code, place.area_name)


def _checklist(incident: Incident, policy: KindPolicy) -> tuple[Step, ...]:
    done = {check.step for check in incident.handling.checks}
    return tuple(Step(one.id, Words(one.name_vi, one.name_en), one.id in done) for one in policy.checklist)


def _links(event: TimelineEvent) -> Links:
    incident = f"/incidents/{event.incident.id}"
    alert = f"{incident}/alerts/{event.number}"
    return Links(incident, f"{alert}/cap", f"{alert}/ngsi-ld")


def _hops(event: TimelineEvent, published_at_utc: datetime | None) -> Hops:
    incident = event.incident
    return Hops(
        first_captured_at=incident.first_seen_utc,
        last_captured_at=incident.last_seen_utc,
        opened_at=incident.opened_at_utc,
        decided_at=event.at_utc,
        acknowledged_at=incident.handling.acknowledged_at_utc,
        ended_at=incident.handling.ended_at_utc,
        published_at=published_at_utc,
    )
