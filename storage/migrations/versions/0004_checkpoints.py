"""The tree over the record, and the heads of it that were signed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "tiles",
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("index_", sa.Integer, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("level", "index_"),
    )
    op.create_table(
        "checkpoints",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.UniqueConstraint("origin", "size", name="checkpoints_size"),
    )
