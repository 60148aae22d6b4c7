"""The layers of SFace that hold 95 % of its weights, in 8 bits.

Rounding needs to know which values pass a layer. `RANGES` are those seen in the aligned faces of Labelled Faces in the
Wild, as `python -m bench.sface_ranges` prints them: numbers about the network, of no use for finding anybody.
Of all other pointwise layers 8 bits save less time than it takes to convert to and fro.
"""

import onnx

from layers.models.convert.eight_bits import Range, round_values, round_weights

RANGES: dict[str, tuple[Range, Range]] = {
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
    node.input[0] = round_values(graph, node.input[0], f"{node.name}_in", entering)
    node.input[1], _scale = round_weights(graph, weights[node.input[1]])
    output, node.output[0] = node.output[0], f"{node.name}_exact"
    graph.node.append(node)
    round_values(graph, node.output[0], f"{node.name}_out", leaving, to=output)
