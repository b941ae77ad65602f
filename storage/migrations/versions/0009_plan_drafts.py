"""The files beside an adopted plan, the draft of its next version, an uploaded workbook."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _texts(*names: str, nullable: bool = False) -> tuple["sa.Column[str]", ...]:
    return tuple(sa.Column(name, TEXT, nullable=nullable) for name in names)


def upgrade() -> None:
    """Three tables; a plan adopted before has no files until it is adopted once more."""
    op.create_table(
        "plan_sources",
        *_texts("plan"),
        sa.Column("version", sa.Integer, nullable=False),
        *_texts("files"),
        sa.PrimaryKeyConstraint("plan", "version"),
    )
    op.create_table(
        "plan_drafts",
        sa.Column("plan", TEXT, primary_key=True),
        sa.Column("base", sa.Integer, nullable=False),
        *_texts("base_digest", "files"),
        sa.Column("revision", sa.Integer, nullable=False),
        *_texts("authors", "begun_at", "changed_at", "changed_by"),
        *_texts("proposed_at", nullable=True),
        *_texts("proposed_by"),
        *_texts("approved_at", nullable=True),
        *_texts("approved_by"),
    )
    op.create_table(
        "plan_books",
        sa.Column("plan", TEXT, primary_key=True),
        *_texts("name"),
        sa.Column("body", sa.LargeBinary, nullable=False),
        *_texts("at", "by_"),
    )
