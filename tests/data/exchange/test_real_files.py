"""The files of ../shared, where they are: counts seen on them stay as they are."""

from pathlib import Path

import pytest

from data.exchange import import_esco, import_prism, read_vacancies
from data.reference import read_reference

SHARED = Path(__file__).parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")


def test_every_camhr_posting_is_read(reference):
    found = read_vacancies(SHARED / "vacancies" / "camhr_2022.csv", "camhr", reference)
    notes = found.notes
    assert (len(found.accepted), notes.rows_read, found.problems) == (3402, 3402, ())
    assert len({record["opportunity_id"] for record in found.accepted}) == 3402
    assert notes.places_not_told == {"Provinces": 26, "Overseas": 3, "~": 2}
    assert notes.counts["no_wage"] == 2963
    assert notes.counts["gender_restricted"] == 237 + 125
    assert notes.counts["age_restricted"] == 270 + 46 + 3
    assert notes.counts["occupation_told"] > 1000
    assert any("13" in place for record in found.accepted for place in record.get("places", ()))


def test_esco_without_its_skills_file_is_read_and_what_is_missing_said(reference, tmp_path):
    done = import_esco(SHARED / "esco-1.2.0", tmp_path, reference)
    assert (done.occupations, done.unit_groups) == (3039, 426)
    assert done.skills > 13_000
    assert [missing.file for missing in done.missing] == [
        "skills_en.csv",
        "occupationSkillRelations_en.csv",
        "broaderRelationsSkillPillar_en.csv",
    ]
    assert len(read_reference(tmp_path).occupation_skills) == done.relations


def test_prism_levels_follow_the_published_province_levels(reference, tmp_path):
    done = import_prism(SHARED / "prism", tmp_path, reference)
    assert done.communes + len(done.unknown_communes) == 1633
    assert done.same_by_share >= 23
    assert [p.province for p in done.provinces if p.raised_by] == ["01", "02"]
    assert (read_reference(tmp_path).hazards["place"].str.len() == 6).sum() == done.communes
