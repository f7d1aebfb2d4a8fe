"""Cumulative incidence where 30 % are lost, against the truth of simulated worlds."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from data import demo, read_reference
from matcher import Caseload, Engine, Market
from matcher.columns import Floats
from matcher.learning import (
    OutcomeModel,
    aalen_johansen,
    lost_counted_safe,
    one_minus_kaplan_meier,
)
from matcher.simulation import EXITS, VISIT_DAYS, WORLDS, Simulator, WorldName, draw_log

N: Final = 2_000
LOST: Final = 0.3
LOGS: Final = 20
SHOWN: Final = (WorldName.DOCUMENTED, WorldName.WRONG_SIGNS, WorldName.INTERACTIONS,
                WorldName.HIDDEN_QUALITY)  # fmt: skip


class Placements(NamedTuple):
    """What a log knows of 2,000 placements, and the truth beside it, of shape (causes, days)."""

    features: Floats
    days: Floats
    cause: Floats
    lost_share: float
    happened: Floats


def placements(simulator: Simulator, draw: int) -> Placements:
    """Return one log."""
    log = draw_log(simulator, lost=LOST, draw=draw)
    kept = slice(0, N)
    happened = lost_counted_safe(log.day[kept], log.cause[kept], VISIT_DAYS)
    lost = (log.observed.cause[kept] == 0) & (log.observed.days[kept] < VISIT_DAYS[-1])
    return Placements(
        log.placed[kept], log.observed.days[kept], log.observed.cause[kept], float(lost.mean()),
        np.stack([happened[int(cause)] for cause in EXITS]),
    )  # fmt: skip


def _modelled(one: Placements) -> Floats:
    model = OutcomeModel().fit(one.features, one.days, one.cause)
    shares = model.cumulative_incidence(one.features, VISIT_DAYS)
    return np.stack([shares[int(cause)].mean(axis=0) for cause in EXITS])


def _plain(curve: Callable[..., dict[int, Floats]]) -> Callable[[Placements], Floats]:
    def shares(one: Placements) -> Floats:
        found = curve(one.days, one.cause, VISIT_DAYS)
        return np.stack([found[int(cause)] for cause in EXITS])

    return shares


METHODS: Final[dict[str, Callable[[Placements], Floats]]] = {
    "outcome model": _modelled,
    "Aalen-Johansen": _plain(aalen_johansen),
    "1 - Kaplan-Meier": _plain(one_minus_kaplan_meier),
    "lost counted safe": _plain(lost_counted_safe),
}


def simulator() -> Simulator:
    """Return enough clients and offers for 2,000 placements."""
    world = demo.world(clients=4_500, opportunities=1_000, seed=11)
    caseload = Caseload.from_records(world.clients)
    market = Market.from_records(world.opportunities, as_of=world.as_of)
    return Simulator(Engine(read_reference()), caseload, market, WORLDS[WorldName.DOCUMENTED])


def report(logs: int = LOGS) -> Iterator[str]:
    """Yield the lines of the table, in points: bias, mean error and 95 % of the errors."""
    people = simulator()
    for name in SHOWN:
        drawn = [placements(people.in_world(WORLDS[name]), draw) for draw in range(logs)]
        lost = np.mean([one.lost_share for one in drawn])
        yield f"\n{name}: {logs} logs of {len(drawn[0].days):,} placements, {lost:.0%} lost"
        for method, shares in METHODS.items():
            yield _row(method, [100 * (shares(one) - one.happened) for one in drawn])


def _row(method: str, errors: Sequence[Floats]) -> str:
    stacked = np.array(errors)
    bias, size = np.abs(stacked.mean(axis=0)), np.abs(stacked)
    return (
        f"  {method:18s} worst bias {bias.max():5.2f}  mean error {size.mean():5.2f}"
        f"  95 % below {np.quantile(size, 0.95):5.2f}  by cause (bias at 365 days)"
        f" {np.array2string(stacked.mean(axis=0)[:, -1], precision=2, floatmode='fixed')}"
    )
