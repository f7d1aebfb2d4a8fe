"""Training runs: jobs that a crash can't lose."""

# One column or constraint a line, as it is read against the models.
# ruff: noqa: E501
# fmt: off

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "training_run",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("held_out_from", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("made_version", sa.String(), nullable=True),
        sa.Column("problem_kind", sa.String(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.CheckConstraint("attempts BETWEEN 0 AND 1000", name="attempts_range"),
        sa.CheckConstraint("(state = 'done') = (made_version IS NOT NULL)", name="done_made"),
        sa.CheckConstraint("(state IN ('done', 'failed')) = (ended_at IS NOT NULL)", name="ended_dated"),
        sa.CheckConstraint("(state = 'failed') = (problem_kind IS NOT NULL)", name="failed_why"),
        sa.CheckConstraint("length(made_version) BETWEEN 1 AND 200", name="made_version_length"),
        sa.CheckConstraint("problem_kind IN ('refused', 'interrupted', 'unexpected')", name="problem_kind_word"),
        sa.CheckConstraint("length(problem) BETWEEN 1 AND 20000", name="problem_length"),
        sa.CheckConstraint("(problem_kind IS NULL) = (problem IS NULL)", name="problem_told"),
        sa.CheckConstraint("progress BETWEEN 0 AND 1", name="progress_range"),
        sa.CheckConstraint("length(run_id) BETWEEN 1 AND 64", name="run_id_length"),
        sa.CheckConstraint("state <> 'running' OR heartbeat_at IS NOT NULL", name="running_beats"),
        sa.CheckConstraint("seed BETWEEN 0 AND 2147483647", name="seed_range"),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state_word"),
        sa.CheckConstraint("step IN ('reading', 'learning', 'judging', 'storing')", name="step_word"),
        sa.CheckConstraint("length(who) BETWEEN 1 AND 128", name="who_length"),
        sa.PrimaryKeyConstraint("run_id", name="pk_training_run"),
    )
    op.create_index("ix_training_run_state", "training_run", ["state"])


def downgrade() -> None:
    op.drop_table("training_run")
