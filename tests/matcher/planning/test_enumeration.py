"""Plans against an enumeration of every assignment, with all features crossed."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from tests.matcher.planning.enumeration import drawn, few_columns, hold

FEATURES = (
    "sizes", "cost", "fund", "together", "place", "groups", "reserved", "floor", "pins", "bans",
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_plan_says_what_an_enumeration_of_all_assignments_says(seed):
    assert hold(drawn(seed))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_what_a_plan_on_few_columns_claims_is_so(seed):
    with few_columns():
        assert hold(drawn(seed), proven=False)


def pairs_seen(count):
    seen = set()
    for seed in range(count):
        has = [name for name in FEATURES if name in drawn(seed).keywords]
        seen |= {(a, b) for a in has for b in has if a < b}
    return seen


@pytest.mark.parametrize("one", FEATURES)
def test_every_feature_is_drawn_together_with_every_other(one):
    seen = pairs_seen(2000)
    for other in FEATURES:
        assert one == other or (min(one, other), max(one, other)) in seen
