import csv

import pytest

from data.exchange import ImportRefused, import_esco
from data.reference import read_reference

URI = "http://data.europa.eu/esco/skill/"
RELEASE = {
    "skills_en": [
        ["conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels"],
        [
            URI + "1",
            "skill/competence",
            "sector-specific",
            "handle poultry",
            "keep hens\nkeep; birds",
        ],
        [URI + "2", "knowledge", "cross-sector", "poultry health", ""],
        [URI + "3", "skill/competence", "transversal", "work in teams", ""],
    ],
    "skillGroups_en": [
        ["conceptUri", "preferredLabel", "code"],
        [URI + "g", "handling animals", "S6.9.1"],
        [URI + "k", "veterinary", "0841"],
    ],
    "broaderRelationsSkillPillar_en": [
        ["conceptUri", "broaderUri"],
        [URI + "1", URI + "g"],
        [URI + "2", URI + "between"],
        [URI + "between", URI + "k"],
        [URI + "3", URI + "3"],
    ],
    "occupations_en": [
        ["conceptUri", "iscoGroup", "preferredLabel"],
        ["o1", "6122", "poultry farmer"],
        ["o2", "6122", "hatchery worker"],
        ["o3", "6122", "egg grader"],
        ["o4", "110", "officer"],
    ],
    "occupationSkillRelations_en": [
        ["occupationUri", "relationType", "skillType", "skillUri"],
        ["o1", "essential", "", URI + "1"],
        ["o2", "essential", "", URI + "1"],
        ["o3", "essential", "", URI + "2"],
        ["o4", "optional", "", URI + "3"],
        ["o9", "essential", "", URI + "1"],
    ],
}
LABELS = [
    ["occupation_uri", "occupation_name", "isco_code", "skill", "rel"],
    ["o1", "poultry farmer", "6122", " handle poultry ", "essential"],
    ["o1", "poultry farmer", "6122", "count feathers", "optional"],
]


@pytest.fixture
def release(tmp_path):
    def write(files, name="release"):
        folder = tmp_path / name
        folder.mkdir()
        for stem, rows in files.items():
            with (folder / f"{stem}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        return folder

    return write


def test_an_official_release_is_read_whole(release, tmp_path, reference):
    done = import_esco(release(RELEASE), tmp_path / "out", reference)
    merged = read_reference(tmp_path / "out")
    skills = merged.skills.set_index("skill")
    hens = skills.loc["handle poultry"]
    assert (hens["group"], hens["branch"], hens["uri"]) == ("S6.9", "S6", URI + "1")
    assert {"keep hens", "keep", "birds"} <= set(hens["alt_labels"])
    assert skills.loc["poultry health", ["group", "branch", "skill_type"]].tolist() == [
        "084",
        "K",
        "knowledge",
    ]
    relations = {
        (row.isco_code, row.skill): row.relation for row in merged.occupation_skills.itertuples()
    }
    assert relations == {
        ("6122", "handle poultry"): "required",
        ("6122", "poultry health"): "useful",
        ("0110", "work in teams"): "useful",
    }
    assert done.skipped == {"relation to an unknown occupation or skill": 1}
    assert {missing.file for missing in done.missing} == {
        "skillsHierarchy_en.csv",
        "transversalSkillsCollection_en.csv",
        "greenSkillsCollection_en.csv",
    }


def test_khmer_names_stay_and_skills_that_esco_lacks_stay_where_a_livelihood_needs_them(
    release, tmp_path, reference
):
    done = import_esco(release(RELEASE), tmp_path / "out", reference)
    merged = read_reference(tmp_path / "out").skills.set_index("skill")
    before = reference.skills.set_index("skill")
    assert merged.loc["handle poultry", "name_km"] == before.loc["handle poultry", "name_km"]
    needed = set(reference.livelihood_skills["skill"])
    assert needed <= set(merged.index)
    assert set(done.built_in_kept) <= needed
    assert set(done.built_in_dropped) == set(before.index) - set(merged.index)


def test_relations_by_label_stand_in_and_what_is_missing_is_said(release, tmp_path, reference):
    folder = release({"occupation_skill_relations_labels": LABELS})
    done = import_esco(folder, tmp_path / "out", reference)
    merged = read_reference(tmp_path / "out").skills.set_index("skill")
    assert "count feathers" in merged.index
    assert merged.loc["count feathers", "basis"] == "judgement"
    assert done.built_in_dropped == ()
    assert {m.file for m in done.missing} >= {"skills_en.csv", "occupationSkillRelations_en.csv"}
    assert all(missing.cost for missing in done.missing)


def test_another_language_is_found_by_its_suffix(release, tmp_path, reference):
    folder = release({name.replace("_en", "_fr"): rows for name, rows in RELEASE.items()})
    assert import_esco(folder, tmp_path / "out", reference).language == "fr"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "none of ESCO's"),
        ({"skills_en": [["conceptUri", "skillType"], ["a", "b"]]}, "lacks the column"),
        ({"skillGroups_en": RELEASE["skillGroups_en"]}, "no skill in"),
        ({"skills_en": [*RELEASE["skills_en"], ["a", "b", "c", "d", "e", "f"]]}, "damaged"),
    ],
)
def test_a_folder_that_is_no_release_is_refused_and_nothing_written(
    files, said, release, tmp_path, reference
):
    out = tmp_path / "out"
    with pytest.raises(ImportRefused, match=said):
        import_esco(release(files), out, reference)
    assert not out.exists() or not any(out.iterdir())


def test_a_folder_that_is_not_there_or_not_writable_is_refused(release, tmp_path, reference):
    with pytest.raises(ImportRefused, match="expected a folder"):
        import_esco(tmp_path / "no", tmp_path / "out", reference)
    (tmp_path / "file").write_text("x")
    with pytest.raises(ImportRefused, match="cannot write"):
        import_esco(release(RELEASE), tmp_path / "file" / "out", reference)


def test_other_tables_in_the_folder_stay(release, tmp_path, reference):
    out = tmp_path / "out"
    out.mkdir()
    (out / "note.txt").write_text("mine")
    import_esco(release(RELEASE), out, reference)
    assert sorted(path.name for path in out.iterdir()) == [
        "note.txt",
        "occupation_skills.csv",
        "skills.csv",
    ]
