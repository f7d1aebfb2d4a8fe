"""What the analyst side takes and answers."""

import datetime as dt
from typing import Annotated, Any

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


VERSION = "retention-20261127-1a2b3c4d5e6f"
"""Of the examples."""


class CheckOut(Body):
    """One question of the promotion gate, and its answer."""

    name: str
    status: str = Field(description="passed, failed, or unsure: nothing shown either way.")
    message: str
    group: str = Field(description="column=value where it is about one group.")
    value: float | None
    low: float | None
    high: float | None
    n: int = Field(description="Rows behind it.")


class VerdictOut(Body):
    """What the promotion gate decided, with every reason; it is kept."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "candidate": VERSION,
                    "current": "",
                    "passed": False,
                    "reasons": ["Of sex=female it predicts worse: log loss +0.031."],
                    "cautions": [],
                    "checks": [],
                    "n": 412,
                    "lost": 88,
                    "period": ["2025-11-24", "2026-08-20"],
                }
            ]
        }
    )

    candidate: str
    current: str = Field(description="What it was compared with; empty: the expert scorecard.")
    passed: bool
    reasons: list[str] = Field(description="What speaks against it.")
    cautions: list[str] = Field(description="What could not be shown.")
    checks: list[CheckOut]
    n: int = Field(description="Later outcomes it was judged on.")
    lost: int = Field(description="Later placements whose outcome is not known.")
    period: list[str] = Field(description="First and last day of those placements.")


class AnsweringOut(Body):
    """Which model answers from now on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"active": VERSION, "by": "vanna", "at": "2026-11-27T09:30:00+00:00"}]
        }
    )

    active: str | None = Field(description="Version that answers; null: the expert scorecard.")
    by: str = Field(description="Who took the step.")
    at: str


class EvaluationOut(Body):
    """How a model does on placements after its training, beside the expert scorecard."""

    version: str
    first_day: str
    last_day: str
    figures: dict[str, float | None]
    expert: dict[str, float | None]
    groups: list[dict[str, Any]] = Field(description="One row a group large enough to be shown.")


class MoveOut(Body):
    """One column that moved."""

    name: str
    kind: str = Field(description="input, score or outcome.")
    what: str = Field(description="values, or unknown where more or fewer are unknown.")
    before: float
    after: float
    distance: float
    p_value: float = Field(description="Corrected for the number of columns.")
    since: str
    message: str


class DriftOut(Body):
    """What moved since the training, and what could not be told."""

    moves: list[MoveOut]
    too_few: list[str]
    messages: list[str]
