"""The pieces of the converters that the recorded parity cannot corner."""

import io
import pickle
import sys
from collections import OrderedDict
from types import ModuleType
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from layers.models.convert import efficientnet_lite_int8, nanodet_int8, sface_int8
from layers.models.convert.graph import DYNAMIC_NCHW, Graph
from layers.models.convert.nanodet_classes import keep_classes
from layers.models.convert.nanodet_laterals import DIRECTIONS, narrow
from layers.models.convert.sface import convert_exactly
from layers.models.convert.torch_legacy import read_state_dict

MAGIC = 0x1950A86A20F9469CFC6C


class FloatStorage:
    """Named as torch names it in its files."""


class Tensor:
    """Pickles as torch's tensors do."""

    def __init__(self, *view: Any) -> None:
        self.view = view

    def __reduce__(self) -> tuple[Any, ...]:
        return sys.modules["torch._utils"]._rebuild_tensor_v2, self.view


@pytest.fixture
def torch_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lend torch's names to the pickler, so that a file as torch wrote it can be made without torch."""

    def _rebuild_tensor_v2() -> None: ...

    for name, member in {"torch": FloatStorage, "torch._utils": _rebuild_tensor_v2}.items():
        member.__module__, member.__qualname__ = name, member.__name__
        module = ModuleType(name)
        setattr(module, member.__name__, member)
        monkeypatch.setitem(sys.modules, name, module)


class Pickler(pickle.Pickler):
    """Names storages by reference, as torch does."""

    def persistent_id(self, value: Any) -> Any:
        return ("storage", FloatStorage, "key", "cpu", 6, None) if isinstance(value, FloatStorage) else None


def legacy_file(state: object, *, magic: int = MAGIC) -> bytes:
    stream = io.BytesIO()
    for part in (magic, 1001, {"little_endian": True}):
        pickle.dump(part, stream, protocol=2)
    Pickler(stream, protocol=2).dump(state)
    pickle.dump(["key"], stream, protocol=2)
    stream.write((6).to_bytes(8, "little") + np.arange(6, dtype="<f4").tobytes())
    return stream.getvalue()


@pytest.mark.usefixtures("torch_names")
def test_a_tensor_is_read_through_its_offset_and_strides() -> None:
    state = OrderedDict(
        transposed=Tensor(FloatStorage(), 0, (3, 2), (1, 3)), tail=Tensor(FloatStorage(), 4, (2,), (1,))
    )
    tensors = read_state_dict(legacy_file(state))
    np.testing.assert_array_equal(tensors["transposed"], [[0, 3], [1, 4], [2, 5]])
    np.testing.assert_array_equal(tensors["tail"], [4, 5])


@pytest.mark.usefixtures("torch_names")
def test_strides_that_leave_the_storage_are_refused() -> None:
    with pytest.raises(ValueError, match=r"strides|buffer"):
        read_state_dict(legacy_file(OrderedDict(beyond=Tensor(FloatStorage(), 0, (3, 3), (3, 1)))))


class Attack:
    """Runs a command where unpickling is careless."""

    def __reduce__(self) -> tuple[Any, ...]:
        return print, ("owned",)


def test_nothing_but_tensors_is_unpickled() -> None:
    with pytest.raises(pickle.UnpicklingError, match=r"refused to unpickle .*print"):
        read_state_dict(legacy_file(OrderedDict(weight=Attack())))


def test_a_file_without_the_magic_number_is_refused() -> None:
    with pytest.raises(pickle.UnpicklingError, match="not a legacy torch file"):
        read_state_dict(legacy_file(OrderedDict(), magic=7))


def prelu_network(slopes: NDArray[np.float32]) -> onnx.ModelProto:
    """Write a network as SFace is published: its slopes are an input of the graph, its batch is one."""
    shape = [1, 3, 112, 112]
    graph = helper.make_graph(
        [helper.make_node("PRelu", ["data", "slopes"], ["fc1"])],
        "prelu",
        inputs=[
            helper.make_tensor_value_info("data", onnx.TensorProto.FLOAT, shape),
            helper.make_tensor_value_info("slopes", onnx.TensorProto.FLOAT, [3, 1, 1]),
        ],
        outputs=[helper.make_tensor_value_info("fc1", onnx.TensorProto.FLOAT, shape)],
        initializer=[numpy_helper.from_array(slopes, "slopes")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=6)


def test_prelu_is_the_same_function_after_its_rewriting_for_any_slope() -> None:
    slopes = np.array([0.25, -0.5, 1.5], np.float32).reshape(3, 1, 1)
    x = np.random.default_rng(0).normal(size=(1, 3, 112, 112)).astype(np.float32)
    model = convert_exactly(prelu_network(slopes).SerializeToString())
    assert [value.name for value in model.graph.input] == ["data"]
    (y,) = ort.InferenceSession(model.SerializeToString()).run(None, {"data": x})
    np.testing.assert_allclose(y, np.where(x > 0, x, slopes * x), atol=1e-6)


def small_sface(rng: np.random.Generator) -> onnx.ModelProto:
    """Write the end of a network as SFace is published: product, scaling, dropout, and a named layer of weights."""
    values = {
        "weights": rng.normal(size=(4, 3, 1, 1)),
        "gain": rng.uniform(0.5, 2, 4),
        "shift": rng.normal(size=4),
        "mean": rng.normal(size=4),
        "variance": rng.uniform(0.5, 2, 4),
    }
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["data", "weights"], ["product"], name="conv_7_conv2d", kernel_shape=(1, 1)),
            helper.make_node("BatchNormalization", ["product", *list(values)[1:]], ["scaled"], epsilon=0.1),
            helper.make_node("Dropout", ["scaled"], ["fc1"], ratio=0.4),
        ],
        "small",
        inputs=[helper.make_tensor_value_info("data", onnx.TensorProto.FLOAT, [1, 3, 112, 112])],
        outputs=[helper.make_tensor_value_info("scaled", onnx.TensorProto.FLOAT, [1, 4, 112, 112])],
        initializer=[numpy_helper.from_array(value.astype(np.float32), name) for name, value in values.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=6)


def run(model: onnx.ModelProto, data: NDArray[Any]) -> NDArray[np.float32]:
    onnx.checker.check_model(model, full_check=True)
    (answer,) = ort.InferenceSession(model.SerializeToString()).run(None, {model.graph.input[0].name: data})
    return np.asarray(answer)


def answers(model: onnx.ModelProto, data: NDArray[Any]) -> list[NDArray[np.float32]]:
    session = ort.InferenceSession(model.SerializeToString())
    return [np.asarray(answer) for answer in session.run(None, {model.graph.input[0].name: data})]


def test_scaling_is_folded_into_the_layer_before_it_and_dropouts_go() -> None:
    rng = np.random.default_rng(3)
    published, data = small_sface(rng), rng.normal(size=(1, 3, 112, 112)).astype(np.float32)
    exact = convert_exactly(published.SerializeToString())
    assert [node.op_type for node in exact.graph.node] == ["Conv"]
    np.testing.assert_allclose(run(exact, data), run(published, data), atol=1e-5)


def test_a_layer_in_8_bits_errs_by_its_rounding_and_no_more() -> None:
    """Each of three products may err by half a level of its input times its weight, and by half a level of that."""
    rng = np.random.default_rng(4)
    published, data = small_sface(rng), rng.uniform(-1, 1, size=(1, 3, 112, 112)).astype(np.float32)
    exact = convert_exactly(published.SerializeToString())
    rounded = onnx.ModelProto()
    rounded.CopyFrom(exact)
    sface_int8.quantise(rounded.graph)
    assert {tensor.data_type for tensor in rounded.graph.initializer} >= {onnx.TensorProto.INT8}
    error = np.abs(run(rounded, data) - run(exact, data)).max()
    assert 0 < error < 0.5


def small_detector(rng: np.random.Generator) -> onnx.ModelProto:
    """A convolution, its bias as an addition of its own, as NanoDet's are written, and an activation."""
    graph = Graph()
    weight = graph.constant(rng.normal(size=(4, 3, 3, 3)).astype(np.float32))
    plain = graph.add("Conv", "image", weight, kernel_shape=(3, 3), pads=(1, 1, 1, 1))
    biased = graph.add("Add", plain, graph.constant(rng.normal(size=(1, 4, 1, 1)).astype(np.float32)))
    graph.add("LeakyRelu", biased, alpha=0.1, to="answer")
    return graph.model("small", image_shape=DYNAMIC_NCHW, outputs={"answer": ("batch", 4, "h", "w")})


def test_a_detector_in_8_bits_takes_bytes_and_errs_by_its_rounding_and_no_more() -> None:
    """But at the edges, where what lies outside is grey and not each colour's mean."""
    rng = np.random.default_rng(5)
    exact, pixels = small_detector(rng), rng.integers(0, 256, size=(1, 3, 16, 16)).astype(np.uint8)
    rounded = onnx.ModelProto()
    rounded.CopyFrom(exact)
    nanodet_int8.quantise(rounded.graph, {"add_1": (-24, 24), "answer": (-2.4, 24)})
    assert [node.op_type for node in rounded.graph.node if node.op_type == "Add"] == []
    mean, std = (np.array(scale)[:, None, None] for scale in (nanodet_int8.PIXEL_MEAN, nanodet_int8.PIXEL_STD))
    seen = ((pixels - mean) / std).astype(np.float32)
    error = np.abs(run(rounded, pixels.transpose(0, 2, 3, 1)) - run(exact, seen))
    assert 0 < error[..., 1:-1, 1:-1].max() < 0.8
    assert error.max() < 2


def test_pooling_before_the_bend_answers_the_same() -> None:
    rng, graph = np.random.default_rng(7), Graph()
    weight = graph.constant(rng.normal(size=(4, 3, 1, 1)).astype(np.float32))
    bent = graph.add("LeakyRelu", graph.add("Conv", "image", weight, kernel_shape=(1, 1)), alpha=0.1)
    pooled = graph.add("MaxPool", bent, kernel_shape=(3, 3), pads=(1, 1, 1, 1), strides=(2, 2))
    graph.add("Sigmoid", pooled, to="answer")
    before = graph.model("small", image_shape=DYNAMIC_NCHW, outputs={"answer": ("batch", 4, "h", "w")})
    after = onnx.ModelProto()
    after.CopyFrom(before)
    nanodet_int8.pool_first(after.graph)
    assert [node.op_type for node in after.graph.node] == ["Conv", "MaxPool", "LeakyRelu", "Sigmoid"]
    picture = rng.normal(size=(1, 3, 9, 16)).astype(np.float32)
    assert np.array_equal(run(after, picture), run(before, picture))


def test_what_is_joined_is_rounded_to_the_levels_of_the_whole() -> None:
    graph = Graph()
    graph.add("Concat", graph.add("LeakyRelu", "image", alpha=0.1, to="bent"), "image", to="answer", axis=1)
    joined = graph.model("small", image_shape=DYNAMIC_NCHW, outputs={"answer": ("batch", 6, "h", "w")})
    seen = {"bent": (-0.3, 2.0), "answer": (-3.0, 4.0), "other": (0.0, 1.0)}
    shared = nanodet_int8.share_levels(joined.graph, seen)
    assert shared == {**seen, "bent": (-3.0, 4.0), "image": (-3.0, 4.0)}


def small_head(rng: np.random.Generator, *, classes: int, sides: int) -> onnx.ModelProto:
    """A last layer as NanoDet has three: scores of classes, then distances, each a column a cell."""
    graph = Graph()
    weight, bias = (rng.normal(size=size).astype(np.float32) for size in ((classes + sides, 3, 1, 1), classes + sides))
    both = graph.add("Conv", "image", graph.constant(weight), graph.constant(bias), kernel_shape=(1, 1))
    split = graph.constant(np.array([classes, sides], np.int64))
    parts = graph.add_many("Split", both, split, to=["scores", "distances"], axis=1)
    for part, columns, answer in zip(parts, (classes, sides), ("cls", "dist"), strict=True):
        graph.add("Reshape", part, graph.constant(np.array([0, columns, -1], np.int64)), to=answer)
    outputs = {"cls": ("batch", classes, "cells"), "dist": ("batch", sides, "cells")}
    return graph.model("small", image_shape=DYNAMIC_NCHW, outputs=outputs)


def test_the_classes_kept_score_as_before_and_distances_stay() -> None:
    rng = np.random.default_rng(8)
    whole, picture = small_head(rng, classes=7, sides=5), rng.normal(size=(2, 3, 4, 6)).astype(np.float32)
    kept = onnx.ModelProto()
    kept.CopyFrom(whole)
    keep_classes(kept.graph, (0, 2, 6), of=7)
    onnx.checker.check_model(kept, full_check=True)
    (scores, distances), (all_scores, all_distances) = (answers(model, picture) for model in (kept, whole))
    np.testing.assert_array_equal(scores, all_scores[:, [0, 2, 6]])
    np.testing.assert_array_equal(distances, all_distances)


def small_pyramid(rng: np.random.Generator, directions: NDArray[np.float32]) -> onnx.ModelProto:
    """Two levels that move in these directions alone, added up and read, under the names that NanoDet's have."""
    graph = Graph()

    def level(name: str) -> str:
        weight = directions.T @ rng.normal(size=(len(directions), 3))
        bias = directions.T @ rng.normal(size=len(directions))
        constants = (graph.constant(values.astype(np.float32)) for values in (weight[..., None, None], bias))
        return graph.add("Conv", "image", *constants, kernel_shape=(1, 1), to=name)

    summed = graph.add("Add", level("add_40"), level("add_63"), to="add_97")
    reading = graph.constant(rng.normal(size=(5, 6, 3, 3)).astype(np.float32))
    graph.add("Conv", summed, reading, kernel_shape=(3, 3), pads=(1, 1, 1, 1), to="answer")
    return graph.model("small", image_shape=DYNAMIC_NCHW, outputs={"answer": ("batch", 5, "h", "w")})


@pytest.mark.parametrize(
    ("kept", "same"), [(6, True), (4, True), (3, False)], ids=["all", "those it moves in", "one of those too few"]
)
def test_a_pyramid_answers_as_before_in_the_directions_that_it_moves_in(kept: int, *, same: bool) -> None:
    rng = np.random.default_rng(9)
    directions = np.linalg.qr(rng.normal(size=(6, 6)))[0].astype(np.float32)
    exact, picture = small_pyramid(rng, directions[:4]), rng.normal(size=(1, 3, 8, 8)).astype(np.float32)
    narrowed = onnx.ModelProto()
    narrowed.CopyFrom(exact)
    narrow(narrowed.graph, directions[:kept])
    assert {tensor.dims[0] for tensor in narrowed.graph.initializer if list(tensor.dims[2:]) == [1, 1]} == {kept}
    assert np.allclose(run(narrowed, picture), run(exact, picture), atol=1e-3) is same


def test_the_shipped_directions_are_orthogonal_unit_vectors() -> None:
    directions = np.load(DIRECTIONS).astype(np.float64)
    assert directions.shape == (72, 128)
    np.testing.assert_allclose(directions @ directions.T, np.eye(72), atol=2e-3)


def small_encoder(rng: np.random.Generator) -> onnx.ModelProto:
    """A convolution cut to [0,6], a channel-wise one whose first channel is dead, and a shortcut past it."""
    graph = Graph()
    bounds = [graph.constant(np.float32(bound)) for bound in (0, 6)]
    weight = rng.normal(size=(4, 3, 3, 3)).astype(np.float32)
    by_channel = rng.normal(0, 0.2, size=(4, 1, 3, 3)).astype(np.float32)
    by_channel[0] = 0
    biases = [graph.constant(rng.uniform(0, 1, 4).astype(np.float32)) for _ in range(2)]
    kept: dict[str, Any] = {"kernel_shape": (3, 3), "pads": (1, 1, 1, 1)}
    first = graph.add("Clip", graph.add("Conv", "image", graph.constant(weight), biases[0], **kept), *bounds)
    second = graph.add("Conv", first, graph.constant(by_channel), biases[1], group=4, **kept)
    graph.add("Add", second, first, to="sum")
    return graph.model("small", image_shape=DYNAMIC_NCHW, outputs={"sum": ("batch", 4, "h", "w")})


def test_an_encoder_in_8_bits_takes_bytes_and_errs_by_its_rounding_and_no_more() -> None:
    rng = np.random.default_rng(6)
    exact, pixels = small_encoder(rng), rng.integers(0, 256, size=(1, 3, 16, 16)).astype(np.uint8)
    rounded = onnx.ModelProto()
    rounded.CopyFrom(exact)
    efficientnet_lite_int8.quantise(rounded.graph, {"conv_2": (-20, 20), "sum": (-20, 26)})
    seen = (pixels.astype(np.float32) - 127) / 128
    error = np.abs(run(rounded, pixels.transpose(0, 2, 3, 1)) - run(exact, seen)).max()
    assert 0 < error < 0.5
