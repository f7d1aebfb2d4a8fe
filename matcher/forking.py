"""The process that a batch's local workers are forked from.

It takes as long to load libraries as to read the inputs, so it is begun before anything else is;
this module itself loads nothing.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import forkserver, get_context
from typing import Any

PRELOADED = "matcher.batch.preloaded"
"""What is loaded once, for all workers."""

ALLOCATOR = {
    "MALLOC_ARENA_MAX": 1,
    "MALLOC_MMAP_THRESHOLD_": 33_554_432,
    "MALLOC_TRIM_THRESHOLD_": 536_870_912,
}
"""Environment of a worker: keeps freed memory for the next block.

Dask has the C library give every freed array back to the system, which takes the engine 1.7 times
as long.
"""

QUIET = {"PYTHONWARNINGS": "ignore:resource_tracker:UserWarning"}
"""Environment of the process that clears away semaphores where all others were killed.

It would say on stderr that it does so.
"""


def load_workers() -> None:
    """Begin to load what local workers need beside this process; they are forked later."""
    with _environment(ALLOCATOR | QUIET):
        get_context("forkserver").set_forkserver_preload([PRELOADED])
        forkserver.ensure_running()


@contextmanager
def _environment(more: Mapping[str, Any]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update({name: str(value) for name, value in more.items()})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
