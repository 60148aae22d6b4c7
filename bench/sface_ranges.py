"""`python -m bench.sface_ranges --data DIR`: which values pass the layers of SFace that run in 8 bits.

Prints the table that `layers/models/convert/sface_int8.py` keeps. Fetches the published model anew; three minutes.
"""

from pathlib import Path
from typing import Annotated

import numpy as np
import onnx
import onnxruntime as ort
import typer
from onnx import helper
from rich.console import Console
from rich.progress import track

from bench.accuracy.face_templates import nearest_the_middle
from bench.accuracy.pictures import limited, picture_at
from chalicelib.vision.face_alignment import align_face
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.sessions import Float32, load_model
from layers.models.convert.sface import convert_exactly
from layers.models.convert.sface_int8 import RANGES
from layers.models.fetch import fetch
from layers.models.manifest import parse_manifest
from layers.models.state import MANIFEST, read_manifest

_console = Console(stderr=True)


def main(
    data: Annotated[Path, typer.Option(help="a folder with faces/lfw/<person>/*.jpg")],
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models"),
    limit: Annotated[int, typer.Option(help="look at so many photographs, evenly spread")] = 1_200,
) -> None:
    """Print the lowest and highest value that enters and that leaves each layer."""
    source = parse_manifest(read_manifest(MANIFEST))["face_embedder"].source
    exact = convert_exactly(*fetch(source).values())
    watched = _watch(exact)
    session = ort.InferenceSession(exact.SerializeToString())
    photographs = limited(sorted((data / "faces/lfw").glob("*/*.jpg")), limit)
    seen = [_extremes(session, blob) for blob in _blobs(photographs, models)]
    low, high = np.min([one[0] for one in seen], axis=0), np.max([one[1] for one in seen], axis=0)
    bounds = dict(zip((output.name for output in session.get_outputs()), zip(low, high, strict=True), strict=True))
    for name, around in watched.items():
        inner = ", ".join(f"({bounds[one][0]:.2f}, {bounds[one][1]:.2f})" for one in around)
        print(f'    "{name}": ({inner}),')


def _watch(model: onnx.ModelProto) -> dict[str, tuple[str, str]]:
    """Make what enters and leaves the layers an output of the network, too; returns both by the layer's name."""
    watched = {node.name: (node.input[0], node.output[0]) for node in model.graph.node if node.name in RANGES}
    known = {output.name for output in model.graph.output}
    for name in {name for around in watched.values() for name in around} - known:
        model.graph.output.append(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    return watched


def _blobs(photographs: list[Path], models: Path) -> list[Float32]:
    detector, model = FaceDetector(load_model(models, "face_detector")), load_model(models, "face_embedder")
    blobs: list[Float32] = []
    for photograph in track(photographs, "faces", console=_console):
        image_bgr = picture_at(photograph)
        face = nearest_the_middle(detector.detect(image_bgr), image_bgr)
        if face is not None:
            blobs.append(model.blob(align_face(image_bgr, face)))
    return blobs


def _extremes(session: ort.InferenceSession, blob: Float32) -> tuple[list[float], list[float]]:
    outputs = session.run(None, {"data": blob})
    return [float(output.min()) for output in outputs], [float(output.max()) for output in outputs]


if __name__ == "__main__":
    typer.run(main)
