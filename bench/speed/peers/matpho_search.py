"""Our own search: a snapshot of as many entries as templates, all of them valid."""

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bench.speed.peers.threshold import threshold_for
from bench.speed.worker import Task
from chalicelib.domain.watchlists import EntryValidity
from chalicelib.vision.watchlist import WatchlistSnapshot

NOW_UTC = datetime(2026, 11, 22, tzinfo=UTC)


def version() -> str:
    return "this tree"


def prepare(templates: NDArray[np.float32]) -> Task:
    snapshot = snapshot_of(templates)

    def search(queries: NDArray[np.float32]) -> list[list[float]]:
        found = snapshot.search(queries, at_utc=NOW_UTC, threshold=threshold_for(len(templates)))
        return [[float(one.entry_id) for one in entries] for entries in found]

    return search


def snapshot_of(templates: NDArray[np.float32]) -> WatchlistSnapshot:
    """An entry for each row, named by its number."""
    until_utc = NOW_UTC + timedelta(days=30)
    entries = tuple(
        EntryValidity(str(number), "missing", "lan", "minh", NOW_UTC - timedelta(days=1), until_utc)
        for number in range(len(templates))
    )
    return WatchlistSnapshot("1", "0", entries, templates, np.arange(len(templates), dtype=np.int32))
