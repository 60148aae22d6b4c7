"""usearch's exact search by inner product; it has no threshold, so the best ten are asked for."""

from importlib.metadata import version as version_of

import numpy as np
from numpy.typing import NDArray
from usearch.index import MetricKind, search  # type: ignore[import-not-found]  # only in .bench-venv

from bench.speed.peers.threshold import threshold_for
from bench.speed.worker import Task

BEST = 10


def version() -> str:
    return version_of("usearch")


def prepare(templates: NDArray[np.float32]) -> Task:
    def find(queries: NDArray[np.float32]) -> list[list[float]]:
        found = search(templates, queries, BEST, MetricKind.IP, exact=True, threads=1)
        keys, distances = found.keys.reshape(len(queries), -1), found.distances.reshape(len(queries), -1)
        farthest = 1 - threshold_for(len(templates))
        return [row[near <= farthest].tolist() for row, near in zip(keys, distances, strict=True)]

    return find
