"""All opportunities of a world in order, and the vacancies that show each hard case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from data.demo.dice import Dice, Stream, even_pair
from data.demo.employers import PROVIDERS, employer, standing_case, start
from data.demo.grants import grant, grant_provider
from data.demo.ground import Ground, Record
from data.demo.trainings import training, training_provider
from data.demo.vacancies import posting_case, vacancy

_PREFIX = {"vacancy": "V", "training": "T", "grant": "G"}


def draw_employers(seed: int, ground: Ground, count: int, as_of: dt.date) -> tuple[Record, ...]:
    """Draw the providers, and the employers of so many opportunities."""
    share = ground.marginals
    blocks = -(-count // int(share["opportunities_a_block"]))
    total = PROVIDERS + blocks * int(share["employers_a_block"])
    return tuple(employer(seed, ground, number, as_of) for number in range(total))


def draw_offers(
    seed: int, ground: Ground, count: int, employers: Sequence[Record], as_of: dt.date
) -> tuple[tuple[Record, ...], dict[str, tuple[str, ...]]]:
    """Draw the opportunities.

    Returns
    -------
    tuple of Record
        The opportunities.
    dict
        Ids of the vacancies of each hard case and circumstance.
    """
    begin = start(seed)
    offers: list[Record] = []
    cases: dict[str, list[str]] = {}
    for number in range(count):
        dice = Dice(seed, Stream.OPPORTUNITY, number)
        shares = even_pair(begin, number)
        kind = ground.marginals.table("kind").at(shares[0])
        identity: Record = {"opportunity_id": f"{_PREFIX[kind]}-{number + 1:06d}", "kind": kind}
        if kind == "vacancy":
            host = _host(dice, ground, number, employers)
            record, shown = _vacancy(dice, ground, host, as_of, shares[1])
            for name in shown:
                cases.setdefault(name, []).append(identity["opportunity_id"])
        elif kind == "training":
            record = training(dice, ground, employers[training_provider(dice, ground)], as_of)
        else:
            record = grant(dice, ground, employers[grant_provider(dice)], as_of)
        offers.append(identity | record)
    return tuple(offers), {name: tuple(ids) for name, ids in cases.items()}


def _host(dice: Dice, ground: Ground, number: int, employers: Sequence[Record]) -> Record:
    share = ground.marginals
    pool = int(share["employers_a_block"])
    block = number // int(share["opportunities_a_block"])
    return employers[PROVIDERS + pool * block + dice.whole(0, pool - 1)]


def _vacancy(
    dice: Dice, ground: Ground, host: Record, as_of: dt.date, at_case: float
) -> tuple[Record, list[str]]:
    brought = standing_case(host, as_of)
    case = None if brought else posting_case(ground, at_case, host["sector"])
    record, circumstance = vacancy(dice, ground, host, as_of, case)
    return record, [name for name in (brought, case and case.name, circumstance) if name]
