"""Times functions of this process: medians of processor time, which waiting for other programs doesn't lengthen."""

import statistics
import time
from collections.abc import Callable, Mapping

Work = Callable[[], object]


def median_ms(work: Work, *, rounds: int) -> float:
    """The median of so many runs after one to warm up."""
    return interleaved_ms({"": work}, rounds=rounds)[""]


def interleaved_ms(works: Mapping[str, Work], *, rounds: int) -> dict[str, float]:
    """Medians of works that are run in turn, so that a slow minute of the machine slows all of them."""
    spent: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(rounds):
        for name, work in works.items():
            spent[name].append(once_ms(work))
    return {name: statistics.median(ms) for name, ms in spent.items()}


def once_ms(work: Work) -> float:
    """One run, in milliseconds of processor time."""
    start_ns = time.process_time_ns()
    work()
    return (time.process_time_ns() - start_ns) / 1e6
