"""faiss's flat index: exact, by inner product, everything from the same threshold on."""

from itertools import pairwise

import faiss  # type: ignore[import-not-found]  # only in .bench-venv
import numpy as np
from numpy.typing import NDArray

from bench.speed.peers.threshold import threshold_for
from bench.speed.worker import Task


def version() -> str:
    return str(faiss.__version__)


def prepare(templates: NDArray[np.float32]) -> Task:
    faiss.omp_set_num_threads(1)
    index = faiss.IndexFlatIP(templates.shape[1])
    index.add(templates)

    def search(queries: NDArray[np.float32]) -> list[list[float]]:
        limits, _scores, rows = index.range_search(queries, threshold_for(len(templates)))
        return [rows[start:end].tolist() for start, end in pairwise(limits)]

    return search
