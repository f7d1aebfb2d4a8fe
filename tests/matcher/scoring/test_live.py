"""A market that changes under its readers: what they see is always one state of it."""

import random
import threading
from functools import cache
from types import SimpleNamespace

import pytest

from data.demo import world
from data.reference import read_reference
from matcher import Caseload, Engine, InvalidRecords, Market
from matcher.profiles import Profiles
from tests.matcher.scoring.worlds import OFFER, shuffled


@cache
def engines():
    reference = read_reference()
    return Engine(reference), Engine(reference, compiled=True)


def drawn(offers=400, seed=7):
    found = world(clients=30, opportunities=offers, seed=seed)
    return Caseload.from_records(found.clients), list(found.opportunities), found.as_of


def check_same_slates(caseload, live, records, as_of):
    plain, compiled = engines()
    market = Market.from_records(records, as_of)
    assert compiled.suggest(caseload, live) == plain.suggest(caseload, market)


def test_added_edited_and_closed_offers_stand_in_slates_as_if_folded_anew():
    _, compiled = engines()
    caseload, records, as_of = drawn()
    later, records = records[300:], records[:300]
    live = compiled.live(Market.from_records(records, as_of))
    check_same_slates(caseload, live, records, as_of)
    dice = random.Random(3)
    for step in range(40):
        added = [later.pop()] if later and step % 2 else []
        edited = []
        for one in dice.sample(records, 2):
            told = shuffled(one, OFFER, dice, ()) | {"livelihood": one.get("livelihood")}
            edited.append(told | {"monthly_wage_max_usd": None})
        names = {r["opportunity_id"] for r in edited}
        closed = dice.choice([r["opportunity_id"] for r in records
                              if r["opportunity_id"] not in names])  # fmt: skip
        live.patch(added, edited, [closed])
        kept = [r for r in records if r["opportunity_id"] not in names | {closed}]
        records = [*kept, *edited, *added]
        if step % 8 == 7:
            check_same_slates(caseload, live, records, as_of)


def test_a_report_of_harm_closes_every_offer_of_the_employer():
    _, compiled = engines()
    caseload, records, as_of = drawn()
    live = compiled.live(Market.from_records(records, as_of))
    hit = records[0] | {"harm_report_open": True}
    live.patch(edited=[hit])
    check_same_slates(caseload, live, [hit, *records[1:]], as_of)
    live.patch(edited=[records[0]])
    check_same_slates(caseload, live, records, as_of)


def test_an_offer_added_to_an_employer_with_a_report_of_harm_is_closed_too():
    """Whatever the patch: alone, with others, by an edit that moves an offer to that employer."""
    _, compiled = engines()
    caseload, records, as_of = drawn()
    records = [one | {"employer_id": f"E-{i % 40}"} for i, one in enumerate(records)]
    records[3] |= {"harm_report_open": True}
    later, records = records[300:], records[:300]
    live = compiled.live(Market.from_records(records, as_of))
    for one in (next(r for r in later if r["employer_id"] == "E-3"), later[5]):
        live.patch(added=[one])
        records.append(one)
        check_same_slates(caseload, live, records, as_of)
    moved = records[10] | {"employer_id": "E-3"}
    live.patch(edited=[moved])
    records[10] = moved
    check_same_slates(caseload, live, records, as_of)
    live.patch(closed=[records[3]["opportunity_id"]])
    check_same_slates(caseload, live, records[:3] + records[4:], as_of)


def test_who_keeps_an_earlier_snapshot_sees_the_market_as_it_was():
    _, compiled = engines()
    caseload, records, as_of = drawn()
    live = compiled.live(Market.from_records(records[:300], as_of))
    path = compiled._compiled
    profiles = [Profiles(caseload.take([row]), compiled.knowledge) for row in range(8)]
    kept, told = [], []
    for step in range(6):
        kept.append(live.snapshot)
        told.append([path.live_draft(one, live, 5, 1) for one in profiles])
        live.patch(
            added=[records[300 + step]],
            edited=[records[step] | {"seats": float(step % 2)}],
            closed=[one["opportunity_id"] for one in records[20 + step : 200 : 6]],
        )
    for snapshot, drafts in zip(kept, told, strict=True):
        then = SimpleNamespace(snapshot=snapshot)
        for one, draft in zip(profiles, drafts, strict=True):
            again = path.live_draft(one, then, 5, 1)
            assert again.chosen == draft.chosen
            assert again.refused == draft.refused


def test_ids_with_no_number_left_between_them_keep_their_order():
    """Offers alike in all but their ids, each new id between the last two: ties go by id."""
    _, compiled = engines()
    caseload, records, as_of = drawn(60)
    client, one = a_vacancy_that_suits(caseload, records, as_of)
    ends = [one | {"opportunity_id": name} for name in ("A", "Z")]
    live = compiled.live(Market.from_records(ends, as_of))
    names = ["M" * (1 + i) + "YB"[i % 2] for i in range(80)]
    added = [one | {"opportunity_id": name} for name in names]
    for record in added:
        live.patch(added=[record])
    check_same_slates(client, live, [*ends, *added], as_of)


def test_one_change_of_each_offer_in_a_patch():
    _, compiled = engines()
    _, records, as_of = drawn(20)
    live = compiled.live(Market.from_records(records, as_of))
    name = records[0]["opportunity_id"]
    for change in ({"closed": [name, name]}, {"edited": [records[0]], "closed": [name]}):
        with pytest.raises(LookupError, match="one change of each"):
            live.patch(**change)


def test_what_is_not_valid_changes_nothing():
    _, compiled = engines()
    _, records, as_of = drawn(20)
    live = compiled.live(Market.from_records(records, as_of))
    before = live.snapshot
    with pytest.raises(InvalidRecords):
        live.patch(added=[{"opportunity_id": "N-1", "kind": "gift", "title": "x"}])
    with pytest.raises(LookupError, match="N-9"):
        live.patch(closed=["N-9"])
    with pytest.raises(LookupError, match="which is there"):
        live.patch(added=[records[0]])
    assert live.snapshot is before


def a_vacancy_that_suits(caseload, records, as_of):
    """A client and the record of a vacancy that stands in her slate."""
    _, compiled = engines()
    by_id = {r["opportunity_id"]: r for r in records}
    for row, slate in enumerate(compiled.suggest(caseload, Market.from_records(records, as_of))):
        for told in slate.suggestions:
            if told.kind == "vacancy":
                return caseload.take([row]), by_id[told.opportunity_id]
    raise AssertionError("no client has a vacancy")


def test_hundreds_of_patches_under_four_readers_tear_no_answer():
    """Two offers always change their wage together; no slate may show two different wages."""
    _, compiled = engines()
    client, one = a_vacancy_that_suits(*drawn(300))
    one = one | {"monthly_wage_max_usd": None}
    twins = [one | {"opportunity_id": f"TWIN-{i}"} for i in range(2)]
    paid = [[t | {"monthly_wage_usd": 300.0 + n} for t in twins] for n in range(250)]
    live = compiled.live(Market.from_records(paid[0], drawn(300)[2]))
    done, torn, seen = threading.Event(), [], set()

    def read():
        while not done.is_set():
            (told,) = compiled.suggest(client, live)
            wages = [s.income_usd for s in told.suggestions]
            seen.update(wages)
            if len(wages) != 2 or len(set(wages)) != 1 or told.considered != 2:
                torn.append(wages)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for pair in paid:
        live.patch(edited=pair)
    done.set()
    for reader in readers:
        reader.join()
    assert torn == []
    assert len(seen) > 5


def test_a_market_that_has_no_room_left_is_folded_again_and_answers_as_if_folded_anew():
    """More offers than there is room for: those of unsafe offers take room but have no entry."""
    _, compiled = engines()
    caseload, records, as_of = drawn(6000)
    live = compiled.live(Market.from_records(records[:200], as_of))
    room = len(live.snapshot.compiled.stock.offer)
    for first in range(200, len(records), 1450):
        live.patch(
            added=records[first : first + 1450], closed=[records[first // 100]["opportunity_id"]]
        )
    closed = {records[first // 100]["opportunity_id"] for first in range(200, len(records), 1450)}
    assert room < len(records)
    assert len(live.snapshot.sources) < 5
    left = [one for one in records if one["opportunity_id"] not in closed]
    check_same_slates(caseload.take(range(5)), live, left, as_of)


def test_offers_are_counted_as_if_folded_anew():
    _, compiled = engines()
    _, records, as_of = drawn()
    live = compiled.live(Market.from_records(records[:200], as_of))
    live.patch(added=records[200:300])
    live.patch(
        edited=[one | {"seats": 0} for one in records[:20]], closed=[records[50]["opportunity_id"]]
    )
    left = [one | {"seats": 0} for one in records[:20]] + records[20:50] + records[51:300]
    anew = compiled.live(Market.from_records(left, as_of)).snapshot.compiled.tally
    now = live.snapshot.compiled.tally
    assert now.totals.tolist() == anew.totals.tolist()
    for name, counts in anew.counts.items():
        assert sorted(now.counts[name][now.counts[name] > 0]) == sorted(counts[counts > 0]), name
