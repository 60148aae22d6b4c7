"""Turns faces into templates with SFace, 128 numbers each; the costliest step by far, so only good faces get here.

Model card: OpenCV Zoo, face_recognition_sface (Zhong et al., "SFace: Sigmoid-Constrained Hypersphere Loss for Robust
Face Recognition", 2021). OpenCV's own `FaceRecognizerSF` gives the same templates; the tests compare them.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from chalicelib.vision.boxes import Float32
from chalicelib.vision.face_alignment import align_face
from chalicelib.vision.face_detection import Face
from chalicelib.vision.sessions import Model

TEMPLATE_DIM = 128


class FaceEmbedder:
    """Makes templates whose inner product is the cosine between faces.

    Only templates of one `digest` compare. It is that of the weights as published, so that a list enrolled long ago
    outlives a new conversion of the same model; `file_digest` names the very file that ran.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self.digest = model.spec.source_sha256s[0]
        self.file_digest = model.digest

    def embed(self, image_bgr: NDArray[np.uint8], faces: Sequence[Face]) -> Float32:
        """Unit rows `(n, 128)` in the order of the faces, all in one run; `(0, 128)` without faces."""
        if not faces:
            return np.zeros((0, TEMPLATE_DIM), np.float32)
        blob = np.concatenate([self._model.blob(align_face(image_bgr, face)) for face in faces])
        (raw,) = self._model.run(blob)
        templates: Float32 = raw / np.linalg.norm(raw, axis=1, keepdims=True)
        return templates
