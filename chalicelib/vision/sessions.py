"""The models as the run time sees them: an index, and one-thread onnxruntime sessions whose file was proved first.

Proving and loading the largest model costs some 250 ms of processor time: load once a process.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from chalicelib.errors import Misconfigured

INDEX = "models.json"
_ERRORS_ONLY = 3

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """How one model is fed: `(pixel - mean) / std` in this colour order, at this size; written by `layers.models`."""

    job: str
    file: str
    sha256: str
    input_wh: tuple[int, int]
    colour: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    labels: tuple[str, ...]
    source_sha256s: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """A model ready to run."""

    spec: ModelSpec
    session: ort.InferenceSession

    @property
    def digest(self) -> str:
        """SHA-256 of the ONNX file, which an incident records as evidence."""
        return self.spec.sha256

    @property
    def takes_bytes(self) -> bool:
        """Whether the network takes a picture as it lies in memory and scales it itself, as those in 8 bits can."""
        return bool(self.session.get_inputs()[0].type == "tensor(uint8)")

    def blob(self, image_bgr: NDArray[np.uint8]) -> NDArray[Any]:
        """Turn a picture (h,w,3) of the size wanted into float32 (1,3,h,w) in the colours and at the scale of the spec.

        Where the network takes bytes it stays as it is but for the order of its colours: (1,h,w,3).
        """
        if self.takes_bytes:
            ordered = cv2.cvtColor(image_bgr, cv2.COLOR_BGR2RGB) if self.spec.colour == "rgb" else image_bgr
            return np.ascontiguousarray(ordered)[None]
        # Not cv2.dnn.blobFromImage: OpenCV as small as a layer wants it has no dnn module.
        # Splitting first, into planes that lie in one piece, takes a third of the time where nothing is to be scaled.
        planes = cv2.split(image_bgr)
        channels = planes[::-1] if self.spec.colour == "rgb" else planes
        blob = np.empty((1, 3, *image_bgr.shape[:2]), np.float32)
        for plane, channel in enumerate(channels):
            np.subtract(channel, np.float32(self.spec.mean[plane]), out=blob[0, plane])
            if self.spec.std[plane] != 1:
                blob[0, plane] /= np.float32(self.spec.std[plane])
        return blob

    def run(self, batch: NDArray[Any]) -> list[Float32]:
        """Run the network on one or several of what `blob` returns; its outputs in the model's own order."""
        (image,) = self.session.get_inputs()
        outputs: Sequence[Float32] = self.session.run(None, {image.name: batch})
        return list(outputs)


def load_models_index(models_dir: Path) -> dict[str, ModelSpec]:
    """Read the specs of all models in the folder, by job; raises Misconfigured where the index is missing or broken."""
    try:
        records = json.loads((models_dir / INDEX).read_bytes())
        return {job: _spec(job, record) for job, record in records.items()}
    except (OSError, ValueError, KeyError) as error:
        raise Misconfigured(f"no usable {INDEX} in {str(models_dir)!r}: run make models") from error


def load_model(models_dir: Path, job: str) -> Model:
    """Load one model after checking its SHA-256; raises Misconfigured where it is missing or not what was indexed."""
    specs = load_models_index(models_dir)
    if job not in specs:
        raise Misconfigured(f"no model for {job!r} in {str(models_dir)!r}, only for {sorted(specs)!r}")
    spec = specs[job]
    return Model(spec, _session(_read_verified(models_dir / spec.file, spec.sha256)))


def _spec(job: str, record: dict[str, Any]) -> ModelSpec:
    return ModelSpec(
        job=job,
        file=record["file"],
        sha256=record["sha256"],
        input_wh=tuple(record["input_wh"]),
        colour=record["colour"],
        mean=tuple(record["mean"]),
        std=tuple(record["std"]),
        labels=tuple(record["labels"]),
        source_sha256s=tuple(record["source"]["members"].values()),
    )


def _read_verified(path: Path, expected: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"cannot read the model {str(path)!r}") from error
    actual = hashlib.sha256(content).hexdigest()
    if actual != expected:
        raise Misconfigured(f"the model {str(path)!r} has SHA-256 {actual}, indexed was {expected}")
    return content


def _session(model: bytes) -> ort.InferenceSession:
    """One thread, since a Lambda of our size has about one core and timings must not depend on the machine."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
