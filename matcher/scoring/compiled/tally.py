"""How many offers each gate refuses to a client, by reason: counted by class, not by pair."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.columns import UNKNOWN
from matcher.gates.age import ADULT_AGE
from matcher.offers import Offers
from matcher.profiles import Profiles
from matcher.safety import Verdict
from matcher.scoring.compiled.arrays import Fact, Ints
from matcher.scoring.compiled.folding import age_facts, age_limits, offer_facts
from matcher.vocabulary import SCHOOLING, SETTINGS

Counts = NDArray[np.int64]
WORDS = {name: 1 << bit for bit, name in enumerate(SETTINGS)}


class Tally(NamedTuple):
    """Offers counted by what each gate looks at; distinct rows with the number of each.

    Parameters
    ----------
    totals
        All offers, and those that some gate refuses to everybody, by name.
    reach_start, reach_place, reach_facts, reach_count
        Distinct sets of places with what matters of an offer there.
    meaning, ages, papers, levels, settings, starts, land
        Distinct values, and how many offers have them.
    """

    totals: dict[str, int]
    reach_start: Ints
    reach_place: Ints
    reach_facts: Ints
    reach_count: Counts
    meaning: Counts
    ages: tuple[NDArray[np.float64], Counts]
    papers: tuple[list[frozenset[str]], Counts]
    levels: Counts
    settings: tuple[NDArray[np.float64], Counts]
    starts: tuple[NDArray[np.float64], Counts]
    land: tuple[NDArray[np.float64], Counts]


def tally(offers: Offers, meaning: Ints, classes: int) -> Tally:
    """Count offers by what each gate looks at."""
    start, place, facts, count = _reach(offers)
    return Tally(
        _totals(offers),
        start,
        place,
        facts,
        count,
        np.bincount(meaning, minlength=classes),
        _distinct(*age_limits(offers), *age_facts(offers)),
        (
            [one or frozenset() for one in offers.required_documents],
            np.bincount(offers.document_set, minlength=len(offers.required_documents)),
        ),
        np.bincount(offers.schooling_level, minlength=len(SCHOOLING)),
        _distinct(*_setting_bits(offers)),
        _distinct(offers.start_usd),
        _distinct(offers.land_m2, offers.needs_water),
    )


def _totals(offers: Offers) -> dict[str, int]:
    market, verdict = offers.market, offers.screen.verdict
    nowhere = (~offers.home_based | offers.is_grant) & (offers.places[:, 0] < 0)
    no_work = (offers.livelihood < 0) & (offers.occupations[1] < 0)
    masks = {
        "unsafe": verdict == Verdict.BLOCK,
        "safety_review": verdict == Verdict.REVIEW,
        "place_unknown": nowhere,
        "closed": market.closes_on < market.as_of,
        "started": offers.is_training & (market.starts_on < market.as_of),
        "not_yet_posted": market.posted_on > market.as_of,
        "no_seats": market.seats == 0,
        "no_work": no_work,
        "reading": market.requires_reading == 1,
    }
    return {"all": len(offers)} | {name: int(np.sum(mask)) for name, mask in masks.items()}


def _distinct(*columns: NDArray[np.generic]) -> tuple[NDArray[np.float64], Counts]:
    """Distinct rows, of shape (classes, columns), and how many there are of each."""
    rows = np.stack([np.asarray(c, dtype=np.float64) for c in columns], axis=1)
    packed = np.ascontiguousarray(rows).view(f"V{8 * rows.shape[1]}").reshape(-1)
    _, first, counts = np.unique(packed, return_index=True, return_counts=True)
    return rows[first], counts


def _setting_bits(offers: Offers) -> tuple[Ints, Ints]:
    has, unclear = np.zeros(len(offers), dtype=np.int32), np.zeros(len(offers), dtype=np.int32)
    for name, bit in WORDS.items():
        has[offers.has_setting(name)] |= bit
        unclear[~offers.setting_is_known(name)] |= bit
    return has, unclear


def _reach(offers: Offers) -> tuple[Ints, Ints, Ints, Counts]:
    facts = offer_facts(offers) & int(Fact.AT_HOME | Fact.HOUSED | Fact.PLACE_UNTOLD)
    rows = np.ascontiguousarray(np.column_stack([facts, offers.places]).astype(np.int32))
    packed = rows.view(f"V{4 * rows.shape[1]}").reshape(-1)
    _, first, counts = np.unique(packed, return_index=True, return_counts=True)
    places = rows[first, 1:]
    kept = places >= 0
    kept[:, 0] = True
    start = np.zeros(len(first) + 1, dtype=np.int32)
    np.cumsum(kept.sum(axis=1), out=start[1:])
    return start, places[kept], rows[first, 0], counts


def refusals(
    told: Tally, profiles: Profiles, excluded: NDArray[np.int64], reach: NDArray[np.int64]
) -> dict[str, NDArray[np.int64]]:
    """Return the offers refused to each client by reason code, in the order of the gates.

    Parameters
    ----------
    told
        Offers by class.
    profiles
        Clients.
    excluded
        Offers that are, or may be, work that the client excludes, of shape (n,).
    reach
        Offers in an excluded area, maybe in one, too far, and outside the area, of shape (n, 4).
    """
    caseload, totals = profiles.caseload, told.totals
    everything, zero = totals["all"], np.zeros(len(profiles), dtype=np.int64)
    reads = totals["reading"]
    counted = {
        "consent_refused": (caseload.consent_to_match == 0) * everything,
        "consent_unknown": (caseload.consent_to_match == UNKNOWN) * everything,
        "unsafe": zero + totals["unsafe"],
        "safety_review": zero + totals["safety_review"],
        "area_excluded": reach[:, 0],
        "area_unclear": reach[:, 1],
        "areas_not_asked": ~profiles.areas_asked * everything,
        **_settings(told, profiles),
        "livelihood_excluded": excluded,
        "exclusion_unclear": profiles.unclear_exclusion * everything,
        "livelihood_unknown": profiles.excludes_work * totals["no_work"],
        "livelihoods_not_asked": ~profiles.livelihoods_asked * everything,
        **_ages(told, profiles),
        **_papers(told, profiles),
        "reading_required": (caseload.can_read == 0) * reads,
        "reading_unknown": (caseload.can_read == UNKNOWN) * reads,
        **_schooling(told, profiles),
        "too_far": reach[:, 2],
        "place_unknown": zero + totals["place_unknown"],
        "home_unknown": (profiles.home < 0) * everything,
        "outside_area": reach[:, 3],
        "closed": zero + totals["closed"],
        "started": zero + totals["started"],
        "not_yet_posted": zero + totals["not_yet_posted"],
        "no_seats": zero + totals["no_seats"],
        **_capital(told, profiles),
        **_land(told, profiles),
    }
    return {code: np.asarray(count) for code, count in counted.items()}


def _settings(told: Tally, profiles: Profiles) -> dict[str, Counts]:
    (rows, counts), everything = told.settings, told.totals["all"]
    avoided = [sum(WORDS[s] for s in words or ()) for words in profiles.caseload.avoid_settings]
    bits = np.array(avoided, dtype=np.int64)[:, None]
    has = (bits & rows[:, 0].astype(np.int64)) > 0
    unclear = (bits & rows[:, 1].astype(np.int64)) > 0
    return {
        "setting_avoided": has @ counts,
        "setting_unclear": (unclear & ~has) @ counts,
        "settings_not_asked": ~profiles.settings_asked * everything,
    }


def _ages(told: Tally, profiles: Profiles) -> dict[str, Counts]:
    (rows, counts), age = told.ages, profiles.caseload.age_years[:, None]
    lowest, highest, adults, untold = rows[:, 0], rows[:, 1], rows[:, 2] > 0, rows[:, 3] > 0
    minor, limited = age < ADULT_AGE, (lowest > 0) | ~np.isnan(highest)
    return {
        "too_young": ((age < lowest) | (minor & adults)) @ counts,
        "too_old": (age > highest) @ counts,
        "age_unknown": (np.isnan(age) & (limited | adults)) @ counts,
        "hazard_unknown": (minor & untold) @ counts,
    }


def _papers(told: Tally, profiles: Profiles) -> dict[str, Counts]:
    sets, counts = told.papers
    lacking = profiles.lacks_documents(sets) @ counts
    return {
        "document_missing": lacking * profiles.documents_known,
        "documents_unknown": lacking * ~profiles.documents_known,
    }


def _schooling(told: Tally, profiles: Profiles) -> dict[str, Counts]:
    reached = profiles.schooling_level
    above = np.append(told.levels[::-1].cumsum()[::-1], 0)
    known = reached >= 0
    return {
        "schooling_below": np.where(known, above[np.maximum(reached, 0) + 1], 0),
        "schooling_unknown": np.where(known, 0, above[1]),
    }


def _capital(told: Tally, profiles: Profiles) -> dict[str, Counts]:
    (rows, counts), own = told.starts, profiles.caseload.capital_usd[:, None]
    needed = rows[:, 0]
    return {
        "capital_gap": (needed > own) @ counts,
        "capital_unknown": ((np.isnan(own) & (needed > 0)) | np.isnan(needed)) @ counts,
    }


def _land(told: Tally, profiles: Profiles) -> dict[str, Counts]:
    (rows, counts), caseload = told.land, profiles.caseload
    land, water = caseload.land_m2[:, None], caseload.has_water[:, None]
    needed, thirsty = rows[:, 0], rows[:, 1] > 0
    return {
        "land_gap": (land < needed) @ counts,
        "land_unknown": (np.isnan(land) & (needed > 0)) @ counts,
        "water_gap": (thirsty & (water == 0)) @ counts,
        "water_unknown": (thirsty & (water == UNKNOWN)) @ counts,
    }
