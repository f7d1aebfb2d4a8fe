"""What would help: each thing is checked by changing the client and scoring again."""

import datetime as dt

import numpy as np
import pytest

from matcher import Caseload, Market
from matcher.changes import MOST
from matcher.scoring.scorecard import probability

AS_OF = dt.date(2026, 9, 1)


def changed(client, help_, offers):
    """Return the client's record as it would be."""
    offer = offers.get(help_.code, {})
    own = client.get
    return {
        "document": lambda: {"documents": [*(own("documents") or ()), help_.code]},
        "transport": lambda: {"transport": help_.code},
        "training": lambda: {
            "skills": list(dict.fromkeys([*(own("skills") or ()), *(offer.get("teaches") or ())]))
        },
        "grant": lambda: {"capital_usd": own("capital_usd") + (offer.get("grant_usd") or 0)},
    }[help_.change]()


def test_everything_that_would_help_does(engine, world, caseload, market):
    offers = {offer["opportunity_id"]: offer for offer in world.opportunities}
    column = {name: i for i, name in enumerate(market.opportunity_id)}
    kinds = set()
    for client in world.clients:
        before = engine.score(Caseload.from_records([client]), market)[0]
        helps = engine.what_would_help(caseload, market, client["client_id"])
        assert len(helps) <= MOST
        assert [h.after for h in helps] == sorted((h.after for h in helps), reverse=True)
        for h in helps:
            better = {**client, **changed(client, h, offers)}
            after = engine.score(Caseload.from_records([better]), market)[0]
            at = column[h.opportunity_id]
            assert h.after == pytest.approx(float(probability(after[at])), abs=1e-9)
            if h.before is None:
                assert np.isnan(before[at])
                assert h.opens >= 1
            else:
                assert h.before == pytest.approx(float(probability(before[at])), abs=1e-9)
                assert h.after > h.before
            assert h.opens <= (np.isnan(before) & ~np.isnan(after)).sum()
            assert h.opportunity_id != h.code
            kinds.add(h.change)
    assert {"document", "transport"} <= kinds


@pytest.fixture(scope="module")
def helped(meet, make_client):
    """Return what would help one client with some offers, by kind of change."""

    def ask(client, *offers, language="en"):
        found = meet(
            "what_would_help", make_client(**client), *offers, client_id="C-1", language=language
        )
        return [(h.change, h.code, h.opportunity_id) for h in found]

    return ask


def test_a_document_opens_what_requires_it(helped, make_offer):
    offer = make_offer(required_documents=["driving_licence_a"])
    assert helped({"documents": []}, offer) == [("document", "driving_licence_a", "O-1")]


def test_a_vehicle_opens_what_is_too_far_on_foot(helped, make_offer):
    offer = make_offer(places=["120201"])
    on_foot = {"transport": "none", "max_commute_minutes": 45}
    assert ("transport", "motorbike", "O-1") in helped(on_foot, offer)


def test_a_grant_opens_a_start_that_own_money_does_not_reach(helped, make_offer):
    small = make_offer("G-1", "grant", grant_usd=60)
    large = make_offer("G-2", "grant", grant_usd=150)
    assert helped({"capital_usd": 0}, small, large) == [("grant", "G-2", "G-1")]


def test_nothing_helps_whom_no_gate_keeps_from_the_best(helped, make_offer):
    assert helped({}, make_offer()) == []


def test_what_a_person_is_or_does_not_want_is_never_among_it(helped, make_offer):
    offer = make_offer(required_schooling="tertiary", settings=["at_sea"], requires_reading=True)
    client = {"schooling": "none", "can_read": False, "avoid_settings": ["at_sea"], "age_years": 16}
    assert helped(client, offer) == []


def test_an_unknown_is_to_be_asked_not_changed(helped, make_offer):
    offer = make_offer(required_documents=["bank_account"])
    assert helped({"documents": None, "transport": None, "capital_usd": None}, offer) == []


def test_a_client_without_experience_can_be_helped(helped, make_offer):
    client = {"documents": [], "experience": {}, "household_livelihoods": {}}
    assert helped(client, make_offer(required_documents=["bank_account"]))


@pytest.mark.parametrize("language", ["en", "km"])
def test_help_is_said_in_both_languages(engine, caseload, market, language):
    for client in caseload.client_id:
        for h in engine.what_would_help(caseload, market, client, language):
            assert h.message
            assert "{" not in h.message


def test_help_does_not_depend_on_the_order_of_the_offers(engine, caseload, market):
    turned = market.take(np.arange(len(market))[::-1])
    for client in caseload.client_id[:10]:
        one, other = (engine.what_would_help(caseload, m, client) for m in (market, turned))
        assert one == other


def test_market_of_another_day_is_another_market(engine, make_client, make_offer):
    caseload = Caseload.from_records([make_client()])
    late = Market.from_records([make_offer()], dt.date(2027, 1, 1))
    assert np.isnan(engine.score(caseload, late)).all()
