"""Drafts of hand-ins with their uploaded files, and what the virus scanner said of each file."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Three tables."""
    op.create_table(
        "drafts",
        sa.Column("task", sa.Integer, sa.ForeignKey("tasks.id"), nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("owner", "words", "touched_at")),
        sa.PrimaryKeyConstraint("task", "owner"),
    )
    op.create_index("drafts_touched", "drafts", ["touched_at"])
    op.create_table(
        "draft_files",
        sa.Column("task", sa.Integer, nullable=False),
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("requirement", TEXT, nullable=False),
        sa.Column("sha256", TEXT, sa.ForeignKey("blobs.sha256"), nullable=False),
        *(
            sa.Column(name, TEXT, nullable=False)
            for name in ("name", "media_type", "remarks", "at")
        ),
        sa.PrimaryKeyConstraint("task", "owner", "requirement", "sha256"),
        sa.ForeignKeyConstraint(
            ["task", "owner"], ["drafts.task", "drafts.owner"], ondelete="CASCADE"
        ),
    )
    op.create_table(
        "scans",
        sa.Column("sha256", TEXT, sa.ForeignKey("blobs.sha256"), primary_key=True),
        *(sa.Column(name, TEXT, nullable=False) for name in ("signature", "at")),
    )
