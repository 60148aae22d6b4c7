"""NanoDet's layers in 8 bits: 18 ms where floats take 30, and half the file, for the same counts.

Rounding needs to know between which bounds a value moves: those that street pictures showed (nanodet_ranges).
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import onnx
from onnx import numpy_helper

from layers.models.convert.eight_bits import Range
from layers.models.convert.nanodet_ranges import RANGES
from layers.models.convert.rounding import Rounding

PIXEL_MEAN, PIXEL_STD = (103.53, 116.28, 123.675), (57.375, 57.12, 58.395)
"""What the published network is given, blue, green and red: `(pixel - mean) / std`."""

_MEAN, _STD = 116, 58  # about those of all colours, in whole levels of a byte

ROUNDED_OPS = frozenset({"Conv", "LeakyRelu", "Concat", "Add"})
"""The layers after which values are rounded anew; the others only move or repeat values."""


def quantise(graph: onnx.GraphProto, ranges: Mapping[str, Range] = RANGES) -> None:
    """Take the picture as bytes, and round all weights and each layer's result.

    `ranges` are by the value's name after `fold_biases`.
    """
    fold_biases(graph)
    fold_pixel_scales(graph)
    pool_first(graph)
    rounding = Rounding(graph, share_levels(graph, ranges))
    rounding.read_pixels(mean=_MEAN, std=_STD)
    rounding.write()


def fold_pixel_scales(graph: onnx.GraphProto) -> None:
    """Let the first convolution, which saw `(pixel - PIXEL_MEAN) / PIXEL_STD`, see all colours at one mean and scale.

    Exact but at the edges, where what is outside was the mean colour and is now the mean of its colours.
    """
    constants = {tensor.name: tensor for tensor in graph.initializer}
    first = next(node for node in graph.node if "image" in node.input)
    weight, bias = (constants[name] for name in first.input[1:])
    mean, std = (np.array(values, np.float32)[:, None, None] for values in (PIXEL_MEAN, PIXEL_STD))
    values = numpy_helper.to_array(weight)
    shift = (values * (_MEAN - mean) / std).sum(axis=(1, 2, 3))
    bias.CopyFrom(numpy_helper.from_array((numpy_helper.to_array(bias) + shift).astype(np.float32), bias.name))
    weight.CopyFrom(numpy_helper.from_array((values * _STD / std).astype(np.float32), weight.name))


def pool_first(graph: onnx.GraphProto) -> None:
    """Bend values after a pooling that followed: the greatest stays the greatest, and .3 ms less go into the others."""
    nodes = list(graph.node)
    bends = {node.output[0]: place for place, node in enumerate(nodes) if node.op_type == "LeakyRelu"}
    readers = Counter(name for node in nodes for name in node.input)
    for place, pooling in enumerate(nodes):
        bent = pooling.input[0]
        if pooling.op_type == "MaxPool" and bent in bends and readers[bent] == 1:
            bending, pooled = nodes[bends[bent]], pooling.output[0]
            _read_instead(nodes, pooled, bent)
            pooling.input[0], bending.input[0] = bending.input[0], pooled
            nodes[bends[bent]], nodes[place] = pooling, bending
    del graph.node[:]
    graph.node.extend(nodes)


def share_levels(graph: onnx.GraphProto, ranges: Mapping[str, Range]) -> dict[str, Range]:
    """Give values the levels of what they are joined into, so that joining them only copies: .3 ms less."""
    joined = {name: ranges[node.output[0]] for node in graph.node if node.op_type == "Concat" for name in node.input}
    return {**ranges, **joined}


def _read_instead(nodes: Iterable[onnx.NodeProto], old: str, new: str) -> None:
    for node in nodes:
        node.input[:] = [new if name == old else name for name in node.input]


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
