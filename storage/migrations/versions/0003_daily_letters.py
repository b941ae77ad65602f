"""Notices wait for the daily letter of their mailbox."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """One column for the waiting, one index to see when a mailbox was last written to."""
    op.add_column("notices", sa.Column("wait_until", TEXT))
    where = sa.text("NOT urgent")
    op.create_index(
        "letters_daily", "letters", ["recipient", "created_at"],
        sqlite_where=where, postgresql_where=where,
    )  # fmt: skip
