"""The canary: faces that match nobody go through the whole chain, and nothing of them is left anywhere.

Invariant 5, where it would break: tables, buckets, queues, logs, metrics and traces of the local cloud are searched for
the templates that the embedder made and for the pixels of the faces, in every spelling that software writes them in.
"""

import base64
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.images import decode_image
from chalicelib.vision.sessions import load_model
from tests.invariants.canary_city import CAMERA, FRAMES
from tests.invariants.spellings import finds_picture, finds_pixels, finds_template

pytestmark = pytest.mark.xdist_group("city")

ROOT = Path(__file__).parents[2]
TEMPLATE = np.random.default_rng(1).normal(0, 0.088, 128).astype(np.float32)
CROP = np.random.default_rng(2).integers(0, 256, (40, 30, 3), dtype=np.uint8)


@dataclass(frozen=True)
class Left:
    """What a run left behind, by where it was found, and what the embedder had in its hands."""

    places: dict[str, bytes]
    templates: NDArray[np.float32]
    crops: list[NDArray[np.uint8]]


@pytest.fixture(scope="module")
def left(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Left:
    folder = tmp_path_factory.mktemp("canary")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        done = _run(folder, models_dir, daemon.getsockname()[1])
        traces = b"\n".join(_received(daemon))
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    places = {_named(path): path.read_bytes() for path in folder.iterdir() if path.suffix != ".npz"}
    with np.load(folder / "made.npz") as made:
        templates, crops = made["templates"], [made[name] for name in made.files if name.startswith("crop")]
    return Left(
        {**places, "standard output": done.stdout, "standard error": done.stderr, "traces": traces}, templates, crops
    )


def test_faces_were_found_and_searched_so_there_was_something_to_leave(left: Left) -> None:
    assert len(left.templates) >= 2
    assert len(left.crops) == len(left.templates)
    assert any(b"faces_searched" in body for body in left.places.values())


def test_tables_buckets_logs_metrics_and_traces_are_all_there_to_be_searched(left: Left) -> None:
    """A place that was empty would prove nothing."""
    named = "\n".join(left.places)
    for place in ("matpho-dev-cameras", "matpho-dev-audit", "matpho-dev-frames-", "matpho-dev-biometrics-"):
        assert place in named
    assert left.places["standard output"].count(b'"frames_processed"') >= FRAMES
    assert left.places["standard output"].count(b'"faces_compared"') >= FRAMES
    assert left.places["traces"].count(b"capture_lambda_handler") > FRAMES


def test_no_template_is_left_anywhere_in_any_spelling(left: Left) -> None:
    found = {
        place: spelling
        for place, body in left.places.items()
        for template in left.templates
        if (spelling := finds_template(body, template))
    }
    assert found == {}


def test_no_crop_is_left_anywhere(left: Left) -> None:
    found = {
        place: spelling
        for place, body in left.places.items()
        for crop in left.crops
        if (spelling := finds_pixels(body, crop))
    }
    assert found == {}


def test_the_only_pictures_are_the_frames_that_were_put_in_and_a_redacted_one(left: Left) -> None:
    """A crop that was encoded anew has other bytes, but it is a picture, and no frame's key names it."""
    pictures = {place for place, body in left.places.items() if finds_picture(body.split(b"\n", 2)[-1])}
    frames = {place for place in pictures if f"/frames/{CAMERA}/" in place}
    assert len(frames) == FRAMES
    (redacted,) = pictures - frames
    assert redacted.endswith(f"/cameras/{CAMERA}.jpg")


def test_in_the_redacted_picture_no_face_is_found(left: Left, models_dir: Path) -> None:
    (body,) = (body for place, body in left.places.items() if place.endswith(f"/cameras/{CAMERA}.jpg"))
    detector = FaceDetector(load_model(models_dir, "face_detector"))
    assert detector.detect(decode_image(body[body.index(b"\xff\xd8\xff") :])) == ()


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda row: row.tobytes(), id="float32"),
        pytest.param(lambda row: row.astype(np.float16).tobytes(), id="float16"),
        pytest.param(lambda row: row.astype(np.float64).tobytes(), id="float64"),
        pytest.param(lambda row: base64.b64encode(row.tobytes()), id="base64"),
        pytest.param(lambda row: base64.b64encode(b"xy" + row.tobytes()), id="base64 out of step"),
        pytest.param(lambda row: base64.urlsafe_b64encode(row.tobytes()), id="base64 for URLs"),
        pytest.param(lambda row: row.tobytes().hex().encode(), id="hex"),
        pytest.param(lambda row: json.dumps(row.tolist()).encode(), id="json"),
        pytest.param(lambda row: json.dumps([round(float(x), 5) for x in row]).encode(), id="rounded json"),
        pytest.param(lambda row: str([{"N": str(x)} for x in row]).encode(), id="numbers of DynamoDB"),
        pytest.param(lambda row: row[30:60].tobytes(), id="a quarter of it"),
    ],
)
def test_the_search_finds_a_template_however_it_is_written(write: Callable[[NDArray[np.float32]], bytes]) -> None:
    """A search that can't find what was planted would find nothing anywhere."""
    assert finds_template(b"before " + write(TEMPLATE) + b" after", TEMPLATE)
    assert finds_template(write(np.roll(TEMPLATE, 1) * 1.01), TEMPLATE) is None


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda crop: crop.tobytes(), id="raw"),
        pytest.param(lambda crop: crop[:, :, ::-1].tobytes(), id="raw in RGB"),
        pytest.param(lambda crop: base64.b64encode(crop.tobytes()), id="base64"),
    ],
)
def test_the_search_finds_pixels_however_they_are_written(write: Callable[[NDArray[np.uint8]], bytes]) -> None:
    assert finds_pixels(write(CROP), CROP)
    assert finds_pixels(write(255 - CROP), CROP) is None


def _run(folder: Path, models_dir: Path, daemon_port: int) -> "subprocess.CompletedProcess[bytes]":
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "MATPHO_MODELS_DIR": str(models_dir),
        # As on Lambda, or nothing is traced.
        "LAMBDA_TASK_ROOT": str(ROOT),
        "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
        "AWS_XRAY_DAEMON_ADDRESS": f"127.0.0.1:{daemon_port}",
    }
    command = [sys.executable, "-m", "tests.invariants.canary_city", str(folder)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)


def _received(daemon: socket.socket) -> Iterator[bytes]:
    daemon.settimeout(0.2)
    while True:
        try:
            yield daemon.recv(65536)
        except TimeoutError:
            return


def _named(path: Path) -> str:
    return f"{path.name} {path.read_bytes().splitlines()[0].decode()}"
