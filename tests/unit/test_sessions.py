"""A model is proved before it runs, and fed as its manifest says."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from chalicelib.errors import Misconfigured
from chalicelib.vision.sessions import ModelSpec, load_model, load_models_index
from layers.models.convert.graph import DYNAMIC_NCHW, Graph

BLUE = np.full((2, 2, 3), (255, 10, 0), np.uint8)
"""A picture whose channels differ, in BGR."""


def put_models(folder: Path, **changes: Any) -> Path:
    """Write a folder with one model that doubles its input, and its index."""
    graph = Graph()
    graph.add("Add", "image", "image", to="doubled")
    model = graph.model("doubling", image_shape=DYNAMIC_NCHW, outputs={"doubled": DYNAMIC_NCHW}).SerializeToString()
    (folder / "doubling.onnx").write_bytes(model)
    record = {
        "file": "doubling.onnx",
        "sha256": hashlib.sha256(model).hexdigest(),
        "input_wh": [2, 2],
        "colour": "bgr",
        "mean": [0, 0, 0],
        "std": [1, 1, 1],
        "labels": [],
        "source": {"members": {"doubling.pth": "5eed"}},
    }
    (folder / "models.json").write_text(json.dumps({"doubling": record | changes}))
    return folder


def test_the_index_holds_what_feeding_a_model_takes(tmp_path: Path) -> None:
    spec = load_models_index(put_models(tmp_path, labels=["car"], std=[2, 2, 2]))["doubling"]
    assert spec == ModelSpec(
        job="doubling",
        file="doubling.onnx",
        sha256=spec.sha256,
        input_wh=(2, 2),
        colour="bgr",
        mean=(0, 0, 0),
        std=(2, 2, 2),
        labels=("car",),
        source_sha256s=("5eed",),
    )


@pytest.mark.parametrize(
    ("colour", "mean", "std", "pixel"),
    [
        ("bgr", [0, 0, 0], [1, 1, 1], [255, 10, 0]),
        ("rgb", [0, 0, 0], [1, 1, 1], [0, 10, 255]),
        ("bgr", [55, 10, 20], [2, 4, 5], [100, 0, -4]),
        ("rgb", [20, 10, 55], [5, 4, 2], [-4, 0, 100]),
    ],
)
def test_a_picture_becomes_channels_first_in_the_colours_and_scale_of_the_spec(
    tmp_path: Path, colour: str, mean: list[int], std: list[int], pixel: list[int]
) -> None:
    """Mean and deviation are given in the order of the colours the network wants."""
    blob = load_model(put_models(tmp_path, colour=colour, mean=mean, std=std), "doubling").blob(BLUE)
    assert blob.shape == (1, 3, 2, 2)
    assert blob.dtype == np.float32
    np.testing.assert_allclose(blob[0, :, 1, 1], pixel, atol=1e-5)


def test_a_network_that_takes_bytes_is_given_them_as_they_lie_but_for_the_order_of_colours(tmp_path: Path) -> None:
    folder = put_models(tmp_path, colour="rgb", mean=[9, 9, 9], std=[2, 2, 2])
    model = onnx.load(folder / "doubling.onnx")
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.elem_type = onnx.TensorProto.UINT8
    content = model.SerializeToString()
    (folder / "doubling.onnx").write_bytes(content)
    index = folder / "models.json"
    records = json.loads(index.read_bytes())
    records["doubling"]["sha256"] = hashlib.sha256(content).hexdigest()
    index.write_text(json.dumps(records))
    blob = load_model(folder, "doubling").blob(BLUE)
    assert blob.dtype == np.uint8
    assert blob.tolist() == [BLUE[..., ::-1].tolist()]


def test_a_model_runs_a_batch_on_one_thread(tmp_path: Path) -> None:
    model = load_model(put_models(tmp_path), "doubling")
    batch = np.ones((3, 3, 4, 5), np.float32)
    (doubled,) = model.run(batch)
    np.testing.assert_array_equal(doubled, 2 * batch)
    assert model.session.get_session_options().intra_op_num_threads == 1


def test_a_model_is_known_by_the_digest_of_its_file(tmp_path: Path) -> None:
    model = load_model(put_models(tmp_path), "doubling")
    assert model.digest == hashlib.sha256((tmp_path / "doubling.onnx").read_bytes()).hexdigest()


def no_index(folder: Path) -> None:
    (folder / "models.json").unlink()


def broken_index(folder: Path) -> None:
    (folder / "models.json").write_text('{"doubling": {}}')


def no_file(folder: Path) -> None:
    (folder / "doubling.onnx").unlink()


def another_file(folder: Path) -> None:
    (folder / "doubling.onnx").write_bytes(b"tampered")


@pytest.mark.parametrize(
    ("disturb", "complaint"),
    [
        (no_index, "no usable models.json"),
        (broken_index, "no usable models.json"),
        (no_file, r"cannot read the model '.*doubling\.onnx'"),
        (another_file, "has SHA-256"),
    ],
)
def test_a_model_that_cannot_be_proved_stops_the_start(tmp_path: Path, disturb: Any, complaint: str) -> None:
    disturb(put_models(tmp_path))
    with pytest.raises(Misconfigured, match=complaint):
        load_model(tmp_path, "doubling")


def test_a_job_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"no model for 'faces'.*\['doubling'\]"):
        load_model(put_models(tmp_path), "faces")
