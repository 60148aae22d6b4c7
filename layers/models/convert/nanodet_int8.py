"""NanoDet's layers in 8 bits: 18 ms where floats take 30, and half the file, for the same counts.

Rounding needs to know between which bounds a value moves: those that street pictures showed (nanodet_ranges).
"""

from collections.abc import Mapping

import onnx
from onnx import numpy_helper

from layers.models.convert.eight_bits import Range, round_bias, round_values, round_weights, value_scale
from layers.models.convert.nanodet_ranges import RANGES

ROUNDED_OPS = frozenset({"Conv", "LeakyRelu", "Concat", "Add"})
"""The layers after which values are rounded anew; the others only move or repeat values."""

_MOVING_OPS = frozenset({"MaxPool", "Resize"})


def quantise(graph: onnx.GraphProto, ranges: Mapping[str, Range] = RANGES) -> None:
    """Round the picture, all weights and each layer's result; `ranges` are by the value's name after `fold_biases`."""
    fold_biases(graph)
    rounding = _Rounding(graph, dict(ranges))
    nodes = list(graph.node)
    del graph.node[:]
    rounding.round("image", as_seen="image")
    for node in nodes:
        rounding.write(node)


def fold_biases(graph: onnx.GraphProto) -> None:
    """Let a convolution add the constant that is added to its result."""
    constants = {tensor.name: tensor for tensor in graph.initializer}
    convolutions = {node.output[0]: node for node in graph.node if node.op_type == "Conv"}
    additions = [
        node
        for node in graph.node
        if node.op_type == "Add" and node.input[0] in convolutions and node.input[1] in constants
    ]
    for addition in additions:
        bias, convolution = constants[addition.input[1]], convolutions[addition.input[0]]
        bias.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(bias).ravel(), bias.name))
        convolution.input.append(bias.name)
        convolution.output[0] = addition.output[0]
    for addition in additions:
        graph.node.remove(addition)


class _Rounding:
    """Writes the nodes of a graph anew, each reading the rounded results of those before it."""

    def __init__(self, graph: onnx.GraphProto, ranges: dict[str, Range]) -> None:
        self._graph = graph
        self._ranges = ranges
        self._constants = {tensor.name: tensor for tensor in graph.initializer}
        self._rounded: dict[str, str] = {}

    def write(self, node: onnx.NodeProto) -> None:
        """Append one node, its weights and its result rounded."""
        source = node.input[0]
        node.input[:] = [self._rounded.get(name, name) for name in node.input]
        if node.op_type == "Conv":
            self._round_convolution(node, source)
        self._graph.node.append(node)
        if node.op_type in ROUNDED_OPS:
            self.round(node.output[0], as_seen=node.output[0])
        elif node.op_type in _MOVING_OPS:
            self.round(node.output[0], as_seen=source)

    def round(self, name: str, *, as_seen: str) -> None:
        """Append the rounding of a value to the levels of the value `as_seen`."""
        self._ranges[name] = self._ranges[as_seen]
        self._rounded[name] = round_values(self._graph, name, name, self._ranges[name])

    def _round_convolution(self, node: onnx.NodeProto, source: str) -> None:
        weight, bias = (self._constants[name] for name in node.input[1:])
        node.input[1], scale = round_weights(self._graph, weight)
        node.input[2] = round_bias(self._graph, bias, scale * value_scale(self._ranges[source])[0])
