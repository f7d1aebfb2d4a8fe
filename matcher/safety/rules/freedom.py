"""Fees, debts, papers and confinement: what ties a person to a place of work."""

from typing import Final

from matcher.safety.conditions import above, among, any_of, fact, setting, unstated, yes
from matcher.safety.facts import Facts
from matcher.safety.flag import Action, Evidence, Indicator
from matcher.safety.rule import (
    EVERY_KIND,
    NOT_TRAINING,
    TRAININGS,
    VACANCIES,
    WORK_AND_TRAINING,
    Rule,
    Silence,
)

FEES: Final = (
    "ILO, General principles and operational guidelines for fair recruitment and definition of "
    "recruitment fees and related costs, 2019"
)
INDICATORS: Final = "ILO, Indicators of forced labour, 2012"
POLICY: Final = "programme policy"
TRAFFICKING: Final = "Law on Suppression of Human Trafficking and Sexual Exploitation, 2008"

DOMESTIC_OCCUPATIONS: Final = ("5152", "9111")
DEEP_SEA_OCCUPATIONS: Final = ("6223",)


def _domestic_proof(facts: Facts, row: int) -> Evidence:
    said = {"sector": facts.market.sector[row], "isco_code": facts.market.isco_code[row]}
    if "domestic_work" in (facts.market.settings[row] or ()):
        said["settings"] = "domestic_work"
    return {name: str(value) for name, value in said.items() if value is not None}


FREEDOM: Final = (
    Rule(
        code="worker_fee",
        action=Action.BLOCK,
        broken=above("worker_fee_usd", 0.0),
        fields=("worker_fee_usd",),
        source=FEES,
        kinds=EVERY_KIND,
        indicator=Indicator.DEBT_BONDAGE,
        silence=Silence(
            "worker_fee_unknown",
            Action.REVIEW,
            unstated("worker_fee_usd"),
            ("worker_fee_usd",),
            WORK_AND_TRAINING,
        ),
    ),
    Rule(
        code="deposit",
        action=Action.BLOCK,
        broken=above("deposit_usd", 0.0),
        fields=("deposit_usd",),
        source="Labour Law of Cambodia, 1997, article 44",
        basis="recalled",
        kinds=EVERY_KIND,
        indicator=Indicator.DEBT_BONDAGE,
        silence=Silence(
            "deposit_unknown",
            Action.REVIEW,
            unstated("deposit_usd"),
            ("deposit_usd",),
            EVERY_KIND,
        ),
    ),
    Rule(
        code="debt_worked_off",
        action=Action.BLOCK,
        broken=yes("debt_worked_off"),
        fields=("debt_worked_off",),
        source="Labour Law of Cambodia, 1997, article 16",
        kinds=EVERY_KIND,
        indicator=Indicator.DEBT_BONDAGE,
        silence=Silence(
            "debt_worked_off_unknown",
            Action.REVIEW,
            unstated("debt_worked_off"),
            ("debt_worked_off",),
            EVERY_KIND,
        ),
    ),
    Rule(
        code="documents_kept",
        action=Action.BLOCK,
        broken=yes("documents_kept"),
        fields=("documents_kept",),
        source=f"{INDICATORS}; {POLICY}",
        kinds=EVERY_KIND,
        indicator=Indicator.RETENTION_OF_DOCUMENTS,
        silence=Silence(
            "documents_kept_unknown",
            Action.REVIEW,
            unstated("documents_kept"),
            ("documents_kept",),
            EVERY_KIND,
        ),
    ),
    Rule(
        code="guarded_compound",
        action=Action.REVIEW,
        broken=yes("guarded_compound"),
        fields=("guarded_compound",),
        source=INDICATORS,
        kinds=EVERY_KIND,
        indicator=Indicator.RESTRICTION_OF_MOVEMENT,
        silence=Silence(
            "guarded_compound_unknown",
            Action.NOTE,
            unstated("guarded_compound"),
            ("guarded_compound",),
            EVERY_KIND,
        ),
    ),
    Rule(
        code="cross_border",
        action=Action.REVIEW,
        broken=yes("cross_border"),
        fields=("cross_border",),
        source=f"{TRAFFICKING}; {POLICY}",
        basis="judgement",
        kinds=EVERY_KIND,
        indicator=Indicator.ISOLATION,
        silence=Silence(
            "cross_border_unknown",
            Action.NOTE,
            unstated("cross_border"),
            ("cross_border",),
            EVERY_KIND,
        ),
    ),
    Rule(
        code="via_broker",
        action=Action.REVIEW,
        broken=yes("via_broker"),
        fields=("via_broker",),
        source=f"{FEES}; {POLICY}",
        basis="judgement",
        indicator=Indicator.DECEPTION,
        silence=Silence(
            "via_broker_unknown",
            Action.NOTE,
            unstated("via_broker"),
            ("via_broker",),
            VACANCIES,
        ),
    ),
    Rule(
        code="brick_kiln",
        action=Action.REVIEW,
        broken=among("sector", "brick_kiln"),
        fields=("sector",),
        source=f"Royal Holloway, Blood Bricks, 2018; {POLICY}",
        basis="judgement",
        indicator=Indicator.DEBT_BONDAGE,
        silence=Silence(
            "sector_unknown",
            Action.NOTE,
            unstated("sector"),
            ("sector",),
            VACANCIES,
        ),
    ),
    Rule(
        code="distant_water_fishing",
        action=Action.REVIEW,
        broken=any_of(
            among("sector", "distant_water_fishing"), among("isco_code", *DEEP_SEA_OCCUPATIONS)
        ),
        fields=("sector", "isco_code"),
        source=f"{INDICATORS}; {POLICY}",
        basis="judgement",
        indicator=Indicator.ISOLATION,
    ),
    Rule(
        code="domestic_work",
        action=Action.REVIEW,
        broken=any_of(
            among("sector", "domestic_work"),
            among("isco_code", *DOMESTIC_OCCUPATIONS),
            setting("domestic_work"),
        ),
        fields=("sector", "isco_code", "settings"),
        source="Labour Law of Cambodia, 1997, article 1, which leaves domestic workers out",
        indicator=Indicator.ABUSE_OF_VULNERABILITY,
        proof=_domestic_proof,
    ),
    Rule(
        code="live_in",
        action=Action.REVIEW,
        broken=fact("live_in", 1),
        fields=("live_in",),
        source=f"{INDICATORS}; {POLICY}",
        kinds=NOT_TRAINING,
        indicator=Indicator.ISOLATION,
        proof=lambda facts, row: {"live_in": True},
        silence=Silence(
            "live_in_unknown",
            Action.NOTE,
            fact("live_in", -1),
            ("live_in",),
            VACANCIES,
        ),
    ),
    Rule(
        code="boarding",
        action=Action.NOTE,
        broken=fact("live_in", 1),
        fields=("live_in",),
        source=POLICY,
        basis="judgement",
        kinds=TRAININGS,
        proof=lambda facts, row: {"live_in": True},
    ),
)
