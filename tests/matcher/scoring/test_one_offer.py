"""One offer folded alone is one offer folded with all others: same arrays, same refusals."""

import random
from datetime import date
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.demo import world
from data.reference import read_reference
from matcher import Engine, InvalidRecords, Market
from matcher.offers import Offers
from matcher.safety.screening import RULE_CHECKS
from matcher.scoring.compiled.arriving import arrive, together
from matcher.scoring.compiled.folding import Registry
from matcher.scoring.compiled.one_offer import OneOffer
from matcher.scoring.compiled.one_screen import OneScreen
from matcher.scoring.compiled.reading import Reader
from matcher.scoring.compiled.recall import cells_at, cells_of, market_of
from matcher.scoring.compiled.sources import Posted
from matcher.scoring.compiled.tally import Counting
from tests.matcher.scoring.worlds import OFFER, random_world, shuffled

DAY = np.datetime64("2026-09-01", "D")
BARE = {"opportunity_id": "N-1", "kind": "vacancy", "title": "Work"}
HARD = (
    BARE,
    BARE | {"kind": "training"},
    BARE | {"kind": "grant", "livelihood": "no_such_livelihood"},
    BARE | {"kind": "grant", "livelihood": "pig_raising", "places": ["12", "1201", "0102"]},
    BARE | {"title": "  Pig farm · កសិដ្ឋាន \x00 \u200b tailor!!", "title_km": "ជាងកាត់ដេរ"},
    BARE | {"title": "x" * 20_000, "description": "no recruitment fee. Passport is kept"},
    BARE | {"places": ["99", "1201", "99", "120101", "02"], "housing_provided": True},
    BARE | {"places": [], "home_based": True, "required_skills": [], "useful_skills": []},
    BARE | {"required_skills": ["no such skill"], "useful_skills": ["sew garments", "?"]},
    BARE | {"isco_code": "75", "monthly_wage_usd": 0.0, "overtime_hours_per_day": -0.0},
    BARE | {"sector": "garment", "monthly_wage_max_usd": 100, "isco_code": "7531"},
    BARE | {"closes_on": "2020-01-01", "starts_on": date(2030, 1, 1), "posted_on": DAY},
    BARE | {"harm_report_open": True, "employer_id": "E-1"},
    BARE | {"cleared_flags": ["wording_recruitment_fee", "hours_unknown", "worker_fee"]},
    BARE | {"adaptations": ["raised_house", "?"], "livelihood": "pig_raising", "demands": []},
)


@cache
def engine():
    return Engine(read_reference(), compiled=False)


class Both:
    """The two ways to fold an offer, each with classes of its own."""

    def __init__(self, as_of):
        self.as_of, self.one = as_of, OneOffer(engine().knowledge, engine().scorecard, as_of)
        self.alone, self.many = ((Registry(), Counting()) for _ in range(2))

    def check(self, *rows):
        posted = Posted(rows, engine().knowledge, self.as_of)
        each = [self.one.arrive(cells, *self.alone) for cells in rows]
        expected = arrive(posted, *self.many, engine().scorecard)
        check_same(together(each, posted), expected)
        for name in ("required", "useful", "work", "meaning", "exposed", "alike"):
            known = [getattr(registry, name).values() for registry, _ in (self.alone, self.many)]
            assert known[0] == known[1], name


def check_same(found, expected):
    for name, array in expected.folded._asdict().items():
        other = getattr(found.folded, name)
        np.testing.assert_array_equal(other, array, err_msg=name)
        assert (other.dtype, other.shape) == (array.dtype, array.shape), name
    for name in ("marks", "alike", "taught", "follows"):
        mine, its = ([*map(np.asarray, getattr(one, name))] for one in (found, expected))
        np.testing.assert_equal(mine, its, name)


@pytest.mark.parametrize("seed", range(40))
def test_an_offer_of_a_random_world_folded_alone_is_that_offer_folded_with_columns(seed):
    _, market = random_world(seed, clients=1, opportunities=30)
    both = Both(market.as_of)
    quiet = np.flatnonzero(market.harm_report_open != 1)
    for row in quiet.tolist():
        both.check(cells_at(market, row))


def test_offers_folded_one_by_one_are_together_what_columns_make_of_them():
    _, market = random_world(7, clients=1, opportunities=60)
    both = Both(market.as_of)
    quiet = np.flatnonzero(market.harm_report_open != 1).tolist()
    for first in range(0, len(quiet), 5):
        both.check(*(cells_at(market, row) for row in quiet[first : first + 5]))


@pytest.mark.parametrize("record", HARD)
def test_a_hard_record_folded_alone_is_that_record_folded_with_columns(record):
    both = Both(DAY)
    both.check(cells_of(record))
    both.check(cells_of(record | {"opportunity_id": "N-2"}))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_was_learned_of_other_offers_changes_no_answer(data):
    """Records that differ in a few fields, one after another: the likeliest to be mixed up."""
    dice = random.Random(data.draw(st.integers(0, 10**6)))
    record = data.draw(st.sampled_from([r for r in drawn() if not r.get("harm_report_open")]))
    both = Both(DAY)
    for _ in range(8):
        record = shuffled(record, OFFER, dice, ("livelihood",)) | {"monthly_wage_max_usd": None}
        if (cells := cells_of(record)) is not None:
            both.check(cells)


@cache
def drawn():
    return list(world(clients=1, opportunities=300, seed=3).opportunities)


def test_a_record_read_alone_is_stored_as_the_table_stores_it():
    records = [*HARD, *drawn()]
    for record in records:
        table, cells = Market.from_records([record], DAY.item()), cells_of(record)
        again = market_of([cells], DAY)
        for name in Market.columns():
            mine, its = getattr(again, name), getattr(table, name)
            assert mine.dtype == its.dtype, name
            np.testing.assert_equal(mine, its, name)
            assert type(mine[0]) is type(its[0]), name
        assert cells_at(table, 0) == cells, record


WRONG = (
    BARE | {"kind": "gift"},
    BARE | {"title": ""},
    BARE | {"title": None},
    {"title": "x"},
    BARE | {"seats": -1},
    BARE | {"seats": True},
    BARE | {"seats": "3"},
    BARE | {"seats": float("inf")},
    BARE | {"seats": 10**400},
    BARE | {"night_work": 1},
    BARE | {"night_work": 1.0},
    BARE | {"closes_on": "2026-02-30"},
    BARE | {"closes_on": 20260101},
    BARE | {"places": "1201"},
    BARE | {"places": ["12x"]},
    BARE | {"settings": ["no such setting"]},
    BARE | {"settings": [["at_sea"]]},
    BARE | {"no_such_field": 1},
    BARE | {"monthly_wage_usd": 200, "monthly_wage_max_usd": 100},
    BARE | {"kind": "grant"},
    BARE | {"course_months": 3},
    BARE | {"teaches": ["sew garments"]},
)
RIGHT_BEFORE = (
    BARE | {"seats": 1, "night_work": True, "closes_on": "2026-10-01", "settings": ["at_sea"]},
    BARE | {"seats": 1.0, "night_work": False, "places": ["1201"]},
)
"""Equal to some of the wrong ones in Python, and read just before them."""


@pytest.mark.parametrize("record", WRONG)
def test_a_wrong_record_is_refused_as_the_table_refuses_it(record):
    reader = Reader(DAY)
    for right in RIGHT_BEFORE:
        reader.read([right])
    with pytest.raises(InvalidRecords) as expected:
        Market.from_records([BARE | {"opportunity_id": "N-0"}, record], DAY.item())
    with pytest.raises(InvalidRecords) as told:
        reader.read([BARE | {"opportunity_id": "N-0"}, record])
    assert told.value.problems == expected.value.problems


def test_the_same_id_twice_is_refused_as_the_table_refuses_it():
    with pytest.raises(InvalidRecords, match="a value of its own"):
        Reader(DAY).read([BARE, BARE])


@pytest.mark.parametrize("seed", range(10))
def test_an_offer_screened_alone_has_the_verdict_of_the_screen(seed):
    _, market = random_world(seed, clients=1, opportunities=60)
    offers, one = Offers(market, engine().knowledge), OneScreen(engine().knowledge, market.as_of)
    reported = set(market.employer_id[market.harm_report_open == 1]) - {None}
    for row, severity in enumerate(offers.screen.severity.tolist()):
        if market.employer_id[row] not in reported:
            assert one.severity(cells_at(market, row)) == severity


def test_each_check_has_a_code_of_its_own():
    """Else an officer who clears one review would clear another; and clearing goes by code."""
    codes = [check.code for check in RULE_CHECKS]
    assert len(set(codes)) == len(codes)
