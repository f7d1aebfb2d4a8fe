"""The ratio with one offer more is the ratio of all incomes together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import Caseload
from matcher.household import diversification_ratio
from matcher.profiles import Profiles
from matcher.scoring.diversification import Diversification

LIVELIHOODS = ["rice_farming", "aircon_repair", "tailoring", "no such work"]
parts = st.lists(st.floats(0, 1), min_size=4, max_size=4)


@given(
    parts=parts,
    incomes=st.dictionaries(st.sampled_from(LIVELIHOODS), st.floats(0, 500), max_size=4),
)
def test_it_is_the_ratio_over_all_incomes(knowledge, parts, incomes):
    client = {"client_id": "C", "home_place": "0201", "household_livelihoods": incomes}
    profiles = Profiles(Caseload.from_records([client]), knowledge)
    shares, loadings = profiles.household_incomes[0]
    own = 0.5 if len(shares) else 1.0
    expected = diversification_ratio(
        np.append((1 - own) * shares, own),
        np.concatenate([loadings, [parts]]),
        knowledge.climate.correlation,
        knowledge.parameters["idiosyncratic_income_sd"],
    )
    found = Diversification(knowledge).ratios(profiles, np.array([0]), np.array([parts]))
    assert found == pytest.approx([expected], abs=1e-9)


def test_incomes_that_are_not_known_have_no_ratio(knowledge):
    profiles = Profiles(Caseload.from_records([{"client_id": "C"}]), knowledge)
    parts = np.array([[0.1, 0, 0, 0]])
    assert np.isnan(Diversification(knowledge).ratios(profiles, np.array([0]), parts)).all()


def test_hazards_that_are_not_known_have_no_ratio(knowledge):
    profiles = Profiles(
        Caseload.from_records([{"client_id": "C", "household_livelihoods": {}}]), knowledge
    )
    parts = np.array([[0.1, 0, 0, 0], [np.nan, 0, 0, 0]])
    found = Diversification(knowledge).ratios(profiles, np.array([0, 0]), parts)
    assert np.isnan(found).tolist() == [False, True]


@given(st.lists(parts, min_size=2, max_size=9))
def test_no_offer_depends_on_its_neighbours(knowledge, rows):
    client = {"client_id": "C", "home_place": "0201", "household_livelihoods": {"tailoring": 90.0}}
    profiles = Profiles(Caseload.from_records([client]), knowledge)
    spread, told = Diversification(knowledge), np.array(rows)
    together = spread.ratios(profiles, np.zeros(len(rows), dtype=np.intp), told)
    alone = [spread.ratios(profiles, np.array([0]), told[[row]])[0] for row in range(len(rows))]
    assert together.tolist() == alone
