"""The seeds of random draws, kept from the record until they are revealed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "draw_seeds",
        sa.Column("label", TEXT, primary_key=True),
        sa.Column("seed", TEXT, nullable=False),
    )
