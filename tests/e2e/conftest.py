"""A city that is told what its frames show, so that the chain around the models can be judged to the letter."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chalicelib.domain.city import CameraProfile
from chalicelib.domain.frames import FrameRef, frame_key
from chalicelib.domain.kinds import SCENE_KINDS
from chalicelib.domain.observations import CameraHealth, Observation
from chalicelib.errors import FrameRejected, Transient

START_UTC = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_END_OF_JPEG = b"\xff\xd9"
TESTVILLE = Path(__file__).parent.parent.parent / "city" / "testville"


@dataclass(frozen=True)
class ScriptedAnalyser:
    """Reads off a frame's bytes: kinds, `dark`, `broken` for no picture, `stuck` for a failure that lasts.

    A real picture says it behind its end, where no decoder looks.
    """

    thresholds: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(SCENE_KINDS, 0.5))
    typical_logits: Mapping[str, float] = field(default_factory=dict)

    def observe(
        self,
        frame: FrameRef,
        data: bytes,
        *,
        profile: CameraProfile,
        previous_fingerprint: bytes | None,
        search: object,
    ) -> Observation:
        shown = data.rpartition(_END_OF_JPEG)[2].decode().split()
        if "broken" in shown:
            raise FrameRejected("not_an_image")
        if "stuck" in shown:
            raise Transient("the disk is full")
        scores = {kind: 0.9 if kind in shown else 0.1 for kind in profile.scenes}
        health = CameraHealth({"dark": float("dark" in shown)}, hashlib.sha256(data).digest()[:8])
        return Observation(frame, hashlib.sha256(data).hexdigest(), (640, 480), health, scores)


def key_at(camera_id: str, number: int, *, spacing_s: float = 10) -> str:
    """The key of a camera's frame number `number`."""
    return frame_key(camera_id, START_UTC + timedelta(seconds=number * spacing_s), number)
