"""NanoDet's TensorFlow.js graph as ONNX: 489 nodes of 17 kinds, each written as one ONNX node or none.

TensorFlow convolves channels-last and the graph came from a channels-first one, so it is full of transposes.
They are not written: a value keeps its channels-first array and remembers in which order TensorFlow sees its axes.
Neither are paddings, which become the next layer's. The result then runs in 8 bits (nanodet_int8): 0.6 of the time.
"""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from graphlib import TopologicalSorter
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from layers.models.convert.graph import DYNAMIC_NCHW, Graph
from layers.models.convert.nanodet_classes import STREET_CLASSES, keep_classes
from layers.models.convert.nanodet_int8 import fold_biases, quantise
from layers.models.convert.nanodet_laterals import DIRECTIONS, narrow

Node = dict[str, Any]
Array = NDArray[Any]
Order = tuple[int, ...]

_AS_STORED: Order = (0, 1, 2, 3)
_CHANNELS_LAST: Order = (0, 2, 3, 1)
_EXPORTED_PX = 416
"""Side of the square the graph was exported for; its sizes are turned into factors of the input's."""
_OUTPUTS = {
    "Identity": "cls_8",
    "Identity_1": "cls_16",
    "Identity_2": "cls_32",
    "Identity_3": "dist_8",
    "Identity_4": "dist_16",
    "Identity_5": "dist_32",
}
_COLUMNS = {"cls": 80, "dist": 44}
"""Scores of 80 classes; four sides of 11 bins each, of the distance distribution."""


def convert(topology_json: bytes, weights_bin: bytes) -> onnx.ModelProto:
    """Return the network for streets, which takes bytes, its layers in 8 bits."""
    model = convert_for_streets(topology_json, weights_bin)
    quantise(model.graph)
    return model


def convert_for_streets(topology_json: bytes, weights_bin: bytes) -> onnx.ModelProto:
    """Return nearly the same function as `convert_exactly` for the classes and the pictures that streets have."""
    model = convert_exactly(topology_json, weights_bin)
    fold_biases(model.graph)
    keep_classes(model.graph, STREET_CLASSES, of=_COLUMNS["cls"])
    narrow(model.graph, np.load(DIRECTIONS))
    return model


def convert_exactly(topology_json: bytes, weights_bin: bytes) -> onnx.ModelProto:
    """Build a network with three class maps (N,cells,80), then three distance maps (N,cells,44): strides 8, 16, 32."""
    topology = json.loads(topology_json)
    nodes = {node["name"]: node for node in topology["modelTopology"]["node"]}
    translation = _Translation(Graph(), dict(_read_weights(topology["weightsManifest"], weights_bin)))
    inputs = {name: [_producer(ref) for ref in node.get("input", ())] for name, node in nodes.items()}
    for name in TopologicalSorter(inputs).static_order():
        translation.write(nodes[name])
    outputs = {name: ("batch", f"{name}_cells", _COLUMNS[name.split("_")[0]]) for name in _OUTPUTS.values()}
    return translation.graph.model("nanodet", image_shape=DYNAMIC_NCHW, outputs=outputs)


@dataclass(frozen=True, slots=True)
class _Value:
    """A tensor as stored, in which order TensorFlow sees its axes, and how many pixels of the image one cell spans.

    `pads` are the rows and columns above, left, below and right that the next layer has to add.
    """

    name: str
    order: Order = _AS_STORED
    stride_px: int = 1
    pads: tuple[int, ...] = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Translation:
    """Walks the TensorFlow graph: a method for each kind of node writes ONNX and returns what the node yields."""

    graph: Graph
    constants: dict[str, Array]
    values: dict[str, _Value] = field(default_factory=dict)

    def write(self, node: Node) -> None:
        """Translate one TensorFlow node; every node it reads from must have been written."""
        inputs = node.get("input", [])
        if node["op"] == "Const":
            return
        if inputs and all(ref in self.constants for ref in inputs):
            self.constants[node["name"]] = _FOLD[node["op"]](*(self.constants[ref] for ref in inputs))
        elif node["op"] == "SplitV":
            self._split(node)
        else:
            self.values[node["name"]] = _WRITE[node["op"]](self, node)

    def placeholder(self, _node: Node) -> _Value:
        return _Value("image")

    def transpose(self, node: Node) -> _Value:
        x, axes = self._value(node), self._constant(node, 1)
        return replace(x, order=tuple(x.order[axis] for axis in axes))

    def conv(self, node: Node) -> _Value:
        x, weight_hwio = self._in_order(self._value(node), _CHANNELS_LAST), self._constant(node, 1)
        weight = self.graph.constant(weight_hwio.transpose(3, 2, 0, 1))
        stride = _stride(node)
        layout: Node = {"strides": (stride, stride), "pads": x.pads, "kernel_shape": weight_hwio.shape[:2]}
        return _Value(self.graph.add("Conv", x.name, weight, **layout), x.order, x.stride_px * stride)

    def max_pool(self, node: Node) -> _Value:
        x, stride = self._in_order(self._value(node), _CHANNELS_LAST), _stride(node)
        kernel_hw = [int(side) for side in node["attr"]["ksize"]["list"]["i"][1:3]]
        layout: Node = {"strides": (stride, stride), "pads": x.pads, "kernel_shape": kernel_hw}
        return _Value(self.graph.add("MaxPool", x.name, **layout), x.order, x.stride_px * stride)

    def pad(self, node: Node) -> _Value:
        x = self._value(node)
        _batch, _channels, *rows_columns = self._constant(node, 1)[np.argsort(x.order)]
        return replace(x, pads=tuple(int(cells) for cells in np.transpose(rows_columns).ravel()))

    def add(self, node: Node) -> _Value:
        x, other = self._value(node), node["input"][1]
        if other in self.constants:
            last_axis = np.broadcast_to(self.constants[other], (1, 1, 1, self.constants[other].size))
            addend = self.graph.constant(last_axis.transpose(np.argsort(x.order)))
        else:
            addend = self._in_order(self.values[other], x.order).name
        return replace(x, name=self.graph.add("Add", x.name, addend))

    def activate(self, node: Node) -> _Value:
        x = self._value(node)
        settings = {"alpha": node["attr"]["alpha"]["f"]} if "alpha" in node["attr"] else {}
        return replace(x, name=self.graph.add(node["op"], x.name, **settings))

    def concat(self, node: Node) -> _Value:
        *parts, axis = node["input"]
        first = self.values[parts[0]]
        names = [self._in_order(self.values[part], first.order).name for part in parts]
        return replace(first, name=self.graph.add("Concat", *names, axis=first.order[int(self.constants[axis])]))

    def resize(self, node: Node) -> _Value:
        x = self._in_order(self._value(node), _CHANNELS_LAST)
        stride_px = _EXPORTED_PX // int(self._constant(node, 1)[0])
        factor = x.stride_px / stride_px
        scales = self.graph.constant(np.array([1, 1, factor, factor], np.float32))
        settings = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
        return replace(x, name=self.graph.add("Resize", x.name, "", scales, **settings), stride_px=stride_px)

    def reshape(self, node: Node) -> _Value:
        x = self._in_order(self._value(node), _AS_STORED)
        _batch, *rest = self._constant(node, 1)
        shape = self.graph.constant(np.array([0, *rest], np.int64))
        return _Value(self.graph.add("Reshape", x.name, shape), tuple(range(1 + len(rest))), x.stride_px)

    def identity(self, node: Node) -> _Value:
        x = self._value(node)
        return _Value(self.graph.add("Transpose", x.name, perm=x.order, to=_OUTPUTS[node["name"]]))

    def _split(self, node: Node) -> None:
        x, sizes, axis = self._value(node), self._constant(node, 1), int(self._constant(node, 2))
        references = [node["name"], *(f"{node['name']}:{index}" for index in range(1, len(sizes)))]
        to = [f"{x.name}_part_{index}" for index in range(len(sizes))]
        self.graph.add_many("Split", x.name, self.graph.constant(sizes.astype(np.int64)), to=to, axis=x.order[axis])
        self.values.update({ref: replace(x, name=name) for ref, name in zip(references, to, strict=True)})

    def _value(self, node: Node) -> _Value:
        return self.values[node["input"][0]]

    def _constant(self, node: Node, position: int) -> Array:
        return self.constants[node["input"][position]]

    def _in_order(self, value: _Value, order: Order) -> _Value:
        """Return the tensor stored so that TensorFlow sees it in this order; writes a transpose only if it must."""
        if value.order == order:
            return value
        stored = tuple(value.order[order.index(axis)] for axis in range(len(order)))
        return replace(value, name=self.graph.add("Transpose", value.name, perm=stored), order=order)


def _sparse_to_dense(indices: Array, shape: Array, values: Array, default: Array) -> Array:
    dense = np.full(shape, default)
    dense[tuple(indices.T)] = values
    return dense


_FOLD: dict[str, Callable[..., Array]] = {"SparseToDense": _sparse_to_dense, "AddV2": np.add}
_WRITE: dict[str, Callable[[_Translation, Node], _Value]] = {
    "Placeholder": _Translation.placeholder,
    "Transpose": _Translation.transpose,
    "Conv2D": _Translation.conv,
    "MaxPool": _Translation.max_pool,
    "Pad": _Translation.pad,
    "PadV2": _Translation.pad,
    "Add": _Translation.add,
    "LeakyRelu": _Translation.activate,
    "Sigmoid": _Translation.activate,
    "ConcatV2": _Translation.concat,
    "ResizeBilinear": _Translation.resize,
    "Reshape": _Translation.reshape,
    "Identity": _Translation.identity,
}


def _read_weights(manifest: list[dict[str, Any]], data: bytes) -> Iterator[tuple[str, Array]]:
    offset = 0
    for weight in (weight for group in manifest for weight in group["weights"]):
        stored = np.dtype(weight.get("quantization", weight)["dtype"])
        count = math.prod(weight["shape"])
        values = np.frombuffer(data, stored, count, offset).reshape(weight["shape"])
        yield weight["name"], values.astype(weight["dtype"])
        offset += count * stored.itemsize


def _producer(reference: str) -> str:
    return reference.partition(":")[0]


def _stride(node: Node) -> int:
    return int(node["attr"]["strides"]["list"]["i"][1])
