"""The livelihood tables: figures, adaptations, families and the words that exclude them."""

import re
from collections import defaultdict

import pandas as pd
import pytest

from data import read_reference

KHMER = re.compile(r"[\u1780-\u17ff]")
LATIN = re.compile(r"[a-z]")
HAZARDS = ["flood", "drought", "heat", "wind"]

# One row a livelihood of the programme's field table: ISCO-08 unit group, then flood, drought,
# heat and wind sensitivity, then months to first income.
FIELD_TABLE = {
    "chickens": ("6122", (3, 1, 3, 2), 4),
    "pigs": ("6121", (3, 2, 3, 1), 6),
    "cattle": ("6121", (2, 4, 3, 1), 4),
    "vegetables": ("6111", (4, 4, 3, 2), 2),
    "net_house": ("6113", (3, 2, 3, 4), 2),
    "mushroom": ("6113", (2, 1, 4, 2), 1),
    "fish_frog_eel": ("6221", (4, 4, 3, 1), 5),
    "rice": ("6111", (4, 4, 3, 1), 5),
    "cassava": ("6111", (3, 2, 2, 1), 9),
    "crop_labour": ("9211", (3, 4, 4, 2), 0),
    "tailoring": ("7531", (1, 0, 2, 1), 10),
    "garment_factory": ("8153", (1, 0, 3, 0), 1),
    "hairdressing": ("5141", (1, 0, 1, 1), 8),
    "beauty": ("5142", (1, 0, 1, 1), 8),
    "motorbike_repair": ("7231", (1, 0, 2, 1), 6),
    "phone_repair": ("7421", (1, 0, 1, 0), 4),
    "grocery": ("5221", (2, 1, 1, 1), 1),
    "food_stall": ("5212", (2, 1, 2, 2), 1),
    "barista": ("5132", (1, 0, 1, 0), 9),
    "waiter": ("5131", (1, 0, 1, 0), 9),
    "housekeeping": ("9112", (1, 0, 1, 0), 9),
    "construction_helper": ("9313", (2, 0, 4, 3), 0),
    "bricklaying": ("7112", (2, 0, 4, 3), 0),
    "welding": ("7212", (1, 0, 3, 1), 5),
    "electrician": ("7411", (1, 0, 3, 2), 5),
    "solar_installation": ("7411", (1, 0, 3, 2), 5),
    "aircon_repair": ("7127", (0, 0, 2, 1), 5),
    "irrigation_plumbing": ("7126", (1, 0, 3, 1), 3),
    "weaving_silk": ("7318", (1, 0, 1, 1), 6),
    "basketry": ("7317", (1, 1, 1, 1), 2),
    "wood_carving": ("7317", (1, 1, 1, 1), 2),
    "tuk_tuk": ("8321", (3, 0, 3, 2), 0),
}
# Words that are meant to exclude more than one family: "no farm work" means all of it.
SHARED_WORDS = {
    "farm",
    "farming",
    "farm work",
    "agriculture",
    "plantation",
    "កសិកម្ម",
    "កសិដ្ឋាន",
}


@pytest.fixture(scope="module")
def reference():
    return read_reference()


@pytest.fixture(scope="module")
def livelihoods(reference) -> pd.DataFrame:
    return reference.livelihoods.set_index("livelihood")


def test_there_are_at_least_44_livelihoods_in_all_families(reference, livelihoods):
    assert len(livelihoods) >= 44
    assert livelihoods.index.is_unique
    assert set(livelihoods["family"]) == set(reference.livelihood_families["family"])


@pytest.mark.parametrize("livelihood", FIELD_TABLE)
def test_field_table_is_kept_to_the_figure(livelihoods, livelihood):
    isco_code, sensitivities, months = FIELD_TABLE[livelihood]
    row = livelihoods.loc[livelihood]
    assert row["isco_code"] == isco_code
    assert tuple(row[HAZARDS].astype(int)) == sensitivities
    assert row["months_to_first_income"] == months


# US$ a month: a published monthly range is kept; a daily or seasonal one is converted, see `note`.
@pytest.mark.parametrize(
    ("livelihood", "low", "high"),
    [
        ("chickens", 125, 150),
        ("fish_frog_eel", 50, 150),
        ("rice", 307 / 12, 2 * 307 / 12),
        ("vegetables", 2 * 365 / 12, 3 * 365 / 12),
        ("cassava", 0.8 * 544 / 12, 544 / 12),
        ("mushroom", (250 - 100) / 3, 250 / 2),
        ("crop_labour", 5 * 10, 5 * 20),
        ("garment_factory", 227, 238),
        ("food_stall", 10 * 20, 10 * 26),
        ("motorbike_repair", 20_000 / 4_050 * 20, 20_000 / 4_050 * 26),
        ("construction_helper", 40_000 / 4_050 * 20, 40_000 / 4_050 * 24),
        ("bricklaying", 60_000 / 4_050 * 20, 80_000 / 4_050 * 24),
        ("tuk_tuk", 5 * 26, 600),
    ],
)
def test_income_is_the_source_figure_per_month(livelihoods, livelihood, low, high):
    row = livelihoods.loc[livelihood]
    assert row["income_low_usd"] == pytest.approx(low, abs=0.6)
    assert row["income_high_usd"] == pytest.approx(high, abs=0.6)
    assert row["note"]


def test_ranges_run_from_low_to_high(livelihoods):
    assert (livelihoods["startup_low_usd"] <= livelihoods["startup_high_usd"]).all()
    assert (livelihoods["income_low_usd"] <= livelihoods["income_high_usd"]).all()
    assert livelihoods["income_low_usd"].gt(0).all()
    assert livelihoods[HAZARDS].isin([0, 1, 2, 3, 4]).all(axis=None)


def test_no_livelihood_claims_more_than_its_weakest_figure(livelihoods):
    assert set(livelihoods["basis"]) == {"judgement"}
    assert livelihoods["source"].str.contains("ISCO-08").all()


def test_every_livelihood_can_be_excluded_by_an_english_and_a_khmer_word(livelihoods):
    for livelihood, words in livelihoods["keywords"].items():
        assert any(LATIN.search(word) for word in words), livelihood
        assert any(KHMER.search(word) for word in words), livelihood
        assert [word.lower() for word in words] == list(words), livelihood
        assert len(set(words)) == len(words), livelihood


@pytest.mark.parametrize(
    ("word", "livelihood"),
    [
        ("pig", "pigs"),
        ("swine", "pigs"),
        ("ជ្រូក", "pigs"),
        ("ចិញ្ចឹមជ្រូក", "pigs"),
        ("hairdresser", "hairdressing"),
        ("massage", "beauty"),
        ("កាត់ដេរ", "tailoring"),
        ("housekeeper", "housekeeping"),
        ("tuk-tuk", "tuk_tuk"),
        ("security guard", "security_guard"),
    ],
)
def test_spoken_word_names_its_livelihood(livelihoods, word, livelihood):
    assert word in livelihoods.loc[livelihood, "keywords"]


@pytest.mark.parametrize(
    ("word", "families"),
    [
        ("animal raising", {"livestock"}),
        ("livestock", {"livestock"}),
        ("factory", {"manufacturing"}),
        ("building", {"construction"}),
        ("farm", {"livestock", "aquaculture", "crops"}),
        ("រោងចក្រ", {"manufacturing"}),
        ("ចិញ្ចឹមសត្វ", {"livestock"}),
    ],
)
def test_spoken_word_names_its_families(reference, word, families):
    table = reference.livelihood_families
    named = table.loc[[word in words for words in table["keywords"]], "family"]
    assert set(named) == families


def test_no_word_belongs_to_two_families_unless_it_is_meant_to(reference):
    families = defaultdict(set)
    for table in (reference.livelihoods, reference.livelihood_families):
        for family, words in zip(table["family"], table["keywords"], strict=True):
            for word in words:
                families[word].add(family)
    assert {word for word, named in families.items() if len(named) > 1} == SHARED_WORDS


def test_no_word_belongs_to_two_livelihoods(livelihoods):
    words = livelihoods["keywords"].explode()
    assert words[words.duplicated()].empty


def test_factories_fall_under_the_factory_family_by_isco(reference, livelihoods):
    families = reference.livelihood_families.set_index("family")
    prefixes = families.loc["manufacturing", "isco_prefixes"]
    for livelihood in ("garment_factory", "footwear_factory", "electronics_factory"):
        code = livelihoods.loc[livelihood, "isco_code"]
        assert code.startswith(tuple(prefixes)), livelihood


def test_family_prefixes_are_isco_codes(reference):
    codes = set(reference.isco["code"])
    prefixes = reference.livelihood_families["isco_prefixes"].explode()
    assert set(prefixes) <= codes


def test_names_are_khmer_where_they_should_be(reference):
    for table in (reference.livelihoods, reference.livelihood_families, reference.adaptations):
        assert table["name_km"].str.contains(KHMER).all()
        assert table["name_en"].str.fullmatch(r"[\x20-\x7eé°²]+").all()


def test_adaptation_answers_a_hazard_its_livelihood_feels(reference, livelihoods):
    for row in reference.adaptations.itertuples():
        assert livelihoods.loc[row.livelihood, row.hazard] > 0, (row.livelihood, row.adaptation)
        assert 0 < row.credit <= 0.7
        assert row.cost_usd >= 0


def test_a_livelihood_has_at_most_four_adaptations(reference):
    assert reference.adaptations.groupby("livelihood").size().max() <= 4


def test_every_strong_sensitivity_of_a_home_based_livelihood_has_an_adaptation(reference):
    answered = set(
        zip(reference.adaptations["livelihood"], reference.adaptations["hazard"], strict=True)
    )
    home_based = reference.livelihoods.query("home_based == 1")
    for row in home_based.itertuples():
        for hazard in HAZARDS:
            if getattr(row, hazard) == 4:
                assert (row.livelihood, hazard) in answered, (row.livelihood, hazard)
