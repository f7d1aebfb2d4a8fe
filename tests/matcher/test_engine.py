"""The engine end to end: slates, rankings, why and why not."""

import datetime as dt
import gc
import json
import weakref

import numpy as np
import pytest

from matcher import Caseload, Engine, Market, NotOffered, UnknownId
from matcher.features import FEATURES
from matcher.gates import GATES
from matcher.safety import Verdict

AS_OF = dt.date(2026, 9, 1)


@pytest.fixture(scope="module")
def scores(engine, caseload, market):
    return engine.score(caseload, market)


@pytest.fixture(scope="module")
def slates(engine, caseload, market):
    return engine.suggest(caseload, market)


@pytest.fixture(scope="module")
def column(market):
    return {name: i for i, name in enumerate(market.opportunity_id)}


def test_one_slate_for_each_client_in_order(slates, caseload):
    assert [slate.client_id for slate in slates] == caseload.client_id.tolist()


def test_contributions_add_up_to_the_score_the_engine_gives(slates, scores, column):
    for row, slate in enumerate(slates):
        for s in slate.suggestions:
            assert s.base + sum(s.contributions.values()) == pytest.approx(s.score, abs=1e-9)
            if len(s.steps) == 1:
                assert s.score == pytest.approx(scores[row, column[s.steps[0]]], abs=1e-9)


def test_every_feature_has_its_line_and_the_weightiest_comes_first(slates):
    for s in (s for slate in slates for s in slate.suggestions):
        weights = [abs(line.contribution) for line in s.reasons]
        assert weights == sorted(weights, reverse=True)
        assert {line.feature for line in s.reasons} == {feature.name for feature in FEATURES}
        assert s.contributions == {line.feature: line.contribution for line in s.reasons}


def test_nothing_unsafe_is_suggested_nor_a_step_of_anything(engine, open_clients, market, column):
    verdict = engine.screen(market).verdict
    for slate in engine.suggest(Caseload.from_records(open_clients), market, k=10):
        for step in (step for s in slate.suggestions for step in s.steps):
            assert verdict[column[step]] == Verdict.CLEAR


def test_what_is_suggested_first_may_be_offered_today(slates, scores, column):
    for row, slate in enumerate(slates):
        assert all(not np.isnan(scores[row, column[s.opportunity_id]]) for s in slate.suggestions)


def test_the_best_offer_alone_or_a_better_pathway_leads_the_slate(slates, scores):
    for slate, own in zip(slates, scores, strict=True):
        ranked = [s.score for s in slate.suggestions]
        assert ranked == sorted(ranked, reverse=True)
        if slate.suggestions:
            assert ranked[0] >= np.nanmax(own) - 1e-9


def test_probabilities_are_in_order_and_within_their_interval(slates):
    for s in (s for slate in slates for s in slate.suggestions):
        low, high = s.interval
        assert 0 < low < s.retention_90d < high < 1
        assert 0 < s.retention_180d < s.retention_90d


def test_a_slate_says_honestly_where_there_is_little(slates):
    for slate in slates:
        assert bool(slate.note) == (len(slate.suggestions) < 5)
        if not slate.suggestions:
            assert slate.note.startswith("None of 500 offers")


def test_a_slate_is_full_and_silent_where_all_offers_are_alike(engine, make_client, make_offer):
    offers = [make_offer(f"O-{i}") for i in range(9)]
    (slate,) = engine.suggest(
        Caseload.from_records([make_client()]), Market.from_records(offers, AS_OF), k=5
    )
    assert len(slate.suggestions) == 5
    assert slate.note == ""


@pytest.mark.parametrize("language", ["en", "km"])
def test_slates_are_plain_values(engine, caseload, market, language):
    for slate in engine.suggest(caseload, market, language=language):
        assert json.loads(json.dumps(slate.as_dict()))["client_id"] == slate.client_id


def test_a_slate_differs_by_language_in_its_words_alone(slates, engine, caseload, market):
    for en, km in zip(slates, engine.suggest(caseload, market, language="km"), strict=True):
        assert [s.steps for s in en.suggestions] == [s.steps for s in km.suggestions]
        assert [s.score for s in en.suggestions] == [s.score for s in km.suggestions]


@pytest.mark.parametrize("k", [0, -1])
def test_a_slate_has_room_for_one_at_least(engine, caseload, market, k):
    with pytest.raises(ValueError, match=f"k: expected at least 1, got {k}"):
        engine.suggest(caseload, market, k=k)


def test_a_language_that_is_not_known_is_refused(engine, caseload, market):
    with pytest.raises(ValueError, match="language: expected one of en, km, got 'fr'"):
        engine.suggest(caseload, market, language="fr")


def test_progress_is_told_to_the_end(engine, caseload, market):
    told = []
    engine.suggest(caseload, market, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (40, 40)


def test_a_ranking_is_the_scores_sorted(engine, caseload, market, scores):
    ids, ranked = engine.rank(caseload, market, k=10)
    assert ids.shape == ranked.shape == (40, 10)
    for row, own in enumerate(scores):
        best = np.sort(own[~np.isnan(own)])[::-1][:10]
        np.testing.assert_allclose(ranked[row, : len(best)], best, atol=1e-9)
        np.testing.assert_array_equal(own[ids[row, : len(best)]], ranked[row, : len(best)])
        assert (ids[row, len(best) :] == -1).all()
        assert np.isnan(ranked[row, len(best) :]).all()


def test_why_is_the_suggestion_of_the_slate(engine, caseload, market, slates):
    for slate in slates:
        for s in slate.suggestions:
            if len(s.steps) == 1:
                assert engine.why(caseload, market, slate.client_id, s.opportunity_id) == s


def test_why_of_what_may_not_be_offered_carries_every_reason(engine, caseload, market, scores):
    for row, offer in np.argwhere(np.isnan(scores))[::997].tolist():
        ids = str(caseload.client_id[row]), str(market.opportunity_id[offer])
        with pytest.raises(NotOffered) as caught:
            engine.why(caseload, market, *ids)
        reasons = engine.why_not(caseload, market, *ids)
        assert list(caught.value.reasons) == reasons
        assert str(caught.value) == "; ".join(reason.message for reason in reasons)


@pytest.mark.parametrize("method", ["why", "why_not"])
def test_ids_that_are_not_known_are_named(engine, caseload, market, method):
    client, offer = caseload.client_id[0], market.opportunity_id[0]
    ask = getattr(engine, method)
    with pytest.raises(UnknownId, match=r"client: expected .*, got 'nobody'"):
        ask(caseload, market, "nobody", offer)
    with pytest.raises(UnknownId, match=r"opportunity: expected .*, got 'nothing'"):
        ask(caseload, market, client, "nothing")
    with pytest.raises(UnknownId, match="client"):
        engine.what_would_help(caseload, market, "nobody")


def test_no_clients_and_no_offers_give_empty_answers(engine, caseload, market):
    nobody, nothing = Caseload.from_records([]), Market.from_records([])
    assert engine.suggest(nobody, market) == []
    assert engine.score(nobody, market).shape == (0, 500)
    assert engine.rank(nobody, market, 3).ids.shape == (0, 3)
    assert engine.score(caseload, nothing).shape == (40, 0)
    assert (engine.rank(caseload, nothing, 3).ids == -1).all()
    assert all(not slate.suggestions for slate in engine.suggest(caseload, nothing))
    assert engine.what_would_help(caseload, nothing, caseload.client_id[0]) == []


def test_a_client_of_whom_nothing_is_known_is_offered_nothing(engine, market):
    (slate,) = engine.suggest(Caseload.from_records([{"client_id": "C"}]), market)
    assert slate.admissible == 0
    asked_first = {"consent_unknown", "areas_not_asked", "settings_not_asked", "home_unknown"}
    assert asked_first <= slate.refused.keys()
    assert all(slate.refused[code] == 500 for code in asked_first)


def test_an_offer_of_which_nothing_is_known_is_offered_to_nobody(engine, caseload):
    bare = [{"opportunity_id": "O", "kind": kind, "title": "Work"} for kind in ("vacancy",)]
    assert np.isnan(engine.score(caseload, Market.from_records(bare))).all()


def test_a_market_is_let_go_when_others_took_its_place(reference, make_offer, make_client):
    engine, caseload = Engine(reference), Caseload.from_records([make_client()])
    market = Market.from_records([make_offer()], AS_OF)
    engine.score(caseload, market)
    gone = weakref.ref(market)
    del market
    for number in range(5):
        engine.score(caseload, Market.from_records([make_offer(f"O-{number}")], AS_OF))
    gc.collect()
    assert gone() is None


def test_an_engine_may_have_fewer_gates(reference, make_client, make_offer):
    consent = [gate for gate in GATES if gate.name == "consent"]
    engine = Engine(reference, gates=consent)
    caseload = Caseload.from_records([make_client()])
    market = Market.from_records([make_offer(seats=0)], AS_OF)
    assert not np.isnan(engine.score(caseload, market)).any()


def test_the_version_changes_with_a_weight(engine, reference, with_tables):
    card = reference.scorecard.copy()
    card.loc[card["feature"] == "access", "unknown_points"] = -0.06
    assert with_tables().version == engine.version
    assert with_tables(scorecard=card).version != engine.version
