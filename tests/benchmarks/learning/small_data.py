"""Held-out log loss with few outcomes, against tuned peers: paired draws, wins and intervals."""

import warnings
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from scipy.stats import t as student
from sklearn.metrics import log_loss

from data import read_reference
from matcher.columns import Floats
from matcher.learning import Prior, RetentionModel
from matcher.scoring.scorecard import probability
from tests.benchmarks.learning.peers import PEERS
from tests.benchmarks.learning.public_data import PUBLIC, Outcomes, drawn

SIZES: Final = (100, 200, 500, 2_000)
DRAWS: Final = 50
STRENGTH: Final = 0.6
"""The expert is right in shape but says too much."""

Fitting = Callable[[Floats, Floats, int], Any]


def _alone(features: Floats, outcome: Floats, seed: int) -> Any:
    return RetentionModel(random_state=seed).fit(features, outcome)


def _with_expert(features: Floats, outcome: Floats, seed: int) -> Any:
    prior = Prior.of(read_reference().scorecard)
    return RetentionModel(prior=prior, random_state=seed).fit(features, outcome)


def expert_world(rows: int = 8_000) -> Outcomes:
    """Return outcomes of features spread over the expert's terms, one in twenty not known."""
    prior, dice = Prior.of(read_reference().scorecard), np.random.default_rng(17)
    ends = np.array([[term.knots[0], term.knots[-1]] for term in prior.terms])
    features = ends[:, 0] + dice.random((rows, len(ends))) * np.ptp(ends, axis=1)
    features[dice.random(features.shape) < 0.05] = np.nan
    parts = [term(features[:, k]) for k, term in enumerate(prior.terms)]
    total = np.sum(parts, axis=0)
    log_odds = prior.base + STRENGTH * (total - total.mean())
    return Outcomes(features, (dice.random(rows) < probability(log_odds)).astype(float))


def report(draws: int = DRAWS, draws_of_ebm: int = 10) -> Iterator[str]:
    """Yield the table; EBM takes seconds a fit, and so fewer draws."""
    for name, load in {"expert's world": expert_world, **PUBLIC}.items():
        data = load()
        ours: dict[str, Fitting] = {"retention model": _alone}
        if name not in PUBLIC:
            ours["with the expert"] = _with_expert
        for n in SIZES:
            if n + 400 <= len(data.outcome):
                yield f"\n{name}, n = {n}"
                yield from _compared(data, n, ours, draws, draws_of_ebm)


def _compared(
    data: Outcomes, n: int, ours: dict[str, Fitting], draws: int, draws_of_ebm: int
) -> Iterator[str]:
    mine = {name: _losses(fit, data, n, draws) for name, fit in ours.items()}
    for name, losses in mine.items():
        yield f"  {name:20s} log loss {losses.mean():.4f}"
    for peer, fit in PEERS.items():
        theirs = _losses(fit, data, n, draws_of_ebm if peer == "EBM" else draws)
        for name, losses in mine.items():
            yield _row(name, peer, losses[: len(theirs)], theirs)


def _row(name: str, peer: str, ours: Floats, theirs: Floats) -> str:
    gain = theirs - ours
    reach = student.ppf(0.975, len(gain) - 1) * gain.std(ddof=1) / np.sqrt(len(gain))
    return (
        f"  {name:20s} against {peer:20s} ({theirs.mean():.4f}): better by {gain.mean():+.4f}"
        f" [{gain.mean() - reach:+.4f}, {gain.mean() + reach:+.4f}],"
        f" {(gain > 0).sum()} wins, {(gain < 0).sum()} losses"
    )


def _losses(fit: Fitting, data: Outcomes, n: int, draws: int) -> Floats:
    return np.array([_loss(fit, data, n, draw) for draw in range(draws)])


def _loss(fit: Fitting, data: Outcomes, n: int, draw: int) -> float:
    train, held_out = drawn(data, n, draw)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # peers complain of few rows
        model = fit(train.features, train.outcome, draw)
    return float(log_loss(held_out.outcome, model.predict_proba(held_out.features)[:, 1]))
