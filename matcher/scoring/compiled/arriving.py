"""Offers that come to a market with a patch, folded: many by columns, a few one by one."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from matcher.offers import Offers
from matcher.scoring.compiled.arrays import Entry, Ints
from matcher.scoring.compiled.classes import alike_keys
from matcher.scoring.compiled.folding import Folded, Registry, fold
from matcher.scoring.compiled.sources import Posted
from matcher.scoring.compiled.tally import Counting
from matcher.scoring.scorecard import Scorecard


class Arrivals(NamedTuple):
    """Offers that come with a patch, folded.

    Parameters
    ----------
    posted
        Where they can be looked at.
    folded, marks, alike
        As of a whole market, one row an offer.
    taught
        Skills that each teaches.
    follows
        Livelihood of each that may follow a course; -1 where it is a course or has none.
    """

    posted: Posted
    folded: Folded
    marks: Ints
    alike: Ints
    taught: Sequence[Sequence[int]]
    follows: Sequence[int]


def arrive(posted: Posted, registry: Registry, counting: Counting, card: Scorecard) -> Arrivals:
    """Return offers folded by columns: the way for many, and what one alone must equal."""
    offers = posted.offers
    folded = fold(offers, registry, card)
    return Arrivals(
        posted,
        folded,
        counting.marks(offers, folded),
        registry.alike.of(alike_keys(offers)),
        taught(offers),
        follows(offers).tolist(),
    )


def follows(offers: Offers) -> Ints:
    """Return the livelihood of each offer that may follow a course; -1 of all others."""
    return np.where(offers.is_training, -1, offers.livelihood).astype(np.int32)


def taught(offers: Offers) -> list[tuple[int, ...]]:
    """Return the skills that each offer teaches, by index."""
    indices = offers.knowledge.skills.indices
    return [tuple(indices(names or ()).tolist()) for names in offers.market.teaches]


def together(come: Sequence[Arrivals], posted: Posted) -> Arrivals:
    """Return offers that were folded one by one as if folded at once."""
    if len(come) == 1:
        return come[0]
    parts = [one.folded for one in come]
    folded = Folded(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))
    entries = [len(part.asks) for part in parts]
    folded.entry[:, Entry.OFFER] = np.repeat(np.arange(len(come)), entries)
    before = np.cumsum([0, *entries[:-1]])
    shift = np.repeat(before, [len(part.slot_entry) for part in parts])
    slot_entry = np.where(folded.slot_entry < 0, -1, folded.slot_entry + shift).astype(np.int32)
    return Arrivals(
        posted,
        folded._replace(slot_entry=slot_entry),
        np.concatenate([one.marks for one in come]),
        np.concatenate([one.alike for one in come]),
        [skills for one in come for skills in one.taught],
        [livelihood for one in come for livelihood in one.follows],
    )
