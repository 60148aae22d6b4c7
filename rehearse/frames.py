"""The photographs of the demo, shown by cameras of the city as if they were taken now."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from chalicelib.domain.city import CityPack
from chalicelib.domain.frames import frame_key
from local.demo import WORK
from local.demo_set.build import build_demo_set
from local.demo_set.manifest import read_demo_manifest
from local.demo_set.photographs import require_photographs

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client

SPACING_S = 5
"""Between the frames of a camera."""
BEAT_S = 61
"""After so long a camera's next frame is remembered as its heartbeat, so that one can see that it was analysed."""


@dataclass(frozen=True, slots=True)
class Show:
    """What a camera sees, frame after frame, and the kind of incident that must come of it, if any."""

    camera_id: str
    frames: tuple[bytes, ...]
    expects: str | None


def build_shows(out: Path) -> list[Show]:
    """The demo's cameras, without the watchlist's: nobody is on a list here, so no face is looked for."""
    manifest, photographs = read_demo_manifest(), WORK / "photographs"
    require_photographs(manifest.packages.values(), photographs, on_step=lambda _: None)
    parts = build_demo_set(out, manifest, photographs=photographs)
    return [
        Show(part.camera_id, _pictures(out / part.camera_id), part.expects)
        for part in parts
        if part.expects != "watchlist_candidate"
    ]


def with_twins(shows: list[Show], pack: CityPack, *, twins: int) -> list[Show]:
    """The shows, and each that must become an incident on as many other cameras that are looked at in the same way."""
    profiles = {one.id: one.profile for one in pack.cameras}
    free = [one for one in profiles if one not in {show.camera_id for show in shows}]
    shown = list(shows)
    for show in (one for one in shows if one.expects):
        alike = [one for one in free if profiles[one] == profiles[show.camera_id]][:twins]
        free = [one for one in free if one not in alike]
        shown += [replace(show, camera_id=camera_id) for camera_id in alike]
    return shown


@dataclass(slots=True)
class Cameras:
    """Puts frames as cameras do, and remembers when it did."""

    bucket: str
    s3: "S3Client" = field(default_factory=lambda: boto3.client("s3"))
    put_utc: dict[str, datetime] = field(default_factory=dict)
    taken_utc: dict[str, datetime] = field(default_factory=dict)

    def put(self, camera_id: str, data: bytes, *, after_s: float = SPACING_S) -> str:
        """Put a camera's next frame, taken now, or so long after its last as seconds say; returns its key.

        That may lead a moment into the future, within what a camera's clock may run ahead.
        """
        now_utc, last_utc = datetime.now(UTC), self.taken_utc.get(camera_id)
        self.taken_utc[camera_id] = max(now_utc, last_utc + timedelta(seconds=after_s)) if last_utc else now_utc
        key = frame_key(camera_id, self.taken_utc[camera_id], 0)
        self.put_utc[key] = datetime.now(UTC)
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=data)
        return key


def _pictures(folder: Path) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(folder.glob("*.jpg")))
