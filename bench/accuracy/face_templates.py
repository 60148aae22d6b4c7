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
    """Makes rows `(n, dim)` of faces, or one of several looks; whether centred or raw is the caller's choice."""

    def embed(self, image_bgr: NDArray[np.uint8], faces: tuple[Face, ...]) -> Float32: ...

    def embed_thoroughly(self, image_bgr: NDArray[np.uint8], looks: tuple[Face, ...]) -> Float32: ...


@dataclass(frozen=True, slots=True, eq=False)
class FacePhotos:
    """Photographs in which a face was found: row i of all three `(n, dim)` belongs to `paths[i]`.

    `glimpsed` is by the first look of a search, `searched` by the second that those get who resemble somebody. `usable`
    says whether the quality gate lets the face through; `not_found` lists the photographs without any.
    """

    paths: tuple[Path, ...]
    enrolled: Float32
    glimpsed: Float32
    searched: Float32
    usable: NDArray[np.bool_]
    not_found: tuple[Path, ...]

    @property
    def people(self) -> NDArray[np.str_]:
        return np.asarray([path.parent.name for path in self.paths], np.str_)


def read_faces(photographs: Iterable[Path], detector: FaceDetector, embedder: Embedder) -> FacePhotos:
    """Make all templates of every photograph; one shows whom it is named after in the middle."""
    rows, not_found = [], []
    for photograph in photographs:
        image_bgr = picture_at(photograph)
        face = nearest_the_middle(detector.detect(image_bgr), image_bgr)
        if face is None:
            not_found.append(photograph)
            continue
        closely = detector.look_closely(image_bgr, face)
        usable = refusal(assess_face(image_bgr, face)) is None
        enrolled, searched = (embedder.embed_thoroughly(image_bgr, looks) for looks in ((closely,), (face, closely)))
        rows.append((photograph, enrolled[0], embedder.embed(image_bgr, (face,))[0], searched[0], usable))
    none = np.zeros((0, 128), np.float32)
    paths, *templates, usables = zip(*rows, strict=True) if rows else ((), none, none, none, ())
    by_enrolment, by_glance, by_search = (np.asarray(each, np.float32) for each in templates)
    return FacePhotos(tuple(paths), by_enrolment, by_glance, by_search, np.asarray(usables, bool), tuple(not_found))


def nearest_the_middle(faces: tuple[Face, ...], image_bgr: NDArray[np.uint8]) -> Face | None:
    """The face nearest the middle, which is whom a photograph of LFW is named after."""
    height, width = image_bgr.shape[:2]
    return min(
        faces,
        key=lambda face: np.hypot(sum(face.box_xyxy[::2]) - width, sum(face.box_xyxy[1::2]) - height),
        default=None,
    )
