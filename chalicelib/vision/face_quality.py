"""Which faces are worth comparing: a poor one matches nobody it should, and costs as much to embed as a good one.

How verification suffers, SFace on 150 pairs of LFW with one photograph spoilt (share of pairs still above cosine 0.4):

    as it is          .99    eye distance 18 px  .97    face mean 63 of 255  .96    face mean 181  .95
    blur 2 px (1.4)   .97                 13 px  .95                    31   .95              209  .75
    blur 3 px (2.1)   .86                 10 px  .81                    15   .79              232  .29
    blur 4 px (2.8)   .57                  7 px  .37                     8   .07              240  .07

(in brackets: on the aligned face). The limits lie where the share falls below about .8; more than 99 % of LFW passes.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.vision.face_alignment import align_face
from chalicelib.vision.face_detection import Face

MIN_EYE_DISTANCE_PX = 10.0
MIN_SHARPNESS = 0.010
MIN_BRIGHTNESS = 18.0
MAX_BRIGHTNESS = 205.0
MAX_TURN = 0.6
"""The nose past the middle between the eyes by this share of their distance: past 0.5 it hides one eye, about 45°."""
MIN_INSIDE = 0.8

_FINE_DETAIL_PX = 2.0
_FACE_ROWS, _FACE_COLUMNS = slice(16, 104), slice(16, 96)
"""The aligned face without hair and background."""


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """What makes a face comparable.

    `eye_distance_px` is in the frame; `sharpness` the share of the contrast finer than 2 px on the aligned face;
    `brightness` its mean in [0,255]; `turn` the nose's way off the middle in eye distances, 0 for a frontal face;
    `inside` the share of the box within the frame.
    """

    eye_distance_px: float
    sharpness: float
    brightness: float
    turn: float
    inside: float


def assess_face(image_bgr: NDArray[np.uint8], face: Face) -> FaceQuality:
    """Measure one face of a frame `(h, w, 3)`."""
    aligned = align_face(image_bgr, face)[_FACE_ROWS, _FACE_COLUMNS]
    grey = cv2.cvtColor(aligned, cv2.COLOR_BGR2GRAY).astype(np.float32)
    height, width = image_bgr.shape[:2]
    return FaceQuality(
        eye_distance_px=_eye_distance(face),
        sharpness=_sharpness(grey),
        brightness=float(grey.mean()),
        turn=_turn(face),
        inside=_share_inside(face, width, height),
    )


def refusal(quality: FaceQuality) -> str | None:
    """Why a face isn't worth comparing, the first reason that holds; None for a good one."""
    reasons = (
        ("too_small", quality.eye_distance_px < MIN_EYE_DISTANCE_PX),
        ("cut_off", quality.inside < MIN_INSIDE),
        ("turned", quality.turn > MAX_TURN),
        ("too_dark", quality.brightness < MIN_BRIGHTNESS),
        ("too_bright", quality.brightness > MAX_BRIGHTNESS),
        ("blurred", quality.sharpness < MIN_SHARPNESS),
    )
    return next((reason for reason, holds in reasons if holds), None)


def _eye_distance(face: Face) -> float:
    return float(np.linalg.norm(np.subtract(face.landmarks_xy[1], face.landmarks_xy[0])))


def _sharpness(grey: NDArray[np.float32]) -> float:
    """Contrast-free, so a dim face isn't called blurred; a blank one counts as blurred."""
    contrast = float(grey.var())
    fine = grey - cv2.GaussianBlur(grey, (0, 0), _FINE_DETAIL_PX)
    return float(np.square(fine).mean()) / contrast if contrast else 0.0


def _turn(face: Face) -> float:
    """Along the line of the eyes, so that a tilted head isn't called turned; infinite where the eyes coincide."""
    left, right, nose = np.asarray(face.landmarks_xy[:3])
    eyes = right - left
    squared = float(eyes @ eyes)
    return abs(float((nose - (left + right) / 2) @ eyes)) / squared if squared else float("inf")


def _share_inside(face: Face, width: int, height: int) -> float:
    left, top, right, bottom = face.box_xyxy
    area = (right - left) * (bottom - top)
    inside = max(0.0, min(right, width) - max(left, 0)) * max(0.0, min(bottom, height) - max(top, 0))
    return inside / area if area > 0 else 0.0
