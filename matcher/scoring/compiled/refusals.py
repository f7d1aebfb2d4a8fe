"""How many offers each gate refuses to a client, by reason: from offers counted by class."""

# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls

import math
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.columns import UNKNOWN, Floats
from matcher.gates import REASONS
from matcher.gates.age import ADULT_AGE
from matcher.profiles import Profiles
from matcher.scoring.compiled.asking import paper_bits
from matcher.scoring.compiled.kernels import entrance, fast
from matcher.scoring.compiled.tally import TOTALS, WORDS, Counts, Tally

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
                   "capital_unknown", "land_gap", "land_unknown", "water_gap", "water_unknown",
                   "document_missing", "documents_unknown")  # fmt: skip
"""Reasons that the client's numbers settle against each class of offers."""

BY_PLACE: Final = ("area_excluded", "area_unclear", "too_far", "outside_area",
                   "livelihood_excluded")  # fmt: skip
"""Reasons that places, and excluded work, settle, as kernels count them for a slate."""

_AT: Final = {code: np.int64(column) for column, code in enumerate(REASONS)}
_COUNTED: Final = {name: at for at, name in enumerate(TOTALS)}


def _columns(codes: Iterable[str]) -> Counts:
    return np.array([_AT[code] for code in codes], dtype=np.int64)


_ALWAYS, _FOR_SOME, _BY_PLACE = map(_columns, (ALWAYS, FOR_SOME, BY_PLACE))
_OF_ALWAYS: Final = np.array([_COUNTED[code] for code in ALWAYS])
_OF_SOME: Final = np.array([_COUNTED[name] for name, _ in FOR_SOME.values()])
(AVOIDED, SETTING_UNCLEAR, TOO_YOUNG, TOO_OLD, AGE_UNKNOWN, HAZARD_UNKNOWN, SCHOOLING_BELOW,
 SCHOOLING_UNKNOWN, CAPITAL_GAP, CAPITAL_UNKNOWN, LAND_GAP, LAND_UNKNOWN, WATER_GAP, WATER_UNKNOWN,
 DOCUMENT_MISSING, DOCUMENTS_UNKNOWN) = _columns(BY_CLASS)  # fmt: skip


class Told(NamedTuple):
    """What clients told, as far as refusals are counted by it.

    Parameters
    ----------
    flags
        Which of ``FOR_SOME`` hold, of shape (n, reasons).
    numbers
        Avoided settings as bits, age, schooling, capital, land, water, documents held as bits and
        whether they were told, of shape (n, 8).
    """

    flags: Counts
    numbers: Floats


def told_by(profiles: Profiles) -> Told:
    """Return what clients told."""
    caseload = profiles.caseload
    avoided = [sum(WORDS[s] for s in words or ()) for words in caseload.avoid_settings]
    held = [*map(paper_bits, caseload.documents)]
    numbers = (avoided, caseload.age_years, profiles.schooling_level, caseload.capital_usd,
               caseload.land_m2, caseload.has_water, held, profiles.documents_known)  # fmt: skip
    return Told(
        np.column_stack([holds(profiles) for _, holds in FOR_SOME.values()]).astype(np.int64),
        np.column_stack(numbers).astype(np.float64),
    )


def refusals(tally: Tally, told: Told, by_place: Counts) -> Counts:
    """Return the offers refused to each client for each of ``REASONS``, of shape (n, reasons).

    Parameters
    ----------
    tally
        Offers by class.
    told
        Of clients.
    by_place
        Offers refused for the reasons of ``BY_PLACE``, of shape (n, reasons).
    """
    found, counts = np.zeros((len(by_place), len(REASONS)), dtype=np.int64), tally.counts
    count_refused(
        tally.totals, tally.settings, counts["settings"], tally.ages, counts["ages"],
        counts["levels"], tally.starts, counts["starts"], tally.land, counts["land"], tally.papers,
        counts["papers"], told.flags, told.numbers, by_place, found,
    )  # fmt: skip
    return found


@fast
def _take_over(totals, flags, by_place, refused):
    """Write what is counted already: the totals that hold for a client, and what places refuse."""
    for i in range(_ALWAYS.shape[0]):
        refused[_ALWAYS[i]] = totals[_OF_ALWAYS[i]]
    for i in range(_FOR_SOME.shape[0]):
        refused[_FOR_SOME[i]] = flags[i] * totals[_OF_SOME[i]]
    for i in range(_BY_PLACE.shape[0]):
        refused[_BY_PLACE[i]] = by_place[i]


@fast
def _count_papers(papers, of_papers, held, told, refused):
    """Count the offers that ask for a document which a client lacks, or was not asked about."""
    code = DOCUMENT_MISSING if told else DOCUMENTS_UNKNOWN
    for i in range(of_papers.shape[0]):
        refused[code] += of_papers[i] * ((np.int64(papers[i]) & ~held) != 0)


@entrance
def count_refused(totals, settings, of_setting, ages, of_age, of_level, starts, of_start, land,
                  of_land, papers, of_papers, flags, numbers, by_place, found):  # fmt: skip
    """Count the offers that are refused to each client, by reason."""
    for c in range(numbers.shape[0]):
        refused = found[c]
        _take_over(totals, flags[c], by_place[c], refused)
        _count_papers(papers, of_papers, np.int64(numbers[c, 6]), numbers[c, 7] > 0, refused)
        avoided, age, reached = np.int64(numbers[c, 0]), numbers[c, 1], np.int64(numbers[c, 2])
        capital, land_m2, water = numbers[c, 3], numbers[c, 4], numbers[c, 5]
        for i in range(of_setting.shape[0]):
            has = (avoided & np.int64(settings[i, 0])) > 0
            unclear = (avoided & np.int64(settings[i, 1])) > 0
            refused[AVOIDED] += of_setting[i] * has
            refused[SETTING_UNCLEAR] += of_setting[i] * (unclear and not has)
        minor, unknown = age < ADULT, math.isnan(age)
        for i in range(of_age.shape[0]):
            lowest, highest, adults = ages[i, 0], ages[i, 1], ages[i, 2] > 0
            limited = lowest > 0 or not math.isnan(highest) or adults
            refused[TOO_YOUNG] += of_age[i] * (age < lowest or (minor and adults))
            refused[TOO_OLD] += of_age[i] * (age > highest)
            refused[AGE_UNKNOWN] += of_age[i] * (unknown and limited)
            refused[HAZARD_UNKNOWN] += of_age[i] * (minor and ages[i, 3] > 0)
        for level in range(1, of_level.shape[0]):
            refused[SCHOOLING_BELOW] += of_level[level] * (reached >= 0 and level > reached)
            refused[SCHOOLING_UNKNOWN] += of_level[level] * (reached < 0)
        for i in range(of_start.shape[0]):
            needed = starts[i, 0]
            untold = math.isnan(needed) or (math.isnan(capital) and needed > 0)
            refused[CAPITAL_GAP] += of_start[i] * (needed > capital)
            refused[CAPITAL_UNKNOWN] += of_start[i] * untold
        for i in range(of_land.shape[0]):
            needed, thirsty = land[i, 0], land[i, 1] > 0
            refused[LAND_GAP] += of_land[i] * (land_m2 < needed)
            refused[LAND_UNKNOWN] += of_land[i] * (math.isnan(land_m2) and needed > 0)
            refused[WATER_GAP] += of_land[i] * (thirsty and water == 0)
            refused[WATER_UNKNOWN] += of_land[i] * (thirsty and water < 0)
