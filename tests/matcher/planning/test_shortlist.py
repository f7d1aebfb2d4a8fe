"""Two-sided shortlists: stable, neutral to the order of rows, and fair in ties."""

from itertools import product

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from matcher.planning.errors import InvalidPlanInput
from matcher.planning.shortlist import Rule, two_sided_shortlist
from matcher.planning.stability import blocking_pairs


@st.composite
def both_sides(draw):
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    values = st.sampled_from([np.nan, 0.1, 0.2, 0.3, 0.5, 0.9])
    tables = st.lists(values, min_size=n * m, max_size=n * m)
    likes, fits = (np.array(draw(tables)).reshape(n, m) for _ in range(2))
    return likes, fits, draw(st.lists(st.integers(0, 2), min_size=m, max_size=m))


def matchings(likes, fits, seats):
    n, m = likes.shape
    for choice in product(range(-1, m), repeat=n):
        held = np.bincount([j for j in choice if j >= 0], minlength=m)
        ok = all(j < 0 or not np.isnan(likes[i, j] + fits[i, j]) for i, j in enumerate(choice))
        if ok and (held <= seats).all():
            yield choice


@given(both_sides(), st.integers(0, 3))
def test_nobody_would_rather_have_each_other(sides, seed):
    found = two_sided_shortlist(*sides, seed=seed)
    assert blocking_pairs(found.assignment, *sides) == []


@given(both_sides())
def test_the_check_finds_a_block_in_every_matching_that_is_not_stable(sides):
    likes, fits, seats = sides
    for choice in matchings(likes, fits, seats):
        blocks = set(blocking_pairs(choice, *sides))
        for i, j in np.ndindex(likes.shape):
            has = likes[i, choice[i]] if choice[i] >= 0 else -np.inf
            held = [k for k, at in enumerate(choice) if at == j]
            room = len(held) < seats[j] or (
                seats[j] > 0 and min(fits[k, j] for k in held) < fits[i, j]
            )
            known = not np.isnan(likes[i, j] + fits[i, j])
            assert ((i, j) in blocks) == (known and likes[i, j] > has and room)


@given(st.integers(1, 4), st.integers(1, 3), st.randoms(use_true_random=False))
def test_no_stable_matching_without_ties_is_better_for_any_client(n, m, dice):
    def ranks():
        return [v / 100 for v in dice.sample(range(1, 100), n * m)]

    likes, fits = np.array(ranks()).reshape(n, m), np.array(ranks()).reshape(n, m)
    seats = [dice.randint(0, 2) for _ in range(m)]
    found = two_sided_shortlist(likes, fits, seats).assignment
    mine = [likes[i, j] if j >= 0 else 0 for i, j in enumerate(found)]
    for choice in matchings(likes, fits, seats):
        if not blocking_pairs(choice, likes, fits, seats):
            assert all(mine[i] >= (likes[i, j] if j >= 0 else 0) for i, j in enumerate(choice))


@given(both_sides())
def test_nash_matches_most_then_has_the_greatest_product(sides):
    likes, fits, _seats = sides
    found = two_sided_shortlist(*sides, rule="nash").assignment

    def worth(choice):
        pairs = [(i, j) for i, j in enumerate(choice) if j >= 0]
        return len(pairs), sum(np.log(likes[i, j] * fits[i, j]) for i, j in pairs)

    best = max(map(worth, matchings(*sides)))
    assert worth(found)[0] == best[0]
    assert worth(found)[1] == pytest.approx(best[1], abs=1e-9)


def test_a_tie_is_drawn_not_given_to_the_first_row():
    likes, fits = np.ones((2, 1)), np.ones((2, 1))
    won = {two_sided_shortlist(likes, fits, [1], seed=s).candidates(0)[0] for s in range(20)}
    assert won == {0, 1}


def test_what_is_wrong_is_named():
    with pytest.raises(InvalidPlanInput, match="employer_fit: expected the shape"):
        two_sided_shortlist([[1.0]], [[1.0, 2.0]], [1])
    with pytest.raises(InvalidPlanInput, match="rule: expected one of"):
        two_sided_shortlist([[1.0]], [[1.0]], [1], rule="fast")
    with pytest.raises(InvalidPlanInput, match="client_score: expected at least 0"):
        two_sided_shortlist([[-1.0]], [[1.0]], [1], rule=Rule.NASH)
    with pytest.raises(ValueError, match="no more clients than seats"):
        blocking_pairs([0, 0], np.ones((2, 1)), np.ones((2, 1)), [1])
