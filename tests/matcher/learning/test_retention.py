"""The retention model: additive, monotone, the expert's where nothing is known."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import log_loss
from sklearn.utils.estimator_checks import parametrize_with_checks

from data import Reference, demo
from matcher import Caseload, Engine, Market
from matcher.columns import Floats
from matcher.learning import Prior, RetentionModel
from matcher.pairs import Pairs
from matcher.profiles import Profiles
from matcher.scoring.scorecard import probability
from tests.matcher.learning.conftest import drawn, expert_log_odds, features_like


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@parametrize_with_checks([RetentionModel()])
def test_it_is_a_scikit_learn_classifier(estimator: Any, check: Any) -> None:
    check(estimator)


def _world(seed: int, rows: int = 150, columns: int = 3) -> tuple[Floats, Floats]:
    dice = np.random.default_rng(seed)
    features = dice.standard_t(2, (rows, columns))
    features[dice.random(features.shape) < 0.1] = np.nan
    log_odds = np.nan_to_num(features) @ dice.normal(size=columns)
    outcome = (dice.random(rows) < probability(log_odds)).astype(float)
    outcome[:2] = 0.0, 1.0
    return features, outcome


@given(seed=st.integers(0, 10_000), ways=st.tuples(*[st.sampled_from([-1, 0, 1])] * 3))
def test_no_term_ever_runs_against_its_direction(seed: int, ways: tuple[int, ...]) -> None:
    model = RetentionModel(directions=ways).fit(*_world(seed))
    for way, term in zip(ways, model.terms_, strict=True):
        assert (way * np.diff(term.points) >= 0).all()


@given(seed=st.integers(0, 10_000))
def test_base_and_contributions_add_up_to_the_log_odds(seed: int) -> None:
    features, outcome = _world(seed)
    model = RetentionModel(directions=[1, 0, -1]).fit(features, outcome)
    log_odds = model.base_ + model.contributions(features).sum(axis=1)
    assert model.predict_proba(features)[:, 1] == pytest.approx(probability(log_odds), abs=1e-12)


@given(seed=st.integers(0, 10_000))
def test_a_weight_is_a_row_that_stands_so_often(seed: int) -> None:
    features, outcome = _world(seed, 60)
    times = np.random.default_rng(seed).integers(0, 4, 60)
    times[:2] = 1
    weighted = RetentionModel().fit(features, outcome, times)
    repeated = RetentionModel().fit(features.repeat(times, axis=0), outcome.repeat(times))
    apart = weighted.decision_function(features) - repeated.decision_function(features)
    assert np.abs(apart).max() < 5e-3  # what a round of empirical Bayes may still move


def test_without_outcomes_it_is_the_expert_scorecard(expert: Prior) -> None:
    model = RetentionModel(prior=expert).fit(np.empty((0, len(expert.terms))), np.empty(0))
    features = features_like(expert, 500, np.random.default_rng(1))
    assert model.terms_ == expert.terms
    said = model.decision_function(features)
    assert said == pytest.approx(expert_log_odds(expert, features), abs=1e-12)


def test_without_outcomes_it_is_as_unsure_as_the_expert(reference: Reference) -> None:
    scorecard = Engine(reference).scorecard
    prior = Prior.of(reference.scorecard)
    model = RetentionModel(prior=prior).fit(np.empty((0, len(prior.terms))), np.empty(0))
    features = features_like(prior, 200, np.random.default_rng(2))
    values = list(features.T)
    worth = scorecard.contributions(values)
    forecast = scorecard.forecast(scorecard.total(worth), scorecard.variance(values, worth))
    interval = model.predict_interval(features, 0.9)
    assert interval[:, 0] == pytest.approx(forecast.low, abs=1e-6)
    assert interval[:, 1] == pytest.approx(forecast.high, abs=1e-6)


@pytest.mark.parametrize("rows", [0, 300])
def test_the_engine_scores_as_the_model_that_became_its_scorecard(
    reference: Reference, expert: Prior, rows: int
) -> None:
    log = drawn(expert, rows, seed=3, strength=0.5)
    model = RetentionModel(prior=expert).fit(log.features, log.outcome)
    table = model.scorecard(reference.scorecard)
    engine = Engine(dataclasses.replace(reference, scorecard=table))
    world = demo.world(clients=15, opportunities=150, seed=4)
    caseload = Caseload.from_records(world.clients)
    market = Market.from_records(world.opportunities, as_of=world.as_of)
    scores = engine.score(caseload, market)
    client, offer = np.nonzero(~np.isnan(scores))
    offers = engine._seen(market)
    pairs = Pairs(Profiles(caseload, engine.knowledge), offers, client, offer)
    features = np.stack(engine.scorecard.values(pairs), axis=1)
    assert len(client) > 50
    assert np.isnan(features).any()
    assert scores[client, offer] == pytest.approx(model.decision_function(features), abs=1e-9)


def test_three_outcomes_of_one_kind_move_the_expert_a_little(expert: Prior) -> None:
    log = drawn(expert, 200, seed=5)
    even = np.argsort(np.abs(expert_log_odds(expert, log.features)))[:3]
    model = RetentionModel(prior=expert).fit(log.features[even], np.ones(3))
    moved = model.decision_function(log.features) - expert_log_odds(expert, log.features)
    assert 0 < moved.mean() < 1


def test_fifty_outcomes_rarely_turn_the_order_of_a_slate(expert: Prior) -> None:
    dice = np.random.default_rng(6)
    slates = features_like(expert, 5 * 200, dice)
    before = expert_log_odds(expert, slates).reshape(200, 5)
    kept = []
    for seed in range(10):
        log = drawn(expert, 50, seed=seed)
        after = RetentionModel(prior=expert).fit(log.features, log.outcome)
        scores = after.decision_function(slates).reshape(200, 5)
        kept.append(np.mean(scores.argmax(axis=1) == before.argmax(axis=1)))
    assert np.mean(kept) > 0.9


def test_the_expert_helps_while_outcomes_are_few(expert: Prior) -> None:
    held_out = drawn(expert, 3_000, seed=99, strength=0.7)
    better = 0
    for seed in range(10):
        log = drawn(expert, 100, seed=seed, strength=0.7)
        losses = [
            log_loss(
                held_out.outcome,
                RetentionModel(expert.directions, prior)
                .fit(log.features, log.outcome)
                .predict_proba(held_out.features)[:, 1],
            )
            for prior in (expert, None)
        ]
        better += losses[0] < losses[1]
    assert better >= 9


@pytest.mark.parametrize("with_expert", [True, False])
def test_intervals_hold_the_truth_as_often_as_they_say(expert: Prior, with_expert: bool) -> None:
    held = []
    for seed in range(20):
        log = drawn(expert, 400, seed=seed, strength=0.8)
        prior = expert if with_expert else None
        model = RetentionModel(expert.directions, prior).fit(log.features, log.outcome)
        low, high = model.predict_interval(log.features, 0.9).T
        truth = probability(log.log_odds)
        held.append(np.mean((low <= truth) & (truth <= high)))
    assert 0.85 < np.mean(held) < 0.99


def test_a_common_value_is_worth_what_it_is_and_not_what_lies_beside_it() -> None:
    dice = np.random.default_rng(6)
    income = np.where(dice.random(3000) < 0.3, 0.0, dice.uniform(1.0, 100.0, 3000))
    outcome = dice.random(3000) < np.where(income == 0.0, 0.9, 0.4)
    model = RetentionModel().fit(income[:, None], outcome)
    none, little = model.predict_proba([[0.0], [3.0]])[:, 1]
    assert none == pytest.approx(0.9, abs=0.05)
    assert little == pytest.approx(0.4, abs=0.1)


def test_unknown_values_have_points_of_their_own() -> None:
    dice = np.random.default_rng(7)
    value = np.where(dice.random(2_000) < 0.5, np.nan, dice.normal(size=2_000))
    outcome = dice.random(2_000) < np.where(np.isnan(value), 0.9, 0.3)
    model = RetentionModel().fit(value[:, None], outcome)
    unknown, middle = model.predict_proba([[np.nan], [0.0]])[:, 1]
    assert unknown == pytest.approx(0.9, abs=0.05)
    assert middle == pytest.approx(0.3, abs=0.05)


AWKWARD = {
    "separated": (np.linspace(-1, 1, 80)[:, None], np.linspace(-1, 1, 80) > 0),
    "constant": (np.ones((60, 2)), np.arange(60) % 2),
    "nothing known": (np.full((60, 2), np.nan), np.arange(60) % 2),
    "huge": (np.geomspace(1e-12, 1e12, 90)[:, None], np.arange(90) > 45),
    "one in fifty": (np.arange(300.0)[:, None] % 7, np.arange(300) % 50 == 0),
    "copies": (np.tile(np.linspace(0, 1, 70)[:, None], 20), np.linspace(0, 1, 70) > 0.5),
}


@pytest.mark.parametrize("ways", [0, 1])
@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_columns_give_finite_probabilities(name: str, ways: int) -> None:
    features, outcome = AWKWARD[name]
    model = RetentionModel([ways] * features.shape[1]).fit(features, outcome)
    said = model.predict_proba(features)[:, 1]
    assert ((said > 0) & (said < 1)).all()
    assert np.isfinite(model.predict_interval(features)).all()
    assert said.mean() == pytest.approx(np.mean(outcome), abs=0.02)


def test_real_features_beat_the_base_rate() -> None:
    features, outcome = load_breast_cancer(return_X_y=True)
    model = RetentionModel().fit(features[:300], outcome[:300])
    assert log_loss(outcome[300:], model.predict_proba(features[300:])[:, 1]) < 0.15


REFUSED = [
    (lambda p: RetentionModel(directions=[1]), "expected -1, 0 or 1"),
    (lambda p: RetentionModel(directions=[2, 0]), "expected -1, 0 or 1"),
    (lambda p: RetentionModel(directions=[0.5, 0]), "expected -1, 0 or 1"),
    (lambda p: RetentionModel(directions=[np.nan, 0]), "expected -1, 0 or 1"),
    (lambda p: RetentionModel(directions="10"), "expected -1, 0 or 1"),  # type: ignore[arg-type]
    (lambda p: RetentionModel(directions=1), "expected -1, 0 or 1"),  # type: ignore[arg-type]
    (lambda p: RetentionModel(prior=p), "a term for each of 2 columns"),
]


@pytest.mark.parametrize(("model", "said"), REFUSED)
def test_what_does_not_fit_is_refused(expert: Prior, model: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        model(expert).fit(np.eye(2), [0, 1])


def test_a_prior_is_a_prior() -> None:
    with pytest.raises(TypeError, match="prior: expected a Prior or None, got str"):
        RetentionModel(prior="expert").fit(np.eye(2), [0, 1])  # type: ignore[arg-type]


@pytest.mark.parametrize("unit", [1e-300, 1e-8, 1e8, 1e160, 1e300])
def test_the_unit_of_a_column_does_not_matter(unit: float) -> None:
    features, outcome = _world(1)
    plain = RetentionModel().fit(features, outcome).predict_proba(features)
    other = RetentionModel().fit(features * unit, outcome).predict_proba(features * unit)
    assert other == pytest.approx(plain, abs=0.01)


def test_an_expert_who_contradicts_herself_is_refused(expert: Prior) -> None:
    turned = tuple(-way for way in expert.directions)
    with pytest.raises(ValueError, match="run against"):
        dataclasses.replace(expert, directions=turned)


def test_a_level_is_a_probability() -> None:
    model = RetentionModel().fit(*_world(0))
    with pytest.raises(ValueError, match="level: expected"):
        model.predict_interval(np.zeros((1, 3)), 90)
