"""A thin pen for writing ONNX graphs: names constants and nodes so that converters need not."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import ArrayLike
from onnx import helper, numpy_helper

Shape = Sequence[int | str]
"""Axes by size, or by name where they are free."""

OPSET = 17
IR_VERSION = 8
DYNAMIC_NCHW: Shape = ("batch", 3, "height", "width")
"""Input of a fully convolutional network of colour images."""
DYNAMIC_NHWC: Shape = ("batch", "height", "width", 3)
"""The same as a picture lies in memory."""


class Graph:
    """Collects nodes and constants in the order they are written, and closes them into a model."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def constant(self, values: ArrayLike) -> str:
        """Store an array as an initializer and return its name."""
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, op: str, *inputs: str, to: str = "", **attributes: Any) -> str:
        """Append a node with one output, named `to` if given, and return the output's name."""
        return self.add_many(op, *inputs, to=[to or f"{op.lower()}_{len(self._nodes)}"], **attributes)[0]

    def add_many(self, op: str, *inputs: str, to: Sequence[str], **attributes: Any) -> Sequence[str]:
        """Append a node with several named outputs and return their names."""
        self._nodes.append(helper.make_node(op, inputs, to, **attributes))
        return to

    def model(self, name: str, *, image_shape: Shape, outputs: Mapping[str, Shape]) -> onnx.ModelProto:
        """Close the graph: its one input is `image`, float32 as every output, whose shapes are given by name."""
        graph = helper.make_graph(
            self._nodes,
            name,
            inputs=[_tensor("image", image_shape)],
            outputs=[_tensor(output, shape) for output, shape in outputs.items()],
            initializer=self._constants,
        )
        opset = helper.make_opsetid("", OPSET)
        return helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION, producer_name="matpho")


def _tensor(name: str, shape: Shape) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)
