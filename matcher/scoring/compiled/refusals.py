"""How many offers each gate refuses to a client, by reason: from offers counted by class."""

import numpy as np
from numpy.typing import NDArray

from matcher.columns import UNKNOWN
from matcher.gates.age import ADULT_AGE
from matcher.profiles import Profiles
from matcher.scoring.compiled.tally import WORDS, Counts, Tally


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
    rows, counts, everything = told.settings, told.counts["settings"], told.totals["all"]
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
    rows, counts, age = told.ages, told.counts["ages"], profiles.caseload.age_years[:, None]
    lowest, highest, adults, untold = rows[:, 0], rows[:, 1], rows[:, 2] > 0, rows[:, 3] > 0
    minor, limited = age < ADULT_AGE, (lowest > 0) | ~np.isnan(highest)
    return {
        "too_young": ((age < lowest) | (minor & adults)) @ counts,
        "too_old": (age > highest) @ counts,
        "age_unknown": (np.isnan(age) & (limited | adults)) @ counts,
        "hazard_unknown": (minor & untold) @ counts,
    }


def _papers(told: Tally, profiles: Profiles) -> dict[str, Counts]:
    counts = told.counts["papers"]
    lacking = profiles.lacks_documents(told.papers) @ counts
    return {
        "document_missing": lacking * profiles.documents_known,
        "documents_unknown": lacking * ~profiles.documents_known,
    }


def _schooling(told: Tally, profiles: Profiles) -> dict[str, Counts]:
    reached = profiles.schooling_level
    above = np.append(told.counts["levels"][::-1].cumsum()[::-1], 0)
    known = reached >= 0
    return {
        "schooling_below": np.where(known, above[np.maximum(reached, 0) + 1], 0),
        "schooling_unknown": np.where(known, 0, above[1]),
    }


def _capital(told: Tally, profiles: Profiles) -> dict[str, Counts]:
    rows, counts, own = told.starts, told.counts["starts"], profiles.caseload.capital_usd[:, None]
    needed = rows[:, 0]
    return {
        "capital_gap": (needed > own) @ counts,
        "capital_unknown": ((np.isnan(own) & (needed > 0)) | np.isnan(needed)) @ counts,
    }


def _land(told: Tally, profiles: Profiles) -> dict[str, Counts]:
    rows, counts, caseload = told.land, told.counts["land"], profiles.caseload
    land, water = caseload.land_m2[:, None], caseload.has_water[:, None]
    needed, thirsty = rows[:, 0], rows[:, 1] > 0
    return {
        "land_gap": (land < needed) @ counts,
        "land_unknown": (np.isnan(land) & (needed > 0)) @ counts,
        "water_gap": (thirsty & (water == 0)) @ counts,
        "water_unknown": (thirsty & (water == UNKNOWN)) @ counts,
    }
