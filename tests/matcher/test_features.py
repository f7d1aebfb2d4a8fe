"""The features: declared, documented and of the shape and sign they say."""

import numpy as np
import pandas as pd
import pytest

from matcher.features import FEATURES, Group
from matcher.pairs import Pairs
from matcher.profiles import Profiles

NOT_NEGATIVE = {feature.name for feature in FEATURES} - {"net_income", "household_income"}
SHARES = {
    "required_skills",
    "useful_skills",
    "climate_loss",
    "climate_loss_2050",
    "preference",
    "preferred_kind",
    "access",
    "living_away",
}


@pytest.fixture(scope="module")
def pairs(engine, caseload, market):
    return Pairs.all_of(Profiles(caseload, engine.knowledge), engine._seen(market))


def test_there_are_enough_features_in_five_groups():
    assert len(FEATURES) >= 14
    assert {feature.group for feature in FEATURES} == set(Group)
    assert len({feature.name for feature in FEATURES}) == len(FEATURES)
    assert all(feature.direction in (-1, 1) and feature.unit for feature in FEATURES)


def test_a_list_of_pairs_has_the_values_of_the_block(pairs):
    rows = np.random.default_rng(2).integers(0, pairs.shape[0], 300)
    columns = np.random.default_rng(5).integers(0, pairs.shape[1], 300)
    listed = Pairs(pairs.profiles, pairs.offers, rows, columns)
    for feature in FEATURES:
        assert feature(listed).shape == (300,)
        if feature.name != "household_risk":  # for lists of pairs alone
            np.testing.assert_array_equal(feature(listed), feature(pairs)[rows, columns])


@pytest.mark.parametrize("feature", FEATURES, ids=lambda f: f.name)
def test_values_lie_where_their_unit_says(pairs, feature):
    client, offer = (index.ravel() for index in np.indices(pairs.shape))
    values = feature(Pairs(pairs.profiles, pairs.offers, client, offer))
    known = values[~np.isnan(values)]
    assert len(known)
    assert np.isfinite(known).all()
    if feature.name in NOT_NEGATIVE:
        assert known.min() >= 0
    if feature.name in SHARES:
        assert known.max() <= 1 + 1e-12


def values_of(meet, client, *offers):
    suggestion = meet("why", client, *offers, client_id="C-1", opportunity_id="O-1")
    return {line.feature: line.value for line in suggestion.reasons}


# what is different about the client, about the offer, feature, its value
EXAMPLES = [
    ({"experience": {"5223": 3}}, {}, "experience", 3.0),
    ({"experience": {"5221": 3}}, {}, "experience", 1.8),
    ({"experience": None}, {}, "experience", None),
    ({"experience": {}}, {"required_experience_years": 2}, "experience_shortfall", 2.0),
    ({"experience": None}, {"required_experience_years": 2}, "experience_shortfall", None),
    ({"experience": None}, {}, "experience_shortfall", 0.0),
    ({}, {}, "travel_minutes", 3 + 60 * 8 / 30),
    ({}, {"home_based": True, "places": ["12"]}, "travel_minutes", 0.0),
    (
        {"willing_to_relocate": True},
        {"places": ["1601"], "housing_provided": True},
        "travel_minutes",
        60.0,
    ),
    (
        {"willing_to_relocate": True},
        {"places": ["1601"], "housing_provided": True},
        "living_away",
        1.0,
    ),
    ({}, {"monthly_wage_usd": None}, "net_income", None),
    (
        {},
        {"transport_provided": True, "livelihood": None, "isco_code": None},
        "net_income",
        220 / 210,
    ),
    ({"children_under_6": 2, "childcare_at_home": False}, {}, "care_load", 2.0),
    ({"children_under_6": 2, "childcare_at_home": True}, {}, "care_load", 0.0),
    ({"children_under_6": None, "childcare_at_home": None}, {}, "care_load", None),
    ({"preferred_livelihoods": ["shop_sales"]}, {}, "preference", 1.0),
    ({"preferred_livelihoods": ["SHOP SALES ASSISTANT"]}, {}, "preference", 1.0),
    ({"preferred_livelihoods": ["driver"]}, {"livelihood": "tuk_tuk"}, "preference", 0.5),
    ({"preferred_livelihoods": ["grocery"]}, {}, "preference", 0.5),
    ({"preferred_livelihoods": ["pigs"]}, {}, "preference", 0.0),
    ({"preferred_livelihoods": []}, {}, "preference", None),
    ({"preferred_kinds": ["vacancy"]}, {}, "preferred_kind", 1.0),
    ({"preferred_kinds": ["grant"]}, {}, "preferred_kind", 0.0),
    ({"preferred_kinds": []}, {}, "preferred_kind", None),
    ({"difficulties": ["seeing"]}, {"demands": ["seeing", "walking"]}, "access", 0.5),
    ({"difficulties": ["seeing"]}, {"demands": ["seeing"], "adaptable": True}, "access", 1.0),
    ({"difficulties": None}, {"demands": ["seeing"]}, "access", None),
    ({"difficulties": ["seeing"]}, {"demands": []}, "access", 1.0),
    ({"skills": None}, {}, "required_skills", None),
    ({"skills": []}, {"required_skills": []}, "required_skills", 1.0),
    ({"household_livelihoods": None}, {}, "household_risk", None),
    ({}, {"livelihood": None, "isco_code": None}, "climate_loss", None),
    ({}, {}, "months_to_income", 1.0),
    ({}, {}, "own_money", 0.0),
    ({}, {}, "income_spread", 0.0),
    ({}, {}, "open_steps", 0.0),
]


@pytest.mark.parametrize(("client", "offer", "feature", "value"), EXAMPLES)
def test_a_feature_by_example(meet, make_client, make_offer, client, offer, feature, value):
    values = values_of(meet, make_client(**client), make_offer(**offer))
    assert values[feature] == (None if value is None else pytest.approx(value))


def test_every_feature_has_a_row_in_the_scorecard(reference):
    card = reference.scorecard.set_index("feature")
    for feature in FEATURES:
        row = card.loc[feature.name]
        assert (row["direction"], row["group"], row["unit"]) == (
            feature.direction,
            str(feature.group),
            feature.unit,
        )
        assert row["reason"]
        assert not pd.isna(row["source"])
