"""What a screen answers: verdicts, flags with evidence, counts."""

import dataclasses
import datetime as dt
import json

import numpy as np
import pytest

from matcher.market import Market
from matcher.safety import Verdict, screen


def test_the_worst_open_flag_decides_and_notes_change_nothing(offer, judge):
    result = judge(
        offer("clear", nssf_registered=None),
        offer("review", nssf_registered=False),
        offer("block", nssf_registered=False, deposit_usd=1.0),
    )
    assert result.verdict.tolist() == [Verdict.CLEAR, Verdict.REVIEW, Verdict.BLOCK]
    assert result.verdict.tolist() == ["clear", "review", "block"]
    assert result.severity.tolist() == [0, 1, 2]


def test_a_flag_carries_its_evidence_as_plain_values(offer, judge):
    (flag,) = judge(offer(hours_per_day=10.0)).flags("O-1")
    assert flag.evidence == {"hours_per_day": 10.0, "limit": 8.0}
    assert flag.as_dict() == {
        "code": "hours_per_day",
        "action": "block",
        "indicator": "excessive overtime",
        "field": "hours_per_day",
        "evidence": {"hours_per_day": 10.0, "limit": 8.0},
        "source": "Labour Law of Cambodia, 1997, article 137",
        "basis": "published",
        "cleared": False,
    }


def test_every_flag_can_be_written_as_json(offer, judge):
    empty = {"opportunity_id": "empty", "kind": "vacancy", "title": "Deposit", "sector": "garment"}
    full = offer(
        "full",
        min_age=12.0,
        max_age=30.0,
        hazardous=True,
        night_work=True,
        employer_vetted=False,
        harm_report_open=True,
        sector="garment",
        monthly_wage_usd=10.0,
        isco_code="9111",
        settings=["domestic_work", "live_in"],
        gender_only="female",
    )
    result = judge(empty, full)
    flags = [*result.flags("empty"), *result.flags("full")]
    again = json.loads(json.dumps([flag.as_dict() for flag in flags]))
    assert [flag["code"] for flag in again] == [flag.code for flag in flags]
    assert all(flag["evidence"] for flag in again)


def test_flags_come_gravest_first_in_a_stable_order(offer, judge):
    record = offer(nssf_registered=None, via_broker=True, deposit_usd=5.0, hours_per_day=9.0)
    found = [(flag.code, str(flag.action)) for flag in judge(record).flags("O-1")]
    assert found == [
        ("deposit", "block"),
        ("hours_per_day", "block"),
        ("via_broker", "review"),
        ("nssf_unknown", "note"),
    ]


def test_a_cleared_review_is_shown_as_cleared_and_no_longer_decides(offer, judge):
    result = judge(offer(via_broker=True, cleared_flags=["via_broker"]))
    assert result.verdict[0] == "clear"
    assert [(flag.code, flag.cleared) for flag in result.flags("O-1")] == [("via_broker", True)]


def test_one_cleared_review_leaves_the_other(offer, judge):
    record = offer(via_broker=True, cross_border=True, cleared_flags=["via_broker"])
    assert judge(record).verdict[0] == "review"


def test_a_block_cannot_be_cleared(offer, judge):
    result = judge(offer(deposit_usd=1.0, cleared_flags=["deposit"]))
    assert result.verdict[0] == "block"
    assert [(flag.code, flag.cleared) for flag in result.flags("O-1")] == [("deposit", False)]


def test_clearing_what_was_never_raised_is_ignored(offer, judge):
    result = judge(offer(cleared_flags=["via_broker", "no_such_flag"]))
    assert result.verdict[0] == "clear"
    assert result.flags("O-1") == ()


def test_one_harm_report_pauses_every_offer_of_that_employer(offer, judge):
    result = judge(
        offer("V-1", employer_id="E-1"),
        offer("V-2", employer_id="E-1", harm_report_open=True),
        offer("V-3", employer_id="E-1", kind="training", cleared_flags=["employer_paused"]),
        offer("V-4", employer_id="E-2"),
    )
    assert result.verdict.tolist() == ["block", "block", "block", "clear"]
    (flag,) = result.flags("V-1")
    assert flag.code == "employer_paused"
    assert flag.evidence == {"employer_id": "E-1", "reported_on": "V-2"}


def test_a_report_on_an_employer_without_an_id_stays_where_it_is(offer, judge):
    result = judge(
        offer("V-1", employer_id=None, harm_report_open=True),
        offer("V-2", employer_id=None),
    )
    assert result.verdict.tolist() == ["block", "clear"]


def test_the_report_named_does_not_depend_on_the_order_of_rows(offer, judge):
    records = [offer(f"V-{i}", harm_report_open=True) for i in (3, 1, 2)]
    for order in (records, records[::-1]):
        flags = {flag.code: flag for flag in judge(*order).flags("V-2")}
        assert flags["employer_paused"].evidence["reported_on"] == "V-1"


def test_counts_are_by_frequency_and_the_summary_adds_up(offer, judge):
    result = judge(
        offer("a", via_broker=True),
        offer("b", via_broker=True, deposit_usd=1.0),
        offer("c"),
    )
    assert list(result.counts().items()) == [("via_broker", 2), ("deposit", 1)]
    assert result.summary().as_dict() == {
        "clear": 1,
        "review": 1,
        "block": 1,
        "flags": {"via_broker": 2, "deposit": 1},
    }


def test_an_empty_market_has_an_empty_screen(judge):
    result = judge()
    assert len(result) == 0
    assert result.verdict.shape == (0,)
    assert result.summary().as_dict() == {"clear": 0, "review": 0, "block": 0, "flags": {}}


def test_an_unknown_offer_is_refused_by_name(offer, judge):
    with pytest.raises(LookupError, match="'O-9'"):
        judge(offer()).flags("O-9")


def test_a_screen_cannot_be_changed(offer, judge):
    result = judge(offer())
    for array in (result.raised, result.cleared, result.severity, result.verdict):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.raised = np.zeros(1)


def test_a_market_without_any_table_can_be_screened(offer):
    assert screen(Market.from_records([offer()], dt.date(2026, 11, 23))).verdict[0] == "clear"
