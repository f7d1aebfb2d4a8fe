"""The engine agrees with the slow reference, which shares no code with it."""

from itertools import product

import numpy as np
import pytest

from matcher import Caseload, Engine, Market
from matcher.features import FEATURES
from matcher.pairs import Pairs
from matcher.profiles import Profiles
from matcher.vocabulary import PATHWAY

EXACT = 1e-9


@pytest.fixture(scope="module")
def everyone(engine, caseload, market):
    """Return every pair of the world, whether or not it may be offered."""
    return Pairs.all_of(Profiles(caseload, engine.knowledge), engine._seen(market))


@pytest.fixture(scope="module")
def feature_values(everyone):
    """Return every feature of every pair, NaN where unknown."""
    n, m = everyone.shape
    client, offer = (index.ravel() for index in np.indices((n, m)))
    pairs = Pairs(everyone.profiles, everyone.offers, client, offer)
    return {feature.name: feature(pairs).reshape(n, m) for feature in FEATURES}


def test_every_feature_of_every_pair_is_what_the_formulas_say(plain, world, feature_values):
    wrong = []
    for (client, person), (offer, work) in product(
        enumerate(world.clients), enumerate(world.opportunities)
    ):
        for name, value in plain.values(person, work, world.as_of).items():
            found, wanted = feature_values[name][client, offer], np.nan if value is None else value
            if not (abs(found - wanted) <= EXACT or (np.isnan(found) and np.isnan(wanted))):
                wrong.append((client, offer, name, found, wanted))
    assert not wrong[:5]


def test_the_formulas_speak_of_the_same_features(plain, world, feature_values):
    told = plain.values(world.clients[0], world.opportunities[0], world.as_of)
    assert told.keys() == feature_values.keys()


def test_the_scores_of_a_hundred_admissible_pairs_are_the_same(
    engine: Engine, caseload: Caseload, market: Market, world, plain
):
    scores = engine.score(caseload, market)
    pairs = np.argwhere(~np.isnan(scores))
    chosen = np.random.default_rng(3).choice(pairs, size=100, replace=False)
    for client, offer in chosen.tolist():
        expected = plain.score(world.clients[client], world.opportunities[offer], world.as_of)
        assert scores[client, offer] == pytest.approx(expected, abs=EXACT)


def test_pathways_score_what_the_formulas_say_after_the_course(engine, world, plain, open_clients):
    market = Market.from_records(world.opportunities, world.as_of)
    offers = {record["opportunity_id"]: record for record in world.opportunities}
    slates = engine.suggest(Caseload.from_records(open_clients), market, k=8)
    seen = 0
    for client, slate in zip(open_clients, slates, strict=True):
        for found in slate.suggestions:
            if found.kind == PATHWAY:
                first, second = (offers[step] for step in found.steps)
                expected = plain.score(client, second, world.as_of, first)
                assert found.score == pytest.approx(expected, abs=EXACT)
                seen += 1
    assert seen >= 10
