"""The compiled scorer says what the reference says, on every world."""

import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from data.demo import world
from data.reference import read_reference
from matcher import Caseload, Engine, Market
from matcher.features import FEATURES, Fold
from matcher.gates import GATES
from matcher.kept_kernels import scoring_folder
from matcher.scoring.compiled.walk import walk
from matcher.scoring.compiled_path import NotCompiled
from tests.matcher.scoring.worlds import random_world

WORLDS = 200
BATCH = 20


@cache
def engines():
    reference = read_reference()
    return Engine(reference), Engine(reference, compiled=True)


@cache
def demo():
    drawn = world(clients=150, opportunities=2000)
    market = Market.from_records(drawn.opportunities, drawn.as_of)
    return Caseload.from_records(drawn.clients), market


def assert_same_scores(expected, found):
    np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("first", range(0, WORLDS, BATCH))
def test_ids_scores_and_slates_are_those_of_the_reference(first):
    plain, compiled = engines()
    for seed in range(first, first + BATCH):
        caseload, market = random_world(seed)
        assert_same_scores(plain.score(caseload, market), compiled.score(caseload, market))
        expected, found = plain.rank(caseload, market, 7), compiled.rank(caseload, market, 7)
        np.testing.assert_array_equal(found.ids, expected.ids)
        assert_same_scores(expected.scores, found.scores)
        assert compiled.suggest(caseload, market) == plain.suggest(caseload, market)


@pytest.mark.parametrize("first", range(0, 40, BATCH))
def test_what_may_be_offered_is_the_same_asked_one_by_one(first):
    plain, compiled = engines()
    open_pairs = 0
    for seed in range(first, first + BATCH):
        caseload, market = random_world(seed)
        client = str(caseload.client_id[seed % len(caseload)])
        for offer in map(str, market.opportunity_id[:40]):
            expected = plain.why_not(caseload, market, client, offer)
            assert compiled.why_not(caseload, market, client, offer) == expected
            open_pairs += not expected
    assert open_pairs


def reweighted(seed):
    """Reference tables with another scorecard: points stretched and moved, unknown anywhere."""
    dice, reference = np.random.default_rng(seed), read_reference()

    def moved(cell):
        points = np.array([float(p) for p in str(cell).split(";")])
        return ";".join(str(p) for p in points * dice.lognormal(0.0, 1.0) + dice.normal(0.0, 1.0))

    card = reference.scorecard.copy()
    terms = card["knots"].astype(bool) & card["knots"].notna()
    card.loc[terms, "points"] = card.loc[terms, "points"].map(moved)
    card.loc[terms, "unknown_points"] = dice.normal(0.0, 2.0, int(terms.sum()))
    return replace(reference, scorecard=card)


@pytest.mark.parametrize("seed", range(5))
def test_the_best_are_the_same_whatever_the_terms_are_worth(seed):
    """No offer is left early that would have been among the best."""
    tables = reweighted(seed)
    plain, compiled = (Engine(tables, compiled=c) for c in (False, True))
    caseload, market = demo()
    expected, found = plain.rank(caseload, market, 10), compiled.rank(caseload, market, 10)
    assert (expected.ids >= 0).sum() > 500
    np.testing.assert_array_equal(found.ids, expected.ids)
    assert_same_scores(expected.scores, found.scores)


def test_the_demo_gives_the_same_slates():
    plain, compiled = engines()
    assert compiled.suggest(*demo()) == plain.suggest(*demo())


@pytest.mark.parametrize("k", [1, 2, 3, 9])
def test_slates_of_any_length_are_the_same(k):
    plain, compiled = engines()
    caseload, market = demo()
    some = caseload.take(range(40))
    assert compiled.suggest(some, market, k) == plain.suggest(some, market, k)


def test_several_cores_and_clients_prepared_beforehand_give_the_same():
    _, compiled = engines()
    caseload, market = demo()
    alone, together = compiled.rank(caseload, market), compiled.rank(caseload, market, cores=2)
    block = compiled.prepare(caseload, market)
    prepared = compiled.score_block(block, market)
    for other in (together, prepared):
        np.testing.assert_array_equal(alone.ids, other.ids)
        np.testing.assert_array_equal(alone.scores, other.scores)


def test_progress_is_told():
    _, compiled = engines()
    told = []
    compiled.suggest(*demo(), progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (150, 150)


def test_a_feature_that_does_not_fold_is_scored_by_the_reference_and_says_so():
    reference = read_reference()
    own = tuple(replace(f, fold=Fold.PAIR) if f.name == "access" else f for f in FEATURES)
    engine = Engine(reference, features=own, compiled=None)
    assert "access" in engine.compiled_reason
    plain, _ = engines()
    caseload, market = random_world(3)
    np.testing.assert_array_equal(
        engine.rank(caseload, market).ids, plain.rank(caseload, market).ids
    )
    with pytest.raises(NotCompiled, match="access"):
        engine.prepare(caseload, market)


def test_another_set_of_gates_is_scored_by_the_reference_and_says_so():
    engine = Engine(read_reference(), gates=GATES[:-1], compiled=None)
    assert "gates" in engine.compiled_reason


@pytest.mark.parametrize(
    ("fold", "values"),
    [
        (Fold.OFFER, lambda pairs: np.nan_to_num(pairs.offers.market.seats[pairs.offer]) / 10),
        (Fold.CLIENT, lambda pairs: pairs.profiles.caseload.age_years[pairs.client] / 100),
    ],
)
def test_a_new_feature_of_one_side_alone_is_compiled(fold, values):
    reference = read_reference()
    new = replace(FEATURES[-1], name="new", values=values, fold=fold)
    row = reference.scorecard[reference.scorecard["feature"] == "access"].assign(feature="new")
    with_new = replace(reference, scorecard=pd.concat([reference.scorecard, row]))
    features = (*FEATURES, new)
    plain, compiled = (Engine(with_new, features, compiled=c) for c in (False, True))
    assert compiled.compiled_reason == ""
    caseload, market = random_world(5)
    assert_same_scores(plain.score(caseload, market), compiled.score(caseload, market))


@pytest.mark.parametrize(("clients", "offers"), [(0, 5), (5, 0), (0, 0)])
def test_empty_sides_are_answered(clients, offers):
    plain, compiled = engines()
    caseload, market = random_world(1)
    caseload, market = caseload.take(range(clients)), market.take(range(offers))
    assert compiled.suggest(caseload, market) == plain.suggest(caseload, market)
    assert compiled.rank(caseload, market, 3).ids.shape == (clients, 3)


def test_scoring_is_by_the_reference_unless_asked_for():
    assert "compiled=True" in Engine(read_reference()).compiled_reason


def test_kernels_that_must_be_there_and_cannot_be_say_why(monkeypatch):
    with pytest.raises(NotCompiled, match="gates"):
        Engine(read_reference(), gates=GATES[:-1], compiled=True)
    for name in [name for name in sys.modules if name.startswith("matcher.scoring.compiled.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(NotCompiled, match="numba is missing"):
        Engine(read_reference(), compiled=True)
    assert "numba is missing" in Engine(read_reference(), compiled=None).compiled_reason


def test_kernels_are_kept_apart_from_those_of_other_sources():
    assert scoring_folder().name in str(walk.stats.cache_path)


def test_a_market_without_a_safe_offer_is_warmed_and_answers():
    unsaid = [{"opportunity_id": "-", "kind": "vacancy", "title": "-", "places": ["12"]}]
    market = Market.from_records(unsaid)
    engine = Engine(read_reference(), compiled=True)
    engine.warm(market)
    client = Caseload.from_records([{"client_id": "C-1"}])
    assert engine.suggest(client, market)[0].suggestions == ()
