"""From a frame in S3 to what follows from it: the near-real-time path, once for each frame however often delivered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.cameras import CameraState, finished_traffic, is_frozen, next_heartbeat
from chalicelib.domain.city import Camera, CameraProfile, CityPack
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.identity import with_burst
from chalicelib.domain.observations import Observation
from chalicelib.domain.scene_reference import excesses, learn_quiet
from chalicelib.domain.signals import Reading, read_signals, scheduled
from chalicelib.domain.stillness import with_stillness
from chalicelib.domain.stopped import remember
from chalicelib.domain.street_signals import with_street
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

    @property
    def typical_logits(self) -> Mapping[str, float]:
        """What an ordinary street scores, by scene kind."""

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

    def __call__(self, frame: FrameRef, *, before: Observation | None = None, leads: bool = False) -> Observation:
        """Analyse one frame; raises FrameRejected when it never can be, Transient when it can't be now.

        `before` is what the frame before it in a burst showed. One that `leads` a burst leaves the heartbeat to those
        that follow: they know who stands.
        """
        pack = self.pack()
        camera = self._admit(frame, pack)
        state = self.cameras.load(camera.id)
        local = pack.local_time(frame.captured_at_utc)
        profile = scheduled(pack.profile(camera), local)
        search = self.face_search(frame) if profile.faces else None
        seen = self.analyser.observe(
            frame, self.frames.read(frame), profile=profile, previous_fingerprint=state.fingerprint, search=search
        )
        identified = with_burst(seen, before, search.burst) if search and search.burst else seen
        observation = with_stillness(identified, before, profile)
        scenes = read_signals(
            observation,
            pack=pack,
            profile=profile,
            defaults=self.analyser.thresholds,
            frozen=is_frozen(state.heartbeat, observation),
            excess=excesses(state.normal, local=local, typical_logits=self.analyser.typical_logits),
        )
        reading = with_street(scenes, observation, profile, places=state.places, local=local)
        self.follow(Sight(camera, pack, observation, reading), state.trackers)
        if not leads:
            self._beat(observation, reading, state, profile=profile, local=local)
        return observation

    def _admit(self, frame: FrameRef, pack: CityPack) -> Camera:
        camera = pack.camera(frame.camera_id)
        if camera is None:
            raise FrameRejected("unknown_camera", repr(frame.camera_id))
        if frame.captured_at_utc > self.clock() + CLOCK_SKEW:
            raise FrameRejected("captured_in_future", frame.captured_at_utc.isoformat())
        return camera

    def _beat(
        self, observation: Observation, reading: Reading, state: CameraState, *, profile: CameraProfile, local: datetime
    ) -> None:
        """The frame that is remembered also teaches what is normal on this street, and which vehicles stay in it."""
        heartbeat = next_heartbeat(state.heartbeat, observation)
        if heartbeat is None:
            return
        quiet = reading.quiet(state.trackers)
        normal = learn_quiet(heartbeat.normal, observation.scene_scores, local=local, quiet=quiet)
        finished = finished_traffic(state.heartbeat, heartbeat)
        if finished is not None:
            self.cameras.keep_traffic(finished)
        places = remember(state.places, observation, profile)
        self.cameras.beat(replace(heartbeat, normal=normal, places=places))
