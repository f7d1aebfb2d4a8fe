import datetime as dt

import pytest

from data.exchange import ImportRefused, read_oscar

AS_OF = dt.date(2026, 11, 23)
HEADER = [
    "Given Name (English)",
    "Family Name (Khmer)",
    "* Gender",
    "Date of Birth",
    "* Date of Referral",
    "Current Province",
    "Address - District/Khan",
    "Address - Commune/Sangkat",
    "Address - Village",
    "Is the Client Rated for ID Poor?",
]
PERSON = ["Secretname", "ឈ្មោះ", "Female", "2001-11-23", "", "Takeo", "", "", "", "Level 1"]


@pytest.fixture
def read(write_xlsx, reference):
    def read(rows, header=HEADER, **options):
        return read_oscar(write_xlsx([header, *rows]), reference, AS_OF, **options)

    return read


def test_a_client_is_read_without_the_name(read):
    found = read([PERSON])
    assert found.accepted == (
        {
            "client_id": "oscar-20261123-row-2",
            "sex": "female",
            "age_years": 25.0,
            "home_place": "21",
            "idpoor": "idpoor1",
        },
    )
    assert "Secretname" not in repr(found)
    assert found.notes.counts["consent_not_told"] == 1


def test_a_date_cell_of_birth_is_read_and_a_future_one_refused(read):
    row = [*PERSON[:3], dt.date(2000, 1, 1), *PERSON[4:]]
    assert read([row]).accepted[0]["age_years"] == pytest.approx(26.9, abs=0.05)
    row[3] = "2027-01-01"
    (one,) = read([row]).problems
    assert (one.row, one.column) == (2, "Date of Birth")


def test_places_are_resolved_inside_each_other(read, reference):
    communes = reference.places[reference.places["level"] == "commune"].set_index("code")
    code = "020102"
    district = reference.places.set_index("code").loc[code[:4], "name_en"]
    place = ["Battambang", district, communes.loc[code, "name_en"]]
    (record,) = read([[*PERSON[:5], *place, "", ""]]).accepted
    assert record["home_place"] == code


def test_a_commune_name_of_several_parents_is_ambiguous(read, reference):
    communes = reference.places[reference.places["level"] == "commune"]
    shared = communes["name_en"].value_counts().index[0]
    found = read([[*PERSON[:5], "", "", shared, "", ""]])
    (one,) = found.problems
    assert "fill in the larger place" in one.rule
    assert found.accepted == ()


def test_a_place_that_lies_elsewhere_is_a_problem(read):
    (one,) = read([[*PERSON[:5], "Takeo", "Svay Pao", "", "", ""]]).problems
    assert "a district in Takeo" in one.rule


def test_a_village_that_is_not_known_leaves_the_commune(read):
    found = read([[*PERSON[:5], "Takeo", "", "", "Qqqqqqqqq", ""]])
    assert found.accepted[0]["home_place"] == "21"
    assert found.notes.counts["village_not_told"] == 1


def test_khmer_and_english_names_in_one_cell_are_read(read):
    (record,) = read([[*PERSON[:5], "តាកែវ / Takeo", "", "", "", "no"]]).accepted
    assert (record["home_place"], record["idpoor"]) == ("21", "none")


def test_rated_poor_of_no_level_stays_unknown(read):
    assert "idpoor" not in read([[*PERSON[:9], "Yes"]]).accepted[0]


def test_ids_come_from_their_column_and_none_may_be_blank_or_repeated(read):
    rows = [["A-1", *PERSON], ["a-1", *PERSON], ["", *PERSON], ["B-2", *PERSON]]
    found = read(rows, header=["global_id", *HEADER], skip_bad=True)
    assert [record["client_id"] for record in found.accepted] == ["A-1", "B-2"]
    assert [(p.row, p.column) for p in found.problems] == [(3, "global_id"), (4, "global_id")]


@pytest.mark.parametrize(
    ("others", "services", "consent"),
    [("yes", "yes", True), ("yes", "no", False), ("yes", "", None), ("", "", None)],
)
def test_consent_is_read_from_primeros_columns(others, services, consent, read):
    header = [*HEADER, "disclosure_other_orgs", "consent_for_services"]
    (record,) = read([[*PERSON, others, services]], header=header).accepted
    assert record.get("consent_to_match") is consent


def test_one_consent_column_alone_does_not_make_a_yes(read):
    (record,) = read([[*PERSON, "yes"]], header=[*HEADER, "consent_for_services"]).accepted
    assert "consent_to_match" not in record


def test_a_file_without_any_known_column_is_refused(write_xlsx, reference):
    with pytest.raises(ImportRefused, match="none of the columns"):
        read_oscar(write_xlsx([["a", "b"], ["1", "2"]]), reference, AS_OF)
