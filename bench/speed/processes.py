"""What only a fresh process shows: the time to its first result, its peak memory, and how two share the machine."""

import json
import os
import statistics
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.speed.peers.matpho_search import snapshot_of
from bench.speed.pictures import FULL_HD, Pictures, jpeg
from bench.speed.race import ONE_THREAD, ROOT
from bench.speed.search import random_units
from chalicelib.domain.watchlists import EntryValidity
from chalicelib.vision.face_space import read_face_space
from chalicelib.vision.watchlist import WatchlistSnapshot

LISTED = 100_000
FRAMES = 12
_SETTINGS = {
    "MATPHO_STAGE": "bench",
    **{f"MATPHO_{name}": "bench" for name in (
        "FRAMES_BUCKET", "CONFIG_BUCKET", "CAMERAS_TABLE", "INCIDENTS_TABLE", "REJECTIONS_TABLE", "ALERTS_TOPIC_ARN",
    )},
    "AWS_DEFAULT_REGION": "ap-southeast-1",
    "LAMBDA_TASK_ROOT": "/var/task",  # elsewhere the X-Ray SDK builds a client while it is imported, 250 ms
    "POWERTOOLS_TRACE_DISABLED": "true",
}  # fmt: skip


def time_processes(models: Path, pictures: Pictures, folder: Path, *, starts: int) -> dict[str, Any]:
    """Medians over fresh processes without a list; memory and first result with 100,000 listed; frames a second."""
    picture, entries = folder / "street.jpg", folder / "list.npz"
    picture.write_bytes(jpeg(pictures.frame(FULL_HD, faces=1)))
    entries.write_bytes(_listed(LISTED).to_bytes())
    fresh = [_finish(_start(models, picture)) for _ in range(starts)]
    alone = _frames_a_second([_start(models, picture, more=FRAMES)])
    both = _frames_a_second([_start(models, picture, more=FRAMES) for _ in range(2)])
    return {
        "fresh": {key: round(statistics.median(one[key] for one in fresh), 1) for key in fresh[0]},
        "listed": LISTED,
        "with_list": {key: round(value, 1) for key, value in _finish(_start(models, picture, entries=entries)).items()},
        "frames_a_second": {"1": round(alone, 2), "2": round(both, 2)},
    }


def _start(models: Path, picture: Path, *, more: int = 0, entries: Path | None = None) -> subprocess.Popen[str]:
    arguments = [str(picture), str(more), *([str(entries)] if entries else [])]
    return subprocess.Popen(
        [sys.executable, "-m", "bench.speed.child", *arguments],
        cwd=ROOT,
        env={**os.environ, **ONE_THREAD, **_SETTINGS, "MATPHO_MODELS_DIR": str(models.absolute())},
        stdout=subprocess.PIPE,
        text=True,
    )


def _finish(process: subprocess.Popen[str]) -> dict[str, float]:
    output, _ = process.communicate(timeout=300)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    told: dict[str, float] = json.loads(output.splitlines()[-1])
    return told


def _frames_a_second(processes: list[subprocess.Popen[str]]) -> float:
    """Together; by the wall clock, since the question is what a machine gets done."""
    return sum(FRAMES / _finish(one)["more_s"] for one in processes)


def _listed(count: int) -> WatchlistSnapshot:
    """Entries valid from now on, as the function would read them."""
    now_utc = datetime.now(UTC)
    snapshot = snapshot_of(random_units(count, seed=3))
    entries = tuple(
        EntryValidity(
            one.entry_id, one.category, "lan", "minh", now_utc - timedelta(hours=1), now_utc + timedelta(days=1)
        )
        for one in snapshot.entries
    )
    return WatchlistSnapshot("1", read_face_space().digest, entries, snapshot.templates, snapshot.owners)
