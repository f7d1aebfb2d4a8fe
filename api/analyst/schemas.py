"""What the analyst side takes and answers."""

import datetime as dt
from typing import Annotated

from pydantic import ConfigDict, Field

from api.fields import Body, OneOf
from models import vocabulary

RunState = Annotated[str, OneOf(vocabulary.RUN_STATE)]
RunStep = Annotated[str, OneOf(vocabulary.RUN_STEP)]
RunProblem = Annotated[str, OneOf(vocabulary.RUN_PROBLEM)]


class TrainingRunNew(Body):
    """A training to be done."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"seed": 0}]})

    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    held_out_from: dt.date | None = Field(
        None,
        description="First day that is not learned from; left out: the latest quarter is held out.",
    )


class TrainingRunOut(Body):
    """A training run as it stands."""

    run_id: str
    state: RunState
    step: RunStep | None = Field(description="What it is at, or was at when it ended.")
    progress: float = Field(description="Share of the work that is done, 0 to 1.")
    attempts: int = Field(description="Processes that have taken it.")
    who: str
    seed: int
    held_out_from: dt.date | None
    created_at: dt.datetime
    started_at: dt.datetime | None
    heartbeat_at: dt.datetime | None
    ended_at: dt.datetime | None
    made_version: str | None = Field(description="The model it made.")
    problem_kind: RunProblem | None
    problem: str | None = Field(description="Why there is no model.")


class ModelOut(Body):
    """A stored model."""

    version: str
    active: bool = Field(description="Whether it answers now.")
    created_at: str
    trained_by: str | None
    proposed_by: str | None
    approved_by: str | None
    outcomes: int | None = Field(description="Outcomes it has learned from.")
    lost: int | None = Field(description="Placements whose outcome was not known to it.")
    metrics: dict[str, float] = Field(description="Figures on held-out placements.")
    passed: bool | None = Field(description="The promotion gate's verdict; null: not asked yet.")
    reasons: list[str] = Field(description="What speaks against it.")
    problem: str | None = Field(description="Why its files are refused, where they are.")


class ModelsOut(Body):
    """Stored models, the newest first."""

    active: str | None = Field(description="Version that answers; null: the expert scorecard.")
    items: list[ModelOut]


class SectionOut(Body):
    """One part of a card."""

    title: str
    lines: list[str]
    header: list[str]
    rows: list[list[str]]


class CardOut(Body):
    """A model card."""

    title: str
    sections: list[SectionOut]
