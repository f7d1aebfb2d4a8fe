"""Skills that offers ask for: as posted, else as the reference says the work usually takes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Objects, numbered
from matcher.knowledge import Knowledge
from matcher.market import Market
from matcher.vocabulary import GRANT

Bools = NDArray[np.bool_]
Names = tuple[str, ...] | None


class SkillNeeds:
    """Skills that offers ask for, by index, with their weights.

    Attributes
    ----------
    vocabulary : of shape (s,)
        Indices of the distinct skills asked for.
    position : of shape (m, r)
        Positions in the vocabulary, padded with ``len(vocabulary)``.
    weight : of shape (m, r)
        Weights that add up to at most 1 for an offer; less where a skill asked for is unlisted.
    known, none : of shape (m,)
        Whether the offer's needs are known at all, and known to be none.
    example : of shape (distinct,)
        The first offer of each distinct list of needs.
    alike : of shape (m,)
        The list of each offer, by its position in ``example``.
    """

    def __init__(self, asked: Sequence[tuple[str, ...] | None], knowledge: Knowledge) -> None:
        skills = knowledge.skills
        lists, self.alike = numbered(asked)
        self.example = np.unique(self.alike, return_index=True)[1]
        distinct = {names: skills.indices(names or ()) for names in lists}
        told = np.array([names is not None for names in lists], dtype=bool)
        empty = np.array([names == () for names in lists], dtype=bool)
        self.known: Bools = told[self.alike]
        self.none: Bools = empty[self.alike]
        every = [*distinct.values(), np.empty(0, dtype=np.intp)]
        self.vocabulary = np.unique(np.concatenate(every))
        width = max((len(one) for one in distinct.values()), default=1) or 1
        position = np.full((len(lists), width), len(self.vocabulary), dtype=np.intp)
        weight = np.zeros((len(lists), width))
        for row, names in enumerate(lists):
            if size := len(one := distinct[names]):
                strange = sum(skills.find(name) < 0 for name in names or ())
                unlisted = strange * skills.unlisted_weight
                weights = skills.weight[one]
                position[row, :size] = np.searchsorted(self.vocabulary, one)
                weight[row, :size] = weights / (weights.sum() + unlisted)
        self.position, self.weight = position[self.alike], weight[self.alike]


def required_skills(market: Market, isco: Objects, knowledge: Knowledge) -> SkillNeeds:
    """Return what must be there: as posted, else as the livelihood or the occupation takes.

    A grant is for a business of one's own: what it takes is what the livelihood takes.

    Parameters
    ----------
    market
        Opportunities.
    isco
        Their ISCO-08 codes, of shape (m,); None where unknown.
    knowledge
        Compiled reference tables.
    """
    told = zip(market.required_skills, market.kind == GRANT, strict=True)
    posted = [None if own_business else names for names, own_business in told]
    either = zip(posted, _usual(market, isco, knowledge, "required"), strict=True)
    return SkillNeeds([usual if names is None else names for names, usual in either], knowledge)


def useful_skills(market: Market, isco: Objects, knowledge: Knowledge) -> SkillNeeds:
    """Return what helps: as posted where anything is, else all that the work usually takes.

    Parameters
    ----------
    market, isco, knowledge
        As for :func:`required_skills`.
    """
    usual = (_usual(market, isco, knowledge, relation) for relation in ("required", "useful"))
    either = zip(market.useful_skills, map(_joined, *usual), strict=True)
    return SkillNeeds([names or usual for names, usual in either], knowledge)


def _usual(market: Market, isco: Objects, knowledge: Knowledge, relation: str) -> list[Names]:
    """Skills that the livelihood, else the occupation of each offer takes."""
    by_livelihood, by_occupation = knowledge.skills_of_livelihood, knowledge.skills_of_occupation
    return [
        by_livelihood.get((str(work), relation)) or by_occupation.get((str(code), relation))
        for work, code in zip(market.livelihood, isco, strict=True)
    ]


def _joined(a: Names, b: Names) -> Names:
    return None if a is None and b is None else (a or ()) + (b or ())
