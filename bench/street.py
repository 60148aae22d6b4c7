"""What boxes tell of a street, on real pictures: `python -m bench.street --data DIR`; some five minutes on one core.

Nobody labelled standing vehicles or crowds, so frames are made: a labelled picture taken again and again by the demo's
swaying, noisy camera shows vehicles that stand, the clip of a road shows vehicles that drive, and a car that is
put down on it a breakdown. People are counted beside faces, which is a lower bound of how many there are. The
JSON is the last line.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from scipy.stats import spearmanr

from bench.accuracy.pictures import limited, picture_at
from bench.accuracy.vehicles import FOLDER
from bench.scenes.data import QUIET_CLASSES
from chalicelib.domain.city import CameraProfile
from chalicelib.domain.footing import PERSON, vehicles_in
from chalicelib.domain.frames import FrameRef, frame_key
from chalicelib.domain.kinds import STOPPED_VEHICLE
from chalicelib.domain.observations import CameraHealth, Observation
from chalicelib.domain.recorded import RecordedBatch, RecordedFrame
from chalicelib.domain.stillness import with_stillness
from chalicelib.domain.stopped import Place, looks_for_stopped, remember, stopped_vehicle
from chalicelib.flows.judge_recorded import judge_recorded
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.images import decode_image
from chalicelib.vision.sessions import load_model
from chalicelib.vision.vehicles import VehicleDetector, read_traffic
from city.reading import read_pack
from local.demo_set.shots import shoot

CAMERA, CITY = "tv-5", Path(__file__).parents[1] / "city" / "testville"
STREET = CameraProfile("street", vehicles=True, stopped_after_s=300)
START_UTC = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
MINUTES = 6
LIMITS = (5, 10, 15, 20, 30)
CLIP, CLIP_STEP = "video/sample-video__car-detection.mp4", 6
"""Each sixth frame, played as if ten seconds had passed: ten minutes of a road with single cars."""

Image = NDArray[np.uint8]

_console = Console(stderr=True)


def main(
    data: Annotated[Path, typer.Option(help="labelled photographs and clips")],
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models"),
    limit: Annotated[int | None, typer.Option(help="look at so many pictures a class only", min=2)] = None,
) -> None:
    """Who stands, who has stopped, and how many people there are."""
    look = Look(VehicleDetector(load_model(models, "vehicle_detector")))
    streets = limited(sorted((data / FOLDER).glob("*.jpg")), limit)
    quiet = [path for label in QUIET_CLASSES for path in sorted((data / "scenes" / label).glob("*.jpg"))]
    groups = sorted((data / "faces" / "group").glob("*/*.jpg"))
    faces = FaceDetector(load_model(models, "face_detector"))
    print(
        json.dumps(
            {
                "bench": "street",
                "standing": _standing([_shots(path, look) for path in track(streets, "standing", console=_console)]),
                "clip": _clip(data / CLIP, _cut_out(streets, look), look),
                "people": _people(
                    [look(picture_at(path)) for path in track(limited(quiet, limit), "people", console=_console)]
                ),
                "people_beside_faces": _beside_faces(groups, look, faces),
            }
        )
    )


class Look:
    """What the run time's detector makes of a picture taken so many seconds after the start."""

    def __init__(self, detector: VehicleDetector) -> None:
        self._detector = detector

    def __call__(self, image: Image, at_s: float = 0) -> Observation:
        wh = image.shape[1], image.shape[0]
        seen = self._detector.detect(image)
        at = START_UTC + timedelta(seconds=at_s)
        frame = FrameRef(CAMERA, at, 0, frame_key(CAMERA, at, 0), 1)
        traffic = read_traffic(seen, image_wh=wh, road_zone_rel=STREET.road_zone_rel)
        return Observation(frame, "00", wh, CameraHealth({}, b""), detections=seen, traffic=traffic)


def _shots(path: Path, look: Look) -> list[Observation]:
    """One picture taken two seconds after its first shot, and every minute."""
    image, rng = picture_at(path), np.random.default_rng(1)
    return [look(decode_image(shoot(image, rng)), at_s) for at_s in (0, 2, *(60 * n for n in range(1, MINUTES)))]


def _standing(pictures: list[list[Observation]]) -> dict[str, Any]:
    """Of vehicles that all stand: the share seen to stand two seconds later, and remembered after five minutes."""
    shares = [_share_standing(now, first) for first, now, *_ in pictures]
    told = [looks_for_stopped(first, STREET) for first, *_ in pictures]
    free = [one for one, tells in zip(pictures, told, strict=True) if tells]
    vehicles = [len(vehicles_in(STREET.road_zone_rel, first, STREET, STOPPED_VEHICLE)) for first, *_ in free]
    kept = [sum(place.since_s == _s(first) for place in _places([first, *later])) for first, _, *later in free]
    few = [n for n, count in enumerate(vehicles) if 1 <= count <= 3]
    named = sum(stopped_vehicle(_places([free[n][0], *free[n][2:]]), free[n][-1], STREET) is not None for n in few)
    return {
        "pictures": len(pictures),
        "standing_share_of_standing_vehicles": float(np.mean([share for share in shares if share is not None])),
        "vehicles_on_free_roads": sum(min(12, count) for count in vehicles),
        "remembered_after_five_minutes": sum(kept) / max(1, sum(min(12, count) for count in vehicles)),
        "pictures_with_one_to_three": len(few),
        "one_named_after_five_minutes": named / max(1, len(few)),
    }


def _share_standing(now: Observation, before: Observation) -> float | None:
    traffic = with_stillness(now, before, STREET).traffic
    return traffic.standing if traffic else None


def _places(beats: list[Observation]) -> tuple[Place, ...]:
    places: tuple[Place, ...] = ()
    for beat in beats:
        places = remember(places, beat, STREET)
    return places


def _clip(path: Path, vehicle: Image, look: Look) -> dict[str, Any]:
    """Cars that drive: who seems to stand; incidents of the clip, and of the same with a car put down for good."""
    frames = list(_frames(path))
    broken = list(_broken_down(frames, vehicle))
    pairs = [(look(before, 0), look(now, 2)) for before, now in zip(frames, frames[4:], strict=False)]
    standing = [_share_standing(now, before) for before, now in pairs]
    return {
        "frames": len(frames),
        "standing_share_of_driving_vehicles": float(np.mean([one for one in standing if one is not None])),
        "incidents": _incidents([look(image, 10 * n) for n, image in enumerate(frames)]),
        "incidents_with_a_car_put_down": _incidents([look(image, 10 * n) for n, image in enumerate(broken)]),
        "frames_in_which_it_is_found": sum(_is_in_the_middle(look(image)) for image in broken),
    }


def _frames(path: Path) -> Iterator[Image]:
    capture, number = cv2.VideoCapture(str(path)), 0
    while capture.grab():
        number += 1
        if number % CLIP_STEP == 0:
            yield np.asarray(capture.retrieve()[1], np.uint8)


def _broken_down(frames: list[Image], vehicle: Image) -> Iterator[Image]:
    """A vehicle put down in the middle of all frames, each taken anew."""
    rng = np.random.default_rng(2)
    for frame in frames:
        left, top = (frame.shape[1] - vehicle.shape[1]) // 2, (frame.shape[0] - vehicle.shape[0]) // 2
        copy = frame.copy()
        copy[top : top + vehicle.shape[0], left : left + vehicle.shape[1]] = vehicle
        yield decode_image(shoot(copy, rng))


def _cut_out(paths: list[Path], look: Look) -> Image:
    """The surest car of the pictures, at a width of 160 px, with some road around it."""
    images = (picture_at(path) for path in paths)
    cars = ((one, image) for image in images for one in look(image).detections if one.label == "car")
    car, image = max(cars, key=lambda found: found[0].score)
    left, top, right, bottom = (round(side) for side in car.box_xyxy)
    margin = (right - left) // 10
    cut = image[max(0, top - margin) : bottom + margin, max(0, left - margin) : right + margin]
    return np.asarray(cv2.resize(cut, (160, round(160 * cut.shape[0] / cut.shape[1]))), np.uint8)


def _is_in_the_middle(seen: Observation) -> bool:
    middle = seen.image_wh[0] / 2, seen.image_wh[1] / 2
    boxes = [one.box_xyxy for one in seen.detections if one.label != PERSON]
    return any(left < middle[0] < right and top < middle[1] < bottom for left, top, right, bottom in boxes)


def _incidents(observations: list[Observation]) -> list[str]:
    batch = RecordedBatch("clip", {}, tuple(RecordedFrame(one.frame.key, one) for one in observations))
    return [one.kind for one in judge_recorded([batch], read_pack(CITY))]


def _people(quiet: list[Observation]) -> dict[str, Any]:
    """How often an ordinary street has as many people as a limit: each such frame would be a positive."""
    counts = np.array([sum(find.label == PERSON for find in one.detections) for one in quiet])
    return {
        "pictures": len(counts),
        "most": int(counts.max()),
        **{f"from_{n}": float((counts >= n).mean()) for n in LIMITS},
    }


def _beside_faces(paths: list[Path], look: Look, faces: FaceDetector) -> dict[str, Any]:
    """Of photographs of people: how many people are found where so many faces are."""
    seen = [
        (len(faces.detect(image)), look(image))
        for image in (picture_at(path) for path in track(paths, "faces", console=_console))
    ]
    pairs = np.array([(n, sum(find.label == PERSON for find in one.detections)) for n, one in seen if n >= LIMITS[0]])
    return {
        "pictures_with_five_faces": len(pairs),
        "faces": int(pairs[:, 0].sum()),
        "people": int(pairs[:, 1].sum()),
        "spearman": float(spearmanr(pairs[:, 0], pairs[:, 1]).statistic),
    }


def _s(observation: Observation) -> int:
    return int(observation.frame.captured_at_utc.timestamp())


if __name__ == "__main__":
    typer.run(main)
