"""Free the input axes of published ONNX graphs that were exported for one size."""

import numpy as np
import onnx
from onnx import numpy_helper

from layers.models.convert.graph import Shape


def free_axes(model: onnx.ModelProto, *, image_shape: Shape) -> None:
    """Give the first input this shape, free where named, and forget the sizes that followed from the old one."""
    graph = model.graph
    del graph.value_info[:]
    for axis, size in zip(graph.input[0].type.tensor_type.shape.dim, image_shape, strict=True):
        _set_axis(axis, size)
    for output in graph.output:
        axes = output.type.tensor_type.shape.dim
        for position, axis in enumerate(axes):
            if position == 0:
                _set_axis(axis, "batch")
            elif position < len(axes) - 1:
                _set_axis(axis, f"{output.name}_cells")


def free_batch_of_reshapes(model: onnx.ModelProto) -> None:
    """Let Reshape nodes keep the batch axis they are given (ONNX: 0) where the exporter pinned it to 1."""
    shapes = {node.input[1] for node in model.graph.node if node.op_type == "Reshape"}
    for tensor in model.graph.initializer:
        if tensor.name in shapes:
            pinned = numpy_helper.to_array(tensor)
            tensor.CopyFrom(numpy_helper.from_array(np.concatenate([[0], pinned[1:]]).astype(np.int64), tensor.name))


def _set_axis(axis: onnx.TensorShapeProto.Dimension, size: int | str) -> None:
    if isinstance(size, str):
        axis.dim_param = size
    else:
        axis.dim_value = size
