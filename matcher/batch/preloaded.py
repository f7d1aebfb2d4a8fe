"""The process that local workers are forked from: what it does once, each of them finds done.

Loaded by its name, as the first thing of that process.
"""

import gc
import os

import distributed  # noqa: F401 - loaded for the workers

import matcher.batch.work
import matcher.scoring.compiled.scorer  # noqa: F401
from matcher.scoring.compiled.kernels import load_kept
from matcher.scoring.compiled.select import rank_rows

NICENESS = 10
"""Workers give way to the process that reads the market, for all of them wait for it in the end."""

load_kept(rank_rows)
os.nice(NICENESS)
gc.collect()
gc.freeze()  # libraries stay: no later collection looks through them
