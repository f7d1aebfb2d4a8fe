"""Laws of the score: what is better for a client never lowers it and never closes a gate."""

import dataclasses
import datetime as dt

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from matcher import Caseload, Market
from matcher.pairs import Pairs
from matcher.profiles import Profiles

AS_OF = dt.date(2026, 9, 1)
SLACK = 1e-12

clients = st.integers(0, 39)
whole_market = settings(max_examples=6)
"""For laws whose every example builds a market or an engine anew."""


def check_never_worse(before, after):
    """Nothing that was open is closed, and no score falls."""
    open_before = ~np.isnan(before)
    assert not np.isnan(after[open_before]).any()
    assert (after[open_before] >= before[open_before] - SLACK).all()


@pytest.fixture(scope="module")
def check_improves(engine, market, open_clients):
    """Score one of the world's clients twice: as changed at first, and as changed at last."""

    def run(row, at_first, at_last):
        client = open_clients[row]
        pair = [{**client, **at_first}, {**client, **at_first, **at_last, "client_id": "better"}]
        check_never_worse(*engine.score(Caseload.from_records(pair), market))

    return run


@pytest.fixture(scope="module")
def check_better_offer(engine, world, open_clients):
    """Score the same clients against the market, and against one whose offers are changed."""
    some = Caseload.from_records(open_clients[:15])

    def run(at_first, at_last):
        before = [{**offer, **at_first(offer)} for offer in world.opportunities]
        after = [{**offer, **at_last(offer)} for offer in before]
        scores = [engine.score(some, Market.from_records(m, world.as_of)) for m in (before, after)]
        check_never_worse(*scores)

    return run


# --- the client ------------------------------------------------------------------------------


@given(data=st.data(), row=clients)
def test_another_skill_never_hurts(check_improves, reference, data, row):
    names = st.sampled_from([*reference.skills["skill"], "a skill nobody listed"])
    held = data.draw(st.lists(names, max_size=4))
    more = data.draw(st.lists(names, min_size=1, max_size=4))
    check_improves(row, {"skills": held}, {"skills": [*held, *more]})


@given(
    row=clients,
    code=st.sampled_from(["5223", "522", "5", "7531", "6111", "9", "9412"]),
    years=st.floats(0, 20),
    more=st.floats(0, 20),
)
def test_more_years_of_experience_never_hurt(check_improves, row, code, years, more):
    check_improves(row, {"experience": {code: years}}, {"experience": {code: years + more}})
    check_improves(row, {"experience": {}}, {"experience": {code: more}})


@given(row=clients, own=st.floats(0, 3000), more=st.floats(0, 3000))
def test_more_money_of_ones_own_never_hurts(check_improves, row, own, more):
    check_improves(row, {"capital_usd": own}, {"capital_usd": own + more})


@given(row=clients, debt=st.floats(0, 400), share=st.floats(0, 1))
def test_less_debt_never_hurts(check_improves, row, debt, share):
    check_improves(
        row,
        {"debt_service_usd": debt, "debt_usd": 10 * debt},
        {"debt_service_usd": debt * share, "debt_usd": 10 * debt * share},
    )


@given(row=clients, income=st.floats(0, 500), more=st.floats(0, 500))
def test_more_income_of_the_others_never_hurts(check_improves, row, income, more):
    check_improves(row, {"household_income_usd": income}, {"household_income_usd": income + more})


@given(row=clients, documents=st.sets(st.sampled_from(["national_id", "driving_licence_a"])))
def test_another_document_never_hurts(check_improves, row, documents):
    check_improves(
        row, {"documents": sorted(documents)}, {"documents": [*documents, "bank_account"]}
    )


@given(row=clients, land=st.floats(0, 20_000), more=st.floats(0, 20_000))
def test_more_land_and_water_never_hurt(check_improves, row, land, more):
    check_improves(
        row, {"land_m2": land, "has_water": False}, {"land_m2": land + more, "has_water": True}
    )


@given(row=clients, children=st.integers(1, 5))
def test_somebody_to_look_after_the_children_never_hurts(check_improves, row, children):
    alone = {"children_under_6": children, "childcare_at_home": False}
    check_improves(row, alone, {"childcare_at_home": True})
    check_improves(row, alone, {"children_under_6": children - 1})


@given(row=clients, limit=st.floats(0, 200), more=st.floats(0, 200), willing=st.booleans())
def test_a_longer_way_that_is_accepted_forbids_nothing(
    engine, market, open_clients, row, limit, more, willing
):
    client = {**open_clients[row], "willing_to_relocate": willing}
    pair = [
        {**client, "max_commute_minutes": limit},
        {**client, "max_commute_minutes": limit + more, "client_id": "further"},
    ]
    near, far = ~np.isnan(engine.score(Caseload.from_records(pair), market))
    assert (near <= far).all()


@pytest.mark.parametrize(("slower", "faster"), [("bicycle", "motorbike"), ("motorbike", "car")])
@given(row=clients)
def test_a_faster_vehicle_forbids_nothing_far_away(
    engine, market, open_clients, row, slower, faster
):
    client = {**open_clients[row], "max_commute_minutes": 60}
    pair = [{**client, "transport": slower}, {**client, "transport": faster, "client_id": "x"}]
    slow, fast = ~np.isnan(engine.score(Caseload.from_records(pair), market))
    assert (slow <= fast).all()


@given(row=clients, field=st.sampled_from(["sex", "cohort", "household_id", "idpoor", "has_phone"]))
def test_who_a_client_is_does_not_count(engine, market, open_clients, row, field):
    values = {"sex": ["female", "other"], "idpoor": ["none", "idpoor2"], "has_phone": [True, False]}
    pair = [
        {**open_clients[row], field: value, "client_id": f"{number}"}
        for number, value in enumerate(values.get(field, ["x", "y"]))
    ]
    one, other = engine.score(Caseload.from_records(pair), market)
    np.testing.assert_array_equal(one, other)


# --- the offer -------------------------------------------------------------------------------


@whole_market
@given(factor=st.floats(1, 3), extra=st.floats(0, 200))
def test_a_higher_wage_never_hurts(check_better_offer, factor, extra):
    def raised(offer):
        wage = offer.get("monthly_wage_usd")
        if wage is None:
            return {}
        return {"monthly_wage_usd": wage * factor + extra, "monthly_wage_max_usd": None}

    check_better_offer(lambda offer: {"monthly_wage_max_usd": None}, raised)


@whole_market
@given(stipend=st.floats(0, 200), more=st.floats(0, 200), fee=st.floats(0, 100))
def test_a_higher_stipend_and_a_lower_fee_never_hurt(check_better_offer, stipend, more, fee):
    def course(offer, **facts):
        return facts if offer["kind"] == "training" else {}

    check_better_offer(
        lambda offer: course(offer, stipend_usd=stipend, course_fee_usd=fee),
        lambda offer: course(offer, stipend_usd=stipend + more, course_fee_usd=0),
    )


@whole_market
@given(amount=st.floats(0, 1000), more=st.floats(0, 1000))
def test_a_bigger_grant_never_hurts(check_better_offer, amount, more):
    def grant(offer, usd):
        return {"grant_usd": usd} if offer["kind"] == "grant" else {}

    check_better_offer(lambda o: grant(o, amount), lambda o: grant(o, amount + more))


@whole_market
@given(seats=st.integers(0, 5), more=st.integers(0, 5))
def test_another_seat_never_hurts(check_better_offer, seats, more):
    check_better_offer(lambda o: {"seats": seats}, lambda o: {"seats": seats + more})


@whole_market
@given(asked=st.floats(0, 10), less=st.floats(0, 1))
def test_asking_for_less_experience_never_hurts(check_better_offer, asked, less):
    check_better_offer(
        lambda o: {"required_experience_years": asked},
        lambda o: {"required_experience_years": asked * less},
    )


@whole_market
@given(row=clients, data=st.data())
def test_a_nearer_place_never_hurts_where_hazards_are_the_same(
    with_tables, reference, engine, make_offer, open_clients, row, data
):
    level = reference.hazards.assign(level=2.0)
    flat = with_tables(hazards=level)
    codes = st.sampled_from(sorted(reference.places["code"]))
    client = {**open_clients[row], "willing_to_relocate": data.draw(st.booleans())}
    housed = data.draw(st.booleans())
    places = data.draw(st.lists(codes, min_size=2, max_size=12, unique=True))
    places.append(client["home_place"])
    index = flat.knowledge.geography.index
    home = index(client["home_place"])
    away = {
        place: float(
            flat.knowledge.geography.road_km(np.array([home]), np.array([index(place)]))[0]
        )
        for place in places
    }
    order = sorted(places, key=away.get, reverse=True)
    offers = [
        make_offer(f"O-{i}", places=[place], housing_provided=housed)
        for i, place in enumerate(order)
    ]
    tables = Caseload.from_records([client]), Market.from_records(offers, AS_OF)
    (scores,) = flat.score(*tables)
    check_never_worse(scores[:-1], scores[1:])


# --- the hazards -----------------------------------------------------------------------------


@whole_market
@given(lower=st.floats(0, 3), share=st.floats(0, 1), seed=st.integers(0, 9))
def test_less_hazard_never_hurts(
    with_tables, engine, reference, caseload, market, lower, share, seed
):
    hit = np.random.default_rng(seed).random(len(reference.hazards)) < share
    level = reference.hazards["level"]
    milder = level.where(~hit, np.maximum(1.0, level - lower))
    calm = with_tables(hazards=reference.hazards.assign(level=milder))
    check_never_worse(engine.score(caseload, market), calm.score(caseload, market))


@whole_market
@given(row=clients, year=st.sampled_from([0, 2030, 2050]), lower=st.floats(0, 3))
def test_loss_and_household_risk_fall_with_the_hazard(
    with_tables, engine, reference, caseload, market, row, year, lower
):
    level = np.maximum(1.0, reference.hazards["level"] - lower)
    calm = with_tables(hazards=reference.hazards.assign(level=level))
    loss, risk = [], []
    for one in (engine, calm):
        profiles = Profiles(caseload.take([row]), one.knowledge)
        rows = np.zeros(len(market), dtype=np.intp)
        pairs = Pairs(profiles, one._seen(market), rows, np.arange(len(market)))
        loss.append(pairs.loss_in(year))
        risk.append(pairs.household_risk)
    check_never_worse(loss[1], loss[0])
    check_never_worse(risk[1], risk[0])


# --- independence ----------------------------------------------------------------------------


@whole_market
@given(rows=st.permutations(range(40)), columns=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(engine, caseload, market, rows, columns):
    offers = list(range(len(market)))
    columns.shuffle(offers)
    scores = engine.score(caseload, market)
    shuffled = engine.score(caseload.take(rows), market.take(offers))
    np.testing.assert_array_equal(shuffled, scores[np.ix_(rows, offers)])


@whole_market
@given(columns=st.randoms(use_true_random=False))
def test_slates_are_the_same_in_whatever_order_the_offers_come(engine, caseload, market, columns):
    offers = list(range(len(market)))
    columns.shuffle(offers)
    few = caseload.take(range(12))
    assert engine.suggest(few, market.take(offers)) == engine.suggest(few, market)


def test_the_slate_of_a_client_does_not_depend_on_the_others(engine, caseload, market):
    together = engine.suggest(caseload, market)
    for row in range(0, len(caseload), 3):
        assert engine.suggest(caseload.take([row]), market) == [together[row]]


@given(kept=st.sets(st.integers(0, 499), min_size=1))
def test_an_offer_more_or_less_changes_no_other_score(engine, caseload, market, kept):
    columns = sorted(kept)
    alone = engine.score(caseload, market.take(columns))
    np.testing.assert_array_equal(alone, engine.score(caseload, market)[:, columns])


def test_blocks_of_any_size_give_the_same(engine, caseload, market, monkeypatch):
    whole = engine.score(caseload, market)
    slates = engine.suggest(caseload, market)
    monkeypatch.setattr("matcher.scoring.reference_path.PAIRS_A_BLOCK", 7 * len(market))
    np.testing.assert_array_equal(engine.score(caseload, market), whole)
    assert engine.suggest(caseload, market) == slates


def test_a_tie_goes_to_the_smaller_id(engine, make_client, make_offer):
    offers = [make_offer(name, title=name) for name in ("O-3", "O-1", "O-2")]
    caseload = Caseload.from_records([make_client()])
    market = Market.from_records(offers, AS_OF)
    (best,) = engine.rank(caseload, market, 3).ids
    assert market.opportunity_id[best].tolist() == ["O-1", "O-2", "O-3"]
    (slate,) = engine.suggest(caseload, market)
    assert [s.opportunity_id for s in slate.suggestions] == ["O-1", "O-2", "O-3"]


def test_the_reference_is_not_changed_by_an_engine(reference, with_tables):
    before = {f.name: getattr(reference, f.name).copy() for f in dataclasses.fields(reference)}
    with_tables()
    for name, frame in before.items():
        assert frame.equals(getattr(reference, name)), name
