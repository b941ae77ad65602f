"""The vault: personal values and free text, apart from the record that only commits to them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Two tables; facts written before keep what they hold."""
    op.create_table(
        "vault_keys",
        sa.Column("case_", TEXT, primary_key=True),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "vault",
        sa.Column("commitment", TEXT, primary_key=True),
        sa.Column("case_", TEXT, sa.ForeignKey("vault_keys.case_"), nullable=False),
        sa.Column("box", sa.LargeBinary, nullable=False),
    )
    op.create_index("vault_case", "vault", ["case_"])
