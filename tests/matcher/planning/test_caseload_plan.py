"""From a caseload and a market to a plan, and to what is told of it."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Caseload, Engine, Market, NotOffered, UnknownId
from matcher.planning.caseload_figures import figures
from matcher.planning.caseload_plan import pose
from matcher.planning.caseload_report import Standing, plan_lines
from matcher.planning.chances import Chances, chances
from matcher.planning.choices import choices, solve
from matcher.planning.groupings import GROUPINGS
from matcher.planning.recheck import refusals
from matcher.planning.terms import PinRefused, Terms

Record = dict[str, Any]
AS_OF = dt.date(2026, 9, 1)


@pytest.fixture(scope="module")
def worth(engine: Engine, caseload: Caseload, market: Market) -> Chances:
    return chances(engine, caseload, market)


@pytest.fixture(scope="module")
def two_for_one(make_client: Callable[..., Record], make_offer: Callable[..., Record]) -> Any:
    """Two clients, one who drives less far, a shop with one seat and a grant for both."""
    clients = [
        make_client(client_id="C-1"),
        make_client(client_id="C-2", preferred_livelihoods=["shop_sales"]),
    ]
    offers = [
        make_offer("V-1", seats=1),
        make_offer("G-1", "grant", grant_usd=300, seats=5),
    ]
    return Caseload.from_records(clients), Market.from_records(offers, AS_OF)


def planned(
    engine: Engine, world: Any, terms: Terms | None = None, taken: dict[str, int] | None = None
) -> Any:
    caseload, market = world
    problem = pose(
        engine, caseload, market, chances(engine, caseload, market), terms or Terms(), taken
    )
    plan = solve(problem)
    return problem, plan, plan_lines(engine, problem, plan)


def offers_of(lines: Any) -> dict[str, str | None]:
    return {line.client_id: line.opportunity_id for line in lines}


def test_a_value_is_the_chance_that_the_score_stands_for(
    engine: Engine, caseload: Caseload, market: Market, worth: Chances
) -> None:
    scores = engine.score(caseload, market)
    alone = np.array([key not in worth.second for key in np.ndindex(*scores.shape)])
    alone = alone.reshape(scores.shape)
    chance = 1 / (1 + np.exp(-scores))
    np.testing.assert_allclose(worth.value[alone], chance[alone], atol=1e-9)
    assert (np.isnan(worth.value) == np.isnan(scores)).all()


def test_a_training_is_worth_what_it_leads_to_where_that_is_more(
    engine: Engine, caseload: Caseload, market: Market, worth: Chances
) -> None:
    assert worth.second
    (row, first), then = next(iter(worth.second.items()))
    ids = [str(key) for key in market.opportunity_id]
    client_id = str(caseload.client_id[row])
    pathway = engine.why(caseload, market, client_id, ids[first], then=ids[then])
    alone = engine.why(caseload, market, client_id, ids[first])
    assert worth.value[row, first] == pytest.approx(pathway.retention_90d, abs=1e-8)
    assert pathway.score > alone.score


def test_one_seat_goes_where_it_does_most_and_the_other_yields(
    engine: Engine, two_for_one: Any
) -> None:
    problem, plan, lines = planned(engine, two_for_one)
    assert offers_of(lines) == {"C-1": "G-1", "C-2": "V-1"}
    standing = {line.client_id: line.standing for line in lines}
    assert standing == {"C-1": Standing.YIELDS, "C-2": Standing.BEST}
    assert lines[0].best_id == "V-1"
    told = figures(problem, plan)
    assert (told.placed, told.spent_usd) == (2, 300)
    assert told.objective == pytest.approx(sum(line.value for line in lines))
    assert [seat.opportunity_id for seat in told.scarce] == ["V-1"]


def test_a_fund_that_is_too_small_leaves_the_client_unplaced_and_says_so(
    engine: Engine, two_for_one: Any
) -> None:
    _, _, lines = planned(engine, two_for_one, Terms(fund_usd=299))
    assert sum(line.opportunity_id is None for line in lines) == 1
    unplaced = next(line for line in lines if line.opportunity_id is None)
    assert unplaced.standing in (Standing.NO_MONEY, Standing.OUTBID)


def test_seats_that_are_taken_are_not_given_again(engine: Engine, two_for_one: Any) -> None:
    _, _, lines = planned(engine, two_for_one, taken={"V-1": 1})
    assert set(offers_of(lines).values()) == {"G-1"}


def test_an_offer_that_does_not_tell_its_seats_has_one(
    engine: Engine, make_client: Callable[..., Record], make_offer: Callable[..., Record]
) -> None:
    clients = [make_client(client_id=f"C-{number}") for number in range(3)]
    world = Caseload.from_records(clients), Market.from_records([make_offer(seats=None)], AS_OF)
    _, _, lines = planned(engine, world)
    assert sum(line.opportunity_id == "O-1" for line in lines) == 1


def test_a_pin_holds_and_a_ban_is_kept(engine: Engine, two_for_one: Any) -> None:
    _, _, pinned = planned(engine, two_for_one, Terms(pins=(("C-1", "V-1"),)))
    assert offers_of(pinned) == {"C-1": "V-1", "C-2": "G-1"}
    assert pinned[0].standing is Standing.PINNED
    _, _, banned = planned(engine, two_for_one, Terms(bans=(("C-2", "V-1"),)))
    assert offers_of(banned)["C-2"] == "G-1"


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"pins": (("C-1", "V-1"), ("C-1", "G-1"))}, "twice"),
        ({"pins": (("C-1", "V-1"),), "bans": (("C-1", "V-1"),)}, "banned"),
        ({"pins": (("C-1", "V-1"), ("C-2", "V-1"))}, "no_seat"),
        ({"pins": (("C-1", "G-1"),), "fund_usd": 200.0}, "no_money"),
    ],
)
def test_pins_that_cannot_hold_are_refused_by_name(
    engine: Engine, two_for_one: Any, terms: Record, code: str
) -> None:
    with pytest.raises(PinRefused) as refused:
        planned(engine, two_for_one, Terms(**terms))
    assert refused.value.code == code
    assert refused.value.client_id in ("C-1", "C-2")


def test_a_pin_to_nothing_known_or_nothing_allowed_is_refused(
    engine: Engine, two_for_one: Any, make_client: Callable[..., Record]
) -> None:
    for pin in (("C-9", "V-1"), ("C-1", "V-9")):
        with pytest.raises(UnknownId, match=r"[CV]-9"):
            planned(engine, two_for_one, Terms(pins=(pin,)))
    silent = Caseload.from_records([make_client(consent_to_match=None)])
    with pytest.raises(NotOffered):
        planned(engine, (silent, two_for_one[1]), Terms(pins=(("C-1", "V-1"),)))


def test_those_who_stay_together_are_in_one_province_or_unplaced(
    engine: Engine, make_client: Callable[..., Record], make_offer: Callable[..., Record]
) -> None:
    clients = [
        make_client(client_id="C-1"),
        make_client(client_id="C-2", home_place="080101", willing_to_relocate=False),
    ]
    offers = [make_offer("V-1"), make_offer("V-2", places=["080101"])]
    world = Caseload.from_records(clients), Market.from_records(offers, AS_OF)
    _, _, apart = planned(engine, world)
    _, _, joined = planned(engine, world, Terms(together=(("C-1", "C-2"),)))
    where = {"V-1": "12", "V-2": "08", None: None}
    assert set(offers_of(apart).values()) == {"V-1", "V-2"}
    assert len({where[offer] for offer in offers_of(joined).values()}) == 1


def test_whoever_may_be_offered_nothing_is_told_why_and_weighs_on_no_group(
    engine: Engine, two_for_one: Any, make_client: Callable[..., Record]
) -> None:
    records = [two_for_one[0].record(row) for row in range(2)]
    silent = make_client(client_id="C-3", consent_to_match=None, sex="male")
    world = Caseload.from_records([*records, silent]), two_for_one[1]
    problem, plan, lines = planned(engine, world)
    assert lines[2].standing is Standing.NO_OFFER
    assert next(iter(lines[2].refused)) == "consent_unknown"
    assert figures(problem, plan).no_offer == 1
    assert {group.label for group in plan.groups} == {"unknown"}


def test_another_choice_costs_the_others_what_it_takes_from_them(
    engine: Engine, two_for_one: Any
) -> None:
    problem, plan, lines = planned(engine, two_for_one)
    (choice,) = choices(problem, plan, "C-1")
    assert choice.opportunity_id == "V-1"
    assert choice.own > 0
    assert choice.others is not None
    assert choice.others < 0
    assert choice.own + choice.others <= 1e-9
    assert choice.own == pytest.approx(choice.value - lines[0].value)


def test_the_digest_moves_with_what_is_asked_and_with_nothing_else(
    engine: Engine, two_for_one: Any
) -> None:
    first, again = (planned(engine, two_for_one)[0].digest() for _ in range(2))
    assert first == again
    others = [Terms(fund_usd=1.0), Terms(seed=1), Terms(group="province")]
    digests = {planned(engine, two_for_one, terms)[0].digest() for terms in others}
    digests.add(planned(engine, two_for_one, taken={"G-1": 1})[0].digest())
    assert len({first, *digests}) == 5


@pytest.mark.parametrize("terms", [{"floor": "equal"}, {"group": "shoe_size"}, {"fund_usd": -1.0}])
def test_terms_that_mean_nothing_are_refused(terms: Record) -> None:
    with pytest.raises(ValueError, match="expected"):
        Terms(**terms)


@pytest.mark.parametrize("name", GROUPINGS)
def test_every_client_has_a_label(caseload: Caseload, name: str) -> None:
    labels = GROUPINGS[name](caseload)
    assert len(labels) == len(caseload)
    assert all(labels)


def test_pairs_are_asked_again_of_the_gates_as_they_stand_now(
    engine: Engine, caseload: Caseload, market: Market
) -> None:
    pairs = [
        (str(client), str(offer))
        for client in caseload.client_id[:12]
        for offer in market.opportunity_id[:40]
    ]
    found = refusals(engine, caseload, market, pairs)
    for client, offer in pairs:
        expected = {reason.code for reason in engine.why_not(caseload, market, client, offer)}
        assert set(found.get((client, offer), ())) == expected
    gone = (str(caseload.client_id[0]), "V-GONE")
    assert refusals(engine, caseload, market, [gone]) == {gone: ["gone"]}


@settings(max_examples=15)
@given(seats=st.lists(st.integers(0, 3), min_size=500, max_size=500), fund=st.none() | st.just(900))
def test_no_plan_overfills_a_seat_or_overspends(
    engine: Engine,
    caseload: Caseload,
    market: Market,
    worth: Chances,
    seats: list[int],
    fund: float | None,
) -> None:
    scarce = dataclasses.replace(market, seats=np.array(seats, dtype=float))
    problem = pose(engine, caseload, scarce, worth, Terms(fund_usd=fund))
    plan = solve(problem)
    given_away = np.bincount(plan.assignment[plan.assignment >= 0], minlength=len(problem.offer))
    assert (given_away <= problem.seats).all()
    assert fund is None or figures(problem, plan).spent_usd <= fund
    assert plan.objective <= plan.bound + 1e-6
