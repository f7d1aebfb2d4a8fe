"""Print what learning shows, part by part: ``--only small_data policy_value``, ``--draws 10``."""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.learning import incidence, policy_value, programme, promotion, small_data
from tests.benchmarks.learning.kept import Kept

Part = Callable[[argparse.Namespace], Iterator[str]]


def _small_data(told: argparse.Namespace) -> Iterator[str]:
    kept = Kept.at(told.keep)
    plan = small_data.Plan(draws=told.draws, ebm_draws=told.ebm_draws, kept=kept)
    yield from small_data.report(plan)


def _programme(told: argparse.Namespace) -> Iterator[str]:
    yield programme.report(range(1, told.seeds + 1))


PARTS: dict[str, Part] = {
    "incidence": lambda told: incidence.report(told.logs),
    "promotion": lambda told: promotion.lines(told.gate_seeds),
    "policy_value": lambda told: policy_value.lines(told.value_logs),
    "small_data": _small_data,
    "programme": _programme,
}
"""The quick ones first: a run that is stopped has shown them."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.learning")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=tuple(PARTS))
    parser.add_argument("--draws", type=int, default=small_data.DRAWS)
    parser.add_argument("--ebm-draws", type=int, default=small_data.EBM_DRAWS)
    parser.add_argument("--keep", type=Path, help="file of the peers' losses, to go on from")
    parser.add_argument("--logs", type=int, default=incidence.LOGS)
    parser.add_argument("--value-logs", type=int, default=policy_value.LOGS)
    parser.add_argument("--gate-seeds", type=int, default=promotion.SEEDS)
    parser.add_argument("--seeds", type=int, default=20, help="of the programme")
    told = parser.parse_args()
    for part in told.only:
        for line in PARTS[part](told):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


main()
