from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data import Reference, demo
from data.demo.marginals import marginals, rows

TOLERANCE = 0.035
"""Three standard errors of a share of one half among 2,000."""

Client = dict[str, Any]


def share(world: demo.World, holds: Callable[[Client], Any]) -> float:
    return sum(bool(holds(client)) for client in world.clients) / len(world.clients)


def test_every_number_names_its_source():
    for name in ("marginals.csv", "provinces.csv", "jobs.csv", "backgrounds.csv", "courses.csv"):
        assert rows(name)
    assert {row["basis"] for row in rows("marginals.csv")} == {"published", "recalled", "judgement"}


def test_a_number_without_a_source_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "numbers.csv").write_text("name,value,source,basis\na,1,,published\n")
    monkeypatch.setattr("data.demo.marginals.FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"numbers.csv, row 2: expected a source"):
        rows("numbers.csv")


@pytest.mark.parametrize("name", ["consent", "schooling", "transport", "age_band", "kind"])
def test_a_distribution_sums_to_one(name: str):
    assert sum(marginals().parts(name).values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("field", "group"),
    [("schooling", "schooling"), ("transport", "transport")],
)
def test_shares_follow_their_marginals(world: demo.World, field: str, group: str):
    known = [c[field] for c in world.clients if c[field] is not None]
    counts = Counter(known)
    for value, expected in marginals().parts(group).items():
        assert counts[value] / len(known) == pytest.approx(expected, abs=TOLERANCE)


def test_people_are_who_the_surveys_met(world: demo.World):
    homes, numbers = world.households, marginals()
    mean_size = sum(h["household_size"] for h in homes) / len(homes)
    assert mean_size == pytest.approx(numbers["mean_household_size"], abs=0.15)
    assert 0.75 < share(world, lambda c: c["can_read"]) / (1 - numbers["unasked"]) < 0.90
    assert 0.03 < share(world, lambda c: c["difficulties"]) < 0.12
    assert share(world, lambda c: c["has_phone"]) == pytest.approx(
        numbers["has_phone"] * (1 - numbers["unasked"]), abs=TOLERANCE
    )
    owing = numbers["has_debt"] * numbers["has_debt_client_factor"] * (1 - numbers["unasked"])
    assert share(world, lambda c: c["debt_usd"]) == pytest.approx(owing, abs=TOLERANCE)
    debts = sorted(c["debt_usd"] for c in world.clients if c["debt_usd"])
    assert debts[len(debts) // 2] == pytest.approx(numbers["debt_usd"], rel=0.15)


def test_women_are_the_larger_part_of_those_from_malaysia(world: demo.World):
    def women(origin: str) -> float:
        sexes = [c["sex"] for c in world.clients if c["cohort"].startswith(origin)]
        assert len(sexes) > 150
        return sexes.count("female") / len(sexes)

    assert women("malaysia") > women("thailand")


def test_provinces_on_the_thai_border_send_more_than_their_people(
    world: demo.World, reference: Reference
):
    people = dict(
        zip(reference.provinces["code"], reference.provinces["population_2019"], strict=True)
    )
    homes = Counter(c["home_place"][:2] for c in world.clients if c["home_place"])
    for code in ("01", "02", "22"):  # Banteay Meanchey, Battambang, Oddar Meanchey
        assert homes[code] / homes.total() > 1.3 * people[code] / sum(people.values())
    assert homes.keys() == people.keys()


def test_id_poor_households_follow_their_province(world: demo.World, reference: Reference):
    frame = reference.provinces.set_index("code")["idpoor_household_share"]
    placed = [h for h in world.households if h["home_place"]]
    expected = sum(frame[h["home_place"][:2]] for h in placed) * 1.5 / len(placed)
    poor = sum(h["idpoor"] != "none" for h in placed) / len(placed)
    assert poor == pytest.approx(expected, abs=TOLERANCE)


HARD_CLIENTS: dict[str, tuple[Callable[[Client], Any], float]] = {
    "no consent": (lambda c: c["consent_to_match"] is False, 0.02),
    "consent unknown": (lambda c: c["consent_to_match"] is None, 0.01),
    "under 18": (lambda c: c["age_years"] < 18, 0.01),
    "tiny skill set": (lambda c: len(c["skills"]) <= 1, 0.05),
    "no phone": (lambda c: c["has_phone"] is False, 0.05),
    "a difficulty": (lambda c: c["difficulties"], 0.03),
    "young children": (lambda c: c["children_under_6"], 0.2),
    "children and nobody at home": (
        lambda c: c["children_under_6"] and not c["childcare_at_home"],
        0.05,
    ),
    "debt": (lambda c: c["debt_usd"], 0.3),
    "no home place": (lambda c: c["home_place"] is None, 0.005),
    "home known by province alone": (lambda c: len(c["home_place"] or "1234") == 2, 0.01),
    "cannot read": (lambda c: c["can_read"] is False, 0.1),
    "excluded area": (lambda c: c["exclusion_areas"], 0.04),
    "avoided setting": (lambda c: c["avoid_settings"], 0.2),
    "nothing to exclude": (lambda c: c["excluded_livelihoods"] == [], 0.3),
    "exclusions not asked": (lambda c: c["excluded_livelihoods"] is None, 0.005),
    "no own money": (lambda c: c["capital_usd"] == 0, 0.3),
    "lives alone": (lambda c: c["household_size"] == 1, 0.02),
}


@pytest.mark.parametrize("case", HARD_CLIENTS)
def test_hard_clients_are_there(world: demo.World, case: str):
    holds, least = HARD_CLIENTS[case]
    assert least < share(world, holds) < 0.75


def test_exclusions_come_in_every_wording(world: demo.World, reference: Reference):
    table = reference.livelihoods
    said = {w for c in world.clients for w in c["excluded_livelihoods"] or ()}
    for column in ("livelihood", "name_en", "name_km", "isco_code"):
        assert len(said & set(table[column])) >= 5, column
    assert len(said & {word for words in table["keywords"] for word in words}) >= 5
    assert len(said & {code[:3] for code in table["isco_code"]}) >= 5


def test_exclusions_never_name_a_religion(world: demo.World):
    assert not any("relig" in key for client in world.clients for key in client)


def test_clients_speak_the_words_of_the_tables(world: demo.World, reference: Reference):
    skills, isco = set(reference.skills["skill"]), set(reference.isco["code"])
    places, livelihoods = set(reference.places["code"]), set(reference.livelihoods["livelihood"])
    documents, settings = (
        set(reference.documents["document"]),
        set(reference.settings["setting"]),
    )
    for client in world.clients:
        assert client["home_place"] is None or client["home_place"] in places
        assert set(client["exclusion_areas"] or ()) <= places
        assert set(client["skills"]) <= skills
        assert set(client["experience"]) <= isco
        assert set(client["documents"] or ()) <= documents
        assert set(client["avoid_settings"] or ()) <= settings
        assert set(client["household_livelihoods"]) <= livelihoods
        assert set(client["preferred_livelihoods"] or ()) <= livelihoods


def test_nobody_worked_before_fourteen(world: demo.World):
    for client in world.clients:
        assert sum(client["experience"].values()) <= max(client["age_years"] - 14, 0.5) + 0.3
