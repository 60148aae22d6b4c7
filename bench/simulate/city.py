"""A simulated hour through the real flows: frames with all the disorder of queues, officers, sweeps and alerts."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from bench.simulate.script import Happening, Script
from bench.simulate.sights import ScriptedSights
from bench.simulate.usage import Bill, MeteredBus, MeteredCameras, MeteredIncidents
from chalicelib.domain.city import CityPack, Window
from chalicelib.domain.frames import FrameRef, frame_key
from chalicelib.domain.handled import Command
from chalicelib.domain.incidents import Incident, TimelineEvent
from chalicelib.domain.judging import version_for
from chalicelib.domain.lifecycle import Action, Status
from chalicelib.domain.windows import EXERCISE
from chalicelib.flows.analyse_frame import AnalyseFrame
from chalicelib.flows.command_incident import CommandIncident
from chalicelib.flows.follow_sightings import FollowSightings
from chalicelib.flows.notice_silence import NoticeSilence
from chalicelib.flows.publish_alert import PublishAlert
from chalicelib.flows.sweep import Sweep
from chalicelib.flows.take_frames import TakeFrames
from chalicelib.store.fakes import FakeFrameStore, FakeRejectionLog
from local.ledger import CollectingLedger

TWICE, LATE, TOLD_TWICE = 0.02, 0.01, 0.05
"""How often the queue delivers a frame twice or a round late, and the stream an event twice."""
OFFICERS = ("lan", "minh")


class Frames(FakeFrameStore):
    """Whatever is asked for is there: the script knows what it shows."""

    def read(self, frame: FrameRef) -> bytes:  # noqa: ARG002  # all are alike
        return b"scripted"


def with_drills(pack: CityPack, script: Script) -> CityPack:
    """The city with a window for each of the script's drills."""
    drills = (
        Window(f"drill-{number}", EXERCISE, "drill", script.start_utc, script.until_utc, cameras=one.camera_ids)
        for number, one in enumerate(one for one in script.happenings if one.exercise)
    )
    return replace(pack, windows=(*pack.windows, *drills))


@dataclass
class SimulatedCity:
    """Everything from a frame to its alerts, on the stores that the contract tests hold to AWS.

    `in_order` leaves the queues' disorder and the officers out, for a run to compare with.
    """

    pack: CityPack
    script: Script
    seed: int
    in_order: bool = False
    now_utc: datetime = field(init=False)
    bill: Bill = field(default_factory=Counter)
    put: int = 0

    def __post_init__(self) -> None:
        self.now_utc = self.script.start_utc
        self.dice = Random(self.seed)  # noqa: S311  # disorder, not a secret
        self.ledger, self.rejections = CollectingLedger(), FakeRejectionLog()
        self.cameras = MeteredCameras(bill=self.bill)
        self.incidents = MeteredIncidents(self.cameras, bill=self.bill)
        self.bus = MeteredBus(bill=self.bill)
        follow = FollowSightings(self.cameras, self.incidents, self.clock)
        analyse = AnalyseFrame(
            Frames(), self.cameras, follow, ScriptedSights(self.script), self.current, lambda _: None, self.clock
        )
        self.take = TakeFrames(analyse, Frames(), self.rejections, self.ledger, self.clock)
        self.command = CommandIncident(self.incidents, self.current, self.clock)
        self.publish = PublishAlert(self.bus, self.current, self.clock, lambda _: None, lambda _: None)
        silence = NoticeSilence(self.cameras, self.incidents, self.current, self.clock)
        self.sweep = Sweep(self.cameras, self.incidents, follow, silence, self.current, self.clock, _raise)

    def clock(self) -> datetime:
        return self.now_utc

    def current(self) -> CityPack:
        return self.pack

    def run(self, on_minute: Callable[[], None]) -> None:
        """The whole hour, a sweep a minute."""
        held: list[str] = []
        for round_utc in self.script.rounds():
            taken = self._taken(round_utc)
            self.put += len(taken)
            delivered = [key for key in held + taken if not self._is_held(key, round_utc)]
            held = [key for key in held + taken if self._is_held(key, round_utc)]
            late = [key for key in delivered if self._happens(LATE)]
            self._deliver([key for key in delivered if key not in set(late)], round_utc)
            held += late
            if not self.in_order:
                self._answer()
            self._tell()
            if round_utc.second < self.script.cadence_s:
                self.sweep()
                self._tell()
                on_minute()
        self._deliver(held, self.script.until_utc)
        self._tell()

    def _taken(self, round_utc: datetime) -> list[str]:
        number = int((round_utc - self.script.start_utc).total_seconds() // self.script.cadence_s)
        return [frame_key(camera.id, round_utc, number) for camera in self.pack.cameras]

    def _is_held(self, key: str, now_utc: datetime) -> bool:
        """Whether the frame's link is down."""
        camera_id = key.split("/")[1]
        return any(
            one.camera_id == camera_id and one.from_utc <= now_utc < one.until_utc for one in self.script.silences
        )

    def _deliver(self, keys: list[str], now_utc: datetime) -> None:
        self.now_utc = now_utc
        order = keys + [key for key in keys if self._happens(TWICE)]
        if not self.in_order:
            self.dice.shuffle(order)
        for number, key in enumerate(order):
            self.take(f"{now_utc:%H%M%S}-{number}", _notification(key))
        self.bill.update(s3_put=len(keys), s3_get=len(order), sqs_request=3 * len(order), lambda_request=len(order))

    def _tell(self) -> None:
        """What the stream does: every event at least once, some twice."""
        events, self.incidents.stream = self.incidents.stream, []
        for event in events:
            for _ in range(1 + self._happens(TOLD_TWICE)):
                self.publish(event)

    def _happens(self, probability: float) -> bool:
        return not self.in_order and self.dice.random() < probability

    def _answer(self) -> None:
        """Officers take what they are to take, when they are to take it."""
        for incident in tuple(self.incidents.incidents.values()):
            happening = self.happening(incident)
            if happening is None or happening.answered_after_s is None:
                continue
            if (self.now_utc - incident.opened_at_utc).total_seconds() >= happening.answered_after_s:
                self._take_on(incident)

    def _take_on(self, incident: Incident) -> None:
        if incident.status is Status.AWAITING_CONFIRMATION:
            for officer in OFFICERS:
                incident = self._ask(incident, Action.CONFIRM, officer)
        if incident.status is Status.OPEN:
            self._ask(incident, Action.ACKNOWLEDGE, OFFICERS[0])

    def _ask(self, incident: Incident, action: Action, by: str) -> Incident:
        """Whoever judges a candidate sees a version of their own, which tells nothing of the others' word."""
        version = version_for(incident, by)
        return self.command(incident.id, Command(action, by, version, f"{action}-{version}"))

    def happening(self, incident: Incident) -> Happening | None:
        """What an incident is of, by its kind, its camera and its time."""
        return next((one for one in self.script.happenings if _is_of(incident, one)), None)

    def timeline(self, incident: Incident) -> tuple[TimelineEvent, ...]:
        return self.incidents.timeline(incident.id)


def _raise(_: str, error: Exception) -> None:
    raise error


def _is_of(incident: Incident, happening: Happening) -> bool:
    same = incident.kind == happening.kind and set(incident.camera_ids) <= set(happening.camera_ids)
    return same and happening.from_utc <= incident.first_seen_utc < happening.until_utc and not incident.children


def _notification(key: str) -> str:
    return json.dumps({"Records": [{"eventName": "ObjectCreated:Put", "s3": {"object": {"key": key, "size": 1}}}]})
