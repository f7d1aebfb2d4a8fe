"""Medians of runs, and one core for all of them."""

import os
import resource
import statistics
import time
from collections.abc import Callable


def seconds(run: Callable[[], object], repeats: int) -> float:
    """Median of some runs."""
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def on_one_core() -> None:
    """Pin this process to one of the cores that it may use."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def peak_mb() -> float:
    """Return the most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
