"""Every reason for which an offer may not be made, each with the smallest example of it."""

import datetime as dt
import json

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from matcher import Caseload, Market
from matcher.gates import GATES

YESTERDAY, TOMORROW = dt.date(2026, 8, 31), dt.date(2026, 9, 2)
A_FISH_GRANT = {"livelihood": "fish_frog_eel", "isco_code": "6221", "grant_usd": 600}
A_PIG_GRANT = {"livelihood": "pigs", "isco_code": "6121", "grant_usd": 5000}
A_FIELD_GRANT = {"livelihood": "vegetables", "isco_code": "6111", "grant_usd": 300}

# reason code, what is different about the client, kind of offer, what is different about the offer
REASONS = [
    ("consent_refused", {"consent_to_match": False}, "vacancy", {}),
    ("consent_unknown", {"consent_to_match": None}, "vacancy", {}),
    # the screen
    ("unsafe", {}, "vacancy", {"deposit_usd": 50}),
    ("unsafe", {}, "training", {"employer_vetted": False}),
    ("unsafe", {}, "grant", {"harm_report_open": True}),
    ("safety_review", {}, "vacancy", {"written_contract": False}),
    # where the client does not want to go
    ("area_excluded", {"exclusion_areas": ["120109"]}, "vacancy", {}),
    ("area_excluded", {"exclusion_areas": ["1201"]}, "grant", {}),  # home itself
    ("area_unclear", {"exclusion_areas": ["1202"]}, "vacancy", {"places": ["12"]}),
    ("area_unclear", {"exclusion_areas": ["12010903"]}, "vacancy", {}),  # a village of the commune
    ("areas_not_asked", {"exclusion_areas": None}, "vacancy", {}),
    # how the client does not want to work
    (
        "setting_avoided",
        {"avoid_settings": ["heavy_machinery"]},
        "vacancy",
        {"settings": ["heavy_machinery"]},
    ),
    ("setting_unclear", {"avoid_settings": ["heavy_machinery"]}, "vacancy", {"settings": None}),
    ("settings_not_asked", {"avoid_settings": None}, "vacancy", {}),
    # what the client does not want to do
    ("livelihood_excluded", {"excluded_livelihoods": ["chickens"]}, "grant", {}),
    ("exclusion_unclear", {"excluded_livelihoods": ["qwxz"]}, "vacancy", {}),
    (
        "livelihood_unknown",
        {"excluded_livelihoods": ["pigs"]},
        "vacancy",
        {"livelihood": None, "isco_code": None, "title": "Helper"},
    ),
    ("livelihoods_not_asked", {"excluded_livelihoods": None}, "vacancy", {}),
    # age
    ("too_young", {"age_years": 17}, "vacancy", {}),
    ("too_young", {"age_years": 14}, "vacancy", {"min_age": 15}),
    (
        "too_old",
        {"age_years": 41},
        "vacancy",
        {"max_age": 40, "cleared_flags": ["age_restricted"]},
    ),
    ("age_unknown", {"age_years": None}, "vacancy", {}),
    (
        "hazard_unknown",
        {"age_years": 17},
        "vacancy",
        {"min_age": 15, "hazardous": None, "cleared_flags": ["young_work_unknown"]},
    ),
    # what the offer requires
    ("document_missing", {}, "vacancy", {"required_documents": ["bank_account"]}),
    ("documents_unknown", {"documents": None}, "vacancy", {"required_documents": ["bank_account"]}),
    ("reading_required", {"can_read": False}, "vacancy", {"requires_reading": True}),
    ("reading_unknown", {"can_read": None}, "vacancy", {"requires_reading": True}),
    ("schooling_below", {"schooling": "none"}, "vacancy", {"required_schooling": "primary"}),
    ("schooling_unknown", {"schooling": None}, "vacancy", {"required_schooling": "primary"}),
    # the way there
    ("too_far", {}, "vacancy", {"places": ["1601"]}),
    ("too_far", {"willing_to_relocate": True}, "vacancy", {"places": ["1601"]}),  # no housing
    ("too_far", {}, "vacancy", {"places": ["1601"], "housing_provided": True}),  # not willing
    ("place_unknown", {}, "vacancy", {"places": None}),
    ("home_unknown", {"home_place": None}, "vacancy", {}),
    ("outside_area", {}, "grant", {"places": ["16"]}),
    # today
    ("closed", {}, "vacancy", {"closes_on": YESTERDAY}),
    ("started", {}, "training", {"starts_on": YESTERDAY}),
    ("place_unknown", {}, "grant", {"places": None}),  # a grant serves somewhere
    ("area_unclear", {"exclusion_areas": ["99"]}, "vacancy", {}),  # no such place: it may be here
    ("area_unclear", {"exclusion_areas": ["120199"]}, "vacancy", {}),
    ("area_unclear", {"exclusion_areas": ["16"]}, "vacancy", {"places": ["120101", "99"]}),
    ("livelihood_excluded", {"excluded_livelihoods": ["pigs, ducks"]}, "grant", A_PIG_GRANT),
    ("exclusion_unclear", {"excluded_livelihoods": ["karaoke and pigs"]}, "vacancy", {}),
    (
        "livelihood_excluded",  # pigs may also be the work of 9212
        {"excluded_livelihoods": ["pigs"]},
        "vacancy",
        {"livelihood": None, "isco_code": "9212", "title": "Farm hand"},
    ),
    (
        "livelihood_excluded",  # the posting contradicts itself
        {"excluded_livelihoods": ["pigs"]},
        "vacancy",
        {"livelihood": "chickens", "isco_code": "6121", "title": "Farm hand"},
    ),
    ("capital_unknown", {}, "grant", {"livelihood": "crocodiles", "isco_code": "6129"}),
    ("not_yet_posted", {}, "vacancy", {"posted_on": TOMORROW}),
    ("no_seats", {}, "vacancy", {"seats": 0}),
    # money, land and water
    ("capital_gap", {"capital_usd": 50}, "grant", {"grant_usd": 60}),
    ("capital_gap", {"capital_usd": 50}, "training", {"course_fee_usd": 51}),
    ("capital_unknown", {"capital_usd": None}, "grant", {"grant_usd": 60}),
    ("land_gap", {"land_m2": 100}, "grant", A_FIELD_GRANT),
    ("land_unknown", {"land_m2": None}, "grant", A_FIELD_GRANT),
    ("water_gap", {"has_water": False}, "grant", A_FISH_GRANT),
    ("water_unknown", {"has_water": None}, "grant", A_FISH_GRANT),
]

# what stands exactly on a limit, or is not known where nothing hangs on it, is let through
LET_THROUGH = [
    ({}, "vacancy", {}),
    ({}, "training", {}),
    ({}, "grant", {}),
    ({"exclusion_areas": ["1202", "16"]}, "vacancy", {}),
    ({"avoid_settings": ["at_sea"]}, "vacancy", {}),
    ({"excluded_livelihoods": ["pigs"]}, "grant", {}),
    ({"age_years": 18}, "vacancy", {}),
    ({"age_years": 15}, "vacancy", {"min_age": 15}),
    ({"documents": None}, "vacancy", {}),
    ({"can_read": None, "schooling": None}, "vacancy", {}),
    ({"willing_to_relocate": True}, "vacancy", {"places": ["1601"], "housing_provided": True}),
    ({"has_phone": None, "transport": "bicycle"}, "vacancy", {}),
    ({}, "vacancy", {"closes_on": dt.date(2026, 9, 1)}),
    ({}, "training", {"starts_on": dt.date(2026, 9, 1)}),
    ({}, "vacancy", {"seats": None, "closes_on": None, "starts_on": None}),
    ({"capital_usd": 60}, "grant", {"grant_usd": 60}),
    ({"capital_usd": None}, "grant", {}),
    ({"capital_usd": None}, "training", {}),
    ({"land_m2": 2500}, "grant", A_FIELD_GRANT),
    ({"land_m2": None, "has_water": None}, "vacancy", {}),
]


@pytest.mark.parametrize(("code", "client", "kind", "offer"), REASONS)
def test_each_reason_is_given_alone(reasons, make_client, make_offer, code, client, kind, offer):
    assert reasons(make_client(**client), make_offer(kind=kind, **offer)) == {code}


@pytest.mark.parametrize(("client", "kind", "offer"), LET_THROUGH)
def test_nothing_else_keeps_an_offer_back(reasons, make_client, make_offer, client, kind, offer):
    assert reasons(make_client(**client), make_offer(kind=kind, **offer)) == set()


def test_the_table_above_knows_every_reason():
    codes = [code for gate in GATES for code in gate.codes]
    assert len(codes) == len(set(codes))
    assert {code for code, *_ in REASONS} == set(codes)


@pytest.mark.parametrize(("code", "client", "kind", "offer"), REASONS)
def test_reasons_are_plain_values_in_both_languages(
    meet, make_client, make_offer, code, client, kind, offer
):
    said = {}
    for language in ("en", "km"):
        pair = make_client(**client), make_offer(kind=kind, **offer)
        (reason,) = meet("why_not", *pair, client_id="C-1", opportunity_id="O-1", language=language)
        assert json.loads(json.dumps(reason.as_dict()))["code"] == code
        assert reason.message.strip()
        assert "{" not in reason.message
        said[language] = reason.message
    assert said["en"] != said["km"]


def test_every_gate_that_fails_is_told_not_the_first_alone(reasons, make_client, make_offer):
    client = make_client(consent_to_match=None, documents=[], can_read=False)
    offer = make_offer(required_documents=["national_id"], requires_reading=True, seats=0)
    told = {"consent_unknown", "document_missing", "reading_required", "no_seats"}
    assert reasons(client, offer) == told


def test_an_offer_in_several_places_is_refused_for_one_that_is_excluded(
    reasons, make_client, make_offer
):
    client = make_client(exclusion_areas=["1202"])
    assert reasons(client, make_offer(places=["120109", "120201"])) == {"area_excluded"}


def test_one_place_that_is_known_is_enough_to_tell_the_way(reasons, make_client, make_offer):
    assert reasons(make_client(), make_offer(places=["99", "120109"])) == set()


@given(rows=st.permutations(range(40)))
def test_a_verdict_does_not_depend_on_the_others_in_the_caseload(engine, caseload, market, rows):
    together = np.isnan(engine.score(caseload, market))
    few = rows[:7]
    assert np.array_equal(np.isnan(engine.score(caseload.take(few), market)), together[few])


def test_why_not_agrees_with_the_scores_of_every_pair_asked(engine, caseload, market):
    scores = engine.score(caseload, market)
    pairs = np.random.default_rng(1).choice(scores.size, 200, replace=False)
    for client, offer in zip(*np.unravel_index(pairs, scores.shape), strict=True):
        ids = str(caseload.client_id[client]), str(market.opportunity_id[offer])
        refused = engine.why_not(caseload, market, *ids)
        assert bool(refused) == bool(np.isnan(scores[client, offer]))


def test_refusals_are_counted_by_reason(engine, make_client, make_offer):
    offers = [make_offer("A", seats=0), make_offer("B", seats=0), make_offer("C")]
    caseload = Caseload.from_records([make_client()])
    (slate,) = engine.suggest(caseload, Market.from_records(offers, dt.date(2026, 9, 1)))
    assert slate.refused == {"no_seats": 2}
    assert (slate.considered, slate.admissible) == (3, 1)
