"""The features of the score, one a file; adding one is a file, a line here and a scorecard row."""

from typing import Final

from matcher.features import (
    access,
    care_load,
    climate_loss,
    climate_loss_2050,
    experience,
    experience_shortfall,
    household_income,
    household_risk,
    income_spread,
    living_away,
    months_to_income,
    net_income,
    open_steps,
    own_money,
    preference,
    preferred_kind,
    required_skills,
    travel_minutes,
    useful_skills,
)
from matcher.features.feature import Feature, Fold, Group

FEATURES: Final[tuple[Feature, ...]] = (
    required_skills.FEATURE,
    useful_skills.FEATURE,
    experience.FEATURE,
    experience_shortfall.FEATURE,
    travel_minutes.FEATURE,
    living_away.FEATURE,
    net_income.FEATURE,
    household_income.FEATURE,
    months_to_income.FEATURE,
    own_money.FEATURE,
    income_spread.FEATURE,
    open_steps.FEATURE,
    climate_loss.FEATURE,
    climate_loss_2050.FEATURE,
    household_risk.FEATURE,
    preference.FEATURE,
    preferred_kind.FEATURE,
    care_load.FEATURE,
    access.FEATURE,
)
"""In the order in which they are added up and shown."""

__all__ = ["FEATURES", "Feature", "Fold", "Group"]
