"""Referrals with consent, and follow-up visits."""

# One column or constraint a line, as it is read against the models.
# ruff: noqa: E501
# fmt: off

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "referral",
        sa.Column("referral_id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("opportunity_id", sa.String(), nullable=False),
        sa.Column("then_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slate_id", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("consented", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("model_version", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("propensity", sa.Float(), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("consented = true", name="consented_given"),
        sa.CheckConstraint("CAST(features AS TEXT) LIKE '{%}' AND length(CAST(features AS TEXT)) <= 20000", name="features_mapping"),
        sa.CheckConstraint("kind IN ('vacancy', 'training', 'grant', 'pathway')", name="kind_word"),
        sa.CheckConstraint("length(model_version) BETWEEN 1 AND 200", name="model_version_length"),
        sa.CheckConstraint("(slate_id IS NULL) = (position IS NULL)", name="position_of_slate"),
        sa.CheckConstraint("propensity BETWEEN 0 AND 1", name="propensity_range"),
        sa.CheckConstraint("length(referral_id) BETWEEN 1 AND 64", name="referral_id_length"),
        sa.CheckConstraint("started_on IS NULL OR state = 'accepted'", name="started_accepted"),
        sa.CheckConstraint("started_on >= sent_on", name="started_after_sent"),
        sa.CheckConstraint("state IN ('sent', 'accepted', 'declined', 'revoked')", name="state_word"),
        sa.CheckConstraint("then_id IS NULL OR kind = 'pathway'", name="then_of_pathway"),
        sa.ForeignKeyConstraint(["client_id"], ["client.client_id"], name="fk_referral_client_id_client"),
        sa.ForeignKeyConstraint(["slate_id"], ["slate.slate_id"], name="fk_referral_slate_id_slate"),
        sa.ForeignKeyConstraint(["opportunity_id"], ["opportunity.opportunity_id"], name="fk_referral_opportunity_id_opportunity"),
        sa.PrimaryKeyConstraint("referral_id", name="pk_referral"),
    )
    op.create_index("ix_referral_client_id", "referral", ["client_id"])
    op.create_index("ix_referral_opportunity_id", "referral", ["opportunity_id"])
    op.create_index("ix_referral_slate_id", "referral", ["slate_id"])
    op.create_index("ix_referral_started_on", "referral", ["started_on"])

    op.create_table(
        "visit",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.String(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("income_usd", sa.Float(), nullable=True),
        sa.Column("self_sufficiency", sa.Integer(), nullable=True),
        sa.Column("social_stability", sa.Integer(), nullable=True),
        sa.Column("psychosocial", sa.Integer(), nullable=True),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("employer_reported", sa.Boolean(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("employer_reported IN (true, false)", name="employer_reported_truth"),
        sa.CheckConstraint("ended_on <= visited_on", name="ended_before_visit"),
        sa.CheckConstraint("ended_on IS NULL OR outcome IN ('better', 'ended', 'harm')", name="ended_told"),
        sa.CheckConstraint("income_usd BETWEEN 0 AND 1000000", name="income_usd_range"),
        sa.CheckConstraint("outcome IN ('retained', 'better', 'ended', 'harm', 'not_reached')", name="outcome_word"),
        sa.CheckConstraint("psychosocial BETWEEN 1 AND 5", name="psychosocial_range"),
        sa.CheckConstraint("outcome = 'harm' OR employer_reported = false", name="report_of_harm"),
        sa.CheckConstraint("self_sufficiency BETWEEN 1 AND 5", name="self_sufficiency_range"),
        sa.CheckConstraint("social_stability BETWEEN 1 AND 5", name="social_stability_range"),
        sa.CheckConstraint("CAST(warnings AS TEXT) LIKE '[%]' AND length(CAST(warnings AS TEXT)) <= 20000", name="warnings_list"),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.referral_id"], name="fk_visit_referral_id_referral"),
        sa.UniqueConstraint("referral_id", "visited_on", name="uq_visit_day"),
        sa.PrimaryKeyConstraint("visit_id", name="pk_visit"),
    )
    op.create_index("ix_visit_referral_id", "visit", ["referral_id"])


def downgrade() -> None:
    op.drop_table("visit")
    op.drop_table("referral")
