"""The cases: households, clients, slates, the audit trail, answered requests."""

# One column or constraint a line, as it is read against the models.
# ruff: noqa: E501
# fmt: off

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "answered",
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(fingerprint) BETWEEN 64 AND 64", name="fingerprint_length"),
        sa.CheckConstraint("length(key) BETWEEN 1 AND 200", name="key_length"),
        sa.CheckConstraint("length(operation) BETWEEN 1 AND 300", name="operation_length"),
        sa.CheckConstraint("length(who) BETWEEN 1 AND 128", name="who_length"),
        sa.CheckConstraint("status BETWEEN 200 AND 299", name="status_range"),
        sa.PrimaryKeyConstraint("who", "operation", "key", name="pk_answered"),
    )
    op.create_table(
        "audit",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.CheckConstraint("length(action) BETWEEN 1 AND 64", name="action_length"),
        sa.CheckConstraint("length(client_id) BETWEEN 1 AND 64", name="client_id_length"),
        sa.CheckConstraint("length(request_id) BETWEEN 1 AND 64", name="request_id_length"),
        sa.CheckConstraint("length(who) BETWEEN 1 AND 128", name="who_length"),
        sa.PrimaryKeyConstraint("audit_id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_client_id", "audit", ["client_id"])

    op.create_table(
        "household",
        sa.Column("household_id", sa.String(), nullable=False),
        sa.Column("household_size", sa.Integer(), nullable=True),
        sa.Column("children_under_6", sa.Integer(), nullable=True),
        sa.Column("childcare_at_home", sa.Boolean(), nullable=True),
        sa.Column("household_income_usd", sa.Float(), nullable=True),
        sa.Column("household_livelihoods", sa.JSON(), nullable=True),
        sa.Column("land_m2", sa.Float(), nullable=True),
        sa.Column("has_water", sa.Boolean(), nullable=True),
        sa.Column("debt_usd", sa.Float(), nullable=True),
        sa.Column("debt_service_usd", sa.Float(), nullable=True),
        sa.Column("idpoor", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("CAST(household_livelihoods AS TEXT) LIKE '{%}' AND length(CAST(household_livelihoods AS TEXT)) <= 20000", name="household_livelihoods_mapping"),
        sa.CheckConstraint("idpoor IN ('none', 'idpoor1', 'idpoor2')", name="idpoor_word"),
        sa.CheckConstraint("childcare_at_home IN (true, false)", name="childcare_at_home_truth"),
        sa.CheckConstraint("children_under_6 BETWEEN 0 AND 30", name="children_under_6_range"),
        sa.CheckConstraint("debt_service_usd BETWEEN 0 AND 1000000", name="debt_service_usd_range"),
        sa.CheckConstraint("debt_usd BETWEEN 0 AND 10000000", name="debt_usd_range"),
        sa.CheckConstraint("has_water IN (true, false)", name="has_water_truth"),
        sa.CheckConstraint("household_income_usd BETWEEN 0 AND 1000000", name="household_income_usd_range"),
        sa.CheckConstraint("household_size BETWEEN 1 AND 60", name="household_size_range"),
        sa.CheckConstraint("land_m2 BETWEEN 0 AND 100000000", name="land_m2_range"),
        sa.CheckConstraint("length(household_id) BETWEEN 1 AND 64", name="household_id_length"),
        sa.PrimaryKeyConstraint("household_id", name="pk_household"),
    )
    op.create_table(
        "client",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("household_id", sa.String(), nullable=True),
        sa.Column("cohort", sa.String(), nullable=True),
        sa.Column("consent_to_match", sa.Boolean(), nullable=True),
        sa.Column("sex", sa.String(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("age_years", sa.Float(), nullable=True),
        sa.Column("age_recorded_on", sa.Date(), nullable=True),
        sa.Column("home_place", sa.String(), nullable=True),
        sa.Column("has_phone", sa.Boolean(), nullable=True),
        sa.Column("transport", sa.String(), nullable=True),
        sa.Column("max_commute_minutes", sa.Float(), nullable=True),
        sa.Column("willing_to_relocate", sa.Boolean(), nullable=True),
        sa.Column("exclusion_areas", sa.JSON(), nullable=True),
        sa.Column("avoid_settings", sa.JSON(), nullable=True),
        sa.Column("excluded_livelihoods", sa.JSON(), nullable=True),
        sa.Column("preferred_livelihoods", sa.JSON(), nullable=True),
        sa.Column("preferred_kinds", sa.JSON(), nullable=True),
        sa.Column("skills", sa.JSON(), nullable=True),
        sa.Column("experience", sa.JSON(), nullable=True),
        sa.Column("schooling", sa.String(), nullable=True),
        sa.Column("can_read", sa.Boolean(), nullable=True),
        sa.Column("documents", sa.JSON(), nullable=True),
        sa.Column("difficulties", sa.JSON(), nullable=True),
        sa.Column("capital_usd", sa.Float(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("CAST(avoid_settings AS TEXT) LIKE '[%]' AND length(CAST(avoid_settings AS TEXT)) <= 20000", name="avoid_settings_list"),
        sa.CheckConstraint("CAST(difficulties AS TEXT) LIKE '[%]' AND length(CAST(difficulties AS TEXT)) <= 20000", name="difficulties_list"),
        sa.CheckConstraint("CAST(documents AS TEXT) LIKE '[%]' AND length(CAST(documents AS TEXT)) <= 20000", name="documents_list"),
        sa.CheckConstraint("CAST(excluded_livelihoods AS TEXT) LIKE '[%]' AND length(CAST(excluded_livelihoods AS TEXT)) <= 20000", name="excluded_livelihoods_list"),
        sa.CheckConstraint("CAST(exclusion_areas AS TEXT) LIKE '[%]' AND length(CAST(exclusion_areas AS TEXT)) <= 20000", name="exclusion_areas_list"),
        sa.CheckConstraint("CAST(experience AS TEXT) LIKE '{%}' AND length(CAST(experience AS TEXT)) <= 20000", name="experience_mapping"),
        sa.CheckConstraint("CAST(preferred_kinds AS TEXT) LIKE '[%]' AND length(CAST(preferred_kinds AS TEXT)) <= 20000", name="preferred_kinds_list"),
        sa.CheckConstraint("CAST(preferred_livelihoods AS TEXT) LIKE '[%]' AND length(CAST(preferred_livelihoods AS TEXT)) <= 20000", name="preferred_livelihoods_list"),
        sa.CheckConstraint("CAST(skills AS TEXT) LIKE '[%]' AND length(CAST(skills AS TEXT)) <= 20000", name="skills_list"),
        sa.CheckConstraint("length(home_place) IN (2, 4, 6, 8) AND trim(home_place, '0123456789') = ''", name="home_place_geocode"),
        sa.CheckConstraint("schooling IN ('none', 'primary', 'lower_secondary', 'upper_secondary', 'tertiary')", name="schooling_word"),
        sa.CheckConstraint("sex IN ('female', 'male', 'other')", name="sex_word"),
        sa.CheckConstraint("transport IN ('none', 'bicycle', 'motorbike', 'car')", name="transport_word"),
        sa.CheckConstraint("(age_years IS NULL) = (age_recorded_on IS NULL)", name="age_dated"),
        sa.CheckConstraint("age_years BETWEEN 0 AND 120", name="age_years_range"),
        sa.CheckConstraint("birth_date IS NULL OR age_years IS NULL", name="age_once"),
        sa.CheckConstraint("can_read IN (true, false)", name="can_read_truth"),
        sa.CheckConstraint("capital_usd BETWEEN 0 AND 10000000", name="capital_usd_range"),
        sa.CheckConstraint("consent_to_match IN (true, false)", name="consent_to_match_truth"),
        sa.CheckConstraint("has_phone IN (true, false)", name="has_phone_truth"),
        sa.CheckConstraint("length(client_id) BETWEEN 1 AND 64", name="client_id_length"),
        sa.CheckConstraint("length(cohort) BETWEEN 1 AND 64", name="cohort_length"),
        sa.CheckConstraint("max_commute_minutes BETWEEN 0 AND 1440", name="max_commute_minutes_range"),
        sa.CheckConstraint("willing_to_relocate IN (true, false)", name="willing_to_relocate_truth"),
        sa.ForeignKeyConstraint(["household_id"], ['household.household_id'], name="fk_client_household_id_household"),
        sa.PrimaryKeyConstraint("client_id", name="pk_client"),
    )
    op.create_index("ix_client_cohort", "client", ["cohort"])
    op.create_index("ix_client_household_id", "client", ["household_id"])

    op.create_table(
        "slate",
        sa.Column("slate_id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("client_version", sa.Integer(), nullable=False),
        sa.Column("market_revision", sa.Integer(), nullable=False),
        sa.Column("model_version", sa.String(), nullable=False),
        sa.Column("market_day", sa.Date(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("considered", sa.Integer(), nullable=False),
        sa.Column("admissible", sa.Integer(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("CAST(refused AS TEXT) LIKE '{%}' AND length(CAST(refused AS TEXT)) <= 20000", name="refused_mapping"),
        sa.CheckConstraint("language IN ('en', 'km')", name="language_word"),
        sa.CheckConstraint("admissible BETWEEN 0 AND 1e+15", name="admissible_range"),
        sa.CheckConstraint("asked BETWEEN 1 AND 100", name="asked_range"),
        sa.CheckConstraint("considered BETWEEN 0 AND 1e+15", name="considered_range"),
        sa.CheckConstraint("length(model_version) BETWEEN 1 AND 200", name="model_version_length"),
        sa.CheckConstraint("length(note) BETWEEN 0 AND 20000", name="note_length"),
        sa.CheckConstraint("length(slate_id) BETWEEN 1 AND 64", name="slate_id_length"),
        sa.CheckConstraint("market_revision BETWEEN 0 AND 1e+15", name="market_revision_range"),
        sa.ForeignKeyConstraint(["client_id"], ['client.client_id'], name="fk_slate_client_id_client"),
        sa.PrimaryKeyConstraint("slate_id", name="pk_slate"),
    )
    op.create_index("ix_slate_client_id", "slate", ["client_id"])

    op.create_table(
        "slate_offer",
        sa.Column("slate_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("opportunity_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("base", sa.Float(), nullable=False),
        sa.Column("contributions", sa.JSON(), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("propensity", sa.Float(), nullable=False),
        sa.Column("retention_90d", sa.Float(), nullable=False),
        sa.Column("retention_180d", sa.Float(), nullable=False),
        sa.Column("interval_low", sa.Float(), nullable=False),
        sa.Column("interval_high", sa.Float(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.CheckConstraint("CAST(contributions AS TEXT) LIKE '{%}' AND length(CAST(contributions AS TEXT)) <= 20000", name="contributions_mapping"),
        sa.CheckConstraint("CAST(features AS TEXT) LIKE '{%}' AND length(CAST(features AS TEXT)) <= 20000", name="features_mapping"),
        sa.CheckConstraint("CAST(steps AS TEXT) LIKE '[%]' AND length(CAST(steps AS TEXT)) <= 20000", name="steps_list"),
        sa.CheckConstraint("kind IN ('vacancy', 'training', 'grant', 'pathway')", name="kind_word"),
        sa.CheckConstraint("interval_high BETWEEN 0 AND 1", name="interval_high_range"),
        sa.CheckConstraint("interval_low BETWEEN 0 AND 1", name="interval_low_range"),
        sa.CheckConstraint("position BETWEEN 1 AND 100", name="position_range"),
        sa.CheckConstraint("propensity BETWEEN 0 AND 1", name="propensity_range"),
        sa.CheckConstraint("retention_180d BETWEEN 0 AND 1", name="retention_180d_range"),
        sa.CheckConstraint("retention_90d BETWEEN 0 AND 1", name="retention_90d_range"),
        sa.ForeignKeyConstraint(["opportunity_id"], ['opportunity.opportunity_id'], name="fk_slate_offer_opportunity_id_opportunity"),
        sa.ForeignKeyConstraint(["slate_id"], ['slate.slate_id'], name="fk_slate_offer_slate_id_slate"),
        sa.PrimaryKeyConstraint("slate_id", "position", name="pk_slate_offer"),
    )
    op.create_index("ix_slate_offer_opportunity_id", "slate_offer", ["opportunity_id"])


def downgrade() -> None:
    op.drop_index("ix_slate_offer_opportunity_id", "slate_offer")
    op.drop_table("slate_offer")
    op.drop_index("ix_slate_client_id", "slate")
    op.drop_table("slate")
    op.drop_index("ix_client_household_id", "client")
    op.drop_index("ix_client_cohort", "client")
    op.drop_table("client")
    op.drop_table("household")
    op.drop_index("ix_audit_client_id", "audit")
    op.drop_index("ix_audit_at", "audit")
    op.drop_table("audit")
    op.drop_table("answered")
