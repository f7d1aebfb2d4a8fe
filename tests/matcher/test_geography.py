"""Places, roads and the ways to travel them."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from matcher.geography import great_circle_km

VEHICLES = (None, "none", "bicycle", "motorbike", "car")


@pytest.fixture(scope="module")
def geography(knowledge):
    return knowledge.geography


@pytest.fixture(scope="module")
def transport(knowledge):
    return knowledge.transport


def road(geography, a, b):
    return float(
        geography.road_km(np.array([geography.index(a)]), np.array([geography.index(b)]))[0]
    )


def test_a_quarter_of_the_equator():
    km = great_circle_km(np.array([0.0, 0.0, 90.0]), np.array([0.0, 90.0, 0.0]))
    assert km == pytest.approx(np.where(np.eye(3), 0, 6371.0088 * np.pi / 2))


def test_an_unknown_code_is_the_nearest_place_that_holds_it(geography):
    assert geography.index("12010199") == geography.index("120101")
    assert geography.index("120199") == geography.index("1201")
    assert geography.index("1299") == geography.index("12")
    assert geography.index("99") == geography.index(None) == geography.index("") == -1


@given(a=st.integers(-1, 1895), b=st.integers(-1, 1895))
def test_a_road_is_as_long_there_as_back(geography, a, b):
    there, back = (geography.road_km(np.array([x]), np.array([y]))[0] for x, y in ((a, b), (b, a)))
    np.testing.assert_equal(there, back)
    assert np.isnan(there) == (min(a, b) < 0)


def test_roads_of_a_commune_a_district_and_the_country(geography):
    assert road(geography, "120101", "120101") == 2
    assert road(geography, "120101", "120109") == 8
    assert 290 < road(geography, "12", "17") < 310


@pytest.mark.parametrize(
    ("area", "place", "held"),
    [
        ("12", "120101", True),
        ("1201", "120101", True),
        ("120101", "120101", True),
        ("120109", "120101", False),
        ("120101", "1201", False),
        ("12", "12", True),
        ("17", "120101", False),
        ("99", "120101", False),
        ("12", "99", False),
    ],
)
def test_an_area_holds_what_lies_in_it(geography, area, place, held):
    pair = np.array([geography.index(area)]), np.array([geography.index(place)])
    assert geography.contains(*pair).tolist() == [held]


def test_a_place_told_roughly_may_lie_in_an_area(geography):
    places = geography.indices(["12", "1201", "120101", "17", None])
    assert geography.within(places, "1201").tolist() == [False, True, True, False, False]
    assert geography.encloses(places, "1201").tolist() == [True, False, False, False, False]


@given(
    km=st.lists(st.floats(0, 700), min_size=2, max_size=2).map(sorted),
    vehicle=st.sampled_from(VEHICLES),
)
def test_further_never_takes_less_time_or_money(transport, km, vehicle):
    near_far, by = np.array(km), np.array([vehicle], dtype=object)
    for measure in (transport.minutes, transport.usd):
        near, far = measure(near_far, by)
        assert 0 <= near <= far


def test_who_has_no_vehicle_walks_three_kilometres_for_nothing_and_pays_beyond(transport):
    by = np.array([None], dtype=object)
    assert transport.usd(np.array([3.0, 10.0]), by) == pytest.approx([0.0, 0.6])
    assert transport.minutes(np.array([3.0, 10.0]), by) == pytest.approx([40.0, 54.0])
    assert np.isnan(transport.usd(np.array([np.nan]), by)).all()
    assert np.isnan(transport.minutes(np.array([np.nan]), by)).all()


@given(minutes=st.floats(0, 600), vehicle=st.sampled_from(VEHICLES), share=st.floats(0, 1))
def test_no_way_within_the_limit_is_longer_than_the_reach(transport, minutes, vehicle, share):
    by = np.array([vehicle], dtype=object)
    reach = transport.km_within(np.array([minutes]), by)
    beyond = reach + 1e-6 + 100 * share
    assert transport.minutes(beyond, by)[0] > minutes
