"""The layers of SFace that hold 95 % of its weights, in 8 bits.

Rounding needs to know which values pass a layer. `RANGES` are those seen in the aligned faces of Labelled Faces in the
Wild, as `python -m bench.sface_ranges` prints them: numbers about the network, of no use for finding anybody.
Of all other pointwise layers 8 bits save less time than it takes to convert to and fro.
"""

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

OPSET = 13
"""The first in which each channel may have a scale of its own."""

WEIGHT_LEVELS = 63
"""7 bits of the 8: x86 processors without VNNI add products in pairs of 16 bits, which more would overflow."""

RANGES: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "conv_7_conv2d": ((-10.18, 16.93), (-8.87, 13.10)),
    "conv_8_conv2d": ((-5.16, 20.37), (-11.35, 10.68)),
    "conv_9_conv2d": ((-6.22, 15.87), (-8.58, 12.02)),
    "conv_10_conv2d": ((-7.42, 19.36), (-10.02, 12.57)),
    "conv_11_conv2d": ((-5.44, 16.32), (-9.51, 12.29)),
    "conv_12_conv2d": ((-4.40, 20.70), (-13.19, 13.06)),
    "conv_13_conv2d": ((-5.65, 16.64), (-9.35, 10.26)),
    "conv_14_conv2d": ((-1.50, 13.65), (-9.59, 7.61)),
    "pre_fc1": ((-1.06, 1.06), (-5.02, 4.82)),
}
"""The lowest and highest value that enters and that leaves a layer, by the layer's name as published."""


def quantise(graph: onnx.GraphProto) -> None:
    """Put the layers of `RANGES` between roundings to 8 bits, which onnxruntime fuses into integer arithmetic."""
    weights = {tensor.name: tensor for tensor in graph.initializer}
    nodes = list(graph.node)
    del graph.node[:]
    for node in nodes:
        if node.name in RANGES:
            _write_rounded(graph, node, weights)
        else:
            graph.node.append(node)


def _write_rounded(graph: onnx.GraphProto, node: onnx.NodeProto, weights: dict[str, onnx.TensorProto]) -> None:
    entering, leaving = RANGES[node.name]
    tensor = weights[node.input[1]]
    scale = _store_rounded(tensor)
    node.input[0] = _round(graph, node.input[0], f"{node.name}_in", entering)
    node.input[1] = _restored(graph, tensor.name, scale)
    output, node.output[0] = node.output[0], f"{node.name}_exact"
    graph.node.append(node)
    _round(graph, node.output[0], f"{node.name}_out", leaving, to=output)


def _store_rounded(tensor: onnx.TensorProto) -> NDArray[np.float32]:
    """Overwrite weights with their rounded values; returns the scale of each output channel."""
    values = numpy_helper.to_array(tensor)
    scale = np.abs(values).reshape(len(values), -1).max(axis=1) / WEIGHT_LEVELS
    rounded = np.rint(values / scale.reshape(-1, *[1] * (values.ndim - 1))).astype(np.int8)
    tensor.CopyFrom(numpy_helper.from_array(rounded, tensor.name))
    return np.asarray(scale, np.float32)


def _restored(graph: onnx.GraphProto, name: str, scale: NDArray[np.float32]) -> str:
    parameters = _constants(graph, name, scale, np.zeros(scale.shape, np.int8))
    graph.node.append(helper.make_node("DequantizeLinear", [name, *parameters], [f"{name}_restored"], axis=0))
    return f"{name}_restored"


def _round(graph: onnx.GraphProto, source: str, name: str, seen: tuple[float, float], *, to: str = "") -> str:
    """Append the rounding of a value to 256 levels between the bounds seen; returns the rounded value's name."""
    low, high = min(seen[0], 0.0), max(seen[1], 0.0)
    scale = (high - low) / 255
    parameters = _constants(graph, name, np.asarray(scale, np.float32), np.asarray(round(-low / scale), np.uint8))
    rounded = to or f"{name}_restored"
    graph.node.append(helper.make_node("QuantizeLinear", [source, *parameters], [f"{name}_rounded"]))
    graph.node.append(helper.make_node("DequantizeLinear", [f"{name}_rounded", *parameters], [rounded]))
    return rounded


def _constants(graph: onnx.GraphProto, name: str, scale: NDArray[np.float32], zero: NDArray[np.integer]) -> list[str]:
    names = [f"{name}_scale", f"{name}_zero"]
    graph.initializer.extend(map(numpy_helper.from_array, (scale, zero), names))
    return names
