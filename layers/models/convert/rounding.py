"""Rewrites a network of convolutions so that every value whose bounds are known is rounded to 8 bits on its way."""

from collections.abc import Mapping

import onnx
from onnx import helper

from layers.models.convert.eight_bits import (
    DEPTHWISE_LEVELS,
    WEIGHT_LEVELS,
    Range,
    restore_pixels,
    round_bias,
    round_values,
    round_weights,
    value_scale,
)
from layers.models.convert.graph import DYNAMIC_NHWC

_MOVING_OPS = frozenset({"MaxPool", "Resize"})
"""These only move or repeat values, whose levels stay those of the values that entered."""


class Rounding:
    """Writes the nodes of a graph anew, each reading the rounded results of those before it.

    `ranges` are by the value's name. Call `round` or `read_pixels` for the picture, then `write`.
    """

    def __init__(self, graph: onnx.GraphProto, ranges: Mapping[str, Range]) -> None:
        self._graph = graph
        self._ranges = dict(ranges)
        self._constants = {tensor.name: tensor for tensor in graph.initializer}
        self._answers = {output.name for output in graph.output}
        self._rounded: dict[str, str] = {}
        self._nodes = list(graph.node)
        del graph.node[:]

    def write(self) -> None:
        """Append every node, its weights and its result rounded."""
        for node in self._nodes:
            self._write(node)

    def round(self, name: str, *, as_seen: str) -> None:
        """Append the rounding of a value to the levels of the value `as_seen`."""
        self._ranges[name] = self._ranges[as_seen]
        self._rounded[name] = round_values(self._graph, name, name, self._ranges[name])

    def read_pixels(self, *, mean: int, std: int) -> None:
        """Take the picture as it lies in memory, bytes and colours last, as onnxruntime convolves it: .2 ms less a run.

        What the network sees of it, `(pixel - mean) / std`, is exact.
        """
        self._ranges["image"] = (-mean / std, (255 - mean) / std)
        picture = helper.make_tensor_value_info("image", onnx.TensorProto.UINT8, DYNAMIC_NHWC)
        self._graph.input[0].CopyFrom(picture)
        self._graph.node.append(helper.make_node("Transpose", ["image"], ["image_planes"], perm=(0, 3, 1, 2)))
        self._rounded["image"] = restore_pixels(self._graph, "image_planes", mean=mean, std=std)

    def _write(self, node: onnx.NodeProto) -> None:
        source, result = node.input[0], node.output[0]
        node.input[:] = [self._rounded.get(name, name) for name in node.input]
        if node.op_type == "Conv":
            self._round_convolution(node, source)
        rounded_answer = result in self._answers and result in self._ranges
        if rounded_answer:
            node.output[0] = f"{result}_exact"
        self._graph.node.append(node)
        if rounded_answer:
            exact = node.output[0]
            self._rounded[result] = round_values(self._graph, exact, exact, self._ranges[result], to=result)
        elif node.op_type in _MOVING_OPS:
            self.round(result, as_seen=source)
        elif result in self._ranges:
            self.round(result, as_seen=result)

    def _round_convolution(self, node: onnx.NodeProto, source: str) -> None:
        weight, bias = (self._constants[name] for name in node.input[1:])
        groups = next((attribute.i for attribute in node.attribute if attribute.name == "group"), 1)
        levels = WEIGHT_LEVELS if groups == 1 else DEPTHWISE_LEVELS
        node.input[1], scale = round_weights(self._graph, weight, levels=levels)
        node.input[2] = round_bias(self._graph, bias, scale * value_scale(self._ranges[source])[0])
