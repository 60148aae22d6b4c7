"""How often a covered face is called so: `python -m bench.face_covers --data DIR`; a minute on one core.

Nobody is photographed with and without a mask here, so masks and dark glasses are drawn into photographs of bare faces,
lit as the face is and so thin that its relief shows through, which is the hard case: smoother cloth is found always.
By day in colour, and in grey light as from an infrared lamp. Some of the bare faces wear beards, hands and real
sunglasses, so that the figures for them are upper bounds. The JSON is the last line.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import typer
from numpy.typing import ArrayLike, NDArray
from rich.console import Console
from rich.progress import track

from bench.accuracy.face_templates import nearest_the_middle
from bench.accuracy.pictures import limited, picture_at, pictures_in
from chalicelib.domain.observations import Hint
from chalicelib.errors import InvalidInput, MatphoError
from chalicelib.vision.face_alignment import align_face
from chalicelib.vision.face_cover import covers
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.sessions import load_model

FOLDER = "faces/lfw"
CLOTHS_BGR: Mapping[str, tuple[int, int, int] | None] = {
    "blue": (200, 170, 110),
    "black": (35, 35, 35),
    "grey": (128, 128, 128),
    "white": (225, 225, 225),
    "skin": None,
}
"""None: as the skin of the cheeks is."""
GLASS_BGR = (25, 25, 25)
MASK = np.array([[22, 66], [56, 60], [90, 66], [88, 88], [56, 113], [24, 88]], np.int32)
GLASSES = np.array([[22, 44], [90, 44], [88, 60], [72, 64], [58, 56], [54, 56], [40, 64], [24, 60]], np.int32)
"""Outlines on the aligned face (face_alignment.py)."""

Image = NDArray[np.uint8]

_CHEEKS = np.s_[64:80, 30:82]
_LIGHT_PX = 2.0  # how fine the light on the cloth is: nose and lips show as through thin cotton
_NOISE = 3.0
_console = Console(stderr=True)


def main(
    data: Annotated[Path, typer.Option(help="a folder with faces/lfw/<person>/*.jpg")],
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models"),
    limit: Annotated[int | None, typer.Option(help="one photograph of so many people only", min=2)] = None,
) -> None:
    """Tell the shares of bare and of covered faces that are called covered."""
    try:
        faces = list(aligned_faces(data / FOLDER, FaceDetector(load_model(models, "face_detector")), limit))
        figures = measure(faces)
    except MatphoError as error:
        _console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    print(json.dumps({"bench": "face_covers", **figures}))


def aligned_faces(folder: Path, detector: FaceDetector, limit: int | None) -> Iterator[Image]:
    """The first photograph of each person, aligned by a closer look as enrolment does it."""
    first = list({path.parent: path for path in reversed(pictures_in(folder, pattern="*/*"))}.values())
    for path in track(limited(sorted(first), limit), "faces", console=_console, disable=not _console.is_terminal):
        image = picture_at(path)
        if face := nearest_the_middle(detector.detect(image), image):
            yield align_face(image, detector.look_closely(image, face))


def measure(faces: Sequence[Image]) -> dict[str, Any]:
    """Shares by what is worn; raises InvalidInput without a face."""
    if not faces:
        raise InvalidInput(f"no face in {FOLDER}")
    rng = np.random.default_rng(1)
    masked = {
        name: [wearing(face, MASK, bgr or skin_bgr(face), rng) for face in faces] for name, bgr in CLOTHS_BGR.items()
    }
    glasses = [wearing(face, GLASSES, GLASS_BGR, rng) for face in faces]
    return {
        "people": len(faces),
        "bare_called_covered": _share(faces, Hint.COVERED),
        "bare_called_in_dark_glasses": _share(faces, Hint.DARK_GLASSES),
        "masked_called_covered": {name: _share(worn, Hint.COVERED) for name, worn in masked.items()},
        "masked_called_covered_in_grey_light": {
            name: _share([_in_grey_light(face) for face in worn], Hint.COVERED) for name, worn in masked.items()
        },
        "dark_glasses_called_so": _share(glasses, Hint.DARK_GLASSES),
    }


def wearing(face_bgr: Image, outline: NDArray[np.int32], bgr: ArrayLike, rng: np.random.Generator) -> Image:
    """An aligned face `(112, 112, 3)` with cloth inside an outline: lit as the face is, with a camera's noise."""
    light = cv2.GaussianBlur(cv2.cvtColor(face_bgr, cv2.COLOR_BGR2GRAY).astype(np.float32), (0, 0), _LIGHT_PX)
    shade = light / light[_CHEEKS].mean()
    cloth = shade[..., None] * np.asarray(bgr, np.float32) + rng.normal(0, _NOISE, face_bgr.shape)
    inside = cv2.fillPoly(np.zeros(face_bgr.shape[:2], np.float32), [outline], 1.0)
    share = cv2.GaussianBlur(inside, (0, 0), 1.0)[..., None]
    return np.asarray(np.clip(face_bgr * (1 - share) + cloth * share, 0, 255), np.uint8)


def skin_bgr(face_bgr: Image) -> NDArray[np.float64]:
    """The colour of the cheeks."""
    return np.asarray(np.median(face_bgr[_CHEEKS].reshape(-1, 3), axis=0), np.float64)


def _in_grey_light(face_bgr: Image) -> Image:
    return np.asarray(cv2.cvtColor(cv2.cvtColor(face_bgr, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), np.uint8)


def _share(faces: Sequence[Image], hint: Hint) -> float:
    return round(float(np.mean([hint in covers(face) for face in faces])), 3)


if __name__ == "__main__":
    typer.run(main)
