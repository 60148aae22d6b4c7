"""A listed person's photograph becomes a template, or is refused with the reason: one good face, nothing less."""

import numpy as np
from numpy.typing import NDArray

from chalicelib.errors import FrameRejected
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_quality import assess_face, refusal
from chalicelib.vision.images import decode_image


def enrol_photo(photo: bytes, *, detector: FaceDetector, embedder: FaceEmbedder) -> NDArray[np.float32]:
    """One unit row `(1, dim)`; raises FrameRejected with what the quality gate has against the photograph."""
    image_bgr = decode_image(photo)
    faces = detector.detect(image_bgr)
    if len(faces) != 1:
        raise FrameRejected("several_faces" if faces else "no_face")
    reason = refusal(assess_face(image_bgr, faces[0]))
    if reason is not None:
        raise FrameRejected(reason)
    return embedder.embed(image_bgr, faces)
