"""Templates of photographs whose folder names the person: as enrolment makes them, and as a search in a frame does."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.pictures import picture_at
from chalicelib.vision.face_detection import Face, FaceDetector
from chalicelib.vision.face_quality import assess_face, refusal

Float32 = NDArray[np.float32]


class Embedder(Protocol):
    """Makes a row `(1, dim)` of a face; whether centred or raw is the caller's choice."""

    def embed(self, image_bgr: NDArray[np.uint8], faces: tuple[Face, ...]) -> Float32: ...


@dataclass(frozen=True, slots=True, eq=False)
class FacePhotos:
    """Photographs in which a face was found: row i of both `(n, dim)` belongs to `paths[i]`.

    `usable` says whether the quality gate lets the face through; `not_found` lists the photographs without any.
    """

    paths: tuple[Path, ...]
    enrolled: Float32
    searched: Float32
    usable: NDArray[np.bool_]
    not_found: tuple[Path, ...]

    @property
    def people(self) -> NDArray[np.str_]:
        return np.asarray([path.parent.name for path in self.paths], np.str_)


def read_faces(photographs: Iterable[Path], detector: FaceDetector, embedder: Embedder) -> FacePhotos:
    """Make both templates of every photograph; one shows whom it is named after in the middle."""
    rows, not_found = [], []
    for photograph in photographs:
        image_bgr = picture_at(photograph)
        face = nearest_the_middle(detector.detect(image_bgr), image_bgr)
        if face is None:
            not_found.append(photograph)
            continue
        closely = detector.look_closely(image_bgr, face)
        usable = refusal(assess_face(image_bgr, face)) is None
        rows.append((photograph, *embedder.embed(image_bgr, (closely, face)), usable))
    none = np.zeros((0, 128), np.float32)
    paths, enrolled, searched, usables = zip(*rows, strict=True) if rows else ((), none, none, ())
    arrays = np.asarray(enrolled, np.float32), np.asarray(searched, np.float32), np.asarray(usables, bool)
    return FacePhotos(tuple(paths), *arrays, tuple(not_found))


def nearest_the_middle(faces: tuple[Face, ...], image_bgr: NDArray[np.uint8]) -> Face | None:
    """The face nearest the middle, which is whom a photograph of LFW is named after."""
    height, width = image_bgr.shape[:2]
    return min(
        faces,
        key=lambda face: np.hypot(sum(face.box_xyxy[::2]) - width, sum(face.box_xyxy[1::2]) - height),
        default=None,
    )
