"""What a person at the box types, and what Prometheus asks."""

import json
import socket
import tomllib
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest
from typer.testing import CliRunner

from edge.matpho_edge.check import check_connections, check_secrets
from edge.matpho_edge.cli import app
from edge.matpho_edge.clock import CheckedClock
from edge.matpho_edge.config import Bundling, SpoolBounds, read_config
from edge.matpho_edge.errors import ConfigError, SpoolFailed
from edge.matpho_edge.frames import Passed, Worth
from edge.matpho_edge.gateway import run_gateway
from edge.matpho_edge.metrics import CameraLife, GatewayCollector
from edge.matpho_edge.spool import Spool
from tests.edge.cloud import START, Clock, Cloud, make_clip

ROOT = Path(__file__).parents[2]


def configure(folder: Path, token_file: Path, clip: Path, **change: Any) -> Path:
    cameras = [{"id": "cam-1", "source": {"kind": "video", "path": str(clip)}}]
    config = {
        "api": "https://api.test",
        "token_file": str(token_file),
        "spool": {"folder": str(folder / "spool")},
        "cameras": cameras,
    }
    (folder / "edge.yaml").write_text(yaml.safe_dump(config | change))
    return folder / "edge.yaml"


def invoke(*words: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.stdout, result.stderr


def test_a_configuration_that_holds_is_said_to(tmp_path: Path, token_file: Path, clip: Path) -> None:
    assert invoke("check", "--config", configure(tmp_path, token_file, clip)) == (0, "ok   token: can be read\n", "")


def test_every_secret_that_is_missing_is_told_at_once(tmp_path: Path, clip: Path) -> None:
    login = {"user": "gate", "password_file": str(tmp_path / "password")}
    source = {"kind": "rtsp", "url": "rtsp://camera.test/1", "login": login}
    events = {"adapter": "hikvision", "url": "http://camera.test", "login": login}
    cameras = [{"id": "cam-1", "source": source, "events": events}]
    config = read_config(configure(tmp_path, tmp_path / "token", clip, cameras=cameras))
    assert [(one.what, one.fine) for one in check_secrets(config)] == [
        ("token", False),
        ("cam-1: password", False),
        ("cam-1: password", False),
    ]


@pytest.mark.parametrize("command", ["run", "check"])
def test_what_is_wrong_is_one_line_and_a_code(tmp_path: Path, token_file: Path, clip: Path, command: str) -> None:
    config = configure(tmp_path, token_file, clip, api="http://api.test")
    assert invoke(command, "--config", config) == (2, "", f"{config}: api: Value error, must begin with https://\n")


def test_a_check_of_connections_tries_all_of_them(
    tmp_path: Path, token_file: Path, clip: Path, clock: Clock, cloud: Cloud
) -> None:
    sources = {"cam-1": clip, "cam-2": tmp_path / "missing.mp4"}
    cameras = [{"id": name, "source": {"kind": "video", "path": str(path)}} for name, path in sources.items()]
    config = read_config(configure(tmp_path, token_file, clip, cameras=cameras))
    cloud.when = lambda request: httpx.Response(403) if b"cam-1" in request.read() else None
    found = {one.what: (one.fine, one.words) for one in check_connections(config, transport=cloud.client()._transport)}
    assert found["cam-1: picture"] == (True, "320 x 240")
    assert found["cam-1: grant"] == (False, "the api grants nothing for 'cam-1': 403")
    assert found["cam-2: picture"][0] is False
    assert found["cam-2: grant"] == (True, "for frames/cam-2/")
    assert found["clock"][1].startswith("corrected by -")


def test_savings_are_measured_as_json_on_every_clip_of_a_folder(tmp_path: Path) -> None:
    make_clip(tmp_path / "still.avi", seconds=30, busy=())
    make_clip(tmp_path / "busy.mp4", seconds=30, busy=range(10, 20))
    code, printed, _ = invoke("measure", tmp_path, "--bundle", "4")
    measured = json.loads(printed)
    busy, still = measured["clips"]
    assert code == 0
    assert (still["frames"], still["looks"], still["passed"], still["objects"]) == (60, 30, 1, 1)
    assert busy["objects"] < busy["passed"] <= 14
    assert measured["fewer_than_frames"] == round(1 - (busy["objects"] + 1) / 120, 4)


def test_a_folder_without_recordings_is_told(tmp_path: Path) -> None:
    assert invoke("measure", tmp_path) == (2, "", f"no recordings (.avi, .mkv, .mov, .mp4) in {str(tmp_path)!r}\n")


def test_metrics_go_on_where_a_killed_gateway_left_them(tmp_path: Path, clock: Clock) -> None:
    for _ in range(2):
        spool = Spool(SpoolBounds(folder=tmp_path), Bundling())
        spool.put(Passed("cam-1", START, Worth.MOTION, b"jpeg"), START)
        clock.passed_s = 90
        life = {"cam-1": CameraLife(looks=7, events=1, failures=2, last_look_s=5.0)}
        registry = CollectorRegistry()
        registry.register(GatewayCollector(spool, CheckedClock(5, clock.now), life))
        lines = generate_latest(registry).decode().splitlines()
        spool.close()
    assert {
        'matpho_edge_frames_total{camera="cam-1",outcome="passed"} 2.0',
        "matpho_edge_spool_frames 2.0",
        "matpho_edge_spool_oldest_seconds 90.0",
        'matpho_edge_looks_total{camera="cam-1"} 7.0',
        'matpho_edge_source_failures_total{camera="cam-1"} 2.0',
        "matpho_edge_clock_correction_seconds 0.0",
    } <= set(lines)


def test_a_port_that_is_taken_is_told(tmp_path: Path, token_file: Path, clip: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        config = read_config(configure(tmp_path, token_file, clip, metrics={"port": port}))
        with pytest.raises(ConfigError, match=f"metrics.port: {port}: "):
            run_gateway(config, Event())


def test_what_fails_unforeseen_in_one_thread_ends_the_gateway_and_is_told(
    tmp_path: Path, token_file: Path, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise SpoolFailed("the disk is full")

    monkeypatch.setattr(Spool, "put", full)
    config = configure(tmp_path, token_file, clip, metrics=None)
    with pytest.raises(SpoolFailed, match="full"):
        run_gateway(read_config(config), Event())


def test_the_box_gets_what_the_package_asks_for() -> None:
    project = tomllib.loads((ROOT / "edge" / "pyproject.toml").read_text())
    asked = (ROOT / "edge" / "requirements.in").read_text().splitlines()
    pinned = (ROOT / "edge" / "requirements.txt").read_text().splitlines()
    assert project["tool"]["setuptools"]["dynamic"]["dependencies"] == {"file": ["requirements.in"]}
    assert [line for line in asked if not line.startswith("#") and line not in pinned] == []
