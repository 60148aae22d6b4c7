"""A configuration is checked whole before anything starts, and what is wrong is one line without a secret."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from edge.matpho_edge.config import read_config, read_secret
from edge.matpho_edge.errors import ConfigError

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "edge" / "edge.example.yaml"


def written(tmp_path: Path, change: dict[str, Any]) -> Path:
    config: dict[str, Any] = {
        "api": "https://api.test/",
        "token_file": "token",
        "spool": {"folder": "spool"},
        "cameras": [{"id": "cam-1", "source": {"kind": "rtsp", "url": "rtsp://camera.test/1"}}],
    }
    path = tmp_path / "edge.yaml"
    path.write_text(yaml.safe_dump(config | change))
    return path


def test_the_least_that_a_gateway_needs(tmp_path: Path) -> None:
    config = read_config(written(tmp_path, {}))
    assert (config.api, config.bundle.frames, len(config.cameras)) == ("https://api.test", 1, 1)


def test_the_example_shows_every_kind_of_source() -> None:
    kinds = {camera.source.kind for camera in read_config(EXAMPLE).cameras}
    assert kinds == {"rtsp", "snapshot", "video", "folder"}


def camera(**change: Any) -> dict[str, Any]:
    one = {"id": "cam-1", "source": {"kind": "rtsp", "url": "rtsp://gate:hunter2@camera.test/1"}}
    return {"cameras": [one | change]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"api": "http://api.test"}, "api: .*https", id="a token in the clear"),
        pytest.param({"cameras": []}, "cameras: ", id="no camera"),
        pytest.param({"cameras": camera()["cameras"] * 2}, "two cameras are named 'cam-1'", id="one camera twice"),
        pytest.param(camera(id="Cam 1"), r"cameras.0.id: ", id="an id that is no part of a key"),
        pytest.param(camera(source={"kind": "ftp"}), "cameras.0.source: .*'rtsp'", id="an unknown source"),
        pytest.param(camera(cadence={"look_every_s": 0}), "cadence.look_every_s: ", id="no time between looks"),
        pytest.param(camera(candence={}), "cameras.0.candence: ", id="a slip of the pen"),
        pytest.param({"bundle": {"frames": 13}}, "bundle.frames: .*12", id="a bundle that the chain refuses"),
        pytest.param({"spool": {}, "metrics": {"port": 0}}, r"spool.folder: .* \(and 1 more\)", id="two faults"),
    ],
)
def test_what_does_not_hold_is_one_line_that_says_where(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words) as refused:
        read_config(written(tmp_path, change))
    assert "\n" not in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("text", [": :", "[1, 2", "- a list", "", "\udcff"], ids=repr)
def test_a_file_that_is_no_configuration(tmp_path: Path, text: str) -> None:
    (tmp_path / "edge.yaml").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ConfigError, match=r"edge\.yaml: ") as refused:
        read_config(tmp_path / "edge.yaml")
    assert "\n" not in str(refused.value)


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        read_config(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize("held", [b"", b" \n", b"two\nlines", b"\xff\xfe"])
def test_a_secret_is_one_line_of_text_and_never_told(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "token").write_bytes(held)
    with pytest.raises(ConfigError) as refused:
        read_secret(tmp_path / "token")
    assert "lines" not in str(refused.value)
