"""Record what OpenCV answers for the two face models as published; run by hand, never by the tests.

From the project's folder:   python -m tests.data.parity.record_faces YUNET.onnx SFACE.onnx
with the two files as they lie in the package, before conversion.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.data.parity.pictures import synthetic_bgr

HERE = Path(__file__).parent
OUTPUTS = [f"{name}_{stride}" for name in ("cls", "obj", "bbox", "kps") for stride in (8, 16, 32)]


def main(yunet_onnx: str, sface_onnx: str) -> None:
    """Keep every 97th value of YuNet's raw outputs at two shapes, and SFace's embeddings of two pictures."""
    detector = cv2.dnn.readNetFromONNX(yunet_onnx)
    picture = synthetic_bgr(640)
    square, wide = detect(detector, picture), detect(detector, picture[:384])
    np.savez_compressed(HERE / "face_detector.npz", square=square, wide=wide)

    embedder = cv2.FaceRecognizerSF.create(sface_onnx, "")
    pictures = [synthetic_bgr(112), np.ascontiguousarray(synthetic_bgr(112)[::-1])]
    np.savez_compressed(HERE / "face_embedder.npz", embeddings=np.concatenate([embedder.feature(p) for p in pictures]))


def detect(detector: cv2.dnn.Net, image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Run the network at the picture's own shape."""
    detector.setInput(cv2.dnn.blobFromImage(image))
    return np.concatenate([output.ravel() for output in detector.forward(OUTPUTS)])[::97]


main(*sys.argv[1:])
