"""Runs every model, and one whole look at a picture, from the layers alone; smoke.py starts it in a bare interpreter.

Arguments: the memory to make do with in bytes, and the folder of the models. Lambda counts memory that is used and the
limit here what is reserved, which is stricter. Prints one JSON object; times are of the processor.
"""

import json
import resource
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

import app
from chalicelib import bootstrap_vision
from chalicelib.domain.city import CameraProfile
from chalicelib.domain.frames import frame_key, parse_frame_key
from chalicelib.domain.watchlists import EntryValidity
from chalicelib.vision.observe import FaceSearch
from chalicelib.vision.sessions import load_model, load_models_index
from chalicelib.vision.watchlist import WatchlistSnapshot

_NOW_UTC = datetime(2026, 1, 1, tzinfo=UTC)
_KIB = 1024


def main(memory_bytes: int, models_dir: Path) -> None:
    """Run each model, then look at a picture of every format; whatever fails ends in a traceback."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    imported_s = time.process_time()
    specs = load_models_index(models_dir)
    _run_models(models_dir, sorted(specs))
    ran_s = time.process_time()
    _observe_pictures(embedder_digest=bootstrap_vision.impostor_curve().embedder_digest)
    report = {
        "models": sorted(specs),
        "import_s": round(imported_s, 2),
        "models_s": round(ran_s - imported_s, 2),
        "pictures_s": round(time.process_time() - ran_s, 2),
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB,
        "loaded_from": [str(module.__file__) for module in (app, boto3, cv2, np, ort)],
    }
    print(json.dumps(report))


def _run_models(models_dir: Path, jobs: Sequence[str]) -> None:
    for job in jobs:
        model = load_model(models_dir, job)
        width, height = model.spec.input_wh
        outputs = model.run(model.blob(np.zeros((height, width, 3), np.uint8)))
        if not outputs or not all(np.isfinite(output).all() for output in outputs):
            raise ValueError(f"{job!r} answers nonsense to a black picture")


def _observe_pictures(*, embedder_digest: str) -> None:
    """As the function does it: the same analyser, asked for all that a profile can ask for."""
    analyser = bootstrap_vision.analyser()
    profile = CameraProfile("everything", scenes=tuple(analyser.thresholds), vehicles=True, faces=True)
    search = _search(embedder_digest)
    for extension in ("jpg", "png", "webp"):
        data = cv2.imencode(f".{extension}", _picture())[1].tobytes()
        frame = parse_frame_key(frame_key("cam-1", _NOW_UTC, 1, extension), len(data))
        seen = analyser.observe(frame, data, profile=profile, previous_fingerprint=None, search=search)
        if seen.traffic is None or seen.faces is None or set(seen.scene_scores) != set(profile.scenes):
            raise ValueError(f"not everything was looked for in a {extension}: {seen!r}")


def _picture() -> NDArray[np.uint8]:
    """1280 × 720 of coloured stripes and squares: neither dark, nor flat, nor anybody's photograph."""
    y, x = np.mgrid[0:720, 0:1280]
    return np.stack([x // 16 * 37 % 256, y // 16 * 53 % 256, (x // 40 + y // 40) * 91 % 256], axis=2).astype(np.uint8)


def _search(embedder_digest: str) -> FaceSearch:
    """A list with one person on it, so that templates are made and compared."""
    terms = EntryValidity("e1", "missing_child", "a", "b", _NOW_UTC, _NOW_UTC + timedelta(days=1))
    template = np.eye(1, 128, dtype=np.float32)
    snapshot = WatchlistSnapshot.build("v1", embedder_digest, [(terms, template)])
    return FaceSearch(snapshot, threshold=0.5, entry_ids=frozenset({terms.entry_id}))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
