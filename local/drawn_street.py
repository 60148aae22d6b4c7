"""Streets drawn by procedure and by seed, with what a kind of incident looks like: pictures of nobody, for a sample.

A drawing knows where its people's heads are, so it needs no model to hide them. Some 60 ms a picture.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.kinds import CAMERA_FAULT, CONGESTION, FIRE_SMOKE, FLOOD, GARBAGE, WATCHLIST_CANDIDATE
from overlays import render

BgrImage = NDArray[np.uint8]
Box = tuple[int, int, int, int]
Foot = tuple[int, int, float]
"""Where something stands, in pixels, and how many a metre has there."""

WH = (768, 432)
HORIZON_PX = 170
FACE_WH = (160, 200)

_SHOWN = {FIRE_SMOKE: ("fire", 0.3), FLOOD: ("flood", 0.34), GARBAGE: ("garbage", 0.22)}
_PAINTS_BGR = ((60, 60, 200), (190, 120, 50), (230, 230, 230), (45, 45, 45), (60, 170, 200), (110, 140, 70))
_SKIN_BGR = (145, 175, 215)


@dataclass(slots=True)
class Drawing:
    """A picture, the boxes of what was drawn in it, and those of heads, all in pixels."""

    image_bgr: BgrImage
    things: list[tuple[str, Box]] = field(default_factory=list)
    heads: list[Box] = field(default_factory=list)

    def redacted(self) -> BgrImage:
        """A copy with every head coarse and smeared."""
        hidden = self.image_bgr.copy()
        for left, top, right, bottom in self.heads:
            part = hidden[top:bottom, left:right]
            coarse = cv2.resize(part, (3, 3), interpolation=cv2.INTER_AREA)
            smeared = cv2.resize(coarse, part.shape[1::-1], interpolation=cv2.INTER_LINEAR)
            hidden[top:bottom, left:right] = smeared
        return hidden


def draw_street(kind: str | None, *, seed: int, moment: int = 0) -> Drawing:
    """A street of one seed; with a kind, what that looks like at a moment of its seconds."""
    rng = np.random.default_rng(seed)
    drawing = Drawing(_backdrop(rng))
    moving = np.random.default_rng((seed, moment))
    for foot in _feet(moving, 22 if kind == CONGESTION else 4, on_road=True):
        _draw_car(drawing, foot, moving)
    for foot in _feet(moving, 3 if kind == WATCHLIST_CANDIDATE else 2, on_road=False):
        _draw_person(drawing, foot, moving)
    if kind in _SHOWN:
        name, share = _SHOWN[kind]
        place = (0.35 + 0.3 * rng.random(), 0.8)
        drawing.image_bgr = render(drawing.image_bgr, name, size_share=share, position_rel=place, seed=seed)
    if kind == CAMERA_FAULT:
        drawing.image_bgr = np.asarray(cv2.GaussianBlur(drawing.image_bgr, (0, 0), 14), np.uint8)
    return drawing


def draw_face(*, seed: int) -> BgrImage:
    """A face of nobody."""
    rng = np.random.default_rng(seed)
    width, height = FACE_WH
    face = np.full((height, width, 3), (210, 205, 195), np.uint8)
    middle = (width // 2, int(height * 0.54))
    cv2.ellipse(face, middle, (56, 74), 0, 0, 360, _SKIN_BGR, -1, cv2.LINE_AA)
    cv2.ellipse(face, (middle[0], middle[1] - 34), (60, 48), 0, 180, 360, (30, 28, 26), -1, cv2.LINE_AA)
    apart, brow = int(rng.integers(20, 27)), int(rng.integers(12, 18))
    for side in (-1, 1):
        eye = (middle[0] + side * apart, middle[1] - 8)
        cv2.ellipse(face, eye, (10, 5), 0, 0, 360, (250, 250, 250), -1, cv2.LINE_AA)
        cv2.circle(face, eye, 4, (35, 35, 40), -1, cv2.LINE_AA)
        cv2.line(face, (eye[0] - 11, eye[1] - brow), (eye[0] + 11, eye[1] - brow), (40, 40, 45), 3, cv2.LINE_AA)
    cv2.line(face, middle, (middle[0] - 6, middle[1] + 22), (110, 140, 180), 2, cv2.LINE_AA)
    cv2.ellipse(face, (middle[0], middle[1] + 42), (20, 6), 0, 0, 180, (90, 90, 170), 3, cv2.LINE_AA)
    return face


def to_jpeg(image_bgr: BgrImage) -> bytes:
    return cv2.imencode(".jpg", image_bgr, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()


def _backdrop(rng: np.random.Generator) -> BgrImage:
    """Sky, houses in a row, and a road that runs away from the camera."""
    width, height = WH
    sky = np.linspace((225, 200, 170), (235, 230, 222), HORIZON_PX)[:, None]
    ground = np.linspace((130, 135, 138), (105, 108, 110), height - HORIZON_PX)[:, None]
    image = np.ascontiguousarray(np.broadcast_to(np.concatenate([sky, ground]), (height, width, 3)), np.uint8)
    at = 0
    while at < width:
        house_wh = int(rng.integers(50, 110)), int(rng.integers(60, 150))
        _draw_house(image, at, house_wh, rng)
        at += house_wh[0]
    road = np.array([(width * 0.42, HORIZON_PX), (width * 0.58, HORIZON_PX), (width * 1.02, height), (-20, height)])
    cv2.fillPoly(image, [road.astype(np.int32)], (84, 82, 80), cv2.LINE_AA)
    for share in np.linspace(0.05, 1, 9):
        y = int(HORIZON_PX + (height - HORIZON_PX) * share**2)
        cv2.line(image, (width // 2, y), (width // 2, y + int(16 * share)), (215, 220, 220), max(1, int(5 * share)))
    noise = rng.normal(0, 4, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def _draw_house(image: BgrImage, left: int, house_wh: tuple[int, int], rng: np.random.Generator) -> None:
    top, right, foot = HORIZON_PX + 12 - house_wh[1], left + house_wh[0], HORIZON_PX + 12
    wall = tuple(int(part) for part in rng.integers((150, 165, 170), (215, 225, 235)))
    cv2.rectangle(image, (left, top), (right, foot), wall, -1)
    for y in range(top + 12, foot - 26, 26):
        for x in range(left + 8, right - 14, 22):
            cv2.rectangle(image, (x, y), (x + 10, y + 14), (120, 105, 90), -1)
    cv2.rectangle(image, (left, foot - 20), (right, foot), tuple(int(part) for part in rng.integers(60, 180, 3)), -1)


def _feet(rng: np.random.Generator, count: int, *, on_road: bool) -> list[Foot]:
    """The far ones first."""
    return sorted((_foot(rng, on_road=on_road) for _ in range(count)), key=lambda one: one[1])


def _foot(rng: np.random.Generator, *, on_road: bool) -> Foot:
    share = float(rng.uniform(0.12, 0.95))
    y = HORIZON_PX + (WH[1] - HORIZON_PX) * share
    half_road = WH[0] * (0.08 + 0.42 * share)
    aside = rng.uniform(-0.85, 0.85) if on_road else rng.choice((-1, 1)) * rng.uniform(0.95, 1.1)
    return int(WH[0] / 2 + half_road * aside * 0.9), int(y), 6 + 34 * share


def _draw_car(drawing: Drawing, foot: Foot, rng: np.random.Generator) -> None:
    x, y, metre_px = foot
    half, tall = int(metre_px * 0.95), int(metre_px * 1.45)
    paint = _PAINTS_BGR[rng.integers(len(_PAINTS_BGR))]
    box = (max(0, x - half), max(0, y - tall), min(WH[0], x + half), min(WH[1], y))
    image = drawing.image_bgr
    cv2.ellipse(image, (x, y), (half, max(2, half // 5)), 0, 0, 360, (50, 50, 50), -1, cv2.LINE_AA)
    cv2.rectangle(image, (x - half, y - int(tall * 0.6)), (x + half, y - 3), paint, -1)
    cv2.rectangle(image, (x - int(half * 0.75), y - tall), (x + int(half * 0.75), y - int(tall * 0.55)), paint, -1)
    window = (x - int(half * 0.6), y - int(tall * 0.93)), (x + int(half * 0.6), y - int(tall * 0.6))
    cv2.rectangle(image, *window, (75, 65, 55), -1)
    drawing.things.append(("car", box))


def _draw_person(drawing: Drawing, foot: Foot, rng: np.random.Generator) -> None:
    x, y, metre_px = foot
    x = int(np.clip(x, 30, WH[0] - 30))
    tall, head = int(metre_px * 1.75), max(4, int(metre_px * 0.17))
    shirt = _PAINTS_BGR[rng.integers(len(_PAINTS_BGR))]
    image, neck = drawing.image_bgr, y - tall + 2 * head
    wide = max(2, int(head * 1.1))
    cv2.rectangle(image, (x - wide, neck), (x + wide, y - tall // 2), shirt, -1)
    cv2.rectangle(image, (x - wide, y - tall // 2), (x + wide, y), (70, 60, 55), -1)
    cv2.circle(image, (x, neck - head), head, _SKIN_BGR, -1, cv2.LINE_AA)
    cv2.ellipse(image, (x, neck - head), (head, head), 0, 180, 360, (30, 28, 26), -1, cv2.LINE_AA)
    box = (max(0, x - wide), max(0, y - tall), min(WH[0], x + wide), min(WH[1], y))
    drawing.things.append(("person", box))
    drawing.heads.append((max(0, x - head - 3), max(0, neck - 2 * head - 3), x + head + 3, neck + 3))
