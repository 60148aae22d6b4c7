"""Puts values and weights of a network between roundings to 8 bits, which onnxruntime fuses into integer arithmetic."""

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

OPSET = 13
"""The first in which each channel may have a scale of its own."""

WEIGHT_LEVELS = 63
"""7 bits of the 8: x86 processors without VNNI add products in pairs of 16 bits, which more would overflow."""

DEPTHWISE_LEVELS = 127
"""All 8 bits: where each channel is convolved by itself, onnxruntime adds in 32 bits."""

_LEAST_SCALE = 1e-6
"""Of channels whose weights are all zero, so that their bias keeps a scale to be counted in."""

Range = tuple[float, float]
"""The lowest and highest value seen."""


def round_weights(
    graph: onnx.GraphProto, tensor: onnx.TensorProto, *, levels: int = WEIGHT_LEVELS
) -> tuple[str, NDArray[np.float32]]:
    """Overwrite weights by their rounded values; returns the restored weights' name and each channel's scale."""
    values = numpy_helper.to_array(tensor)
    scale = np.maximum(np.abs(values).reshape(len(values), -1).max(axis=1) / levels, _LEAST_SCALE)
    rounded = np.rint(values / scale.reshape(-1, *[1] * (values.ndim - 1))).astype(np.int8)
    tensor.CopyFrom(numpy_helper.from_array(rounded, tensor.name))
    return _restore(graph, tensor.name, scale.astype(np.float32), np.int8), scale.astype(np.float32)


def round_bias(graph: onnx.GraphProto, tensor: onnx.TensorProto, scale: NDArray[np.float32]) -> str:
    """Overwrite a bias by its value in units of `scale`, as the sums have that it is added to; returns its name."""
    rounded = np.rint(numpy_helper.to_array(tensor).ravel() / scale).astype(np.int32)
    tensor.CopyFrom(numpy_helper.from_array(rounded, tensor.name))
    return _restore(graph, tensor.name, scale, np.int32)


def round_values(graph: onnx.GraphProto, source: str, name: str, seen: Range, *, to: str = "") -> str:
    """Append the rounding of a value to 256 levels between the bounds seen; returns the rounded value's name."""
    scale, zero = value_scale(seen)
    parameters = _constants(graph, name, np.asarray(scale, np.float32), np.asarray(zero, np.uint8))
    rounded = to or f"{name}_restored"
    graph.node.append(helper.make_node("QuantizeLinear", [source, *parameters], [f"{name}_rounded"]))
    graph.node.append(helper.make_node("DequantizeLinear", [f"{name}_rounded", *parameters], [rounded]))
    return rounded


def restore_pixels(graph: onnx.GraphProto, source: str, *, mean: int, std: int) -> str:
    """Append the reading of bytes as `(byte - mean) / std`; returns the restored value's name."""
    parameters = _constants(graph, source, np.asarray(1 / std, np.float32), np.asarray(mean, np.uint8))
    graph.node.append(helper.make_node("DequantizeLinear", [source, *parameters], [f"{source}_restored"]))
    return f"{source}_restored"


def value_scale(seen: Range) -> tuple[float, int]:
    """The width of a level and the level of zero, which must be one exactly: paddings are zeros."""
    low, high = min(seen[0], 0.0), max(seen[1], 0.0)
    scale = (high - low) / 255
    return scale, round(-low / scale)


def _restore(graph: onnx.GraphProto, name: str, scale: NDArray[np.float32], stored: type[np.integer]) -> str:
    parameters = _constants(graph, name, scale, np.zeros(scale.shape, stored))
    graph.node.append(helper.make_node("DequantizeLinear", [name, *parameters], [f"{name}_restored"], axis=0))
    return f"{name}_restored"


def _constants(graph: onnx.GraphProto, name: str, scale: NDArray[np.float32], zero: NDArray[np.integer]) -> list[str]:
    names = [f"{name}_scale", f"{name}_zero"]
    graph.initializer.extend(map(numpy_helper.from_array, (scale, zero), names))
    return names
