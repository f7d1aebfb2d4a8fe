"""Held-out log loss with few outcomes, against tuned peers: paired draws, wins and intervals.

``python -m tests.benchmarks.learning.small_data --only crime1 --sizes 2000 --keep losses.jsonl``

Draws from 100 on: those below served to choose the model's constants. EBM takes 2 to 20 seconds a
fit, and so has fewer draws unless more are asked for. With ``--keep`` the peers' losses are written
to a file as they are known, and not measured again; the model's own always are.
"""

import argparse
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.stats import t as student
from sklearn.metrics import log_loss

from data import read_reference
from matcher.columns import Floats
from matcher.learning import Prior, RetentionModel
from matcher.scoring.scorecard import probability
from tests.benchmarks.learning.kept import Fit, Kept
from tests.benchmarks.learning.peers import PEERS
from tests.benchmarks.learning.public_data import PUBLIC, Outcomes, drawn

SIZES: Final = (100, 200, 500, 2_000)
DRAWS: Final = 50
EBM_DRAWS: Final = 10
FIRST: Final = 100
LEAST_HELD_OUT: Final = 200
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


EXPERT: Final = "expert's world"
DATA: Final[dict[str, Callable[[], Outcomes]]] = {EXPERT: expert_world, **PUBLIC}


@dataclass(frozen=True)
class Plan:
    """What is compared.

    Parameters
    ----------
    names, sizes
        Data sets, and rows to learn from.
    draws, ebm_draws
        Draws a cell, and of them those that EBM is fitted to.
    first
        The first draw's number.
    kept
        Losses of peers that are known.
    """

    names: Sequence[str] = tuple(DATA)
    sizes: Sequence[int] = SIZES
    draws: int = DRAWS
    ebm_draws: int = EBM_DRAWS
    first: int = FIRST
    kept: Kept = field(default_factory=Kept)

    def draws_of(self, peer: str) -> range:
        """Return the draws that a peer is fitted to."""
        return range(self.first, self.first + (self.ebm_draws if peer == "EBM" else self.draws))


def report(plan: Plan) -> Iterator[str]:
    """Yield the table, cell by cell, and at its end who won where."""
    verdicts: list[str] = []
    for name in plan.names:
        data = DATA[name]()
        for n in plan.sizes:
            if n + LEAST_HELD_OUT <= len(data.outcome):
                yield f"\n{name}, n = {n}"
                yield from _compared(Cell(name, n, data, plan), verdicts)
    yield f"\nof {len(verdicts)} comparisons: " + ", ".join(
        f"{verdicts.count(word)} {word}" for word in ("better", "worse", "level")
    )


@dataclass(frozen=True)
class Cell:
    """One data set at one size."""

    name: str
    n: int
    data: Outcomes
    plan: Plan

    def ours(self) -> dict[str, Floats]:
        """Return the losses of the model, alone and, where there is one, with its expert."""
        models: dict[str, Fitting] = {"retention model": _alone}
        if self.name == EXPERT:
            models["with the expert"] = _with_expert
        draws = self.plan.draws_of("")
        return {
            name: np.array([_loss(fit, self.data, self.n, draw) for draw in draws])
            for name, fit in models.items()
        }

    def theirs(self, peer: str) -> Floats:
        """Return the losses of a peer."""
        return np.array([self._kept(peer, draw) for draw in self.plan.draws_of(peer)])

    def _kept(self, peer: str, draw: int) -> float:
        fit = Fit(self.name, self.n, peer, draw)
        return self.plan.kept.loss(fit, lambda: _loss(PEERS[peer], self.data, self.n, draw))


def _compared(cell: Cell, verdicts: list[str]) -> Iterator[str]:
    mine = cell.ours()
    for name, losses in mine.items():
        yield f"  {name:16s} log loss {losses.mean():.4f}"
    for peer in PEERS:
        theirs = cell.theirs(peer)
        for name, losses in mine.items():
            gain = theirs - losses[: len(theirs)]
            low, high = _interval(gain)
            verdicts.append("better" if low > 0 else "worse" if high < 0 else "level")
            yield (
                f"  {name:16s} against {peer:20s} ({theirs.mean():.4f}): {gain.mean():+.4f}"
                f" [{low:+.4f}, {high:+.4f}], {(gain > 0).sum()} wins, {(gain < 0).sum()} losses,"
                f" {verdicts[-1]}"
            )


def _interval(gain: Floats) -> tuple[float, float]:
    """Student's 95 % interval of a mean gain over draws."""
    reach = student.ppf(0.975, len(gain) - 1) * gain.std(ddof=1) / np.sqrt(len(gain))
    return float(gain.mean() - reach), float(gain.mean() + reach)


def _loss(fit: Fitting, data: Outcomes, n: int, draw: int) -> float:
    train, held_out = drawn(data, n, draw)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # peers complain of few rows
        model = fit(train.features, train.outcome, draw)
    return float(log_loss(held_out.outcome, model.predict_proba(held_out.features)[:, 1]))


def main() -> None:
    """Print the table, a line as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=DRAWS)
    parser.add_argument("--ebm-draws", type=int, default=EBM_DRAWS)
    parser.add_argument("--first", type=int, default=FIRST, help="number of the first draw")
    parser.add_argument("--only", nargs="*", choices=DATA, default=tuple(DATA))
    parser.add_argument("--sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--keep", type=Path, help="file of the peers' losses")
    told = parser.parse_args()
    kept = Kept.at(told.keep)
    plan = Plan(told.only, told.sizes, told.draws, told.ebm_draws, told.first, kept)
    for line in report(plan):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
