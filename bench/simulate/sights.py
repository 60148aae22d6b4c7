"""What cameras show by the script: observations in place of inference, with the noise that no city is without."""

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bench.simulate.script import Happening, Script
from chalicelib.domain.city import CameraProfile
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.kinds import CAMERA_FAULT, SCENE_KINDS, WATCHLIST_CANDIDATE
from chalicelib.domain.observations import CameraHealth, FaceCandidate, FaceReading, Observation, TrafficReading

SEEN, NOT_SEEN, THRESHOLD = 0.9, 0.1, 0.5
FLICKER_EVERY = 150
"""One frame in so many of every camera cries wolf, which the rule of three in five must bear."""


@dataclass(frozen=True)
class ScriptedSights:
    """An Analyser that looks into the script and not at the picture."""

    script: Script
    thresholds: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(SCENE_KINDS, THRESHOLD))
    typical_logits: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        by_camera: dict[str, list[Happening]] = {}
        for one in self.script.happenings:
            for camera_id in one.camera_ids:
                by_camera.setdefault(camera_id, []).append(one)
        object.__setattr__(self, "_by_camera", by_camera)

    def observe(
        self,
        frame: FrameRef,
        data: bytes,
        *,
        profile: CameraProfile,
        previous_fingerprint: bytes | None,  # noqa: ARG002  # nothing freezes here
        search: object,  # noqa: ARG002  # and nobody is looked for
    ) -> Observation:
        shown = self.shown(frame.camera_id, frame.captured_at_utc)
        kinds = {one.kind for one in shown} | self._noise(frame, profile)
        scores = {kind: SEEN if kind in kinds else NOT_SEEN for kind in profile.scenes}
        mark = hashlib.sha256(frame.key.encode()).digest()
        return Observation(
            frame,
            hashlib.sha256(data).hexdigest(),
            (1280, 720),
            CameraHealth({"covered": SEEN if CAMERA_FAULT in kinds else 0.0}, mark[:8]),
            scores,
            traffic=TrafficReading({"motorcycle": 5}, 0.2) if profile.vehicles else None,
            faces=_faces(shown) if profile.faces else None,
        )

    def shown(self, camera_id: str, at_utc: datetime) -> list[Happening]:
        """What happens before a camera at an instant."""
        mine: Mapping[str, list[Happening]] = self._by_camera  # type: ignore[attr-defined]
        return [one for one in mine.get(camera_id, ()) if one.shows(camera_id, at_utc)]

    def _noise(self, frame: FrameRef, profile: CameraProfile) -> set[str]:
        beat = int(frame.captured_at_utc.timestamp() // self.script.cadence_s)
        flickers = (beat + zlib.crc32(frame.camera_id.encode())) % FLICKER_EVERY == 0
        return {profile.scenes[beat // FLICKER_EVERY % len(profile.scenes)]} if flickers and profile.scenes else set()


def _faces(shown: list[Happening]) -> FaceReading:
    wanted = [one.subject for one in shown if one.kind == WATCHLIST_CANDIDATE]
    return FaceReading(len(wanted), {}, tuple(FaceCandidate(entry, 0.8, (600, 300, 660, 380)) for entry in wanted))
