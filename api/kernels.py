"""The largest kernels compiled by a second process, while this one reads the market.

A first start compiles for about fifteen seconds. The second process leaves what it compiled where
every later start finds it; where it fails, this process compiles for itself.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from data.reference import read_reference
from matcher import Engine, Market


@contextmanager
def compiled_beside(engine: Engine) -> Iterator[Callable[[], object]]:
    """Have the kernels of slates compiled where they must be; yield what waits for them."""
    if not engine.must_compile:
        yield lambda: None
        return
    quiet = subprocess.DEVNULL
    command = [sys.executable, "-m", "api.kernels"]
    with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet) as compiler:
        try:
            yield compiler.wait
        finally:
            compiler.kill()


if __name__ == "__main__":
    Engine(read_reference(), compiled=True).warm_slates(Market.from_records([]))
