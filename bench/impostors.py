"""`python -m bench.impostors --data DIR`: how alike strangers look to the face embedder, stored as a small curve.

Every photograph in `faces/lfw` that the shipped detector and quality gate let through is compared with all of other
people: 2.7 million pairs, four minutes. The curve goes to the file that the run time reads its face threshold from.
"""

import hashlib
import json
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from bench.accuracy.pictures import picture_at
from chalicelib.errors import InvalidInput, MatphoError
from chalicelib.vision.face_detection import Face, FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_quality import assess_face, refusal
from chalicelib.vision.sessions import load_model

FOLDER = "faces/lfw"
CURVE = Path("chalicelib/vision/heads/impostors_sface.json")
PUBLISHED_COSINE = 0.363
"""From SFace's model card: below it nobody is called the same person even one to one."""
POINTS_PER_DECADE = 4
LOOSEST_FMR = 1e-2
FEWEST_EXCEEDANCES = 20
"""A rate counted on fewer pairs is noise, and a single person listed under two names would make it."""

Cosines = NDArray[np.float32]
_console = Console(stderr=True)


def main(
    data: Annotated[Path, typer.Option(help="a folder with faces/lfw/<person>/*.jpg")],
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models"),
    out: Annotated[Path, typer.Option(help="the curve to write")] = CURVE,
) -> None:
    """Measure the impostor curve and write it."""
    try:
        curve = measure(sorted((data / FOLDER).glob("*/*.jpg")), models)
    except MatphoError as error:
        _console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    out.write_text(json.dumps(curve, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({"bench": "impostors", **curve}))


def measure(photographs: list[Path], models: Path) -> dict[str, Any]:
    """The curve with its provenance; raises InvalidInput on too few people to say anything."""
    detector = FaceDetector(load_model(models, "face_detector"))
    embedder = FaceEmbedder(load_model(models, "face_embedder"))
    templates, people = _templates(photographs, detector, embedder)
    strangers, same = split_pairs(templates, people)
    points = curve_points(strangers)
    return {
        "embedder_digest": embedder.digest,
        "embedder_file_digest": embedder.file_digest,
        "detector_file_digest": detector.digest,
        "data": FOLDER,
        "data_digest": _digest(photographs),
        "photographs": len(photographs),
        "templates": len(templates),
        "people": len(set(people)),
        "pairs": len(strangers),
        "floor": PUBLISHED_COSINE,
        "points": points,
        "same_person_pairs": len(same),
        "same_person_accepted": [round(float((same >= cosine).mean()), 4) for cosine, _ in points],
    }


def split_pairs(templates: Cosines, people: list[str]) -> tuple[Cosines, Cosines]:
    """Cosines of all pairs of different people, and of all of the same."""
    first, second = np.triu_indices(len(templates), 1)
    cosines = (templates @ templates.T)[first, second]
    names = np.asarray(people)
    same = names[first] == names[second]
    return cosines[~same], cosines[same]


def curve_points(strangers: Cosines) -> list[tuple[float, float]]:
    """(cosine, rate of pairs at or above it), evenly spaced on the log scale down to what can be counted."""
    ranked = np.sort(strangers)[::-1]
    fewest = FEWEST_EXCEEDANCES / max(len(ranked), 1)
    if fewest >= LOOSEST_FMR:
        raise InvalidInput(f"{len(ranked)} pairs of different people are too few for a curve")
    steps = int(np.log10(LOOSEST_FMR / fewest) * POINTS_PER_DECADE)
    counts = [round(LOOSEST_FMR * 10 ** (-step / POINTS_PER_DECADE) * len(ranked)) for step in range(steps + 1)]
    points = [(round(float(ranked[count - 1]), 4), count / len(ranked)) for count in counts]
    return [point for point, after in pairwise([*points, (2.0, 0.0)]) if point[0] < after[0]]


def _templates(photographs: list[Path], detector: FaceDetector, embedder: FaceEmbedder) -> tuple[Cosines, list[str]]:
    rows, people = [], []
    for photograph in track(photographs, description="faces", console=_console):
        image_bgr = picture_at(photograph)
        height, width = image_bgr.shape[:2]
        face = _nearest(detector.detect(image_bgr), width / 2, height / 2)
        if face is not None and refusal(assess_face(image_bgr, face)) is None:
            rows.append(embedder.embed(image_bgr, (face,)))
            people.append(photograph.parent.name)
    return np.concatenate([np.zeros((0, 128), np.float32), *rows]), people


def _nearest(faces: tuple[Face, ...], x: float, y: float) -> Face | None:
    """The face nearest the middle, which is whom a photograph of this set is named after."""
    return min(
        faces,
        key=lambda face: np.hypot(sum(face.box_xyxy[::2]) / 2 - x, sum(face.box_xyxy[1::2]) / 2 - y),
        default=None,
    )


def _digest(photographs: list[Path]) -> str:
    """One SHA-256 over names and contents, so that a curve names the very pictures it was measured on."""
    whole = hashlib.sha256()
    for photograph in photographs:
        whole.update(photograph.name.encode() + hashlib.sha256(photograph.read_bytes()).digest())
    return whole.hexdigest()


if __name__ == "__main__":
    typer.run(main)
