"""How often the gate lets in what is better, and refuses what is not; ``[SEEDS]``; 20.

Two worlds. *Plain*: skills help, minutes hurt, a third of the people are women; the current model
is drawn far towards saying the same of everybody. *Expert's*: outcomes of the reference scorecard's
own terms, which say too much; the current model is the scorecard, the candidate has learned from
1,500 outcomes. Of those who stayed a third is lost to follow-up in both, of those who left a tenth,
and the rest stand for them by weight.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from data import read_reference
from matcher.columns import Floats
from matcher.learning import HeldOut, RetentionModel, Verdict, promotion_gate, wilson_interval
from matcher.learning.prior import Prior
from matcher.learning.promotion import Status
from matcher.learning.registry import Artefact, Description, Registry, Training
from matcher.learning.registry.artefact import MODEL
from matcher.learning.retraining import DIRECTIONS, SCHEMA, expert_model
from tests.benchmarks.learning.small_data import expert_world

SEEDS: Final = 20
LATER: Final = (150, 300, 600)
"""Held-out placements of a truly better candidate; the others are judged on the most."""

LOST: Final = (0.1, 0.35)
"""Share lost of those who left, and of those who stayed."""


@dataclass(frozen=True)
class World:
    """Placements to learn from and to be judged on, and the model that answers now."""

    schema: tuple[str, ...]
    directions: dict[str, int]
    features: Floats
    outcome: Floats
    woman: np.ndarray
    past: int
    current: Any
    learned: Any

    def training(self, rows: slice) -> Training:
        """Return what a candidate has seen."""
        days = self._days()[rows]
        return Training.of(
            self.features[rows], self.outcome[rows], self._ids()[rows], days, days + 90
        )

    def later(self, n: int, seed: int) -> HeldOut:
        """Return the placements that came later, some lost and the rest weighted for them."""
        rows = slice(self.past, self.past + n)
        outcome = self.outcome[rows]
        lost = np.array(LOST)[outcome.astype(int)]
        told = np.where(np.random.default_rng((seed, 5)).random(n) < lost, np.nan, outcome)
        return HeldOut(
            features=self.features[rows],
            outcome=told,
            row_id=self._ids()[rows],
            placed_on=self._days()[rows],
            schema=self.schema,
            groups={"sex": np.where(self.woman[rows], "woman", "man")},
            weight=1.0 / (1.0 - lost),
        )

    def _ids(self) -> np.ndarray:
        return np.array([f"P-{row:05d}" for row in range(len(self.outcome))])

    def _days(self) -> np.ndarray:
        return np.where(
            np.arange(len(self.outcome)) < self.past,
            np.datetime64("2024-01-01"),
            np.datetime64("2026-01-01"),
        )


def plain(seed: int, past: int = 900) -> World:
    """Return a world of three columns."""
    dice = np.random.default_rng((seed, 1))
    x = dice.standard_normal((past + max(LATER), 3))
    x[:, 2] = dice.random(len(x)) < 0.3
    chance = 1 / (1 + np.exp(-(0.2 + 1.2 * x[:, 0] - 0.8 * x[:, 1])))
    y = (dice.random(len(x)) < chance).astype(float)
    schema, ways = ("skills", "minutes", "woman"), {"skills": 1, "minutes": -1}
    current = LogisticRegression(C=0.002).fit(x[:past], y[:past])
    learned = LogisticRegression().fit(x[:past], y[:past])
    return World(schema, ways, x, y, x[:, 2] == 1, past, current, learned)


def expert(seed: int, past: int = 1_500) -> World:
    """Return a world where the scorecard is right in shape and says too much."""
    table, every = read_reference().scorecard, expert_world()
    rows = np.random.default_rng((seed, 2)).permutation(len(every.outcome))[: past + max(LATER)]
    x, y = every.features[rows], every.outcome[rows]
    woman = np.random.default_rng((seed, 3)).random(len(y)) < 0.3
    learned = RetentionModel(prior=Prior.of(table)).fit(x[:past], y[:past])
    return World(SCHEMA, DIRECTIONS, x, y, woman, past, expert_model(table), learned)


Candidate = Callable[[World, Path], Artefact]


def better(world: World, root: Path) -> Artefact:
    """Return what was learned from the past."""
    return _stored(world, root, world.learned, world.past)


def the_same(world: World, root: Path) -> Artefact:
    """Return the current model once more."""
    return _stored(world, root, world.current, world.past)


def worse_for_women(world: World, root: Path) -> Artefact:
    """Return a model better overall that overstates the chances of women."""
    turned = LogisticRegression().fit(world.features[: world.past], world.outcome[: world.past])
    turned.coef_[0, 2] = 1.5
    return _stored(world, root, turned, world.past)


def leaked(world: World, root: Path) -> Artefact:
    """Return a model that has learned from 50 of the held-out outcomes too."""
    seen = world.past + 50
    model = LogisticRegression().fit(world.features[:seen], world.outcome[:seen])
    return _stored(world, root, model, seen)


def changed_by_a_byte(world: World, root: Path) -> Artefact:
    """Return the better model with one byte of its file turned."""
    artefact = better(world, root)
    path = artefact.folder / MODEL
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    return artefact


def _stored(world: World, root: Path, model: Any, seen: int) -> Artefact:
    told = Description("retention", world.schema, "bench", "2026-01-01", 0, world.directions)
    return Registry(root).add(model, told, world.training(slice(0, seen)))


@dataclass(frozen=True)
class Case:
    """A candidate in a world, and whether it should be let in."""

    name: str
    world: Callable[[int], World]
    candidate: Candidate
    wanted: bool
    later: int = max(LATER)


CASES: Final = (
    *(Case("plain: truly better", plain, better, True, n) for n in LATER),
    *(Case("expert's: truly better", expert, better, True, n) for n in LATER),
    Case("plain: the same again", plain, the_same, False),
    Case("plain: better, worse for women", plain, worse_for_women, False),
    Case("plain: leaked outcomes", plain, leaked, False),
    Case("plain: a byte changed", plain, changed_by_a_byte, False),
    Case("expert's: a byte changed", expert, changed_by_a_byte, False),
)


def verdict(case: Case, seed: int) -> Verdict:
    """Put one candidate to the gate."""
    world = case.world(seed)
    with tempfile.TemporaryDirectory() as folder:
        artefact = case.candidate(world, Path(folder))
        return promotion_gate(artefact, world.current, world.later(case.later, seed), seed=seed)


def lines(seeds: int = SEEDS) -> Iterator[str]:
    """Yield the table, a case a line: how often let in, and what speaks against where not."""
    yield f"{'candidate':34}{'held out':>9}{'let in':>9}   95 % interval    should be"
    for case in CASES:
        found = [verdict(case, seed) for seed in range(seeds)]
        passed = sum(one.passed for one in found)
        low, high = wilson_interval(passed, seeds)
        yield (
            f"{case.name:34}{case.later:9}{passed:6}/{seeds:<3} {low:8.0%} to {high:4.0%}"
            f"      {'let in' if case.wanted else 'refused'}{_against(found)}"
        )


def _against(found: list[Verdict]) -> str:
    names = sorted({check.name for one in found for check in one.of(Status.FAILED)})
    return f"; against: {', '.join(names)}" if names else ""


def main() -> None:
    """Print the table."""
    for line in lines(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
