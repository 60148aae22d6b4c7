"""The whole gateway: a recording goes through it while the link is cut, the disk is full and the process is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx
import pytest
import yaml

from chalicelib.domain.frame_bundles import is_bundle_key, read_bundle
from chalicelib.domain.frames import parse_frame_key
from edge.matpho_edge.camera import CameraWorker
from edge.matpho_edge.clock import system_now
from edge.matpho_edge.config import Bundling, Cadence, Camera, SpoolBounds, VideoSource
from edge.matpho_edge.grants import Grants
from edge.matpho_edge.measure import measure_folder
from edge.matpho_edge.spool import Spool
from edge.matpho_edge.streams import Recording
from edge.matpho_edge.upload import LONGEST_REST_S, Uploader
from tests.edge.cloud import START, Clock, Cloud, error, served

CAMERA_ID = "cam-1"
ROOT = Path(__file__).parents[2]


@dataclass
class Rig:
    """A recording, a box and a cloud, with a clock that is turned by hand."""

    clip: Path
    folder: Path
    token_file: Path
    clock: Clock
    cloud: Cloud
    passed: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def play(self, *, bundle: int = 1, max_mb: float = 100) -> None:
        """Each look at its time, then every upload that is possible; at the end until all is settled."""
        source = VideoSource(kind="video", path=self.clip, starts_at=START)
        recording = Recording(source, 1.0, lambda _: False)
        bounds = SpoolBounds(folder=self.folder, max_mb=max_mb)
        with closing(Spool(bounds, Bundling(frames=bundle))) as spool, self.cloud.client() as http:
            grants = Grants(http, "https://api.test", self.token_file, time_s=self.clock.monotonic_s)
            uploader = Uploader(spool, grants, http, self.clock.now, time_s=self.clock.monotonic_s)
            worker = CameraWorker(Camera(id=CAMERA_ID, source=source), recording, spool, self.clock.now)
            for picture in recording.pictures():
                self.clock.passed_s = (picture.captured_at_utc - START).total_seconds()
                self.passed += filter(None, [worker.take(picture)])
                while uploader.step():
                    pass
            while spool.load().objects:
                self.clock.passed_s += LONGEST_REST_S
                uploader.step(flush=True)
            self.counts = {outcome: frames for (_, outcome), frames in spool.counts().items()}


@pytest.fixture
def rig(clip: Path, tmp_path: Path, token_file: Path, clock: Clock, cloud: Cloud) -> Rig:
    return Rig(clip, tmp_path / "undisturbed", token_file, clock, cloud)


def frames_of(cloud: Cloud) -> list[str]:
    """The keys of all frames that arrived, those of bundles too."""
    bundles = (
        (key, read_bundle(key, data)) if is_bundle_key(key) else (key, [key]) for key, data in cloud.objects.items()
    )
    return sorted(frame for _, frames in bundles for frame in frames)


def cut(clock: Clock, *, from_s: float, until_s: float) -> Callable[[httpx.Request], httpx.Response | None]:
    """A link that is there but for a while."""

    def link(request: httpx.Request) -> None:
        if from_s <= clock.passed_s < until_s:
            raise httpx.ConnectError("no route to host", request=request)

    return link


@pytest.mark.parametrize("bundle", [1, 4], ids=["frame by frame", "in bundles"])
def test_a_link_that_is_cut_for_a_minute_loses_no_frame(rig: Rig, bundle: int) -> None:
    rig.cloud.when = cut(rig.clock, from_s=25, until_s=85)
    rig.play(bundle=bundle)
    assert len(rig.passed) > 20
    assert frames_of(rig.cloud) == sorted(rig.passed)
    assert len(rig.cloud.arrivals) == len(rig.cloud.objects)
    assert rig.counts == {"passed": len(rig.passed), "delivered": len(rig.passed)}


def test_what_finds_no_room_while_the_link_is_cut_is_counted_as_shed(rig: Rig) -> None:
    rig.cloud.when = cut(rig.clock, from_s=25, until_s=85)
    rig.play(max_mb=0.05)
    assert rig.counts["shed_for_space"] > 5
    assert rig.counts["delivered"] == len(rig.cloud.objects) == len(rig.passed) - rig.counts["shed_for_space"]
    assert set(rig.cloud.objects) <= set(rig.passed)


def test_an_answer_that_is_lost_makes_no_second_object(rig: Rig) -> None:
    """The store had the frame, and the gateway didn't hear of it: it comes again under the same key."""

    def lose_each_third_answer(request: httpx.Request) -> None:
        if request.url.path == "/bucket" and len(rig.cloud.arrivals) % 3 == 2:
            rig.cloud._store(request)
            raise httpx.ReadTimeout("no answer", request=request)

    rig.cloud.when = lose_each_third_answer
    rig.play()
    assert len(rig.cloud.arrivals) > len(rig.cloud.objects)
    assert frames_of(rig.cloud) == sorted(rig.passed)


class Killed(BaseException):
    """The process is gone; nothing in it may catch this."""


@pytest.mark.parametrize("bundle", [1, 4], ids=["frame by frame", "in bundles"])
@pytest.mark.parametrize("max_mb", [100, 0.05], ids=["with room for all", "with room for a few"])
def test_a_link_cut_for_a_minute_and_two_deaths_leave_no_frame_unaccounted_for(
    rig: Rig, bundle: int, max_mb: float
) -> None:
    """What the gateway promises, in one run: each frame that passed arrives exactly once or is counted as shed."""
    link, deaths = cut(rig.clock, from_s=45, until_s=105), iter([33.0, 105.0])
    due_s = next(deaths)

    def befall(request: httpx.Request) -> None:
        nonlocal due_s
        link(request)
        if rig.clock.passed_s >= due_s and request.url.path == "/bucket":
            due_s, stored = next(deaths, float("inf")), due_s > 50
            if stored:
                rig.cloud._store(request)
            raise Killed

    rig.cloud.when = befall
    died = 0
    while not rig.counts:
        try:
            rig.play(bundle=bundle, max_mb=max_mb)
        except Killed:
            died += 1
    arrived = frames_of(rig.cloud)
    assert died == 2
    assert len(set(arrived)) == len(arrived) == rig.counts["delivered"]
    assert set(arrived) <= set(rig.passed)
    assert rig.counts["passed"] == len(rig.passed) == len(arrived) + rig.counts.get("shed_for_space", 0)
    assert ("shed_for_space" in rig.counts) is (max_mb < 1)


@dataclass
class Killer:
    """Kills the gateway at two of its uploads: before the object is stored, and after, with its answer lost."""

    cloud: Cloud
    process: subprocess.Popen[str] | None = None
    uploads: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response | None:
        if request.url.path != "/bucket":
            return None
        self.uploads += 1
        match self.uploads:
            case 2:
                self._kill()
            case 4:
                return error(503, "SlowDown")
            case 6:
                self.cloud._store(request)
                self._kill()
        return None

    def _kill(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        raise ConnectionAbortedError


def configure(folder: Path, clip: Path, address: str, *, bundle: int) -> list[str]:
    """Write a configuration; gives the command that runs it."""
    source = {"kind": "video", "path": str(clip), "starts_at": START.isoformat()}
    config = {
        "api": address,
        "token_file": str(folder / "token"),
        "spool": {"folder": str(folder / "spool")},
        "bundle": {"frames": bundle},
        "metrics": None,
        "cameras": [{"id": CAMERA_ID, "source": source}],
    }
    (folder / "edge.yaml").write_text(yaml.safe_dump(config))
    return [sys.executable, "-m", "edge.matpho_edge", "run", "--config", str(folder / "edge.yaml")]


@pytest.mark.parametrize("bundle", [1, 4], ids=["frame by frame", "in bundles"])
def test_a_gateway_killed_twice_delivers_every_frame_that_passed_and_none_twice(
    rig: Rig, tmp_path: Path, bundle: int
) -> None:
    rig.play()
    cloud = Cloud(system_now)
    cloud.when = killer = Killer(cloud)
    endings: list[int] = []
    with served(cloud) as address:
        command = configure(tmp_path, rig.clip, address, bundle=bundle)
        while not endings or endings[-1] == -signal.SIGKILL:
            killer.process = subprocess.Popen(command, cwd=ROOT, text=True, stderr=subprocess.PIPE)
            _, complaints = killer.process.communicate(timeout=60)
            endings.append(killer.process.returncode)
    assert endings == [-signal.SIGKILL, -signal.SIGKILL, 0], complaints
    assert orders(frames_of(cloud)) == orders(rig.passed)
    with closing(Spool(SpoolBounds(folder=tmp_path / "spool"), Bundling())) as spool:
        assert spool.load().objects == 0
        assert {outcome: frames for (_, outcome), frames in spool.counts().items()} == rig.counts


def orders(keys: Iterable[str]) -> list[tuple[datetime, int]]:
    """What names a frame wherever it lies: when it was captured, and its number."""
    return sorted(parse_frame_key(key, 0).order for key in keys)


def test_a_gateway_that_is_told_to_stop_stops(clip: Path, tmp_path: Path, token_file: Path) -> None:
    cloud = Cloud(system_now)
    with served(cloud) as address:
        command = configure(tmp_path, clip, address, bundle=1)
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)
        cloud.when = lambda _: process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 0


def test_a_recording_through_the_gateway_is_a_fifth_of_its_frames_or_less(dev_data: Path, tmp_path: Path) -> None:
    """What the gateway is for, on the clips beside the project."""
    measured = measure_folder(dev_data / "video", Cadence(), Bundling())
    assert all(clip["fewer_than_frames"] >= 0.8 for clip in measured["clips"])
    assert measured["fewer_than_frames"] >= 0.8
