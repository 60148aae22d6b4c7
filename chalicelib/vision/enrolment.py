"""Turns a listed person's photograph into a template, or refuses it with the reason; some 45 ms.

A poor photograph misleads for as long as the entry is in force, so enrolment asks for more than a search does.
Reasons, as codes: `no_face`, `several_faces`, the quality gate's own (`cut_off`, `too_dark`, `too_bright`) and its
stricter ones (`too_small`, `turned`, `blurred`), what hides a part of the face (`covered`, `dark_glasses`); against
other templates `duplicate` (this very picture again), `unlike_entry` (the entry's other photographs show somebody else)
and `resembles_another_entry`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chalicelib.errors import FrameRejected
from chalicelib.vision.boxes import Float32
from chalicelib.vision.face_alignment import align_face
from chalicelib.vision.face_cover import covers
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_quality import FaceQuality, assess_face, refusal
from chalicelib.vision.images import decode_image

MIN_EYE_DISTANCE_PX = 30.0
MIN_SHARPNESS = 0.015
MAX_TURN = 0.4
"""A hundredth of LFW's portraits is poorer than each of the three."""

DUPLICATE_COSINE = 0.90
"""A picture stored, cut, scaled or lit anew stays above (in 95 of 100: .91 to .97), as does one pair of a person's
different pictures in a thousand."""


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """Templates that a new one is held against: unit rows `(n, dim)` of the entry itself, and of all others."""

    own: Float32
    others: Float32


def enrol_photo(photo: bytes, *, detector: FaceDetector, embedder: FaceEmbedder) -> Float32:
    """One unit row `(1, dim)` from a picture file; raises FrameRejected with the first reason that holds."""
    return enrol_image(decode_image(photo), detector=detector, embedder=embedder)


def enrol_image(image_bgr: NDArray[np.uint8], *, detector: FaceDetector, embedder: FaceEmbedder) -> Float32:
    """The same from a decoded picture `(h, w, 3)`."""
    faces = detector.detect(image_bgr)
    if len(faces) != 1:
        raise FrameRejected("several_faces" if faces else "no_face")
    face = detector.look_closely(image_bgr, faces[0])
    quality = assess_face(image_bgr, face)
    reason = refusal(quality) or _too_poor_to_enrol(quality) or next(iter(covers(align_face(image_bgr, face))), None)
    if reason is not None:
        raise FrameRejected(reason)
    return embedder.embed_thoroughly(image_bgr, (face,))


def compare_with_listed(template: Float32, listed: Listed, *, stranger_cosine: float, threshold: float) -> str | None:
    """Why a template `(1, dim)` doesn't belong to its entry, or None where it does.

    Below `stranger_cosine` (the curve's floor) two photographs are not called one person's; at `threshold`, the one in
    force for searches, a photograph would raise a candidate of another entry.
    """
    own, others = _best(template, listed.own), _best(template, listed.others)
    reasons = (
        ("duplicate", own >= DUPLICATE_COSINE),
        ("unlike_entry", len(listed.own) > 0 and own < stranger_cosine),
        ("resembles_another_entry", others >= threshold and others > own),
    )
    return next((reason for reason, holds in reasons if holds), None)


def _too_poor_to_enrol(quality: FaceQuality) -> str | None:
    reasons = (
        ("too_small", quality.eye_distance_px < MIN_EYE_DISTANCE_PX),
        ("turned", quality.turn > MAX_TURN),
        ("blurred", quality.sharpness < MIN_SHARPNESS),
    )
    return next((reason for reason, holds in reasons if holds), None)


def _best(template: Float32, rows: Float32) -> float:
    return float((rows @ template[0]).max()) if len(rows) else -1.0
