"""The gazetteer: what it finds, what it refuses, and the laws it keeps."""

import string
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import AmbiguousPlace, Gazetteer, PlaceNotFound, read_reference
from data.spelling import fold, is_vague, romanise

REFERENCE = read_reference()
GAZETTEER = Gazetteer(REFERENCE)
PLACES = REFERENCE.places
CODES = PLACES["code"].tolist()
PROVINCES = dict(zip(REFERENCE.provinces["code"], REFERENCE.provinces["name_en"], strict=True))
NAMED = Counter(key for key, codes in GAZETTEER._names.exact.items() for _ in codes)
UNIQUE = [
    (name, code)
    for code, *names in PLACES[["code", "name_en", "name_km"]].itertuples(index=False)
    for name in names
    if NAMED[fold(name)] == 1
]

found = GAZETTEER.resolve


class TestCodes:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("01", "01"),
            ("1", "01"),
            (" 12 ", "12"),
            ("701", "0701"),
            ("10201", "010201"),
            ("0102.0", "0102"),  # a spreadsheet made it a number
            ("102.0", "0102"),
            ("១៤០១", "1401"),  # Khmer digits
            ("KH-14", "14"),
            ("1020101", "01020101"),
        ],
    )
    def test_a_code_finds_its_place(self, text, code):
        assert found(text).code == code

    def test_a_commune_the_source_lacks_is_refused_with_its_district(self):
        with pytest.raises(PlaceNotFound) as refused:
            found("120913")
        assert [place.code for place in refused.value.near] == ["1209"]

    def test_a_village_of_that_commune_is_found(self):
        assert found("12091301").level == "village"

    def test_a_code_of_several_villages_names_them_all(self):
        codes = Counter(code for code, _ in GAZETTEER._villages.items())
        shared = [code for code in codes if len(GAZETTEER._villages[code]) > 1]
        assert shared
        assert " / " in found(shared[0]).name_en

    def test_a_code_of_another_level_or_place_is_refused(self):
        with pytest.raises(PlaceNotFound, match="Ba Phnum"):
            found("1401", level="commune")
        with pytest.raises(PlaceNotFound, match="Ba Phnum"):
            found("1401", within="15")


class TestNames:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("Preah Sihanouk", "18"),
            ("Kampong Som", "18"),
            ("Sihanoukville", "18"),
            ("Oddar Meanchey", "22"),
            ("Otdar Mean Chey", "22"),
            ("Ratanakiri", "16"),
            ("Rattanakiri", "16"),
            ("Ratanak Kiri", "16"),
            ("Mondul Kiri", "11"),
            ("Tbong Khmum", "25"),
            ("Tboung Khmum", "25"),
            ("Kompong Thom", "06"),
            ("Kg. Cham", "03"),
            ("Takéo", "21"),
            ("Kratié", "10"),
            ("Phnum Penh", "12"),
            ("Phnom Penh City", "12"),
            ("SIEM  REAP", "17"),
            ("Takhmao", "0811"),
            ("Poipet", "0110"),
            ("Krong Poipet", "0110"),
            ("Bavet", "2008"),
            ("Sisophon", "0106"),
            ("Kampot City", "0708"),
            ("Srok Koh Kong", "0903"),
            ("Koh Kong", "09"),
            ("Khan Sen Sok", "1208"),
            ("Kandal Steung", "0801"),
        ],
    )
    def test_spellings_met_in_postings(self, text, code):
        assert found(text).code == code

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("ភ្នំពេញ", "12"),
            ("រាជធានីភ្នំពេញ", "12"),
            ("ខេត្តកំពង់ចាម", "03"),
            ("កណ្តាល", "08"),  # with subscript TA
            ("កណ្ដាល", "08"),  # with subscript DA
            ("ឧត្តរមានជ័យ", "22"),
            ("ឧត្ដរមានជ័យ", "22"),
            ("ក្រុងតាខ្មៅ", "0811"),
            ("ខណ្ឌឬស្សីកែវ", "1207"),
            ("ព្រៃ\u200bវែង", "14"),  # a zero-width space breaks lines in Khmer text
        ],
    )
    def test_khmer_spellings(self, text, code):
        assert found(text).code == code

    def test_a_name_shared_with_smaller_places_means_the_province(self):
        assert found("Kampong Cham").code == "03"
        assert found("Kampong Cham", level="district").code == "0305"
        assert found("Prey Veng", within="14").code == "1410"

    def test_how_a_text_led_to_a_place_is_told(self):
        matches = [found(text).match for text in ("21", "Takev", "Koh Andet", "Battembang")]
        assert matches == ["code", "name", "name", "spelling"]


class TestAddresses:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("Samraong, Takeo", "2107"),
            ("Takeo, Samraong", "2107"),
            ("Samraong - Oddar Meanchey", "2204"),
            ("Khum Trea, Srok Samraong, Khaet Takeo", "210711"),
            ("Khum Trea Srok Samraong Khaet Takeo", "210711"),
            ("ឃុំអង្កាញ់ ស្រុកព្រៃកប្បាស ខេត្តតាកែវ", "210601"),
            ("Trea commune, Samraong district, Takeo province, Cambodia", "210711"),
            ("#12, St. 271, Sangkat Tuol Tumpung 1, Khan Chamkarmon, Phnom Penh", "120110"),
            ("Prey Veng, Prey Veng", "1410"),
            ("Phnom Penh, Phnom Penh", "12"),
        ],
    )
    def test_an_address_means_its_smallest_place(self, text, code):
        assert found(text).code == code

    def test_a_village_is_found_in_its_commune(self):
        place = found("Phum Ou Thum, Khum Banteay Neang, Srok Mongkol Borei")
        assert (place.code, place.level) == ("01020101", "village")

    def test_a_part_that_does_not_lie_in_the_next_is_refused(self):
        with pytest.raises(PlaceNotFound):
            found("Khum Trea, Srok Bati, Khaet Takeo")


class TestRefusals:
    @pytest.mark.parametrize(
        "text",
        ["Provinces", "Overseas", "~", "Nationwide", "", "  ", "N/A", "Cambodia", "គ្រប់ខេត្ត"],
    )
    def test_vague_words_name_no_place(self, text):
        with pytest.raises(PlaceNotFound) as refused:
            found(text)
        assert refused.value.vague

    def test_no_place_of_the_country_has_a_vague_name(self):
        names = [*PLACES["name_en"], *PLACES["name_km"], *REFERENCE.place_aliases["alias"]]
        assert not [name for name in names if is_vague(name)]

    def test_a_shared_name_is_refused_with_its_candidates(self):
        with pytest.raises(AmbiguousPlace) as refused:
            found("Samraong")
        assert {"2107", "2204"} <= {place.code for place in refused.value.candidates}

    def test_a_place_it_lies_in_narrows_a_shared_name(self):
        assert found("Samraong", within="22").code == "2204"
        assert found("Samraong", level="district", within="21").code == "2107"

    def test_a_far_misspelling_is_refused_with_near_places(self):
        with pytest.raises(PlaceNotFound) as refused:
            found("Siem Raaeb")
        assert "17" in {place.code for place in refused.value.near}
        assert not refused.value.vague

    def test_nothing_near_is_said_to_be_nothing(self):
        with pytest.raises(PlaceNotFound, match=r"^no place is named 'qqqqqqqq'$"):
            found("qqqqqqqq")

    def test_a_street_alone_is_no_place(self):
        with pytest.raises(PlaceNotFound):
            found("#12, Street 271")

    def test_a_wrong_level_or_scope_is_an_error_of_the_caller(self):
        with pytest.raises(ValueError, match="level must be one of"):
            found("Kep", level="state")
        with pytest.raises(ValueError, match="within must be the geocode"):
            found("Kep", within="99")


class TestLaws:
    @pytest.mark.parametrize("digits", [2, 4, 6])
    def test_a_code_that_lost_its_zero_finds_itself(self, digits):
        for code in (code for code in CODES if len(code) == digits):
            assert found(str(int(code))).code == code

    def test_every_name_finds_its_place_by_level_and_parent_or_is_refused(self):
        for row in PLACES.itertuples():
            answers = answers_to(row.name_en, level=row.level, within=row.parent or None)
            assert row.code in answers

    @given(st.sampled_from(UNIQUE), st.randoms(use_true_random=False))
    @settings(max_examples=300, deadline=None)
    def test_a_unique_name_finds_its_place_in_any_case_and_spacing(self, unique, random):
        name, code = unique
        typed = "".join(random.choice((sign.upper(), sign.lower())) for sign in name)
        if random.random() < 0.5:
            typed = f"  {typed.replace(' ', random.choice(('', '  ', '-')))} "
        assert found(typed).code == code

    @given(st.sampled_from(sorted(PROVINCES)), st.data())
    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_one_slip_in_a_province_is_mended_refused_or_is_another_name(self, code, data):
        typed = data.draw(slips(PROVINCES[code].lower()))
        try:
            place = found(typed)
        except LookupError:
            return
        if place.code != code:  # then what was typed is a name of the other place, no guess
            assert place.match in ("name", "romanisation")
            assert place.code in (
                *GAZETTEER._names.exact.get(fold(typed), ()),
                *GAZETTEER._names.romanised.get(romanise(typed), ()),
            )

    @given(st.text(max_size=40))
    @settings(max_examples=150, deadline=None)
    def test_any_text_finds_a_place_or_is_refused(self, text):
        assert {code[:2] for code in answers_to(text)} <= set(PROVINCES)


def answers_to(text: str, **narrowing: str | None) -> set[str]:
    """Return the place found, the candidates of a shared name, or nothing."""
    try:
        return {found(text, **narrowing).code}
    except AmbiguousPlace as refused:
        return {place.code for place in refused.candidates}
    except PlaceNotFound:
        return set()


@st.composite
def slips(draw: st.DrawFn, name: str) -> str:
    """Draw a name with one letter left out, put in, changed, or swapped with the next."""
    at = draw(st.integers(0, len(name) - 2))
    letter = draw(st.sampled_from(string.ascii_lowercase))
    return draw(
        st.sampled_from(
            [
                name[:at] + name[at + 1 :],
                name[:at] + letter + name[at:],
                name[:at] + letter + name[at + 1 :],
                name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            ]
        )
    )
