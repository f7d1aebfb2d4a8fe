"""Caseload plans, the seats they hold, and who accompanies a client."""

# One column or constraint a line, as it is read against the models.
# ruff: noqa: E501
# fmt: off

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

OFFICER = "officer VARCHAR CONSTRAINT ck_client_officer_length CHECK (length(officer) BETWEEN 1 AND 64)"
"""Written out: SQLite adds a column with its check, and cannot add a check to a table."""


def upgrade() -> None:
    op.execute(f"ALTER TABLE client ADD COLUMN {OFFICER}")
    op.create_index("ix_client_officer", "client", ["officer"])

    op.create_table(
        "caseload_plan",
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("parent_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("inputs_hash", sa.String(), nullable=False),
        sa.Column("market_revision", sa.Integer(), nullable=False),
        sa.Column("market_day", sa.Date(), nullable=False),
        sa.Column("model_version", sa.String(), nullable=False),
        sa.Column("clients", sa.Integer(), nullable=False),
        sa.Column("placed", sa.Integer(), nullable=False),
        sa.Column("objective", sa.Float(), nullable=False),
        sa.Column("bound", sa.Float(), nullable=False),
        sa.Column("gap", sa.Float(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_by", sa.String(), nullable=True),
        sa.CheckConstraint("(status = 'proposed') = (applied_at IS NULL)", name="applied_dated"),
        sa.CheckConstraint("CAST(asked AS TEXT) LIKE '{%}' AND length(CAST(asked AS TEXT)) <= 20000", name="asked_mapping"),
        sa.CheckConstraint("CAST(figures AS TEXT) LIKE '{%}' AND length(CAST(figures AS TEXT)) <= 20000", name="figures_mapping"),
        sa.CheckConstraint("proof IN ('optimal', 'feasible')", name="proof_word"),
        sa.CheckConstraint("status IN ('proposed', 'applied', 'released')", name="status_word"),
        sa.CheckConstraint("(applied_at IS NULL) = (applied_by IS NULL)", name="applied_by_somebody"),
        sa.CheckConstraint("clients BETWEEN 0 AND 1e+15", name="clients_range"),
        sa.CheckConstraint("gap BETWEEN 0 AND 1000000000", name="gap_range"),
        sa.CheckConstraint("length(inputs_hash) BETWEEN 64 AND 64", name="inputs_hash_length"),
        sa.CheckConstraint("length(model_version) BETWEEN 1 AND 200", name="model_version_length"),
        sa.CheckConstraint("length(plan_id) BETWEEN 1 AND 64", name="plan_id_length"),
        sa.CheckConstraint("length(who) BETWEEN 1 AND 128", name="who_length"),
        sa.CheckConstraint("market_revision BETWEEN 0 AND 1e+15", name="market_revision_range"),
        sa.CheckConstraint("placed <= clients", name="placed_counted"),
        sa.CheckConstraint("placed BETWEEN 0 AND 1e+15", name="placed_range"),
        sa.CheckConstraint("seconds BETWEEN 0 AND 1e+15", name="seconds_range"),
        sa.ForeignKeyConstraint(["parent_id"], ["caseload_plan.plan_id"], name="fk_caseload_plan_parent_id_caseload_plan"),
        sa.PrimaryKeyConstraint("plan_id", name="pk_caseload_plan"),
    )
    op.create_index("ix_caseload_plan_inputs_hash", "caseload_plan", ["inputs_hash"])
    op.create_index("ix_caseload_plan_parent_id", "caseload_plan", ["parent_id"])
    op.create_table(
        "placement",
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("opportunity_id", sa.String(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("seats_posted", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(who) BETWEEN 1 AND 128", name="who_length"),
        sa.CheckConstraint("seat BETWEEN 1 AND seats_posted", name="seat_posted"),
        sa.CheckConstraint("seats_posted BETWEEN 1 AND 1000000", name="seats_posted_range"),
        sa.ForeignKeyConstraint(["client_id"], ["client.client_id"], name="fk_placement_client_id_client"),
        sa.ForeignKeyConstraint(["opportunity_id"], ["opportunity.opportunity_id"], name="fk_placement_opportunity_id_opportunity"),
        sa.ForeignKeyConstraint(["plan_id"], ["caseload_plan.plan_id"], name="fk_placement_plan_id_caseload_plan"),
        sa.PrimaryKeyConstraint("placement_id", name="pk_placement"),
        sa.UniqueConstraint("client_id", name="uq_placement_client_id"),
        sa.UniqueConstraint("opportunity_id", "seat", name="uq_placement_seat"),
    )
    op.create_index("ix_placement_plan_id", "placement", ["plan_id"])
    op.create_table(
        "plan_line",
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("client_version", sa.Integer(), nullable=False),
        sa.Column("opportunity_id", sa.String(), nullable=True),
        sa.Column("then_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("best_id", sa.String(), nullable=True),
        sa.Column("best_value", sa.Float(), nullable=False),
        sa.Column("seat_price", sa.Float(), nullable=False),
        sa.Column("cost_usd", sa.Float(), nullable=False),
        sa.Column("wanted_id", sa.String(), nullable=True),
        sa.Column("gain", sa.Float(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.CheckConstraint("CAST(refused AS TEXT) LIKE '{%}' AND length(CAST(refused AS TEXT)) <= 20000", name="refused_mapping"),
        sa.CheckConstraint("kind IN ('vacancy', 'training', 'grant', 'pathway')", name="kind_word"),
        sa.CheckConstraint("standing IN ('pinned', 'best', 'yields', 'no_offer', 'outbid', 'no_money', 'together')", name="standing_word"),
        sa.CheckConstraint("then_id IS NULL OR kind = 'pathway'", name="then_of_pathway"),
        sa.CheckConstraint("(opportunity_id IS NULL) = (kind IS NULL)", name="kind_told"),
        sa.CheckConstraint("best_value BETWEEN 0 AND 1", name="best_value_range"),
        sa.CheckConstraint("cost_usd BETWEEN 0 AND 1000000", name="cost_usd_range"),
        sa.CheckConstraint("rank BETWEEN 1 AND 1000000000", name="rank_range"),
        sa.CheckConstraint("value BETWEEN 0 AND 1", name="value_range"),
        sa.ForeignKeyConstraint(["client_id"], ["client.client_id"], name="fk_plan_line_client_id_client"),
        sa.ForeignKeyConstraint(["opportunity_id"], ["opportunity.opportunity_id"], name="fk_plan_line_opportunity_id_opportunity"),
        sa.ForeignKeyConstraint(["plan_id"], ["caseload_plan.plan_id"], name="fk_plan_line_plan_id_caseload_plan"),
        sa.PrimaryKeyConstraint("plan_id", "client_id", name="pk_plan_line"),
    )
    op.create_index("ix_plan_line_client_id", "plan_line", ["client_id"])
    op.create_index("ix_plan_line_opportunity_id", "plan_line", ["opportunity_id"])


def downgrade() -> None:
    op.drop_index("ix_plan_line_opportunity_id", "plan_line")
    op.drop_index("ix_plan_line_client_id", "plan_line")
    op.drop_table("plan_line")
    op.drop_index("ix_placement_plan_id", "placement")
    op.drop_table("placement")
    op.drop_index("ix_caseload_plan_parent_id", "caseload_plan")
    op.drop_index("ix_caseload_plan_inputs_hash", "caseload_plan")
    op.drop_table("caseload_plan")
    op.drop_index("ix_client_officer", "client")
    op.execute("ALTER TABLE client DROP COLUMN officer")
