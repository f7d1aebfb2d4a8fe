"""Groups of clients that a plan reports on and may set floors for; nothing scores on them."""

from collections.abc import Callable, Mapping

import numpy as np

from matcher.caseload import Caseload

UNKNOWN = "unknown"
Labels = list[str]

AGE_BANDS = ((25.0, "under 25"), (35.0, "25-34"), (50.0, "35-49"), (np.inf, "50 and over"))
"""Ages under the bound, in years, with the band's label."""


def _sex(caseload: Caseload) -> Labels:
    return [sex or UNKNOWN for sex in caseload.sex]


def _age_band(caseload: Caseload) -> Labels:
    return [
        UNKNOWN if np.isnan(age) else next(label for under, label in AGE_BANDS if age < under)
        for age in caseload.age_years
    ]


def _province(caseload: Caseload) -> Labels:
    return [place[:2] if place else UNKNOWN for place in caseload.home_place]


def _cohort(caseload: Caseload) -> Labels:
    return [cohort or UNKNOWN for cohort in caseload.cohort]


def _difficulty(caseload: Caseload) -> Labels:
    known = {None: UNKNOWN, False: "none", True: "some"}
    return [known[None if told is None else bool(told)] for told in caseload.difficulties]


def _idpoor(caseload: Caseload) -> Labels:
    return [level or UNKNOWN for level in caseload.idpoor]


GROUPINGS: Mapping[str, Callable[[Caseload], Labels]] = {
    "sex": _sex,
    "age_band": _age_band,
    "province": _province,
    "cohort": _cohort,
    "difficulty": _difficulty,
    "idpoor": _idpoor,
}
"""The label of every client, by what they are grouped by."""
