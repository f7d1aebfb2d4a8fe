from dataclasses import replace

import numpy as np
import pytest

from matcher import Engine
from matcher.simulation import (
    EXITS,
    VISIT_DAYS,
    WORLDS,
    Cause,
    FollowUp,
    OutcomeLaw,
    Simulator,
    Situations,
    WorldName,
    draw_log,
    observe,
    visits_before,
)
from matcher.simulation.world import Strength

COPIES = 40_000


def _one(simulator: Simulator, copies: int = 1) -> Situations:
    client, offer = simulator.admissible
    return simulator.situations(client[:1].repeat(copies), offer[:1].repeat(copies))


@pytest.mark.parametrize("name", WorldName)
def test_every_world_names_a_strength_for_each_feature(name: WorldName, engine: Engine) -> None:
    features = {feature.name for feature in engine.scorecard.features}
    assert set(WORLDS[name].strengths) == features
    assert set(WORLDS[name].drift) <= features


def test_an_offer_with_nothing_for_or_against_it_keeps_the_documented_share(engine: Engine) -> None:
    world = WORLDS[WorldName.DOCUMENTED]
    indifferent = {name: Strength(0.0, 0.0, 0.0) for name in world.strengths}
    law = OutcomeLaw(replace(world, strengths=indifferent), engine.scorecard)
    at = Situations.ordinary(np.zeros((1, len(law.features))))
    assert law.retained(at)[0] == pytest.approx(world.staying)


@pytest.mark.parametrize("name", WorldName)
def test_shares_rise_with_the_days_and_never_exceed_one(
    name: WorldName, simulator: Simulator
) -> None:
    other = simulator.in_world(WORLDS[name])
    client, offer = other.admissible
    shares = other.incidence(client, offer, year=1, days=range(0, 366, 15))
    total = sum(shares.values())
    assert all((np.diff(share, axis=1) >= 0).all() for share in shares.values())
    assert (total <= 1.0 + 1e-12).all()
    assert (total[:, 0] == 0.0).all()


def test_shares_agree_with_a_walk_day_by_day(simulator: Simulator) -> None:
    at = _one(simulator)
    hazards = simulator.law.hazards(at)[0]
    staying, left = 1.0, np.zeros(len(EXITS))
    for day in range(VISIT_DAYS[-1]):
        today = hazards[np.searchsorted(VISIT_DAYS, day, side="right")]
        gone = staying * -np.expm1(-today.sum())
        left += gone * today / today.sum()
        staying -= gone
    known = simulator.law.incidence(at)
    assert [known[cause][0, -1] for cause in EXITS] == pytest.approx(left)


def test_draws_agree_with_the_shares(simulator: Simulator) -> None:
    at = _one(simulator, COPIES)
    patience, way = np.random.default_rng(0).random((2, COPIES))
    day, cause = simulator.law.draw(at, patience, way)
    known = simulator.law.incidence(at)
    for of in EXITS:
        for column, until in enumerate(VISIT_DAYS):
            share = np.mean((cause == of) & (day <= until))
            assert share == pytest.approx(known[of][0, column], abs=0.012)


def test_marginal_shares_are_the_mean_over_what_nobody_sees(simulator: Simulator) -> None:
    at, dice = _one(simulator, COPIES), np.random.default_rng(1)
    drawn = at._replace(
        frailty=simulator.world.frailty_sd * dice.standard_normal(COPIES),
        quality=simulator.world.quality_sd * dice.standard_normal(COPIES),
    )
    known = simulator.law.marginal_incidence(_one(simulator))
    for cause, share in simulator.law.incidence(drawn).items():
        assert known[cause][0] == pytest.approx(share.mean(axis=0), abs=0.005)


def test_who_has_more_patience_stays_longer(simulator: Simulator) -> None:
    at = _one(simulator, 100)
    day, _ = simulator.law.draw(at, np.linspace(0, 0.999, 100), np.full(100, 0.5))
    assert (np.diff(day) >= 0).all()


def test_the_seed_settles_everything(simulator: Simulator) -> None:
    again = Simulator(simulator.engine, simulator.caseload, simulator.market, simulator.world, 3)
    pairs = simulator.admissible
    assert all(
        np.array_equal(a, b)
        for a, b in zip(simulator.outcomes(*pairs), again.outcomes(*pairs), strict=True)
    )


def test_what_happens_after_the_last_visit_made_is_not_known() -> None:
    seen = observe(np.array([40, 40, 30]), np.array([2, 2, 3]), np.array([1, 2, 1]))
    assert seen.days.tolist() == [30, 40, 30]
    assert seen.cause.tolist() == [Cause.CENSORED, Cause.OTHER, Cause.HARM]


def test_a_visit_is_due_on_its_day() -> None:
    assert visits_before(np.array([0, 29, 30, 365])).tolist() == [0, 0, 1, 4]


@pytest.mark.parametrize("lost", [0.0, 0.1, 0.3, 0.6])
def test_as_many_are_lost_as_was_asked_for(simulator: Simulator, lost: float) -> None:
    client, offer = simulator.admissible
    features = simulator.features(client, offer)
    day, cause = simulator.outcomes(client, offer)
    followed = FollowUp.losing(lost, simulator.feature_names, features, day, cause)
    luck = np.random.default_rng(2).random(len(client))
    seen = observe(day, cause, followed.visits_made(features, luck))
    unknown = (seen.cause == Cause.CENSORED) & (seen.days < VISIT_DAYS[-1])
    assert unknown.mean() == pytest.approx(lost, abs=0.015)


def test_losing_everybody_is_refused(simulator: Simulator) -> None:
    nobody = np.zeros((0, len(simulator.feature_names)))
    none = np.zeros(0, dtype=np.int64)
    with pytest.raises(ValueError, match="lost"):
        FollowUp.losing(1.0, simulator.feature_names, nobody, none, none)


def test_a_log_holds_no_offer_that_a_gate_forbids(simulator: Simulator) -> None:
    log = draw_log(simulator)
    row, place = np.nonzero(log.offered)
    assert not np.isnan(simulator.score[log.client[row], log.offer[row, place]]).any()
    assert log.offered[np.arange(len(log.chosen)), log.chosen].all()


def test_the_propensities_of_a_slate_sum_to_one(simulator: Simulator) -> None:
    log = draw_log(simulator)
    assert log.behaviour.sum(axis=1) == pytest.approx(1.0)
    assert (log.behaviour[~log.offered] == 0.0).all()


def test_logs_and_their_weights_agree_with_the_true_value(simulator: Simulator) -> None:
    logs = [draw_log(simulator, draw=draw) for draw in range(60)]
    seen = np.mean([log.true_reward.mean() for log in logs])
    assert seen == pytest.approx(np.mean([log.true_value(log.behaviour) for log in logs]), abs=0.01)
    even = [log.offered / log.offered.sum(axis=1, keepdims=True) for log in logs]
    weighted = [
        np.mean(target[np.arange(len(log.chosen)), log.chosen] / log.propensity * log.true_reward)
        for log, target in zip(logs, even, strict=True)
    ]
    truth = np.mean([log.true_value(target) for log, target in zip(logs, even, strict=True)])
    assert np.mean(weighted) == pytest.approx(truth, abs=0.015)


def test_lost_is_neither_safe_nor_failed(simulator: Simulator) -> None:
    log = draw_log(simulator, lost=0.4)
    known = ~np.isnan(log.reward)
    assert not known.all()
    assert np.array_equal(log.reward[known], log.true_reward[known])
