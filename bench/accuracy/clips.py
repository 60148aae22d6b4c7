"""Whole clips through the real rules: which incidents they become, after how many seconds, which nobody asked for.

A clip's file name says what it shows (`fire`, `smoke`, `flood`, `jam`, `waste`, …); any other is an ordinary street.
Frames are taken at several cadences, as JPEG, by a camera of its own with every scene detector on. The cost: some
0.15 s a frame.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.accuracy.pictures import Progress, limited, pass_over
from bench.accuracy.second_look import judge_second_look
from chalicelib.domain.city import CityPack
from chalicelib.domain.frames import FrameRef, frame_key
from chalicelib.domain.incidents import Incident
from chalicelib.domain.kinds import CONGESTION, FIRE_SMOKE, FLOOD, GARBAGE
from chalicelib.errors import InvalidInput
from chalicelib.flows.analyse_frame import AnalyseFrame, Analyser
from chalicelib.flows.follow_sightings import FollowSightings
from chalicelib.store.fakes import FakeCameraStore, FakeFrameStore, FakeIncidentStore
from city.reading import read_pack
from local.replay import CITY, with_temporary_cameras
from ops.dryrun_look import load_analyser

FOLDER = "video"
CADENCES_S = (1.0, 2.0, 5.0)
"""From a gateway that sends what moves to the cameras of a whole city."""
IN_TIME_S = 10.0
CONFIRMING = 3
"""Positives that open an incident, in the city pack."""

_START_UTC = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
_SHOWS: Mapping[str, str] = {
    "fire": FIRE_SMOKE,
    "smoke": FIRE_SMOKE,
    "flood": FLOOD,
    "jam": CONGESTION,
    "congestion": CONGESTION,
    "waste": GARBAGE,
    "garbage": GARBAGE,
}
_JPEG_QUALITY = 90
_NONE_SEEN_95 = 3.0
"""Of something never seen in n hours there are with 95 % confidence no more than 3/n an hour (the rule of three)."""


@dataclass(frozen=True, slots=True)
class Played:
    """A clip at one cadence, and the incidents that it became."""

    name: str
    shows: str | None
    seconds: float
    frames: int
    incidents: tuple[Incident, ...]

    @property
    def is_too_short(self) -> bool:
        """Whether it hasn't the frames that confirm an incident."""
        return self.frames < CONFIRMING

    @property
    def found_after_s(self) -> float | None:
        """Seconds of the clip until what it shows was an incident."""
        opened = (_after_s(one) for one in self.incidents if one.kind == self.shows)
        return min(opened, default=None)

    @property
    def unasked(self) -> int:
        """Incidents of what it doesn't show, and second ones of what it does."""
        wanted = self.found_after_s is not None
        return len(self.incidents) - wanted


def judge_clips(data: Path, models: Path, limit: int | None, progress: Progress) -> dict[str, Any]:
    """Figures by cadence in seconds, and of the second look."""
    paths = [path for path in limited(sorted((data / FOLDER).glob("*.mp4")), limit) if _is_clip(path)]
    analyser, pack = load_analyser(models), read_pack(CITY)
    runs = [(path, cadence_s) for path in paths for cadence_s in CADENCES_S]
    played = [
        (cadence_s, play(path, analyser, pack, cadence_s=cadence_s)) for path, cadence_s in progress(runs, "clips")
    ]
    by_cadence = {f"{at_s:g}": figures([one for cadence_s, one in played if cadence_s == at_s]) for at_s in CADENCES_S}
    return {"by_cadence_s": by_cadence, "second_look": judge_second_look(data, models, limit, progress)}


def play(path: Path, analyser: Analyser, pack: CityPack, *, cadence_s: float) -> Played:
    """Put a clip's frames through the flow on stores in memory; raises InvalidInput where it is no clip."""
    camera_id = "clip"
    frames, cameras, seen = FakeFrameStore(), FakeCameraStore(), [FrameRef(camera_id, _START_UTC, 0, "", 0)]
    store = FakeIncidentStore(cameras)
    known = with_temporary_cameras(pack, {camera_id}, faces=False)

    def clock() -> datetime:
        return seen[-1].captured_at_utc

    follow = FollowSightings(cameras, store, clock)
    analyse = AnalyseFrame(frames, cameras, follow, analyser, lambda: known, lambda _: None, clock)
    for number, jpeg in enumerate(shots(path, cadence_s=cadence_s)):
        at_utc = _START_UTC + timedelta(seconds=number * cadence_s)
        frame = FrameRef(camera_id, at_utc, number, frame_key(camera_id, at_utc, number), len(jpeg))
        frames.frames[frame.key] = jpeg
        seen.append(frame)
        analyse(frame)
    count = len(seen) - 1
    return Played(path.name, shown_by(path.stem), count * cadence_s, count, tuple(store.incidents.values()))


def shots(path: Path, *, cadence_s: float) -> Iterator[bytes]:
    """A frame every so often from the first on, as JPEG; raises InvalidInput where there is none."""
    clip = cv2.VideoCapture(str(path))
    every = max(1, round(clip.get(cv2.CAP_PROP_FPS) * cadence_s))
    number = 0
    while clip.grab():
        if number % every == 0:
            _, jpeg = cv2.imencode(".jpg", np.asarray(clip.retrieve()[1]), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
            yield bytes(jpeg)
        number += 1
    if not number:
        raise InvalidInput(f"not a clip: {str(path)!r}")


def shown_by(name: str) -> str | None:
    """The kind that a clip's name tells of, None where it is an ordinary street."""
    return next((kind for word, kind in _SHOWS.items() if word in name.lower()), None)


def figures(played: Sequence[Played]) -> dict[str, Any]:
    """Hours are those of ordinary clips, unasked incidents those of all; what is too short has no say."""
    happenings = [one for one in played if one.shows and not one.is_too_short]
    after_s = [one.found_after_s for one in happenings if one.found_after_s is not None]
    hours = sum(one.seconds for one in played if not one.shows) / 3600
    of_ordinary = sum(one.unasked for one in played if not one.shows)
    return {
        "clips": [_row(one) for one in played],
        "too_short": [one.name for one in played if one.is_too_short],
        "happenings": len(happenings),
        "missed": len(happenings) - len(after_s),
        "in_time": sum(one <= IN_TIME_S for one in after_s),
        "slowest_s": max(after_s, default=None),
        "unasked_incidents": sum(one.unasked for one in played),
        "ordinary_hours": hours,
        "false_incidents_an_hour": of_ordinary / hours if hours else None,
        "false_incidents_an_hour_at_most": (of_ordinary or _NONE_SEEN_95) / hours if hours else None,
    }


def _is_clip(path: Path) -> bool:
    if cv2.VideoCapture(str(path)).grab():
        return True
    pass_over(path, "not a clip")
    return False


def _row(one: Played) -> dict[str, Any]:
    return {
        "name": one.name,
        "shows": one.shows,
        "frames": one.frames,
        "incidents": [
            {
                "kind": of.kind,
                "after_s": _after_s(of),
                "severity": of.severity,
                "extent": of.extent,
                "doubts": of.doubts,
            }
            for of in one.incidents
        ],
    }


def _after_s(incident: Incident) -> float:
    return (incident.opened_at_utc - _START_UTC).total_seconds()
