"""Ids keep their order in numbers, wherever new ones come in between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.scoring.compiled.ordering import NoRoom, Ordering

NAMES = st.lists(st.text("AB01-", min_size=1, max_size=6), unique=True, min_size=1, max_size=60)


@given(NAMES, st.integers(0, 60))
def test_numbers_lie_as_ids_do(names, first):
    order = Ordering(names[:first])
    numbers = {name: order.number(name) for name in names}
    assert sorted(names) == sorted(names, key=numbers.__getitem__)
    assert {name: order.number(name) for name in names} == numbers


@pytest.mark.parametrize("step", [1, -1])
def test_a_thousand_ids_in_a_row_fit_between_two(step):
    order = Ordering(["V-1", "V-2"])
    names = [f"V-1-{i:04d}" for i in range(1000)][::step]
    numbers = [order.number(name) for name in names][::step]
    assert numbers == sorted(set(numbers))
    assert order.number("V-1") < numbers[0] < numbers[-1] < order.number("V-2")


def test_where_there_is_no_room_that_is_said():
    order, names = Ordering(["A", "Z"]), ("M" * (1 + i) + "YB"[i % 2] for i in range(40))
    with pytest.raises(NoRoom):
        list(map(order.number, names))
