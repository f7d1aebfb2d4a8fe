"""Workers find done what the process they are forked from has done once."""

import subprocess
import sys
from pathlib import Path

import pytest

from data import read_reference

pytest.importorskip("distributed")

from matcher.batch.work import Bench

ROOT = Path(__file__).parents[3]

TELL = """
import gc
import matcher.batch.preloaded
from matcher.scoring.compiled.select import rank_rows
print(len(rank_rows.signatures), len(rank_rows.stats.cache_misses), gc.get_freeze_count() > 0)
"""


def test_kernels_kept_from_before_are_loaded_and_none_is_compiled() -> None:
    Bench(read_reference(), slates=False).warmed()  # keeps the kernels that rank
    command = [sys.executable, "-c", TELL]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    signatures, compiled, frozen = told.split()
    assert int(signatures) >= 1
    assert (compiled, frozen) == ("0", "True")
