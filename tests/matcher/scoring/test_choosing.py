"""The kernel chooses the slate that the plain choice does."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.scoring.compiled.choosing import WIDTH, choose, labels_of
from matcher.scoring.compiled.kernels import entrance
from matcher.slate import Candidate
from matcher.slate import choose as choose_plainly
from matcher.vocabulary import KINDS, PATHWAY

OFFERS = 12
sorts = st.tuples(st.sampled_from(KINDS), st.sampled_from("abcd"))
scores = st.one_of(st.sampled_from([0.1, 0.2, 0.1 + 0.2, 0.3]), st.floats(-3, 3))


@entrance
def chosen_by_kernel(orders, alike, labels, ways, scores, count, noted, picked):
    return choose(orders, alike, labels, ways, scores, count, noted, picked)


@settings(max_examples=300)
@given(
    sorts=st.lists(sorts, min_size=OFFERS, max_size=OFFERS),
    orders=st.permutations(range(OFFERS)),
    found=st.dictionaries(
        st.tuples(st.integers(-6, OFFERS - 1), st.integers(0, OFFERS - 1)), scores, max_size=20
    ),
    k=st.integers(1, 8),
)
def test_the_kernel_chooses_as_the_reference_does(sorts, orders, found, k):
    found = {(max(first, -1), offer): score for (first, offer), score in found.items()}
    candidates = [
        Candidate(
            offer,
            first,
            PATHWAY if first >= 0 else sorts[offer][0],
            sorts[offer][1],
            score,
            (orders[offer], orders[first] if first >= 0 else -1),
        )
        for (first, offer), score in found.items()
    ]
    ways = np.array([(*steps, 0) for steps in found], dtype=np.int32).reshape(-1, 3)
    picked, noted = np.empty(k, dtype=np.int32), np.empty((len(found), WIDTH), dtype=np.int32)
    number = chosen_by_kernel(
        np.array(orders, dtype=np.int32),
        np.arange(OFFERS, dtype=np.int32),
        labels_of(sorts),
        ways,
        np.array([*found.values()], dtype=np.float64),
        len(found),
        noted,
        picked,
    )
    assert [candidates[at] for at in picked[:number]] == choose_plainly(candidates, k)
