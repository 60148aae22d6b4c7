"""A sample of the city with real pictures in place of the script's word: the models must see what the script says.

The demo's photographs stand for what cameras show, each taken anew with a noise of its own. The cost is that of the
models: some 0.2 s a frame.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from bench.simulate.script import Happening, Script
from chalicelib.domain.city import CityPack
from chalicelib.domain.frames import frame_key
from local.city import running_city
from local.demo import WORK
from local.demo_set.build import Part, build_demo_set
from local.demo_set.manifest import read_demo_manifest
from local.demo_set.photographs import OnStep, require_photographs
from local.demo_set.shots import shoot

BEGINS, LASTS, SHOWN = timedelta(seconds=60), timedelta(minutes=4), timedelta(minutes=2)
ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class Views:
    """A camera's pictures: of its ordinary street, and of what happens there."""

    ordinary: tuple[bytes, ...]
    happening: tuple[bytes, ...]


def see_for_real(pack: CityPack, *, start_utc: datetime, cadence_s: float, on_step: OnStep) -> tuple[str, ...]:
    """What the models and the whole local cloud found that the script doesn't say, and what they missed."""
    parts, views = _demo(on_step)
    script = _script(parts, start_utc=start_utc, cadence_s=cadence_s)
    with running_city(pack, start_utc=start_utc) as city:
        for number, round_utc in enumerate(script.rounds()):
            for camera_id, frame in _frames(script, views, round_utc, number):
                city.put(frame_key(camera_id, round_utc, number), frame)
            city.settle(round_utc)
        incidents = [incident for incident, _ in city.outcome().incidents]
    found = {(incident.kind, camera_id) for incident in incidents for camera_id in incident.camera_ids}
    expected = {(one.kind, one.camera_ids[0]) for one in script.happenings}
    missed = (f"inference: {kind} on {camera_id} was not seen" for kind, camera_id in sorted(expected - found))
    made_up = (f"inference: {kind} on {camera_id} is in no script" for kind, camera_id in sorted(found - expected))
    return (*missed, *made_up)


def _script(parts: tuple[Part, ...], *, start_utc: datetime, cadence_s: float) -> Script:
    begins = start_utc + BEGINS
    happenings = tuple(Happening(p.expects, (p.camera_id,), begins, begins + SHOWN) for p in parts if p.expects)
    return Script(start_utc, cadence_s, happenings, (), lasts=LASTS)


def _demo(on_step: OnStep) -> tuple[tuple[Part, ...], Mapping[str, Views]]:
    """The demo's cameras but those of faces, which need a list and an authorisation."""
    manifest, photographs = read_demo_manifest(), WORK / "photographs"
    require_photographs(manifest.packages.values(), photographs, on_step=on_step)
    with TemporaryDirectory() as folder:
        built = build_demo_set(Path(folder), manifest, photographs=photographs)
        parts = tuple(one for one in built if one.expects != "watchlist_candidate")
        return parts, {one.camera_id: _views(Path(folder) / one.camera_id) for one in parts}


def _views(folder: Path) -> Views:
    paths = sorted(folder.iterdir())
    ordinary = tuple(path.read_bytes() for path in paths if ORDINARY in path.name)
    return Views(ordinary, tuple(path.read_bytes() for path in paths if ORDINARY not in path.name))


def _frames(
    script: Script, views: Mapping[str, Views], round_utc: datetime, number: int
) -> Iterator[tuple[str, bytes]]:
    shown = {one.camera_ids[0] for one in script.happenings if one.shows(one.camera_ids[0], round_utc)}
    for camera_id, view in views.items():
        pictures = view.happening if camera_id in shown else view.ordinary
        yield camera_id, _taken_anew(pictures[number % len(pictures)], number)


def _taken_anew(picture: bytes, number: int) -> bytes:
    """Another frame of the same view: no camera sends the same bytes twice."""
    image = np.asarray(cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    return shoot(image, np.random.default_rng(number))
