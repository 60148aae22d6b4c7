"""SFace 2021dec, made to suit onnxruntime: half the time for the same embedding, and several faces in one batch.

onnxruntime keeps a network in blocks of channels that suit vector instructions, but has no PReLU for them: as
published, each of the 27 PReLU layers unpacks the blocks, runs slowly, and packs them again.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from layers.models.convert.shapes import free_axes


def convert(model_onnx: bytes) -> onnx.ModelProto:
    """Return the same function of the image, its batch free and its weights constants where they were inputs."""
    model = onnx.load_model_from_string(model_onnx)
    names = {tensor.name for tensor in model.graph.initializer}
    _keep(model.graph.input, lambda value: value.name not in names)
    _replace_prelus(model.graph)
    free_axes(model, image_shape=("batch", 3, 112, 112))
    return model


def _replace_prelus(graph: onnx.GraphProto) -> None:
    nodes = list(graph.node)
    slopes = {node.input[1] for node in nodes if node.op_type == "PRelu"}
    values = {
        tensor.name: numpy_helper.to_array(tensor).ravel() for tensor in graph.initializer if tensor.name in slopes
    }
    _keep(graph.initializer, lambda tensor: tensor.name not in slopes)
    del graph.node[:]
    for node in nodes:
        if node.op_type == "PRelu":
            _write_prelu(graph, node.input[0], values[node.input[1]], node.output[0])
        else:
            graph.node.append(node)


def _write_prelu(graph: onnx.GraphProto, x: str, slope: NDArray[np.float32], y: str) -> None:
    """Write prelu(x) as x + (1 - slope)·relu(-x): two depthwise convolutions that Relu and Add fuse into."""
    minus, lift = f"{y}_minus", f"{y}_lift"
    for name, factor in {minus: -np.ones_like(slope), lift: 1 - slope}.items():
        graph.initializer.append(numpy_helper.from_array(factor.reshape(-1, 1, 1, 1), name))
    scale = partial(helper.make_node, "Conv", group=slope.size, kernel_shape=(1, 1))
    graph.node.append(scale([x, minus], [f"{y}_negated"]))
    graph.node.append(helper.make_node("Relu", [f"{y}_negated"], [f"{y}_below"]))
    graph.node.append(scale([f"{y}_below", lift], [f"{y}_lifted"]))
    graph.node.append(helper.make_node("Add", [f"{y}_lifted", x], [y]))


def _keep(items: Any, wanted: Callable[[Any], bool]) -> None:
    """Drop what is not wanted from a repeated protobuf field."""
    kept = [item for item in items if wanted(item)]
    del items[:]
    items.extend(kept)
