"""One contestant in a process and an interpreter of its own: takes orders on stdin, answers with times on stdout.

Peers don't get along in one process: two OpenCVs, libraries that start threads, others that print. Only numpy is
needed here, so that any interpreter can run it.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Task = Callable[[Array], list[list[float]]]
"""What is timed: from a picture or a batch of templates to rows of numbers."""


def main(peer: str, models: str) -> None:
    """Serve orders until stdin ends."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints must not pass for a reply
    answer = _Server(peer, Path(models))
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=replies, flush=True)


class _Server:
    def __init__(self, peer: str, models: Path) -> None:
        self._peer, self._models = peer, models
        self._task: Task | None = None

    def __call__(self, order: dict[str, Any]) -> dict[str, Any]:
        if "prepare" in order:
            return self._prepare(order["prepare"])
        if self._task is None:
            raise ValueError("an order to run came before one to prepare")
        data = np.load(order["run"])
        return timed(self._task, data, times=order["times"])

    def _prepare(self, list_path: str | None) -> dict[str, Any]:
        """Load what the peer needs; a peer that isn't there says why instead."""
        self._task = None  # the last list goes before the next comes
        try:
            peer = import_module(f"bench.speed.peers.{self._peer}")
        except ImportError as error:
            return {"missing": str(error)}
        self._task = peer.prepare(np.load(list_path) if list_path else self._models)
        return {"version": peer.version()}


def timed(task: Task, data: Array, *, times: int) -> dict[str, Any]:
    """Run a task so many times; milliseconds of processor time each, so that waiting for other programs isn't counted.

    All threads count, so whoever uses more than one gains nothing by it.
    """
    spent_ms = []
    rows: list[list[float]] = []
    for _ in range(times):
        start_ns = time.process_time_ns()
        rows = task(data)
        spent_ms.append((time.process_time_ns() - start_ns) / 1e6)
    return {"ms": spent_ms, "rows": rows}


if __name__ == "__main__":
    main(*sys.argv[1:])
