"""Laws that hold for every market."""

import random

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

UNLAWFUL = {
    "worker_fee_usd": st.floats(0.01, 1e4),
    "deposit_usd": st.floats(0.01, 1e4),
    "documents_kept": st.just(True),
    "debt_worked_off": st.just(True),
    "hours_per_day": st.floats(8.01, 24),
    "hours_per_week": st.floats(48.01, 168),
    "overtime_hours_per_day": st.floats(2.01, 16),
    "overtime_compulsory": st.just(True),
    "rest_day_premium": st.floats(0, 1.99),
    "weekly_rest_hours": st.floats(0, 23.99),
    "min_age": st.floats(0, 14.99),
    "employer_vetted": st.just(False),
    "harm_report_open": st.just(True),
}
"""Facts each of which the law or the programme's policy forbids by itself."""

DOUBTFUL = {
    "guarded_compound": st.just(True),
    "cross_border": st.just(True),
    "via_broker": st.just(True),
    "sector": st.sampled_from(["brick_kiln", "distant_water_fishing", "domestic_work"]),
    "live_in": st.just(True),
    "written_contract": st.just(False),
    "nssf_registered": st.just(False),
    "annual_leave_days_per_month": st.floats(0, 1.49),
    "fixed_term_months": st.floats(24.01, 120),
    "gender_only": st.sampled_from(["female", "male"]),
    "max_age": st.floats(18, 80),
}
"""Facts that a person must look at."""

CRITICAL = [
    ("worker_fee_usd",),
    ("deposit_usd",),
    ("documents_kept",),
    ("debt_worked_off",),
    ("hours_per_day", "hours_per_week"),
    ("weekly_rest_hours",),
    ("overtime_compulsory",),
    ("employer_vetted",),
]

facts = st.fixed_dictionaries({}, optional=UNLAWFUL | DOUBTFUL)
gaps = st.sets(st.sampled_from(sorted(UNLAWFUL | DOUBTFUL)))
few = settings(max_examples=60, deadline=None)


@st.composite
def changes(draw):
    """Draw any mixture of unlawful, doubtful and unknown facts, and some cleared flags."""
    cleared = draw(st.lists(st.sampled_from([*UNLAWFUL, *DOUBTFUL, "vetting_unknown"])))
    return dict.fromkeys(draw(gaps)) | draw(facts) | {"cleared_flags": cleared}


@few
@given(before=changes(), name=st.sampled_from(sorted(UNLAWFUL)), data=st.data())
def test_an_unlawful_fact_blocks_whatever_else_is_known_or_cleared(
    offer, judge, before, name, data
):
    after = before | {name: data.draw(UNLAWFUL[name])}
    assert judge(offer(**after)).verdict[0] == "block"


@few
@given(before=changes(), name=st.sampled_from(sorted(DOUBTFUL)), data=st.data())
def test_a_doubtful_fact_never_improves_a_verdict(offer, judge, before, name, data):
    lawful = before | {name: offer().get(name)}
    after = before | {name: data.draw(DOUBTFUL[name])}
    uncleared = {"cleared_flags": []}
    result = judge(offer("before", **lawful), offer("after", **(after | uncleared)))
    assert result.severity[1] >= result.severity[0]


@few
@given(records=st.lists(changes(), max_size=8), seed=st.integers(0, 2**32))
def test_the_order_of_rows_does_not_matter(offer, judge, records, seed):
    rows = [offer(f"V-{i}", employer_id=f"E-{i % 3}", **r) for i, r in enumerate(records)]
    shuffled = random.Random(seed).sample(rows, len(rows))
    one, other = judge(*rows), judge(*shuffled)
    for row in rows:
        assert one.flags(row["opportunity_id"]) == other.flags(row["opportunity_id"])
    assert one.summary() == other.summary()


@few
@given(records=st.lists(changes(), min_size=1, max_size=6))
def test_an_offer_is_judged_alone_but_for_its_employer(offer, judge, records):
    rows = [offer(f"V-{i}", employer_id=f"E-{i}", **r) for i, r in enumerate(records)]
    together = judge(*rows)
    for position, row in enumerate(rows):
        alone = judge(row)
        assert alone.verdict[0] == together.verdict[position]
        assert alone.flags(row["opportunity_id"]) == together.flags(row["opportunity_id"])


@pytest.mark.parametrize("unknown", CRITICAL)
@few
@given(known=facts)
def test_an_unknown_critical_fact_is_never_clear(offer, judge, unknown, known):
    record = offer(**known) | dict.fromkeys(unknown)
    assert judge(record).verdict[0] != "clear"


@few
@given(records=st.lists(changes(), min_size=1, max_size=6))
def test_the_verdict_is_that_of_the_worst_flag_left_open(offer, judge, records):
    rows = [offer(f"V-{i}", **r) for i, r in enumerate(records)]
    result = judge(*rows)
    words = ["clear", "review", "block"]
    for verdict, row in zip(result.verdict, rows, strict=True):
        left = [f for f in result.flags(row["opportunity_id"]) if not f.cleared]
        assert verdict == words[max((flag.action.severity for flag in left), default=0)]
