"""Four years, 2,000 clients, five policies, seven worlds: who is retained and safe at 180 days.

``python -m tests.benchmarks.learning.programme --seeds 20``
"""

import argparse
import sys
from collections.abc import Iterator, Sequence

from data import demo, read_reference
from matcher import Caseload, Engine, Market
from matcher.simulation import TERMS, WORLDS, Simulator, WorldName
from matcher.simulation.programme import CEILING, FIGURES, PolicyName, Run, figure, gain, simulate


def simulators(seeds: range) -> Iterator[Simulator]:
    """Yield a world of people and offers a seed."""
    engine = Engine(read_reference(), compiled=True)
    for seed in seeds:
        drawn = demo.world(TERMS.clients, TERMS.offers, seed=seed)
        caseload = Caseload.from_records(drawn.clients)
        market = Market.from_records(drawn.opportunities, drawn.as_of)
        yield Simulator(engine, caseload, market, WORLDS[WorldName.DOCUMENTED], seed)


def table(runs: Sequence[Run], worlds: Sequence[WorldName]) -> str:
    """Return the table: a block a world, a row a policy, means with 95 % intervals over seeds."""
    lines: list[str] = []
    for world in worlds:
        lines += ["", f"{world}: {WORLDS[world].title}", _head()]
        lines += [_row(runs, world, name) for name in (*PolicyName, CEILING)]
        for name in ("retained", "worst_group"):
            better = gain(runs, world, PolicyName.LEARNING, PolicyName.FIRST_COME, name)
            lines.append(
                f"  {name}, {PolicyName.LEARNING} over {PolicyName.FIRST_COME}: "
                f"{better.mean:+.1%} ({better.low:+.1%} to {better.high:+.1%})"
            )
    return "\n".join(lines)


def report(seeds: range, worlds: Sequence[WorldName] = tuple(WorldName)) -> str:
    """Return the table of programmes played with some seeds, telling of each on stderr."""

    def progress(run: Run) -> None:
        sys.stderr.write(f"\rseed {run.seed}, {run.world}, {run.policy}          ")

    return table(simulate(simulators(seeds), worlds, progress=progress), worlds)


def _head() -> str:
    return f"  {'policy':18s}" + "".join(f"{name:>22s}" for name in FIGURES)


def _row(runs: Sequence[Run], world: WorldName, policy: str) -> str:
    cells = []
    for name in FIGURES:
        found = figure(runs, world, policy, name)
        cells.append(f"{found.mean:8.3f} ±{found.high - found.mean:.3f}".rjust(22))
    return f"  {policy:18s}" + "".join(cells)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1, help="first seed")
    parser.add_argument("--worlds", nargs="*", type=WorldName, default=tuple(WorldName))
    told = parser.parse_args()
    seeds = range(told.first, told.first + told.seeds)
    sys.stdout.write(f"{report(seeds, told.worlds)}\n")


if __name__ == "__main__":
    main()
