"""What binds clients of a plan to each other: money, floors, seats kept, time, families."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from matcher import Caseload, Engine, Market, UnknownId
from matcher.planning import audit_plan, blocking_pairs
from matcher.planning.caseload_figures import figures
from matcher.planning.caseload_limits import joined, weeks
from matcher.planning.caseload_plan import pose
from matcher.planning.caseload_problem import CaseloadProblem
from matcher.planning.caseload_report import Standing, plan_lines
from matcher.planning.caseload_solve import solve_as_asked
from matcher.planning.chances import chances
from matcher.planning.terms import PinRefused, Reserved, ReserveRefused, Team, Terms
from matcher.planning.two_sided import stated_fit

Record = dict[str, Any]
Make = Callable[..., Record]
AS_OF = dt.date(2026, 9, 1)  # a Tuesday
LATER = dt.date(2026, 9, 16)
World = tuple[Caseload, Market]


def solved(engine: Engine, world: World, terms: Terms, **more: Any) -> Any:
    problem = pose(engine, *world, chances(engine, *world), terms, **more)
    plan = solve_as_asked(engine, problem)
    return problem, plan, plan_lines(engine, problem, plan)


def given(lines: Any) -> dict[str, str | None]:
    return {line.client_id: line.opportunity_id for line in lines}


def audited(problem: CaseloadProblem, plan: Any) -> Any:
    return audit_plan(plan, problem.value, problem.seats, **problem.keywords())


@pytest.fixture
def women_and_a_man(make_client: Make, make_offer: Make) -> World:
    """Three clients, a shop with one seat that all like best, and grants of two providers."""
    clients = [
        make_client(client_id="C-1", sex="female", household_id="H-1"),
        make_client(client_id="C-2", sex="female", household_id="H-2"),
        make_client(client_id="C-3", sex="male", household_id="H-1"),
    ]
    offers = [
        make_offer("V-1", seats=1, starts_on=AS_OF),
        make_offer("G-1", "grant", grant_usd=300, seats=5, employer_id="E-A", starts_on=LATER),
        make_offer("G-2", "grant", grant_usd=200, seats=5, employer_id="E-B", starts_on=LATER),
    ]
    return Caseload.from_records(clients), Market.from_records(offers, AS_OF)


def test_a_fund_pays_for_its_providers_grants_alone(engine: Engine, women_and_a_man: World) -> None:
    terms = Terms(funds=(("E-A", 0.0), ("E-B", 200.0)))
    problem, plan, lines = solved(engine, women_and_a_man, terms)
    assert sorted(filter(None, given(lines).values())) == ["G-2", "V-1"]
    told = {fund.name: (fund.usd, fund.spent_usd) for fund in figures(problem, plan).funds}
    assert told == {"E-A": (0.0, 0.0), "E-B": (200.0, 200.0)}
    audited(problem, plan)
    _, _, lines = solved(engine, women_and_a_man, Terms(fund_usd=0.0, funds=(("E-B", 1e6),)))
    assert "G-1" not in given(lines).values()
    with pytest.raises(UnknownId, match="E-NONE"):
        solved(engine, women_and_a_man, Terms(funds=(("E-NONE", 1.0),)))


def test_a_floor_in_numbers_is_kept_or_told_as_missed(
    engine: Engine, women_and_a_man: World
) -> None:
    _, plan, _ = solved(engine, women_and_a_man, Terms(floors=(("male", 0.01),)))
    (male,) = [group for group in plan.groups if group.label == "male"]
    assert male.floor == 0.01
    assert male.reached
    _, plan, _ = solved(engine, women_and_a_man, Terms(floors=(("male", 1.0),)))
    assert not all(group.reached for group in plan.groups)
    with pytest.raises(UnknownId, match="nobody"):
        solved(engine, women_and_a_man, Terms(floors=(("nobody", 0.1),)))


def test_seats_kept_for_a_group_go_to_that_group_alone(
    engine: Engine, women_and_a_man: World
) -> None:
    kept = Terms(reserved=(Reserved("V-1", 1, "male"),))
    problem, plan, lines = solved(engine, women_and_a_man, kept)
    assert [key for key, offer in given(lines).items() if offer == "V-1"] in ([], ["C-3"])
    audited(problem, plan)


@pytest.mark.parametrize("group", [None, "other"])
def test_seats_kept_for_those_who_are_not_here_are_given_to_nobody(
    engine: Engine, women_and_a_man: World, group: str | None
) -> None:
    _, _, lines = solved(engine, women_and_a_man, Terms(reserved=(Reserved("V-1", 1, group),)))
    assert "V-1" not in given(lines).values()


def test_more_seats_than_are_free_cannot_be_kept(engine: Engine, women_and_a_man: World) -> None:
    twice = (Reserved("G-1", 3), Reserved("G-1", 3, "male"))
    with pytest.raises(ReserveRefused, match="G-1 has 5 free"):
        solved(engine, women_and_a_man, Terms(reserved=twice))
    terms = Terms(reserved=(Reserved("V-1", 1),), pins=(("C-1", "V-1"),))
    with pytest.raises(PinRefused, match="no_seat"):
        solved(engine, women_and_a_man, terms)


def test_an_officer_takes_on_no_more_cases_a_week_than_there_is_time_for(
    engine: Engine, women_and_a_man: World
) -> None:
    team = Team({"C-1": "sok", "C-2": "sok"}, {"sok": 1})
    problem, plan, lines = solved(engine, women_and_a_man, Terms(), team=team)
    hers = [given(lines)[key] for key in ("C-1", "C-2")]
    assert sum(offer in ("G-1", "G-2") for offer in hers) <= 1
    told = [(w.officer, w.monday, w.cases, w.room) for w in figures(problem, plan).officers]
    assert all(cases <= room == 1 for _, _, cases, room in told)
    assert {monday for _, monday, _, _ in told} <= {dt.date(2026, 8, 31), dt.date(2026, 9, 14)}
    audited(problem, plan)


def test_what_has_begun_takes_its_time_and_none_left_is_told(
    engine: Engine, women_and_a_man: World
) -> None:
    begun = {("sok", dt.date(2026, 8, 31)): 1, ("sok", dt.date(2026, 9, 14)): 1}
    everybody = dict.fromkeys(("C-1", "C-2", "C-3"), "sok")
    _, plan, lines = solved(
        engine, women_and_a_man, Terms(), team=Team(everybody, {"sok": 1}, begun)
    )
    assert plan.placed == 0
    assert {line.standing for line in lines} == {Standing.NO_TIME}
    team = Team(everybody, {"sok": 1}, begun)
    with pytest.raises(PinRefused, match="no_time"):
        solved(engine, women_and_a_man, Terms(pins=(("C-1", "V-1"),)), team=team)


def test_a_week_begins_on_monday_and_what_has_begun_begins_now(women_and_a_man: World) -> None:
    caseload, market = women_and_a_man
    found = weeks(caseload, market, Team({}, {"sok": 1}))
    assert all(monday.weekday() == 0 for monday in found.mondays)
    assert found.mondays[0] == dt.date(2026, 8, 31)


def test_members_of_a_household_stay_in_one_province(
    engine: Engine, make_client: Make, make_offer: Make
) -> None:
    home = {"household_id": "H-1"}
    clients = [
        make_client(client_id="C-1", **home),
        make_client(client_id="C-2", home_place="080101", willing_to_relocate=False, **home),
        make_client(client_id="C-3", consent_to_match=None, **home),
    ]
    offers = [make_offer("V-1"), make_offer("V-2", places=["080101"])]
    world = Caseload.from_records(clients), Market.from_records(offers, AS_OF)
    problem, plan, _ = solved(engine, world, Terms())
    assert figures(problem, plan).households_parted == (("C-1", "C-2"),)
    problem, plan, lines = solved(engine, world, Terms(households=True))
    assert figures(problem, plan).households_parted == ()
    assert len({given(lines)["C-1"] is None, given(lines)["C-2"] is None}) == 1
    assert lines[2].standing is Standing.NO_OFFER


def test_families_that_share_a_member_are_one() -> None:
    assert joined([(5, 6), (1, 2), (2, 3), (9,)]) == [(1, 2, 3), (5, 6)]


def test_everybody_is_placed_or_it_is_said_that_no_plan_does(
    engine: Engine, women_and_a_man: World
) -> None:
    _, plan, _ = solved(engine, women_and_a_man, Terms(must_place=True))
    assert plan.placed == 3
    _, plan, _ = solved(engine, women_and_a_man, Terms(must_place=True, fund_usd=0.0))
    assert plan.status.value == "infeasible"


@pytest.mark.parametrize("aim", ["stable", "nash"])
def test_both_sides_have_a_say_and_its_price_is_told(
    engine: Engine, caseload: Caseload, market: Market, aim: str
) -> None:
    problem, plan, _ = solved(engine, (caseload, market), Terms(aim=aim))
    _, best, _ = solved(engine, (caseload, market), Terms())
    assert plan.objective <= best.objective + 1e-9
    assert plan.bound == best.bound
    fit = stated_fit(engine, problem)
    assert ((fit >= 0) & (fit <= 1)).all()
    if aim == "stable":
        assert blocking_pairs(plan.assignment, problem.value, fit, problem.seats) == []


def test_what_employers_rank_by_is_not_who_somebody_is(
    engine: Engine, make_client: Make, make_offer: Make
) -> None:
    one = make_client(client_id="C-1")
    other = one | {
        "client_id": "C-2", "sex": "male", "age_years": 51.0, "cohort": "elsewhere",
        "difficulties": ["seeing"], "home_place": "080101", "household_id": "H-9",
    }  # fmt: skip
    world = Caseload.from_records([one, other]), Market.from_records([make_offer("V-1")], AS_OF)
    problem = pose(engine, *world, chances(engine, *world), Terms(aim="stable"))
    fit = stated_fit(engine, problem)
    assert (fit == fit[0]).all()


def test_a_seat_is_left_to_those_to_come_for_whom_it_is_worth_more(
    engine: Engine, make_client: Make, make_offer: Make
) -> None:
    """The shop suits somebody with more skill better; grants are there for all."""
    batch = Caseload.from_records([make_client(client_id="C-1")])
    offers = [make_offer("V-1", seats=1), make_offer("G-1", "grant", grant_usd=300, seats=99)]
    market = Market.from_records(offers, AS_OF)
    own = chances(engine, batch, market)
    history = np.repeat(own.value, 20, axis=0)
    history[:, list(market.opportunity_id).index("V-1")] += 0.2
    terms = Terms(to_come=20)
    problem = pose(engine, batch, market, own, terms, history=history)
    plan = solve_as_asked(engine, problem)
    assert problem.offer_id(int(plan.assignment[0])) == "G-1"
    assert plan.gap > 0
    nobody = pose(engine, batch, market, own, Terms(to_come=0), history=history)
    assert solve_as_asked(engine, nobody).objective >= plan.objective


@pytest.mark.parametrize(
    "terms",
    [
        {"aim": "fair"},
        {"aim": "stable", "fund_usd": 1.0},
        {"to_come": 3, "floor": "maxmin"},
        {"to_come": 3, "aim": "nash"},
        {"to_come": -1},
        {"floor": "maxmin", "floors": (("male", 0.1),)},
        {"funds": (("E-A", -1.0),)},
        {"together": (("C-1", "C-1"),)},
    ],
)
def test_terms_that_exclude_each_other_are_refused(terms: Record) -> None:
    with pytest.raises(ValueError, match="expected"):
        Terms(**terms)
