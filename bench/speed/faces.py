"""The face path against others: how long a frame takes, and how many people are recognised in it.

Being quick is worth nothing if fewer people are recognised, so the same contestants also find known people in frames:
each is enrolled by one photograph, and another is set into a street, the face some 45 px wide.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.accuracy.pictures import picture_at
from bench.speed.contestants import OURS, face_contestants
from bench.speed.pictures import FULL_HD, Image, Pictures, saved
from bench.speed.race import Result, Runner, race, running

FACES = (0, 1, 4)
PEOPLE = 60
PROBE_PX = 110
FALSE_ACCEPTS = 1e-3
ONLY_FINDS = 2
"""Rows of no more than a place come from who can't recognise."""

_PROBES_WH = (6, 1)


def race_faces(models: Path, published: Path, pictures: Pictures, folder: Path, *, lfw: Path, rounds: int) -> Any:
    """Medians by contestant for frames with so many faces, ratios to ours, and what each recognised."""
    with running(face_contestants(models, published)) as (runners, missing):
        ready = _prepared(runners, missing)
        frames = {count: saved(pictures.frame(FULL_HD, faces=count), folder, f"faces-{count}") for count in FACES}
        times = {count: race(ready, frame, rounds=rounds) for count, frame in frames.items()}
        recognised = _recognised(ready, times[FACES[-1]], pictures, folder, lfw)
    return {
        "frame_wh": FULL_HD,
        "missing": missing,
        "contestants": [_told(one, times, recognised.get(one.name)) for one in ready],
    }


def _prepared(runners: Sequence[Runner], missing: dict[str, str]) -> list[Runner]:
    """Those that have what they need; of the others `missing` says what."""
    reasons = {one.name: one.prepare() for one in runners}
    missing |= {name: reason for name, reason in reasons.items() if reason}
    return [one for one in runners if one.name not in missing]


def _told(one: Runner, times: dict[int, dict[str, Result]], recognised: float | None) -> dict[str, Any]:
    return {
        "name": one.name,
        "version": one.version,
        "ms": {str(count): round(by_name[one.name].ms, 2) for count, by_name in times.items()},
        "times_ours": {
            str(count): round(by_name[one.name].ms / by_name[OURS].ms, 2) for count, by_name in times.items()
        },
        "found": {str(count): len(by_name[one.name].rows) for count, by_name in times.items()},
        "recognised": recognised,
    }


def _recognised(
    runners: Sequence[Runner], seen: dict[str, Result], pictures: Pictures, folder: Path, lfw: Path
) -> dict[str, float]:
    """By contestant the share of people found at one false accept in a thousand; empty without photographs."""
    people = [photos[:2] for photos in map(_photographs, sorted(lfw.glob("*/"))) if len(photos) > 1][:PEOPLE]
    if not people:
        return {}
    portraits = [saved(picture_at(first), folder, f"portrait-{n}") for n, (first, _) in enumerate(people)]
    per_frame = _PROBES_WH[0] * _PROBES_WH[1]
    crowds = [people[start : start + per_frame] for start in range(0, len(people), per_frame)]
    frames = [
        saved(_crowd(pictures, [picture_at(second) for _, second in crowd]), folder, f"crowd-{n}")
        for n, crowd in enumerate(crowds)
    ]
    return {
        one.name: _share_recognised(one, portraits, frames)
        for one in runners
        if len(seen[one.name].rows[0]) > ONLY_FINDS
    }


def _photographs(person: Path) -> list[Path]:
    return sorted(person.glob("*.jpg"))


def _places() -> Iterator[tuple[int, int]]:
    columns, rows = _PROBES_WH
    width, height = FULL_HD
    for number in range(columns * rows):
        row, column = divmod(number, columns)
        yield round((column + 0.5) * width / columns), round((row + 0.5) * height / rows)


def _crowd(pictures: Pictures, photographs: Sequence[Image]) -> Image:
    """A street with photographs set in, their middles at `_places`."""
    frame = pictures.frame(FULL_HD)
    for (x, y), photograph in zip(_places(), photographs, strict=False):
        top, left = y - PROBE_PX // 2, x - PROBE_PX // 2
        small = cv2.resize(photograph, (PROBE_PX, PROBE_PX), interpolation=cv2.INTER_AREA)
        frame[top : top + PROBE_PX, left : left + PROBE_PX] = small
    return frame


def _share_recognised(runner: Runner, portraits: Sequence[Path], frames: Sequence[Path]) -> float:
    listed = [_nearest(runner.run(path, times=1)["rows"], _middle(path)) for path in portraits]
    seen = [
        _nearest(rows, place) for rows in (runner.run(path, times=1)["rows"] for path in frames) for place in _places()
    ][: len(listed)]
    distances = _distances(listed, seen)
    own = np.eye(len(listed), dtype=bool)
    limit = np.quantile(distances[~own], FALSE_ACCEPTS)
    return round(float((distances[own] < limit).mean()), 3)


def _middle(path: Path) -> tuple[float, float]:
    height, width = np.load(path, mmap_mode="r").shape[:2]
    return width / 2, height / 2


def _nearest(rows: list[list[float]], place: tuple[float, float]) -> list[float] | None:
    """The template of the face at a place, if one was found there."""
    near = [row for row in rows if max(abs(row[0] - place[0]), abs(row[1] - place[1])) < PROBE_PX / 2]
    return min(near, key=lambda row: abs(row[0] - place[0]) + abs(row[1] - place[1]))[ONLY_FINDS:] if near else None


def _distances(listed: Sequence[list[float] | None], seen: Sequence[list[float] | None]) -> NDArray[np.float64]:
    """Between every two `(listed, seen)`; nobody is near whose face wasn't found."""
    return np.array(
        [[np.inf if a is None or b is None else float(np.linalg.norm(np.subtract(a, b))) for b in seen] for a in listed]
    )
