"""Who may be hired, and by whom: age, open access, and a vetted employer."""

from typing import Final

import numpy as np

from matcher.safety.conditions import (
    above,
    all_of,
    any_of,
    fact,
    no,
    not_,
    stated,
    unstated,
    yes,
)
from matcher.safety.facts import Bools, Facts
from matcher.safety.flag import Action, Evidence, Indicator
from matcher.safety.rule import EVERY_KIND, VACANCIES, Condition, Proof, Rule, Silence

MINIMUM_AGE_YEARS: Final = 15.0
ADULT_AGE_YEARS: Final = 18.0

AGE_LAW: Final = (
    "Labour Law of Cambodia, 1997, article 177; Prakas 106/04 on hazardous child labour"
)
EQUALITY_LAW: Final = "Labour Law of Cambodia, 1997, article 12"
POLICY: Final = "programme policy"


ADULT_WORK: Final = any_of(yes("hazardous"), fact("night_work", 1))
MAY_BE_ADULT_WORK: Final = all_of(
    any_of(unstated("hazardous"), fact("night_work", -1)), not_(ADULT_WORK)
)
UNNAMED: Final = unstated("employer_id", "employer_name")


def _admits_below(years: float) -> Condition:
    return lambda facts: np.less(facts.youngest_years, years)


def _age_proof(limit: float) -> Proof:
    return lambda facts, row: {"age": float(facts.youngest_years[row]), "limit": limit}


def _adult_work_proof(facts: Facts, row: int) -> Evidence:
    found = {
        "hazardous": bool(facts.market.hazardous[row] == 1),
        "night_work": bool(facts.night_work[row] == 1),
    }
    age = _age_proof(ADULT_AGE_YEARS)(facts, row)
    return {**age, **{name: True for name, holds in found.items() if holds}}


def _expired(facts: Facts) -> Bools:
    return np.less(facts.market.vetted_until, facts.market.as_of)


def _expiry_proof(facts: Facts, row: int) -> Evidence:
    return {
        "vetted_until": str(facts.market.vetted_until[row]),
        "as_of": str(facts.market.as_of),
    }


def _paused(facts: Facts) -> Bools:
    if not facts.reported:  # then it does not matter who employs
        return np.zeros(len(facts), dtype=np.bool_)
    return facts.among("employer_id", facts.reported)


def _pause_proof(facts: Facts, row: int) -> Evidence:
    employer = str(facts.market.employer_id[row])
    return {"employer_id": employer, "reported_on": facts.reported[employer]}


PEOPLE: Final = (
    Rule(
        code="under_age",
        action=Action.BLOCK,
        broken=_admits_below(MINIMUM_AGE_YEARS),
        fields=("min_age", "max_age"),
        source=AGE_LAW,
        indicator=Indicator.ABUSE_OF_VULNERABILITY,
        proof=_age_proof(MINIMUM_AGE_YEARS),
        silence=Silence(
            "min_age_unknown",
            Action.NOTE,
            unstated("min_age"),
            ("min_age",),
            VACANCIES,
        ),
    ),
    Rule(
        code="under_age_hazardous",
        action=Action.BLOCK,
        broken=all_of(_admits_below(ADULT_AGE_YEARS), ADULT_WORK),
        fields=("min_age", "max_age", "hazardous", "night_work"),
        source=AGE_LAW,
        indicator=Indicator.ABUSE_OF_VULNERABILITY,
        proof=_adult_work_proof,
        silence=Silence(
            "young_work_unknown",
            Action.REVIEW,
            all_of(_admits_below(ADULT_AGE_YEARS), MAY_BE_ADULT_WORK),
            ("hazardous", "night_work"),
            VACANCIES,
        ),
    ),
    Rule(
        code="gender_restricted",
        action=Action.REVIEW,
        broken=stated("gender_only"),
        fields=("gender_only",),
        source=EQUALITY_LAW,
        kinds=EVERY_KIND,
    ),
    Rule(
        code="age_restricted",
        action=Action.REVIEW,
        broken=any_of(above("min_age", ADULT_AGE_YEARS), stated("max_age")),
        fields=("min_age", "max_age"),
        source=POLICY,
        basis="judgement",
        kinds=EVERY_KIND,
    ),
    Rule(
        code="employer_not_vetted",
        action=Action.BLOCK,
        broken=no("employer_vetted"),
        fields=("employer_vetted",),
        source=POLICY,
        kinds=EVERY_KIND,
        silence=Silence(
            "vetting_unknown",
            Action.REVIEW,
            any_of(unstated("employer_vetted"), all_of(yes("employer_vetted"), UNNAMED)),
            ("employer_vetted", "employer_id", "employer_name"),
            EVERY_KIND,
        ),
    ),
    Rule(
        code="vetting_expired",
        action=Action.BLOCK,
        broken=_expired,
        fields=("vetted_until",),
        source=POLICY,
        kinds=EVERY_KIND,
        proof=_expiry_proof,
        silence=Silence(
            "vetting_end_unknown",
            Action.NOTE,
            all_of(yes("employer_vetted"), unstated("vetted_until")),
            ("vetted_until",),
            EVERY_KIND,
        ),
    ),
    Rule(
        code="harm_report",
        action=Action.BLOCK,
        broken=yes("harm_report_open"),
        fields=("harm_report_open",),
        source=POLICY,
        kinds=EVERY_KIND,
        silence=Silence(
            "harm_report_unknown",
            Action.NOTE,
            unstated("harm_report_open"),
            ("harm_report_open",),
            EVERY_KIND,
        ),
    ),
    Rule(
        code="employer_paused",
        action=Action.BLOCK,
        broken=_paused,
        fields=("employer_id",),
        source=POLICY,
        kinds=EVERY_KIND,
        proof=_pause_proof,
    ),
)
