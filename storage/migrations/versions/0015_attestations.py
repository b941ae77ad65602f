"""What others have said of the heads of the record: witnesses who cosigned, time stamps."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """One table."""
    op.create_table(
        "attestations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("by_", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.UniqueConstraint("origin", "size", "kind", "by_", name="attestations_once"),
    )
