"""What holds the post up, until it is released."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """One small table; and an index that says what has left lately."""
    op.create_table(
        "holds",
        sa.Column("name", TEXT, primary_key=True),
        *(sa.Column(name, TEXT, nullable=False) for name in ("at", "body")),
    )
    where = sa.text("accepted_at IS NOT NULL")
    op.create_index(
        "letters_accepted", "letters", ["accepted_at"], sqlite_where=where, postgresql_where=where
    )
