import csv

import pytest

from data.exchange.occupation import TITLE_WORDS, OccupationFinder


@pytest.fixture(scope="module")
def find(reference):
    return OccupationFinder(reference).find


@pytest.mark.parametrize(
    ("title", "isco_code", "livelihood"),
    [
        ("Accountant", "2411", None),
        ("SENIOR ACCOUNTANTS (02 Posts) URGENT", "2411", None),
        ("Accountant គណនេយ្យករ ( $200-$300 )", "2411", None),
        ("Sales Executive at a Leading Company in Phnom Penh", "3322", None),
        ("Secretary to Sales Manager", "4120", "office_clerk"),
        ("Driver-អ្នកបើកបរ", "8322", "driver"),
        ("អ្នករត់តុ ($180)", "5131", "waiter"),
        ("Welder", "7212", "welding"),
        ("Security", "5414", "security_guard"),
        ("Sewing machine operators", "8153", "garment_factory"),
    ],
)
def test_clear_titles_are_told(title, isco_code, livelihood, find):
    told = find(title)
    assert (told.isco_code, told.livelihood) == (isco_code, livelihood)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Team Leader",
        "Accountant Trainer",
        "Supervisor, Housekeeper",
        "Assistant Sales Manager",
        "Cook / Driver",
        "IT Security",
        "Sales Outdoor - Cashew Nut",
        "គ្រូពេទ្យ",
        "(Cook)",
    ],
)
def test_titles_that_do_not_tell_stay_unknown(title, find):
    assert find(title) is None


def test_the_reviewed_words_are_many_and_point_at_known_groups_and_livelihoods(reference):
    with TITLE_WORDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 120
    assert {row["isco_code"] for row in rows} <= set(reference.isco["code"])
    assert {row["livelihood"] for row in rows} - {""} <= set(reference.livelihoods["livelihood"])
    assert {row["basis"] for row in rows} == {"judgement"}
