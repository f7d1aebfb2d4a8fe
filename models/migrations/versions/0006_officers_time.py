"""A client may stay unplaced because her officer has no time: one more word for a plan's lines."""

# One column or constraint a line, as it is read against the models.
# ruff: noqa: E501
# fmt: off

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

BEFORE = ("pinned", "best", "yields", "no_offer", "outbid", "no_money", "together")
AFTER = ("pinned", "best", "yields", "no_offer", "outbid", "no_money", "no_time", "together")


def upgrade() -> None:
    _admit(AFTER)


def downgrade() -> None:
    op.execute("UPDATE plan_line SET standing = 'outbid' WHERE standing = 'no_time'")
    _admit(BEFORE)


def _admit(words: tuple[str, ...]) -> None:
    """Let these words stand as a standing; SQLite can't change a check, so its table is copied."""
    check = "standing IN (" + ", ".join(f"'{word}'" for word in words) + ")"
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_plan_line_standing_word"), "plan_line", type_="check")
        op.create_check_constraint(op.f("ck_plan_line_standing_word"), "plan_line", check)
        return
    op.drop_index("ix_plan_line_opportunity_id", "plan_line")
    op.drop_index("ix_plan_line_client_id", "plan_line")
    op.rename_table("plan_line", "plan_line_before")
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
        sa.CheckConstraint(check, name="standing_word"),
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
    op.execute("INSERT INTO plan_line SELECT * FROM plan_line_before")
    op.drop_table("plan_line_before")
    op.create_index("ix_plan_line_client_id", "plan_line", ["client_id"])
    op.create_index("ix_plan_line_opportunity_id", "plan_line", ["opportunity_id"])
