"""Turns faces into templates with SFace, 128 numbers each; 13 ms a face, the costliest step: only good ones get here.

What is enrolled, or resembles somebody, is worth more: the mean over several looks at it, each with its mirror image.

Model card: OpenCV Zoo, face_recognition_sface (Zhong et al., "SFace: Sigmoid-Constrained Hypersphere Loss for Robust
Face Recognition", 2021). Alignment and colours are those of OpenCV's own `FaceRecognizerSF`; the tests compare them.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from chalicelib.errors import Misconfigured
from chalicelib.vision.boxes import Float32
from chalicelib.vision.face_alignment import align_face
from chalicelib.vision.face_detection import Face
from chalicelib.vision.face_space import FaceSpace, read_face_space, unit_rows
from chalicelib.vision.sessions import Model

TEMPLATE_DIM = 128

FACES_A_RUN = 2
"""More at once outgrow the cache: sixteen faces take 15.2 ms each in one run, 12.5 in pairs, 13.0 one by one."""


class FaceEmbedder:
    """Makes templates whose inner product is the cosine between faces.

    Only templates of one `digest` compare. It follows from the weights as published and from the centre, so that a
    list enrolled long ago outlives a new conversion of the same model; `file_digest` names the very file that ran.
    """

    def __init__(self, model: Model, space: FaceSpace | None = None) -> None:
        """Raise Misconfigured where the space (the shipped one unless told) is another network's."""
        self._model = model
        self._space = space or read_face_space()
        if self._space.weights_digest not in model.spec.source_sha256s:
            raise Misconfigured(f"the face space belongs to another embedder, {self._space.weights_digest!r}")
        self.digest = self._space.digest
        self.file_digest = model.digest

    def embed(self, image_bgr: NDArray[np.uint8], faces: Sequence[Face]) -> Float32:
        """Unit rows `(n, 128)` in the order of the faces; `(0, 128)` without faces."""
        if not faces:
            return np.zeros((0, TEMPLATE_DIM), np.float32)
        return self._space.templates(self._run([align_face(image_bgr, face) for face in faces]))

    def embed_thoroughly(self, image_bgr: NDArray[np.uint8], looks: Sequence[Face]) -> Float32:
        """One unit row `(1, 128)` of one face from looks at it, each with its mirror image; 25 ms a look."""
        crops = [align_face(image_bgr, look) for look in looks]
        raw = unit_rows(self._run([*crops, *(_mirrored(crop) for crop in crops)]))
        return self._space.templates(raw.mean(axis=0, keepdims=True))

    def _run(self, crops: Sequence[NDArray[np.uint8]]) -> Float32:
        """The network's own rows `(n, 128)` of aligned faces."""
        blobs = [self._model.blob(crop) for crop in crops]
        pairs = (blobs[start : start + FACES_A_RUN] for start in range(0, len(blobs), FACES_A_RUN))
        return np.concatenate([self._model.run(np.concatenate(pair))[0] for pair in pairs])


def _mirrored(crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(crop[:, ::-1])
