"""What the metered city sees: the demo's photographs, ordinary streets apart from what happens in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from local.demo import PORTRAIT, WORK
from local.demo_set.build import build_demo_set
from local.demo_set.manifest import read_demo_manifest
from local.demo_set.photographs import OnStep, require_photographs
from local.demo_set.shots import read_photograph
from local.enrol import enrol

ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class Event:
    """A camera's pictures as an incident begins and goes on, and an ordinary one from after it."""

    camera_id: str
    pictures: tuple[bytes, ...]
    afterwards: bytes


@dataclass(frozen=True, slots=True)
class Scenes:
    """Ordinary pictures, what happens on some cameras, and a watchlist of one."""

    ordinary: tuple[bytes, ...]
    events: tuple[Event, ...]
    watchlist: bytes | None


def read_scenes(models_dir: Path, *, at_utc: datetime, on_step: OnStep) -> Scenes:
    """Build the demo's pictures aside; raises ModelError where photographs can't be had."""
    manifest, photographs = read_demo_manifest(), WORK / "photographs"
    require_photographs(manifest.packages.values(), photographs, on_step=on_step)
    with TemporaryDirectory() as folder:
        frames = Path(folder) / "frames"
        parts = build_demo_set(frames, manifest, photographs=photographs)
        ordinary = tuple(path.read_bytes() for path in sorted(frames.glob(f"*/*{ORDINARY}*")))
        events = tuple(_events(frames, {part.camera_id for part in parts if part.expects}))
    watchlist = enrol({"demo-0001": read_photograph(photographs / PORTRAIT)}, models_dir, at_utc=at_utc)
    return Scenes(ordinary, events, watchlist)


def _events(frames: Path, camera_ids: set[str]) -> Iterator[Event]:
    for camera_id in sorted(camera_ids):
        pictures = [path.read_bytes() for path in sorted((frames / camera_id).iterdir())]
        yield Event(camera_id, tuple(pictures), afterwards=pictures[0])
