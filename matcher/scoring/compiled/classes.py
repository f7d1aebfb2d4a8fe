"""Classes of offers: what many of them share is stored, and worked out, once."""

from collections.abc import Hashable, Sequence
from itertools import islice
from typing import Any

import numpy as np

from matcher.columns import Coded, combined, or_zero
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
        known, coded = self._number, values if isinstance(values, Coded) else Coded.of(values)
        numbers = [known.setdefault(value, len(known)) for value in coded.values]
        if len(known) > len(self._values):
            self._values += islice(known, len(self._values), None)
        return np.array(numbers, dtype=np.int32)[coded.position]

    def number(self, value: Hashable) -> int:
        """Return the number of one value, as :meth:`of` does."""
        number = self._number.setdefault(value, len(self._number))
        if number == len(self._values):
            self._values.append(value)
        return number

    def values(self) -> list[Any]:
        """Return the distinct values, by number; the list grows with them."""
        return self._values


def need_keys(needs: SkillNeeds) -> Coded:
    """Return what tells the skill needs of offers apart: state, skills and weights."""
    lists = needs.lists
    state = np.where(lists.none, 2, lists.known).tolist()
    skills = np.append(needs.vocabulary, -1)[lists.position].tolist()
    weights = lists.weight.tolist()
    distinct: list[Hashable] = [
        (s, *zip(a[: _used(a)], w[: _used(a)], strict=True))
        for s, a, w in zip(state, skills, weights, strict=True)
    ]
    return Coded(distinct, needs.alike)


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


def work_keys(offers: Offers) -> Coded:
    """Return what the client and the sort of work settle: all but places, money and skills."""
    market, occupation = offers.market, offers.occupation
    adaptable = (market.adaptable == 1).astype(int)
    years = Coded.of_numbers(or_zero(market.required_experience_years))
    kind = market.coded("kind")
    first, alike = combined(
        offers.livelihood,
        occupation.position,
        offers.demand_set,
        adaptable,
        kind.position,
        years.position,
    )
    demands = [difficulty_bits(one) for one in offers.demands]
    told = zip(
        offers.livelihood[first].tolist(),
        (isco_digits(one, WANTED) for one in occupation[first]),
        (demands[at] for at in offers.demand_set[first].tolist()),
        adaptable[first].tolist(),
        map(KINDS.index, kind[first]),
        years[first],
        strict=True,
    )
    return Coded(list(told), alike)


def meaning_keys(offers: Offers) -> Coded:
    """Return what words of exclusion look at: livelihood, occupation and what titles name."""
    (mentions, named), occupation = offers.distinct_mentions, offers.occupation
    packed = [*map(bytes, np.packbits(mentions, axis=1))]
    first, alike = combined(offers.livelihood, occupation.position, named)
    names = (packed[at] for at in named[first].tolist())
    told = zip(offers.livelihood[first].tolist(), occupation[first], names, strict=True)
    return Coded(list(told), alike)


def alike_keys(offers: Offers) -> Coded:
    """Return kind and livelihood of offers, by which a slate tells them apart."""
    told, market = kinds_of_work(offers), offers.market
    bare = told.each(lambda one: not one[1], bool)
    own = np.where(bare, np.arange(len(offers)), -1)  # such an offer is like no other
    first, alike = combined(told.position, own)
    names = zip(told[first], market.opportunity_id[first], strict=True)
    return Coded([(kind, str(work or name)) for (kind, work), name in names], alike)


def kinds_of_work(offers: Offers) -> Coded:
    """Return kind, and livelihood or else occupation of offers; None where neither is known."""
    occupation = offers.occupation
    work, kind = offers.market.coded("livelihood"), offers.market.coded("kind")
    first, alike = combined(kind.position, work.position, occupation.position)
    told = zip(kind[first], work[first], occupation[first], strict=True)
    return Coded([(one, named or code) for one, named, code in told], alike)
