"""Inputs read by column are what they are read by record, or are left to be read by record."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import demo
from matcher import Caseload, InvalidRecords, Market

pa = pytest.importorskip("pyarrow", reason="the extra 'scale' is not installed: no dask, no batch")
pytest.importorskip("distributed", reason="the extra 'scale' is not installed: no dask, no batch")

from matcher.batch import as_arrow  # noqa: E402 - needs what may be missing
from matcher.batch.by_column import by_column  # noqa: E402

WORLD = demo.world(clients=120, opportunities=120, seed=5)
TABLES = {
    Caseload: (as_arrow(WORLD.clients, Caseload), WORLD.clients, {}),
    Market: (as_arrow(WORLD.opportunities, Market), WORLD.opportunities, {"as_of": WORLD.as_of}),
}


@given(
    table=st.sampled_from([Caseload, Market]),
    rows=st.lists(st.integers(0, 119), min_size=1, max_size=40, unique=True),
    left_out=st.integers(1, 30),
    sliced=st.booleans(),
)
def test_what_is_read_by_column_is_the_same_table_or_refused_too(table, rows, left_out, sliced):
    arrow, records, more = TABLES[table]
    if sliced:
        rows = sorted(rows)
        arrow, rows = arrow.slice(rows[0], len(rows)), range(rows[0], min(120, rows[0] + len(rows)))
    else:
        arrow = arrow.take(rows)
    optional = [n for n, c in table.columns().items() if not c.required]
    without = optional[left_out % len(optional)]
    found = by_column(arrow.drop_columns([without]), table, more)
    kept = [{k: v for k, v in records[row].items() if k != without} for row in rows]
    try:
        told = table.from_records(kept, **more)
    except InvalidRecords:  # some kinds of offer need what others may leave out
        assert found is None
        return
    for name in table.columns():
        mine, theirs = getattr(found, name), getattr(told, name)
        assert mine.dtype == theirs.dtype, name
        np.testing.assert_array_equal(mine, theirs, err_msg=name)
        if mine.dtype == object:
            assert list(found.coded(name)) == list(told.coded(name)) == list(mine), name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("opportunity_id", None),
        ("seats", -1.0),
        ("monthly_wage_usd", float("inf")),
        ("settings", ["volcano"]),
        ("kind", "gift"),
        ("monthly_wage_max_usd", 0.5),
    ],
)
def test_a_bad_value_leaves_the_rows_to_be_read_by_record(name, value):
    arrow, records, more = TABLES[Market]
    row = next(i for i, r in enumerate(records) if (r.get("monthly_wage_usd") or 0) > 1)
    bad = as_arrow([records[row] | {name: value}], Market)
    assert by_column(bad, Market, more) is None
    assert by_column(arrow.slice(row, 1), Market, more) is not None


def test_the_same_id_twice_is_left_to_be_read_by_record():
    arrow, _, more = TABLES[Market]
    assert by_column(arrow.take([0, 0]), Market, more) is None


def test_a_sequence_is_told_from_its_beginnings_and_from_an_empty_one():
    bank, family = "bank_account", "family_book"
    lists = [[bank], [], None, [bank, family], [family, bank], [bank], []]
    arrow, _, more = TABLES[Market]
    documents = pa.array(lists, pa.list_(pa.string()))
    at = arrow.column_names.index("required_documents")
    rows = arrow.slice(0, len(lists)).set_column(at, "required_documents", documents)
    found = by_column(rows, Market, more)
    assert found is not None
    told = [None if one is None else tuple(one) for one in lists]
    assert found.required_documents.tolist() == told
