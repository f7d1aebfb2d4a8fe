"""How many offers each gate refuses to a client, by reason: from offers counted by class."""

# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls

import math
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.columns import UNKNOWN, Floats
from matcher.gates import REASONS
from matcher.gates.age import ADULT_AGE
from matcher.profiles import Profiles
from matcher.scoring.compiled.kernels import entrance
from matcher.scoring.compiled.tally import WORDS, Counts, Tally

ADULT = float(ADULT_AGE)

ALWAYS: Final = ("unsafe", "safety_review", "place_unknown", "closed", "started",
                 "not_yet_posted", "no_seats")  # fmt: skip
"""Reasons that are the same for every client, as counted in the totals."""

FOR_SOME: Final[dict[str, tuple[str, Callable[[Profiles], NDArray[Any]]]]] = {
    "consent_refused": ("all", lambda who: who.caseload.consent_to_match == 0),
    "consent_unknown": ("all", lambda who: who.caseload.consent_to_match == UNKNOWN),
    "areas_not_asked": ("all", lambda who: ~who.areas_asked),
    "settings_not_asked": ("all", lambda who: ~who.settings_asked),
    "exclusion_unclear": ("all", lambda who: who.unclear_exclusion),
    "livelihood_unknown": ("no_work", lambda who: who.excludes_work),
    "livelihoods_not_asked": ("all", lambda who: ~who.livelihoods_asked),
    "reading_required": ("reading", lambda who: who.caseload.can_read == 0),
    "reading_unknown": ("reading", lambda who: who.caseload.can_read == UNKNOWN),
    "home_unknown": ("all", lambda who: who.home < 0),
}
"""Reasons that hold for some clients, then against all offers of one of the totals."""

BY_CLASS: Final = ("setting_avoided", "setting_unclear", "too_young", "too_old", "age_unknown",
                   "hazard_unknown", "schooling_below", "schooling_unknown", "capital_gap",
                   "capital_unknown", "land_gap", "land_unknown", "water_gap",
                   "water_unknown")  # fmt: skip
"""Reasons that the client's numbers settle against each class of offers, as kernels count them."""

BY_PLACE: Final = ("area_excluded", "area_unclear", "too_far", "outside_area",
                   "livelihood_excluded")  # fmt: skip
"""Reasons that places, and excluded work, settle, as kernels count them for a slate."""

_AT: Final = {code: column for column, code in enumerate(REASONS)}
_ALWAYS, _FOR_SOME, _BY_CLASS, _BY_PLACE = (
    np.array([_AT[code] for code in codes]) for codes in (ALWAYS, FOR_SOME, BY_CLASS, BY_PLACE)
)


class Told(NamedTuple):
    """What clients told, as far as refusals are counted by it.

    Parameters
    ----------
    flags
        Which of ``FOR_SOME`` hold, of shape (n, reasons).
    numbers
        Avoided settings as bits, age, schooling, capital, land, water, of shape (n, 6).
    """

    flags: Counts
    numbers: Floats


def told_by(profiles: Profiles) -> Told:
    """Return what clients told."""
    caseload = profiles.caseload
    avoided = [sum(WORDS[s] for s in words or ()) for words in caseload.avoid_settings]
    numbers = (avoided, caseload.age_years, profiles.schooling_level, caseload.capital_usd,
               caseload.land_m2, caseload.has_water)  # fmt: skip
    return Told(
        np.column_stack([holds(profiles) for _, holds in FOR_SOME.values()]).astype(np.int64),
        np.column_stack(numbers).astype(np.float64),
    )


def refusals(tally: Tally, told: Told, profiles: Profiles, by_place: Counts) -> Counts:
    """Return the offers refused to each client for each of ``REASONS``, of shape (n, reasons).

    Parameters
    ----------
    tally
        Offers by class.
    told, profiles
        Clients.
    by_place
        Offers refused for the reasons of ``BY_PLACE``, of shape (n, reasons).
    """
    counts, totals = tally.counts, tally.totals
    found = np.zeros((len(profiles), len(REASONS)), dtype=np.int64)
    by_class = np.zeros((len(profiles), len(BY_CLASS)), dtype=np.int64)
    count_classes(
        tally.settings, counts["settings"], tally.ages, counts["ages"], counts["levels"],
        tally.starts, counts["starts"], tally.land, counts["land"], told.numbers, by_class,
    )  # fmt: skip
    found[:, _ALWAYS] = [totals[name] for name in ALWAYS]
    found[:, _FOR_SOME] = told.flags * [totals[name] for name, _ in FOR_SOME.values()]
    found[:, _BY_CLASS], found[:, _BY_PLACE] = by_class, by_place
    lacking = profiles.lacks_documents(tally.papers) @ counts["papers"]
    found[:, _AT["document_missing"]] = lacking * profiles.documents_known
    found[:, _AT["documents_unknown"]] = lacking * ~profiles.documents_known
    return found


@entrance
def count_classes(settings, of_setting, ages, of_age, of_level, starts, of_start, land, of_land,
                  numbers, counts):  # fmt: skip
    """Count the offers that a client's numbers refuse, by the reasons of ``BY_CLASS``."""
    for c in range(numbers.shape[0]):
        avoided, age, reached = np.int64(numbers[c, 0]), numbers[c, 1], np.int64(numbers[c, 2])
        capital, land_m2, water = numbers[c, 3], numbers[c, 4], numbers[c, 5]
        for i in range(of_setting.shape[0]):
            has = (avoided & np.int64(settings[i, 0])) > 0
            unclear = (avoided & np.int64(settings[i, 1])) > 0
            counts[c, 0] += of_setting[i] * has
            counts[c, 1] += of_setting[i] * (unclear and not has)
        minor, unknown = age < ADULT, math.isnan(age)
        for i in range(of_age.shape[0]):
            lowest, highest, adults = ages[i, 0], ages[i, 1], ages[i, 2] > 0
            limited = lowest > 0 or not math.isnan(highest) or adults
            counts[c, 2] += of_age[i] * (age < lowest or (minor and adults))
            counts[c, 3] += of_age[i] * (age > highest)
            counts[c, 4] += of_age[i] * (unknown and limited)
            counts[c, 5] += of_age[i] * (minor and ages[i, 3] > 0)
        for level in range(1, of_level.shape[0]):
            counts[c, 6] += of_level[level] * (reached >= 0 and level > reached)
            counts[c, 7] += of_level[level] * (reached < 0)
        for i in range(of_start.shape[0]):
            needed = starts[i, 0]
            untold = math.isnan(needed) or (math.isnan(capital) and needed > 0)
            counts[c, 8] += of_start[i] * (needed > capital)
            counts[c, 9] += of_start[i] * untold
        for i in range(of_land.shape[0]):
            needed, thirsty = land[i, 0], land[i, 1] > 0
            counts[c, 10] += of_land[i] * (land_m2 < needed)
            counts[c, 11] += of_land[i] * (math.isnan(land_m2) and needed > 0)
            counts[c, 12] += of_land[i] * (thirsty and water == 0)
            counts[c, 13] += of_land[i] * (thirsty and water < 0)
