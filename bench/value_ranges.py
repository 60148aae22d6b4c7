"""The bounds of a network's inner values on street pictures: `python -m bench.value_ranges scene_encoder --data DIR`.

A minute on one core. The result is `layers/models/convert/<network>_ranges.py`; the models must be built anew then,
and after the encoder's every head must be trained anew.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import onnx
import typer
from rich.progress import track

from bench.exact_networks import published, revealing
from bench.scenes.data import load_photos
from chalicelib.errors import InvalidInput
from chalicelib.vision.scene_views import large_view
from chalicelib.vision.sessions import Float32, ModelSpec, load_models_index
from chalicelib.vision.vehicles import letterbox
from layers.models.convert import efficientnet_lite, nanodet, nanodet_int8
from layers.models.convert.eight_bits import Range
from overlays.raster import BgrImage

_FOLDER = Path("layers/models/convert")


@dataclass(frozen=True, slots=True)
class _Network:
    """How one network is made exactly, which of its values have bounds to find, and what it sees of a photograph."""

    file: str
    make: Callable[..., onnx.ModelProto]
    unbounded: Callable[[onnx.GraphProto], list[str]]
    view: Callable[[BgrImage, ModelSpec], BgrImage]


def main(
    job: Annotated[str, typer.Argument(help="vehicle_detector or scene_encoder")],
    data: Annotated[Path, typer.Option(help="labelled photographs: scenes/ and vehicles/")],
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models"),
    folder: Annotated[Path, typer.Option(help="where to write the bounds")] = _FOLDER,
    every: Annotated[int, typer.Option(help="take every so many photographs", min=1)] = 16,
) -> None:
    """Run the exact network on some of the photographs and write down what was seen."""
    if job not in _NETWORKS:
        raise InvalidInput(f"no such network: {job!r}, there are {', '.join(_NETWORKS)}")
    cv2.setNumThreads(1)
    network = _NETWORKS[job]
    exact = published(job, network.make)
    names = network.unbounded(exact.graph)
    model = revealing(exact, load_models_index(models)[job], names)
    ranges: dict[str, Range] = dict.fromkeys(names, (math.inf, -math.inf))
    for photo in track(load_photos(data)[::every]):
        values = model.run(model.blob(network.view(photo.read(), model.spec)))
        ranges = {name: _widened(seen, value) for (name, seen), value in zip(ranges.items(), values, strict=True)}
    _write(folder / f"{network.file}_ranges.py", job, ranges)


def _of_detector(graph: onnx.GraphProto) -> list[str]:
    return [node.output[0] for node in graph.node if node.op_type in nanodet_int8.ROUNDED_OPS]


def _of_encoder(graph: onnx.GraphProto) -> list[str]:
    """Those of layers that no activation bounds."""
    activated = {node.input[0] for node in graph.node if node.op_type == "Clip"}
    layers = [node.output[0] for node in graph.node if node.op_type in {"Conv", "Add"}]
    return [name for name in layers if name not in activated]


_NETWORKS: Mapping[str, _Network] = {
    "vehicle_detector": _Network(
        "nanodet",
        nanodet.convert_for_streets,
        _of_detector,
        lambda image_bgr, spec: letterbox(image_bgr, spec.input_wh)[0],
    ),
    "scene_encoder": _Network(
        "efficientnet_lite",
        efficientnet_lite.convert_exactly,
        _of_encoder,
        lambda image_bgr, _spec: large_view(image_bgr),
    ),
}


def _widened(seen: Range, values: Float32) -> Range:
    return min(seen[0], float(np.min(values))), max(seen[1], float(np.max(values)))


def _write(out: Path, job: str, ranges: Mapping[str, Range]) -> None:
    lines = (f'    "{name}": ({low:.3f}, {high:.3f}),\n' for name, (low, high) in ranges.items())
    out.write_text(f"{_HEAD.format(job=job)}{''.join(lines)}}}\n", encoding="utf-8")


_HEAD = '''"""Between which bounds the {job}'s inner values move on street pictures; `bench.value_ranges` wrote them."""

RANGES: dict[str, tuple[float, float]] = {{
'''


if __name__ == "__main__":
    typer.run(main)
