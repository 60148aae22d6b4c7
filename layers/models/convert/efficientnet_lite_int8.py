"""EfficientNet-Lite's layers in 8 bits: less than two thirds of the time that floats take.

Activations end at 6, so most bounds are known; those of the others are what street pictures showed
(efficientnet_lite_ranges). Features keep a cosine of .98 to the exact ones, and heads are trained on the rounded
ones. The file is a quarter as large.
"""

from collections.abc import Mapping

import onnx

from layers.models.convert.efficientnet_lite_ranges import RANGES
from layers.models.convert.eight_bits import Range
from layers.models.convert.rounding import Rounding

PIXEL_MEAN, PIXEL_STD = 127, 128
"""The network sees (pixel - 127) / 128, which bytes hold exactly."""

_RELU6: Range = (0.0, 6.0)


def quantise(graph: onnx.GraphProto, ranges: Mapping[str, Range] = RANGES) -> None:
    """Take the picture as bytes, and round all weights and each layer's result."""
    rounding = Rounding(graph, {**ranges, **dict.fromkeys(fold_activations(graph), _RELU6)})
    rounding.read_pixels(mean=PIXEL_MEAN, std=PIXEL_STD)
    rounding.write()


def fold_activations(graph: onnx.GraphProto) -> list[str]:
    """Take out what cuts results to [0,6], as rounding between these bounds does; returns the results' names."""
    activations = {node.input[0]: node for node in graph.node if node.op_type == "Clip"}
    convolutions = [node for node in graph.node if node.output[0] in activations]
    for convolution in convolutions:
        activation = activations[convolution.output[0]]
        convolution.output[0] = activation.output[0]
        graph.node.remove(activation)
    _forget_unread(graph)
    return [convolution.output[0] for convolution in convolutions]


def _forget_unread(graph: onnx.GraphProto) -> None:
    read = {name for node in graph.node for name in node.input}
    kept = [constant for constant in graph.initializer if constant.name in read]
    del graph.initializer[:]
    graph.initializer.extend(kept)
