"""Exact search through lists of many lengths, against faiss's flat index and usearch's exact search."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.speed.contestants import OURS, search_contestants
from bench.speed.pictures import saved
from bench.speed.race import race, running
from chalicelib.vision.face_space import read_face_space

LENGTHS = (1_000, 10_000, 100_000, 1_000_000)
FACES = (1, 8)
"""A face at a door, and a crowd."""
DIM = 128
_NOISE = 0.08


def race_search(folder: Path, *, rounds: int, lengths: tuple[int, ...] = LENGTHS) -> Any:
    """Medians by contestant for lists of each length; everybody must find the same entries."""
    with running(search_contestants()) as (runners, missing):
        return {"missing": missing, "lists": [_race_list(runners, missing, folder, one, rounds) for one in lengths]}


def _race_list(runners: Any, missing: dict[str, str], folder: Path, length: int, rounds: int) -> dict[str, Any]:
    templates = random_units(length, seed=1)
    list_path = saved(templates, folder, "list")
    reasons = {one.name: one.prepare(list_path) for one in runners}
    missing |= {name: reason for name, reason in reasons.items() if reason}
    ready = [one for one in runners if one.name not in missing]
    told: dict[str, Any] = {"length": length, "ms": {}, "times_ours": {}}
    times = max(1, 100_000 // length)
    for faces in FACES:
        queries = saved(seen_again(templates[:faces]), folder, "queries")
        results = race(ready, queries, rounds=rounds, times=times)
        told["ms"][str(faces)] = {name: round(one.ms, 4) for name, one in results.items()}
        told["times_ours"][str(faces)] = {name: round(one.ms / results[OURS].ms, 2) for name, one in results.items()}
        found = [sorted(map(sorted, one.rows)) for one in results.values()]
        told["same"] = told.get("same", True) and all(one == found[0] for one in found)
    return told


def random_units(count: int, *, seed: int) -> NDArray[np.float32]:
    """Templates of nobody: unit rows `(count, 128)`, as unlike each other as strangers are, varying as faces do."""
    rows = np.random.default_rng(seed).standard_normal((count, DIM), dtype=np.float32)
    rows *= read_face_space().spread
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def seen_again(templates: NDArray[np.float32]) -> NDArray[np.float32]:
    """As another photograph of the same people would give them."""
    noisy = templates + _NOISE * random_units(len(templates), seed=2) * np.sqrt(DIM) / 2
    units: NDArray[np.float32] = (noisy / np.linalg.norm(noisy, axis=1, keepdims=True)).astype(np.float32)
    return units
