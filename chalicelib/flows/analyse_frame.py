"""From a frame in S3 to what follows from it: the near-real-time path, once for each frame however often delivered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from chalicelib.domain.cameras import CameraState, finished_traffic, is_frozen, next_heartbeat
from chalicelib.domain.city import Camera, CameraProfile, CityPack
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.observations import Observation
from chalicelib.domain.signals import read_signals, scheduled
from chalicelib.errors import FrameRejected
from chalicelib.flows.follow_sightings import FollowSightings, Sight
from chalicelib.store.ports import CameraStore, Clock, FrameStore
from chalicelib.vision.observe import FaceSearch

CLOCK_SKEW = timedelta(minutes=5)
"""How far a camera's clock may run ahead before its frames are refused."""


class Analyser(Protocol):
    """Sees what a frame shows; chalicelib.vision.observe.Analyser, or a script in tests."""

    @property
    def thresholds(self) -> Mapping[str, float]:
        """The calibrated default threshold of each scene kind."""

    def observe(
        self,
        frame: FrameRef,
        data: bytes,
        *,
        profile: CameraProfile,
        previous_fingerprint: bytes | None,
        search: FaceSearch | None,
    ) -> Observation:
        """All that a frame shows; raises FrameRejected when it is no picture."""


@dataclass(frozen=True, slots=True)
class AnalyseFrame:
    """Reads a frame, looks at it and follows what it shows. A quiet frame writes at most a heartbeat."""

    frames: FrameStore
    cameras: CameraStore
    follow: FollowSightings
    analyser: Analyser
    pack: Callable[[], CityPack]
    face_search: Callable[[FrameRef], FaceSearch | None]
    clock: Clock

    def __call__(self, frame: FrameRef) -> Observation:
        """Analyse one frame; raises FrameRejected when it never can be, Transient when it can't be now."""
        pack = self.pack()
        camera = self._admit(frame, pack)
        state = self.cameras.load(camera.id)
        profile = scheduled(pack.profile(camera), pack.local_time(frame.captured_at_utc))
        observation = self.analyser.observe(
            frame,
            self.frames.read(frame),
            profile=profile,
            previous_fingerprint=state.fingerprint,
            search=self.face_search(frame) if profile.faces else None,
        )
        reading = read_signals(
            observation,
            pack=pack,
            profile=profile,
            defaults=self.analyser.thresholds,
            frozen=is_frozen(state.heartbeat, observation),
        )
        self.follow(Sight(camera, pack, observation, reading), state.trackers)
        self._beat(observation, state)
        return observation

    def _admit(self, frame: FrameRef, pack: CityPack) -> Camera:
        camera = pack.camera(frame.camera_id)
        if camera is None:
            raise FrameRejected("unknown_camera", repr(frame.camera_id))
        if frame.captured_at_utc > self.clock() + CLOCK_SKEW:
            raise FrameRejected("captured_in_future", frame.captured_at_utc.isoformat())
        return camera

    def _beat(self, observation: Observation, state: CameraState) -> None:
        heartbeat = next_heartbeat(state.heartbeat, observation)
        if heartbeat is None:
            return
        finished = finished_traffic(state.heartbeat, heartbeat)
        if finished is not None:
            self.cameras.keep_traffic(finished)
        self.cameras.beat(heartbeat)
