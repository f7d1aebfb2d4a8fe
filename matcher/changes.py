"""What would help: things that can change, each tried by scoring the changed client again."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.caseload import Caseload
from matcher.columns import Floats
from matcher.offers import Offers
from matcher.scoring.explanation import Explainer
from matcher.scoring.scorecard import probability
from matcher.slate import Help

BETTER_BY = 0.02
"""Gain in probability over today's best offer from which an improvement is worth telling."""

MOST = 5
"""Helps that are told at most."""

COURSES = 12
"""Courses that are tried, the best suited first, one for each livelihood."""

VEHICLES = {"none": ("bicycle", "motorbike"), "bicycle": ("motorbike",)}
"""What a client with a vehicle could get next; who has a motorbike needs no other."""

ScoreRows = Callable[[Caseload, Offers], Floats]


@dataclass(frozen=True)
class Change:
    """One thing that can change.

    Parameters
    ----------
    change
        training, grant, document or transport.
    code
        Which one.
    record
        The client as she would be then.
    within
        Livelihood that it is for; -1 where it is for any.
    but
        Index of an offer that the change uses up; -1 where it uses none.
    """

    change: str
    code: str
    record: Mapping[str, Any]
    within: int = -1
    but: int = -1


def helps(
    client: Caseload, offers: Offers, scores: Floats, score_rows: ScoreRows, explainer: Explainer
) -> list[Help]:
    """Return what would help one client, the most useful first.

    Parameters
    ----------
    client
        A caseload of one.
    offers
        The market.
    scores
        Her scores as she is, of shape (m,); NaN where a gate forbids.
    score_rows
        Scores clients against the market.
    explainer
        Puts it in words.
    """
    changes = list(_changes(client.record(0), offers, scores))
    if not changes:
        return []
    changed = Caseload.from_records(
        {**change.record, "client_id": f"{row}"} for row, change in enumerate(changes)
    )
    after = score_rows(changed, offers)
    found = [
        _told(change, offers, scores, row, explainer)
        for change, row in zip(changes, after, strict=True)
    ]
    useful = [entry for entry in found if entry is not None]
    return sorted(useful, key=lambda h: (-h.after, h.change, h.code))[:MOST]


def _changes(record: Mapping[str, Any], offers: Offers, scores: Floats) -> Iterator[Change]:
    yield from _documents(record, offers)
    yield from _vehicles(record)
    yield from _courses(record, offers, scores)
    yield from _grants(record, offers, scores)


def _documents(record: Mapping[str, Any], offers: Offers) -> Iterator[Change]:
    held = record.get("documents")
    asked = {name for needed in offers.required_documents for name in needed or ()}
    for name in sorted(asked - set(held or ())) if held is not None else ():
        yield Change("document", name, {**record, "documents": [*(held or ()), name]})


def _vehicles(record: Mapping[str, Any]) -> Iterator[Change]:
    for vehicle in VEHICLES.get(str(record.get("transport")), ()):
        yield Change("transport", vehicle, {**record, "transport": vehicle})


def _courses(record: Mapping[str, Any], offers: Offers, scores: Floats) -> Iterator[Change]:
    held = record.get("skills")
    if held is None:
        return
    for offer in _best_of_each_livelihood(offers, scores, offers.is_training)[:COURSES]:
        taught = offers.market.teaches[offer] or ()
        skills = list(dict.fromkeys([*held, *taught]))
        code = str(offers.market.opportunity_id[offer])
        yield Change("training", code, {**record, "skills": skills}, but=offer)


def _grants(record: Mapping[str, Any], offers: Offers, scores: Floats) -> Iterator[Change]:
    own = record.get("capital_usd")
    if own is None:
        return
    for offer in _best_of_each_livelihood(offers, scores, offers.is_grant):
        amount = float(np.nan_to_num(offers.market.grant_usd[offer]))
        yield Change(
            "grant",
            str(offers.market.opportunity_id[offer]),
            {**record, "capital_usd": own + amount},
            within=int(offers.livelihood[offer]),
            but=offer,
        )


def _best_of_each_livelihood(offers: Offers, scores: Floats, kind: Any) -> list[int]:
    allowed = np.flatnonzero(kind & ~np.isnan(scores))
    order = np.lexsort((offers.id_order[allowed], -np.round(scores[allowed], 9)))
    best = {int(offers.livelihood[row]): int(row) for row in reversed(allowed[order])}
    return sorted(best.values(), key=lambda row: (-scores[row], offers.id_order[row]))


def _told(
    change: Change, offers: Offers, before: Floats, after: Floats, explainer: Explainer
) -> Help | None:
    """The best that a change opens or improves; None where it is not worth telling."""
    counted = np.ones(len(offers), dtype=bool)
    if change.within >= 0:
        counted &= offers.livelihood == change.within
    if change.but >= 0:
        counted[change.but] = False
    was, will = probability(before), probability(after)
    best_today = np.nanmax(was, initial=0.0)
    opened = counted & np.isnan(was) & ~np.isnan(will)
    gained = opened | (counted & (will >= best_today + BETTER_BY) & (will > was))
    if not gained.any():
        return None
    rows = np.flatnonzero(gained)
    best = int(rows[np.lexsort((offers.id_order[rows], -np.round(will[rows], 9)))[0]])
    known = None if np.isnan(was[best]) else float(was[best])
    return Help(
        change.change,
        change.code,
        _message(change, offers, best, int(opened.sum()), known, float(will[best]), explainer),
        str(offers.market.opportunity_id[best]),
        int(opened.sum()),
        known,
        float(will[best]),
    )


def _message(
    change: Change,
    offers: Offers,
    best: int,
    opens: int,
    before: float | None,
    after: float,
    explainer: Explainer,
) -> str:
    key = f"help.{change.change}.{'opens' if before is None else 'improves'}"
    facts: dict[str, object] = {"after": after, "before": before or 0.0, "opens": opens}
    facts |= {"best": explainer.title(offers, best), "what": _name(change, offers, explainer)}
    if change.change == "document":
        facts |= offers.knowledge.documents[change.code]
    return explainer.say(key, **facts)


def _name(change: Change, offers: Offers, explainer: Explainer) -> str:
    if change.but >= 0:
        return explainer.title(offers, change.but)
    if change.change == "document":
        return explainer.name_of("documents", change.code)
    return explainer.say(f"{change.change}.{change.code}")
