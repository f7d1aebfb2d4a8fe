import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.simulation import ProgrammeTerms, Simulator
from matcher.simulation.programme import PolicyName, Stage, figures, hindsight, play, set_stage
from matcher.simulation.programme.desk import Desk, UnsafeOffer
from matcher.simulation.programme.foresight import Foresight, Uses, harm_share
from matcher.simulation.programme.futures import Outlook, best_plan
from matcher.simulation.programme.retraining import Learner
from matcher.simulation.programme.stage import NO_PAIR

SMALL = ProgrammeTerms(clients=200, offers=800, years=2, fund_usd_per_quarter=3_000.0)


@pytest.fixture(scope="module")
def stage(simulator: Simulator) -> Stage:
    return set_stage(simulator, SMALL)


@pytest.fixture(scope="module", params=list(PolicyName))
def played(request: pytest.FixtureRequest, stage: Stage) -> Desk:
    return play(stage, PolicyName(request.param))


def test_nobody_is_placed_where_a_gate_forbids(played: Desk, stage: Stage) -> None:
    pair = played.placed[played.placed != NO_PAIR]
    assert not np.isnan(stage.simulator.score[stage.client[pair], stage.offer[pair]]).any()
    assert np.array_equal(stage.client[pair], np.flatnonzero(played.placed != NO_PAIR))


def test_nobody_is_placed_with_an_offer_that_is_not_open(played: Desk, stage: Stage) -> None:
    pair = played.placed[played.placed != NO_PAIR]
    day = stage.calendar.arrives[stage.client[pair]]
    assert (stage.calendar.opens[stage.offer[pair]] <= day).all()
    assert (day < stage.calendar.closes[stage.offer[pair]]).all()


def test_seats_and_money_are_never_overdrawn(played: Desk, stage: Stage) -> None:
    pair = played.placed[played.placed != NO_PAIR]
    taken = np.bincount(stage.offer[pair], minlength=len(played.seats))
    assert (played.seats >= 0).all()
    assert np.array_equal(stage.calendar.seats - taken, played.seats)
    assert (played.fund_usd >= 0).all()


def test_nobody_is_asked_more_often_than_agreed(played: Desk, stage: Stage) -> None:
    assert played.asked.max() <= stage.terms.asked_at_most


def test_only_offers_that_are_taken_place_anybody(played: Desk, stage: Stage) -> None:
    assert stage.takes[played.placed[played.placed != NO_PAIR]].all()


def test_no_policy_is_better_than_hindsight(played: Desk, stage: Stage) -> None:
    def staying(placed: np.ndarray) -> float:
        return float(stage.staying[placed[placed != NO_PAIR]].sum())

    assert staying(played.placed) <= staying(hindsight(stage)) * (1 + 1e-4)


def test_the_same_policy_plays_the_same_programme_twice(stage: Stage) -> None:
    once, twice = (play(stage, PolicyName.LEARNING) for _ in range(2))
    assert np.array_equal(once.placed, twice.placed)


def test_a_pair_that_a_gate_forbids_is_refused(stage: Stage) -> None:
    with pytest.raises(UnsafeOffer, match="gate"):
        Desk(stage).ask(NO_PAIR)


def test_a_programme_that_places_nobody_retains_nobody(stage: Stage) -> None:
    told = figures(stage, np.full(len(stage.pair), NO_PAIR))
    assert (told.retained, told.unplaced, told.harmed) == (0.0, 1.0, 0.0)


@given(st.integers(0, 2**32 - 1))
def test_what_a_plan_loses_with_a_seat_is_what_it_falls_by_without(seed: int) -> None:
    dice = np.random.default_rng(seed)
    n, k = dice.integers(1, 7, 2)
    value = np.where(dice.random((n, k)) < 0.6, dice.random((n, k)), 0.0)
    seats = dice.integers(0, 3, k)
    plan = best_plan(value, seats)
    total = value[plan.row, plan.column].sum()
    assert (np.bincount(plan.column, minlength=k) <= seats).all()
    for column, loss in zip(plan.column, plan.loss, strict=True):
        fewer = seats - (np.arange(k) == column)
        without = best_plan(value, fewer)
        fall = total - value[without.row, without.column].sum()
        assert loss == pytest.approx(fall, abs=1e-9)


def test_futures_hold_only_what_has_been_seen(stage: Stage) -> None:
    desk = Desk(stage)
    desk.open_on(200)
    outlook = Outlook.of(desk)
    future = outlook.draw(np.random.default_rng(1))
    calendar, there = stage.calendar, future.pairs != NO_PAIR
    assert (calendar.opens[future.offers] <= 200).all()
    came = stage.client[future.pairs[there]]
    assert len(came)
    assert (calendar.arrives[came] <= 200).all()
    assert np.array_equal(future.offers[: len(outlook.here)], np.flatnonzero(desk.available()))


def test_harm_is_dearer_where_an_employer_has_more_to_offer(stage: Stage) -> None:
    foresight, desk = Foresight(stage), Desk(stage)
    large, small = 0, 1
    uses = Uses(np.array([large] * 9 + [small]), np.full(10, 0.2), np.full(10, 0.05))
    foresight._learn([uses], days=100)
    worth = foresight._employer_worth
    assert worth[large] > worth[small] > 0.0
    assert harm_share(desk) == pytest.approx(0.1)  # before anybody was placed


def test_what_predicts_worse_is_not_let_in(stage: Stage) -> None:
    desk, learner = play(stage, PolicyName.PLAN), Learner(stage)
    learner._is_better = lambda learned, later: False  # type: ignore[method-assign]
    learner.learn(desk)
    assert learner.worth is stage.expert
    learner._is_better = lambda learned, later: True  # type: ignore[method-assign]
    learner.learn(desk)
    assert not np.array_equal(learner.worth, stage.expert)
    assert ((learner.worth > 0) & (learner.worth < 1)).all()
