"""Who of the retained is ranked in the upper half: no group is pushed down beyond chance."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matcher.learning import HeldOut
from matcher.learning.promotion import Limits, Status
from matcher.learning.promotion.fairness import fairness_checks

SCHEMA = ("skills", "minutes", "woman")


def everybody(n: int = 600) -> HeldOut:
    """Draw people of whom skill alone keeps more or fewer; three in ten are women."""
    rng = np.random.default_rng(2)
    x = rng.standard_normal((n, 3))
    x[:, 2] = rng.random(n) < 0.3
    outcome = (rng.random(n) < 1 / (1 + np.exp(-x[:, 0]))).astype(float)
    sex = np.where(x[:, 2] == 1, "woman", "man")
    placed_on = np.full(n, np.datetime64("2026-01-01"))
    return HeldOut(x, outcome, np.arange(n), placed_on, SCHEMA, {"sex": sex})


class Ranks:
    """Says a chance by rank of skill, and takes some away from women."""

    def __init__(self, less_for_women: float) -> None:
        self.less = less_for_women

    def predict_proba(self, x: Any) -> Any:
        chance = 1 / (1 + np.exp(-(np.asarray(x)[:, 0] - self.less * np.asarray(x)[:, 2])))
        return np.column_stack([1 - chance, chance])


def fairness(current: Ranks, candidate: Ranks, rows: HeldOut) -> Status:
    chances = [m.predict_proba(rows.features)[:, 1] for m in (candidate, current)]
    (found,) = fairness_checks(rows, *chances, Limits(), 0)
    return found.status


def test_who_pushes_a_group_down_is_refused_and_who_might_is_a_caution() -> None:
    rows = everybody()
    assert fairness(Ranks(0.0), Ranks(1.0), rows) is Status.FAILED
    assert fairness(Ranks(0.8), Ranks(0.82), rows) is Status.UNSURE
    assert fairness(Ranks(1.0), Ranks(0.9), rows) is Status.PASSED
    assert fairness(Ranks(0.0), Ranks(0.0), rows) is Status.PASSED


def test_fairness_counts_the_lost_by_weight() -> None:
    """Retained women of the upper half are lost twice as often; weights undo it."""
    rng, n = np.random.default_rng(8), 6000
    woman, skill = rng.random(n) < 0.4, rng.standard_normal(n)
    x = np.column_stack([skill, np.zeros(n), woman])
    lost = woman & (skill > 0) & (rng.random(n) < 0.5)
    told = np.where(lost, np.nan, 1.0)
    told[:40] = 0.0
    rows = HeldOut(
        x, told, np.arange(n), np.full(n, np.datetime64("2026-01-01")), SCHEMA,
        {"sex": np.where(woman, "woman", "man")}, np.where(woman & (skill > 0), 2.0, 1.0),
    )  # fmt: skip
    for held, value in ((rows, 1.0), (replace(rows, weight=None), 0.67)):
        known = held.known()
        chances = Ranks(0.0).predict_proba(known.features)[:, 1]
        (found,) = fairness_checks(known, chances, chances, Limits(), 0)
        assert found.value == pytest.approx(value, abs=0.06)
