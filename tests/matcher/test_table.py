"""Reading by distinct values says what reading value by value says."""

import math

import hypothesis.strategies as st
import pytest
from hypothesis import given

from matcher import InvalidRecords, Market

PLAIN = {"opportunity_id": "V-1", "kind": "vacancy", "title": "Tailor"}
CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(0, 2), st.floats(0, 2), st.just(math.nan), st.text("a1")
)


def problems(records):
    with pytest.raises(InvalidRecords) as refused:
        Market.from_records(records)
    return [str(problem) for problem in refused.value.problems]


@given(cells=st.lists(CELLS, min_size=1, max_size=8))
def test_a_column_is_read_as_its_cells_are_one_by_one(cells):
    records = [PLAIN | {"opportunity_id": f"V-{i}", "seats": c} for i, c in enumerate(cells)]
    alone, bad = [], 0
    for record in records:
        try:
            alone.append(float(Market.from_records([record]).seats[0]))
        except InvalidRecords:
            bad += 1
    if bad:
        assert len(problems(records)) == bad
    else:
        read = Market.from_records(records).seats.tolist()
        assert list(map(repr, read)) == list(map(repr, alone))


def test_a_yes_does_not_pass_for_a_one_that_stands_beside_it():
    records = [PLAIN | {"seats": 1}, PLAIN | {"opportunity_id": "V-2", "seats": True}]
    assert problems(records) == ["row 1, seats: expected a number from 0 to 1e+06, got True"]


def test_every_refusal_of_a_value_is_told_with_its_row():
    records = [PLAIN | {"opportunity_id": f"V-{i}", "min_age": -1.0} for i in range(3)]
    assert [told[:5] for told in problems(records)] == ["row 0", "row 1", "row 2"]
