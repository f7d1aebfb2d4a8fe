"""The choice of a slate: the best few, and different ones where there are."""

import dataclasses
import itertools
import json
from collections import Counter

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from matcher.slate import Candidate, Help, Reason, choose, ranked
from matcher.vocabulary import PATHWAY

KINDS = ("vacancy", "training", "grant", PATHWAY)


@st.composite
def candidates(draw, most=9):
    """Draw offers of few kinds and livelihoods; no two are referred to alike."""
    drawn = draw(
        st.lists(
            st.tuples(
                st.sampled_from(KINDS), st.sampled_from("abcd"), st.integers(-3, 3).map(float)
            ),
            max_size=most,
        )
    )
    return [
        Candidate(
            offer=row,
            first=100 + row if kind == PATHWAY else -1,
            kind=kind,
            livelihood=livelihood,
            score=score,
            order=(row, -1),
        )
        for row, (kind, livelihood, score) in enumerate(drawn)
    ]


def spread(chosen):
    """How many livelihoods and kinds stand in a slate, up to the three that are wanted."""
    return min(3, len({c.livelihood for c in chosen})), min(3, len({c.kind for c in chosen}))


@given(found=candidates(most=20), k=st.integers(1, 8))
def test_a_slate_holds_k_where_there_are_k_and_never_one_twice(found, k):
    chosen = choose(found, k)
    assert len(chosen) == min(k, len(found))
    assert len({c.offer for c in chosen}) == len(chosen)


@given(found=candidates(most=20), k=st.integers(1, 8))
def test_the_best_of_all_stands_first_and_the_rest_follow_by_score(found, k):
    chosen = choose(found, k)
    assert chosen[:1] == ranked(found)[:1]
    assert chosen == ranked(chosen)


@settings(max_examples=200)
@given(found=candidates(), k=st.integers(1, 5))
def test_no_slate_with_the_best_offer_in_it_holds_more_livelihoods_or_kinds(found, k):
    chosen = choose(found, k)
    best = ranked(found)[:1]
    others = [c for c in found if c not in best]
    rest = min(k, len(found)) - len(best)
    possible = [spread([*best, *more]) for more in itertools.combinations(others, max(rest, 0))]
    livelihoods, kinds = spread(chosen)
    assert livelihoods == max(one for one, _ in possible)
    assert kinds == max(two for one, two in possible if one == livelihoods)


@given(found=candidates(), k=st.integers(1, 5), order=st.randoms(use_true_random=False))
def test_the_order_in_which_candidates_come_does_not_matter(found, k, order):
    shuffled = list(found)
    order.shuffle(shuffled)
    assert choose(shuffled, k) == choose(found, k)


@given(found=candidates(most=12), k=st.integers(1, 8))
def test_more_than_two_of_a_livelihood_stand_only_where_nothing_else_is_left(found, k):
    chosen = choose(found, k)
    counts = Counter(c.livelihood for c in chosen)
    kinds = Counter(c.kind for c in chosen)
    alone_in_kind = Counter(c.livelihood for c in chosen if kinds[c.kind] == 1)
    crowded = {name for name, count in counts.items() if count - 2 > alone_in_kind[name]}
    referred = {now(c) for c in chosen}
    unused = [c for c in found if now(c) not in referred and counts[c.livelihood] == 0]
    assert not (crowded and unused)


def now(candidate):
    return candidate.first if candidate.first >= 0 else candidate.offer


def one(offer, kind="vacancy", livelihood="a", score=0.0, first=-1):
    return Candidate(offer, first, kind, livelihood, score, (offer, first))


def test_a_worse_offer_of_another_kind_and_livelihood_is_worth_a_place():
    found = [one(i, score=9 - i) for i in range(5)]
    found += [one(5, "grant", "b", -5), one(6, "training", "c", -6)]
    assert [c.offer for c in choose(found, 3)] == [0, 5, 6]


def test_a_choice_that_would_shut_out_a_third_kind_is_not_made():
    found = [
        one(0, "vacancy", "a", 4),
        one(1, "training", "b", 3),  # the better training would leave no livelihood for the grant
        one(2, "training", "c", 2),
        one(3, "grant", "b", 1),
    ]
    assert [c.offer for c in choose(found, 3)] == [0, 2, 3]


def test_two_pathways_over_the_same_course_do_not_stand_side_by_side():
    found = [
        one(0, "training", "a", 3),
        one(1, PATHWAY, "a", 2, first=0),
        one(2, PATHWAY, "a", 1, first=0),
        one(3, "vacancy", "a", 0),
    ]
    assert [c.offer for c in choose(found, 4)] == [0, 3]


def test_scores_that_differ_by_rounding_alone_are_a_tie():
    found = [one(1, score=0.3), one(0, score=0.1 + 0.2)]
    assert [c.offer for c in ranked(found)] == [0, 1]


def test_nothing_to_choose_from_is_an_empty_slate():
    assert choose([], 5) == []


@pytest.mark.parametrize(
    "value",
    [Reason("closed", "Closed."), Help("document", "national_id", "It helps.", "O", 1, None, 0.5)],
)
def test_what_is_shown_is_frozen_and_ready_for_json(value):
    assert json.loads(json.dumps(value.as_dict())) == value.as_dict()
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.message = ""
