import json

import pytest

from data.exchange import ImportRefused, import_prism
from data.reference import read_reference


@pytest.fixture
def index(tmp_path):
    def write(values, name="flood-hazard-index.json"):
        rows = [{"commune": code, "flood_hazard_index": value} for code, value in values]
        path = tmp_path / name
        path.write_text(json.dumps({"DataList": rows}), encoding="utf-8")
        return path

    return write


def commune_levels(folder):
    hazards = read_reference(folder).hazards
    rows = hazards[hazards["place"].str.len() == 6]
    return dict(zip(rows["place"], rows["level"], strict=True))


def test_an_index_becomes_levels_of_known_communes(index, tmp_path, reference):
    path = index([("210101", 0), (210102, "3"), ("210103", 5.5), ("210104", 11), ("999999", 1)])
    done = import_prism(path, tmp_path / "out", reference)
    assert commune_levels(tmp_path / "out") == {
        "210101": 1,
        "210102": 2,
        "210103": 3,
        "210104": 4,
    }
    assert done.unknown_communes == ("999999",)
    assert done.provinces == ()


def test_a_dropped_zero_is_given_back_and_a_csv_read(tmp_path, reference):
    path = tmp_path / "flood.csv"
    path.write_text("commune,flood_hazard_index\n10201,២០\n", encoding="utf-8")
    import_prism(path, tmp_path / "out", reference)
    assert commune_levels(tmp_path / "out") == {"010201": 4}


def test_a_province_that_floods_beyond_the_index_is_raised(index, tmp_path, reference):
    places = reference.places
    codes = places.loc[(places["level"] == "commune") & (places["parent"].str[:2] == "02"), "code"]
    done = import_prism(index([(code, 0) for code in codes]), tmp_path / "out", reference)
    (province,) = done.provinces
    assert (province.province, province.level_by_share, province.raised_by) == ("02", 1, 2)
    assert set(commune_levels(tmp_path / "out").values()) == {3}


BAD = [("210101", 5), ("210101", 6), ("x", 1), ("210102", -1), ("210103", "much"), ("210104", None)]


def test_bad_values_are_named_and_nothing_written_unless_asked(index, tmp_path, reference):
    with pytest.raises(ImportRefused) as caught:
        import_prism(index(BAD), tmp_path / "out", reference)
    assert [p.row for p in caught.value.problems] == [2, 3, 4, 5, 6]
    assert not (tmp_path / "out").exists()
    done = import_prism(index(BAD), tmp_path / "out", reference, skip_bad=True)
    assert done.communes == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "DataList"),
        ("[1]", "DataList"),
        ("[]", "lacks flood_hazard_index"),
        ('[{"IndexValue": 1, "Adm3_text": "210101"}]', "socio-economic"),
        ('[{"flood_hazard_index": 1}]', "lacks a commune code"),
        ('[{"flood_hazard_index": 1, "commune": "999999"}]', "no commune code"),
        ("{", "not valid JSON"),
    ],
)
def test_other_files_are_refused(text, said, tmp_path, reference):
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(ImportRefused, match=said):
        import_prism(path, tmp_path / "out", reference)
    assert not (tmp_path / "out").exists()
