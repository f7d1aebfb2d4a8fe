"""The market: employers, offers, clearances, the revision, where rows came from."""

# One column or constraint a line, as it is read against the models.
# ruff: noqa: E501
# fmt: off

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "employer",
        sa.Column("employer_id", sa.String(), nullable=False),
        sa.Column("employer_name", sa.String(), nullable=True),
        sa.Column("employer_vetted", sa.Boolean(), nullable=True),
        sa.Column("vetted_until", sa.Date(), nullable=True),
        sa.Column("harm_report_open", sa.Boolean(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("employer_vetted IN (true, false)", name="employer_vetted_truth"),
        sa.CheckConstraint("harm_report_open IN (true, false)", name="harm_report_open_truth"),
        sa.CheckConstraint("length(employer_id) BETWEEN 1 AND 64", name="employer_id_length"),
        sa.CheckConstraint("length(employer_name) BETWEEN 1 AND 500", name="employer_name_length"),
        sa.PrimaryKeyConstraint("employer_id", name="pk_employer"),
    )
    op.create_index("ix_employer_employer_name", "employer", ["employer_name"])

    op.create_table(
        "intake",
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_kept", sa.Integer(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.CheckConstraint("CAST(detail AS TEXT) LIKE '{%}' AND length(CAST(detail AS TEXT)) <= 20000", name="detail_mapping"),
        sa.CheckConstraint("length(kind) BETWEEN 1 AND 64", name="kind_length"),
        sa.CheckConstraint("length(source) BETWEEN 1 AND 1000", name="source_length"),
        sa.CheckConstraint("length(who) BETWEEN 1 AND 128", name="who_length"),
        sa.CheckConstraint("rows_kept BETWEEN 0 AND 1e+12", name="rows_kept_range"),
        sa.CheckConstraint("rows_read BETWEEN 0 AND 1e+12", name="rows_read_range"),
        sa.PrimaryKeyConstraint("intake_id", name="pk_intake"),
    )
    op.create_index("ix_intake_kind", "intake", ["kind"])

    op.create_table(
        "market_revision",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name="number_range"),
        sa.CheckConstraint("revision_id = 1", name="single"),
        sa.PrimaryKeyConstraint("revision_id", name="pk_market_revision"),
    )
    op.create_table(
        "opportunity",
        sa.Column("opportunity_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_km", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("employer_id", sa.String(), nullable=True),
        sa.Column("sector", sa.String(), nullable=True),
        sa.Column("livelihood", sa.String(), nullable=True),
        sa.Column("isco_code", sa.String(), nullable=True),
        sa.Column("places", sa.JSON(), nullable=True),
        sa.Column("place_text", sa.String(), nullable=True),
        sa.Column("home_based", sa.Boolean(), nullable=True),
        sa.Column("monthly_wage_usd", sa.Float(), nullable=True),
        sa.Column("monthly_wage_max_usd", sa.Float(), nullable=True),
        sa.Column("hours_per_day", sa.Float(), nullable=True),
        sa.Column("hours_per_week", sa.Float(), nullable=True),
        sa.Column("overtime_hours_per_day", sa.Float(), nullable=True),
        sa.Column("overtime_premium", sa.Float(), nullable=True),
        sa.Column("rest_day_premium", sa.Float(), nullable=True),
        sa.Column("night_premium", sa.Float(), nullable=True),
        sa.Column("weekly_rest_hours", sa.Float(), nullable=True),
        sa.Column("overtime_compulsory", sa.Boolean(), nullable=True),
        sa.Column("night_work", sa.Boolean(), nullable=True),
        sa.Column("min_age", sa.Float(), nullable=True),
        sa.Column("max_age", sa.Float(), nullable=True),
        sa.Column("hazardous", sa.Boolean(), nullable=True),
        sa.Column("gender_only", sa.String(), nullable=True),
        sa.Column("annual_leave_days_per_month", sa.Float(), nullable=True),
        sa.Column("fixed_term_months", sa.Float(), nullable=True),
        sa.Column("written_contract", sa.Boolean(), nullable=True),
        sa.Column("nssf_registered", sa.Boolean(), nullable=True),
        sa.Column("worker_fee_usd", sa.Float(), nullable=True),
        sa.Column("deposit_usd", sa.Float(), nullable=True),
        sa.Column("documents_kept", sa.Boolean(), nullable=True),
        sa.Column("debt_worked_off", sa.Boolean(), nullable=True),
        sa.Column("live_in", sa.Boolean(), nullable=True),
        sa.Column("cross_border", sa.Boolean(), nullable=True),
        sa.Column("via_broker", sa.Boolean(), nullable=True),
        sa.Column("guarded_compound", sa.Boolean(), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=True),
        sa.Column("housing_provided", sa.Boolean(), nullable=True),
        sa.Column("transport_provided", sa.Boolean(), nullable=True),
        sa.Column("required_skills", sa.JSON(), nullable=True),
        sa.Column("useful_skills", sa.JSON(), nullable=True),
        sa.Column("required_documents", sa.JSON(), nullable=True),
        sa.Column("requires_reading", sa.Boolean(), nullable=True),
        sa.Column("required_schooling", sa.String(), nullable=True),
        sa.Column("required_experience_years", sa.Float(), nullable=True),
        sa.Column("demands", sa.JSON(), nullable=True),
        sa.Column("adaptable", sa.Boolean(), nullable=True),
        sa.Column("adaptations", sa.JSON(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("course_months", sa.Float(), nullable=True),
        sa.Column("stipend_usd", sa.Float(), nullable=True),
        sa.Column("course_fee_usd", sa.Float(), nullable=True),
        sa.Column("teaches", sa.JSON(), nullable=True),
        sa.Column("grant_usd", sa.Float(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("CAST(adaptations AS TEXT) LIKE '[%]' AND length(CAST(adaptations AS TEXT)) <= 20000", name="adaptations_list"),
        sa.CheckConstraint("CAST(demands AS TEXT) LIKE '[%]' AND length(CAST(demands AS TEXT)) <= 20000", name="demands_list"),
        sa.CheckConstraint("CAST(places AS TEXT) LIKE '[%]' AND length(CAST(places AS TEXT)) <= 20000", name="places_list"),
        sa.CheckConstraint("CAST(required_documents AS TEXT) LIKE '[%]' AND length(CAST(required_documents AS TEXT)) <= 20000", name="required_documents_list"),
        sa.CheckConstraint("CAST(required_skills AS TEXT) LIKE '[%]' AND length(CAST(required_skills AS TEXT)) <= 20000", name="required_skills_list"),
        sa.CheckConstraint("CAST(settings AS TEXT) LIKE '[%]' AND length(CAST(settings AS TEXT)) <= 20000", name="settings_list"),
        sa.CheckConstraint("CAST(teaches AS TEXT) LIKE '[%]' AND length(CAST(teaches AS TEXT)) <= 20000", name="teaches_list"),
        sa.CheckConstraint("CAST(useful_skills AS TEXT) LIKE '[%]' AND length(CAST(useful_skills AS TEXT)) <= 20000", name="useful_skills_list"),
        sa.CheckConstraint("gender_only IN ('female', 'male')", name="gender_only_word"),
        sa.CheckConstraint("kind <> 'grant' OR livelihood IS NOT NULL", name="grant_livelihood"),
        sa.CheckConstraint("kind = 'training' OR (course_months IS NULL AND teaches IS NULL)", name="course"),
        sa.CheckConstraint("kind IN ('vacancy', 'training', 'grant')", name="kind_word"),
        sa.CheckConstraint("length(isco_code) BETWEEN 1 AND 4 AND trim(isco_code, '0123456789') = ''", name="isco_code_isco"),
        sa.CheckConstraint("required_schooling IN ('none', 'primary', 'lower_secondary', 'upper_secondary', 'tertiary')", name="required_schooling_word"),
        sa.CheckConstraint("sector IN ('garment', 'construction', 'domestic_work', 'hospitality', 'retail', 'agriculture', 'fishing', 'distant_water_fishing', 'brick_kiln', 'transport', 'manufacturing', 'services', 'security', 'education', 'health', 'finance', 'ict', 'public', 'other')", name="sector_word"),
        sa.CheckConstraint("adaptable IN (true, false)", name="adaptable_truth"),
        sa.CheckConstraint("annual_leave_days_per_month BETWEEN 0 AND 31", name="annual_leave_days_per_month_range"),
        sa.CheckConstraint("course_fee_usd BETWEEN 0 AND 100000", name="course_fee_usd_range"),
        sa.CheckConstraint("course_months BETWEEN 0 AND 60", name="course_months_range"),
        sa.CheckConstraint("cross_border IN (true, false)", name="cross_border_truth"),
        sa.CheckConstraint("debt_worked_off IN (true, false)", name="debt_worked_off_truth"),
        sa.CheckConstraint("deposit_usd BETWEEN 0 AND 100000", name="deposit_usd_range"),
        sa.CheckConstraint("documents_kept IN (true, false)", name="documents_kept_truth"),
        sa.CheckConstraint("fixed_term_months BETWEEN 0 AND 600", name="fixed_term_months_range"),
        sa.CheckConstraint("grant_usd BETWEEN 0 AND 1000000", name="grant_usd_range"),
        sa.CheckConstraint("guarded_compound IN (true, false)", name="guarded_compound_truth"),
        sa.CheckConstraint("hazardous IN (true, false)", name="hazardous_truth"),
        sa.CheckConstraint("home_based IN (true, false)", name="home_based_truth"),
        sa.CheckConstraint("hours_per_day BETWEEN 0 AND 24", name="hours_per_day_range"),
        sa.CheckConstraint("hours_per_week BETWEEN 0 AND 168", name="hours_per_week_range"),
        sa.CheckConstraint("housing_provided IN (true, false)", name="housing_provided_truth"),
        sa.CheckConstraint("length(description) BETWEEN 0 AND 20000", name="description_length"),
        sa.CheckConstraint("length(livelihood) BETWEEN 1 AND 64", name="livelihood_length"),
        sa.CheckConstraint("length(opportunity_id) BETWEEN 1 AND 64", name="opportunity_id_length"),
        sa.CheckConstraint("length(place_text) BETWEEN 0 AND 2000", name="place_text_length"),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 500", name="title_length"),
        sa.CheckConstraint("length(title_km) BETWEEN 1 AND 500", name="title_km_length"),
        sa.CheckConstraint("live_in IN (true, false)", name="live_in_truth"),
        sa.CheckConstraint("max_age BETWEEN 0 AND 120", name="max_age_range"),
        sa.CheckConstraint("min_age <= max_age", name="age_ordered"),
        sa.CheckConstraint("min_age BETWEEN 0 AND 120", name="min_age_range"),
        sa.CheckConstraint("monthly_wage_max_usd BETWEEN 0 AND 100000", name="monthly_wage_max_usd_range"),
        sa.CheckConstraint("monthly_wage_usd <= monthly_wage_max_usd", name="wage_ordered"),
        sa.CheckConstraint("monthly_wage_usd BETWEEN 0 AND 100000", name="monthly_wage_usd_range"),
        sa.CheckConstraint("night_premium BETWEEN 0 AND 10", name="night_premium_range"),
        sa.CheckConstraint("night_work IN (true, false)", name="night_work_truth"),
        sa.CheckConstraint("nssf_registered IN (true, false)", name="nssf_registered_truth"),
        sa.CheckConstraint("overtime_compulsory IN (true, false)", name="overtime_compulsory_truth"),
        sa.CheckConstraint("overtime_hours_per_day BETWEEN 0 AND 24", name="overtime_hours_per_day_range"),
        sa.CheckConstraint("overtime_premium BETWEEN 0 AND 10", name="overtime_premium_range"),
        sa.CheckConstraint("required_experience_years BETWEEN 0 AND 60", name="required_experience_years_range"),
        sa.CheckConstraint("requires_reading IN (true, false)", name="requires_reading_truth"),
        sa.CheckConstraint("rest_day_premium BETWEEN 0 AND 10", name="rest_day_premium_range"),
        sa.CheckConstraint("seats BETWEEN 0 AND 1000000", name="seats_range"),
        sa.CheckConstraint("stipend_usd BETWEEN 0 AND 10000", name="stipend_usd_range"),
        sa.CheckConstraint("transport_provided IN (true, false)", name="transport_provided_truth"),
        sa.CheckConstraint("via_broker IN (true, false)", name="via_broker_truth"),
        sa.CheckConstraint("weekly_rest_hours BETWEEN 0 AND 168", name="weekly_rest_hours_range"),
        sa.CheckConstraint("worker_fee_usd BETWEEN 0 AND 100000", name="worker_fee_usd_range"),
        sa.CheckConstraint("written_contract IN (true, false)", name="written_contract_truth"),
        sa.ForeignKeyConstraint(["employer_id"], ['employer.employer_id'], name="fk_opportunity_employer_id_employer"),
        sa.PrimaryKeyConstraint("opportunity_id", name="pk_opportunity"),
    )
    op.create_index("ix_opportunity_employer_id", "opportunity", ["employer_id"])

    op.create_table(
        "clearance",
        sa.Column("clearance_id", sa.Integer(), nullable=False),
        sa.Column("opportunity_id", sa.String(), nullable=False),
        sa.Column("flag", sa.String(), nullable=False),
        sa.Column("cleared_by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(cleared_by) BETWEEN 1 AND 128", name="cleared_by_length"),
        sa.CheckConstraint("length(flag) BETWEEN 1 AND 64", name="flag_length"),
        sa.CheckConstraint("length(note) BETWEEN 1 AND 2000", name="note_length"),
        sa.ForeignKeyConstraint(["opportunity_id"], ['opportunity.opportunity_id'], name="fk_clearance_opportunity_id_opportunity"),
        sa.PrimaryKeyConstraint("clearance_id", name="pk_clearance"),
        sa.UniqueConstraint("opportunity_id", "flag", name="uq_clearance_flag"),
    )
    op.create_index("ix_clearance_opportunity_id", "clearance", ["opportunity_id"])
    op.execute("INSERT INTO market_revision (revision_id, number) VALUES (1, 0)")


def downgrade() -> None:
    op.drop_index("ix_clearance_opportunity_id", "clearance")
    op.drop_table("clearance")
    op.drop_index("ix_opportunity_employer_id", "opportunity")
    op.drop_table("opportunity")
    op.drop_table("market_revision")
    op.drop_index("ix_intake_kind", "intake")
    op.drop_table("intake")
    op.drop_index("ix_employer_employer_name", "employer")
    op.drop_table("employer")
