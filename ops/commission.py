"""`python -m ops.commission CAMERA --frames DIR`: a camera's blind spots, before the day of need.

Simulated fire, smoke, water and waste are set on the camera's own quiet pictures, at several places, sizes and lights,
and the shipped models look at them with the camera's masks and thresholds. Simulations found are no measure of real
incidents found, simulations missed are a warning. Some two minutes on one core; nothing leaves the machine.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from chalicelib.domain.alerts.words import Language
from chalicelib.domain.city import Camera, CameraProfile, CityPack
from chalicelib.errors import FrameRejected, InvalidInput, MatphoError
from chalicelib.vision.camera_health import assess_health, is_blind
from chalicelib.vision.frame_pixels import pixels_of_image
from chalicelib.vision.images import decode_image
from chalicelib.vision.masks import by_masks, hide
from chalicelib.vision.scenes import SceneClassifier, load_scene_classifier
from chalicelib.vision.sessions import load_model
from city.reading import read_pack
from ops.blind_spot_picture import draw_blind_spots
from ops.blind_spot_words import alarm_table, in_short, light_table, spot_tables
from ops.blind_spots import FalseAlarms, Quiet, Spot, explore, false_alarms, found_by_light, in_all_lights, places
from ops.console import PLAIN_WIDTH
from overlays import KINDS, SHOWS

PICTURES = {".jpg", ".jpeg", ".png", ".webp"}
_LONGEST_SIDE_PX = 640
"""Rendering at more would cost more and show the encoder nothing new."""
_MOST_FRAMES = 24

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Commissioned:
    """Everything that was found out about one camera."""

    camera: Camera
    pack: CityPack
    thresholds: dict[str, float]
    quiet: list[Quiet]
    alarms: list[FalseAlarms]
    spots: list[Spot]


def main(
    camera_id: Annotated[str, typer.Argument(metavar="CAMERA", help="the camera's id in the city pack")],
    *,
    frames: Annotated[Path, typer.Option(help="a folder with quiet pictures of this camera, best of several hours")],
    pack: Annotated[Path, typer.Option(help="the folder of the city pack")] = Path("city/buon-ma-thuot"),
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models"),
    out: Annotated[Path | None, typer.Option(help="the picture to write [default: commission-CAMERA.png]")] = None,
    tries: Annotated[int, typer.Option(help="how often each size is tried at each place", min=1)] = 4,
    seed: Annotated[int, typer.Option(help="equal seeds draw equal incidents")] = 0,
    language: Annotated[Language, typer.Option(help="of tables and picture")] = "en",
) -> None:
    """Report what a camera would see of simulated incidents, and where."""
    console = Console(stderr=True)
    console = console if console.is_terminal else Console(stderr=True, width=PLAIN_WIDTH)
    picture = out or Path(f"commission-{camera_id}.png")
    try:
        _require_folder(picture.parent)
        done = _commission(camera_id, frames, read_pack(pack), models, tries=tries, seed=seed, console=console)
        _save(draw_blind_spots(done.quiet[0].image_bgr, done.spots, language=language), picture)
    except MatphoError as error:
        console.print(str(error), style="red", markup=False, highlight=False)
        raise typer.Exit(2) from error
    _tell(done, language, console)
    print(json.dumps(_to_dict(done, picture, tries), ensure_ascii=False))


def read_quiet(folder: Path, console: Console) -> list[tuple[str, Image]]:
    """At most 24 pictures, evenly spread over the folder; raises InvalidInput where none can be used.

    What the run time would refuse, and what shows a blind camera, is named and passed over.
    """
    _require_folder(folder)
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURES)
    places = np.unique(np.linspace(0, len(paths) - 1, min(len(paths), _MOST_FRAMES)).round().astype(int))
    usable = []
    for path in (paths[place] for place in places):
        try:
            usable.append((path.name, _readable(path)))
        except FrameRejected as error:
            console.print(f"{path.name}: {error}, passed over", style="yellow", markup=False, highlight=False)
    if not usable:
        raise InvalidInput(f"no usable picture in {str(folder)!r}: expected {', '.join(sorted(PICTURES))}")
    return usable


def _require_folder(folder: Path) -> None:
    """At once, and not after minutes of work."""
    if not folder.is_dir():
        raise InvalidInput(f"no folder {str(folder)!r}")


def _commission(
    camera_id: str, frames: Path, pack: CityPack, models: Path, *, tries: int, seed: int, console: Console
) -> Commissioned:
    camera = pack.camera(camera_id)
    if camera is None:
        raise InvalidInput(f"no camera {camera_id!r} in the pack of {pack.name_en!r}, its first is {_first(pack)!r}")
    profile = pack.profile(camera)
    overlays = [overlay for overlay in KINDS if SHOWS[overlay] in profile.scenes]
    if not overlays:
        raise InvalidInput(f"camera {camera_id!r} looks for no fire, flood or waste: its profile is {profile.id!r}")
    quiet = in_all_lights(read_quiet(frames, console))
    classifier = load_scene_classifier(load_model(models, "scene_encoder"))
    thresholds = _thresholds(pack, profile, classifier)
    look = _Looking(classifier, profile)
    wanted = [(overlay, place) for overlay in overlays for place in places(overlay)]
    return Commissioned(
        camera,
        pack,
        thresholds,
        quiet,
        false_alarms(quiet, look, thresholds),
        [
            explore(overlay, place, quiet, look, threshold=thresholds[SHOWS[overlay]], tries=tries, seed=seed)
            for overlay, place in track(wanted, camera_id, console=console, disable=not console.is_terminal)
        ],
    )


@dataclass(frozen=True, slots=True)
class _Looking:
    """Sees a picture as the run time would: through the camera's masks."""

    classifier: SceneClassifier
    profile: CameraProfile

    def __call__(self, image_bgr: Image) -> dict[str, float]:
        scores: dict[str, float] = {}
        for polygons_rel, kinds in by_masks(self.profile, self.profile.scenes).items():
            scores |= self.classifier.score(hide(image_bgr, polygons_rel), kinds)
        return scores


def _thresholds(pack: CityPack, profile: CameraProfile, classifier: SceneClassifier) -> dict[str, float]:
    """The camera's own, else the city's, else the model's, as the run time takes them."""

    def threshold(kind: str) -> float:
        of_city = pack.kind(kind).threshold
        return profile.thresholds.get(kind, classifier.thresholds[kind] if of_city is None else of_city)

    return {kind: threshold(kind) for kind in profile.scenes}


def _first(pack: CityPack) -> str:
    return pack.cameras[0].id if pack.cameras else ""


def _readable(path: Path) -> Image:
    image = decode_image(path.read_bytes())
    if is_blind(assess_health(pixels_of_image(image), previous_fingerprint=None)):
        raise FrameRejected("blind", "covered, dark or over-exposed")
    share = min(1.0, _LONGEST_SIDE_PX / max(image.shape[:2]))
    return np.asarray(cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)


def _save(picture_bgr: Image, path: Path) -> None:
    """Raises InvalidInput where the picture can't be written."""
    _, png = cv2.imencode(".png", picture_bgr)
    try:
        path.write_bytes(png.tobytes())
    except OSError as error:
        raise InvalidInput(f"cannot write {str(path)!r}: {error.strerror}") from error


def _tell(done: Commissioned, language: Language, console: Console) -> None:
    """All tables, then the upshot."""
    console.print(f"{done.camera.id}: {done.camera.name}", markup=False, highlight=False)
    console.print(alarm_table(done.alarms, done.thresholds, done.pack, language))
    for table in (*spot_tables(done.spots, language), light_table(done.spots, language)):
        console.print(table)
    for line in in_short(done.spots, done.alarms, language):
        console.print(line, markup=False, highlight=False)


def _to_dict(done: Commissioned, picture: Path, tries: int) -> dict[str, Any]:
    overlays = dict.fromkeys(spot.overlay for spot in done.spots)
    return {
        "ops": "commission",
        "camera": done.camera.id,
        "pictures": len({one.name for one in done.quiet}),
        "tries": tries,
        "thresholds": done.thresholds,
        "false_alarms": [asdict(one) for one in done.alarms],
        "found_by_light": {overlay: found_by_light(done.spots, overlay) for overlay in overlays},
        "spots": [_spot_to_dict(one) for one in done.spots],
        "picture": str(picture),
    }


def _spot_to_dict(spot: Spot) -> dict[str, Any]:
    return {
        "overlay": spot.overlay,
        "foot_rel": spot.foot_rel,
        "found_by_size": spot.found_by_size,
        "smallest": spot.smallest,
    }


if __name__ == "__main__":
    typer.run(main)
