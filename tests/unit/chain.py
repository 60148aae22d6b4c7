"""The chain in memory for tests: real rules and flows, fakes for AWS, and an analyser that reads from a script."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chalicelib.domain.city import CameraProfile, CityPack
from chalicelib.domain.frames import FrameRef, frame_key
from chalicelib.domain.incidents import Incident, TimelineEvent
from chalicelib.domain.observations import CameraHealth, FaceCandidate, FaceReading, Observation
from chalicelib.flows.analyse_frame import AnalyseFrame
from chalicelib.flows.command_incident import CommandIncident
from chalicelib.flows.follow_sightings import FollowSightings
from chalicelib.flows.notice_silence import NoticeSilence
from chalicelib.flows.publish_alert import PublishAlert
from chalicelib.flows.sweep import Sweep
from chalicelib.store.fakes import FakeAlertBus, FakeCameraStore, FakeFrameStore, FakeIncidentStore
from chalicelib.vision.observe import FaceSearch
from tests.unit.happenings import PACK

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
TESTVILLE = Path(__file__).parents[2] / "city" / "testville"


@dataclass
class ScriptedAnalyser:
    """Sees in a frame what its bytes say: `flood`, `dark`, `face:entry-1` (`@` its list), or nothing."""

    thresholds: Mapping[str, float] = field(default_factory=lambda: {"flood": 0.5, "fire_smoke": 0.5})
    typical_logits: Mapping[str, float] = field(default_factory=dict)

    def observe(
        self,
        frame: FrameRef,
        data: bytes,
        *,
        profile: CameraProfile,
        previous_fingerprint: bytes | None,
        search: FaceSearch | None,
    ) -> Observation:
        script = data.decode()
        scenes = {kind: 1.0 if kind in script else 0.0 for kind in self.thresholds}
        entry, _, category = script.partition("face:")[2].partition("@")
        candidates = (FaceCandidate(entry, 0.8, (0, 0, 50, 50), category),) if entry else ()
        health = CameraHealth({"dark": 1.0 if "dark" in script else 0.0}, data[:8])
        return Observation(
            frame, "00", (640, 480), health, scene_scores=scenes, faces=FaceReading(len(candidates), {}, candidates)
        )


class Chain:
    """Everything from a frame to its alerts."""

    def __init__(self) -> None:
        self.now = START
        self.pack: CityPack = PACK
        self.frames = FakeFrameStore()
        self.cameras = FakeCameraStore()
        self.store = FakeIncidentStore(self.cameras)
        self.bus = FakeAlertBus()
        follow = FollowSightings(self.cameras, self.store, self.clock)
        self.analyse = AnalyseFrame(
            self.frames, self.cameras, follow, ScriptedAnalyser(), lambda: self.pack, lambda _: None, self.clock
        )
        self.unrouted: list[TimelineEvent] = []
        self.unanswered: list[TimelineEvent] = []
        self.publish = PublishAlert(
            self.bus, lambda: self.pack, self.clock, self.unrouted.append, self.unanswered.append
        )
        silence = NoticeSilence(self.cameras, self.store, lambda: self.pack, self.clock)
        self.unswept: list[str] = []
        self.sweep = Sweep(
            self.cameras,
            self.store,
            follow,
            silence,
            lambda: self.pack,
            self.clock,
            lambda name, _: self.unswept.append(name),
        )
        self.command = CommandIncident(self.store, lambda: self.pack, self.clock)

    def leave_health_alone(self) -> None:
        """For tests in which cameras may be silent for hours."""
        self.pack = replace(self.pack, profiles=tuple(replace(one, health=False) for one in self.pack.profiles))

    def clock(self) -> datetime:
        return self.now

    def put(self, at_s: float, script: str = "", *, camera_id: str = "tv-1", sequence: int = 0) -> FrameRef:
        """Store a frame and return its reference; the clock stands no earlier than its capture."""
        at = START + timedelta(seconds=at_s)
        self.now = max(self.now, at)
        key = frame_key(camera_id, at, sequence)
        self.frames.frames[key] = script.encode()
        return FrameRef(camera_id, at, sequence, key, len(script))

    def deliver(self, *frames: FrameRef) -> None:
        for frame in frames:
            self.analyse(frame)

    @property
    def incidents(self) -> tuple[Incident, ...]:
        return self.store.newest()

    @property
    def events(self) -> tuple[TimelineEvent, ...]:
        return tuple(event for incident in self.incidents for event in self.store.timeline(incident.id))

    def publish_all(self) -> None:
        for event in self.events:
            self.publish(event)
