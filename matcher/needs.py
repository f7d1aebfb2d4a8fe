"""Skills that offers ask for: as posted, else as the reference says the work usually takes."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Coded, Floats, combined, numbered
from matcher.knowledge import Knowledge
from matcher.market import Market
from matcher.vocabulary import GRANT

Bools = NDArray[np.bool_]
Indices = NDArray[np.intp]
Names = tuple[str, ...] | None


class SkillNeeds:
    """Skills that offers ask for, by index, with their weights.

    Parameters
    ----------
    asked
        Names of the skills that each offer asks for; None where that is not known.
    knowledge
        Compiled reference tables.

    Attributes
    ----------
    vocabulary : of shape (s,)
        Indices of the distinct skills asked for.
    lists : Lists
        The same for each distinct list of needs.
    alike : of shape (m,)
        The list of each offer.
    """

    def __init__(self, asked: Sequence[Names], knowledge: Knowledge) -> None:
        skills = knowledge.skills
        coded = asked if isinstance(asked, Coded) else Coded.of(asked)
        lists, list_of = numbered(coded.values)
        self.alike: Indices = list_of[coded.position]
        distinct = [skills.indices(names or ()) for names in lists]
        self.vocabulary = np.unique(np.concatenate([*distinct, np.empty(0, dtype=np.intp)]))
        width = max((len(one) for one in distinct), default=1) or 1
        position = np.full((len(lists), width), len(self.vocabulary), dtype=np.intp)
        weight = np.zeros((len(lists), width))
        for row, (names, one) in enumerate(zip(lists, distinct, strict=True)):
            if size := len(one):
                strange = sum(skills.find(name) < 0 for name in names or ())
                unlisted = strange * skills.unlisted_weight
                weights = skills.weight[one]
                position[row, :size] = np.searchsorted(self.vocabulary, one)
                weight[row, :size] = weights / (weights.sum() + unlisted)
        known = np.array([names is not None for names in lists], dtype=bool)
        none = np.array([names == () for names in lists], dtype=bool)
        self.lists = Lists(position, weight, known, none)

    @cached_property
    def position(self) -> Indices:
        """Positions in the vocabulary, of shape (m, r), padded with ``len(vocabulary)``."""
        return self.lists.position[self.alike]

    @cached_property
    def weight(self) -> Floats:
        """Weights that add up to at most 1 for an offer; less where a skill asked is unlisted."""
        return self.lists.weight[self.alike]

    @cached_property
    def known(self) -> Bools:
        """Whether an offer's needs are known at all, of shape (m,)."""
        return self.lists.known[self.alike]

    @cached_property
    def none(self) -> Bools:
        """Whether an offer's needs are known to be none, of shape (m,)."""
        return self.lists.none[self.alike]


class Lists(NamedTuple):
    """Distinct lists of needs; each field as in :class:`SkillNeeds`, one row a list."""

    position: Indices
    weight: Floats
    known: Bools
    none: Bools


def required_names(market: Market, occupation: Coded, knowledge: Knowledge) -> Coded:
    """Return what must be there: as posted, else as the livelihood or the occupation takes.

    A grant is for a business of one's own: what it takes is what the livelihood takes.

    Parameters
    ----------
    market
        Opportunities.
    occupation
        Their ISCO-08 codes; None where unknown.
    knowledge
        Compiled reference tables.
    """
    posted, kind = market.coded("required_skills"), market.coded("kind")
    first, alike = combined(posted.position, kind.position, *_work(market, occupation))
    told = zip(market.required_skills[first], market.kind[first] == GRANT, strict=True)
    lists = [None if own_business else names for names, own_business in told]
    usual = _usual(market, occupation, first, knowledge, "required")
    either = zip(lists, usual, strict=True)
    return Coded([b if a is None else a for a, b in either], alike)


def useful_names(market: Market, occupation: Coded, knowledge: Knowledge) -> Coded:
    """Return what helps: as posted where anything is, else all that the work usually takes.

    Parameters
    ----------
    market, occupation, knowledge
        As for :func:`required_names`.
    """
    posted = market.coded("useful_skills")
    first, alike = combined(posted.position, *_work(market, occupation))
    both = (_usual(market, occupation, first, knowledge, one) for one in ("required", "useful"))
    either = zip(market.useful_skills[first], map(_joined, *both), strict=True)
    return Coded([names or usual for names, usual in either], alike)


def _work(market: Market, occupation: Coded) -> tuple[Indices, Indices]:
    return market.coded("livelihood").position, occupation.position


def _usual(
    market: Market, occupation: Coded, rows: Indices, knowledge: Knowledge, relation: str
) -> list[Names]:
    """Skills that the livelihood, else the occupation of some offers takes."""
    by_livelihood, by_occupation = knowledge.skills_of_livelihood, knowledge.skills_of_occupation
    codes = occupation[rows]
    return [
        by_livelihood.get((str(work), relation)) or by_occupation.get((str(code), relation))
        for work, code in zip(market.livelihood[rows], codes, strict=True)
    ]


def _joined(a: Names, b: Names) -> Names:
    return None if a is None and b is None else (a or ()) + (b or ())
