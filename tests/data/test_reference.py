"""The reference tables as shipped, the reader's refusals, and overlays."""

from pathlib import Path

import numpy as np
import pytest

from data import InvalidTable, Reference, read_reference
from data.reference import BUILT_IN
from data.schema import Column, Table
from data.table_reader import read_table
from data.tables import TABLES
from data.vocabulary import BASES, HAZARDS

SHAPE = Table(
    "tools",
    (
        Column("tool", pattern=r"[a-z]+"),
        Column("uses", "words", blank=True, choices=frozenset({"dig", "cut"})),
        Column("price_usd", "number", blank=True, low=0),
        Column("pieces", "integer", low=1, high=9),
        Column("sharp", "flag"),
    ),
    key=("tool",),
)
HEADER = "tool,uses,price_usd,pieces,sharp\n"


@pytest.fixture(scope="module")
def reference() -> Reference:
    return read_reference()


@pytest.fixture
def tools(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "tools.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def problems_of(path: Path) -> list[tuple[int | None, str | None, str | None]]:
    with pytest.raises(InvalidTable) as invalid:
        read_table(path, SHAPE)
    return [(p.row, p.column, p.value) for p in invalid.value.problems]


class TestShippedTables:
    def test_the_census_of_2019_is_complete(self, reference):
        assert reference.provinces["population_2019"].sum() == 15_552_211

    def test_places_are_25_provinces_210_districts_and_1661_communes(self, reference):
        counts = reference.places["level"].value_counts().to_dict()
        assert counts == {"province": 25, "district": 210, "commune": 1661}

    def test_every_place_but_a_province_lies_in_a_place(self, reference):
        places = reference.places
        assert set(places.loc[places["level"] != "province", "parent"]) <= set(places["code"])

    def test_nearly_every_district_has_coordinates_of_its_own(self, reference):
        districts = reference.places[reference.places["level"] == "district"]
        assert (districts["coordinates"] != "parent").sum() >= 205
        assert districts[["latitude", "longitude"]].notna().all(axis=None)

    def test_a_district_without_coordinates_takes_its_provinces_capital(self, reference):
        places = reference.places.set_index("code")
        marked = places[(places["level"] == "district") & (places["coordinates"] == "parent")]
        for code, row in marked.iterrows():
            capital = places.loc[code[:2]]
            assert (row["latitude"], row["longitude"]) == (
                capital["latitude"],
                capital["longitude"],
            )

    def test_a_district_lies_within_130_km_of_its_capital(self, reference):
        places = reference.places.set_index("code")
        districts = places[places["level"] == "district"]
        capitals = places.loc[[code[:2] for code in districts.index]]
        north = districts["latitude"].to_numpy() - capitals["latitude"].to_numpy()
        east = districts["longitude"].to_numpy() - capitals["longitude"].to_numpy()
        assert (111.2 * np.hypot(north, east * np.cos(np.radians(12.5)))).max() < 130

    def test_the_isco_tree_is_whole(self, reference):
        isco = reference.isco
        assert isco["level"].value_counts().to_dict() == {4: 436, 3: 130, 2: 43, 1: 10}
        assert {"0", "01", "011", "0110"} <= set(isco["code"])
        assert (isco["code"].str.len() == isco["level"]).all()
        assert (isco["code"].str[:-1] == isco["parent"]).all()

    def test_hazards_are_in_long_form(self, reference):
        hazards = reference.hazards
        assert len(hazards) == 25 * len(HAZARDS)
        drought = hazards[(hazards["place"] == "14") & (hazards["hazard"] == "drought")]
        assert drought[["level", "confidence"]].to_numpy().tolist() == [[4.0, "high"]]

    def test_raised_flood_levels_are_less_sure(self, reference):
        provinces = reference.provinces.set_index("name_en")
        raised = {"Battambang", "Banteay Meanchey", "Pursat"}
        medium = provinces.index[provinces["flood_confidence"] == "medium"]
        assert set(medium) == raised

    def test_wind_and_lightning_are_marked_weak(self, reference):
        provinces = reference.provinces
        assert (provinces[["wind_confidence", "lightning_confidence"]] == "low").all(axis=None)

    def test_correlations_make_a_matrix_that_can_be_one(self, reference):
        matrix = np.eye(len(HAZARDS))
        for row in reference.correlations.itertuples():
            i, j = HAZARDS.index(row.hazard_a), HAZARDS.index(row.hazard_b)
            matrix[i, j] = matrix[j, i] = row.correlation
        assert np.linalg.eigvalsh(matrix).min() > 0

    def test_garment_wages_run_from_2015_to_2026_and_never_fall(self, reference):
        wages = reference.minimum_wages.query("sector == 'garment'").set_index("year")
        assert list(wages.index) == list(range(2015, 2027))
        assert wages["monthly_usd"].is_monotonic_increasing
        assert wages.loc[2026, "monthly_usd"] == 210

    def test_start_up_costs_and_incomes_are_ranges(self, reference):
        livelihoods = reference.livelihoods
        assert (livelihoods["startup_low_usd"] <= livelihoods["startup_high_usd"]).all()
        assert (livelihoods["income_low_usd"] <= livelihoods["income_high_usd"]).all()

    @pytest.mark.parametrize("table", [t for t in TABLES if t.built_in], ids=lambda t: t.name)
    def test_every_row_tells_its_source(self, table):
        frame = read_table(BUILT_IN / table.file, table)
        if "basis" in frame:
            assert set(frame["basis"]) <= BASES
            assert frame["source"].str.len().min() > 2
        else:
            assert table.name == "phrases"

    def test_every_table_is_described_in_the_sources(self):
        text = (BUILT_IN.parent / "SOURCES.md").read_text(encoding="utf-8")
        missing = [table.file for table in TABLES if table.built_in and table.file not in text]
        assert not missing


class TestReadTable:
    def test_cells_become_values(self, tools):
        frame = read_table(tools(HEADER + "hoe,dig; cut,2.50,3,1\nrope,,,1,0\n"), SHAPE)
        assert frame["uses"].tolist() == [("dig", "cut"), ()]
        assert frame["price_usd"].iloc[0] == 2.5
        assert np.isnan(frame["price_usd"].iloc[1])
        assert frame["pieces"].tolist() == [3, 1]
        assert frame["sharp"].tolist() == [True, False]

    def test_columns_may_stand_in_any_order(self, tools):
        frame = read_table(tools("sharp,pieces,price_usd,uses,tool\n0,1,,,rope\n"), SHAPE)
        assert list(frame) == ["tool", "uses", "price_usd", "pieces", "sharp"]

    def test_a_byte_order_mark_is_not_part_of_the_header(self, tmp_path):
        path = tmp_path / "tools.csv"
        path.write_text(HEADER + "hoe,,,1,0\n", encoding="utf-8-sig")
        assert read_table(path, SHAPE)["tool"].tolist() == ["hoe"]

    def test_every_bad_cell_is_reported_at_once(self, tools):
        rows = "Hoe,dig;eat,-1,3,1\n,,nan,ten,yes\nhoe,,,10,0\n"
        assert sorted(problems_of(tools(HEADER + rows)), key=str) == sorted(
            [
                (2, "tool", "Hoe"),
                (2, "uses", "dig;eat"),
                (2, "price_usd", "-1"),
                (3, "tool", ""),
                (3, "price_usd", "nan"),
                (3, "pieces", "ten"),
                (3, "sharp", "yes"),
                (4, "pieces", "10"),
            ],
            key=str,
        )

    def test_a_repeated_key_names_the_first_row(self, tools):
        with pytest.raises(InvalidTable, match="stands in row 2 already"):
            read_table(tools(HEADER + "hoe,,,1,0\nhoe,,,2,0\n"), SHAPE)

    @pytest.mark.parametrize(
        ("header", "column", "value"),
        [
            ("tool,uses,price_usd,pieces\n", "sharp", None),
            ("tool,uses,price_usd,pieces,sharp,colour\n", None, "colour"),
            ("tool,uses,price_usd,pieces,sharp,tool\n", "tool", "tool"),
        ],
    )
    def test_a_wrong_header_is_refused(self, tools, header, column, value):
        assert problems_of(tools(header)) == [(1, column, value)]

    def test_a_row_of_another_width_is_refused(self, tools):
        assert problems_of(tools(HEADER + "hoe,,1,0\n")) == [(2, None, "4")]

    def test_an_empty_file_is_refused(self, tools):
        assert problems_of(tools("")) == [(None, None, None)]

    def test_another_encoding_is_refused(self, tmp_path):
        path = tmp_path / "tools.csv"
        path.write_bytes((HEADER + "hoe,,,1,0\n").encode("utf-16"))
        with pytest.raises(InvalidTable, match="UTF-8"):
            read_table(path, SHAPE)

    def test_a_file_that_is_not_there_is_refused(self, tmp_path):
        with pytest.raises(InvalidTable, match="the file to exist"):
            read_table(tmp_path / "tools.csv", SHAPE)

    def test_a_message_shows_the_first_twenty_and_counts_the_rest(self, tools):
        with pytest.raises(InvalidTable, match="and 5 more") as invalid:
            read_table(tools(HEADER + "".join(f"T{n},,,1,0\n" for n in range(25))), SHAPE)
        assert len(invalid.value.problems) == 25


class TestOverlay:
    def test_a_table_in_the_folder_replaces_the_built_in_one(self, tmp_path):
        header = "year,sector,monthly_usd,source,basis\n"
        (tmp_path / "minimum_wages.csv").write_text(
            header + "2027,garment,215,prakas,recalled\n", encoding="utf-8"
        )
        reference = read_reference(tmp_path)
        assert reference.minimum_wages["year"].tolist() == [2027]
        assert len(reference.provinces) == 25

    def test_commune_hazards_are_added_to_those_of_provinces(self, tmp_path):
        (tmp_path / "hazards_communes.csv").write_text(
            "place,hazard,level,confidence,source,basis\n140101,flood,3.5,high,PRISM,published\n",
            encoding="utf-8",
        )
        hazards = read_reference(tmp_path).hazards
        assert hazards.iloc[-1][["place", "hazard", "level"]].tolist() == ["140101", "flood", 3.5]
        assert len(hazards) == 25 * len(HAZARDS) + 1

    def test_a_link_to_a_row_that_is_not_there_is_refused(self, tmp_path):
        (tmp_path / "hazards_communes.csv").write_text(
            "place,hazard,level,confidence,source,basis\n120913,flood,3,high,PRISM,published\n",
            encoding="utf-8",
        )
        with pytest.raises(InvalidTable) as invalid:
            read_reference(tmp_path)
        (problem,) = invalid.value.problems
        assert (problem.file, problem.row, problem.column, problem.value, problem.rule) == (
            "hazards_communes.csv",
            2,
            "place",
            "120913",
            "a code of places.csv",
        )

    def test_problems_of_several_files_come_together(self, tmp_path):
        for name in ("documents.csv", "settings.csv"):
            (tmp_path / name).write_text("nothing\n", encoding="utf-8")
        with pytest.raises(InvalidTable) as invalid:
            read_reference(tmp_path)
        assert {p.file for p in invalid.value.problems} == {"documents.csv", "settings.csv"}

    def test_a_province_left_out_is_refused(self, tmp_path):
        lines = (BUILT_IN / "provinces.csv").read_text(encoding="utf-8").splitlines()
        (tmp_path / "provinces.csv").write_text("\n".join(lines[:-1]), encoding="utf-8")
        with pytest.raises(InvalidTable, match="'25'"):
            read_reference(tmp_path)

    def test_a_folder_that_is_not_there_is_refused(self, tmp_path):
        with pytest.raises(NotADirectoryError, match="no folder of reference tables"):
            read_reference(tmp_path / "nowhere")
