"""Which programs may ask the API."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """One table: a row for each token ever made."""
    needed = ("role", "plan", "unit", "made_at", "made_by", "expires_at")
    op.create_table(
        "api_tokens",
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("hash", TEXT, nullable=False, unique=True),
        *(sa.Column(name, TEXT, nullable=False) for name in needed),
        *(sa.Column(name, TEXT) for name in ("revoked_at", "last_used")),
    )
