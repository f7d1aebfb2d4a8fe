"""The largest kernels compiled by a second process, while this one loads, reads and compiles.

A first start compiles for about fifteen seconds. The second process leaves what it compiled where
every later start finds it; where it fails, this process compiles for itself.
"""

import gc
import os
import subprocess
import sys

from matcher.kept_kernels import is_kept

LARGEST = "slate_rows"


class KernelsBeside:
    """A second process that compiles what finds slates, where nothing is kept from before."""

    def __init__(self) -> None:
        command, quiet = [sys.executable, "-m", "api.kernels"], subprocess.DEVNULL
        self._compiler = (
            None
            if is_kept(LARGEST)
            else subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)
        )

    def wait(self) -> bool:
        """Wait until it ends; tell whether the kernels are there."""
        return self._compiler is None or self._compiler.wait() == 0

    def close(self) -> None:
        """End the process where it still compiles."""
        if self._compiler:
            with self._compiler:
                self._compiler.kill()


def _compile() -> None:
    from data.reference import read_reference
    from matcher import Engine, Market

    Engine(read_reference(), compiled=True).warm_slates(Market.from_records([]))


if __name__ == "__main__":
    gc.disable()  # a compiler makes millions of small objects, and this process ends soon
    _compile()
    os._exit(0)  # a start waits for this end: what is in memory need not be taken apart
