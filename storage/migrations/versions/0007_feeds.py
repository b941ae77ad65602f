"""The secret addresses under which units subscribe to their calendar."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """One table: an address for each unit."""
    op.create_table(
        "feeds",
        *(sa.Column(name, TEXT, nullable=False) for name in ("plan", "unit")),
        sa.Column("hash", TEXT, nullable=False, unique=True),
        sa.Column("at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("plan", "unit"),
    )
