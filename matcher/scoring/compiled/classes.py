"""Classes of offers: what many of them share is stored, and worked out, once."""

from collections.abc import Hashable, Sequence
from itertools import islice
from typing import Any

import numpy as np

from matcher.columns import numbered, or_zero
from matcher.needs import SkillNeeds
from matcher.offers import Offers
from matcher.scoring.compiled.arrays import Bytes, Ints, Reals
from matcher.scoring.compiled.world import WANTED, difficulty_bits, isco_digits
from matcher.vocabulary import KINDS


class Classes:
    """Distinct values, numbered in the order in which they came; numbers never change."""

    def __init__(self) -> None:
        self._number: dict[Any, int] = {}
        self._values: list[Any] = []

    def __len__(self) -> int:
        return len(self._number)

    def of(self, values: Sequence[Hashable]) -> Ints:
        """Return the number of each value, a new one for what was not seen before."""
        known, (distinct, position) = self._number, numbered(values)
        numbers = [known.setdefault(value, len(known)) for value in distinct]
        if len(known) > len(self._values):
            self._values += islice(known, len(self._values), None)
        return np.array(numbers, dtype=np.int32)[position]

    def number(self, value: Hashable) -> int:
        """Return the number of one value, as :meth:`of` does."""
        number = self._number.setdefault(value, len(self._number))
        if number == len(self._values):
            self._values.append(value)
        return number

    def values(self) -> list[Any]:
        """Return the distinct values, by number; the list grows with them."""
        return self._values


def need_keys(needs: SkillNeeds) -> list[Hashable]:
    """Return what tells the skill needs of offers apart: state, skills and weights."""
    one = needs.example
    state = np.where(needs.none, 2, needs.known)[one].tolist()
    skills = np.append(needs.vocabulary, -1)[needs.position[one]].tolist()
    weights = needs.weight[one].tolist()
    distinct: list[Hashable] = [
        (s, *zip(a[: _used(a)], w[: _used(a)], strict=True))
        for s, a, w in zip(state, skills, weights, strict=True)
    ]
    return [distinct[row] for row in needs.alike.tolist()]


def _used(skills: list[int]) -> int:
    return skills.index(-1) if -1 in skills else len(skills)


def need_arrays(keys: Sequence[tuple[Any, ...]]) -> tuple[Ints, Reals, Bytes]:
    """Return skills (padded with -1), weights and state of every class of needs."""
    width = max((len(key) - 1 for key in keys), default=1) or 1
    skills = np.full((len(keys), width), -1, dtype=np.int32)
    weights = np.zeros((len(keys), width))
    for row, (_, *pairs) in enumerate(keys):
        for column, (skill, weight) in enumerate(pairs):
            skills[row, column], weights[row, column] = skill, weight
    return skills, weights, np.array([key[0] for key in keys], dtype=np.uint8)


def work_keys(offers: Offers) -> list[Hashable]:
    """Return what the client and the sort of work settle: all but places, money and skills."""
    market = offers.market
    demands = [difficulty_bits(one) for one in offers.demands]
    code = {one: isco_digits(one, WANTED) for one in (*offers.occupations[0], None)}
    return list(
        zip(
            offers.livelihood.tolist(),
            (code[one] for one in offers.isco),
            (demands[i] for i in offers.demand_set.tolist()),
            (market.adaptable == 1).astype(int).tolist(),
            (KINDS.index(kind) for kind in market.kind),
            or_zero(market.required_experience_years).tolist(),
            strict=True,
        )
    )


def meaning_keys(offers: Offers) -> list[Hashable]:
    """Return what words of exclusion look at: livelihood, occupation and what titles name."""
    mentions = offers.mentions
    packed = np.packbits(mentions, axis=1)
    return list(zip(offers.livelihood.tolist(), offers.isco, map(bytes, packed), strict=True))


def alike_keys(offers: Offers) -> list[Hashable]:
    """Return kind and livelihood of offers, by which a slate tells them apart."""
    told = zip(kinds_of_work(offers), offers.market.opportunity_id, strict=True)
    return [(kind, str(work or name)) for (kind, work), name in told]


def kinds_of_work(offers: Offers) -> list[tuple[str, str | None]]:
    """Return kind, and livelihood or else occupation of offers; None where neither is known."""
    market = offers.market
    told = zip(market.kind, market.livelihood, offers.isco, strict=True)
    return [(kind, work or code) for kind, work, code in told]
