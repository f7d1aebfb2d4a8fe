"""The ISCO-08 tree and what skills are worth for each other."""

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from matcher.needs import SkillNeeds
from matcher.occupations import Experience, Skills, folded, isco_closeness

codes = st.from_regex(r"[0-9]{1,4}", fullmatch=True)


@pytest.mark.parametrize(
    ("done", "wanted", "worth"),
    [
        ("7531", "7531", 1.0),
        ("7531", "7533", 0.6),
        ("7531", "7511", 0.3),
        ("7531", "7212", 0.1),
        ("7531", "9412", 0.0),
        ("753", "7531", 0.6),
        ("7531", "7", 0.1),
    ],
)
def test_nearer_occupations_are_worth_more(done, wanted, worth):
    assert isco_closeness(done, wanted) == worth


@given(a=codes, b=codes)
def test_closeness_is_the_same_both_ways_and_whole_only_for_one_unit_group(a, b):
    assert isco_closeness(a, b) == isco_closeness(b, a)
    assert (isco_closeness(a, b) == 1) == (a == b and len(a) == 4)


def test_many_small_jobs_do_not_add_up_to_a_trade():
    years = Experience(["7531"]).years([(("7531", 2.0), ("7533", 2.0)), (), (("7533", 5.0),)])
    np.testing.assert_allclose(years, [[2.0], [0.0], [3.0]])


@given(words=st.text(max_size=20))
def test_folding_twice_is_folding_once(words):
    assert folded(folded(words)) == folded(words)


@pytest.mark.parametrize("said", ["Pig raising", "PIG-RAISING", " pig  raising ", "pig_raising"])
def test_spelling_does_not_matter(said):
    assert folded(said) == "pig raising"


@pytest.fixture(scope="module")
def few():
    """Return six skills: two of a group, a third of its branch, two transversal, one apart."""
    table = pd.DataFrame(
        [
            ("sew", "ដេរ", ("stitch",), "S1.1", "S1", "sector-specific"),
            ("hem", "", (), "S1.1", "S1", "sector-specific"),
            ("weave", "", (), "S1.2", "S1", "sector-specific"),
            ("listen", "", (), "T1", "T1x", "transversal"),
            ("plan", "", (), "T2", "T2x", "transversal"),
            ("weld", "", (), "", "", "sector-specific"),
        ],
        columns=["skill", "name_km", "alt_labels", "group", "branch", "reuse_level"],
    )
    asked = pd.DataFrame(
        [("a", "sew"), ("b", "sew"), ("b", "weave")], columns=["livelihood", "skill"]
    )
    none = pd.DataFrame(columns=["isco_code", "skill"])
    return Skills(table, asked, none)


@pytest.mark.parametrize(
    ("held", "wanted", "worth"),
    [
        ("sew", "sew", 1.0),
        ("stitch", "sew", 1.0),
        ("ដេរ", "sew", 1.0),
        ("SEW", "sew", 1.0),
        ("hem", "sew", 0.5),
        ("weave", "sew", 0.25),
        ("listen", "plan", 0.25),
        ("listen", "sew", 0.0),
        ("weld", "sew", 0.0),
        ("sew", "weld", 0.0),
        ("nobody knows", "sew", 0.0),
    ],
)
def test_a_near_skill_counts_in_part(few, held, wanted, worth):
    assert few.credit([few.indices([held])], few.indices([wanted])).tolist() == [[worth]]


def test_what_few_kinds_of_work_ask_for_weighs_more(few):
    weight = dict(zip(few.labels, few.weight, strict=True))
    assert weight["sew"] == pytest.approx(1.0)  # both livelihoods: ln(3 / 3) + 1
    assert weight["weave"] == pytest.approx(np.log(3 / 2) + 1)
    assert few.unlisted_weight == weight["weld"] == pytest.approx(np.log(3) + 1)


def test_a_skill_asked_for_under_two_names_is_one_skill(knowledge, reference):
    row = next(r for r in reference.skills.itertuples() if r.alt_labels)
    needs = SkillNeeds([(row.skill, row.alt_labels[0])], knowledge)
    assert needs.weight.sum() == pytest.approx(1.0)


def test_a_skill_that_is_not_listed_leaves_less_to_cover(knowledge, reference):
    needs = SkillNeeds([(reference.skills["skill"][0], "no such skill")], knowledge)
    assert 0 < needs.weight.sum() < 1


def test_needs_not_told_and_needs_that_are_none_differ(knowledge):
    needs = SkillNeeds([None, ()], knowledge)
    assert needs.known.tolist() == [False, True]
    assert needs.none.tolist() == [False, True]
