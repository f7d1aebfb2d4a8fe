"""Livelihoods by any of their names: what a client excludes never comes back under another."""

import datetime as dt

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from matcher import Caseload, Market
from matcher.livelihoods import NOTHING, pattern_of, same_branch
from matcher.occupations import folded

AS_OF = dt.date(2026, 9, 1)


@pytest.fixture(scope="module")
def known(knowledge):
    return knowledge.livelihoods


@pytest.fixture(scope="module")
def everything(reference, make_offer):
    """Return a market that offers every livelihood in every way that it may be told."""
    records = []
    skills = reference.livelihood_skills.groupby("livelihood")["skill"].apply(list)
    for row in reference.livelihoods.itertuples():
        course = {"teaches": skills[row.livelihood], "course_months": 0.25}
        told = {"livelihood": row.livelihood, "isco_code": row.isco_code, "title": "Work"}
        code, name = row.livelihood, row.isco_code
        bare = {"livelihood": None, "title": "Work"}
        for tag, kind, changes in (
            ("by livelihood", "vacancy", told),
            ("course", "training", {**told, **course}),
            ("grant", "grant", {**told, "grant_usd": 5000}),
            ("by unit group", "vacancy", {**bare, "isco_code": name}),
            ("by minor group", "vacancy", {**bare, "isco_code": name[:3]}),
            ("by major group", "vacancy", {**bare, "isco_code": name[:1]}),
            ("by title", "vacancy", {**told, "livelihood": "data_entry", "title": row.name_en}),
            ("by Khmer title", "vacancy", {**bare, "isco_code": "0", "title_km": row.name_km}),
        ):
            records.append(make_offer(f"{code}|{tag}", kind, **changes))
    return Market.from_records(records, AS_OF)


@pytest.fixture(scope="module")
def offered(engine, everything, make_client):
    """Return, for each word that a client excludes, a mask of what may still be offered."""

    def may_be_offered(words):
        records = [
            make_client(client_id=f"{i}", excluded_livelihoods=[w]) for i, w in enumerate(words)
        ]
        return ~np.isnan(engine.score(Caseload.from_records(records), everything))

    return may_be_offered


def spellings(word):
    """Ways in which the same word may be written down."""
    return [
        word,
        word.upper(),
        word.title(),
        f"  {word} ",
        word.replace(" ", "-"),
        word.replace(" ", "_"),
        word.replace(" ", "  "),
        word if word.endswith("s") else word + "s",
    ]


def names_of(row):
    return [row.livelihood, row.name_en, row.name_km, *row.keywords]


def test_without_an_exclusion_all_of_it_may_be_offered(engine, everything, make_client):
    scores = engine.score(Caseload.from_records([make_client()]), everything)
    assert not np.isnan(scores).any()


def test_an_excluded_livelihood_is_gone_under_every_name_and_spelling(
    reference, offered, everything
):
    words, livelihoods = [], []
    for row in reference.livelihoods.itertuples():
        said = {s for name in names_of(row) for s in spellings(name)}
        words += sorted(said)
        livelihoods += [row.livelihood] * len(said)
    left = offered(words)
    ids = [name.split("|")[0] for name in everything.opportunity_id]
    for word, livelihood, mask in zip(words, livelihoods, left, strict=True):
        wrong = [
            str(everything.opportunity_id[i]) for i in np.flatnonzero(mask) if ids[i] == livelihood
        ]
        assert wrong == [], word


def test_an_exclusion_leaves_most_other_work(reference, offered):
    left = offered(list(reference.livelihoods["livelihood"]))
    assert left.mean(axis=1).min() > 0.5


def test_an_excluded_family_is_gone_by_its_name_and_its_words(reference, offered, everything):
    family = dict(
        zip(reference.livelihoods["livelihood"], reference.livelihoods["family"], strict=True)
    )
    groups = list(reference.livelihood_families.itertuples())
    words = [(g.family, w) for g in groups for w in [g.family, g.name_en, g.name_km, *g.keywords]]
    words = [(group, s) for group, word in words for s in spellings(word)]
    left = offered([word for _, word in words])
    ids = [name.split("|")[0] for name in everything.opportunity_id]
    for (group, word), mask in zip(words, left, strict=True):
        wrong = {ids[i] for i in np.flatnonzero(mask) if family[ids[i]] == group}
        assert wrong == set(), (group, word)


def test_an_excluded_occupation_group_is_gone_at_every_level(reference, offered, everything):
    codes = [str(code) for code in reference.isco["code"]]
    left = offered(codes)
    for code, mask in zip(codes, left, strict=True):
        for i in np.flatnonzero(mask):
            assert not everything.isco_code[i].startswith(code), code
            if everything.livelihood[i] is None:
                assert not same_branch(everything.isco_code[i], code), code


def test_an_excluded_occupation_is_gone_by_its_title(reference, offered, everything):
    titles = [str(title) for title in reference.isco["title_en"]]
    left = offered(titles)
    for code, title, mask in zip(reference.isco["code"], titles, left, strict=True):
        codes = {str(everything.isco_code[i]) for i in np.flatnonzero(mask)}
        assert not any(c.startswith(code) for c in codes), title


def test_no_step_of_a_slate_is_excluded_work(engine, reference, everything, make_client):
    words = list(reference.livelihoods["livelihood"])
    codes = list(reference.livelihoods["isco_code"])
    records = [
        make_client(client_id=word, excluded_livelihoods=[word.upper(), code])
        for word, code in zip(words, codes, strict=True)
    ]
    livelihood = dict(zip(everything.opportunity_id, everything.livelihood, strict=True))
    occupation = dict(zip(everything.opportunity_id, everything.isco_code, strict=True))
    slates = engine.suggest(Caseload.from_records(records), everything, k=8)
    assert any(s.kind == "pathway" for slate in slates for s in slate.suggestions)
    for word, code, slate in zip(words, codes, slates, strict=True):
        assert slate.suggestions
        for step in (step for s in slate.suggestions for step in s.steps):
            assert livelihood[step] != word
            assert not occupation[step].startswith(code)


@pytest.mark.parametrize(
    "words", ["qwxz", "???", "-", "the thing", "កខគឃង", "12345", "99", "6131", "of", "\u200b"]
)
def test_a_word_that_is_not_understood_keeps_everything_back(
    reasons, make_client, make_offer, words
):
    client = make_client(excluded_livelihoods=[words])
    for kind in ("vacancy", "training", "grant"):
        assert reasons(client, make_offer(kind=kind)) == {"exclusion_unclear"}


def test_one_word_not_understood_keeps_everything_back_beside_one_that_is(
    reasons, make_client, make_offer
):
    client = make_client(excluded_livelihoods=["pigs", "qwxz"])
    assert reasons(client, make_offer()) == {"exclusion_unclear"}


@given(words=st.text(min_size=1, max_size=12).filter(str.strip))
def test_any_words_are_understood_or_said_not_to_be(known, reasons, make_client, make_offer, words):
    client = make_client(excluded_livelihoods=[words])
    codes = reasons(client, make_offer())
    assert bool(known.meaning(words)) == ("exclusion_unclear" not in codes)


@pytest.mark.parametrize(
    ("words", "livelihood"),
    [
        ("chiken raising", "chickens"),  # misspelt
        ("motobike repair", "motorbike_repair"),
        ("raising pigs at home", "pigs"),  # within other words
        ("no pigs please", "pigs"),
        ("ការចិញ្ចឹមជ្រូក", "pigs"),
        ("Pig\u2013raising", "pigs"),  # a dash
        ("PIG   FARM", "pigs"),
    ],
)
def test_words_are_understood_as_people_say_them(known, words, livelihood):
    assert known.index(livelihood) in known.meaning(words).livelihoods


@pytest.mark.parametrize(
    ("words", "livelihood"), [("plasterers", "bricklaying"), ("chefs", "cook"), ("cook", "cook")]
)
def test_a_word_is_the_work_and_the_occupation_that_bears_its_plural(known, words, livelihood):
    meaning = known.meaning(words)
    assert known.index(livelihood) in meaning.livelihoods
    assert meaning.isco


def test_a_short_khmer_word_is_a_mention_where_it_stands_alone(known):
    row = known.index("carpentry")
    titles = ["ជាងឈើ", "ត្រូវការ ជាងឈើ ២នាក់", "ការជាងឈើរ"]
    assert known.mentions(titles)[:, row].tolist() == [True, True, False]


def test_a_title_that_names_several_kinds_of_work_is_each_of_them(reasons, make_client, make_offer):
    offer = make_offer(title="Shop helper; feeds pigs and chickens too")
    for word in ("shop_sales", "pigs", "chickens"):
        assert reasons(make_client(excluded_livelihoods=[word]), offer) == {"livelihood_excluded"}
    assert reasons(make_client(excluded_livelihoods=["bees"]), offer) == set()


def test_a_word_within_another_is_no_mention(known):
    row = known.index("pigs")
    assert known.mentions(["Pigment mixer", "Guinea-pig keeper"])[:, row].tolist() == [False, True]


@given(st.data())
def test_first_words_leave_out_no_mention(known, data):
    """Titles made of whole and broken names: each name looked for by itself says the same."""
    pieces = [word for word in known._spelt if " " not in word or len(word) < 20]
    parts = st.sampled_from(pieces) | st.sampled_from(["s", "x", " ", "-", "(", "ជា", "\n"])
    glue = data.draw(st.sampled_from([" ", "", "-", ", "]))
    title = glue.join(data.draw(st.lists(parts, min_size=1, max_size=6)))
    each = [pattern_of(said).search(folded(title)) is not None for said in known._said]
    assert known.mentions([title])[0].tolist() == each


def test_nothing_means_nothing(known):
    assert not NOTHING
    assert not known.meaning("")
    assert known.index(None) == -1
    assert known.index("no_such") == -1


def test_the_middle_of_an_income_range(known, reference):
    rows = np.array([known.index("chickens"), -1])
    row = reference.livelihoods.set_index("livelihood").loc["chickens"]
    expected = (row["income_low_usd"] + row["income_high_usd"]) / 2
    np.testing.assert_array_equal(known.middle_income(rows), [expected, np.nan])
