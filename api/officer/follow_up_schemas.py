"""What the officer side takes and answers about referrals and follow-up."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.fields import Body, Id, OneOf, SuggestionKind, Usd1M
from models import vocabulary

State = Annotated[str, OneOf(vocabulary.REFERRAL_STATE)]
Outcome = Annotated[str, OneOf(vocabulary.OUTCOME)]
Warnings = Annotated[list[Annotated[str, OneOf(vocabulary.WARNING)]], Field(max_length=20)]
Scale = Annotated[int, Field(ge=1, le=5, description="From 1, in crisis, to 5, stable.")]


class ReferralNew(Body):
    """An offer the client agreed to be referred to."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"opportunity_id": "V-SEWING-1", "consented": True}]}
    )

    opportunity_id: Id
    then_id: Id | None = Field(None, description="For a pathway: what follows the training.")
    slate_id: Id | None = Field(None, description="The slate it was chosen from.")
    consented: Literal[True] = Field(description="The client agreed; nothing is sent without.")
    sent_on: dt.date | None = Field(None, description="Left out: today.")


class ReferralChange(Body):
    """How a referral was answered."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"state": "accepted", "started_on": "2026-11-23"}]}
    )

    state: State
    started_on: dt.date | None = Field(None, description="The first day, once it is known.")


class VisitNew(Body):
    """One follow-up visit, or the attempt at one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "visited_on": "2026-11-23",
                    "outcome": "retained",
                    "income_usd": 180,
                    "self_sufficiency": 3,
                    "warnings": ["wage_arrears"],
                }
            ]
        }
    )

    visited_on: dt.date
    outcome: Outcome = Field(
        description="Retained and safe, left for better, ended otherwise, harm, or not reached."
    )
    ended_on: dt.date | None = Field(None, description="The day it ended, where it is known.")
    income_usd: Usd1M | None = Field(None, description="Own income in the last month.")
    self_sufficiency: Scale | None = None
    social_stability: Scale | None = None
    psychosocial: Scale | None = None
    warnings: Warnings = Field([], description="What should prompt a visit.")
    employer_reported: bool = Field(
        False, description="A credible report of harm at this employer: pauses all its offers."
    )


class VisitOut(VisitNew):
    """A visit as stored."""

    day: int = Field(description="Days since the start.")


class ReferralOut(Body):
    """A referral as stored, with its visits in order."""

    referral_id: str
    client_id: str
    opportunity_id: str
    then_id: str | None
    kind: SuggestionKind
    slate_id: str | None
    state: State
    sent_on: dt.date
    started_on: dt.date | None
    model_version: str
    visits: list[VisitOut]
    version: int


class ReferralsOut(Body):
    """The referrals of a client, oldest first."""

    items: list[ReferralOut]


class DueVisit(Body):
    """A visit that is due and has not been recorded."""

    client_id: str
    referral_id: str
    opportunity_id: str
    window_days: int = Field(description="Which visit: 30, 90, 180 or 365 days from the start.")
    due_on: dt.date


class DueOut(Body):
    """Visits that are due, the longest overdue first."""

    items: list[DueVisit]
