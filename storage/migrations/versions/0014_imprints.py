"""What was read off each file for the signals: how it looks, and when it says it was made."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """One table; files already there are read by the rounds to come, some hundred each."""
    op.create_table(
        "imprints",
        sa.Column("sha256", TEXT, sa.ForeignKey("blobs.sha256"), primary_key=True),
        *(sa.Column(name, TEXT, nullable=False) for name in ("likeness", "first_day", "last_day")),
    )
