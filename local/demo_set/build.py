"""Lays the demo's frames out as replay wants them: a folder a camera, ordinary frames first, then what happens."""

import shutil
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from local.demo_set.cutouts import cut_out
from local.demo_set.manifest import SIMULATED, DemoCamera, DemoManifest, LabelledCamera, Outline
from local.demo_set.shots import captioned, cropped, read_photograph, shoot
from local.demo_set.stagings import Cutouts, stage
from overlays.raster import BgrImage

ORDINARY_FRAMES, EVENT_FRAMES, LABELLED_FRAMES = 2, 5, 6


@dataclass(frozen=True, slots=True)
class Part:
    """What a camera shows in the demo, in words, and the kind of incident that must come of it."""

    camera_id: str
    shows: str
    expects: str | None


def build_demo_set(
    out: Path, manifest: DemoManifest, *, photographs: Path, labelled: Path | None = None
) -> tuple[Part, ...]:
    """Write `out/<camera>/*.jpg` anew and say what each camera shows.

    `labelled` is a folder of labelled photographs laid out by class; its cameras are left out without it.
    """
    shutil.rmtree(out, ignore_errors=True)
    cutouts = _cut_all(manifest.cutouts, photographs)
    parts = [_build_camera(camera, cutouts, photographs, out / camera.id) for camera in manifest.cameras]
    return (*parts, *(_copy_labelled(camera, labelled, out / camera.id) for camera in manifest.labelled if labelled))


def _cut_all(outlines: Mapping[str, Outline], photographs: Path) -> Cutouts:
    return {
        name: cut_out(read_photograph(photographs / outline.photograph), outline.outline_px)
        for name, outline in outlines.items()
    }


def _build_camera(camera: DemoCamera, cutouts: Cutouts, photographs: Path, folder: Path) -> Part:
    folder.mkdir(parents=True)
    view = cropped(read_photograph(photographs / camera.photograph), camera.crop_rel)
    for number, (look, picture) in enumerate(_sequence(camera, cutouts, view)):
        rng = np.random.default_rng([zlib.crc32(camera.id.encode()), number])
        (folder / f"{number:02}-{look}.jpg").write_bytes(shoot(picture, rng))
    return Part(camera.id, _in_words(camera), camera.expects)


def _sequence(camera: DemoCamera, cutouts: Cutouts, view: BgrImage) -> Iterator[tuple[str, BgrImage]]:
    """Each frame's picture before the camera takes it, with a word for its file's name."""
    frames = ORDINARY_FRAMES if camera.staging else EVENT_FRAMES
    yield from [("ordinary", view)] * frames
    if camera.staging is None:
        return
    simulated = camera.staging in SIMULATED
    for number in range(1, EVENT_FRAMES + 1):
        staged = stage(view, camera, cutouts, progress=number / EVENT_FRAMES)
        yield _file_word(camera), captioned(staged) if simulated else staged


def _file_word(camera: DemoCamera) -> str:
    return f"{'simulated' if camera.staging in SIMULATED else 'transformed'}-{camera.staging}".replace("_", "-")


def _in_words(camera: DemoCamera) -> str:
    if camera.staging is None:
        return "an ordinary street, real photograph"
    if camera.staging in SIMULATED:
        return f"{camera.staging}, SIMULATED on a real photograph"
    return {
        "cover": "a lens being covered, a transformed real photograph",
        "passer_by": "a listed person, a real portrait put into a real photograph",
    }[camera.staging]


def _copy_labelled(camera: LabelledCamera, labelled: Path, folder: Path) -> Part:
    """A few photographs spread over the class, which are of as many places."""
    folder.mkdir(parents=True)
    files = sorted((labelled / camera.folder).glob("*.jpg"))
    for number, path in enumerate(files[:: max(1, len(files) // LABELLED_FRAMES)][:LABELLED_FRAMES]):
        shutil.copyfile(path, folder / f"{number:02}-real.jpg")
    return Part(camera.id, f"real photographs of {Path(camera.folder).name.replace('_', ' ')}", camera.expects)
