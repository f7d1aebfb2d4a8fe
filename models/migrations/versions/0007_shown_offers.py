"""No index of what was suggested by offer: nothing is asked by it, and a slate wrote five pages."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.drop_index("ix_slate_offer_opportunity_id", "slate_offer")


def downgrade() -> None:
    op.create_index("ix_slate_offer_opportunity_id", "slate_offer", ["opportunity_id"])
