"""A process as Lambda starts one: imports, loads the models, looks at frames, and says on stdout what it took.

Arguments: a JPEG, how many more frames to look at once warm, and the list to search, if any.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

STARTED_MS = time.process_time() * 1e3

import app  # noqa: E402, F401  # as Lambda does, which imports the handler's module first
from chalicelib import bootstrap, bootstrap_vision  # noqa: E402
from chalicelib.domain.city import CameraProfile  # noqa: E402
from chalicelib.domain.frames import frame_key, parse_frame_key  # noqa: E402
from chalicelib.domain.kinds import SCENE_KINDS  # noqa: E402
from chalicelib.vision.observe import FaceSearch  # noqa: E402
from chalicelib.vision.watchlist import WatchlistSnapshot  # noqa: E402

IMPORTED_MS = time.process_time() * 1e3


def main(picture: Path, more: int, list_path: Path | None) -> None:
    """Look at the picture with all jobs, faces where there is a list."""
    data = picture.read_bytes()
    analyser = bootstrap_vision.analyser()
    loaded_ms = time.process_time() * 1e3
    search = _search(list_path) if list_path else None
    look = _looking(analyser, data, search)
    listed_ms = time.process_time() * 1e3
    look()
    first_ms = time.process_time() * 1e3
    start_s = time.perf_counter()
    for _ in range(more):
        look()
    report = {
        "interpreter_ms": STARTED_MS,
        "imports_ms": IMPORTED_MS - STARTED_MS,
        "models_ms": loaded_ms - IMPORTED_MS,
        "list_ms": listed_ms - loaded_ms,
        "first_frame_ms": first_ms - listed_ms,
        "to_first_result_ms": first_ms,
        "more_s": time.perf_counter() - start_s,
        "peak_mb": _peak_mb(),
    }
    print(json.dumps(report))


def _looking(analyser: Any, data: bytes, search: FaceSearch | None) -> Callable[[], object]:
    profile = CameraProfile("all", scenes=tuple(SCENE_KINDS), vehicles=True, faces=search is not None)
    at_utc = bootstrap.clock() - timedelta(seconds=1)
    frame = parse_frame_key(frame_key("cam-1", at_utc, 0), len(data))
    return lambda: analyser.observe(frame, data, profile=profile, previous_fingerprint=None, search=search)


def _search(list_path: Path) -> FaceSearch:
    snapshot = WatchlistSnapshot.from_bytes(list_path.read_bytes())
    return FaceSearch(snapshot, 0.9, snapshot.searchable_ids(bootstrap.clock()))


def _peak_mb() -> float:
    """The most memory this program ever had; getrusage would count what its parent had when it started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
