"""Phrases in postings: found in any spelling, quoted, and not where the posting denies them."""

import datetime as dt
import unicodedata

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given, settings

from matcher.market import Market
from matcher.safety import RULES, screen
from matcher.safety.text import Reading, fold, tidy
from matcher.safety.words import Words, trie_pattern

ENGLISH = [
    # text,                                                       flags that must be raised
    ("A recruitment fee applies", {"recruitment_fee"}),
    ("RECRUITMENT  FEES of 50 USD", {"recruitment_fee"}),
    ("recruitment-fee: 50 USD", {"recruitment_fee"}),
    ("We keep your passport safe", {"documents_kept"}),
    ("You must pay a deposit deducted from salary", {"deposit", "debt_worked_off"}),
    ("Live in maid wanted", {"domestic_work"}),
    ("You are not allowed to go out", {"movement_restricted"}),
    ("ត្រូវការ deposit ២០ដុល្លារ", {"deposit"}),
    # Part of another word is not the word.
    ("Work at the depository, predeposit team", set()),
    ("keep your passports", {"documents_kept"}),
    # Denied.
    ("No recruitment fee", set()),
    ("There is never any recruitment fee to pay", set()),
    ("We never keep your passport", set()),
    ("We don't keep your passport", set()),
    ("We don’t keep your passport", set()),
    ("Without deposit", set()),
    ("You do not need to pay a deposit", set()),
    ("Free of recruitment fees", set()),
    ("Deposit: none", set()),
    ("Deposit is not required", set()),
    ("Recruitment fees are strictly prohibited.", set()),
    ("Deposit: 0 USD. Good team", set()),
    # A denial of something else, or under a condition, denies nothing.
    ("No experience needed, deposit 50 USD", {"deposit"}),
    ("No experience. Deposit 50 USD", {"deposit"}),
    ("No experience\nDeposit 50 USD", {"deposit"}),
    ("If you do not pay a deposit you lose the place", {"deposit"}),
    ("You cannot start without deposit", {"deposit"}),
    ("Not only a deposit", {"deposit"}),
    ("Deposit: no refund", {"deposit"}),
    ("Deposit is not refundable", {"deposit"}),
    ("Deposit 0.5 USD a day", {"deposit"}),
    ("No recruitment fee. We keep your passport", {"documents_kept"}),
    ("No recruitment fee but a deposit", {"deposit"}),
]

KHMER = [
    ("ត្រូវបង់ប្រាក់កក់មុនធ្វើការ", {"deposit"}),
    ("ក្រុមហ៊ុនរក្សាទុកលិខិតឆ្លងដែនរបស់អ្នក", {"documents_kept"}),
    ("ក្រុមហ៊ុនរក្សា\u200bទុក\u200bលិខិត\u200bឆ្លងដែន", {"documents_kept"}),
    ("ទទួលអាយុចាប់ពី ១៤ ឆ្នាំ", {"under_age"}),
    ("ទទួលអាយុចាប់ពី14ឆ្នាំ", {"under_age"}),
    ("ជ្រើសរើសបុគ្គលិក ktv", {"alcohol_served"}),
    ("មិនឱ្យចេញក្រៅ", {"movement_restricted"}),
    ("មិនឲ្យចេញក្រៅ", {"movement_restricted"}),
    # Part of another cluster is not the word.
    ("ប្រាក់កក់ា", set()),
    # Denied.
    ("មិនយកប្រាក់កក់ទេ", set()),
    ("មិន\u200bយក\u200bប្រាក់កក់", set()),
    ("គ្មានប្រាក់កក់", set()),
    ("មិនតម្រូវឱ្យបង់ប្រាក់កក់ឡើយ", set()),
    ("យើងមិនដែលរក្សាទុកលិខិតឆ្លងដែនរបស់អ្នកទេ", set()),
    ("ប្រាក់កក់៖ គ្មាន។", set()),
    # A denial of something else, or under a condition, denies nothing.
    ("គ្មានបទពិសោធន៍ ត្រូវបង់ប្រាក់កក់", {"deposit"}),
    ("គ្មានថ្លៃសេវា។ ប្រាក់កក់ ២០ដុល្លារ", {"deposit"}),
    ("បើមិនបង់ប្រាក់កក់ មិនអាចធ្វើការបាន", {"deposit"}),
]


def _raised(codes, record):
    return {code.removeprefix("wording_") for code in codes(record) if "wording_" in code}


@pytest.mark.parametrize(("text", "flags"), ENGLISH + KHMER)
@pytest.mark.parametrize("field", ["title", "title_km", "description"])
def test_what_a_posting_names_and_does_not_deny_is_flagged(offer, codes, text, flags, field):
    assert _raised(codes, offer() | {field: text}) == flags


def test_words_alone_never_block(offer, judge):
    record = offer(description="Must pay a deposit. We keep your passport. Recruitment fee.")
    result = judge(record)
    assert {str(flag.action) for flag in result.flags("O-1")} == {"review"}
    assert result.verdict[0] == "review"


def test_a_flag_from_words_can_be_cleared(offer, judge):
    record = offer(description="Deposit", cleared_flags=["wording_deposit"])
    assert judge(record).verdict[0] == "clear"


def test_the_evidence_quotes_the_posting_as_written(offer, judge):
    text = "A good team with lunch. After one week you Must Pay a Deposit of 20 USD to the shop."
    (flag,) = judge(offer(title_km="ហាង", description=text)).flags("O-1")
    assert flag.field == "description"
    assert flag.evidence["words"] == "must pay a deposit"
    assert flag.evidence["quote"] == "… team with lunch. After one week you Must Pay a Deposit " + (
        "of 20 USD to the shop."
    )


def test_a_flag_from_words_points_to_the_indicator_of_its_rule(offer, judge):
    (flag,) = judge(offer(description="We keep your passport")).flags("O-1")
    assert flag.indicator == "retention of identity documents"


def test_words_hold_for_trainings_and_grants(offer, judge):
    result = judge(*(offer(k, kind=k, title="Deposit") for k in ("training", "grant")))
    assert result.verdict.tolist() == ["review", "review"]


def test_the_same_text_is_flagged_in_every_offer_that_has_it(offer, judge):
    other = offer("V-2", title="Deposit", description="Shop work")
    records = [offer("V-1", description="Shop work"), other, offer("V-3", title="Deposit")]
    assert judge(*records).verdict.tolist() == ["clear", "review", "review"]


def test_texts_do_not_run_into_each_other(offer, judge):
    records = [offer("V-1", title="We keep your"), offer("V-2", title="passport photo")]
    result = judge(*records, offer("V-3", title="no", description="deposit\x00 kept"))
    assert result.verdict.tolist() == ["clear", "clear", "review"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        # language that is not read; a word of nothing but space
        ({"word": "fee", "language": "fr", "flag": "x"}, "row 0, language: expected en or km"),
        ({"word": " \u200b", "language": "en", "flag": "x"}, "row 0, word: expected a word"),
    ],
)
def test_a_table_of_words_that_cannot_be_read_is_refused(row, message):
    with pytest.raises(ValueError, match=message):
        Words.from_frame(pd.DataFrame([row]))


def test_an_empty_table_reads_nothing(offer):
    table = pd.DataFrame(columns=["word", "language", "flag"])
    result = screen(Market.from_records([offer(title="Deposit")], dt.date(2026, 11, 23)), table)
    assert result.verdict[0] == "clear"


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet=st.characters(exclude_characters="\x00"), min_size=1))
def test_folding_keeps_the_place_of_words_that_it_can_quote(text):
    reading = Reading.of(text)
    assert fold(reading.folded) == reading.folded
    assert tidy(reading.shown) == tidy(tidy(text))
    quote = reading.quote(0, len(reading.shown))
    assert quote == " ".join(reading.shown.split())


@settings(max_examples=60, deadline=None)
@given(
    before=st.sampled_from(["", "Good shop. ", "ហាងល្អ ", "x" * 300 + ". "]),
    after=st.sampled_from(["", ". Lunch", " ២០ដុល្លារ", "!" * 300]),
    invisible=st.integers(0, 12),
)
def test_context_and_invisible_signs_never_hide_a_phrase(offer, judge, before, after, invisible):
    for phrase in ("We keep your passport", "ប្រាក់កក់"):
        hidden = phrase[:invisible] + "\u200b" + phrase[invisible:]
        for text in (hidden, unicodedata.normalize("NFD", hidden)):
            assert judge(offer(description=before + text + after)).verdict[0] == "review"


def test_a_trie_finds_the_longest_of_several():
    assert trie_pattern(["a", "ab", "abc d"], gap="-") == "a(?:b(?:c-d)?)?"


def test_the_codes_of_words_never_meet_those_of_rules():
    assert not any(rule.code.startswith("wording_") for rule in RULES)
