"""The skill tables and the words of the vacancy screen."""

import re
from pathlib import Path

import pandas as pd
import pytest

from data import read_reference

ESCO = Path(__file__).parents[2] / "../shared/data/esco-1.2.0"
KHMER = re.compile(r"[\u1780-\u17ff]")
FLAGS = {
    "recruitment_fee",
    "documents_kept",
    "deposit",
    "debt_worked_off",
    "movement_restricted",
    "isolation",
    "wages_withheld",
    "compulsory_overtime",
    "cross_border",
    "via_broker",
    "guarded_compound",
    "brick_kiln",
    "distant_water_fishing",
    "domestic_work",
    "live_in",
    "gambling_online",
    "alcohol_served",
    "under_age",
}


@pytest.fixture(scope="module")
def reference():
    return read_reference()


@pytest.fixture(scope="module")
def skills(reference) -> pd.DataFrame:
    return reference.skills.set_index("skill")


@pytest.fixture(scope="module")
def esco_labels() -> set[str]:
    if not ESCO.exists():
        pytest.skip("the ESCO release is not beside the repository")
    files = {
        "occupation_skill_relations_labels.csv": "skill",
        "transversalSkillsCollection_en.csv": "preferredLabel",
        "greenSkillsCollection_en.csv": "preferredLabel",
    }
    columns = (
        pd.read_csv(ESCO / name, usecols=[column], dtype=str)[column]
        for name, column in files.items()
    )
    return {label.strip() for column in columns for label in column.dropna()}


def phrases_found(table: pd.DataFrame, text: str) -> set[str]:
    """Flags whose English phrase stands as whole words in the text, or Khmer phrase anywhere."""
    lowered = text.lower()
    return {
        row.flag
        for row in table.itertuples()
        if re.search(
            rf"(?<!\w){re.escape(row.word.lower())}(?!\w)"
            if row.language == "en"
            else re.escape(row.word),
            lowered if row.language == "en" else text,
        )
    }


def test_there_are_at_least_280_skills_and_150_are_asked_at_intake_in_khmer(skills):
    assert len(skills) >= 280
    at_intake = skills.query("at_intake == 1")
    assert len(at_intake) >= 150
    assert at_intake["name_km"].str.contains(KHMER).all()
    assert at_intake["name_km"].is_unique


def test_every_skill_is_an_esco_preferred_label(skills, esco_labels):
    not_languages = skills.query("skill_type != 'language'")
    assert set(not_languages.index) - esco_labels == set()


def test_languages_carry_their_esco_uri(skills):
    languages = skills.query("skill_type == 'language'")
    assert {"English", "Malay", "Chinese", "Vietnamese"} <= set(languages.index)
    assert languages["uri"].str.startswith("http://data.europa.eu/esco/skill/").all()
    assert set(languages["group"]) == {"L1"}


def test_branch_is_the_first_level_of_the_group(skills):
    for skill, row in skills.iterrows():
        group = row["group"]
        first = group.split(".")[0] if group[0] in "STL" else group[:2]
        assert row["branch"] == first, skill


def test_groups_are_codes_of_the_esco_hierarchy(skills):
    if not ESCO.exists():
        pytest.skip("the ESCO release is not beside the repository")
    hierarchy = pd.read_csv(ESCO / "skillsHierarchy_en.csv", dtype=str)
    codes = set(hierarchy["Level 1 code"].dropna()) | set(hierarchy["Level 2 code"].dropna())
    assert set(skills["group"]) <= codes


def test_a_published_group_comes_with_the_uri_it_was_read_from(skills):
    assert skills.query("basis == 'published'")["uri"].ne("").all()


def test_other_words_name_one_skill_only(skills):
    words = skills["alt_labels"].explode().dropna()
    words = words[words != ""]
    assert words[words.duplicated()].empty
    others = {skill.lower(): skill for skill in skills.index}
    for skill, word in words.items():
        assert others.get(word.lower(), skill) == skill, word


@pytest.mark.parametrize(
    ("word", "skill"),
    [
        ("sewing machine", "operate garment manufacturing machines"),
        ("welding", "operate welding equipment"),
        ("cooking", "use cooking techniques"),
        ("babysitting", "supervise children"),
        ("bahasa melayu", "Malay"),
        ("thai", "speak different languages"),
        ("rice farming", "manage crop production"),
        ("construction work", "work in a construction team"),
        ("fishing", "operate fishing equipment"),
    ],
)
def test_an_officers_word_names_its_skill(skills, word, skill):
    assert word in skills.loc[skill, "alt_labels"]


def test_every_livelihood_takes_three_to_eight_skills_and_two_to_eight_help(reference):
    counts = reference.livelihood_skills.groupby(["livelihood", "relation"]).size().unstack()
    assert set(counts.index) == set(reference.livelihoods["livelihood"])
    assert counts["required"].between(3, 8).all()
    assert counts["useful"].between(2, 8).all()


def test_a_livelihood_names_a_skill_once(reference):
    assert not reference.livelihood_skills.duplicated(["livelihood", "skill"]).any()


def test_a_skill_asked_at_intake_is_required_by_every_livelihood(reference, skills):
    required = reference.livelihood_skills.query("relation == 'required'")
    named = required["skill"].map(skills["at_intake"]).groupby(required["livelihood"]).sum()
    assert named.ge(1).all()


def test_screen_words_cover_every_flag_in_both_languages(reference):
    table = reference.screen_words
    assert len(table) >= 120
    assert table["word"].is_unique
    assert set(table["flag"]) == FLAGS
    for language in ("en", "km"):
        assert set(table.loc[table["language"] == language, "flag"]) == FLAGS
    khmer = table.query("language == 'km'")["word"]
    assert len(khmer) >= 60
    assert khmer.str.contains(KHMER).all()
    assert not table.query("language == 'en'")["word"].str.contains(KHMER).any()


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Your passport will be kept by the company", "documents_kept"),
        ("ID card will be kept in the office", "documents_kept"),
        ("A recruitment fee applies.", "recruitment_fee"),
        ("The deposit will be deducted in two parts", "deposit"),
        ("Casino customer service, good pay", "gambling_online"),
        ("HIGH SALARY NO EXPERIENCE NEEDED", "gambling_online"),
        ("Online typist wanted", "gambling_online"),
        ("Karaoke staff", "alcohol_served"),
        ("Overtime is compulsory in season", "compulsory_overtime"),
        ("Worker for brick kiln", "brick_kiln"),
        ("Crew for deep-sea fishing", "distant_water_fishing"),
        ("ត្រូវការកម្មករឡឥដ្ឋ", "brick_kiln"),
        ("ត្រូវការអ្នកបម្រើក្នុងផ្ទះ", "domestic_work"),
        ("ធ្វើការនៅប្រទេសថៃ", "cross_border"),
        ("ត្រូវដាក់ប្រាក់កក់ ៥០ ដុល្លារ", "deposit"),
    ],
)
def test_a_hint_is_found(reference, text, flag):
    assert flag in phrases_found(reference.screen_words, text)


@pytest.mark.parametrize(
    "text",
    [
        "Bring a copy of your passport or ID card to the interview",
        "No fee is charged. The service is free of charge.",
        "There is no recruitment fee; the employer pays all costs",
        "No deposit required",
        "Training is free and the uniform is provided",
        "Overtime is voluntary and paid at 150 %",
        "Office hours 8 a.m. to 5 p.m., Monday to Friday, 48 hours a week at most",
        "The company keeps your data confidential",
        "Customer service officer at a bank, salary 250 to 300 dollars",
        "Accountant for a factory in Kampong Speu",
        "Cleaner for a school, no experience needed",
        "We export rice to Malaysia and Thailand",
        "Insurance broker company seeks a receptionist",
        "Fish farm worker in Takeo",
        "Applicants must be 18 years or older",
        "Housekeeping staff for a hotel",
        "រើសបុគ្គលិកសម្អាតបន្ទប់សណ្ឋាគារ",
        "មិនគិតថ្លៃសេវា",
        "សូមយកអត្តសញ្ញាណប័ណ្ណមកពេលសម្ភាសន៍",
        "ជាងរៀបឥដ្ឋនៅតាកែវ",
        "បុគ្គលិកលក់នៅហាងសម្លៀកបំពាក់",
        "ទទួលកម្មករអាយុចាប់ពី ១៨ ឆ្នាំ",
    ],
)
def test_harmless_text_is_left_alone(reference, text):
    assert phrases_found(reference.screen_words, text) == set()
