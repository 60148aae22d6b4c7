"""How much a gate saves: recordings through gate and spool as on the box, but nothing uploaded."""

import math
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2

from .camera import CameraWorker
from .config import Bundling, Cadence, Camera, SpoolBounds, VideoSource
from .errors import SourceFailed
from .spool import Spool
from .streams import USUAL_FPS, Recording

NAMES = {".mp4", ".avi", ".mkv", ".mov"}
START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Savings:
    """One recording: its frames, how many were looked at, how many passed, in how many objects and bytes."""

    clip: str
    frames: int
    looks: int
    passed: int
    objects: int
    size_bytes: int
    fixed_cadence: int


def measure_folder(folder: Path, cadence: Cadence, bundling: Bundling) -> dict[str, Any]:
    """Every recording of a folder, and the sum; raises SourceFailed where there is none.

    `fewer_than_frames` is the share of requests saved against uploading every frame, `fewer_than_fixed_cadence`
    against uploading one every `burst_every_s` without a gate, which is what notices as soon.
    """
    clips = sorted(path for path in folder.glob("*") if path.suffix.lower() in NAMES)
    if not clips:
        raise SourceFailed(f"no recordings ({', '.join(sorted(NAMES))}) in {str(folder)!r}")
    savings = [measure_clip(clip, cadence, bundling) for clip in clips]
    return {"clips": [asdict(one) | _shares([one]) for one in savings], **_shares(savings)}


def measure_clip(clip: Path, cadence: Cadence, bundling: Bundling) -> Savings:
    """One recording through a gate; time is the recording's own, so the figures are the same on any machine."""
    source = VideoSource(kind="video", path=clip, starts_at=START)
    recording = Recording(source, cadence.look_every_s, lambda _: False)
    clock = _RecordingClock()
    with TemporaryDirectory() as folder, closing(Spool(SpoolBounds(folder=Path(folder)), bundling)) as spool:
        worker = CameraWorker(Camera(id="measured", source=source, cadence=cadence), recording, spool, clock)
        for picture in recording.pictures():
            clock.at_utc = picture.captured_at_utc
            worker.take(picture)
        load = spool.load()
    frames, length_s = _length(clip)
    fixed = math.ceil(length_s / cadence.burst_every_s)
    return Savings(clip.name, frames, worker.life.looks, load.frames, load.objects, load.size_bytes, fixed)


@dataclass(slots=True)
class _RecordingClock:
    at_utc: datetime = START

    def __call__(self) -> datetime:
        return self.at_utc


def _length(clip: Path) -> tuple[int, float]:
    """Frames and seconds."""
    capture = cv2.VideoCapture(str(clip))
    frames = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
    return frames, frames / (capture.get(cv2.CAP_PROP_FPS) or USUAL_FPS)


def _shares(savings: Sequence[Savings]) -> dict[str, float]:
    objects = sum(one.objects for one in savings)
    frames, fixed = sum(one.frames for one in savings), sum(one.fixed_cadence for one in savings)
    return {
        "fewer_than_frames": round(1 - objects / frames, 4),
        "fewer_than_fixed_cadence": round(1 - objects / fixed, 4),
    }
