"""A picture in which nobody can be known: what people are shown of a frame, its faces and heads coarse and smeared.

Whoever is missed here is shown to the world, and a wall that is smeared hurts nobody. So faces are looked for at a
score far below that of a search, in the whole picture and in tiles of twice its size; the heads of people are hidden
where no face is found; and the result is looked at once more. What the detector then still takes for a face is painted
over. Whatever a file carries beside its pixels (EXIF: place, camera, a small copy of the picture) is left behind.

It costs about a second a 1080p frame, at leisure and only of incidents.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.observations import BoxXyxy, Detection
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.images import decode_image, resize, shrink
from chalicelib.vision.sessions import Model
from chalicelib.vision.vehicles import PERSON, SURE_SCORE, VehicleDetector

SHOWN_PX = 1920
"""The longer side of what is shown: more pixels would only show more of people."""

MIN_FACE_SCORE = 0.2
MIN_PERSON_SCORE = 0.185

TILE_PX = 640
OVERLAP_PX = 128
ENLARGED = 2.0
"""Tiles are so much larger than the picture: an eye-catching 8 px are 16 px to the detector then."""

FACE_MARGIN = 0.35
HEAD_SHARE = 0.3
"""Of a person's height, from the top: a head, a helmet, and some air."""

CELLS = 4
"""A hidden part keeps so many cells across, of one colour each."""

QUALITY = 85

BgrImage = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Redacted:
    """A picture without faces as JPEG, and the vehicles that were seen in it, in pixels of `wh`."""

    jpeg: bytes
    wh: tuple[int, int]
    vehicles: tuple[Detection, ...]


class Redactor:
    """Hides everybody in a picture."""

    def __init__(self, face_model: Model, vehicles: VehicleDetector) -> None:
        self._faces = FaceDetector(face_model, max_side_px=TILE_PX, min_score=MIN_FACE_SCORE)
        self._vehicles = vehicles

    def redact(self, data: bytes) -> Redacted:
        """A file's picture with nobody in it; raises FrameRejected as decode_image does."""
        image, _ = shrink(decode_image(data), SHOWN_PX)
        things = self._vehicles.find(image, from_score=MIN_PERSON_SCORE)
        hidden = image.copy()
        faces = self._faces_in(image)
        heads = (head for head in map(_head, self._people_in(image, things)) if not _holds_any(head, faces))
        for box in (*faces, *heads):
            smear(hidden, box)
        for box in self._faces_in(hidden):
            paint_over(hidden, box)
        height, width = image.shape[:2]
        vehicles = tuple(one for one in things if one.label != PERSON and one.score >= SURE_SCORE)
        return Redacted(to_jpeg(hidden), (width, height), vehicles)

    def _faces_in(self, image: BgrImage) -> list[BoxXyxy]:
        """With a margin, in the whole picture and in its enlarged tiles."""
        views = [(image, (0, 0), 1.0), *_tiles(image)]
        found = ((face.box_xyxy, at, scale) for view, at, scale in views for face in self._faces.glance(view))
        return [_widened(_moved(box, at, scale), FACE_MARGIN) for box, at, scale in found]

    def _people_in(self, image: BgrImage, things: Iterable[Detection]) -> list[BoxXyxy]:
        """In the whole picture, and in its quarters, for those who are small."""
        found = [one.box_xyxy for one in things if one.label == PERSON]
        height, width = image.shape[:2]
        for top in (0, height * 2 // 5):
            for left in (0, width * 2 // 5):
                quarter = np.ascontiguousarray(image[top : top + height * 3 // 5, left : left + width * 3 // 5])
                near = self._vehicles.find(quarter, from_score=MIN_PERSON_SCORE)
                found += [_moved(one.box_xyxy, (left, top), 1.0) for one in near if one.label == PERSON]
        return found


def smear(image: BgrImage, box_xyxy: BoxXyxy) -> None:
    """Leave a few soft cells of a part of a picture, in place."""
    part = _part(image, box_xyxy)
    if part.size:
        wh = part.shape[1::-1]
        coarse = cv2.resize(part, (CELLS, CELLS), interpolation=cv2.INTER_AREA)
        part[:] = cv2.resize(coarse, wh, interpolation=cv2.INTER_LINEAR)


def paint_over(image: BgrImage, box_xyxy: BoxXyxy) -> None:
    """Leave one colour of a part of a picture, in place."""
    part = _part(image, box_xyxy)
    if part.size:
        part[:] = part.mean(axis=(0, 1)).astype(np.uint8)


def to_jpeg(image: BgrImage) -> bytes:
    """The pixels alone."""
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()


def _tiles(image: BgrImage) -> Iterator[tuple[BgrImage, tuple[int, int], float]]:
    """Parts of the picture, enlarged to tiles, with where each begins and by how much it was enlarged."""
    height, width = image.shape[:2]
    side, step = round(TILE_PX / ENLARGED), round((TILE_PX - OVERLAP_PX) / ENLARGED)
    for top in range(0, max(1, height - side + step), step):
        for left in range(0, max(1, width - side + step), step):
            part = image[top : top + side, left : left + side]
            wh = (round(part.shape[1] * ENLARGED), round(part.shape[0] * ENLARGED))
            yield resize(part, wh), (left, top), ENLARGED


def _head(person_xyxy: BoxXyxy) -> BoxXyxy:
    left, top, right, bottom = person_xyxy
    return _widened((left, top, right, top + HEAD_SHARE * (bottom - top)), 0.1)


def _holds_any(head_xyxy: BoxXyxy, faces_xyxy: Iterable[BoxXyxy]) -> bool:
    """Whether the middle of a face lies in there, so that the face is hidden already."""
    left, top, right, bottom = head_xyxy
    middles = (((one[0] + one[2]) / 2, (one[1] + one[3]) / 2) for one in faces_xyxy)
    return any(left <= x <= right and top <= y <= bottom for x, y in middles)


def _moved(box_xyxy: BoxXyxy, at: tuple[int, int], scale: float) -> BoxXyxy:
    """A box of a view, in pixels of the picture."""
    left, top, right, bottom = (side / scale for side in box_xyxy)
    return left + at[0], top + at[1], right + at[0], bottom + at[1]


def _widened(box_xyxy: BoxXyxy, share: float) -> BoxXyxy:
    left, top, right, bottom = box_xyxy
    across, down = share * (right - left), share * (bottom - top)
    return left - across, top - down, right + across, bottom + down


def _part(image: BgrImage, box_xyxy: BoxXyxy) -> BgrImage:
    """The pixels in a box, as far as it lies in the picture."""
    height, width = image.shape[:2]
    left, top, right, bottom = (round(side) for side in box_xyxy)
    return image[max(0, top) : min(height, bottom), max(0, left) : min(width, right)]
