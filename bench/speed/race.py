"""Races contestants on the same data: round after round in turn, so that a slow minute of the machine slows all."""

import json
import os
import statistics
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class Contestant:
    """A peer's module in bench.speed.peers, under the interpreter that has its packages."""

    name: str
    peer: str
    interpreter: Path
    models: Path = Path()


@dataclass(frozen=True, slots=True)
class Result:
    """The median of all runs in milliseconds of processor time, and what the last run returned."""

    ms: float
    rows: list[list[float]]


class Runner:
    """A contestant's process, ready for orders."""

    def __init__(self, contestant: Contestant) -> None:
        self.name = contestant.name
        self.version = ""
        self._process = subprocess.Popen(
            [contestant.interpreter, "-m", "bench.speed.worker", contestant.peer, contestant.models.absolute()],
            cwd=ROOT,
            env={**os.environ, **ONE_THREAD},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def prepare(self, list_path: Path | None = None) -> str | None:
        """Have it load its models, or a list; returns why it can't, or None."""
        reply = self._ask({"prepare": str(list_path) if list_path else None})
        self.version = reply.get("version", "")
        return reply.get("missing")

    def run(self, data: Path, *, times: int) -> dict[str, Any]:
        """Times and rows of so many runs; raises ChildProcessError where it ended over them."""
        reply = self._ask({"run": str(data), "times": times})
        if "missing" in reply:
            raise ChildProcessError(f"{self.name} {reply['missing']}")
        return reply

    def close(self) -> None:
        self._process.communicate(timeout=60)

    def _ask(self, order: Mapping[str, Any]) -> dict[str, Any]:
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("the contestant's pipes are closed")
        print(json.dumps(order), file=self._process.stdin, flush=True)
        reply = self._process.stdout.readline()
        if not reply:
            return {"missing": f"ended with status {self._process.wait()}"}
        answer: dict[str, Any] = json.loads(reply)
        return answer


@contextmanager
def running(contestants: Sequence[Contestant]) -> Iterator[tuple[list[Runner], dict[str, str]]]:
    """Start all whose interpreter is there; the reasons of those left out come second."""
    missing = {one.name: "no virtual environment for it" for one in contestants if not one.interpreter.exists()}
    with ExitStack() as stack:
        runners = [Runner(one) for one in contestants if one.name not in missing]
        for one in runners:
            stack.callback(one.close)
        yield runners, missing


def race(runners: Sequence[Runner], data: Path, *, rounds: int, times: int = 1) -> dict[str, Result]:
    """One warm-up each, then the rounds in turn; every run counts towards the median."""
    spent: dict[str, list[float]] = {one.name: [] for one in runners}
    rows = {one.name: one.run(data, times=1)["rows"] for one in runners}
    for _ in range(rounds):
        for one in runners:
            spent[one.name] += one.run(data, times=times)["ms"]
    return {name: Result(statistics.median(ms), rows[name]) for name, ms in spent.items()}
