"""Runs that train a model: jobs whose row is the truth, whatever becomes of the process."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from models import constraints, vocabulary
from models.base import Table, now


class TrainingRun(Table, table=True):
    """One training of a model, from asking for it to the model or the reason why there is none.

    Whoever runs it moves ``heartbeat_at`` every few seconds; a run that is said to run and has no
    fresh heartbeat has lost its process. ``attempts`` counts the processes that took it.
    ``made_version`` names the stored model; whether that model answers is told elsewhere.
    """

    __tablename__ = "training_run"
    __table_args__ = (
        constraints.sized("run_id", constraints.ID_LENGTH),
        constraints.sized("who", 2 * constraints.WORD_LENGTH),
        constraints.one_of("state", vocabulary.RUN_STATE),
        constraints.one_of("step", vocabulary.RUN_STEP),
        constraints.one_of("problem_kind", vocabulary.RUN_PROBLEM),
        constraints.sized("problem", constraints.TEXT_LENGTH),
        constraints.sized("made_version", 200),
        constraints.between("seed", 0, 2**31 - 1),
        constraints.between("progress", 0, 1),
        constraints.between("attempts", 0, 1000),
        CheckConstraint("(state = 'done') = (made_version IS NOT NULL)", name="done_made"),
        CheckConstraint("(state = 'failed') = (problem_kind IS NOT NULL)", name="failed_why"),
        CheckConstraint("(problem_kind IS NULL) = (problem IS NULL)", name="problem_told"),
        CheckConstraint(
            "(state IN ('done', 'failed')) = (ended_at IS NOT NULL)", name="ended_dated"
        ),
        CheckConstraint("state <> 'running' OR heartbeat_at IS NOT NULL", name="running_beats"),
    )

    run_id: str = Field(primary_key=True)
    who: str
    state: str = Field(default="queued", index=True)
    seed: int = 0
    held_out_from: date | None = None
    created_at: datetime = Field(default_factory=now)
    started_at: datetime | None = None
    heartbeat_at: datetime | None = None
    ended_at: datetime | None = None
    step: str | None = None
    progress: float = 0.0
    attempts: int = 0
    made_version: str | None = None
    problem_kind: str | None = None
    problem: str | None = None
