"""The bounds of the vehicle detector's inner values on street pictures: `python -m bench.nanodet_ranges --data DIR`.

A minute on one core. The result is `layers/models/convert/nanodet_ranges.py`; the models must be built anew then.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import onnx
import onnxruntime as ort
import typer
from rich.progress import track

from bench.scenes.data import load_photos
from chalicelib.vision.sessions import Float32, Model, load_models_index
from chalicelib.vision.vehicles import letterbox
from layers.models.convert.eight_bits import Range
from layers.models.convert.nanodet import convert_exactly
from layers.models.convert.nanodet_int8 import ROUNDED_OPS, fold_biases
from layers.models.fetch import fetch
from layers.models.manifest import parse_manifest
from layers.models.state import MANIFEST, read_manifest

_JOB = "vehicle_detector"
_OUT = Path("layers/models/convert/nanodet_ranges.py")
_HEAD = '''"""Between which bounds NanoDet's inner values move on street pictures; `bench.nanodet_ranges` wrote them."""

RANGES: dict[str, tuple[float, float]] = {
'''


def main(
    data: Annotated[Path, typer.Option(help="labelled photographs: scenes/ and vehicles/")],
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models"),
    out: Annotated[Path, typer.Option(help="where to write the bounds")] = _OUT,
    every: Annotated[int, typer.Option(help="take every so many photographs", min=1)] = 16,
) -> None:
    """Run the exact network on some of the photographs and write down what was seen."""
    cv2.setNumThreads(1)
    session, names = _revealing_session()
    model = Model(load_models_index(models)[_JOB], session)
    ranges: dict[str, Range] = dict.fromkeys(names, (math.inf, -math.inf))
    for photo in track(load_photos(data)[::every]):
        blob = model.blob(letterbox(photo.read(), model.spec.input_wh)[0])
        values = dict(zip(names, [blob, *session.run(names[1:], {"image": blob})], strict=True))
        ranges = {name: _widened(seen, values[name]) for name, seen in ranges.items()}
    _write(out, ranges)


def _revealing_session() -> tuple[ort.InferenceSession, list[str]]:
    """The exact network with every value that is to be rounded among its outputs, and their names."""
    entry = parse_manifest(read_manifest(MANIFEST))[_JOB]
    members = fetch(entry.source)
    model = convert_exactly(*(members[name] for name in entry.source.members))
    fold_biases(model.graph)
    names = [node.output[0] for node in model.graph.node if node.op_type in ROUNDED_OPS]
    model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in names)
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session, ["image", *names]


def _widened(seen: Range, values: Float32) -> Range:
    return min(seen[0], float(np.min(values))), max(seen[1], float(np.max(values)))


def _write(out: Path, ranges: Mapping[str, Range]) -> None:
    lines = (f'    "{name}": ({low:.3f}, {high:.3f}),\n' for name, (low, high) in ranges.items())
    out.write_text(f"{_HEAD}{''.join(lines)}}}\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
