import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest

from data import demo

ROOT = Path(__file__).parents[3]
SMALL = {"clients": 60, "opportunities": 400}
DATES = ("posted_on", "closes_on", "starts_on", "vetted_until")


def test_the_same_seed_gives_the_same_world():
    assert demo.world(**SMALL, seed=3) == demo.world(**SMALL, seed=3)


def test_another_seed_gives_another_world():
    one, other = demo.world(**SMALL, seed=3), demo.world(**SMALL, seed=4)
    assert one.clients != other.clients
    assert one.opportunities != other.opportunities


@pytest.mark.parametrize("seed", [7, 11])
def test_asking_for_more_does_not_change_the_first(seed: int):
    few = demo.world(clients=61, opportunities=250, seed=seed)
    many = demo.world(clients=400, opportunities=900, seed=seed)
    assert many.clients[:61] == few.clients
    assert many.opportunities[:250] == few.opportunities
    assert many.employers[: len(few.employers)] == few.employers
    assert many.households[: len(few.households)] == few.households
    assert many.cohorts[: len(few.cohorts)] == few.cohorts


def test_clients_do_not_depend_on_opportunities():
    assert demo.world(30, 0).clients == demo.world(30, 100).clients
    assert demo.world(0, 100).opportunities == demo.world(30, 100).opportunities


def test_the_order_of_hashes_does_not_matter():
    code = (
        "import hashlib; from data import demo; w = demo.world(60, 300);"
        "print(hashlib.sha256(repr((w.clients, w.opportunities, w.cases)).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_a_later_day_only_moves_the_dates():
    days = dt.timedelta(days=40)
    now = demo.world(**SMALL, as_of=dt.date(2026, 9, 1))
    later = demo.world(**SMALL, as_of=dt.date(2026, 9, 1) + days)
    assert later.clients == now.clients
    moved = [
        record | {name: record[name] + days for name in DATES if record.get(name)}
        for record in now.opportunities
    ]
    assert list(later.opportunities) == moved
    assert later.cases == now.cases


def test_ids_say_what_they_are(world: demo.World):
    assert world.clients[122]["client_id"] == "C-000123"
    assert world.employers[41]["employer_id"] == "E-00042"
    assert {o["opportunity_id"][:2] + o["kind"] for o in world.opportunities} == {
        "V-vacancy",
        "T-training",
        "G-grant",
    }


@pytest.mark.parametrize("name", ["clients", "opportunities", "seed"])
def test_a_negative_number_is_refused(name: str):
    with pytest.raises(ValueError, match=f"{name}: expected .* got -1"):
        demo.world(**{**SMALL, name: -1})


def test_an_empty_world_is_a_world():
    empty = demo.world(clients=0, opportunities=0)
    assert empty.clients == empty.opportunities == empty.households == ()


def test_fifteen_came_home_from_malaysia_in_august(world: demo.World):
    ids = world.cohort("malaysia-august")
    group = next(g for g in world.cohorts if g["cohort"] == "malaysia-august")
    assert len(ids) == 15
    assert group["returned_on"].replace(day=1) == dt.date(2026, 8, 1)
    assert {c["sex"] for c in world.clients if c["client_id"] in ids} >= {"female", "male"}


def test_every_client_came_with_a_cohort_of_at_most_fifteen(world: demo.World):
    sizes = {g["cohort"]: len(world.cohort(g["cohort"])) for g in world.cohorts}
    assert sum(sizes.values()) == len(world.clients)
    assert list(sizes.values())[:-1] == [15] * (len(sizes) - 1)


def test_an_unknown_cohort_is_named(world: demo.World):
    with pytest.raises(LookupError, match="got 'atlantis-june'"):
        world.cohort("atlantis-june")


def test_clients_carry_their_household_and_offers_their_employer(world: demo.World):
    homes = {h["household_id"]: h for h in world.households}
    hosts = {e["employer_id"]: e for e in world.employers}
    assert all(c.items() >= homes[c["household_id"]].items() for c in world.clients)
    for offer in world.opportunities:
        host = hosts[offer["employer_id"]]
        for name in ("employer_name", "employer_vetted", "vetted_until", "harm_report_open"):
            assert offer[name] == host[name]
    assert len(homes) == len(world.households) < len(world.clients)


def test_the_engine_accepts_every_record(world: demo.World):
    matcher = pytest.importorskip("matcher")
    assert len(matcher.Caseload.from_records(world.clients)) == 2000
    assert len(matcher.Market.from_records(world.opportunities)) == 10000
